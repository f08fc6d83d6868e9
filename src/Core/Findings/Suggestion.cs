namespace Hardening.Findings;

/// <summary>Finds the word that somebody meant to write.</summary>
public static class Suggestion
{
    private const int Farthest = 2;

    /// <summary>
    /// The one known word that is nearest to a written one, by insertions, deletions, substitutions and swaps of neighbours, without
    /// regard to case: at most one for a word of up to four letters, two for a longer one. Null where none is near, or two are equally near,
    /// for a wrong guess costs more than none.
    /// </summary>
    /// <param name="written">The word that was written.</param>
    /// <param name="known">The words that are known.</param>
    public static string? For(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(known);
        string? best = null;
        var distance = (written.Length <= 4 ? 1 : Farthest) + 1;
        foreach (var word in known)
        {
            var found = Distance(written, word);
            if (found < distance)
            {
                (best, distance) = (word, found);
            }
            else if (found == distance)
            {
                best = null;
            }
        }

        return best;
    }

    private static int Distance(string left, string right)
    {
        // Hostile words are long, known ones are short.
        if (Math.Abs(left.Length - right.Length) > Farthest)
        {
            return int.MaxValue;
        }

        Span<int> twoBefore = stackalloc int[right.Length + 1];
        Span<int> before = stackalloc int[right.Length + 1];
        Span<int> row = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var free = twoBefore;
            twoBefore = before;
            before = row;
            row = free;
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(before[j] + 1, row[j - 1] + 1), before[j - 1] + change);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    row[j] = Math.Min(row[j], twoBefore[j - 2] + 1);
                }
            }
        }

        return row[right.Length];
    }

    private static bool Same(char left, char right) => char.ToUpperInvariant(left) == char.ToUpperInvariant(right);
}
