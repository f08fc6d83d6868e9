using System.Globalization;

namespace Hardening.Ecosystems.Actions;

/// <summary>
/// The version that a comment beside a pinned action claims: its first word, alone (<c># v4.2.2</c>) or as tools write it (<c># tag=v4.2.2</c>, <c># pin@v4</c>,
/// <c># ratchet:actions/checkout@v4</c>). It is text that anyone can write, so it is compared and never believed.
/// </summary>
/// <param name="Text">The version as written.</param>
/// <param name="Start">Where it begins in the comment.</param>
internal readonly record struct VersionComment(string Text, int Start)
{
    private static readonly string[] Labels = ["tag", "version", "pin", "ref"];

    /// <summary>Finds the version; null where the comment claims none.</summary>
    /// <param name="comment">The comment with its <c>#</c>.</param>
    /// <param name="isKnown">Whether a word that looks like no version is the name of a ref all the same.</param>
    internal static VersionComment? Of(string comment, Func<string, bool> isKnown)
    {
        var start = 0;
        while (start < comment.Length && (comment[start] == '#' || IsBlank(comment[start])))
        {
            start++;
        }

        var length = 0;
        while (start + length < comment.Length && !IsBlank(comment[start + length]) && !",;()".Contains(comment[start + length], StringComparison.Ordinal))
        {
            length++;
        }

        var word = comment.Substring(start, length).TrimEnd(':', '.');
        if (word.LastIndexOfAny(['=', '@']) is > 0 and var sign && IsLabel(word[..sign]))
        {
            start += sign + 1;
            word = word[(sign + 1)..];
        }

        return word.Length > 0 && (IsVersion(word) || isKnown(word)) ? new VersionComment(word, start) : null;
    }

    /// <summary>Whether the refs of an entry bear out what a comment claims: one of them is it, or says it more exactly.</summary>
    internal static bool Holds(string claimed, IReadOnlyCollection<string> names) =>
        names.Contains(claimed, StringComparer.Ordinal) || (VersionTag.Parse(claimed) is { } version && names.Select(VersionTag.Parse).OfType<VersionTag>().Any(v => v.Is(version)));

    // What a reader sees as a space, or does not see.
    private static bool IsBlank(char letter) => char.IsWhiteSpace(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format;

    // A bare number is a number.
    private static bool IsVersion(string word) =>
        VersionTag.Parse(word) is { } version && (version.Prefix == "v" || (version.Prefix.Length == 0 && version.Numbers.Count > 1));

    private static bool IsLabel(string text) =>
        Labels.Contains(text, StringComparer.OrdinalIgnoreCase) || text.StartsWith("ratchet:", StringComparison.Ordinal) || text.Contains('/', StringComparison.Ordinal);
}
