using System.Text;
using System.Text.Unicode;
using Hardening.Files;
using Hardening.Inputs;

namespace Hardening.Formats;

/// <summary>The text of a file, with offsets and places in UTF-16 units. Line ends are LF, CRLF and CR, as XML, YAML and C# have them.</summary>
public sealed class SourceText
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int LargestFile = 16 * 1024 * 1024;

    private readonly List<int> lines = [0];

    /// <summary>A text that is at hand.</summary>
    public SourceText(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        File = file;
        Text = text;
        for (var i = text.AsSpan().IndexOfAny('\r', '\n'); i >= 0;)
        {
            i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
            lines.Add(i);
            var next = text.AsSpan(i).IndexOfAny('\r', '\n');
            i = next < 0 ? next : i + next;
        }
    }

    /// <summary>Full path.</summary>
    public string File { get; }

    /// <summary>The text, without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>Reads a file of UTF-8, or of UTF-16 with a byte order mark.</summary>
    /// <exception cref="InvalidDataException">The bytes are not text of these encodings.</exception>
    /// <exception cref="IOException">Not readable, or larger than <see cref="LargestFile"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static SourceText Read(string file) => new(file, Decode(AtomicFile.ReadAtMost(file, LargestFile)));

    /// <summary>Decodes bytes as <see cref="Read"/> does.</summary>
    /// <exception cref="InvalidDataException">The bytes are not text of these encodings.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var utf16 = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true)
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true) : null;
        if (utf16 is not null)
        {
            try
            {
                return utf16.GetString(bytes[2..]);
            }
            catch (DecoderFallbackException e)
            {
                throw new InvalidDataException("the text is not valid UTF-16", e);
            }
        }

        bytes = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw new InvalidDataException("the text is not valid UTF-8");
    }

    /// <summary>The span between two offsets.</summary>
    public SourceSpan Span(int start, int end)
    {
        var at = lines.BinarySearch(start);
        var line = at < 0 ? ~at : at + 1;
        return new SourceSpan(File, line, start - lines[line - 1] + 1, start, end);
    }

    /// <summary>The offset of a 1-based line and column.</summary>
    public int Offset(int line, int column) => line < 1 || line > lines.Count ? Text.Length : Math.Min(lines[line - 1] + column - 1, Text.Length);
}
