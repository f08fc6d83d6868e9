using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.Images;
using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Verification;

/// <summary>
/// The offline check of all ecosystems: what the text of a work tree names against its own lockfile, as its own policy judges it. Grade "written": nothing
/// of it is evaluated or run and no host is asked, so it may be a stranger's.
/// </summary>
/// <param name="root">The repository root.</param>
/// <param name="isBuiltIn">Whether the .NET SDK has an MSBuild SDK of this name, see <see cref="BuiltInSdks"/>.</param>
/// <param name="ecosystems">What is looked at. What is wrong with the lockfile or the policy is told in any case.</param>
public sealed class WrittenCheck(string root, Func<string, bool> isBuiltIn, EcosystemSet ecosystems = EcosystemSet.All)
{
    private const EcosystemSet InWorkflows = EcosystemSet.Actions | EcosystemSet.Images;

    /// <summary>The findings, sorted. What could not be read is one of them (HRD0011).</summary>
    /// <param name="cancellation">Cancels between two ecosystems.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<Finding> Run(CancellationToken cancellation)
    {
        var stored = LockfileStore.Load(root);
        if (stored.Lockfile is not { } lockfile)
        {
            return [stored.Finding!];
        }

        var policy = RepositoryPolicy.Of(root);
        var findings = new List<Finding>(policy.Findings);
        try
        {
            Compare(lockfile, policy, findings, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            findings.Add(new Finding(FindingCodes.Unreadable, $"The repository could not be read: {e.Message}", new SourcePlace(root)));
        }

        return Finding.Sorted(CondensedFindings.Of(policy.Decide(findings)));
    }

    private void Compare(Lockfile lockfile, RepositoryPolicy policy, List<Finding> findings, CancellationToken cancellation)
    {
        var (nuget, workflows) = ((ecosystems & EcosystemSet.NuGet) != 0, (ecosystems & InWorkflows) != 0);
        var paths = RepositoryFiles.Find(
            root, name => (nuget && WrittenInputs.IsWanted(name, withScripts: true)) || (workflows && (WorkflowFile.IsWanted(name) || ImageInputs.IsWanted(name))), policy.Excludes, PackageFolders(findings));
        cancellation.ThrowIfCancellationRequested();
        if (nuget)
        {
            findings.AddRange(SourcesVerifier.Verify(root, root, lockfile));
            findings.AddRange(new WrittenVerifier(root, lockfile, policy.Policy, isBuiltIn).Verify(WrittenInputs.Observe(root, paths, policy.Excludes, withScripts: true)));
            cancellation.ThrowIfCancellationRequested();
        }

        if (workflows)
        {
            var inputs = WorkflowInputs.Observe(root, paths);
            findings.AddRange(ActionsCheck.Verify(root, inputs, lockfile.Actions, policy.Policy.Actions).Where(IsWanted));
            if ((ecosystems & EcosystemSet.Images) != 0)
            {
                findings.AddRange(ImagesCheck.Verify(WrittenImages.Observe(root, paths, inputs), lockfile.Images, policy.Policy.Images));
            }
        }
    }

    // Without them the folders of packages are looked into as well: rather one file too many than one too few.
    private IReadOnlyList<string> PackageFolders(List<Finding> findings)
    {
        try
        {
            return NuGetSettings.PackageFolders(root);
        }
        catch (InvalidDataException e)
        {
            findings.Add(new Finding(FindingCodes.Unreadable, $"NuGet's configuration could not be read: {e.Message}", new SourcePlace(root)));
            return [];
        }
    }

    // Workflows name actions and images. Where one cannot be read, it may hold either.
    private bool IsWanted(Finding finding) =>
        finding.Code == FindingCodes.WorkflowUnreadable || finding.Code == FindingCodes.WorkflowMergeKey
        || (ecosystems & EcosystemSet.Actions) != 0;
}
