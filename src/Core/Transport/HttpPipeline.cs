using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Hardening.Transport;

/// <summary>
/// Sends requests to servers that are not trusted: bounded in time, size and number, tried again where that helps, never redirected unseen,
/// and to public addresses only where no user named the host. Knows neither git nor images, and no credentials.
/// </summary>
internal sealed class HttpPipeline : IDisposable
{
    private const int MostRedirects = 2;
    private const int LongestHeadersInKilobytes = 64;

    // A host of which nearly all of at least six requests in a minute failed is left alone for half a minute.
    private const int CircuitRequests = 6;
    private const double CircuitRatio = 0.9;

    private static readonly TimeSpan CircuitWindow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CircuitBreak = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly ResiliencePropertyKey<Waited> WaitedKey = new("waited");

    private readonly TransportLimits limits;
    private readonly TransportSeams seams;
    private readonly RecordingProxy proxy;
    private readonly HttpMessageInvoker guarded;
    private readonly HttpMessageInvoker free;
    private readonly SemaphoreSlim places;
    private readonly ConcurrentDictionary<string, ResiliencePipeline> hosts = new(StringComparer.OrdinalIgnoreCase);

    internal HttpPipeline(TransportLimits limits, TransportSeams seams)
    {
        this.limits = limits;
        this.seams = seams;
        proxy = new RecordingProxy(seams.Proxy);
        guarded = new HttpMessageInvoker(seams.Wrap(Handler(ConnectAsync), true));
        free = new HttpMessageInvoker(seams.Wrap(Handler(null), false));
        places = new SemaphoreSlim(limits.Requests, limits.Requests);
    }

    public void Dispose()
    {
        guarded.Dispose();
        free.Dispose();
    }

    /// <summary>Asks, and reads the answer if its status is 200, or one that the exchange accepts.</summary>
    /// <param name="exchange">What is asked.</param>
    /// <param name="read">Reads the answer; it is called again where the connection broke while it read. It must not ask anything itself.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="TransportException">There is no answer that can be used; or what <paramref name="read"/> throws.</exception>
    internal async Task<T> SendAsync<T>(HttpExchange exchange, Func<HttpResponseMessage, AnswerStream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(WaitedKey, new Waited());
        try
        {
            return await hosts.GetOrAdd(exchange.Server, _ => Host()).ExecuteAsync(
                static (c, s) => new ValueTask<T>(s.Pipeline.TryAsync(s.Exchange, s.Read, c.CancellationToken)),
                context,
                (Pipeline: this, Exchange: exchange, Read: read)).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            throw new TransportException(TransportFailure.Unreachable, $"{exchange.Server} failed again and again, and is not asked for a while.");
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> TryAsync<T>(HttpExchange exchange, Func<HttpResponseMessage, AnswerStream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation).ConfigureAwait(false);
        using var total = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        total.CancelAfter(limits.Total);
        try
        {
            var address = exchange.Address;
            for (var redirects = 0; ; redirects++)
            {
                using var request = exchange.Request(address);
                using var response = await HeadersAsync(exchange, request, total.Token).ConfigureAwait(false);
                if (Redirect(response, address) is { } to)
                {
                    address = redirects < MostRedirects && IsSameServer(address, to) && exchange.MayFollow(to) ? to : throw Redirected(address, to);
                    continue;
                }

                return !exchange.Accepts(response.StatusCode) && HttpFailures.Of(response, address, seams.Clock) is { } failure ? throw failure : await ReadAsync(exchange, address, response, read, total.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransportException(TransportFailure.Timeout, string.Create(CultureInfo.InvariantCulture, $"{HttpFailures.Shown(exchange.Address)}: the answer took longer than {limits.Total.TotalSeconds} seconds."));
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<HttpResponseMessage> HeadersAsync(HttpExchange exchange, HttpRequestMessage request, CancellationToken total)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(total);
        idle.CancelAfter(limits.Connect + limits.Idle);
        var address = request.RequestUri!;
        try
        {
            return await (exchange.IsNamedByUser ? free : guarded).SendAsync(request, idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!total.IsCancellationRequested)
        {
            throw new TransportException(TransportFailure.Timeout, $"{HttpFailures.Shown(address)}: the server does not answer.");
        }
        catch (HttpRequestException e)
        {
            throw HttpFailures.Of(e, address);
        }
        catch (IOException e)
        {
            throw HttpFailures.Of(e, address);
        }
    }

    private async Task<T> ReadAsync<T>(HttpExchange exchange, Uri address, HttpResponseMessage response, Func<HttpResponseMessage, AnswerStream, CancellationToken, Task<T>> read, CancellationToken total)
    {
        // None was asked for; and what unpacks itself would make the limit meaningless.
        if (response.Content.Headers.ContentEncoding.Count > 0)
        {
            throw new TransportException(TransportFailure.Malformed, $"{HttpFailures.Shown(address)}: the answer is compressed, which was not asked for.");
        }

        var body = await response.Content.ReadAsStreamAsync(total).ConfigureAwait(false);
        using var answer = new AnswerStream(body, exchange.Server, exchange.LargestAnswer, limits.Idle, e => HttpFailures.Of(e, address), total);
        return await read(response, answer, total).ConfigureAwait(false);
    }

    private static Uri? Redirect(HttpResponseMessage response, Uri address)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
        {
            return null;
        }

        return response.Headers.Location is { } location && Uri.TryCreate(address, location, out var to)
            ? to
            : throw new TransportException(TransportFailure.Malformed, $"{HttpFailures.Shown(address)}: the server sends us elsewhere, but not where.");
    }

    private static bool IsSameServer(Uri from, Uri to)
        => from.Scheme == to.Scheme && from.Port == to.Port && string.Equals(from.IdnHost, to.IdnHost, StringComparison.OrdinalIgnoreCase) && to.UserInfo.Length == 0;

    private static TransportException Redirected(Uri from, Uri to)
    {
        if (to.Scheme is not ("https" or "http"))
        {
            return new TransportException(TransportFailure.Malformed, $"{HttpFailures.Shown(from)}: the server sends us to an address that is none of HTTP.");
        }

        var shown = new Uri(HttpFailures.Shown(to));
        return new TransportException(TransportFailure.Redirected, $"{HttpFailures.Shown(from)}: the server sends us to {shown.AbsoluteUri}, which is not followed.")
        {
            RedirectedTo = shown,
            IsMoved = IsSameServer(from, to),
        };
    }

    private SocketsHttpHandler Handler(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        Proxy = proxy,
        ConnectTimeout = limits.Connect,
        ConnectCallback = connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = LongestHeadersInKilobytes,

        // What is hung up on is not read to its end.
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>
    /// Looks at the address that is connected to, so a name that is resolved anew gives nothing away (DNS rebinding). Behind a proxy it is the
    /// proxy that resolves and connects, and that has to know what it lets out.
    /// </summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var server = context.DnsEndPoint;
        var addresses = await seams.Resolve(server.Host, cancellation).ConfigureAwait(false);
        if (!proxy.Named(server))
        {
            addresses = [.. addresses.Where(PublicAddresses.Contains)];
            if (addresses.Length == 0)
            {
                throw new TransportException(TransportFailure.Refused, $"{server.Host} has no address in the public internet, and only the repository names it.");
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, server.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private ResiliencePipeline Host() => new ResiliencePipelineBuilder { TimeProvider = seams.Clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Math.Max(limits.Tries - 1, 1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstWait,
            ShouldHandle = args => ValueTask.FromResult(args.AttemptNumber + 1 < limits.Tries && args.Outcome.Exception is TransportException { IsWorthAnotherTry: true } e
                && args.Context.Properties.GetValue(WaitedKey, null!).Take(e.RetryAfter ?? TimeSpan.Zero, limits.Waits)),
            DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as TransportException)?.RetryAfter),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            MinimumThroughput = CircuitRequests,
            FailureRatio = CircuitRatio,
            SamplingDuration = CircuitWindow,
            BreakDuration = CircuitBreak,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is TransportException { Failure: TransportFailure.Unreachable or TransportFailure.Timeout or TransportFailure.ServerError }),
        })
        .Build();

    // What the tries of one request have waited at the server's wish.
    private sealed class Waited
    {
        private TimeSpan sum;

        internal bool Take(TimeSpan wait, TimeSpan most)
        {
            sum += wait;
            return sum <= most;
        }
    }
}
