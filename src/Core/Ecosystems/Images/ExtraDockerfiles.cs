using System.IO.Enumeration;
using Hardening.Files;
using Hardening.Policies;

namespace Hardening.Ecosystems.Images;

/// <summary>Dockerfiles that bear no name by which they would be known, as the property HardeningDockerfiles lists them.</summary>
public sealed class ExtraDockerfiles
{
    private readonly PathPatterns? paths;
    private readonly string[] names;

    /// <summary>Reads the list.</summary>
    /// <param name="list">Paths and globs relative to the root with <c>/</c>, separated by <c>;</c>; empty if there are none.</param>
    /// <exception cref="ArgumentException">One is no such path; the message says why.</exception>
    public ExtraDockerfiles(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var patterns = list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => p.Replace('\\', '/')).ToList();
        paths = patterns.Count == 0 ? null : new PathPatterns(patterns, PathRules.Here.Comparison);
        names = [.. patterns.Select(p => p[(p.LastIndexOf('/') + 1)..])];
    }

    /// <summary>None.</summary>
    public static ExtraDockerfiles None { get; } = new(string.Empty);

    /// <summary>Whether a file with this name may be one.</summary>
    public bool IsWanted(ReadOnlySpan<char> name)
    {
        foreach (var pattern in names)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a path relative to the root is one.</summary>
    public bool Matches(string path) => paths?.Matches(path) == true;
}
