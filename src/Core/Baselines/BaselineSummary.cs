using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <summary>Says for people what is different, the code that would run first. Lists are capped and say how many more there are.</summary>
internal static class BaselineSummary
{
    private const int MostLines = 20;
    private const int MostFiles = 5;

    internal static IReadOnlyList<string> Of(BaselineSnapshot before, BaselineSnapshot after)
    {
        var then = before.Lockfile?.NuGet ?? NuGetSection.Empty;
        var now = after.Lockfile?.NuGet ?? NuGetSection.Empty;
        var packages = PackageChange.Between(then, now);
        var (locked, found) = (before.Lockfile?.Actions ?? ActionsSection.Empty, after.Lockfile?.Actions ?? ActionsSection.Empty);
        var actions = ActionChange.Between(locked, found);
        var (imagesThen, imagesNow) = (before.Lockfile?.Images ?? ImagesSection.Empty, after.Lockfile?.Images ?? ImagesSection.Empty);
        var images = ImageChange.Between(imagesThen, imagesNow);
        var lines = new List<string>();
        if (before.Lockfile is null)
        {
            lines.Add($"{before.Name} has no {after.AtRoot(Lockfile.FileName)}: there is nothing that could be weakened, and everything in it is new.");
        }

        List("New MSBuild SDKs, which run before everything else, at evaluation:", Pairs(then.MSBuildSdks, now.MSBuildSdks));
        List("New code would run in the build:", packages.Where(p => p.Runs.Count > 0).Select(p => $"{p.Text} ({Capped(p.Runs)})"));
        List("Files that decide over the build were changed:", Changed(before, after));
        List("Submodules were changed; what is in them was not compared:", Values(before.Submodules, after.Submodules));
        if (lines.Count == (before.Lockfile is null ? 1 : 0))
        {
            lines.Add("Nothing that runs in a build changed, as far as the lock entries say.");
        }

        List("New or updated tools, which run when someone calls them:", Pairs(then.Tools, now.Tools));
        List("New or updated actions, which run in workflows:", actions.Where(a => !a.IsRemoved).Select(a => a.Text));
        List("Paths of locked actions that are used only now; what they use is claimed by the lockfile and compared by -p:HardeningCheckUpstream=true:", ActionChange.NewPaths(locked, found).Select(Text));
        List("New or updated container images, in which something is built or run:", images.Where(i => !i.IsRemoved).Select(i => i.Text));
        List("Base images of published containers:", ImageChange.OfBases(imagesThen, imagesNow));
        List("New or updated packages that run nothing in the build:", packages.Where(p => !p.IsRemoved && p.Runs.Count == 0).Select(p => p.Text));
        List("Removed packages:", packages.Where(p => p.IsRemoved).Select(p => p.Text));
        List("Removed actions:", actions.Where(a => a.IsRemoved).Select(a => a.Text));
        List("Removed container images:", images.Where(i => i.IsRemoved).Select(i => i.Text));
        List("New package sources:", Sources(now).Except(Sources(then), StringComparer.Ordinal));
        List("New projects:", now.Projects.Keys.Except(then.Projects.Keys, StringComparer.Ordinal));
        List("Removed projects:", then.Projects.Keys.Except(now.Projects.Keys, StringComparer.Ordinal));
        List("New .NET SDKs whose packages are locked:", now.Sdks.Keys.Except(then.Sdks.Keys, StringComparer.Ordinal));
        List("The .NET SDK that is asked for:", Values(DotNet(before), DotNet(after)));
        return lines;

        void List(string heading, IEnumerable<string> items)
        {
            var sorted = items.Order(StringComparer.OrdinalIgnoreCase).ThenBy(i => i, StringComparer.Ordinal).ToList();
            if (sorted.Count > 0)
            {
                lines.Add(heading);
                lines.AddRange(sorted.Take(MostLines).Select(i => "  " + i));
                if (sorted.Count > MostLines)
                {
                    lines.Add($"  and {sorted.Count - MostLines} more");
                }
            }
        }
    }

    private static string Text((string Action, string Path, IReadOnlyList<string> Words) used) =>
        $"{used.Action} at {(used.Path == ActionEntry.RootPath ? "its root" : used.Path)}: {(used.Words.Count == 0 ? "nothing" : Capped(used.Words))}";

    private static string Capped(IReadOnlyList<string> runs) =>
        string.Join(", ", runs.Take(MostFiles)) + (runs.Count > MostFiles ? $" and {runs.Count - MostFiles} more" : string.Empty);

    // Ids with versions: what is new of it.
    private static IEnumerable<string> Pairs(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now) =>
        now.Where(p => then.GetValueOrDefault(p.Key) != p.Value)
            .Select(p => then.TryGetValue(p.Key, out var old) ? $"{p.Key} {old} -> {p.Value}" : $"{p.Key} {p.Value}, new");

    private static IEnumerable<string> Values(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now) =>
        then.Keys.Union(now.Keys, StringComparer.Ordinal).Where(k => then.GetValueOrDefault(k) != now.GetValueOrDefault(k))
            .Select(k => $"{k}: {then.GetValueOrDefault(k, "none")} -> {now.GetValueOrDefault(k, "none")}");

    private static IEnumerable<string> Changed(BaselineSnapshot before, BaselineSnapshot after)
    {
        var then = Hashes(before);
        var now = Hashes(after);
        return then.Keys.Union(now.Keys, StringComparer.Ordinal).Where(p => then.GetValueOrDefault(p) != now.GetValueOrDefault(p))
            .Select(p => p + (!then.ContainsKey(p) ? ", new" : !now.ContainsKey(p) ? ", removed" : string.Empty));
    }

    private static Dictionary<string, string> Hashes(BaselineSnapshot snapshot) =>
        snapshot.Control.Concat(snapshot.BuildProps.Select(p => KeyValuePair.Create(p.Key, p.Value.Hash))).Concat(snapshot.GlobalJson.Select(g => KeyValuePair.Create(g.Key, g.Value.Hash)))
            .DistinctBy(p => p.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    private static IEnumerable<string> Sources(NuGetSection section) => section.Sources.SelectMany(f => f.Value.Sources.Select(s => $"{s.Key} {s.Value}")).Distinct(StringComparer.Ordinal);

    private static Dictionary<string, string> DotNet(BaselineSnapshot snapshot) =>
        snapshot.GlobalJson.Where(g => g.Value.Version.Length > 0).ToDictionary(g => g.Key, g => g.Value.Version, StringComparer.Ordinal);
}
