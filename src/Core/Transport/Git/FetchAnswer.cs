using System.Buffers.Binary;

namespace Hardening.Transport.Git;

/// <summary>The answer to a fetch that was told to be done (gitprotocol-v2, "fetch"): what is cut off, and the pack in its side band.</summary>
internal sealed class FetchAnswer
{
    private const int MostShallow = 1000;
    private const int HeaderLength = 12;
    private const byte DataBand = 1;
    private const byte ProgressBand = 2;

    private readonly PktReader reader;

    private FetchAnswer(PktReader reader) => this.reader = reader;

    /// <summary>Commits that come without their parents.</summary>
    internal List<string> Shallow { get; } = [];

    /// <summary>Reads up to the pack.</summary>
    internal static async Task<FetchAnswer> OpenAsync(PktReader reader)
    {
        var answer = new FetchAnswer(reader);
        var line = await reader.NextAsync().ConfigureAwait(false);
        if (line.Text.SequenceEqual("shallow-info"u8))
        {
            while ((line = await reader.NextAsync().ConfigureAwait(false)).Kind == PktKind.Data)
            {
                answer.Shallow.Add(ShallowOf(line) is { } id && answer.Shallow.Count < MostShallow ? id : throw reader.Malformed("a line of it is no cut-off commit"));
            }

            line = line.Kind == PktKind.Delimiter ? await reader.NextAsync().ConfigureAwait(false) : throw reader.Malformed("it has no pack");
        }

        // Nothing else was asked for, so nothing else may come.
        return line.Text.SequenceEqual("packfile"u8) ? answer : throw reader.Malformed("it has no pack");
    }

    /// <summary>How many objects the pack says that it has. The rest of it is not read.</summary>
    internal async Task<uint> CountAsync() => (await HeaderAsync().ConfigureAwait(false)).Count;

    /// <summary>Writes the pack, and makes sure that the answer ends with it.</summary>
    internal async Task CopyToAsync(Stream to, int mostObjects, CancellationToken cancellation)
    {
        var (begin, count) = await HeaderAsync().ConfigureAwait(false);
        if (count > mostObjects)
        {
            throw new TransportException(TransportFailure.TooLarge, $"{reader.Address}: the tree has more than {mostObjects} files and folders.");
        }

        await to.WriteAsync(begin, cancellation).ConfigureAwait(false);
        ReadOnlyMemory<byte> data;
        while ((data = await DataAsync().ConfigureAwait(false)).Length > 0)
        {
            await to.WriteAsync(data, cancellation).ConfigureAwait(false);
        }

        await reader.EndAsync().ConfigureAwait(false);
    }

    // "PACK", the version and the count of objects, both in network order (gitformat-pack).
    private async Task<(byte[] Begin, uint Count)> HeaderAsync()
    {
        byte[] begin = [];
        while (begin.Length < HeaderLength)
        {
            var data = await DataAsync().ConfigureAwait(false);
            begin = data.Length > 0 ? [.. begin, .. data.Span] : throw reader.Malformed("the pack ends too early");
        }

        return begin.AsSpan().StartsWith("PACK\0\0\0\u0002"u8) ? (begin, BinaryPrimitives.ReadUInt32BigEndian(begin.AsSpan(8))) : throw reader.Malformed("what comes is no pack");
    }

    // Empty at the end.
    private async ValueTask<ReadOnlyMemory<byte>> DataAsync()
    {
        while (true)
        {
            var line = await reader.NextAsync().ConfigureAwait(false);
            if (line.Kind == PktKind.Flush)
            {
                return default;
            }

            switch (line.Kind == PktKind.Data && line.Data.Length > 0 ? line.Data.Span[0] : 0)
            {
                case DataBand when line.Data.Length > 1:
                    return line.Data[1..];
                case DataBand or ProgressBand:
                    continue;
                case 3:
                    throw new TransportException(TransportFailure.Malformed, $"{reader.Address}: the server gives up: {GitText.Quoted(line.Text[1..])}.");
                default:
                    throw reader.Malformed("the pack is in no side band");
            }
        }
    }

    private static string? ShallowOf(PktLine line)
    {
        var text = GitText.Decode(line.Text);
        return text.StartsWith("shallow ", StringComparison.Ordinal) && GitText.IsObjectId(text.AsSpan(8)) ? text[8..] : null;
    }
}
