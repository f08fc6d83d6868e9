using System.Collections.Frozen;
using System.Net;

namespace Hardening.Transport.Oci;

/// <summary>Where registries are asked, and which of them the user's own environment names.</summary>
public sealed class OciRegistries
{
    private const string DockerHub = "docker.io";

    private readonly FrozenDictionary<string, Uri> named;

    private OciRegistries(FrozenDictionary<string, Uri> named) => this.named = named;

    /// <summary>The registries that the user names on the command line or in the environment (HardeningRegistries).</summary>
    /// <param name="list">Separated by <c>;</c>: <c>host[:port]</c>; <c>http://host[:port]</c>, which is then spoken to without TLS; <c>host=https://mirror</c>, which is then asked in its place. Null or empty: none.</param>
    /// <exception cref="ArgumentException">One is no such thing; the message says why.</exception>
    public static OciRegistries From(string? list)
    {
        var named = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in (list ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            var text = item[(equals + 1)..];
            var address = Address(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text) ?? throw new ArgumentException($"{item} is no registry.");
            named[equals < 0 ? address.Authority : item[..equals]] = address;
        }

        return new OciRegistries(named.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Where a registry is asked.</summary>
    /// <param name="registry">Host and port as images name it.</param>
    /// <param name="isNamed">Whether the user names it, so that it may lie in a private network; so does this machine itself.</param>
    internal Uri AddressOf(string registry, out bool isNamed)
    {
        if (named.TryGetValue(registry, out var address))
        {
            isNamed = true;
            return address;
        }

        var host = registry == DockerHub ? "registry-1.docker.io" : registry;
        isNamed = IsLoopback(host);
        return new Uri($"{(isNamed ? "http" : "https")}://{host}");
    }

    /// <summary>Whether a registry is on this machine, by its very name: as docker does, it is spoken to without TLS.</summary>
    private static bool IsLoopback(string registry) => Uri.TryCreate("http://" + registry, UriKind.Absolute, out var uri)
        && (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0 ? uri : null;
}
