using System.Text;
using System.Text.Unicode;
using Hardening.Inputs;

namespace Hardening.Formats;

/// <summary>Carries edits out on the bytes of a file in UTF-8. Every byte outside of their spans stays: line ends, byte order mark, the missing end of the last line.</summary>
public static class TextSplice
{
    /// <summary>The bytes after the edits; null if a text at a span is not the expected one, spans overlap, or the bytes are no UTF-8.</summary>
    /// <param name="utf8">The bytes before, with or without a byte order mark.</param>
    /// <param name="edits">The edits of this file; equal ones count once.</param>
    public static byte[]? Apply(ReadOnlySpan<byte> utf8, IEnumerable<TextEdit> edits)
    {
        ArgumentNullException.ThrowIfNull(edits);
        var mark = utf8.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (!Utf8.IsValid(utf8))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(utf8[mark..]);
        var result = new StringBuilder(text.Length + 256);
        var at = 0;
        foreach (var edit in edits.Distinct().OrderBy(e => e.Span.Start).ThenBy(e => e.Span.End))
        {
            var (start, end) = (edit.Span.Start, edit.Span.End);
            if (start < at || end < start || end > text.Length || !text.AsSpan(start, end - start).SequenceEqual(edit.Expected))
            {
                return null;
            }

            result.Append(text, at, start - at).Append(edit.Replacement);
            at = end;
        }

        return [.. utf8[..mark], .. Encoding.UTF8.GetBytes(result.Append(text, at, text.Length - at).ToString())];
    }
}
