using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.Images;
using Hardening.Ecosystems.NuGet;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Reporting;
using Hardening.Verification;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>What the tasks have in common that look after one ecosystem of a whole repository.</summary>
public abstract class RepositoryTask : HardeningTask
{
    /// <summary>The repository root.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>What workflows and actions use.</summary>
    private protected static WorkflowInputs ObserveWorkflows(string root, RepositoryPolicy policy) =>
        WorkflowInputs.Observe(root, RepositoryFiles.Find(root, WorkflowFile.IsWanted, policy.Excludes, NuGetSettings.PackageFolders(root)));

    /// <summary>The images that files name.</summary>
    private protected static ImageInputs ObserveImages(string root, RepositoryPolicy policy)
    {
        var paths = RepositoryFiles.Find(root, name => WorkflowFile.IsWanted(name) || ImageInputs.IsWanted(name), policy.Excludes, NuGetSettings.PackageFolders(root));
        return WrittenImages.Observe(root, paths, WorkflowInputs.Observe(root, paths));
    }

    /// <summary>The lockfile and the policy; null after a finding that keeps them from counting.</summary>
    private protected (StoredLockfile Stored, RepositoryPolicy Policy)? Load()
    {
        var stored = LockfileStore.Load(Root);
        if (stored.Lockfile is null)
        {
            Report(stored.Finding!);
            return null;
        }

        var policy = RepositoryPolicy.Of(Root);
        Report(policy.Findings);
        return Log.HasLoggedErrors ? null : (stored, policy);
    }

    /// <summary>The lockfile to update, its digest and the policy; null after a finding that keeps them from counting.</summary>
    private protected (Lockfile Previous, string Digest, RepositoryPolicy Policy)? LoadForUpdate()
    {
        var previous = LockfileStore.LoadForUpdate(Root, out var digest, out var notice);
        if (notice is { Severity: Severity.Error })
        {
            Report(notice);
            return null;
        }

        var policy = RepositoryPolicy.Of(Root);
        Report(policy.Findings);
        return Log.HasLoggedErrors ? null : (previous, digest, policy);
    }

    /// <summary>Logs what happened, a line each.</summary>
    private protected void Tell(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Log.LogMessage(MessageImportance.High, "{0}", SinkText.ForLog(line));
        }
    }
}
