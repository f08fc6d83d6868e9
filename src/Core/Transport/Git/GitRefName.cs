using System.Buffers;

namespace Hardening.Transport.Git;

/// <summary>What may be the full name of a ref: the rules of <c>git check-ref-format</c>.</summary>
public static class GitRefName
{
    /// <summary>In UTF-16 units; far above what a file system holds.</summary>
    public const int Longest = 4096;

    // Controls, DEL and the signs that revisions and patterns are written with.
    private static readonly SearchValues<char> Never = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(c => (char)c), '\x7f', '~', '^', ':', '?', '*', '[', '\\']);

    /// <summary>Whether git takes it for the full name of a ref, as in <c>refs/tags/v1</c>; <c>HEAD</c> is one too.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name == "HEAD"
            || (name.Contains('/', StringComparison.Ordinal) && IsPart(name) && name[^1] is not ('.' or '/') && name.Split('/').All(IsSegment));
    }

    /// <summary>Whether a server may be asked for refs that begin so.</summary>
    internal static bool IsPrefix(string prefix) => prefix.Length > 0 && prefix[0] is not ('-' or '/') && IsPart(prefix);

    private static bool IsPart(string text)
        => text.Length <= Longest && !text.AsSpan().ContainsAny(Never) && !text.Contains("..", StringComparison.Ordinal) && !text.Contains("@{", StringComparison.Ordinal);

    private static bool IsSegment(string segment) => segment.Length > 0 && segment[0] != '.' && !segment.EndsWith(".lock", StringComparison.Ordinal);
}
