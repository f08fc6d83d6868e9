using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Hardening.Transport.Oci;

/// <summary>
/// Gets what a registry wants to see. Credentials come from the user's own docker configuration, and go to the host that it names them for and to that registry's own
/// token server; a token is asked for once a repository and shared.
/// </summary>
internal sealed class OciAuthorization(HttpPipeline pipeline, DockerConfig config, CancellationToken lifetime)
{
    private const int LargestAnswer = 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    private readonly Shared<(OciRepository, string?), AuthenticationHeaderValue> asked = new(lifetime);

    /// <summary>A header in place of the one that was refused.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="refused">The header that was sent; null if none was.</param>
    /// <param name="challenge">What the registry wants.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    internal Task<AuthenticationHeaderValue> AskAsync(OciRepository repository, AuthenticationHeaderValue? refused, OciChallenge challenge, CancellationToken cancellation) =>
        asked.GetAsync((repository, refused?.Parameter), token => AskAsync(repository, challenge, token), cancellation);

    private async Task<AuthenticationHeaderValue> AskAsync(OciRepository repository, OciChallenge challenge, CancellationToken cancellation)
    {
        var credential = config.For(repository.Asked);
        if (!challenge.IsBearer)
        {
            return credential?.Header is { } basic && IsSecure(repository.Address)
                ? basic
                : throw new TransportException(TransportFailure.Unauthorized, $"{repository.Registry} wants a user and a password, and the docker configuration has none for it.");
        }

        var realm = challenge.Realm!;
        RefuseHostile(repository, realm);
        var own = IsOwn(repository, realm) ? credential : null;
        var scope = $"repository:{repository.Path}:pull";
        var query = $"service={Uri.EscapeDataString(challenge.Service)}&scope={Uri.EscapeDataString(scope)}";
        var address = new UriBuilder(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query[1..]}&{query}" : query }.Uri;
        var exchange = own?.IdentityToken is { } identity
            ? new HttpExchange(realm, repository.IsNamed, to => Exchange(to, challenge.Service, scope, identity), _ => false, LargestAnswer)
            : new HttpExchange(address, repository.IsNamed && IsOwn(repository, realm), to => Get(to, own?.Header), _ => false, LargestAnswer);
        var token = await pipeline.SendAsync(exchange, (_, stream, _) => TokenAsync(realm, stream), cancellation).ConfigureAwait(false);
        return new AuthenticationHeaderValue("Bearer", token);
    }

    // A registry could send a password anywhere by naming it here.
    private static void RefuseHostile(OciRepository repository, Uri realm)
    {
        if (realm.UserInfo.Length > 0 || realm.Fragment.Length > 0 || !(realm.Scheme == "https" || (realm.Scheme == "http" && realm.IsLoopback && repository.Address is { Scheme: "http", IsLoopback: true })))
        {
            throw new TransportException(TransportFailure.Refused, $"{repository.Registry} names {HttpFailures.Shown(realm)} as the place that gives tokens, which is not asked.");
        }
    }

    // The very host; this machine, where the registry is on it too; or the well-known place of a well-known registry.
    private static bool IsOwn(OciRepository repository, Uri realm) =>
        realm.IdnHost.Equals(repository.Address.IdnHost, StringComparison.OrdinalIgnoreCase)
        || (realm.IsLoopback && repository.Address.IsLoopback)
        || (repository.Asked, realm.IdnHost) is ("docker.io", "auth.docker.io") or ("registry.gitlab.com", "gitlab.com") or ("quay.io", "quay.io") or ("ghcr.io", "ghcr.io");

    private static bool IsSecure(Uri address) => address.Scheme == "https" || address.IsLoopback;

    private static HttpRequestMessage Get(Uri address, AuthenticationHeaderValue? header)
    {
        var request = OciClient.Request(HttpMethod.Get, address);
        request.Headers.Authorization = header;
        return request;
    }

    private static HttpRequestMessage Exchange(Uri address, string service, string scope, string token)
    {
        var request = OciClient.Request(HttpMethod.Post, address);
        request.Content = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("service", service), new("scope", scope), new("client_id", "hardening-sdk"), new("refresh_token", token)]);
        return request;
    }

    private static async Task<string> TokenAsync(Uri realm, AnswerStream stream)
    {
        try
        {
            using var json = JsonDocument.Parse(await stream.ReadToEndAsync().ConfigureAwait(false), Strict);
            var token = json.RootElement.TryGetProperty("token", out var value) || json.RootElement.TryGetProperty("access_token", out value) ? value.GetString() : null;
            if (token is { Length: > 0 } && token.All(c => c is > ' ' and < '\x7f'))
            {
                return token;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new TransportException(TransportFailure.Malformed, $"{HttpFailures.Shown(realm)}: the answer is not what a token server sends.", e);
        }

        throw new TransportException(TransportFailure.Malformed, $"{HttpFailures.Shown(realm)}: the answer holds no token.");
    }
}
