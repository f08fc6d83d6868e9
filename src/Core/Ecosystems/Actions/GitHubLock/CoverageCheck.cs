using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>Whether actions.lock has an entry for all that onboarded workflows use, and none for what nothing uses.</summary>
internal sealed class CoverageCheck(ActionsLock actionsLock, RepositoryUses uses, PinEntries locked)
{
    private readonly WorkflowReferences references = new(uses);
    private readonly Dictionary<string, WorkflowUses> workflows = ByPath(uses);
    private readonly List<Finding> findings = [];

    internal IReadOnlyList<Finding> Findings()
    {
        foreach (var onboarded in actionsLock.Workflows.Values)
        {
            if (!workflows.TryGetValue(onboarded.Path, out var workflow))
            {
                findings.Add(new Finding(FindingCodes.ActionsLockStale, $"`{onboarded.Path}` is onboarded, but there is no such workflow.", onboarded.Place, ActionsLock.UpdateCommand));
            }
            else if (!workflow.IsUnreadable)
            {
                Workflow(onboarded, references.Of(workflow));
            }
        }

        var reached = Reached(actionsLock.Workflows.Values.SelectMany(w => w.Pins).Select(p => p.Key));
        findings.AddRange(actionsLock.Dependencies.Values.Where(d => !reached.Contains(d.Key)).Select(d =>
            new Finding(FindingCodes.ActionsLockStale, $"No workflow uses `{d.Key}`, which has an entry.", d.Place, ActionsLock.UpdateCommand) { Input = d.Key.Repository }));
        return findings;
    }

    private static Dictionary<string, WorkflowUses> ByPath(RepositoryUses uses)
    {
        var map = new Dictionary<string, WorkflowUses>(StringComparer.Ordinal);
        foreach (var workflow in uses.Workflows)
        {
            map.TryAdd(workflow.Path, workflow);
        }

        return map;
    }

    private void Workflow(ActionsLockWorkflow onboarded, List<PlacedUses> used)
    {
        var listed = onboarded.Pins.Select(p => p.Key).ToHashSet();
        var covered = Reached(listed);
        var direct = new HashSet<PinKey>();
        var indirect = new HashSet<PinKey>();
        var said = new HashSet<PinKey>();
        foreach (var use in used)
        {
            if (use.Uses.Form == UsesForm.Local)
            {
                Called(onboarded, use);
            }
            else if (use.Uses.Server.Length > 0)
            {
                Missing(use, $"`{use.Uses.Name}@{use.Uses.Ref}` names its server, which GitHub takes in no workflow and actions.lock cannot hold.", $"write owner/repo, or take `{onboarded.Path}` out of actions.lock");
            }
            else
            {
                var key = PinKey.Of(use.Uses);
                var isNew = direct.Add(key);
                if (!listed.Contains(key))
                {
                    Unlisted(onboarded, use, key, isNew);
                    continue;
                }

                indirect.UnionWith(Indirect(onboarded, use, key, covered, said));
            }
        }

        Stale(onboarded, [.. direct, .. indirect, .. Reached(direct)]);
    }

    private void Unlisted(ActionsLockWorkflow onboarded, PlacedUses use, PinKey key, bool isNew)
    {
        if (isNew && !(use.Uses.IsWorkflow && key.IsCommit))
        {
            Missing(use, $"actions.lock has no `{key}` for `{onboarded.Path}`, which uses it and is onboarded; GitHub refuses to run it.", ActionsLock.UpdateCommand);
        }
    }

    private List<PinKey> Indirect(ActionsLockWorkflow onboarded, PlacedUses use, PinKey key, HashSet<PinKey> covered, HashSet<PinKey> said)
    {
        var found = new List<PinKey>();
        IReadOnlyCollection<string> commits = locked.CommitsOf(use.Uses.Name, use.Uses.Ref);
        if (actionsLock.Dependencies.TryGetValue(key, out var dependency) && commits.Contains(dependency.Commit))
        {
            commits = [dependency.Commit];
        }

        foreach (var entry in commits.Select(c => locked.Entry(ActionEntry.KeyOf(use.Uses.Name, c))).OfType<ActionEntry>())
        {
            foreach (var step in locked.Closure(key, entry, use.Uses.Path))
            {
                found.Add(step.Key);
                if (!covered.Contains(step.Key) && said.Add(step.Key))
                {
                    Missing(use, $"actions.lock has no `{step.Key}` for `{onboarded.Path}`, which `{step.From}` uses; GitHub refuses to run it.", ActionsLock.UpdateCommand);
                }
            }
        }

        return found;
    }

    // A workflow of the same repository is resolved by its own lines in actions.lock, not by those of its caller.
    private void Called(ActionsLockWorkflow onboarded, PlacedUses use)
    {
        if (workflows.TryGetValue(use.Uses.Path, out var called) && !actionsLock.Workflows.ContainsKey(called.Path) && (called.IsUnreadable || references.Of(called).Count > 0))
        {
            Missing(use, $"`{onboarded.Path}` is onboarded, but `{called.Path}`, which it calls, is not, so that what this uses is resolved anew in each run.", ActionsLock.UpdateCommand);
        }
    }

    private void Stale(ActionsLockWorkflow onboarded, HashSet<PinKey> used) =>
        findings.AddRange(onboarded.Pins.Where(p => !used.Contains(p.Key)).Select(p =>
            new Finding(FindingCodes.ActionsLockStale, $"`{onboarded.Path}` does not use `{p.Key}`, which actions.lock lists for it.", p.Place, ActionsLock.UpdateCommand) { Input = p.Key.Repository }));

    private void Missing(PlacedUses use, string message, string command) =>
        findings.Add(new Finding(FindingCodes.ActionsLockIncomplete, message, use.Place, command) { Input = use.Uses.Form == UsesForm.Repository ? use.Uses.Name : string.Empty });

    private HashSet<PinKey> Reached(IEnumerable<PinKey> keys)
    {
        var reached = new HashSet<PinKey>();
        var open = new Queue<PinKey>(keys);
        while (open.TryDequeue(out var key))
        {
            if (reached.Add(key) && actionsLock.Dependencies.TryGetValue(key, out var dependency))
            {
                foreach (var used in dependency.Uses)
                {
                    open.Enqueue(used.Key);
                }
            }
        }

        return reached;
    }
}
