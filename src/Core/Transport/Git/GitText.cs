using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Hardening.Transport.Git;

/// <summary>Names in git are bytes. This is how they become text: UTF-8, and what is none so that it can be no other name.</summary>
internal static class GitText
{
    private const int LongestQuoted = 200;

    internal static string Decode(ReadOnlySpan<byte> name)
    {
        if (Utf8.IsValid(name))
        {
            return Encoding.UTF8.GetString(name);
        }

        // Each byte that is no UTF-8 becomes half of a surrogate pair, which comes of no UTF-8.
        var text = new StringBuilder();
        while (name.Length > 0)
        {
            var isText = Rune.DecodeFromUtf8(name, out var rune, out var count) == OperationStatus.Done;
            foreach (var b in isText ? [] : name[..count])
            {
                text.Append((char)(0xDC00 + b));
            }

            text.Append(isText ? rune.ToString() : string.Empty);
            name = name[count..];
        }

        return text.ToString();
    }

    /// <summary>What a server or git said, cut to what a message bears.</summary>
    internal static string Quoted(string text)
    {
        var line = text.Split('\n', 2)[0].Trim();
        return line.Length <= LongestQuoted ? line : string.Concat(line.AsSpan(0, LongestQuoted), "…");
    }

    internal static string Quoted(ReadOnlySpan<byte> text) => Quoted(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * LongestQuoted)]));

    /// <summary>Whether a text is the name of an object: 40 lower-case hexadecimal digits (SHA-1), or 64 (SHA-256).</summary>
    internal static bool IsObjectId(ReadOnlySpan<char> text) => text.Length is 40 or 64 && !text.ContainsAnyExcept("0123456789abcdef");
}
