using System.Globalization;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>Chooses the name that tells most of a commit, as GitHub's tool does: the highest full version, any other tag, a branch.</summary>
internal static class RefRank
{
    private const string Tags = "refs/tags/";
    private const string Heads = "refs/heads/";

    /// <summary>The short name of the best of some refs in full; null if none is a tag or branch that actions.lock can hold.</summary>
    internal static string? Best(IEnumerable<string> refs)
    {
        var all = refs.ToList();
        var tags = Short(all, Tags).OrderByDescending(Version).ThenBy(n => n, StringComparer.Ordinal);
        return tags.Concat(Short(all, Heads).Order(StringComparer.Ordinal)).FirstOrDefault();
    }

    private static IEnumerable<string> Short(IEnumerable<string> refs, string prefix) =>
        refs.Where(r => r.StartsWith(prefix, StringComparison.Ordinal)).Select(r => r[prefix.Length..]).Where(ActionsLockText.IsRef);

    // Three numbers, with or without a v before them; less is a tag that moves, more a version before the release.
    private static (int Major, int Minor, int Patch)? Version(string name)
    {
        var parts = name.TrimStart('v').Split('.');
        return name.Length - name.TrimStart('v').Length <= 1 && parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var patch)
                ? (major, minor, patch)
                : null;
    }
}
