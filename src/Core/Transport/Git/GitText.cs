using System.Globalization;
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

        var text = new StringBuilder();
        foreach (var b in name)
        {
            _ = b is >= 0x20 and < 0x7F and not (byte)'\\' ? text.Append((char)b) : text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
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
