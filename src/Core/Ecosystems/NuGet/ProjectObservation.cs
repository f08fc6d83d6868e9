using NuGet.Frameworks;
using Hardening.Files;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>What an unlocked restore of one project into quarantine found: the project's entry, without hashes.</summary>
internal sealed class ProjectObservation(string root, RestoreResult result, RestoreLock restoreLock)
{
    private readonly ILookup<string, RestoredProject> projects = result.Projects.ToLookup(p => p.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The project's key: its path relative to the root; null if it lies elsewhere.</summary>
    public string? Key { get; } = RepositoryRoot.RelativeOnDisk(root, result.ProjectPath);

    /// <summary>What the restore left.</summary>
    public RestoreResult Result => result;

    /// <summary>NuGet's own lock file of the restore.</summary>
    public RestoreLock Lock => restoreLock;

    /// <summary>Every package that the restore put on disk.</summary>
    public IEnumerable<RestoredPackage> Packages => result.Packages.Concat(result.Frameworks.SelectMany(f => f.Downloads)).Distinct();

    /// <summary>Makes the entry; <see cref="ProjectEntry.Exports"/> come from <see cref="ExportsOfOthers"/> of those that reference it.</summary>
    public ProjectEntry ToEntry(SdkTable sdk)
    {
        var graphs = new Dictionary<string, FrameworkGraph>(StringComparer.Ordinal);
        foreach (var (key, items) in restoreLock.Targets)
        {
            graphs[key] = Graph(key, items, sdk);
        }

        return new ProjectEntry { Name = result.ProjectName, LockVersion = restoreLock.Version, Graphs = graphs };
    }

    /// <summary>What flows into this project from those it references: name, framework, id → range.</summary>
    public IEnumerable<(string Project, string Framework, IReadOnlyDictionary<string, string> Ranges)> ExportsOfOthers() =>
        from target in restoreLock.Targets
        from item in target.Value
        where item.Type == RestoreLockItem.Project
        let path = PathOf(item.Id)
        where path is not null
        select (path, target.Key.Split('/')[0], item.Dependencies);

    private FrameworkGraph Graph(string key, IReadOnlyList<RestoreLockItem> items, SdkTable sdk)
    {
        var frameworkKey = key.Split('/')[0];
        var framework = FrameworkOf(frameworkKey);
        var varying = Varying(frameworkKey, items, framework);
        var direct = new Dictionary<string, string>(StringComparer.Ordinal);
        var central = new Dictionary<string, string>(StringComparer.Ordinal);
        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        var downloads = new Dictionary<string, string>(StringComparer.Ordinal);
        var projects = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item.Type == RestoreLockItem.Project)
            {
                projects[item.Id] = PathOf(item.Id) ?? throw new InvalidDataException($"the project {item.Id} lies outside the repository");
                continue;
            }

            var id = item.Id.ToLowerInvariant();
            var version = item.Resolved ?? throw new InvalidDataException($"NuGet resolved no version of {item.Id}");
            // A direct reference that was resolved to another version than the SDK asks for is held by something else.
            var implied = varying.Contains(id) && (item.Type != RestoreLockItem.Direct || item.Requested == $"[{version}, )") && sdk.TryAdd(key, id, version);
            resolved[id] = implied ? FrameworkGraph.SdkImplied : version;
            if (item.Type == RestoreLockItem.Direct)
            {
                direct[id] = implied ? FrameworkGraph.SdkImplied : item.Requested ?? string.Empty;
            }
            else if (item.Type == RestoreLockItem.CentralTransitive && item.Requested is not null)
            {
                central[id] = item.Requested;
            }
        }

        if (key == frameworkKey)
        {
            foreach (var group in framework.Downloads.GroupBy(d => d.Id.ToLowerInvariant()))
            {
                var versions = string.Join(';', group.Select(d => d.Version.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal));
                downloads[group.Key] = ImpliedPackages.IsSdkDownload(group.Key) && !versions.Contains(';', StringComparison.Ordinal) && sdk.TryAdd(key, group.Key, versions) ? FrameworkGraph.SdkImplied : versions;
            }
        }

        return new FrameworkGraph { Direct = direct, Central = central, Resolved = resolved, Downloads = downloads, Projects = projects };
    }

    // Everything that no reference of the project's own leads to.
    private HashSet<string> Varying(string frameworkKey, IReadOnlyList<RestoreLockItem> items, RestoredFramework framework)
    {
        var all = restoreLock.Targets[frameworkKey].Concat(items).ToLookup(i => i.Id, StringComparer.OrdinalIgnoreCase);
        var own = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<string>(all.SelectMany(i => i)
            .Where(i => i.Type != RestoreLockItem.Transitive && !IsImplied(i, framework))
            .Select(i => i.Id));
        while (open.TryPop(out var id))
        {
            if (own.Add(id))
            {
                foreach (var dependency in all[id].SelectMany(i => i.Dependencies.Keys))
                {
                    open.Push(dependency);
                }
            }
        }

        return [.. items.Where(i => !own.Contains(i.Id)).Select(i => i.Id.ToLowerInvariant())];
    }

    private static bool IsImplied(RestoreLockItem item, RestoredFramework framework)
    {
        var id = item.Id.ToLowerInvariant();
        return item.Type == RestoreLockItem.Direct && framework.Implied.Contains(id) && ImpliedPackages.VariesWithSdk(id);
    }

    private RestoredFramework FrameworkOf(string lockKey)
    {
        var wanted = NuGetFramework.Parse(lockKey);
        return result.Frameworks.FirstOrDefault(f => NuGetFramework.Parse(f.Framework).Equals(wanted))
            ?? throw new InvalidDataException($"NuGet's lock file has the framework {lockKey}, which its assets file lacks");
    }

    private string? PathOf(string name)
    {
        var project = projects[name].FirstOrDefault();
        return project.Path is null ? null : RepositoryRoot.RelativeOnDisk(root, project.Path);
    }
}
