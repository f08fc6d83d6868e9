using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.Actions.GitHubLock;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Updates the lock entries of actions, and carries out what the policy moves or replaces.</summary>
[MSBuildMultiThreadableTask]
public sealed class UpdateActions : ActionsTask
{
    /// <summary>Repositories whose refs may have moved, as <c>owner/repo</c> separated by <c>;</c>; <c>*</c> is every one.</summary>
    public string Accept { get; set; } = string.Empty;

    /// <summary>Whether GitHub's actions.lock is written.</summary>
    public bool WriteActionsLock { get; set; }

    /// <inheritdoc/>
    protected override void Run()
    {
        if (LoadForUpdate() is not var (previous, digest, policy) || policy.Policy.Actions.Enforce == Enforcement.Off)
        {
            return;
        }

        var inputs = ObserveWorkflows(Root, policy);
        if (Open() is not { } hosts)
        {
            return;
        }

        using (hosts)
        {
            var request = new ActionsUpdateRequest(inputs, policy.Policy.Actions, hosts.Servers) { Accept = Accept.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), IsExcused = f => policy.Decide([f]).All(left => left.Code != f.Code) };
            var result = new ActionsUpdate(request, previous.Actions, hosts.Client, hosts.Identities).RunAsync(Cancellation).GetAwaiter().GetResult();
            Report(policy.Decide([.. inputs.Findings, .. result.Findings]));
            Tell(result.News);
            Save(previous with { Actions = result.Section }, digest, policy, result);
        }
    }

    // Files that name another entry are written last: a crash in between is healed by the next update.
    private void Save(Lockfile lockfile, string digest, RepositoryPolicy policy, ActionsUpdateResult result)
    {
        if (LockfileStore.Save(Root, lockfile, digest, out var written) is { } finding)
        {
            Report(finding);
            return;
        }

        var pins = ActionPins.Write(Root, result.Moves);
        Report(pins.Findings);
        Tell(pins.News);
        var count = lockfile.Actions.Commits.Count;
        Tell([$"{Path.Combine(Root, Lockfile.FileName)}: {(written ? "written" : "unchanged")}, {count} {(count == 1 ? "commit" : "commits")} of actions."]);
        if (WriteActionsLock)
        {
            // As the files are now.
            Write(ObserveWorkflows(Root, policy), lockfile);
        }
    }

    private void Write(WorkflowInputs inputs, Lockfile lockfile)
    {
        // One that lacks a workflow would let that run whatever its tags name now, so it is the whole file or none.
        var actionsLock = ActionsLock.FromLockfile(ActionsCheck.UsesOf(inputs), lockfile.Actions, out var findings);
        Report(findings);
        if (findings.Any(f => f.Severity == Severity.Error))
        {
            Tell([$"{WorkflowFile.ActionsLock} was left as it is."]);
            return;
        }

        var path = Path.Combine(Root, WorkflowFile.ActionsLock);
        if (SymbolicLinks.On(Root, WorkflowFile.ActionsLock) is { } link)
        {
            Report(new Finding(FindingCodes.ActionsLockInvalid, $"{link} is a symbolic link, and nothing is written through one.", new SourcePlace(path), "replace the link by what it leads to"));
            return;
        }

        Tell([$"{path}: {(AtomicFile.WriteIfChanged(path, ActionsLockWriter.Write(actionsLock)) ? "written" : "unchanged")}."]);
    }
}
