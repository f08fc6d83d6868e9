namespace Hardening.Transport;

/// <summary>
/// What was asked of a server could not be had. The message is a sentence that names the address and never a credential; it may quote the
/// server, so it is shown through <see cref="Reporting.SinkText"/> like all text from outside.
/// </summary>
public sealed class TransportException : Exception
{
    internal TransportException(TransportFailure failure, string message, Exception? inner = null)
        : base(message, inner)
        => Failure = failure;

    /// <summary>What kind of failure it is.</summary>
    public TransportFailure Failure { get; }

    /// <summary>How long the server wants to be left alone, if it said so.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Where the server sent us, without what could be a credential in it; set with <see cref="TransportFailure.Redirected"/>.</summary>
    public Uri? RedirectedTo { get; internal init; }

    /// <summary>True if only the path is another one, on the same server: the thing was renamed or given to another owner.</summary>
    public bool IsMoved { get; internal init; }

    /// <summary>True if the same request can be answered otherwise a little later.</summary>
    public bool IsTransient => Failure is TransportFailure.Unreachable or TransportFailure.Timeout or TransportFailure.RateLimited or TransportFailure.ServerError or TransportFailure.Local;

    // Whether the pipeline tries it again by itself. A server that does not answer has had its time already.
    internal bool IsWorthAnotherTry { get; init; }
}
