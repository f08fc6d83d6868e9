using System.Globalization;
using System.Text;

namespace Hardening.Reporting;

/// <summary>The one place that makes untrusted text harmless for where it is shown.</summary>
public static class SinkText
{
    private const int LongestShown = 500;

    /// <summary>
    /// Text for a console or build log: control characters, line ends, ANSI escapes, bidirectional, zero-width and other invisible characters
    /// become <c>\uXXXX</c>, and the command prefixes of CI hosts (<c>##vso[</c>, <c>##[</c>, <c>::command::</c>) are broken up.
    /// Longer text is cut at 500 characters.
    /// </summary>
    public static string ForLog(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cut = text.Length > LongestShown;
        var span = cut ? text.AsSpan(0, LongestShown) : text.AsSpan();
        StringBuilder? builder = null;
        for (var i = 0; i < span.Length; i++)
        {
            var c = span[i];
            // The second of two '#' or ':' is what makes a CI host read a command.
            var command = (c is '#' or ':') && i > 0 && span[i - 1] == c;
            if (command || !IsPlain(c))
            {
                builder ??= new StringBuilder(span.Length + 16).Append(span[..i]);
                builder.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            }
            else
            {
                builder?.Append(c);
            }
        }

        var result = builder?.ToString() ?? (cut ? span.ToString() : text);
        return cut ? result + "…" : result;
    }

    private static bool IsPlain(char c) => c is >= ' ' and < '\x7f'
        || (c >= '\xa0' && char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            && !IsInvisible(c));

    // Letters and marks by category that are shown as nothing: the joiner, Hangul and Khmer fillers, variation selectors, the empty Braille pattern.
    private static bool IsInvisible(char c) => c is '\u034f' or '\u115f' or '\u1160' or '\u17b4' or '\u17b5' or (>= '\u180b' and <= '\u180f')
        or '\u2800' or '\u3164' or (>= '\ufe00' and <= '\ufe0f') or '\uffa0';
}
