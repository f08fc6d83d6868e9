using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hardening.Transport.Git;

/// <summary>Reads what <c>git cat-file --batch</c> writes: a line with id, type and size, the content, a line feed.</summary>
internal sealed class ObjectReader(Stream stream, CancellationToken cancellation)
{
    private const int LongestHeader = 256;

    private readonly byte[] buffer = new byte[128 * 1024];
    private int start;
    private int end;

    /// <summary>Type and size of the next one; null if it is missing or nothing follows.</summary>
    internal async Task<(string Type, long Size)?> NextAsync()
    {
        int length;
        while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) < 0)
        {
            if (end - start > LongestHeader || !await FillAsync().ConfigureAwait(false))
            {
                return null;
            }
        }

        var parts = Encoding.ASCII.GetString(buffer, start, length).Split(' ');
        start += length + 1;
        return parts.Length == 3 && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? (parts[1], size) : null;
    }

    /// <summary>The content of the one that was told last.</summary>
    internal async Task<byte[]> ContentAsync(long size)
    {
        var content = new byte[size];
        var count = 0;
        await PiecesAsync(size, piece =>
        {
            piece.CopyTo(content.AsSpan(count));
            count += piece.Length;
        }).ConfigureAwait(false);
        return content;
    }

    /// <summary>The SHA-512 of the content of the one that was told last.</summary>
    internal async Task<byte[]> HashAsync(long size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        await PiecesAsync(size, hash.AppendData).ConfigureAwait(false);
        return hash.GetHashAndReset();
    }

    private async Task PiecesAsync(long size, Action<ReadOnlySpan<byte>> take)
    {
        // The line feed after it is no part of it.
        for (var left = size + 1; left > 0;)
        {
            if (start == end && !await FillAsync().ConfigureAwait(false))
            {
                throw new EndOfStreamException("git ended before it wrote everything.");
            }

            var count = (int)Math.Min(left, end - start);
            var taken = (int)Math.Min(count, left - 1);
            if (taken > 0)
            {
                take(buffer.AsSpan(start, taken));
            }

            start += count;
            left -= count;
        }
    }

    private async Task<bool> FillAsync()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
        var count = await stream.ReadAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
        end += count;
        return count > 0;
    }
}
