namespace Hardening.Transport.Oci;

/// <summary>What a registry says of a manifest or an index (OCI image specification, "Content Descriptors").</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Digest">Its digest, <c>sha256:…</c> or <c>sha512:…</c>.</param>
public sealed record OciDescriptor(string MediaType, string Digest);

/// <summary>A manifest or an index whose bytes have the digest that they were asked for.</summary>
/// <param name="Descriptor">What it is.</param>
/// <param name="Platforms">Of an index the platforms that it holds (<c>linux/arm/v7</c>) → the digest of the manifest for it.</param>
public sealed record OciManifest(OciDescriptor Descriptor, IReadOnlyDictionary<string, string> Platforms);

/// <summary>Whether a registry still has an image.</summary>
public enum OciPresence
{
    /// <summary>It has it.</summary>
    Present,

    /// <summary>It has the repository, and not this image.</summary>
    ManifestGone,

    /// <summary>It has no such repository, or shows it only to others.</summary>
    RepositoryGone,
}
