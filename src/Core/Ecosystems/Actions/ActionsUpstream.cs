using System.Collections.Concurrent;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Ecosystems.Actions;

/// <summary>Asks the hosts whether what the lockfile says of actions is still so: upstream drift.</summary>
public sealed class ActionsUpstream
{
    private static readonly string[] Prefixes = [ActionRefs.Branches, ActionRefs.Tags];

    private readonly ActionsSection section;
    private readonly string lockfile;
    private readonly GitServers servers;
    private readonly GitClient client;
    private readonly AskIdentities? identities;
    private readonly ConcurrentBag<Finding> findings = [];
    private readonly Dictionary<string, SourcePlace> places = new(StringComparer.Ordinal);
    private readonly HashSet<(string Name, string Ref)> named;

    /// <summary>Prepares the check.</summary>
    /// <param name="section">What is locked.</param>
    /// <param name="inputs">What is used, so that a finding stands where the action is named.</param>
    /// <param name="lockfile">Full path of the lockfile, where the rest of the findings stand.</param>
    /// <param name="servers">The servers that the user's environment names.</param>
    /// <param name="client">Asks the hosts.</param>
    /// <param name="identities">Asks for the numbers of owners and repositories; null: nobody is asked.</param>
    public ActionsUpstream(ActionsSection section, WorkflowInputs inputs, string lockfile, GitServers servers, GitClient client, AskIdentities? identities)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(inputs);
        this.section = section;
        this.lockfile = lockfile;
        this.servers = servers;
        this.client = client;
        this.identities = identities;
        var words = section.Commits.Values.SelectMany(e => e.Uses.Values).SelectMany(u => u.Keys).Select(UsesText.Parse);
        named = [.. inputs.Files.SelectMany(f => f.Uses).Select(u => u.Uses).Concat(words).Where(u => u.Form == UsesForm.Repository && !u.IsPinned).Select(u => (u.Name.ToLowerInvariant(), u.Ref))];
        var locked = new LockedActions(section);
        foreach (var use in inputs.Files.SelectMany(f => f.Uses).Where(u => u.Uses.Form == UsesForm.Repository))
        {
            if (locked.Find(use.Uses) is { } entry)
            {
                places.TryAdd(entry.Key, use.Value.Span.Place);
            }
        }
    }

    /// <summary>The findings of all lock entries.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(section.Commits.Values.GroupBy(e => e.Name, StringComparer.OrdinalIgnoreCase).Select(g => CheckAsync([.. g], cancellation))).ConfigureAwait(false);
        await OwnersAsync(cancellation).ConfigureAwait(false);
        return Finding.Sorted(findings);
    }

    private async Task CheckAsync(List<ActionEntry> entries, CancellationToken cancellation)
    {
        try
        {
            var uses = UsesText.Parse(entries[0].Name + "@x");
            var remote = servers.Remote(uses.Repository, uses.Server.Length == 0 ? null : new Uri(uses.Server));
            var refs = await client.ListRefsAsync(remote, Prefixes, cancellation).ConfigureAwait(false);
            foreach (var entry in entries)
            {
                Refs(entry, refs);
                await ContentAsync(entry, remote, cancellation).ConfigureAwait(false);
            }
        }
        catch (TransportException e)
        {
            findings.Add(TransportFindings.Of(e, entries[0].Name, PlaceOf(entries[0])));
        }
        catch (ArgumentException e)
        {
            findings.Add(new Finding(FindingCodes.GitAddressRefused, $"{entries[0].Name} is not asked for: {e.Message}", PlaceOf(entries[0]), "write the address of a public host by https; one of your own is named by HardeningGitHubServer on the command line or in the environment"));
        }
    }

    private void Refs(ActionEntry entry, GitRefs refs)
    {
        foreach (var name in entry.Refs.Keys)
        {
            var found = refs.Find(name);
            if (found is null)
            {
                Report(FindingCodes.ActionTagDeleted, entry, $"{entry.Name} has no {Described(name)} any more, from which the lockfile has the commit {entry.Commit}.", $"see why it was deleted; to accept it: {Commands.UpdateAction(entry.Name)}");
            }
            else if (found.Commit != entry.Commit)
            {
                Moved(entry, name, found, refs);
            }
        }
    }

    // A tag that something names runs as it is now. Where everything is pinned, one such as v4 moves with each release, which has a tag of its own then;
    // a tag of one version never does. A branch is there to move.
    private void Moved(ActionEntry entry, string name, GitRef found, GitRefs refs)
    {
        var isNamed = named.Contains((entry.Name.ToLowerInvariant(), name)) || named.Contains((entry.Name.ToLowerInvariant(), ActionRefs.Short(name)));
        var command = $"see what changed between the two commits; to accept it: {Commands.UpdateAction(entry.Name)}";
        if (ActionRefs.Tag(name) is not { } tag)
        {
            if (isNamed)
            {
                findings.Add(new Finding(FindingCodes.ActionTagMoved, $"The branch {ActionRefs.Short(name)} of {entry.Name} is at {found.Commit} now, but the lockfile has {entry.Commit}.", PlaceOf(entry), command, Severity.Warning) { Input = InputOf(entry) });
            }

            return;
        }

        var version = VersionTag.Parse(tag);
        var release = version is { IsFull: false } ? refs.All.Where(r => r.Commit == found.Commit && r.Name != found.Name)
            .Select(r => ActionRefs.Tag(r.Name) is { } other ? VersionTag.Parse(other) : null).FirstOrDefault(v => v is { IsFull: true } && v.Is(version)) : null;
        findings.Add(new Finding(FindingCodes.ActionTagMoved,
            $"The tag {tag} of {entry.Name} points to {found.Commit}, but the lockfile has {entry.Commit}: possible hijack.{(release is null ? string.Empty : $" The new commit has the tag {release.Name} as well, as a release would.")}",
            PlaceOf(entry), command, release is null || isNamed ? null : Severity.Warning)
        { Input = InputOf(entry) });
    }

    private async Task ContentAsync(ActionEntry entry, GitRemote remote, CancellationToken cancellation)
    {
        if (KnownBadCommits.Find(entry.Commit) is { } bad)
        {
            Report(FindingCodes.ActionKnownBad, entry, $"The commit {entry.Commit} of {entry.Name} {bad}.", "use another commit");
        }

        switch (await client.ReachAsync(remote, entry.Commit, cancellation).ConfigureAwait(false))
        {
            case Reach.NotReachable:
                Report(FindingCodes.ActionImpostor, entry, $"{entry.Commit} belongs to no branch or tag of {entry.Name}. A fork shares its commits with the original, so anyone can have put it there.", "use a commit of a branch or tag of the repository");
                return;
            case Reach.Absent:
                Report(FindingCodes.ActionNotFound, entry, $"{entry.Name} has no commit {entry.Commit} any more.", "use another version");
                return;
        }

        using var tree = await client.FetchAsync(remote, entry.Commit, cancellation).ConfigureAwait(false);
        if (tree.Digest != entry.Tree)
        {
            Report(FindingCodes.ActionContentChanged, entry, entry.Tree.Length == 0
                ? $"The lockfile does not say what {entry.Name} {entry.Commit} holds, so no update has looked at it."
                : $"{entry.Name} {entry.Commit} has other content than the lockfile says. A commit never changes; git's hash was broken, or the server lies.",
                entry.Tree.Length == 0 ? Commands.Update : "do not use it, and tell the owner");
            return;
        }

        foreach (var (path, words) in entry.Uses)
        {
            var content = await ActionContent.ReadAsync(tree, entry, path, UsesText.Parse($"{entry.Name}/{path}@x").IsWorkflow, cancellation).ConfigureAwait(false);
            if (content.Problem is not null || !content.Uses.Select(u => u.Words).ToHashSet(StringComparer.Ordinal).SetEquals(words.Keys))
            {
                Report(FindingCodes.ActionContentChanged, entry, $"{entry.Name} {entry.Commit} uses something else at {path} than the lockfile says; whoever wrote the entry was no update.", $"see who changed the lockfile; then: {Commands.UpdateAction(entry.Name)}");
            }
        }
    }

    private async Task OwnersAsync(CancellationToken cancellation)
    {
        var known = section.Commits.Values.Where(e => e.OwnerId != 0).ToList();
        if (identities is null || known.Count == 0)
        {
            return;
        }

        try
        {
            var ids = new Dictionary<string, GitHubIds>(await identities([.. known.Select(e => e.Name).Distinct(StringComparer.OrdinalIgnoreCase)], cancellation).ConfigureAwait(false), StringComparer.OrdinalIgnoreCase);
            foreach (var entry in known.Where(e => ids.TryGetValue(e.Name, out var id) && !id.Name.Equals(e.Name, StringComparison.OrdinalIgnoreCase)))
            {
                Report(FindingCodes.ActionRepositoryMoved, entry, $"{entry.Name} is called {ids[entry.Name].Name} now. Its old name is free for anyone who wants to be taken for it.", $"write {ids[entry.Name].Name} in the workflow, and {Commands.Update}");
            }

            foreach (var entry in known.Where(e => ids.TryGetValue(e.Name, out var id) && (id.Owner != e.OwnerId || id.Repository != e.RepositoryId)))
            {
                Report(FindingCodes.ActionRepositoryMoved, entry, $"{entry.Name} is the repository {ids[entry.Name].Repository} of the owner {ids[entry.Name].Owner} now, but the lockfile has {entry.RepositoryId} of {entry.OwnerId}: somebody else may have taken the name over.", $"see who owns it; to accept it: {Commands.UpdateAction(entry.Name)}");
            }
        }
        catch (TransportException e)
        {
            findings.Add(TransportFindings.Of(e, "The numbers of owners and repositories", new SourcePlace(lockfile)));
        }
    }

    private static string InputOf(ActionEntry entry) => $"{entry.Name}@{entry.Commit}";

    private SourcePlace PlaceOf(ActionEntry entry) => places.TryGetValue(entry.Key, out var place) ? place : new SourcePlace(lockfile);

    private static string Described(string name) => ActionRefs.Tag(name) is { } tag ? $"tag {tag}" : $"branch {ActionRefs.Short(name)}";

    private void Report(FindingCode code, ActionEntry entry, string message, string command) =>
        findings.Add(new Finding(code, message, PlaceOf(entry), command) { Input = InputOf(entry) });
}
