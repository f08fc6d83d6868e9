namespace Hardening.Transport;

/// <summary>How much of a server is borne, whatever it does.</summary>
public sealed record TransportLimits
{
    /// <summary>Requests that run at the same time, over all hosts.</summary>
    public int Requests { get; init; } = 8;

    /// <summary>How long a connection may take, its name and TLS included.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the first byte, and then every next one, may be waited for.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one try may take in all.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a request is sent at most.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>How long is waited in all between the tries of one request. A server that wants a longer wait is not asked again.</summary>
    public TimeSpan Waits { get; init; } = TimeSpan.FromSeconds(60);
}
