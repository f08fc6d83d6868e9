using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <summary>What a change of the lockfile does to one package id.</summary>
/// <param name="Name">The id.</param>
/// <param name="Text">The id and its versions, for people.</param>
/// <param name="IsRemoved">Whether no new bytes come with it.</param>
/// <param name="Runs">What the new bytes run in the build, as their lock entries say.</param>
internal sealed record PackageChange(string Name, string Text, bool IsRemoved, IReadOnlyList<string> Runs)
{
    /// <summary>All changes, sorted by id.</summary>
    internal static IReadOnlyList<PackageChange> Between(NuGetSection before, NuGetSection after)
    {
        var then = before.Packages.Values.ToLookup(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var now = after.Packages.Values.ToLookup(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var asked = after.Projects.Values.SelectMany(p => p.Graphs.Values).SelectMany(g => g.Direct.Keys.Concat(g.Downloads.Keys))
            .Concat(after.MSBuildSdks.Keys).Concat(after.Tools.Keys).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. then.Select(g => g.Key).Union(now.Select(g => g.Key), StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Select(id => Of(id, [.. then[id]], [.. now[id]], asked.Contains(id))).OfType<PackageChange>()];
    }

    private static PackageChange? Of(string id, IReadOnlyList<PackageEntry> then, IReadOnlyList<PackageEntry> now, bool isAsked)
    {
        var added = now.ExceptBy(then.Select(p => p.Key), p => p.Key).ToList();
        var removed = then.ExceptBy(now.Select(p => p.Key), p => p.Key).ToList();
        var other = now.Where(p => then.Any(o => o.Key == p.Key && o.Content != p.Content)).ToList();
        if (added.Count == 0 && other.Count == 0)
        {
            return removed.Count == 0 ? null : new PackageChange(id, $"{id} {Versions(removed)}", true, []);
        }

        var text = (added.Count, removed.Count) switch
        {
            (0, _) => $"{id} {Versions(other)}, other hashes under the same version",
            (_, 0) when then.Count == 0 => $"{id} {Versions(added)}, new",
            (_, 0) => $"{id} {Versions(added)}, beside {Versions(then)}",
            _ => $"{id} {Versions(removed)} -> {Versions(added)}{(Highest(added, then) ? string.Empty : ", a lower version")}",
        };
        return new PackageChange(id, text + (isAsked ? string.Empty : ", transitive"), false, [.. added.Concat(other).SelectMany(p => p.Runs).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private static bool Highest(IReadOnlyList<PackageEntry> added, IReadOnlyList<PackageEntry> then) =>
        added.Any(a => then.All(t => Baselines.Versions.Compare(a.Version, t.Version) > 0));

    private static string Versions(IEnumerable<PackageEntry> entries) => string.Join(" and ", entries.Select(e => e.Version).Order(Comparer<string>.Create(Baselines.Versions.Compare)));
}
