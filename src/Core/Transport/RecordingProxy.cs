using System.Collections.Concurrent;
using System.Net;

namespace Hardening.Transport;

/// <summary>The proxy of the environment, and which servers it named: only those may be connected to without a look at their address.</summary>
internal sealed class RecordingProxy(IWebProxy inner) : IWebProxy
{
    private readonly ConcurrentDictionary<(string Host, int Port), bool> named = new();

    public ICredentials? Credentials { get => inner.Credentials; set => throw new NotSupportedException(); }

    public Uri? GetProxy(Uri destination)
    {
        var proxy = inner.GetProxy(destination);
        if (proxy is not null && proxy != destination)
        {
            named.TryAdd((proxy.IdnHost.ToLowerInvariant(), proxy.Port), true);
        }

        return proxy;
    }

    public bool IsBypassed(Uri host) => inner.IsBypassed(host);

    internal bool Named(DnsEndPoint server) => named.ContainsKey((server.Host.ToLowerInvariant(), server.Port));
}
