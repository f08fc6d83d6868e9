using System.Globalization;

namespace Hardening.Transport.Git;

/// <summary>Reads pkt-lines of an answer, strictly: what is not exactly one is the end of it.</summary>
internal sealed class PktReader(AnswerStream stream, Uri address)
{
    private const int LongestLine = 65520;
    private const int LengthDigits = 4;

    private readonly byte[] buffer = new byte[LongestLine];
    private int start;
    private int end;

    /// <summary>Where it comes from, for messages.</summary>
    internal string Address { get; } = HttpFailures.Shown(address);

    /// <summary>The next one.</summary>
    /// <exception cref="TransportException">The answer ends, is none of the protocol, or is an ERR line.</exception>
    internal async ValueTask<PktLine> NextAsync()
    {
        await FillAsync(LengthDigits).ConfigureAwait(false);
        if (!int.TryParse(buffer.AsSpan(start, LengthDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length is 3 or > LongestLine)
        {
            throw Malformed("a line of it has no length");
        }

        start += LengthDigits;
        switch (length)
        {
            case 0:
                return new PktLine(PktKind.Flush, default);
            case 1:
                return new PktLine(PktKind.Delimiter, default);
            case 2:
                return new PktLine(PktKind.ResponseEnd, default);
        }

        await FillAsync(length - LengthDigits).ConfigureAwait(false);
        var line = new PktLine(PktKind.Data, buffer.AsMemory(start, length - LengthDigits));
        start += length - LengthDigits;
        return line.Data.Span.StartsWith("ERR "u8) ? throw Error(line) : line;
    }

    /// <summary>Makes sure that nothing follows.</summary>
    internal async ValueTask EndAsync()
    {
        if (start < end || await stream.ReadAsync(buffer).ConfigureAwait(false) > 0)
        {
            throw Malformed("something follows its end");
        }
    }

    internal TransportException Malformed(string what) => new(TransportFailure.Malformed, $"{Address}: the answer is not what git sends: {what}.");

    private TransportException Error(PktLine line)
    {
        var text = GitText.Quoted(line.Text[4..]);

        // What upload-pack says when it has no such object; the rest of the sentence is the id.
        return text.Contains("not our ref", StringComparison.Ordinal)
            ? new TransportException(TransportFailure.Absent, $"{Address}: there is no such commit in the repository.")
            : new TransportException(TransportFailure.Malformed, $"{Address}: the server refuses: {text}.");
    }

    private async ValueTask FillAsync(int count)
    {
        if (end - start >= count)
        {
            return;
        }

        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
        while (end < count)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(end)).ConfigureAwait(false);
            end += read > 0 ? read : throw Malformed(end == 0 ? "it ends too early" : "it ends in the middle of a line");
        }
    }
}
