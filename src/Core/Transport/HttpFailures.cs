using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Hardening.Transport;

/// <summary>Says what a status or an exception of the network means. The one table of both.</summary>
internal static class HttpFailures
{
    // A server may name any number; nothing here waits for longer than a day.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>Null if the status is 200.</summary>
    internal static TransportException? Of(HttpResponseMessage response, Uri address, TimeProvider clock)
    {
        var wait = RetryAfter(response, clock);
        var (failure, meaning, again) = response.StatusCode switch
        {
            HttpStatusCode.OK => ((TransportFailure?)null, string.Empty, false),
            HttpStatusCode.Unauthorized => (TransportFailure.Unauthorized, "wants credentials, or does not take those that it got", false),
            HttpStatusCode.TooManyRequests => (TransportFailure.RateLimited, "was asked too often", true),
            HttpStatusCode.Forbidden when wait is not null || IsExhausted(response) => (TransportFailure.RateLimited, "was asked too often", true),
            HttpStatusCode.Forbidden or HttpStatusCode.ProxyAuthenticationRequired or HttpStatusCode.UnavailableForLegalReasons => (TransportFailure.Forbidden, "does not permit it", false),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => (TransportFailure.NotFound, "has nothing there, or shows it only to others", false),
            HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported => (TransportFailure.ServerError, "cannot do it", false),
            >= HttpStatusCode.InternalServerError => (TransportFailure.ServerError, "failed", true),
            _ => (TransportFailure.Malformed, "gives an answer that is none of the protocol", false),
        };
        return failure is null ? null : new TransportException(failure.Value, string.Create(CultureInfo.InvariantCulture, $"{Shown(address)}: the server {meaning} (HTTP {(int)response.StatusCode})."))
        {
            RetryAfter = wait,
            IsWorthAnotherTry = again,
        };
    }

    /// <summary>What went wrong before or while an answer came.</summary>
    internal static TransportException Of(Exception exception, Uri address)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            // One of our own from inside the handler.
            if (e is TransportException own)
            {
                return own;
            }

            if (e is AuthenticationException)
            {
                return new TransportException(TransportFailure.Tls, $"{Shown(address)}: the connection could not be secured: {e.Message.TrimEnd('.')}.", exception);
            }
        }

        var error = exception switch
        {
            HttpRequestException http => http.HttpRequestError,
            HttpIOException http => http.HttpRequestError,
            _ => HttpRequestError.Unknown,
        };
        var (failure, meaning) = error switch
        {
            HttpRequestError.NameResolutionError => (TransportFailure.Unreachable, "the name has no address"),
            HttpRequestError.SecureConnectionError => (TransportFailure.Tls, "the connection could not be secured"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError => (TransportFailure.Malformed, "the answer is no HTTP"),
            HttpRequestError.ConfigurationLimitExceeded => (TransportFailure.TooLarge, "the answer has too long headers"),
            HttpRequestError.ProxyTunnelError => (TransportFailure.Unreachable, "the proxy does not connect to it"),
            HttpRequestError.ResponseEnded => (TransportFailure.Unreachable, "the server broke off"),
            _ => (TransportFailure.Unreachable, exception.GetBaseException() is SocketException socket ? $"no connection ({socket.SocketErrorCode})" : "the connection broke"),
        };
        return new TransportException(failure, $"{Shown(address)}: {meaning}.", exception) { IsWorthAnotherTry = failure == TransportFailure.Unreachable };
    }

    /// <summary>An address without user, query and fragment: each of them can be a credential.</summary>
    internal static string Shown(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static bool IsExhausted(HttpResponseMessage response) => response.Headers.TryGetValues("x-ratelimit-remaining", out var values) && values.FirstOrDefault() == "0";

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ when IsExhausted(response) && response.Headers.TryGetValues("x-ratelimit-reset", out var values) && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < 1L << 40
                => DateTimeOffset.FromUnixTimeSeconds(Math.Min(at, 253_402_300_799)) - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait is null ? null : TimeSpan.FromTicks(Math.Clamp(wait.Value.Ticks, 0, LongestRetryAfter.Ticks));
    }
}
