using System.Collections.Concurrent;
using Hardening.Transport;

namespace Hardening.Tests;

/// <summary>Brings requests for names of the public internet to a server of the test, and writes down who got which credential.</summary>
internal sealed class GitServerDetour(Uri server) : HttpMessageHandler
{
    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    /// <summary>"https://host Basic …", or no credential.</summary>
    public ConcurrentQueue<string> Sent { get; } = new();

    public TransportSeams Seams => new() { Wrap = (_, _) => this, Clock = new GitServerClock() };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent.Enqueue($"{request.RequestUri!.GetLeftPart(UriPartial.Authority)} {request.Headers.Authorization}".TrimEnd());
        request.RequestUri = new Uri(server, request.RequestUri.PathAndQuery);
        request.Version = System.Net.HttpVersion.Version11;
        return invoker.SendAsync(request, cancellationToken);
    }
}
