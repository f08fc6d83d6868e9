using System.Collections.Concurrent;
using System.Globalization;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Ecosystems.Actions;

/// <summary>Makes lock entries: of the previous lockfile where it has them, else by asking the host what a ref names and what lies in its commit.</summary>
internal sealed class ActionResolver : IDisposable
{
    private const int MostCandidates = 5;

    private static readonly string[] Prefixes = [ActionRefs.Branches, ActionRefs.Tags];

    private readonly ActionsUpdateRequest request;
    private readonly LockedActions locked;
    private readonly GitClient client;
    private readonly ActionOwners owners;
    private readonly Lock gate = new();
    private readonly Dictionary<string, ActionEntry> entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Key, string Path), IReadOnlyList<(UsesText Uses, string Words)>> contents = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<GitTree>>> trees = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Finding> findings = [];
    private readonly ConcurrentBag<string> news = [];

    internal ActionResolver(ActionsUpdateRequest request, ActionsSection previous, GitClient client, AskIdentities? identities)
    {
        this.request = request;
        this.client = client;
        locked = new LockedActions(previous);
        owners = new ActionOwners(request, locked, identities);
    }

    internal IEnumerable<Finding> Findings => findings;

    /// <summary>What changes in entries that were there before, sorted.</summary>
    internal IEnumerable<string> News => news.Distinct().Order(StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (var tree in trees.Values.Where(t => t.IsValueCreated && t.Value.IsCompletedSuccessfully))
        {
            tree.Value.Result.Dispose();
        }
    }

    /// <summary>The entry with this key, as far as it is known now.</summary>
    internal ActionEntry? Find(string key)
    {
        lock (gate)
        {
            return entries.GetValueOrDefault(key);
        }
    }

    /// <summary>What an entry uses at a path: taken apart, what is in the same repository with its commit, and as it is written there.</summary>
    internal IReadOnlyList<(UsesText Uses, string Words)> UsesOf(ActionEntry entry, string path) => contents.GetValueOrDefault((entry.Key, path)) ?? [];

    /// <summary>Resolves a need; null if there is a finding.</summary>
    internal async Task<ActionEntry?> ResolveAsync(ActionNeed need, CancellationToken cancellation)
    {
        var path = ActionRefs.PathOf(need.Uses);
        var known = request.Accepts(need.Uses.Name) ? null : locked.Find(need.Uses);
        if (known is { Tree.Length: > 0 } && known.Uses.TryGetValue(path, out var words))
        {
            contents[(known.Key, path)] = [.. words.Keys.Select(w => (ActionContent.Read(known, w), w))];
            return Keep(known);
        }

        try
        {
            return await AskAsync(need, known, path, cancellation).ConfigureAwait(false);
        }
        catch (TransportException e)
        {
            findings.Add(TransportFindings.Of(e, need.Uses.Name + need.Way, need.Origin.Value.Span.Place) with { Input = need.Input });
            return null;
        }
    }

    /// <summary>The commit and tag that a pin may move to: the latest release within the policy's range that is old enough; null if there is none.</summary>
    internal async Task<(string Commit, string Tag)?> LaterAsync(ActionNeed need, ActionEntry entry, CancellationToken cancellation)
    {
        if (entry.Refs.Keys.Select(ActionRefs.Tag).OfType<string>().Select(VersionTag.Parse).OfType<VersionTag>().OrderByDescending(v => v.IsFull).ThenByDescending(v => v).FirstOrDefault() is not { } current)
        {
            return null;
        }

        try
        {
            if (RemoteOf(need) is not { } remote)
            {
                return null;
            }

            var refs = await client.ListRefsAsync(remote, Prefixes, cancellation).ConfigureAwait(false);
            var candidates = refs.All.Select(r => (Ref: r, Version: ActionRefs.Tag(r.Name) is { } tag ? VersionTag.Parse(tag) : null))
                .Where(c => c.Version is { IsRelease: true } v && v.IsKin(current) && v.IsFull == current.IsFull && v.CompareTo(current) > 0 && IsInRange(current, v) && c.Ref.Commit != entry.Commit)
                .OrderByDescending(c => c.Version).Take(MostCandidates);
            foreach (var (found, version) in candidates)
            {
                if (await IsOldEnoughAsync(remote, found.Commit, cancellation).ConfigureAwait(false))
                {
                    return (found.Commit, version!.Name);
                }
            }
        }
        catch (TransportException e)
        {
            findings.Add(TransportFindings.Of(e, need.Uses.Name, need.Origin.Value.Span.Place));
        }

        return null;
    }

    /// <summary>Compares and completes the numbers of owners and repositories.</summary>
    /// <returns>The repositories whose entries were left out.</returns>
    internal async Task<IReadOnlyCollection<string>> IdentifyAsync(CancellationToken cancellation)
    {
        var refused = await owners.IdentifyAsync(entries, cancellation).ConfigureAwait(false);
        owners.Findings.ForEach(findings.Add);
        return refused;
    }

    private async Task<ActionEntry?> AskAsync(ActionNeed need, ActionEntry? known, string path, CancellationToken cancellation)
    {
        if (RemoteOf(need) is not { } remote)
        {
            return null;
        }

        var refs = await client.ListRefsAsync(remote, Prefixes, cancellation).ConfigureAwait(false);
        if (await CommitAsync(need, known, refs, cancellation).ConfigureAwait(false) is not { } commit)
        {
            return null;
        }

        var evidence = Evidence(need, refs, commit);
        // By its annotated tag, so that the date of the tag comes along.
        var tree = await TreeAsync(remote, evidence.Values.FirstOrDefault(id => id != commit) ?? commit, cancellation).ConfigureAwait(false);
        if (tree.Commit != commit)
        {
            Report(FindingCodes.GitAnswerRefused, need, $"The host of {need.Uses.Name} says that a tag names {commit}{need.Way}, but it names {tree.Commit}.", "see what answers at this address");
            return null;
        }

        var entry = new ActionEntry(need.Uses.Name, commit) { Refs = evidence, Tree = tree.Digest };
        if (locked.Find(entry.Key) is { } before)
        {
            if (before.Tree.Length > 0 && before.Tree != entry.Tree)
            {
                Report(FindingCodes.ActionContentChanged, need, $"{entry.Name} {commit}{need.Way} has other content than the lockfile says. A commit never changes; git's hash was broken, or the server lies.", "do not use it, and tell the owner");
                return null;
            }

            // What is accepted are the refs and the owner of today; else what was taken before stays evidence.
            entry = request.Accepts(entry.Name)
                ? before with { Tree = entry.Tree, Refs = entry.Refs, OwnerId = 0, RepositoryId = 0 }
                : before with { Tree = entry.Tree, Refs = LockfileMerge.Union(entry.Refs, before.Refs) };
        }
        else if (TooYoung(need, tree) is { } finding && !request.IsExcused(finding))
        {
            findings.Add(finding);
            return null;
        }

        if (locked.Find(entry.Key) is null && !request.Accepts(entry.Name) && TakenOver(entry) is { } other)
        {
            Report(FindingCodes.ActionTagMoved, need, $"{entry.Name} {ActionRefs.Short(other.Ref)}{need.Way} is {commit} now, but the lockfile has {other.Commit} for it: possible hijack.", $"see what changed; to accept it: {Commands.UpdateAction(entry.Name)}");
            return null;
        }

        return await ContentAsync(need, entry, tree, path, cancellation).ConfigureAwait(false);
    }

    // A tag of the new entry that the lockfile has for another commit.
    private (string Ref, string Commit)? TakenOver(ActionEntry entry) => locked.OfRepository(entry.Name)
        .SelectMany(e => e.Refs.Keys.Where(n => ActionRefs.Tag(n) is not null && entry.Refs.ContainsKey(n)).Select(n => ((string, string)?)(n, e.Commit))).FirstOrDefault();

    private async Task<ActionEntry?> ContentAsync(ActionNeed need, ActionEntry entry, GitTree tree, string path, CancellationToken cancellation)
    {
        var content = await ActionContent.ReadAsync(tree, entry, path, need.Uses.IsWorkflow, cancellation).ConfigureAwait(false);
        if (content.Problem is { } problem)
        {
            Report(FindingCodes.ActionNotFound, need, $"{need.Uses.Name}{need.Way} {problem} at {entry.Commit}.", "check the path; or use another version");
            return null;
        }

        foreach (var refused in content.Refused)
        {
            Report(FindingCodes.ActionUnpinnable, need, $"{need.Uses.Name}{need.Way} uses `{refused}`, which cannot be locked.", "use another action");
        }

        contents[(entry.Key, path)] = content.Uses;
        return Keep(entry);
    }

    private GitRemote? RemoteOf(ActionNeed need)
    {
        try
        {
            return request.Servers.Remote(need.Uses.Repository, need.Uses.Server.Length == 0 ? null : new Uri(need.Uses.Server));
        }
        catch (ArgumentException e)
        {
            Report(FindingCodes.GitAddressRefused, need, $"{need.Uses.Name}{need.Way} is not asked for: {e.Message}", "write the address of a public host by https; one of your own is named by HardeningGitHubServer on the command line or in the environment");
            return null;
        }
    }

    // What is locked stays so, whatever its ref names now.
    private async Task<string?> CommitAsync(ActionNeed need, ActionEntry? known, GitRefs refs, CancellationToken cancellation)
    {
        var uses = need.Uses;
        if (known is not null || uses.IsPinned)
        {
            var commit = known?.Commit ?? uses.Ref.ToLowerInvariant();
            return await BelongsAsync(need, commit, refs, cancellation).ConfigureAwait(false) && IsBorneOut(need, known, refs) ? commit : null;
        }

        var named = ActionRefs.Candidates(uses.Ref).Select(refs.Find).OfType<GitRef>().ToList();
        if (named.Count == 0)
        {
            Report(FindingCodes.ActionNotFound, need, $"{uses.Name} has no branch or tag `{uses.Ref}`{need.Way}.", "check the spelling; or use another version");
            return null;
        }

        if (named.Count > 1)
        {
            Report(FindingCodes.ActionRefAmbiguous, need, $"{uses.Name} has a branch and a tag `{uses.Ref}`{need.Way}. GitHub takes the branch, {named[0].Commit}; the tag is {named[1].Commit}.", "write the commit");
        }

        Moved(uses, named[0]);
        if (KnownBadCommits.Find(named[0].Commit) is not { } bad)
        {
            return named[0].Commit;
        }

        Report(FindingCodes.ActionKnownBad, need, $"{uses.Name} `{uses.Ref}`{need.Way} leads to {named[0].Commit}, which {bad}.", "use another version, and take every secret that this workflow could read for stolen");
        return null;
    }

    // What the lockfile claims may be written by anyone who can open a pull request, so where the host is asked at all it is compared. A tag
    // such as v4 moves with each release.
    private bool IsBorneOut(ActionNeed need, ActionEntry? known, GitRefs refs)
    {
        if (known?.Refs.Keys.FirstOrDefault(n => ActionRefs.Tag(n) is { } tag && VersionTag.Parse(tag) is null or { IsFull: true } && refs.Find(n) is { } now && now.Commit != known.Commit) is not { } moved)
        {
            return true;
        }

        Report(FindingCodes.ActionTagMoved, need, $"The tag {ActionRefs.Short(moved)} of {need.Uses.Name}{need.Way} points to {refs.Find(moved)!.Commit}, but the lockfile has {known.Commit}: possible hijack.", $"see what changed between the two commits; to accept it: {Commands.UpdateAction(need.Uses.Name)}");
        return false;
    }

    private async Task<bool> BelongsAsync(ActionNeed need, string commit, GitRefs refs, CancellationToken cancellation)
    {
        var reach = await client.ReachAsync(refs.Remote, commit, cancellation).ConfigureAwait(false);
        if (reach == Reach.Reachable)
        {
            return true;
        }

        Report(reach == Reach.Absent ? FindingCodes.ActionNotFound : FindingCodes.ActionImpostor, need,
            reach == Reach.Absent ? $"{need.Uses.Name} has no commit {commit}{need.Way}." : $"{commit}{need.Way} belongs to no branch or tag of {need.Uses.Name}. A fork shares its commits with the original, so anyone can have put it there.",
            "use a commit of a branch or tag of the repository");
        return false;
    }

    private void Moved(UsesText uses, GitRef found)
    {
        if (locked.Find(uses) is { } before && before.Commit != found.Commit)
        {
            news.Add($"  ! {uses.Name} {uses.Ref} moved from {before.Commit} to {found.Commit}, and is accepted");
        }
    }

    // The ref it was taken from, and the tag that says most; of a commit without a tag the branches whose tip it is.
    private static Dictionary<string, string> Evidence(ActionNeed need, GitRefs refs, string commit)
    {
        var here = refs.All.Where(r => r.Commit == commit && UsesText.IsRefName(r.Name)).ToList();
        var written = need.Uses.IsPinned ? null : ActionRefs.Candidates(need.Uses.Ref).Select(refs.Find).OfType<GitRef>().FirstOrDefault(r => r.Commit == commit);
        var kin = written is not null && VersionTag.Parse(ActionRefs.Short(written.Name)) is { } version
            ? here.FindAll(r => ActionRefs.Tag(r.Name) is { } tag && VersionTag.Parse(tag) is { } other && other.Is(version))
            : here.FindAll(r => ActionRefs.Tag(r.Name) is not null);
        var fullest = need.Tag.Length > 0 ? need.Tag : ActionRefs.Fullest(kin.Select(r => r.Name));
        return here.Where(r => r == written || ActionRefs.Tag(r.Name) is { } tag && tag == fullest || (written is null && fullest is null)).Take(MostCandidates)
            .ToDictionary(r => r.Name, r => r.ObjectId, StringComparer.Ordinal);
    }

    private Task<GitTree> TreeAsync(GitRemote remote, string commit, CancellationToken cancellation) =>
        trees.GetOrAdd($"{remote.Url.AbsoluteUri.ToLowerInvariant()}@{commit}", _ => new Lazy<Task<GitTree>>(() => client.FetchAsync(remote, commit, cancellation))).Value;

    private async Task<bool> IsOldEnoughAsync(GitRemote remote, string commit, CancellationToken cancellation) =>
        request.Policy.MinimumAge == TimeSpan.Zero || !IsTooYoung(await TreeAsync(remote, commit, cancellation).ConfigureAwait(false));

    // The dates are what their authors wrote, so an attacker can make them older; the later one is taken, and one that cannot be read is now.
    private DateTimeOffset DateOf(GitTree tree)
    {
        var committed = tree.CommitterDate ?? request.Now;
        return tree.TaggerDate > committed ? tree.TaggerDate.Value : committed;
    }

    private bool IsTooYoung(GitTree tree) => request.Policy.MinimumAge > TimeSpan.Zero && request.Now - DateOf(tree) < request.Policy.MinimumAge;

    private Finding? TooYoung(ActionNeed need, GitTree tree) => !IsTooYoung(tree) ? null : new Finding(
        FindingCodes.ActionTooYoung,
        string.Create(CultureInfo.InvariantCulture, $"{need.Uses.Name} {need.Uses.Ref}{need.Way} leads to what was made on {DateOf(tree).UtcDateTime:yyyy-MM-dd HH:mm} UTC; by minimumAge in {Policy.FileName} it may be taken from {(DateOf(tree) + request.Policy.MinimumAge).UtcDateTime:yyyy-MM-dd HH:mm} on."),
        need.Origin.Value.Span.Place, "wait until then; or use an older one")
    { Input = need.Input };

    private bool IsInRange(VersionTag current, VersionTag later) => request.Policy.Update switch
    {
        UpdateRange.Patch => later.Number(0) == current.Number(0) && later.Number(1) == current.Number(1),
        UpdateRange.Minor => later.Number(0) == current.Number(0),
        _ => true,
    };

    // A ref names one commit, so it leaves the entry that had it before.
    private ActionEntry Keep(ActionEntry entry)
    {
        lock (gate)
        {
            var kept = entries.TryGetValue(entry.Key, out var before) ? before with { Refs = LockfileMerge.Union(entry.Refs, before.Refs), Tree = entry.Tree } : entry;
            var taken = kept.Refs.Keys.Where(n => locked.Find(entry.Key)?.Refs.ContainsKey(n) != true).ToHashSet(StringComparer.Ordinal);
            foreach (var other in entries.Values.Where(e => e.Key != kept.Key && e.Name.Equals(kept.Name, StringComparison.OrdinalIgnoreCase) && e.Refs.Keys.Any(taken.Contains)).ToList())
            {
                entries[other.Key] = other with { Refs = other.Refs.Where(r => !taken.Contains(r.Key)).ToDictionary(StringComparer.Ordinal) };
            }

            kept = kept with { Refs = kept.Refs.Where(r => taken.Contains(r.Key) || !IsTaken(kept, r.Key)).ToDictionary(StringComparer.Ordinal) };
            return entries[kept.Key] = kept;
        }
    }

    private bool IsTaken(ActionEntry entry, string name) =>
        entries.Values.Any(e => e.Key != entry.Key && e.Name.Equals(entry.Name, StringComparison.OrdinalIgnoreCase) && e.Refs.ContainsKey(name));

    private void Report(FindingCode code, ActionNeed need, string message, string command) =>
        findings.Add(new Finding(code, message, need.Origin.Value.Span.Place, command) { Input = need.Input });
}
