namespace Hardening.Ecosystems.NuGet;

/// <summary>Package source mapping as NuGet does it: of all patterns that match an id, an exact one or else the longest counts.</summary>
public static class SourceMapping
{
    /// <summary>The sources of the patterns that count for an id, each as often as it has one; none if no pattern matches.</summary>
    /// <param name="patterns">Sources with a pattern each, which may end with <c>*</c>.</param>
    /// <param name="id">The id of the package.</param>
    public static IReadOnlyList<string> SourcesOf(IEnumerable<(string Source, string Pattern)> patterns, string id)
    {
        var matches = patterns.Where(p => Matches(p.Pattern, id)).Select(p => (p.Source, Rank: p.Pattern.EndsWith('*') ? p.Pattern.Length - 1 : int.MaxValue)).ToList();
        var best = matches.Select(m => m.Rank).DefaultIfEmpty().Max();
        return [.. matches.Where(m => m.Rank == best).Select(m => m.Source)];
    }

    private static bool Matches(string pattern, string id) =>
        pattern.EndsWith('*') ? id.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase) : id.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}
