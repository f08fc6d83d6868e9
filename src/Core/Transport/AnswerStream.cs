using System.Globalization;

namespace Hardening.Transport;

/// <summary>
/// The body of an answer: so many bytes at most, none waited for too long. A failure of the network is a <see cref="TransportException"/>,
/// so that whoever reads can tell it from a failure of their own.
/// </summary>
internal sealed class AnswerStream : IDisposable
{
    private readonly Stream stream;
    private readonly long largest;
    private readonly TimeSpan idle;
    private readonly Func<Exception, TransportException> failure;
    private readonly CancellationTokenSource waiting;
    private readonly CancellationToken cancellation;
    private readonly string server;
    private long count;

    internal AnswerStream(Stream stream, string server, long largest, TimeSpan idle, Func<Exception, TransportException> failure, CancellationToken cancellation)
    {
        this.stream = stream;
        this.server = server;
        this.largest = largest;
        this.idle = idle;
        this.failure = failure;
        this.cancellation = cancellation;
        waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    public void Dispose() => waiting.Dispose();

    /// <summary>Reads all of it.</summary>
    /// <exception cref="TransportException">As <see cref="ReadAsync"/>.</exception>
    internal async Task<byte[]> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    /// <summary>Reads what is there, at least a byte; 0 at the end.</summary>
    /// <exception cref="TransportException">The connection broke, nothing came in time, or more came than is read.</exception>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            waiting.CancelAfter(idle);
            var read = await stream.ReadAsync(buffer, waiting.Token).ConfigureAwait(false);
            waiting.CancelAfter(Timeout.InfiniteTimeSpan);
            count += read;
            return count <= largest
                ? read
                : throw new TransportException(TransportFailure.TooLarge, string.Create(CultureInfo.InvariantCulture, $"{server} answers with more than {largest} bytes."));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransportException(TransportFailure.Timeout, string.Create(CultureInfo.InvariantCulture, $"{server} sent nothing for {idle.TotalSeconds} seconds."));
        }
        catch (IOException e)
        {
            throw failure(e);
        }
        catch (HttpRequestException e)
        {
            throw failure(e);
        }
    }
}
