using System.Text.RegularExpressions;

namespace Hardening.Formats.Images;

/// <summary>
/// The name of a container image in full: what short names mean is written out, as every client of registries does it (distribution's reference grammar). Two
/// spellings of one image are equal here.
/// </summary>
/// <param name="Registry">Host and, if written, port, in lower case: <c>docker.io</c>, <c>localhost:5000</c>.</param>
/// <param name="Repository">The path in the registry: <c>library/alpine</c>.</param>
/// <param name="Tag">The tag; empty if none is written.</param>
/// <param name="Digest">The digest with its algorithm; empty if none is written.</param>
public sealed partial record ImageName(string Registry, string Repository, string Tag, string Digest)
{
    /// <summary>The registry of names without one.</summary>
    public const string DefaultRegistry = "docker.io";

    /// <summary>The tag that stands for none.</summary>
    public const string DefaultTag = "latest";

    // Distribution takes no longer repository than this, registry included.
    private const int LongestName = 255;

    /// <summary>Registry and repository, as in <c>docker.io/library/alpine</c>: what lock entries are of.</summary>
    public string Name => string.Concat(Registry, "/", Repository);

    /// <summary>The tag that is meant: also where neither tag nor digest is written; empty of a mere digest.</summary>
    public string EffectiveTag => Tag.Length == 0 && Digest.Length == 0 ? DefaultTag : Tag;

    /// <summary>Name and tag as they are asked for, as in <c>docker.io/library/alpine:3.19</c>; the name alone of a mere digest.</summary>
    public string Reference => EffectiveTag.Length == 0 ? Name : string.Concat(Name, ":", EffectiveTag);

    /// <summary>Reads a name as written; null if it is none.</summary>
    public static ImageName? Parse(string image)
    {
        var text = ImageText.Parse(image);
        if ((text.Digest.Length > 0 && !text.IsPinned) || (image.Contains('@', StringComparison.Ordinal) && text.Digest.Length == 0) || text.Name.Length > LongestName)
        {
            return null;
        }

        var (registry, repository) = Split(text.Name);
        var hasTag = text.Tag.Length > 0 || (text.Digest.Length == 0 ? image : image[..image.IndexOf('@', StringComparison.Ordinal)]).Length > text.Name.Length;
        return RegistryGrammar().IsMatch(registry) && RepositoryGrammar().IsMatch(repository) && (!hasTag || TagGrammar().IsMatch(text.Tag))
            ? new ImageName(registry.ToLowerInvariant(), repository, text.Tag, text.Digest)
            : null;
    }

    // What comes before the first slash is a host only if it looks like one.
    private static (string Registry, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? string.Empty : name[..slash];
        var isHost = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.AsSpan().ContainsAnyInRange('A', 'Z');
        var (registry, repository) = isHost ? (first, name[(slash + 1)..]) : (DefaultRegistry, name);
        registry = registry is "index.docker.io" ? DefaultRegistry : registry;
        return (registry, registry == DefaultRegistry && !repository.Contains('/', StringComparison.Ordinal) ? "library/" + repository : repository);
    }

    [GeneratedRegex(@"\A(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex RegistryGrammar();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryGrammar();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TagGrammar();
}
