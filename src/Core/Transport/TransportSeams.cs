using System.Net;

namespace Hardening.Transport;

/// <summary>Where the pipeline touches the world, so that a test can stand there.</summary>
internal sealed record TransportSeams
{
    /// <summary>The addresses of a name.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The proxy of the environment or the system.</summary>
    internal IWebProxy Proxy { get; init; } = HttpClient.DefaultProxy;

    /// <summary>What is put around the handler that opens connections; the flag says whether it connects to public addresses only.</summary>
    internal Func<HttpMessageHandler, bool, HttpMessageHandler> Wrap { get; init; } = (handler, _) => handler;

    /// <summary>The clock of the waits between tries and of the circuits; not that of the limits.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
