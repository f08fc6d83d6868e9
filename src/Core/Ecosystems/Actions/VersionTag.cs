using System.Globalization;

namespace Hardening.Ecosystems.Actions;

/// <summary>
/// A tag that names a version, as in <c>v4</c>, <c>v4.2.2</c>, <c>codeql-bundle-v2.16.0</c> or <c>1.0.0-beta.2</c>: letters, up to four numbers, and a mark of what is
/// no release. Tags of one repository with other letters before the numbers are versions of something else.
/// </summary>
/// <param name="Name">The tag as written.</param>
/// <param name="Prefix">What stands before the numbers, in lower case.</param>
/// <param name="Numbers">The numbers, at least one.</param>
/// <param name="Mark">What stands after the numbers, with its hyphen; empty for a release.</param>
internal sealed record VersionTag(string Name, string Prefix, IReadOnlyList<int> Numbers, string Mark) : IComparable<VersionTag>
{
    private const int MostNumbers = 4;
    private const int Full = 3;

    /// <summary>Whether it has three numbers, which nobody moves; <c>v4</c> and <c>v4.2</c> are moved with each release.</summary>
    internal bool IsFull => Numbers.Count >= Full;

    internal bool IsRelease => Mark.Length == 0;

    /// <summary>Reads a tag; null if it names no version.</summary>
    internal static VersionTag? Parse(string tag)
    {
        var start = tag.AsSpan().IndexOfAnyInRange('0', '9');
        if (start < 0 || tag.Length > 200 || (start > 0 && char.IsAsciiLetter(tag[start - 1]) && tag[start - 1] is not ('v' or 'V')))
        {
            return null;
        }

        var numbers = new List<int>();
        var at = start;
        while (true)
        {
            var end = at;
            while (end < tag.Length && char.IsAsciiDigit(tag[end]))
            {
                end++;
            }

            if (end == at || numbers.Count == MostNumbers || !int.TryParse(tag.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
            at = end + 1;
            if (end == tag.Length || tag[end] != '.')
            {
                var mark = tag[end..];
                return mark.Length == 0 || mark[0] is '-' or '+' ? new VersionTag(tag, tag[..start].ToLowerInvariant(), numbers, mark) : null;
            }
        }
    }

    /// <summary>Whether this one is what the other one says less exactly, as <c>v4.2.2</c> is a <c>v4</c>. A <c>v</c> more or less is the same.</summary>
    internal bool Is(VersionTag other) => IsKin(other) && Mark == other.Mark && Numbers.Count >= other.Numbers.Count && Numbers.Take(other.Numbers.Count).SequenceEqual(other.Numbers)
        && (IsRelease || Numbers.Count == other.Numbers.Count);

    /// <summary>Whether two are versions of the same thing.</summary>
    internal bool IsKin(VersionTag other) => Bare(Prefix) == Bare(other.Prefix);

    /// <summary>The later of two versions of the same thing is greater; with the same numbers a release is, and then the one with more of them.</summary>
    public int CompareTo(VersionTag? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (var i = 0; i < MostNumbers; i++)
        {
            if (Number(i).CompareTo(other.Number(i)) is not 0 and var order)
            {
                return order;
            }
        }

        return IsRelease != other.IsRelease ? IsRelease.CompareTo(other.IsRelease)
            : Numbers.Count != other.Numbers.Count ? Numbers.Count.CompareTo(other.Numbers.Count)
            : string.CompareOrdinal(Mark, other.Mark);
    }

    internal int Number(int index) => index < Numbers.Count ? Numbers[index] : 0;

    private static string Bare(string prefix) => prefix.EndsWith('v') ? prefix[..^1] : prefix;
}
