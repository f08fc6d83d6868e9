using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hardening.Files;

namespace Hardening.Transport.Oci;

/// <summary>The credentials of the user's own docker configuration: <c>auths</c> of config.json. Shows none.</summary>
internal sealed class DockerConfig(Func<string, string?> environment)
{
    private const int LargestFile = 1024 * 1024;
    private const string HubKey = "https://index.docker.io/v1/";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    private readonly ConcurrentDictionary<string, OciCredential?> known = new(StringComparer.Ordinal);

    /// <summary>What the configuration has for a registry; null if nothing. Then the user has logged in there, and so named it.</summary>
    /// <param name="registry">Host and port as images name it.</param>
    /// <exception cref="TransportException">The file cannot be read.</exception>
    internal OciCredential? For(string registry) => known.GetOrAdd(registry, Read);

    private OciCredential? Read(string registry)
    {
        var path = Path.Combine(environment("DOCKER_CONFIG") is { Length: > 0 } folder ? folder : Path.Combine(environment("HOME") ?? environment("USERPROFILE") ?? string.Empty, ".docker"), "config.json");
        try
        {
            if (!Path.IsPathFullyQualified(path) || !File.Exists(path))
            {
                return null;
            }

            using var json = JsonDocument.Parse(AtomicFile.ReadAtMost(path, LargestFile), Strict);
            return json.RootElement.TryGetProperty("auths", out var auths) ? Find(auths, registry) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new TransportException(TransportFailure.Local, $"{path}: the docker configuration cannot be read.", e);
        }
    }

    private static OciCredential? Find(JsonElement auths, string registry)
    {
        foreach (var entry in auths.EnumerateObject())
        {
            if (IsFor(entry.Name, registry) && Credential(entry.Value) is { } credential)
            {
                return credential;
            }
        }

        return null;
    }

    // As docker writes them: the host, or an address with its path.
    private static bool IsFor(string key, string registry)
    {
        if (registry == "docker.io")
        {
            return key is HubKey or "docker.io" or "index.docker.io";
        }

        var host = key.Contains("://", StringComparison.Ordinal) ? key[(key.IndexOf("://", StringComparison.Ordinal) + 3)..] : key;
        var slash = host.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 ? host : host[..slash]).Equals(registry, StringComparison.OrdinalIgnoreCase);
    }

    private static OciCredential? Credential(JsonElement entry)
    {
        var token = Text(entry, "identitytoken");
        if (Text(entry, "auth") is { Length: > 0 } auth)
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(auth)).TrimEnd('\0');
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? throw new FormatException() : new OciCredential(pair[..colon], pair[(colon + 1)..], token);
        }

        return Text(entry, "username") is { Length: > 0 } user ? new OciCredential(user, Text(entry, "password") ?? string.Empty, token) : token is null ? null : new OciCredential(string.Empty, string.Empty, token);
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>A user and a secret, or a token to be exchanged. Shows neither.</summary>
internal sealed class OciCredential(string user, string secret, string? identityToken)
{
    /// <summary>HTTP Basic; null where there is only a token to be exchanged.</summary>
    internal AuthenticationHeaderValue? Header { get; } = user.Length == 0 ? null : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + secret)));

    /// <summary>The token that a token server exchanges (OAuth 2 refresh token); null if there is none.</summary>
    internal string? IdentityToken { get; } = string.IsNullOrEmpty(identityToken) ? null : identityToken;
}
