using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Hardening.Formats.Images;

namespace Hardening.Transport.Oci;

/// <summary>Reads manifests and indexes (OCI image specification; Docker's manifest version 2, schema 2), whose bytes were compared with their digest.</summary>
internal static class OciManifestText
{
    internal const string Index = "application/vnd.oci.image.index.v1+json";
    internal const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    internal const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    internal const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    private const int MostPlatforms = 500;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    /// <summary>The media types that are asked for.</summary>
    internal static string Accepted { get; } = string.Join(", ", Index, Manifest, DockerIndex, DockerManifest);

    /// <summary>Whether a text is a digest in full.</summary>
    internal static bool IsDigest(string? text) => text is not null && new ImageText(string.Empty, string.Empty, text).IsPinned;

    /// <summary>The digest of bytes by the algorithm of another.</summary>
    internal static string DigestOf(byte[] bytes, string like = "sha256:") =>
        like.StartsWith("sha512:", StringComparison.Ordinal) ? "sha512:" + Convert.ToHexStringLower(SHA512.HashData(bytes)) : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none that is known.</exception>
    internal static OciManifest Read(byte[] bytes, string digest, string contentType)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, Strict);
            var root = json.RootElement;
            var isIndex = root.TryGetProperty("manifests", out var manifests);

            // OCI's may leave out what they are; the header says it then, which nothing proves, so the shape decides.
            var type = root.TryGetProperty("mediaType", out var media) ? media.GetString() ?? string.Empty : contentType.Length > 0 ? contentType : isIndex ? Index : Manifest;
            return root.GetProperty("schemaVersion").GetInt32() == 2 && (isIndex ? type is Index or DockerIndex : type is Manifest or DockerManifest)
                ? new OciManifest(new OciDescriptor(type, digest), isIndex ? Platforms(manifests) : new Dictionary<string, string>())
                : throw new FormatException("it is neither an image nor an index of images");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("it is no manifest", e);
        }
    }

    /// <summary>When it says that it was made; null if it does not.</summary>
    internal static DateTimeOffset? Created(byte[] bytes)
    {
        using var json = JsonDocument.Parse(bytes, Strict);
        return json.RootElement.TryGetProperty("annotations", out var annotations) && annotations.ValueKind == JsonValueKind.Object && annotations.TryGetProperty("org.opencontainers.image.created", out var text) ? Date(text)
            : json.RootElement.TryGetProperty("created", out text) ? Date(text)
            : null;
    }

    /// <summary>The digest of what an image was configured with; null of an index.</summary>
    internal static string? Configuration(byte[] bytes)
    {
        using var json = JsonDocument.Parse(bytes, Strict);
        return json.RootElement.TryGetProperty("config", out var config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("digest", out var digest) && digest.ValueKind == JsonValueKind.String && IsDigest(digest.GetString()) ? digest.GetString() : null;
    }

    private static DateTimeOffset? Date(JsonElement text) =>
        text.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    // What is for no platform is about an image, as attestations are, and no image.
    private static Dictionary<string, string> Platforms(JsonElement manifests)
    {
        var platforms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var manifest in manifests.EnumerateArray())
        {
            if (manifest.TryGetProperty("platform", out var platform) && platform.TryGetProperty("os", out var os) && os.GetString() is { Length: > 0 } name && name != "unknown")
            {
                var digest = manifest.GetProperty("digest").GetString();
                var key = $"{name}/{Text(platform, "architecture")}{(Text(platform, "variant") is { Length: > 0 } variant ? "/" + variant : string.Empty)}{(Text(platform, "os.version") is { Length: > 0 } version ? ":" + version : string.Empty)}";
                if (!IsDigest(digest) || key.Length > 100 || key.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':')) || platforms.Count >= MostPlatforms)
                {
                    throw new FormatException("its platforms are not written as they have to be");
                }

                platforms.TryAdd(key, digest!);
            }
        }

        return platforms;
    }

    private static string Text(JsonElement platform, string name) => platform.TryGetProperty(name, out var value) ? value.GetString() ?? string.Empty : string.Empty;
}
