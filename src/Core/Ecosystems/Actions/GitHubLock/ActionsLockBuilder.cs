using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>Makes an actions.lock of the references of workflows and the lock entries, and says what it cannot make.</summary>
internal sealed class ActionsLockBuilder(RepositoryUses uses, ActionsSection section)
{
    private readonly PinEntries locked = new(section);
    private readonly WorkflowReferences references = new(uses);
    private readonly Dictionary<PinKey, Draft> drafts = [];
    private readonly HashSet<PinKey> said = [];
    private readonly List<Finding> findings = [];

    internal ActionsLock Build(out IReadOnlyList<Finding> found)
    {
        var workflows = uses.Workflows.DistinctBy(w => w.Path).OrderBy(w => w.Path, Utf8Order.Instance).Select(Workflow).OfType<OnboardedDraft>().ToList();
        var circles = PinCycles.ClosingEdges(drafts.ToDictionary(d => d.Key, d => (IReadOnlyList<PinKey>)[.. d.Value.Uses.Order()])).Select(e => e.From).ToHashSet();
        var kept = workflows.Where(w => !IsCircular(w, circles)).ToList();
        var reached = kept.SelectMany(w => Reached(w.Pins.Keys)).ToHashSet();
        found = LimitedFindings.Of(findings);
        return new ActionsLock
        {
            Workflows = kept.ToDictionary(w => w.Path, w => new ActionsLockWorkflow(w.Path, [.. w.Pins.Keys.Select(k => new ActionsLockPin(k))]), StringComparer.Ordinal),
            Dependencies = drafts.Where(d => reached.Contains(d.Key)).ToDictionary(d => d.Key, d => d.Value.Dependency(d.Key)),
        };
    }

    private OnboardedDraft? Workflow(WorkflowUses workflow)
    {
        if (workflow.IsUnreadable)
        {
            Report(FindingCodes.ActionsLockIncomplete, $"`{workflow.Path}` could not be read, so that actions.lock cannot have it.", new SourcePlace(workflow.Path), "mend the file", string.Empty);
            return null;
        }

        if (ActionsLockText.FaultOfPath(workflow.Path) is { } fault)
        {
            Report(FindingCodes.ActionsLockIncomplete, $"The path of a workflow {fault}, so that actions.lock cannot have it.", new SourcePlace(workflow.Path), "rename the file", string.Empty);
            return null;
        }

        var pins = new SortedDictionary<PinKey, PlacedUses>();
        var isComplete = true;
        foreach (var use in references.Of(workflow).Where(u => u.Uses.Form == UsesForm.Repository))
        {
            var key = PinKey.Of(use.Uses);
            isComplete &= Reference(use, key);
            pins.TryAdd(key, use);
        }

        return isComplete ? new OnboardedDraft(workflow.Path, pins) : null;
    }

    private bool Reference(PlacedUses use, PinKey key)
    {
        var commits = locked.CommitsOf(use.Uses.Name, use.Uses.Ref);
        if (commits.Count > 1)
        {
            return Fault(use, key, FindingCodes.ActionsLockContradicts, $"The lockfile has several commits for `{key}`, and actions.lock can hold one: {string.Join(", ", commits)}.", Commands.UpdateAction(use.Uses.Repository));
        }

        var entry = commits.Count == 0 ? null : locked.Entry(ActionEntry.KeyOf(use.Uses.Name, commits.First()));
        if (!Add(use, key, entry))
        {
            return false;
        }

        var isComplete = true;
        foreach (var step in locked.Closure(key, entry!, use.Uses.Path))
        {
            isComplete &= Add(use, step.Key, locked.Entry(step.EntryKey)) && Edge(step);
        }

        return isComplete;
    }

    // An action that uses another folder of its own repository at its own ref needs no second entry, and GitHub refuses one that names itself.
    private bool Edge(LockedUse step)
    {
        if (!drafts.TryGetValue(step.From, out var from))
        {
            return false;
        }

        if (step.Key != step.From)
        {
            from.Uses.Add(step.Key);
        }

        return true;
    }

    private bool Add(PlacedUses use, PinKey key, ActionEntry? entry)
    {
        if (entry is null)
        {
            return Fault(use, key, FindingCodes.ActionsLockIncomplete, $"`{key}` is not in the lockfile, so that it can have no entry in actions.lock.", Commands.Update);
        }

        if (entry.Name.Contains("://", StringComparison.Ordinal) || !PinKey.TryParse(key.ToString(), out _))
        {
            return Fault(use, key, FindingCodes.ActionsLockIncomplete, $"`{key}` is on another server or has letters that actions.lock cannot hold.", "use another action");
        }

        if (key.IsCommit && !key.Ref.Equals(entry.Commit, StringComparison.OrdinalIgnoreCase))
        {
            return Fault(use, key, FindingCodes.ActionsLockContradicts, $"`{key}` names a commit, and the lockfile has another one for it: {entry.Commit}.", Commands.UpdateAction(key.Repository));
        }

        if (entry.OwnerId <= 0 || entry.RepositoryId <= 0)
        {
            return Fault(use, key, FindingCodes.ActionsLockIncomplete, $"The numbers of owner and repository of `{key}` are not in the lockfile, and actions.lock needs them. Only the host's API tells them.", $"set GITHUB_TOKEN, then: {ActionsLock.UpdateCommand}");
        }

        var found = key.IsCommit ? RefRank.Best(entry.Refs.Keys) : key.Ref;
        if (found is null)
        {
            return Fault(use, key, FindingCodes.ActionsLockIncomplete, $"The lockfile has no tag or branch with the commit of `{key}`, and actions.lock needs one.", Commands.UpdateAction(key.Repository));
        }

        if (drafts.TryGetValue(key, out var draft))
        {
            return draft.Entry.Key == entry.Key
                || Fault(use, key, FindingCodes.ActionsLockContradicts, $"Two actions use `{key}` with the commits {draft.Entry.Commit} and {entry.Commit}, and actions.lock can hold one.", Commands.UpdateAction(key.Repository));
        }

        drafts.Add(key, new Draft(entry, found));
        return true;
    }

    private bool IsCircular(OnboardedDraft workflow, HashSet<PinKey> circles)
    {
        foreach (var (key, use) in workflow.Pins)
        {
            if (circles.Count > 0 && Reached([key]).Overlaps(circles))
            {
                return !Fault(use, key, FindingCodes.ActionNesting, $"`{key}` and what it uses use each other in a circle, which GitHub does not take in actions.lock.", $"take `{workflow.Path}` out of actions.lock");
            }
        }

        return false;
    }

    private HashSet<PinKey> Reached(IEnumerable<PinKey> keys)
    {
        var reached = new HashSet<PinKey>();
        var open = new Queue<PinKey>(keys);
        while (open.TryDequeue(out var key))
        {
            if (reached.Add(key))
            {
                foreach (var used in drafts[key].Uses)
                {
                    open.Enqueue(used);
                }
            }
        }

        return reached;
    }

    // Each key is said once, at the first line that needs it, however many workflows do.
    private bool Fault(PlacedUses use, PinKey key, FindingCode code, string message, string command)
    {
        if (said.Add(key))
        {
            Report(code, message, use.Place, command, key.Repository);
        }

        return false;
    }

    private void Report(FindingCode code, string message, SourcePlace place, string command, string input) =>
        findings.Add(new Finding(code, message, place, command) { Input = input });

    private sealed record OnboardedDraft(string Path, SortedDictionary<PinKey, PlacedUses> Pins);

    private sealed record Draft(ActionEntry Entry, string Ref)
    {
        internal HashSet<PinKey> Uses { get; } = [];

        internal ActionsLockDependency Dependency(PinKey key) =>
            new(key, Ref, Entry.Commit, Entry.OwnerId, Entry.RepositoryId) { Uses = [.. Uses.Order().Select(k => new ActionsLockPin(k))] };
    }
}
