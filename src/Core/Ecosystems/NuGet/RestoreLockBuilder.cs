using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>Makes, from the lockfile, the lock file with which NuGet itself enforces it in one project's restore.</summary>
/// <param name="lockfile">The baseline.</param>
/// <param name="sdkVersion">The .NET SDK in use, e.g. <c>10.0.401</c>.</param>
/// <param name="sdkRuntimeIdentifier">Its runtime identifier, e.g. <c>linux-x64</c>.</param>
public sealed class RestoreLockBuilder(Lockfile lockfile, string sdkVersion, string sdkRuntimeIdentifier)
{
    private readonly List<string> unlocked = [];
    private readonly List<string> absent = [];

    /// <summary>Whether the project uses packages that this .NET SDK implies and the lockfile does not know for it.</summary>
    public bool SdkNotLocked => unlocked.Count > 0;

    /// <summary>Makes the lock file.</summary>
    /// <param name="projectKey">The project's key in the lockfile.</param>
    /// <param name="runtimeIdentifiers">The runtime identifiers that this restore asks for.</param>
    /// <param name="place">The project, for findings.</param>
    /// <param name="findings">Receives what is missing in the lockfile.</param>
    /// <returns>The lock file, or null if there are findings that leave nothing to enforce.</returns>
    public RestoreLock? Build(string projectKey, IReadOnlyCollection<string> runtimeIdentifiers, SourcePlace place, List<Finding> findings)
    {
        if (!lockfile.NuGet.Projects.TryGetValue(projectKey, out var project))
        {
            findings.Add(new Finding(FindingCodes.ProjectNotLocked, $"The project {projectKey} is not in the lockfile, so nothing it takes from outside was accepted.", place, Commands.Update));
            return null;
        }

        var missing = runtimeIdentifiers.Where(rid => !Frameworks(project).All(f => project.Graphs.ContainsKey($"{f}/{rid}"))).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            var all = string.Join("%3B", missing);
            findings.Add(new Finding(FindingCodes.ReferenceChanged, $"{projectKey} is restored for {string.Join(", ", missing)}, but the lockfile does not hold that runtime identifier.", place, $"{Commands.Update} -p:HardeningRuntimeIdentifiers={all}"));
            return null;
        }

        var targets = new Dictionary<string, IReadOnlyList<RestoreLockItem>>(StringComparer.Ordinal);
        foreach (var framework in Frameworks(project))
        {
            targets[framework] = Items(framework, project.Graphs[framework]);
            foreach (var rid in runtimeIdentifiers)
            {
                targets[$"{framework}/{rid}"] = Items($"{framework}/{rid}", project.Graphs[$"{framework}/{rid}"]);
            }
        }

        if (absent.Count > 0)
        {
            findings.Add(new Finding(FindingCodes.LockfileDamaged, $"The lockfile names {string.Join(", ", absent.Distinct().Order(StringComparer.Ordinal))} for {projectKey}, but has no entry for it.", place, Commands.Update));
            return null;
        }

        return new RestoreLock(project.LockVersion, targets);
    }

    private static IEnumerable<string> Frameworks(ProjectEntry project) => project.Graphs.Keys.Where(k => !k.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private List<RestoreLockItem> Items(string graphKey, FrameworkGraph graph)
    {
        var framework = graphKey.Split('/')[0];
        var items = new List<RestoreLockItem>();
        foreach (var (id, locked) in graph.Resolved.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            if (Version(graphKey, id, locked) is not { } version)
            {
                continue;
            }

            if (!lockfile.NuGet.Packages.TryGetValue(PackageEntry.KeyOf(id, version), out var entry))
            {
                absent.Add($"{id} {version}");
                continue;
            }

            items.Add(new RestoreLockItem(entry.Name, Type(graph, id))
            {
                Requested = graph.Direct.TryGetValue(id, out var range) ? Range(graphKey, id, range) : graph.Central.GetValueOrDefault(id),
                Resolved = version,
                ContentHash = entry.ContentFor(sdkRuntimeIdentifier).Content,
            });
        }

        items.AddRange(graph.Projects.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new RestoreLockItem(p.Key, RestoreLockItem.Project) { Dependencies = Exports(framework, p.Value) }));
        return items;
    }

    private static string Type(FrameworkGraph graph, string id) =>
        graph.Direct.ContainsKey(id) ? RestoreLockItem.Direct : graph.Central.ContainsKey(id) ? RestoreLockItem.CentralTransitive : RestoreLockItem.Transitive;

    private Dictionary<string, string> Exports(string framework, string projectKey)
    {
        var exports = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!lockfile.NuGet.Projects.TryGetValue(projectKey, out var project) || !project.Exports.TryGetValue(framework, out var ranges))
        {
            return exports;
        }

        foreach (var (id, range) in ranges)
        {
            if (range != FrameworkGraph.SdkImplied)
            {
                exports[id] = range;
            }
            else if (Implied(project, id.ToLowerInvariant()) is { } version)
            {
                exports[id] = $"[{version}, )";
            }
        }

        return exports;
    }

    // The exporting project has frameworks of its own; what the SDK implies there is what flows.
    private string? Implied(ProjectEntry project, string id) => Frameworks(project).Select(f => SdkVersion(f, id)).FirstOrDefault(v => v is not null);

    private string? Range(string graphKey, string id, string range) => range != FrameworkGraph.SdkImplied ? range : SdkVersion(graphKey, id) is { } version ? $"[{version}, )" : null;

    private string? Version(string graphKey, string id, string locked)
    {
        if (locked != FrameworkGraph.SdkImplied)
        {
            return locked;
        }

        var version = SdkVersion(graphKey, id);
        if (version is null)
        {
            unlocked.Add(id);
        }

        return version;
    }

    private string? SdkVersion(string graphKey, string id) =>
        lockfile.NuGet.Sdks.TryGetValue(sdkVersion, out var graphs) && graphs.TryGetValue(graphKey, out var ids) ? ids.GetValueOrDefault(id) : null;
}
