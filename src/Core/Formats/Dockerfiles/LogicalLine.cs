using System.Text;

namespace Hardening.Formats.Dockerfiles;

/// <summary>An instruction after its continued lines are joined, which still knows where each letter stands in the file.</summary>
/// <param name="Line">The 1-based line on which it begins, as BuildKit counts.</param>
internal sealed class LogicalLine(int Line)
{
    private readonly StringBuilder text = new();
    private readonly List<(int At, int Source)> pieces = [];

    /// <summary>The line on which it begins.</summary>
    internal int Line { get; } = Line;

    /// <summary>The text.</summary>
    internal string Text => field ??= text.ToString();

    /// <summary>Adds the letters between two offsets of the file.</summary>
    internal void Add(string source, int start, int end)
    {
        pieces.Add((text.Length, start));
        text.Append(source, start, end - start);
    }

    /// <summary>The offset in the file of a letter of <see cref="Text"/>; of its end, that behind the last letter.</summary>
    internal int SourceOf(int at)
    {
        var (low, high) = (0, pieces.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = pieces[middle].At > at ? (low, middle - 1) : (middle, high);
        }

        return pieces[low].Source + at - pieces[low].At;
    }

    /// <summary>Where a word stands in the file: from its first letter to behind its last one.</summary>
    internal (int Start, int End) SourceOf(int start, int end) => (SourceOf(start), end == start ? SourceOf(start) : SourceOf(end - 1) + 1);
}
