using System.Text.Json;

namespace Hardening.Lockfiles;

/// <summary>The section of container images.</summary>
public sealed record ImagesSection
{
    internal static ImagesSection Empty { get; } = new();

    /// <summary>
    /// Images that a project publishes its own container on, which no file has to name: path of the project, relative to the root, with <c>/</c> → the image as it was
    /// asked for, name and tag in full (<c>mcr.microsoft.com/dotnet/runtime:10.0</c>) → the key of its entry.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Bases { get; init; } = Map<IReadOnlyDictionary<string, string>>.Empty;

    /// <summary>Entries by <see cref="ImageEntry.Key"/>.</summary>
    public IReadOnlyDictionary<string, ImageEntry> Digests { get; init; } = Map<ImageEntry>.Empty;

    /// <summary>Unknown members, kept.</summary>
    public IReadOnlyDictionary<string, JsonElement> Unknown { get; init; } = Map<JsonElement>.Empty;

    /// <summary>
    /// Whether images were locked: the section is written, if only to say that none is used. Until then there is nothing to drift from, and findings of this
    /// ecosystem warn.
    /// </summary>
    public bool IsBaseline
    {
        get => field || Digests.Count > 0 || Bases.Count > 0 || Unknown.Count > 0;
        init;
    }
}

/// <summary>The lock entry of one container image.</summary>
/// <param name="Name">Registry and repository in full, as in <c>docker.io/library/alpine</c> (see <see cref="Formats.Images.ImageName.Name"/>).</param>
/// <param name="Digest">The digest of the index where there is one, else of the manifest: <c>sha256:</c> and 64, or <c>sha512:</c> and 128 lower-case hexadecimal digits.</param>
public sealed record ImageEntry(string Name, string Digest)
{
    /// <summary>The tags it was taken from, sorted; none where files name it by digest alone.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The media type of what the digest is of.</summary>
    public string MediaType { get; init; } = string.Empty;

    /// <summary>The platforms that an index holds (<c>linux/arm/v7</c>) → the digest of the manifest for it; none of an image for one platform.</summary>
    public IReadOnlyDictionary<string, string> Platforms { get; init; } = Map<string>.Empty;

    /// <summary>Unknown members, kept.</summary>
    public IReadOnlyDictionary<string, JsonElement> Unknown { get; init; } = Map<JsonElement>.Empty;

    /// <summary>The identity, as in <c>docker.io/library/alpine@sha256:…</c>.</summary>
    public string Key => KeyOf(Name, Digest);

    /// <summary>The key of a name and a digest.</summary>
    public static string KeyOf(string name, string digest) => string.Concat(name, "@", digest);
}
