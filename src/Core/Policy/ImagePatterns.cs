namespace Hardening.Policies;

/// <summary>
/// Patterns of image names: registry and repository in full, as in <c>mcr.microsoft.com/dotnet/runtime</c>, or all below a path, as in <c>mcr.microsoft.com/*</c>
/// and <c>docker.io/library/*</c>.
/// </summary>
public sealed class ImagePatterns
{
    private const string All = "/*";

    private readonly HashSet<string> names;
    private readonly string[] folders;

    /// <summary>Compiles patterns.</summary>
    public ImagePatterns(IEnumerable<string> patterns)
    {
        var lists = patterns.ToLookup(p => p.EndsWith(All, StringComparison.Ordinal));
        names = [.. lists[false]];
        folders = [.. lists[true].Select(p => p[..^1])];
    }

    /// <summary>Whether one of them covers a name in full.</summary>
    public bool Matches(string name) => names.Contains(name) || Array.Exists(folders, f => name.StartsWith(f, StringComparison.Ordinal));
}
