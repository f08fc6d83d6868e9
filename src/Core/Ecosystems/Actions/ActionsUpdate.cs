using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Ecosystems.Actions;

/// <summary>What an update of actions starts from.</summary>
/// <param name="Inputs">What the repository uses.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Servers">The servers that the user's environment names.</param>
public sealed record ActionsUpdateRequest(WorkflowInputs Inputs, ActionsPolicy Policy, GitServers Servers)
{
    /// <summary>The one name that stands for every repository.</summary>
    public const string Everything = "*";

    /// <summary>Repositories whose refs may have moved: what they point to now is accepted.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The time that ages are counted from.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Whether an exception of the policy covers a finding, so that what it speaks of is taken.</summary>
    public Func<Finding, bool> IsExcused { get; init; } = _ => false;

    internal bool Accepts(string name) => Accept.Contains(Everything) || Accept.Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>What an update of actions came to.</summary>
/// <param name="Section">The section to write: what could be resolved. What could not has a finding, and is not in it.</param>
/// <param name="Moves">Places that are to name another entry than they do, as the policy has it.</param>
/// <param name="Findings">Why something could not be resolved, or was not taken.</param>
/// <param name="News">What changes, a line each.</param>
public sealed record ActionsUpdateResult(ActionsSection Section, IReadOnlyList<ActionMove> Moves, IReadOnlyList<Finding> Findings, IReadOnlyList<string> News);

/// <summary>A place that is to name another lock entry.</summary>
/// <param name="Use">The place.</param>
/// <param name="Entry">What it is to name.</param>
/// <param name="Name">What to write before the <c>@</c>; null: what stands there.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record ActionMove(WorkflowUse Use, ActionEntry Entry, string? Name, string Reason);

/// <summary>
/// Resolves what workflows use to lock entries, and what these use themselves. What the previous lockfile has is kept without a request; what is new is asked of its
/// host, concurrently, a repository once.
/// </summary>
public sealed class ActionsUpdate
{
    // What GitHub runs: composite actions and reusable workflows may be ten deep.
    internal const int Deepest = 10;
    private const int MostEntries = 2000;

    private readonly ActionsUpdateRequest request;
    private readonly ActionsSection previous;
    private readonly ActionPermissions permissions;
    private readonly ActionResolver resolver;
    private readonly Dictionary<(string Name, string Path, string Ref), string> resolved = [];
    private readonly List<Finding> findings = [];
    private readonly List<ActionMove> moves = [];
    private readonly HashSet<string> unresolved = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<WorkflowUse> circular = [];

    /// <summary>Prepares an update.</summary>
    /// <param name="request">What it starts from.</param>
    /// <param name="previous">The section before.</param>
    /// <param name="client">Asks the hosts.</param>
    /// <param name="identities">Asks for the numbers of owners and repositories; null: nobody is asked.</param>
    public ActionsUpdate(ActionsUpdateRequest request, ActionsSection previous, GitClient client, AskIdentities? identities)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(previous);
        this.request = request;
        this.previous = previous;
        permissions = new ActionPermissions(request.Policy, request.Servers.Default.GetLeftPart(UriPartial.Authority));
        resolver = new ActionResolver(request, previous, client, identities);
    }

    /// <summary>Resolves everything.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ActionsUpdateResult> RunAsync(CancellationToken cancellation)
    {
        using var _ = resolver;
        var uses = request.Inputs.Files.SelectMany(f => f.Uses).Where(u => u.Uses.Form == UsesForm.Repository).ToList();
        await ResolveAsync([.. uses.Where(IsPermitted).Select(u => new ActionNeed(u.Uses, u, []))], cancellation).ConfigureAwait(false);
        await MoveAsync(uses, cancellation).ConfigureAwait(false);
        unresolved.UnionWith(await resolver.IdentifyAsync(cancellation).ConfigureAwait(false));
        findings.AddRange(resolver.Findings);
        Circles(uses);
        var section = Used(uses);
        return new ActionsUpdateResult(section, [.. moves.Where(m => section.Commits.ContainsKey(m.Entry.Key)).Select(m => m with { Entry = section.Commits[m.Entry.Key] })], Finding.Sorted(findings), News(section));
    }

    // Level by level: what one uses is known once it is resolved.
    private async Task ResolveAsync(List<ActionNeed> needs, CancellationToken cancellation)
    {
        while (needs.Count > 0)
        {
            var level = needs.DistinctBy(n => n.Key).Where(n => !resolved.ContainsKey(n.Key)).ToList();
            if (resolved.Count + level.Count > MostEntries)
            {
                unresolved.UnionWith(level.Select(n => n.Uses.Name));
                findings.Add(new Finding(FindingCodes.ActionNesting, $"More than {MostEntries} actions are used{level[0].Way}.", level[0].Origin.Value.Span.Place, "use fewer actions"));
                return;
            }

            var found = await Task.WhenAll(level.Select(n => resolver.ResolveAsync(n, cancellation))).ConfigureAwait(false);
            needs = [];
            foreach (var (need, entry) in level.Zip(found))
            {
                if (entry is null)
                {
                    unresolved.Add(need.Uses.Name);
                    continue;
                }

                resolved[need.Key] = entry.Key;
                needs.AddRange(Next(need, entry));
            }
        }
    }

    private IEnumerable<ActionNeed> Next(ActionNeed need, ActionEntry entry)
    {
        var used = resolver.UsesOf(entry, ActionRefs.PathOf(need.Uses)).Where(u => u.Uses.Form == UsesForm.Repository).ToList();
        if (used.Count > 0 && need.Through.Count >= Deepest)
        {
            findings.Add(new Finding(FindingCodes.ActionNesting, $"`{need.Origin.Value.Value}` uses actions more than {Deepest} deep{need.Way}, which GitHub does not run.", need.Origin.Value.Span.Place, "use another action"));
            return [];
        }

        return used.Select(u => new ActionNeed(u.Uses, need.Origin, [.. need.Through, u.Words])).Where(IsPermitted);
    }

    private bool IsPermitted(WorkflowUse use) => IsPermitted(new ActionNeed(use.Uses, use, []));

    // What may not be used is not asked for either.
    private bool IsPermitted(ActionNeed need)
    {
        var uses = need.Uses;
        if (permissions.FaultOf(uses.Name) is { } fault)
        {
            Report(FindingCodes.ActionForbidden, need, $"{uses.Name}{need.Way} {fault}.", $"use another action; or have {Policy.FileName} permit it");
            return false;
        }

        if (uses.IsPinned && KnownBadCommits.Find(uses.Ref.ToLowerInvariant()) is { } bad)
        {
            Report(FindingCodes.ActionKnownBad, need, $"{uses.Name}{need.Way} is pinned to {uses.Ref}, which {bad}.", "use another commit, and take every secret that this workflow could read for stolen");
            return false;
        }

        if (!uses.IsPinned && UsesText.IsShortCommit(uses.Ref))
        {
            Report(FindingCodes.ActionShortCommit, need, $"{uses.Name}{need.Way} is pinned to {uses.Ref}. GitHub takes a commit only in full.", "write the commit in full");
            return false;
        }

        return true;
    }

    // What the policy replaces or moves on.
    private async Task MoveAsync(List<WorkflowUse> uses, CancellationToken cancellation)
    {
        var replacements = request.Policy.Replace.ToDictionary(r => r.From, StringComparer.OrdinalIgnoreCase);
        foreach (var use in uses)
        {
            var entry = EntryOf(new ActionNeed(use.Uses, use, []));
            if (replacements.GetValueOrDefault(use.Uses.Name) is { } replacement)
            {
                await ReplaceAsync(use, entry, replacement, cancellation).ConfigureAwait(false);
            }
            else if (entry is not null && use.Uses.IsPinned && request.Policy.Update != UpdateRange.None)
            {
                await AdvanceAsync(use, entry, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task ReplaceAsync(WorkflowUse use, ActionEntry? entry, ActionReplacement replacement, CancellationToken cancellation)
    {
        var written = use.Uses.IsPinned ? entry is null ? null : ActionPin.VersionOf(use.Uses, entry) : ActionRefs.Short(use.Uses.Ref);
        if (written is null)
        {
            findings.Add(new Finding(FindingCodes.ActionReplaced, $"{use.Uses.Name} is to be replaced by {replacement.To}, but no version of the commit {use.Uses.Ref} is known.", use.Value.Span.Place, $"write {replacement.To}@<commit>") { Input = $"{use.Uses.Name}@{use.Uses.Ref}" });
            return;
        }

        var target = UsesText.Parse($"{replacement.To}{(use.Uses.Path.Length == 0 ? string.Empty : "/" + use.Uses.Path)}@{replacement.Refs.GetValueOrDefault(written) ?? replacement.Refs.GetValueOrDefault("*") ?? written}");
        var need = new ActionNeed(target, use, []);
        await ResolveAsync(IsPermitted(need) ? [need] : [], cancellation).ConfigureAwait(false);
        if (EntryOf(need) is { } found)
        {
            var name = target.Path.Length == 0 ? target.Name : $"{target.Name}/{target.Path}";
            moves.Add(new ActionMove(use, found, name, $"{use.Uses.Name} is replaced by {replacement.To} {target.Ref}, as {Policy.FileName} has it"));
        }
    }

    private async Task AdvanceAsync(WorkflowUse use, ActionEntry entry, CancellationToken cancellation)
    {
        var need = new ActionNeed(use.Uses, use, []);
        if (await resolver.LaterAsync(need, entry, cancellation).ConfigureAwait(false) is not { } later)
        {
            return;
        }

        var target = use.Uses with { Ref = later.Commit };
        var next = new ActionNeed(target, use, []) { Tag = later.Tag };
        await ResolveAsync(IsPermitted(next) ? [next] : [], cancellation).ConfigureAwait(false);
        if (EntryOf(next) is { } found)
        {
            moves.Add(new ActionMove(use, found, null, $"{use.Uses.Name} moves to {ActionRefs.Fullest(found.Refs.Keys)}, as far as {Policy.FileName} permits"));
        }
    }

    private ActionEntry? EntryOf(ActionNeed need) => resolved.TryGetValue(need.Key, out var key) ? resolver.Find(key) : null;

    // GitHub would run such an action until it is ten deep.
    private void Circles(List<WorkflowUse> uses)
    {
        foreach (var use in uses)
        {
            if (EntryOf(new ActionNeed(use.Uses, use, [])) is { } entry && CircleFrom(entry, ActionRefs.PathOf(use.Uses), [], []) is { } circle)
            {
                circular.Add(use);
                unresolved.Add(use.Uses.Name);
                findings.Add(new Finding(FindingCodes.ActionNesting, $"`{use.Value.Value}` uses itself: {circle}.", use.Value.Span.Place, "use another action") { Input = $"{use.Uses.Name}@{use.Uses.Ref}" });
            }
        }
    }

    private string? CircleFrom(ActionEntry entry, string path, List<(string Key, string Path)> above, HashSet<(string, string)> done)
    {
        (string Key, string Path) at = (entry.Key, path);
        if (above.Contains(at))
        {
            return string.Join(" → ", above.SkipWhile(a => a != at).Append(at).Select(a => a.Path == ActionEntry.RootPath ? a.Key : $"{a.Key} {a.Path}"));
        }

        if (!done.Add(at) || above.Count > Deepest)
        {
            return null;
        }

        above.Add(at);
        foreach (var (uses, _) in resolver.UsesOf(entry, path))
        {
            if (EntryOf(new ActionNeed(uses, null!, [])) is { } used && CircleFrom(used, ActionRefs.PathOf(uses), above, done) is { } circle)
            {
                return circle;
            }
        }

        above.RemoveAt(above.Count - 1);
        return null;
    }

    // The entries that a place still leads to, each with what it uses at the paths that are used.
    private ActionsSection Used(List<WorkflowUse> uses)
    {
        var paths = new Dictionary<string, SortedDictionary<string, IReadOnlyDictionary<string, string>?>>(StringComparer.Ordinal);
        var moved = moves.Select(m => m.Use).ToHashSet();
        var left = new Queue<(ActionEntry Entry, string Path)>(uses.Where(u => !moved.Contains(u) && !circular.Contains(u)).Select(u => (EntryOf(new ActionNeed(u.Uses, u, [])), ActionRefs.PathOf(u.Uses)))
            .Concat(moves.Select(m => ((ActionEntry?)m.Entry, ActionRefs.PathOf(m.Use.Uses))))
            .Where(p => p.Item1 is not null).Select(p => (p.Item1!, p.Item2)));
        while (left.TryDequeue(out var at))
        {
            var known = paths.TryGetValue(at.Entry.Key, out var found) ? found : paths[at.Entry.Key] = new(StringComparer.Ordinal);
            if (known.ContainsKey(at.Path))
            {
                continue;
            }

            // What leads to something that could not be resolved is not locked either, but what was locked before stays so.
            var words = new SortedDictionary<string, string>(StringComparer.Ordinal);
            known[at.Path] = resolver.UsesOf(at.Entry, at.Path).Any(u => u.Uses.Form == UsesForm.Repository && EntryOf(new ActionNeed(u.Uses, null!, [])) is null)
                ? previous.Commits.GetValueOrDefault(at.Entry.Key)?.Uses.GetValueOrDefault(at.Path)
                : words;
            foreach (var (used, text) in resolver.UsesOf(at.Entry, at.Path))
            {
                var entry = used.Form == UsesForm.Repository ? EntryOf(new ActionNeed(used, null!, [])) : null;
                words[text] = entry?.Key ?? string.Empty;
                if (entry is not null)
                {
                    left.Enqueue((entry, ActionRefs.PathOf(used)));
                }
            }
        }

        var commits = paths.Where(p => p.Value.Values.Any(u => u is not null)).ToDictionary(p => p.Key, p => resolver.Find(p.Key)! with { Uses = Known(p.Value) }, StringComparer.Ordinal);
        // The first time, what could not be resolved is no drift yet.
        var isBaseline = previous.IsBaseline || unresolved.Count == 0;
        return new ActionsSection { IsBaseline = isBaseline, Commits = LockfileMerge.Union(commits, Kept(commits)), Unknown = previous.Unknown };
    }

    // Where something of a repository was refused or could not be asked for, its evidence stays: else the next update would accept what this one refused.
    private Dictionary<string, ActionEntry> Kept(Dictionary<string, ActionEntry> commits)
    {
        var kept = new Dictionary<string, ActionEntry>(StringComparer.Ordinal);
        var left = new Queue<ActionEntry>(previous.Commits.Values.Where(e => unresolved.Contains(e.Name)));
        while (left.TryDequeue(out var entry))
        {
            var others = commits.Values.Where(e => e.Key != entry.Key && e.Name.Equals(entry.Name, StringComparison.OrdinalIgnoreCase)).SelectMany(e => e.Refs.Keys).ToHashSet(StringComparer.Ordinal);
            if (kept.TryAdd(entry.Key, entry with { Refs = entry.Refs.Where(r => !others.Contains(r.Key)).ToDictionary(StringComparer.Ordinal) }))
            {
                entry.Uses.Values.SelectMany(u => u.Values).Select(previous.Commits.GetValueOrDefault).OfType<ActionEntry>().ToList().ForEach(left.Enqueue);
            }
        }

        return kept;
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Known(SortedDictionary<string, IReadOnlyDictionary<string, string>?> uses) =>
        uses.Where(u => u.Value is not null).ToDictionary(u => u.Key, u => u.Value!, StringComparer.Ordinal);

    private List<string> News(ActionsSection section) =>
    [
        .. section.Commits.Values.Where(e => !previous.Commits.ContainsKey(e.Key)).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"  + {e.Name} {ActionRefs.Fullest(e.Refs.Keys) ?? "without a tag"} is the commit {e.Commit}"),
        .. resolver.News,
        .. moves.Select(m => $"  ! {m.Reason}").Distinct().Order(StringComparer.Ordinal),
        .. previous.Commits.Values.Where(e => !section.Commits.ContainsKey(e.Key)).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"  - {e.Name} {e.Commit} is no longer used"),
    ];

    private void Report(FindingCode code, ActionNeed need, string message, string command) =>
        findings.Add(new Finding(code, message, need.Origin.Value.Span.Place, command) { Input = need.Input });
}
