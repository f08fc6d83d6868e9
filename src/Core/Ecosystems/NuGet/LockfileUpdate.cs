using Hardening.Ecosystems.NuGet.Written;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Ecosystems.NuGet;

/// <summary>What an update is told.</summary>
/// <param name="Root">The repository root.</param>
/// <param name="Quarantine">The folder into which the repository was restored.</param>
/// <param name="SdkVersion">The .NET SDK in use.</param>
/// <param name="SdkRuntimeIdentifier">Its runtime identifier.</param>
public sealed record UpdateRequest(string Root, Quarantine Quarantine, string SdkVersion, string SdkRuntimeIdentifier)
{
    /// <summary>Package ids that may change; empty if all may.</summary>
    public IReadOnlyCollection<string> Only { get; init; } = [];

    /// <summary>What the text of the repository names.</summary>
    public WrittenInputs? Written { get; init; }

    /// <summary>The policy.</summary>
    public Policy Policy { get; init; } = Policy.Default;

    /// <summary>What the policy leaves of findings.</summary>
    public Func<IEnumerable<Finding>, IEnumerable<Finding>> Decide { get; init; } = findings => findings;

    /// <summary>Judges how old new versions are; null where the policy demands no age.</summary>
    public Func<NewPackages, CancellationToken, IReadOnlyList<Finding>>? JudgeAges { get; init; }

    /// <summary>Whether the .NET SDK itself has an MSBuild SDK of a name.</summary>
    public Func<string, bool> IsBuiltIn { get; init; } = _ => false;
}

/// <summary>What an update found out.</summary>
/// <param name="Lockfile">The new lockfile; null if an error forbids to write it.</param>
/// <param name="Findings">What a person has to know.</param>
/// <param name="News">What changes, a line each: above all which new code will run in the build.</param>
public sealed record UpdateResult(Lockfile? Lockfile, IReadOnlyList<Finding> Findings, IReadOnlyList<string> News);

/// <summary>
/// Makes the new lockfile from a restore into quarantine: hashes and lists come from the archives there, never from an extracted folder.
/// A function of what was observed and the previous lockfile.
/// </summary>
public sealed class LockfileUpdate(UpdateRequest request, Lockfile previous)
{
    private readonly List<Finding> findings = [];
    private readonly List<string> news = [];
    private readonly SdkTable sdk = new();

    // Packages that only somebody who calls a tool runs.
    private readonly HashSet<string> called = new(StringComparer.Ordinal);

    /// <summary>Runs the update. Writes nothing.</summary>
    /// <exception cref="IOException">The quarantine could not be read.</exception>
    public UpdateResult Run(CancellationToken cancellation)
    {
        var observations = Observe();
        var projects = Projects(observations);
        var sources = Sources(observations);
        var sdks = Sdks(projects);
        var (msbuildSdks, tools) = Written();
        var used = Used(projects, sdks);
        called.UnionWith(tools.SelectMany(i => i.Value.Split(';').Select(v => PackageEntry.KeyOf(i.Key, v))).Except(used));
        used.UnionWith(msbuildSdks.Concat(tools).SelectMany(i => i.Value.Split(';').Select(v => PackageEntry.KeyOf(i.Key, v))));
        var packages = Packages(observations, used, cancellation);
        Names(packages);
        Limit(packages);
        Ages(packages, sources.Keys, cancellation);
        var lockfile = previous with
        {
            Minor = Math.Max(previous.Minor, Lockfile.CurrentMinor),
            Control = request.Written?.Control ?? previous.Control,
            NuGet = previous.NuGet with
            {
                Packages = packages,
                Projects = projects,
                Sdks = sdks,
                Sources = sources,
                MSBuildSdks = msbuildSdks,
                Tools = tools,
                DotNet = request.Written?.DotNet.Where(d => d.Value.Count > 0).ToDictionary(StringComparer.Ordinal) ?? previous.NuGet.DotNet,
            },
        };
        foreach (var observation in observations.Where(o => o.Key is not null && !findings.Exists(f => f.Severity == Severity.Error)))
        {
            Confirm(lockfile, observation);
        }

        Tell(packages, projects, observations);
        TellWritten(lockfile);
        var sorted = Finding.Sorted(request.Decide(findings));
        return new UpdateResult(sorted.Any(f => f.Severity == Severity.Error) ? null : lockfile, sorted, news);
    }

    private List<ProjectObservation> Observe()
    {
        var observations = new List<ProjectObservation>();
        foreach (var folder in request.Quarantine.RestoreResults())
        {
            try
            {
                var result = RestoreResult.Read(Path.Combine(folder, RestoreResult.FileName));
                observations.Add(new ProjectObservation(request.Root, result, RestoreLock.Read(Path.Combine(folder, Quarantine.LockFileName))));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                findings.Add(Incomplete($"A restore result could not be read: {e.Message}", request.Root));
            }
        }

        foreach (var outside in observations.Where(o => o.Key is null))
        {
            findings.Add(Incomplete($"The project {outside.Result.ProjectPath} lies outside the repository {request.Root}.", outside.Result.ProjectPath) with { Command = "move it into the repository, or take it out of the solution" });
        }

        if (observations.Count == 0)
        {
            findings.Add(Incomplete("No project was restored.", request.Root));
        }

        return observations;
    }

    // A file-based app is a project of its own name.
    private bool IsThere(string key)
    {
        return File.Exists(Path.Combine(request.Root, key))
            || (key.EndsWith(WrittenInputs.ScriptProject, StringComparison.OrdinalIgnoreCase) && File.Exists(Path.Combine(request.Root, key[..^".csproj".Length])));
    }

    // MSBuild SDKs and tools are locked by what the text names, whatever of it this build needed.
    private (IReadOnlyDictionary<string, string> MSBuildSdks, IReadOnlyDictionary<string, string> Tools) Written()
    {
        if (request.Written is not { } written)
        {
            return (previous.NuGet.MSBuildSdks, previous.NuGet.Tools);
        }

        var sdks = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var tools = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var verifier = new WrittenVerifier(request.Root, previous, request.Policy, request.IsBuiltIn);
        foreach (var reference in verifier.Locked(written.References))
        {
            var key = WrittenVerifier.KeyOf(reference);
            Add(reference.Kind == InputKind.Tool ? tools : sdks, key);
            if (reference.Kind == InputKind.Tool)
            {
                foreach (var part in ToolPackages.PartsOf(key, request.Quarantine, previous))
                {
                    Add(tools, part);
                }
            }
        }

        return (Versions(sdks), Versions(tools));

        static void Add(SortedDictionary<string, SortedSet<string>> ids, string key)
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            (ids.TryGetValue(key[..slash], out var versions) ? versions : ids[key[..slash]] = new(StringComparer.Ordinal)).Add(key[(slash + 1)..]);
        }

        static Dictionary<string, string> Versions(SortedDictionary<string, SortedSet<string>> ids) => ids.ToDictionary(i => i.Key, i => string.Join(';', i.Value), StringComparer.Ordinal);
    }

    private Dictionary<string, ProjectEntry> Projects(List<ProjectObservation> observations)
    {
        var projects = new Dictionary<string, ProjectEntry>(StringComparer.Ordinal);
        foreach (var (key, entry) in previous.NuGet.Projects)
        {
            if (IsThere(key))
            {
                projects[key] = entry;
            }
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var observation in observations.Where(o => o.Key is not null))
        {
            try
            {
                var entry = observation.ToEntry(sdk);
                var before = projects.GetValueOrDefault(observation.Key!);
                projects[observation.Key!] = seen.Add(observation.Key!)
                    ? entry with { Exports = before?.Exports ?? entry.Exports, Unknown = before?.Unknown ?? entry.Unknown, Graphs = Kept(entry, before) }
                    : before! with { Graphs = Joined(before!.Graphs, entry.Graphs) };
            }
            catch (InvalidDataException e)
            {
                findings.Add(Incomplete($"{observation.Key}: {e.Message}", observation.Result.ProjectPath));
            }
        }

        Export(observations, projects);
        return projects;
    }

    // What a publish for a runtime identifier needs was asked for by name once; an update without that name has not seen it.
    private static IReadOnlyDictionary<string, FrameworkGraph> Kept(ProjectEntry entry, ProjectEntry? before)
    {
        if (before is null)
        {
            return entry.Graphs;
        }

        var graphs = new Dictionary<string, FrameworkGraph>(entry.Graphs, StringComparer.Ordinal);
        foreach (var (key, graph) in before.Graphs)
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && graphs.ContainsKey(key[..slash]))
            {
                graphs.TryAdd(key, graph);
            }
            else if (slash < 0 && graphs.TryGetValue(key, out var now))
            {
                // Packs for the runtime identifiers and operating systems of other machines.
                graphs[key] = now with { Downloads = LockfileMerge.Union(now.Downloads, graph.Downloads.Where(d => d.Value == FrameworkGraph.SdkImplied).ToDictionary()) };
            }
        }

        return graphs;
    }

    private static IReadOnlyDictionary<string, FrameworkGraph> Joined(IReadOnlyDictionary<string, FrameworkGraph> first, IReadOnlyDictionary<string, FrameworkGraph> second) =>
        LockfileMerge.Union(first, second, (left, right) => left with { Downloads = LockfileMerge.Union(left.Downloads, right.Downloads) });

    private void Export(List<ProjectObservation> observations, Dictionary<string, ProjectEntry> projects)
    {
        var implied = observations.Where(o => o.Key is not null).GroupBy(o => o.Key!).ToDictionary(g => g.Key, g => g.SelectMany(o => o.Result.Frameworks).SelectMany(f => f.Implied).ToHashSet(), StringComparer.Ordinal);
        var exports = new Dictionary<string, SortedDictionary<string, IReadOnlyDictionary<string, string>>>(StringComparer.Ordinal);
        foreach (var (project, framework, ranges) in observations.SelectMany(o => o.ExportsOfOthers()))
        {
            var ids = implied.GetValueOrDefault(project, []);
            var flows = ranges.ToDictionary(r => r.Key, r => ids.Contains(r.Key.ToLowerInvariant()) && ImpliedPackages.VariesWithSdk(r.Key.ToLowerInvariant()) ? FrameworkGraph.SdkImplied : r.Value, StringComparer.Ordinal);
            (exports.TryGetValue(project, out var frameworks) ? frameworks : exports[project] = new(StringComparer.Ordinal))[framework] = flows;
        }

        foreach (var (project, frameworks) in exports)
        {
            if (projects.TryGetValue(project, out var entry))
            {
                projects[project] = entry with { Exports = LockfileMerge.Union(frameworks, entry.Exports) };
            }
        }

        // What flows to a framework from which nothing references the project any more.
        var wanted = projects.Values.SelectMany(p => p.Graphs).SelectMany(g => g.Value.Projects.Values.Select(project => (project, g.Key.Split('/')[0]))).ToHashSet();
        foreach (var (key, entry) in projects.ToList())
        {
            projects[key] = entry with { Exports = entry.Exports.Where(e => wanted.Contains((key, e.Key))).ToDictionary(StringComparer.Ordinal) };
        }
    }

    private Dictionary<string, SourcesEntry> Sources(List<ProjectObservation> observations)
    {
        var sources = previous.NuGet.Sources.Where(s => File.Exists(Path.Combine(request.Root, s.Key))).ToDictionary(StringComparer.Ordinal);
        foreach (var folder in observations.Select(o => Path.GetDirectoryName(o.Result.ProjectPath)!).Append(request.Root).Distinct(PathRules.Here.Comparer))
        {
            foreach (var path in SourcesFile.Find(request.Root, folder))
            {
                try
                {
                    var entry = SourcesFile.Read(path);
                    sources[RepositoryRoot.RelativeOnDisk(request.Root, path)!] = entry;
                    if (!entry.Clear && RepositoryPath.AreEqual(Path.GetDirectoryName(path)!, request.Root, PathRules.Here))
                    {
                        findings.Add(SourcesVerifier.NotCleared(path));
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    findings.Add(new Finding(FindingCodes.Unreadable, $"nuget.config could not be read: {e.Message}", new SourcePlace(path)));
                }
            }
        }

        if (SourcesFile.Find(request.Root, request.Root).Count == 0)
        {
            news.Add($"  There is no nuget.config at the root, so the machine decides where packages come from, and Hardening.Sdk itself. How to write one: {FindingCodes.HelpRoot}HRD1010.md");
        }

        news.AddRange(observations.SelectMany(o => o.Result.ConfigFiles).Where(f => f.Length > 0 && RepositoryRoot.Relative(request.Root, f) is null && File.Exists(f)).Distinct(PathRules.Here.Comparer).Order(StringComparer.Ordinal)
            .Select(f => $"  NuGet read {f} too, which is this machine's and not locked."));
        foreach (var (path, now) in sources.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            news.AddRange(previous.NuGet.Sources.TryGetValue(path, out var before)
                ? SourcesVerifier.Differences(before, now).Select(d => $"  ! {path}: {d}")
                : previous.NuGet.Projects.Count > 0 ? [$"  + {path} decides where packages come from"] : []);
        }

        return sources;
    }

    private Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> Sdks(Dictionary<string, ProjectEntry> projects)
    {
        var sdks = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>(previous.NuGet.Sdks, StringComparer.Ordinal);
        if (!sdk.IsEmpty || sdks.ContainsKey(request.SdkVersion))
        {
            sdks[request.SdkVersion] = LockfileMerge.Union(sdk.Versions, sdks.GetValueOrDefault(request.SdkVersion) ?? Map<IReadOnlyDictionary<string, string>>.Empty, (now, before) => LockfileMerge.Union(now, before));
        }

        // An id that no project takes from the SDK any more, in any table.
        var wanted = projects.Values.SelectMany(p => p.Graphs)
            .SelectMany(g => g.Value.Resolved.Concat(g.Value.Downloads).Where(r => r.Value == FrameworkGraph.SdkImplied).Select(r => (g.Key, r.Key)))
            .ToHashSet();
        foreach (var (version, graphs) in sdks.ToList())
        {
            var left = graphs
                .Select(g => (g.Key, Ids: (IReadOnlyDictionary<string, string>)g.Value.Where(id => wanted.Contains((g.Key, id.Key))).ToDictionary(StringComparer.Ordinal)))
                .Where(g => g.Ids.Count > 0)
                .ToDictionary(g => g.Key, g => g.Ids, StringComparer.Ordinal);
            sdks[version] = left;
            if (left.Count == 0)
            {
                sdks.Remove(version);
            }
        }

        return sdks;
    }

    private static HashSet<string> Used(Dictionary<string, ProjectEntry> projects, Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> sdks)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (id, versions) in projects.Values.SelectMany(p => p.Graphs.Values).SelectMany(g => g.Resolved.Concat(g.Downloads)).Where(r => r.Value != FrameworkGraph.SdkImplied))
        {
            used.UnionWith(versions.Split(';').Select(v => PackageEntry.KeyOf(id, v)));
        }

        used.UnionWith(sdks.Values.SelectMany(s => s.Values).SelectMany(ids => ids).Select(id => PackageEntry.KeyOf(id.Key, id.Value)));
        return used;
    }

    private Dictionary<string, PackageEntry> Packages(List<ProjectObservation> observations, HashSet<string> used, CancellationToken cancellation)
    {
        var packages = previous.NuGet.Packages.Where(p => used.Contains(p.Key)).ToDictionary(StringComparer.Ordinal);
        var keys = observations.SelectMany(o => o.Packages).Select(p => p.Key).Concat(request.Quarantine.Downloaded()).Where(used.Contains).Distinct().Order(StringComparer.Ordinal).ToList();
        var read = new PackageEntry?[keys.Count];
        var problems = new Finding?[keys.Count];
        Parallel.For(0, keys.Count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            if (!request.Quarantine.IsSeeded(keys[i]))
            {
                (read[i], problems[i]) = Read(keys[i], cancellation);
            }
        });
        findings.AddRange(problems.OfType<Finding>());
        foreach (var entry in read.OfType<PackageEntry>())
        {
            packages[entry.Key] = Accepted(entry, previous.NuGet.Packages.GetValueOrDefault(entry.Key));
        }

        foreach (var absent in used.Where(k => !packages.ContainsKey(k) && !keys.Contains(k)).Order(StringComparer.Ordinal))
        {
            findings.Add(Incomplete($"{absent} is used, but neither the previous lockfile nor this restore holds it.", request.Root));
        }

        return packages;
    }

    private (PackageEntry? Entry, Finding? Problem) Read(string key, CancellationToken cancellation)
    {
        var folder = PackageFolder.Of(request.Quarantine.Packages, key);
        try
        {
            var archive = PackageArchive.Read(folder.ArchivePath, cancellation);
            var entry = new PackageEntry(archive.Name, archive.Version, archive.Content) { Runs = archive.Runs };
            return entry.Key == key
                ? (entry, null)
                : (null, new Finding(FindingCodes.HostileArchive, $"The archive of {key} calls itself {archive.Name} {archive.Version}.", SourcePlace.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return (null, new Finding(FindingCodes.HostileArchive, $"The archive of {key} could not be read: {e.Message}", SourcePlace.None));
        }
    }

    private PackageEntry Accepted(PackageEntry found, PackageEntry? locked)
    {
        if (locked is null)
        {
            return found;
        }

        found = found with { Variants = locked.Variants, Unknown = locked.Unknown };
        if (locked.ContentFor(request.SdkRuntimeIdentifier).Content == found.Content.Content)
        {
            // The same content with another signature, or in another wrapping, is the same package: the entry stays.
            return locked with { Runs = found.Runs };
        }

        if (IsFromSdkFolder(found.Key))
        {
            return locked with { Variants = new Dictionary<string, PackageContent>(locked.Variants, StringComparer.Ordinal) { [request.SdkRuntimeIdentifier] = found.Content } };
        }

        if (!request.Only.Contains(found.Name, StringComparer.OrdinalIgnoreCase))
        {
            findings.Add(new Finding(FindingCodes.Republished, $"{found.Name} {found.Version} has the content hash {found.Content.Content} at its source, but the lockfile has {locked.Content.Content}. A published version never changes by itself.", SourcePlace.None, Commands.UpdateOnly(found.Name)));
        }

        // What was accepted is what this machine is served, so a variant for it is out of date.
        return found with { Variants = found.Variants.Where(v => v.Key != request.SdkRuntimeIdentifier).ToDictionary(StringComparer.Ordinal) };
    }

    // dotnet/sdk#51675: packs that the SDK itself carries differ from one platform to the other.
    private bool IsFromSdkFolder(string key)
    {
        return PackageOrigin.Of(request.Quarantine, key) is { } path && Path.IsPathRooted(path)
            && Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) == "library-packs" && RepositoryRoot.Relative(request.Root, path) is null;
    }

    // Asked before anything is written, of what no person has accepted yet.
    private void Ages(Dictionary<string, PackageEntry> packages, IEnumerable<string> configFiles, CancellationToken cancellation)
    {
        var added = packages.Values.Where(p => !previous.NuGet.Packages.ContainsKey(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        if (added.Count > 0 && request.JudgeAges is { } judge)
        {
            var folders = configFiles.Select(f => Path.GetDirectoryName(Path.Combine(request.Root, f))!).Append(request.Root).Distinct(PathRules.Here.Comparer);
            findings.AddRange(judge(new NewPackages(request.Root, request.Quarantine, added, [.. folders]), cancellation));
        }
    }

    private void Names(Dictionary<string, PackageEntry> packages)
    {
        var known = previous.NuGet.Packages.Values.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in packages.Values.Select(p => p.Name).Where(n => !known.Contains(n)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))
        {
            if (PackageNames.FindLookAlike(name) is { } lookAlike)
            {
                findings.Add(new Finding(FindingCodes.LookAlikeId, $"The package id {name} holds {lookAlike}.", SourcePlace.None, "remove the reference; write the id with plain letters") { Input = name });
            }
            else if (PackageNames.FindWellKnownNeighbour(name) is { } neighbour)
            {
                findings.Add(new Finding(FindingCodes.NeighbourId, $"The new package id {name} is nearly {neighbour}. Is it the one that is meant?", SourcePlace.None) { Input = name });
            }
        }
    }

    private void Limit(Dictionary<string, PackageEntry> packages)
    {
        if (request.Only.Count == 0)
        {
            return;
        }

        var changed = packages.Keys.Union(previous.NuGet.Packages.Keys)
            .Where(k => packages.GetValueOrDefault(k) is not { } now || previous.NuGet.Packages.GetValueOrDefault(k) is not { } before || now.Content != before.Content)
            .Where(k => !request.Only.Contains(k.Split('/')[0], StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (changed.Count > 0)
        {
            findings.Add(Incomplete($"The update is limited to {string.Join(", ", request.Only)}, but {string.Join(", ", changed)} would change too.", request.Root));
        }
    }

    // What is written must give back to NuGet what NuGet found; else the next build would fail for no reason of the user's.
    private void Confirm(Lockfile lockfile, ProjectObservation observation)
    {
        var rids = observation.Lock.Targets.Keys.Where(k => k.Contains('/', StringComparison.Ordinal)).Select(k => k.Split('/')[1]).Distinct().ToList();
        var place = new SourcePlace(observation.Result.ProjectPath);
        var made = new RestoreLockBuilder(lockfile, request.SdkVersion, request.SdkRuntimeIdentifier).Build(observation.Key!, rids, place, findings);
        if (made is null)
        {
            return;
        }

        var difference = Lines(observation.Lock).Except(Lines(made), StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).FirstOrDefault();
        if (difference is not null)
        {
            findings.Add(Incomplete($"{observation.Key} resolves differently in one update: {difference}.", observation.Result.ProjectPath));
        }
    }

    private static IEnumerable<string> Lines(RestoreLock restoreLock) =>
        from target in restoreLock.Targets
        from item in target.Value
        select item.Type == RestoreLockItem.Project
            ? $"{target.Key}: {item.Id} → {string.Join(", ", item.Dependencies.OrderBy(d => d.Key, StringComparer.Ordinal))}"
            : $"{target.Key}: {item.Type} {item.Id} {item.Requested} → {item.Resolved}";

    private void Tell(Dictionary<string, PackageEntry> packages, Dictionary<string, ProjectEntry> projects, List<ProjectObservation> observations)
    {
        var changed = packages.Values.Where(p => previous.NuGet.Packages.GetValueOrDefault(p.Key) is not { } before || before.Content != p.Content).OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        news.AddRange(changed.Select(p => $"  {(previous.NuGet.Packages.ContainsKey(p.Key) ? "!" : "+")} {p.Name} {p.Version} {Runs(p)}"));
        if (!findings.Exists(f => f.Severity == Severity.Error))
        {
            // Who adopts it has just named it; a new version of it is told like every other.
            Warn([.. changed.Where(p => p.Runs.Count > 0 && (previous.NuGet.MSBuildSdks.Count > 0 || !p.Name.Equals(HardenedProjects.SdkName, StringComparison.OrdinalIgnoreCase)))]);
        }

        news.AddRange(previous.NuGet.Packages.Values.Where(p => !packages.ContainsKey(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"  - {p.Name} {p.Version} is no longer used"));
        var seen = observations.Select(o => o.Key).ToHashSet();
        news.AddRange(projects.Keys.Where(k => !seen.Contains(k)).Order(StringComparer.Ordinal).Select(k => $"  = {k} was not restored now; its entry is kept"));
        news.AddRange(observations.Where(o => o.Key is not null).Select(OwnLockfile).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    // A submodule's lockfile speaks for its projects; this one only has to know what they bring.
    private string? OwnLockfile(ProjectObservation observation) =>
        RepositoryRoot.Find(Path.GetDirectoryName(observation.Result.ProjectPath)!) is { } own && RepositoryRoot.RelativeOnDisk(request.Root, own) is { } folder and not RepositoryPath.RootKey
            ? $"  = {observation.Key} is verified against {folder}/{Lockfile.FileName}, which is not updated now: {Commands.Update} {observation.Key}"
            : null;

    // What else the update accepts.
    private void TellWritten(Lockfile lockfile)
    {
        news.AddRange(lockfile.Control.Where(c => previous.Control.GetValueOrDefault(c.Key) != c.Value).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => $"  {(previous.Control.ContainsKey(c.Key) ? "!" : "+")} {c.Key} decides over builds"));
        foreach (var (path, sdk) in lockfile.NuGet.DotNet.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            var before = previous.NuGet.DotNet.GetValueOrDefault(path) ?? Map<string>.Empty;
            news.AddRange(sdk.Where(m => before.GetValueOrDefault(m.Key) != m.Value).OrderBy(m => m.Key, StringComparer.Ordinal)
                .Select(m => $"  {(before.ContainsKey(m.Key) ? "!" : "+")} {path}: the .NET SDK has {m.Key} {m.Value}"));
        }
    }

    // A warning, because the terminal that most people build in shows nothing less. On adoption one for all.
    private void Warn(List<PackageEntry> running)
    {
        var place = new SourcePlace(Path.Combine(request.Root, Lockfile.FileName));
        running = previous.NuGet.Projects.Count > 0 ? running : running.FindAll(p => !called.Contains(p.Key));
        if (previous.NuGet.Projects.Count > 0 || running.Count == 1)
        {
            findings.AddRange(running.Select(p => new Finding(FindingCodes.NewCode, $"{p.Name} {p.Version} is new and {Runs(p)}.", place) { Input = $"{p.Name}/{p.Version}" }));
        }
        else if (running.Count > 0)
        {
            findings.Add(new Finding(FindingCodes.NewCode, $"{running.Count} packages run code in the build, as \"runs\" in the lockfile lists: {string.Join(", ", running.Select(p => p.Name).Distinct(StringComparer.OrdinalIgnoreCase))}.", place));
        }
    }

    // Many files are counted by kind; the lockfile lists them.
    private string Runs(PackageEntry package)
    {
        const int Listed = 4;
        var runs = package.Runs;
        if (runs.Count == 0)
        {
            return "runs nothing in the build";
        }

        var shown = runs.Count <= Listed
            ? runs
            : runs.GroupBy(r => r.Split('/')[0], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}/ ({g.Count()})");
        return (called.Contains(package.Key) ? "runs when somebody calls it: " : "runs in the build: ") + string.Join(", ", shown);
    }

    private static Finding Incomplete(string message, string path) => new(FindingCodes.UpdateIncomplete, message, new SourcePlace(path), Commands.Update);
}
