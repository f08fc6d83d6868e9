using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Hardening.Formats.Yaml;

/// <summary>
/// Decodes YAML and refuses the characters by which a text is read otherwise than it is shown. A parser takes U+0085, U+2028 or a lone
/// carriage return for the end of a comment where an editor and a code review show none; bidirectional controls show letters in another
/// order than they are read.
/// </summary>
internal static class YamlText
{
    private const int LongestShown = 100;

    /// <summary>The text without its byte order mark, with what is wrong with its characters; null where they could not be read.</summary>
    internal static string? Decode(ReadOnlySpan<byte> utf8, int largest, out YamlProblem? problem)
    {
        problem = null;
        if (utf8.Length > largest)
        {
            problem = new YamlProblem($"The file has {utf8.Length} bytes, and may have {largest}.", "make it smaller", 1, 1);
            return null;
        }

        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        var buffer = new char[utf8.Length];
        var status = Utf8.ToUtf16(utf8, buffer, out _, out var written, replaceInvalidSequences: false);
        var text = new string(buffer, 0, written);
        if (status != OperationStatus.Done)
        {
            var (line, column) = PlaceOf(text, written);
            problem = new YamlProblem("The text is not valid UTF-8.", "save the file as UTF-8", line, column);
            return null;
        }

        var at = FirstRefused(text);
        if (at >= 0)
        {
            var (line, column) = PlaceOf(text, at);
            problem = new YamlProblem($"The text holds {Name(text[at])}, which is read otherwise than it is shown.", "remove the character", line, column);
        }

        return text;
    }

    /// <summary>The index of the first character that no YAML text may hold, neither as it stands nor by an escape; -1 if there is none.</summary>
    internal static int FirstRefused(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var refused = text[i] switch
            {
                '\t' or '\n' => false,
                '\r' => i + 1 == text.Length || text[i + 1] != '\n',
                < ' ' or (>= '\x7f' and <= '\x9f') => true,
                '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff' or >= '\ufffe' => true,
                >= '\ud800' and <= '\udbff' => i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]),
                >= '\udc00' and <= '\udfff' => i == 0 || !char.IsHighSurrogate(text[i - 1]),
                _ => false,
            };
            if (refused)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The character by its number, for it is not to be shown.</summary>
    internal static string Name(char character) => character == '\r'
        ? "a carriage return without a line feed"
        : string.Create(CultureInfo.InvariantCulture, $"the character U+{(int)character:X4}");

    /// <summary>A text of the file as a message quotes it: cut where it is long.</summary>
    internal static string Shown(string text) => text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");

    private static (int Line, int Column) PlaceOf(string text, int index)
    {
        var before = text.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }
}
