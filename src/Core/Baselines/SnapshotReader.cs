using System.IO.Enumeration;
using System.Text;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Baselines;

/// <summary>Reads the two snapshots that a comparison needs. Both are read in the same way, from lists of entries that git tells.</summary>
internal sealed class SnapshotReader(GitRepository repository, PolicyParser? parsePolicy)
{
    private const int MostWatched = 100_000;
    private const long MostInWorkflows = 256L * 1024 * 1024;

    /// <summary>Reads both.</summary>
    /// <param name="revision">What to call the first in messages.</param>
    /// <param name="commit">Its commit.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The snapshots, and what is wrong with files of the second.</returns>
    /// <exception cref="BaselineException">The first could not be read.</exception>
    /// <exception cref="IOException">A file of the second could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    internal async Task<(BaselineSnapshot Before, BaselineSnapshot After, IReadOnlyList<Finding> Findings)> ReadAsync(string revision, string commit, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        var root = Path.Combine(repository.Top, repository.Prefix.TrimEnd('/'));
        var stored = LockfileStore.Load(root);
        if (stored.Finding is { } finding && finding.Code != FindingCodes.LockfileMissing)
        {
            findings.Add(finding);
        }

        var now = Limited(await repository.WorkTreeAsync(IsOfInterest, cancellation).ConfigureAwait(false));
        var then = Limited(await repository.EntriesAsync(commit, IsOfInterest, cancellation).ConfigureAwait(false));
        var locked = await LockfileThenAsync(then, revision, cancellation).ConfigureAwait(false);
        var control = ControlOf(locked).Concat(ControlOf(stored.Lockfile)).ToHashSet(StringComparer.Ordinal);
        var projects = ProjectsOf(locked).Concat(ProjectsOf(stored.Lockfile)).ToHashSet(StringComparer.Ordinal);

        // What only a lockfile names was of no interest before it was read.
        var named = await repository.EntriesAsync(commit, e => e.Kind != GitEntryKind.Submodule && (control.Contains(e.Path) || projects.Contains(e.Path)), cancellation).ConfigureAwait(false);
        var tracked = await repository.WorkTreeAsync(e => projects.Contains(e.Path), cancellation).ConfigureAwait(false);
        var wanted = then.Where(e => IsWatched(e) && !IsLockfile(e.Path)).Concat(named.Where(e => control.Contains(e.Path))).DistinctBy(e => e.Path, StringComparer.Ordinal).ToList();
        var linked = LinksNow(now, control);
        var read = await repository.ReadAsync([.. wanted.Concat(then.Where(e => e.Kind == GitEntryKind.Link && linked.ContainsKey(e.Path))).DistinctBy(e => e.Path, StringComparer.Ordinal)], e => WatchedFiles.LimitOf(e.Path), cancellation).ConfigureAwait(false);
        var linkedThen = wanted.Concat(then).Where(e => e.Kind == GitEntryKind.Link && read.ContainsKey(e.Path)).DistinctBy(e => e.Path, StringComparer.Ordinal).ToDictionary(e => e.Path, e => Encoding.UTF8.GetString(read[e.Path]), StringComparer.Ordinal);

        var before = Snapshot(new Side(revision, then, locked, linkedThen, path => linkedThen.ContainsKey(path) ? null : read.GetValueOrDefault(path), _ => true), control) with
        {
            Projects = named.Select(e => e.Path).Where(projects.Contains).ToHashSet(StringComparer.Ordinal),
        };
        var after = Snapshot(new Side("the work tree", now, stored.Lockfile, linked, path => linked.ContainsKey(path) ? null : OnDisk(path), path => Path.Exists(Path.Combine(repository.Top, path)) || linked.ContainsKey(path)), control) with
        {
            Projects = tracked.Select(e => e.Path).Where(p => File.Exists(Path.Combine(repository.Top, p))).ToHashSet(StringComparer.Ordinal),
            SubmodulesWithLockfile = now.Where(e => e.Kind == GitEntryKind.Submodule && !then.Contains(e) && HasLockfile(Path.Combine(repository.Top, e.Path))).Select(e => e.Path).ToHashSet(StringComparer.Ordinal),
        };
        return (before, after, findings);
    }

    private bool IsOfInterest(GitEntry entry) => entry.Kind != GitEntryKind.File || IsWatched(entry);

    private bool IsWatched(GitEntry entry) => entry.Kind != GitEntryKind.Submodule && WatchedFiles.IsWatched(entry.Path, repository.Prefix);

    private static bool IsLockfile(string path) => IsNamed(path, Lockfile.FileName);

    private static bool IsNamed(string path, string name) => path[(path.LastIndexOf('/') + 1)..].Equals(name, StringComparison.OrdinalIgnoreCase);

    private IReadOnlyList<GitEntry> Limited(IReadOnlyList<GitEntry> entries) => entries.Count <= MostWatched
        ? entries
        : throw new BaselineException($"The repository has {entries.Count} files, links and submodules that would have to be compared; the limit is {MostWatched}.", repository.Top, "remove what is not needed");

    // They are held in memory, and one blob can stand under any number of paths.
    private long WithinLimit(long size) => size <= MostInWorkflows
        ? size
        : throw new BaselineException($"The workflows and actions of the repository have more than {MostInWorkflows} bytes in all, which is the limit.", repository.Top, "remove what is not needed");

    private IEnumerable<string> ControlOf(Lockfile? lockfile) => lockfile?.Control.Keys.Select(k => repository.Prefix + k) ?? [];

    private IEnumerable<string> ProjectsOf(Lockfile? lockfile) =>
        lockfile is null ? [] : lockfile.NuGet.Projects.Keys.Concat(lockfile.Images.Bases.Keys).Select(k => repository.Prefix + k);

    private async Task<Lockfile?> LockfileThenAsync(IReadOnlyList<GitEntry> then, string revision, CancellationToken cancellation)
    {
        var path = repository.Prefix + Lockfile.FileName;
        var entries = then.Where(e => e.Path == path).ToList();
        if (entries.Count == 0)
        {
            return null;
        }

        if (entries[0].Kind != GitEntryKind.File)
        {
            throw new BaselineException($"{path} is a symbolic link at {revision}, so there is no baseline in it.", Path.Combine(repository.Top, path), "replace the link by the file on the protected branch");
        }

        var content = await repository.ReadAsync(entries, _ => LockfileReader.LargestFile, cancellation).ConfigureAwait(false);
        return LockfileReader.Read(content[path], path, out var finding)
            ?? throw new BaselineException($"{path} at {revision} cannot be compared with: {finding!.Message}", Path.Combine(repository.Top, path), "mend it on the protected branch");
    }

    private BaselineSnapshot Snapshot(Side side, HashSet<string> control)
    {
        var global = new Dictionary<string, GlobalJsonFacts>(StringComparer.Ordinal);
        var props = new Dictionary<string, BuildPropsFacts>(StringComparer.Ordinal);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        var workflows = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var inWorkflows = 0L;
        var watched = side.Entries.Where(IsWatched).ToList();
        foreach (var path in watched.Select(e => e.Path).Concat(control).Distinct(StringComparer.Ordinal).Where(p => !IsLockfile(p)))
        {
            if (side.Read(path) is not { } content)
            {
                continue;
            }

            if (WatchedFiles.IsWorkflow(path, repository.Prefix))
            {
                workflows[path] = content;
                inWorkflows = WithinLimit(inWorkflows + content.Length);
            }

            if (IsNamed(path, WatchedFiles.GlobalJson))
            {
                global[path] = GlobalJsonFacts.Read(content);
            }
            else if (IsNamed(path, WatchedFiles.BuildProps))
            {
                props[path] = BuildPropsFacts.Read(content);
            }

            if (control.Contains(path) || WatchedFiles.IsControl(path, content))
            {
                hashes[path] = NormalizedText.Hash(content);
            }
        }

        var policy = side.Read(repository.Prefix + Policy.FileName);
        return new BaselineSnapshot
        {
            Name = side.Name,
            Top = repository.Top,
            Prefix = repository.Prefix,
            Lockfile = side.Lockfile,
            Lockfiles = watched.Select(e => e.Path).Where(p => IsLockfile(p) && side.Exists(p)).ToHashSet(StringComparer.Ordinal),
            Policy = policy is null ? null : parsePolicy?.Invoke(policy, Path.Combine(repository.Top, repository.Prefix + Policy.FileName), out _),
            Policies = watched.Select(e => e.Path).Where(p => p.Equals(repository.Prefix + Policy.FileName, StringComparison.OrdinalIgnoreCase) && side.Exists(p)).ToHashSet(StringComparer.Ordinal),
            PolicyHash = policy is null ? string.Empty : NormalizedText.Hash(policy),
            Control = hashes,
            GlobalJson = global,
            BuildProps = props,
            Workflows = workflows,
            Submodules = side.Entries.Where(e => e.Kind == GitEntryKind.Submodule).DistinctBy(e => e.Path, StringComparer.Ordinal).ToDictionary(e => e.Path, e => e.Id, StringComparer.Ordinal),
            Links = side.Links,
        };
    }

    // Of the links of the work tree those whose target a build would take for a file or a folder that counts.
    private Dictionary<string, string> LinksNow(IReadOnlyList<GitEntry> now, HashSet<string> control)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in now.Select(e => e.Path).Concat(control).Distinct(StringComparer.Ordinal))
        {
            var full = Path.Combine(repository.Top, path);
            if (FileStamp.Of(full) is { IsLink: true } && (WatchedFiles.IsWatched(path, repository.Prefix) || control.Contains(path) || Directory.Exists(full)))
            {
                links[path] = new FileInfo(full).LinkTarget ?? string.Empty;
            }
        }

        return links;
    }

    private byte[]? OnDisk(string path)
    {
        var full = Path.Combine(repository.Top, path);
        return File.Exists(full) ? AtomicFile.ReadAtMost(full, WatchedFiles.LimitOf(path)) : null;
    }

    private static bool HasLockfile(string folder) => Directory.Exists(folder)
        && new FileSystemEnumerable<bool>(folder, (ref _) => true, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref entry) => entry.FileName.Equals(Lockfile.FileName, StringComparison.OrdinalIgnoreCase),
            ShouldRecursePredicate = (ref entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        }.Any();

    // What both snapshots are made of.
    private sealed record Side(string Name, IReadOnlyList<GitEntry> Entries, Lockfile? Lockfile, Dictionary<string, string> Links, Func<string, byte[]?> Read, Func<string, bool> Exists);
}
