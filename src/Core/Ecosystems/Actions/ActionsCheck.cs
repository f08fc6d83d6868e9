using Hardening.Ecosystems.Actions.GitHubLock;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Ecosystems.Actions;

/// <summary>The offline check of this ecosystem: workflows and actions, and GitHub's actions.lock where there is one, against lockfile and policy.</summary>
public static class ActionsCheck
{
    /// <summary>The findings.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="inputs">What the repository uses.</param>
    /// <param name="section">The lock entries.</param>
    /// <param name="policy">The policy.</param>
    public static IReadOnlyList<Finding> Verify(string root, WorkflowInputs inputs, ActionsSection section, ActionsPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var findings = new List<Finding>(new ActionsVerifier(section, policy).Verify(inputs));
        if (inputs.HasActionsLock)
        {
            findings.AddRange(Compare(Path.Combine(root, WorkflowFile.ActionsLock), inputs, section));
        }

        return section.IsBaseline ? findings : BeforeBaseline(findings);
    }

    // What nobody may run, and what the policy has a switch of its own for.
    private static readonly FindingCode[] Always = [FindingCodes.ActionKnownBad, FindingCodes.ActionNotPinned];

    // Who adopts the product begins with warnings, except about what nobody may run; and with one that stands for everything that is not locked yet.
    private static List<Finding> BeforeBaseline(List<Finding> findings)
    {
        var missing = Finding.Sorted(findings.Where(f => f.Code == FindingCodes.ActionNotLocked));
        var rest = findings.Where(f => f.Code != FindingCodes.ActionNotLocked)
            .Select(f => f.Severity == Severity.Error && !Always.Contains(f.Code) ? f with { SeverityOverride = Severity.Warning, Message = f.Message + " It warns until an update has locked actions." } : f).ToList();
        if (missing.Count > 0)
        {
            rest.Add(missing[0] with { Message = $"No action is locked yet, and {missing.Count} {(missing.Count == 1 ? "place uses" : "places use")} one. It warns until an update has locked them.", SeverityOverride = Severity.Warning });
        }

        return rest;
    }

    /// <summary>What the workflows use, as the comparison with actions.lock takes it.</summary>
    public static RepositoryUses UsesOf(WorkflowInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new RepositoryUses(
            [.. inputs.Files.Where(f => WorkflowFile.IsWorkflow(f.Path)).Select(f => new WorkflowUses(f.Path, Placed(f)) { IsUnreadable = f.Findings.Any(x => x.Code == FindingCodes.WorkflowUnreadable) })],
            [.. inputs.Files.Where(f => WorkflowFile.IsAction(f.Path)).Select(f => new LocalActionUses((Path.GetDirectoryName(f.Path) ?? string.Empty).Replace('\\', '/'), Placed(f)))]);
    }

    private static IReadOnlyList<Finding> Compare(string file, WorkflowInputs inputs, ActionsSection section)
    {
        if (FileStamp.Of(file) is not { IsLink: false, IsDirectory: false } stamp || stamp.Size > ActionsLockReader.LargestFile)
        {
            return [new Finding(FindingCodes.ActionsLockInvalid, $"{WorkflowFile.ActionsLock} is no plain file of at most {ActionsLockReader.LargestFile} bytes, so GitHub's runner ignores it.", new SourcePlace(file), ActionsLock.UpdateCommand)];
        }

        return ActionsLockReader.Read(AtomicFile.ReadAtMost(file, ActionsLockReader.LargestFile), file, out var findings) is { } actionsLock
            ? [.. findings, .. ActionsLockVerifier.Verify(actionsLock, UsesOf(inputs), section)]
            : findings;
    }

    private static List<PlacedUses> Placed(WorkflowFile file) =>
        [.. file.Uses.Where(u => u.Value.Place is WorkflowPlace.Step or WorkflowPlace.Job).Select(u => new PlacedUses(u.Uses, u.Value.Span.Place))];
}
