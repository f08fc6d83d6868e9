namespace Hardening.Transport;

/// <summary>Why a server gave nothing that can be used. "Not there" and "could not be asked" are never the same.</summary>
public enum TransportFailure
{
    /// <summary>The name has no address, the connection could not be made or broke off, or the server failed so often that it is not asked for a while.</summary>
    Unreachable,

    /// <summary>The server was reached and did not answer, or not to the end, in the time that it has.</summary>
    Timeout,

    /// <summary>The connection could not be secured: an unknown authority, a wrong name, an old protocol. Never tried again.</summary>
    Tls,

    /// <summary>401: the server wants credentials, or not these. Many hosts say so as well of what is not there.</summary>
    Unauthorized,

    /// <summary>403, 407 or 451: the server says no.</summary>
    Forbidden,

    /// <summary>404 or 410: there is no such thing, or these credentials may not see it.</summary>
    NotFound,

    /// <summary>429, or 403 with the headers of a rate limit; <see cref="TransportException.RetryAfter"/> says for how long if the server did.</summary>
    RateLimited,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>The server names another address, which was not followed; <see cref="TransportException.RedirectedTo"/>.</summary>
    Redirected,

    /// <summary>The answer is not what the protocol says it has to be.</summary>
    Malformed,

    /// <summary>The answer is larger than is read of any server.</summary>
    TooLarge,

    /// <summary>This side does not ask: an address in a private network, plain http, or the like.</summary>
    Refused,

    /// <summary>The repository is there, and what was asked for is not in it.</summary>
    Absent,

    /// <summary>This machine could not do its part: no git in PATH, a full disk, a program that did not start.</summary>
    Local,
}
