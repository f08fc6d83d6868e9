namespace Hardening.Formats.Images;

/// <summary>
/// The name of a container image in full: what short names mean is written out, as every client of registries does it (distribution's reference grammar). Two
/// spellings of one image are equal here.
/// </summary>
/// <param name="Registry">Host and, if written, port, in lower case: <c>docker.io</c>, <c>localhost:5000</c>.</param>
/// <param name="Repository">The path in the registry: <c>library/alpine</c>.</param>
/// <param name="Tag">The tag; empty if none is written.</param>
/// <param name="Digest">The digest with its algorithm; empty if none is written.</param>
public sealed record ImageName(string Registry, string Repository, string Tag, string Digest)
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
        return IsRegistry(registry) && IsRepository(repository) && (!hasTag || IsTag(text.Tag)) ? new ImageName(registry, repository, text.Tag, text.Digest) : null;
    }

    // What comes before the first slash is a host only if it looks like one.
    private static (string Registry, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? string.Empty : name[..slash];
        var isHost = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.AsSpan().ContainsAnyInRange('A', 'Z');
        var (registry, repository) = isHost ? (first.ToLowerInvariant(), name[(slash + 1)..]) : (DefaultRegistry, name);
        registry = registry is "index.docker.io" or "registry-1.docker.io" ? DefaultRegistry : registry;
        return (registry, registry == DefaultRegistry && !repository.Contains('/', StringComparison.Ordinal) ? "library/" + repository : repository);
    }

    // Loops, since every build that reads a lockfile with images comes here, and a regular expression is made anew in each process.
    private static bool IsRegistry(string text)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']');
        var host = hasPort ? text.AsSpan(0, colon) : text;
        if (hasPort && (text.Length - colon - 1 is < 1 or > 5 || text.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9')))
        {
            return false;
        }

        if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
        {
            return host[1..^1].IndexOfAnyExcept("0123456789abcdef:") < 0;
        }

        foreach (var label in host.Split('.'))
        {
            var part = host[label];
            if (part.IsEmpty || part[0] == '-' || part[^1] == '-' || part.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-") >= 0)
            {
                return false;
            }
        }

        return true;
    }

    // Words of letters and digits, between which stands one dot, one or two underscores, or hyphens.
    private static bool IsRepository(string text)
    {
        foreach (var range in text.AsSpan().Split('/'))
        {
            var part = text.AsSpan(range);
            for (var i = 0; i < part.Length;)
            {
                var word = Run(part, i, static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
                if (word == i)
                {
                    return false;
                }

                i = word;
                if (i < part.Length)
                {
                    var c = part[i];
                    var end = Run(part, i, other => other == c);
                    if (c is not ('.' or '_' or '-') || end == part.Length || (c == '.' && end - i > 1) || (c == '_' && end - i > 2))
                    {
                        return false;
                    }

                    i = end;
                }
            }

            if (part.IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    private static int Run(ReadOnlySpan<char> text, int start, Func<char, bool> isIn)
    {
        while (start < text.Length && isIn(text[start]))
        {
            start++;
        }

        return start;
    }

    private static bool IsTag(string text) =>
        text.Length is > 0 and <= 128 && text[0] is not ('.' or '-') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
