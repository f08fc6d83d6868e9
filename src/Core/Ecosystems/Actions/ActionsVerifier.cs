using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Ecosystems.Actions;

/// <summary>
/// Compares the actions and reusable workflows that workflows and actions use with the lockfile and the policy. A pure function: no host is asked. Images, which stand
/// in the same files, belong to another ecosystem.
/// </summary>
public sealed class ActionsVerifier
{
    // Of the names that a policy has without a server, where another runner than GitHub's takes the whole address.
    private const string DefaultServer = "https://github.com";

    private readonly LockedActions locked;
    private readonly ActionPermissions permissions;
    private readonly Dictionary<string, ActionReplacement> replacements;
    private readonly List<Finding> findings = [];

    /// <summary>Prepares the comparison.</summary>
    public ActionsVerifier(ActionsSection section, ActionsPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        locked = new LockedActions(section);
        permissions = new ActionPermissions(policy, DefaultServer);
        replacements = policy.Replace.ToDictionary(r => r.From, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The findings of everything that is used.</summary>
    public IReadOnlyList<Finding> Verify(WorkflowInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        findings.AddRange(inputs.Findings);
        foreach (var use in inputs.Files.SelectMany(f => f.Uses))
        {
            Verify(use);
        }

        return findings;
    }

    private void Verify(WorkflowUse use)
    {
        switch (use.Uses.Form)
        {
            case UsesForm.Repository:
                Permitted(use, use.Uses.Name, string.Empty);
                Repository(use);
                break;
            case UsesForm.Expression when use.Value.Place is WorkflowPlace.Container or WorkflowPlace.Service:
                // An image, of which the ecosystem of images says so.
                break;
            case UsesForm.Expression:
                Report(FindingCodes.ActionUnpinnable, use, $"`{use.Value.Value}` has an expression, so nobody can say what runs.", "write the action with its commit, as in owner/repo@<commit>");
                break;
            case UsesForm.Malformed:
                Report(FindingCodes.ActionUnpinnable, use, $"`{use.Value.Value}` {use.Uses.Text}.", "write owner/repo[/path]@<commit>, docker://image@sha256:…, or ./path");
                break;
        }
    }

    private void Repository(WorkflowUse use)
    {
        var uses = use.Uses;
        if (uses.IsPinned && KnownBadCommits.Find(uses.Ref.ToLowerInvariant()) is { } bad)
        {
            Report(FindingCodes.ActionKnownBad, use, $"{uses.Name} is pinned to {uses.Ref}, which {bad}.", "use another commit, and take every secret that this workflow could read for stolen");
            return;
        }

        if (!uses.IsPinned && UsesText.IsShortCommit(uses.Ref))
        {
            Report(FindingCodes.ActionShortCommit, use, $"{uses.Name} is pinned to {uses.Ref}. GitHub takes a commit only in full, so a branch or tag of this name would run.", "write the commit in full");
            return;
        }

        if (locked.Find(uses) is not { } entry)
        {
            NotLocked(use);
            return;
        }

        if (!uses.IsPinned)
        {
            Report(FindingCodes.ActionNotPinned, use, $"{uses.Name} is named by `{uses.Ref}`, which its owner can move at any time; the lockfile has {entry.Commit}.", Commands.Pin);
        }

        Comment(use, entry);
        Transitive(use, entry);
    }

    private void NotLocked(WorkflowUse use)
    {
        var (uses, others) = (use.Uses, locked.OfRepository(use.Uses.Name));
        if (uses.IsPinned && others.Count > 0)
        {
            Report(FindingCodes.ActionCommitChanged, use, $"{uses.Name} is pinned to {uses.Ref}, but the lockfile has {string.Join(", ", others.Take(3).Select(Described))}.", $"take the change back; or accept it: {Commands.Update}");
        }
        else
        {
            Report(FindingCodes.ActionNotLocked, use, $"{uses.Name} {(uses.IsPinned ? uses.Ref : $"`{uses.Ref}`")} is not in the lockfile.", Commands.Update);
        }
    }

    // Nothing that an entry uses itself may be missing, forbidden or known to be bad, however deep.
    private void Transitive(WorkflowUse use, ActionEntry entry)
    {
        Bad(use, entry, string.Empty);
        if (!entry.Uses.ContainsKey(ActionRefs.PathOf(use.Uses)))
        {
            Report(FindingCodes.ActionPathNotLocked, use, $"The lockfile has {Described(entry)} of {entry.Name}, but not what {(use.Uses.Path.Length == 0 ? "its root" : use.Uses.Path)} uses itself.", Commands.Update);
            return;
        }

        foreach (var (key, used, words) in locked.Transitive(entry, ActionRefs.PathOf(use.Uses)))
        {
            var through = $" through `{words}`";
            if (used is null)
            {
                Report(FindingCodes.ActionPathNotLocked, use, $"{use.Uses.Name} uses{through} {key}, which is not in the lockfile.", Commands.Update);
            }
            else
            {
                Bad(use, used, through);
                Permitted(use, used.Name, through);
            }
        }
    }

    private void Bad(WorkflowUse use, ActionEntry entry, string through)
    {
        if (KnownBadCommits.Find(entry.Commit) is { } bad)
        {
            Report(FindingCodes.ActionKnownBad, use, $"`{use.Value.Value}` leads{through} to the commit {entry.Commit}, which {bad}.", "use another commit, and take every secret that this workflow could read for stolen");
        }
    }

    private void Permitted(WorkflowUse use, string name, string through)
    {
        if (permissions.FaultOf(name) is { } fault)
        {
            Report(FindingCodes.ActionForbidden, use, $"{name}{(through.Length == 0 ? string.Empty : $", used{through},")} {fault}.", $"use another action; or have {Policy.FileName} permit it", name);
        }

        if (through.Length == 0 && replacements.GetValueOrDefault(name) is { } replacement)
        {
            Report(FindingCodes.ActionReplaced, use, $"{name} is used, but the policy has {replacement.To} in its place.", Commands.Update);
        }
    }

    private void Comment(WorkflowUse use, ActionEntry entry)
    {
        var names = entry.Refs.Keys.Select(ActionRefs.Short).ToList();
        if (use.Uses.IsPinned && use.Value.Comment.Length > 0 && VersionComment.Of(use.Value.Comment, names.Contains) is { } comment && !VersionComment.Holds(comment.Text, names))
        {
            var known = ActionRefs.Fullest(entry.Refs.Keys);
            Report(FindingCodes.ActionCommentWrong, use, $"The comment says {comment.Text}, but the lockfile has the commit {entry.Commit[..12]} of {entry.Name} {(known is null ? "without a version" : $"as {known}")}.",
                known is null ? "remove the version from the comment" : Commands.Pin);
        }
    }

    private static string Described(ActionEntry entry) => ActionRefs.Fullest(entry.Refs.Keys) is { } name ? $"{entry.Commit} ({name})" : entry.Commit;

    private void Report(FindingCode code, WorkflowUse use, string message, string command, string? input = null) =>
        findings.Add(new Finding(code, message, use.Value.Span.Place, command) { Input = input ?? (use.Uses.Form == UsesForm.Repository ? $"{use.Uses.Name}@{use.Uses.Ref}" : use.Reference?.Name ?? string.Empty) });
}
