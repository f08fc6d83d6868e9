using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hardening.Tests;

/// <summary>A registry on loopback in this process, for the faults that real ones do not produce, and for what has to be pushed and moved.</summary>
internal sealed class OciRegistry : IAsyncDisposable
{
    internal const string Index = "application/vnd.oci.image.index.v1+json";
    internal const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, (string Type, byte[] Bytes)> manifests = new();
    private readonly ConcurrentDictionary<string, string> tags = new();
    private readonly ConcurrentDictionary<string, byte[]> blobs = new();
    private readonly ConcurrentQueue<string> requests = new();
    private int tokens;

    private OciRegistry(WebApplication app) => this.app = app;

    /// <summary>Host and port, as images name it.</summary>
    internal string Host { get; private set; } = string.Empty;

    /// <summary>What was asked: method, path, and the scheme of the credentials.</summary>
    internal IReadOnlyCollection<string> Requests => requests;

    /// <summary>How many tokens were given.</summary>
    internal int Tokens => tokens;

    /// <summary>Whether a token is wanted.</summary>
    internal bool WantsToken { get; set; }

    /// <summary>The realm that it names, where that is another than its own.</summary>
    internal string? Realm { get; set; }

    /// <summary>Answers in place of the registry; true if it did.</summary>
    internal Func<HttpContext, Task<bool>> Fault { get; set; } = _ => Task.FromResult(false);

    internal static async Task<OciRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var registry = new OciRegistry(app);
        app.Run(registry.AnswerAsync);
        await app.StartAsync().ConfigureAwait(false);
        registry.Host = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
        return registry;
    }

    /// <summary>Puts an image for these platforms under a tag; of more than one an index. Returns its digest.</summary>
    internal string Push(string repository, string tag, string content, params string[] platforms)
    {
        var images = platforms.DefaultIfEmpty("linux/amd64").Select(p => (Platform: p, Digest: Image(repository, content, p))).ToList();
        var digest = images.Count == 1 ? images[0].Digest : Add(repository, Index, JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = Index,
            manifests = images.Select(i => new { mediaType = Manifest, digest = i.Digest, size = manifests[$"{repository}@{i.Digest}"].Bytes.Length, platform = PlatformOf(i.Platform) }),
        }));
        tags[$"{repository}:{tag}"] = digest;
        return digest;
    }

    /// <summary>Takes an image away.</summary>
    internal void Delete(string repository, string digest) => manifests.TryRemove($"{repository}@{digest}", out _);

    public async ValueTask DisposeAsync() => await app.DisposeAsync().ConfigureAwait(false);

    private static Dictionary<string, string> PlatformOf(string platform)
    {
        var parts = platform.Split('/');
        var all = new Dictionary<string, string> { ["os"] = parts[0], ["architecture"] = parts[1] };
        if (parts.Length > 2)
        {
            all["variant"] = parts[2];
        }

        return all;
    }

    private string Image(string repository, string content, string platform)
    {
        var layer = Layer(content + platform);
        var layerDigest = Blob(layer);
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            created = "2026-01-02T03:04:05Z",
            architecture = platform.Split('/')[1],
            os = platform.Split('/')[0],
            config = new { Cmd = new[] { "/hello" } },
            rootfs = new { type = "layers", diff_ids = new[] { layerDigest } },
            history = new[] { new { created_by = "test" } },
        });
        return Add(repository, Manifest, JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = Manifest,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = Blob(config), size = config.Length },
            layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar", digest = layerDigest, size = layer.Length } },
        }));
    }

    private static byte[] Layer(string content)
    {
        using var stream = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(stream, leaveOpen: true))
        {
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "hello") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), ModificationTime = DateTimeOffset.UnixEpoch });
        }

        return stream.ToArray();
    }

    private string Blob(byte[] bytes)
    {
        var digest = DigestOf(bytes);
        blobs[digest] = bytes;
        return digest;
    }

    private string Add(string repository, string type, byte[] bytes)
    {
        var digest = DigestOf(bytes);
        manifests[$"{repository}@{digest}"] = (type, bytes);
        return digest;
    }

    private static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var authorization = context.Request.Headers.Authorization.ToString();
        requests.Enqueue($"{context.Request.Method} {path} {authorization.Split(' ')[0]}".Trim());
        if (await Fault(context).ConfigureAwait(false))
        {
            return;
        }

        if (path == "/token")
        {
            Interlocked.Increment(ref tokens);
            await context.Response.WriteAsJsonAsync(new { token = "granted", expires_in = 300 }).ConfigureAwait(false);
            return;
        }

        if (WantsToken && authorization != "Bearer granted")
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Realm ?? $"http://{Host}/token"}\",service=\"test\",scope=\"repository:other:push\"";
            return;
        }

        await (path.StartsWith("/v2/", StringComparison.Ordinal) ? context.Request.Method switch
        {
            "POST" or "PUT" or "PATCH" => PushAsync(context, path[4..]),
            _ => PullAsync(context, path[4..]),
        } : Task.CompletedTask).ConfigureAwait(false);
    }

    private async Task PullAsync(HttpContext context, string path)
    {
        if (path.IndexOf("/manifests/", StringComparison.Ordinal) is var at && at > 0)
        {
            var (repository, name) = (path[..at], path[(at + 11)..]);
            var digest = name.StartsWith("sha256:", StringComparison.Ordinal) ? name : tags.GetValueOrDefault($"{repository}:{name}");
            if (digest is null || !manifests.TryGetValue($"{repository}@{digest}", out var manifest) || !context.Request.Headers.Accept.ToString().Contains(manifest.Type, StringComparison.Ordinal))
            {
                var isKnown = manifests.Keys.Any(k => k.StartsWith(repository + "@", StringComparison.Ordinal));
                context.Response.StatusCode = 404;
                if (context.Request.Method != "HEAD")
                {
                    await context.Response.WriteAsJsonAsync(new { errors = new[] { new { code = isKnown ? "MANIFEST_UNKNOWN" : "NAME_UNKNOWN" } } }).ConfigureAwait(false);
                }

                return;
            }

            context.Response.Headers["Docker-Content-Digest"] = digest;
            await BytesAsync(context, manifest.Type, manifest.Bytes).ConfigureAwait(false);
        }
        else if (path.IndexOf("/blobs/", StringComparison.Ordinal) is var blob && blob > 0 && blobs.TryGetValue(path[(blob + 7)..], out var bytes))
        {
            await BytesAsync(context, "application/octet-stream", bytes).ConfigureAwait(false);
        }
        else
        {
            context.Response.StatusCode = path.Length == 0 ? 200 : 404;
        }
    }

    private static async Task BytesAsync(HttpContext context, string type, byte[] bytes)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        if (context.Request.Method != "HEAD")
        {
            await context.Response.Body.WriteAsync(bytes).ConfigureAwait(false);
        }
    }

    // As much of pushing as the .NET SDK needs: an upload in one or more pieces, then the manifest.
    private async Task PushAsync(HttpContext context, string path)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body).ConfigureAwait(false);
        if (path.IndexOf("/manifests/", StringComparison.Ordinal) is var at && at > 0)
        {
            var digest = Add(path[..at], context.Request.ContentType ?? Manifest, body.ToArray());
            tags[$"{path[..at]}:{path[(at + 11)..]}"] = digest;
            context.Response.Headers["Docker-Content-Digest"] = digest;
            context.Response.StatusCode = 201;
            return;
        }

        var upload = path.Contains("/blobs/uploads/", StringComparison.Ordinal) ? path[(path.IndexOf("/blobs/uploads/", StringComparison.Ordinal) + 15)..] : string.Empty;
        if (upload.Length == 0)
        {
            upload = Guid.NewGuid().ToString("N");
        }

        var all = blobs.AddOrUpdate("upload " + upload, body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
        if (context.Request.Method == "PUT")
        {
            blobs[context.Request.Query["digest"].ToString()] = all;
            context.Response.StatusCode = 201;
            return;
        }

        context.Response.StatusCode = 202;
        context.Response.Headers.Location = $"/v2/{path[..path.IndexOf("/blobs/", StringComparison.Ordinal)]}/blobs/uploads/{upload}";
        context.Response.Headers["Range"] = $"0-{Math.Max(all.Length - 1, 0)}";
    }
}
