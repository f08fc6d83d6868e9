namespace Hardening.Formats.Images;

/// <summary>The name of a container image, taken apart (distribution's reference grammar): <c>name[:tag][@digest]</c>.</summary>
/// <param name="Name">Registry and repository as written.</param>
/// <param name="Tag">The tag; empty if none is written.</param>
/// <param name="Digest">The digest with its algorithm; empty if none is written.</param>
public readonly record struct ImageText(string Name, string Tag, string Digest)
{
    /// <summary>Whether the digest is one that identifies an image: SHA-256 or SHA-512 in full.</summary>
    public bool IsPinned => IsDigest("sha256:", 64) || IsDigest("sha512:", 128);

    /// <summary>Takes a name apart; whatever it holds, there is an answer.</summary>
    public static ImageText Parse(string image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? string.Empty : image[(at + 1)..];
        var name = at < 0 ? image : image[..at];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? new ImageText(name[..colon], name[(colon + 1)..], digest) : new ImageText(name, string.Empty, digest);
    }

    private bool IsDigest(string algorithm, int length) =>
        Digest is not null && Digest.Length == algorithm.Length + length && Digest.StartsWith(algorithm, StringComparison.Ordinal)
        && Digest.AsSpan(algorithm.Length).IndexOfAnyExceptInRange('0', 'f') < 0 && Digest.AsSpan(algorithm.Length).IndexOfAnyInRange(':', '`') < 0;
}
