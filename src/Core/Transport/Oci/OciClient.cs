using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Hardening.Transport.Oci;

/// <summary>
/// Asks registries by the OCI distribution specification. What they answer is hostile: bounded, and believed only once its digest was computed here. Errors are
/// <see cref="TransportException"/> and nothing else. For one run: a token is asked for once a repository.
/// </summary>
public sealed class OciClient : IDisposable
{
    private const int LargestManifest = 4 * 1024 * 1024;

    private static readonly ProductInfoHeaderValue Agent = new("hardening-sdk", null);

    private readonly CancellationTokenSource lifetime = new();
    private readonly HttpPipeline pipeline;
    private readonly OciRegistries registries;
    private readonly DockerConfig config;
    private readonly OciAuthorization authorization;
    private readonly ConcurrentDictionary<OciRepository, AuthenticationHeaderValue> known = new();

    /// <summary>Opens no connection yet.</summary>
    public OciClient(OciClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        registries = options.Registries;
        pipeline = new HttpPipeline(options.Transport, options.Seams);
        config = new DockerConfig(options.Environment);
        authorization = new OciAuthorization(pipeline, config, lifetime.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What still runs ends by it, so it is not disposed itself.
        lifetime.Cancel();
        pipeline.Dispose();
    }

    /// <summary>What a tag leads to. Asked by HEAD, which registries do not count as a pull; where that says no digest, by GET.</summary>
    /// <param name="registry">Host and port as images name it.</param>
    /// <param name="repository">The path in it.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="TransportException">There is no such tag (<see cref="TransportFailure.Absent"/>) or repository (<see cref="TransportFailure.NotFound"/>), or no answer.</exception>
    public async Task<OciDescriptor> ResolveAsync(string registry, string repository, string tag, CancellationToken cancellation)
    {
        var at = Repository(registry, repository);
        var head = await SendAsync(at, HttpMethod.Head, $"manifests/{tag}", cancellation).ConfigureAwait(false);
        if (head.Status == HttpStatusCode.OK && OciManifestText.IsDigest(head.Digest))
        {
            return new OciDescriptor(head.MediaType, head.Digest!);
        }

        var body = await GetAsync(at, $"manifests/{tag}", cancellation).ConfigureAwait(false);
        return Read(at, body, OciManifestText.DigestOf(body.Body)).Descriptor;
    }

    /// <summary>The manifest or index with a digest.</summary>
    /// <exception cref="TransportException">As <see cref="ResolveAsync"/>; or the bytes have another digest (<see cref="TransportFailure.Malformed"/>).</exception>
    public async Task<OciManifest> ManifestAsync(string registry, string repository, string digest, CancellationToken cancellation)
    {
        var at = Repository(registry, repository);
        return Read(at, await VerifiedAsync(at, $"manifests/{digest}", digest, cancellation).ConfigureAwait(false), digest);
    }

    /// <summary>When an image was made, as its author claims; null if it does not say.</summary>
    /// <exception cref="TransportException">As <see cref="ManifestAsync"/>.</exception>
    public async Task<DateTimeOffset?> CreatedAsync(string registry, string repository, string digest, CancellationToken cancellation)
    {
        var at = Repository(registry, repository);
        var answer = await VerifiedAsync(at, $"manifests/{digest}", digest, cancellation).ConfigureAwait(false);
        var manifest = Read(at, answer, digest);
        try
        {
            if (OciManifestText.Created(answer.Body) is { } created)
            {
                return created;
            }

            if (manifest.Platforms.Values.FirstOrDefault() is { } first)
            {
                answer = await VerifiedAsync(at, $"manifests/{first}", first, cancellation).ConfigureAwait(false);
            }

            return OciManifestText.Configuration(answer.Body) is { } configuration
                ? OciManifestText.Created((await VerifiedAsync(at, $"blobs/{configuration}", configuration, cancellation).ConfigureAwait(false)).Body)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new TransportException(TransportFailure.Malformed, $"{registry}/{repository}@{digest}: what describes the image is not readable.", e);
        }
    }

    /// <summary>Whether an image is still there.</summary>
    /// <exception cref="TransportException">The registry gave no answer to it.</exception>
    public async Task<OciPresence> PresenceAsync(string registry, string repository, string digest, CancellationToken cancellation)
    {
        var at = Repository(registry, repository);
        if ((await SendAsync(at, HttpMethod.Head, $"manifests/{digest}", cancellation).ConfigureAwait(false)).Status == HttpStatusCode.OK)
        {
            return OciPresence.Present;
        }

        var answer = await SendAsync(at, HttpMethod.Get, $"manifests/{digest}", cancellation).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.OK ? OciPresence.Present : IsOfManifest(answer) ? OciPresence.ManifestGone : OciPresence.RepositoryGone;
    }

    internal static HttpRequestMessage Request(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.UserAgent.Add(Agent);
        return request;
    }

    private OciRepository Repository(string registry, string repository)
    {
        var address = registries.AddressOf(registry, out var isNamed);
        var at = new OciRepository(registry, repository, address, isNamed);
        return isNamed || config.For(at.Asked) is null ? at : at with { IsNamed = true };
    }

    private async Task<OciAnswer> VerifiedAsync(OciRepository at, string rest, string digest, CancellationToken cancellation)
    {
        var answer = await GetAsync(at, rest, cancellation).ConfigureAwait(false);
        return OciManifestText.DigestOf(answer.Body, digest) == digest
            ? answer
            : throw new TransportException(TransportFailure.Malformed, $"{HttpFailures.Shown(at.At(rest))}: the registry answers with other bytes than those of the digest.");
    }

    private async Task<OciAnswer> GetAsync(OciRepository at, string rest, CancellationToken cancellation)
    {
        var answer = await SendAsync(at, HttpMethod.Get, rest, cancellation).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.OK ? answer
            : throw new TransportException(IsOfManifest(answer) ? TransportFailure.Absent : TransportFailure.NotFound, $"{HttpFailures.Shown(at.At(rest))}: the registry has {(IsOfManifest(answer) ? "no such image in it" : "nothing there, or shows it only to others")} (HTTP 404).");
    }

    private static OciManifest Read(OciRepository at, OciAnswer answer, string digest)
    {
        try
        {
            return OciManifestText.Read(answer.Body, digest, answer.MediaType);
        }
        catch (FormatException e)
        {
            throw new TransportException(TransportFailure.Malformed, $"{at.Registry}/{at.Path}@{digest}: {e.Message}.", e);
        }
    }

    // Without credentials first, unless it is known that they are wanted; then once more with what the registry wants to see.
    private async Task<OciAnswer> SendAsync(OciRepository at, HttpMethod method, string rest, CancellationToken cancellation)
    {
        var header = known.GetValueOrDefault(at);
        var answer = await SendAsync(at, method, rest, header, cancellation).ConfigureAwait(false);
        if (answer.Challenge is { } challenge)
        {
            header = await authorization.AskAsync(at, header, challenge, cancellation).ConfigureAwait(false);
            known[at] = header;
            answer = await SendAsync(at, method, rest, header, cancellation).ConfigureAwait(false);
        }

        return answer.Status is HttpStatusCode.OK or HttpStatusCode.NotFound ? answer
            : throw new TransportException(TransportFailure.Unauthorized, $"{HttpFailures.Shown(at.At(rest))}: the registry wants credentials, or does not take those that it got (HTTP 401).");
    }

    private Task<OciAnswer> SendAsync(OciRepository at, HttpMethod method, string rest, AuthenticationHeaderValue? header, CancellationToken cancellation)
    {
        HttpRequestMessage Make(Uri address)
        {
            var request = Request(method, address);
            request.Headers.TryAddWithoutValidation("Accept", rest.StartsWith("manifests/", StringComparison.Ordinal) ? OciManifestText.Accepted : "application/octet-stream");
            request.Headers.Authorization = header;
            return request;
        }

        var exchange = new HttpExchange(at.At(rest), at.IsNamed, Make, _ => false, LargestManifest) { Accepts = s => s is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound };
        return pipeline.SendAsync(exchange, (response, stream, _) => OciAnswer.ReadAsync(response, stream, method == HttpMethod.Head), cancellation);
    }

    private static bool IsOfManifest(OciAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body, new JsonDocumentOptions { MaxDepth = 16 });
            return json.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array
                && errors.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String && code.GetString() is "MANIFEST_UNKNOWN" or "TAG_INVALID");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
