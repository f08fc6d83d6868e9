using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Hardening.Tasks;

/// <summary>Begins an update: makes the quarantine and puts into it what is locked and verified on disk.</summary>
[MSBuildMultiThreadableTask]
public sealed class BeginUpdate : HardeningTask
{
    /// <summary>The repository root.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>Package ids that may change, separated by <c>;</c>; empty: all may.</summary>
    public string Packages { get; set; } = string.Empty;

    /// <summary>The runtime identifier of the .NET SDK.</summary>
    public string SdkRuntimeIdentifier { get; set; } = string.Empty;

    /// <summary>The folder of the .NET SDK (MSBuildToolsPath).</summary>
    public string ToolsFolder { get; set; } = string.Empty;

    /// <summary>Projects in the quarantine, which download what no project references.</summary>
    [Output]
    public ITaskItem[] InputProjects { get; set; } = [];

    /// <summary>File-based apps; full paths.</summary>
    [Output]
    public ITaskItem[] Scripts { get; set; } = [];

    /// <summary>The quarantine's folder.</summary>
    [Output]
    public string Quarantine { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Run()
    {
        var previous = LockfileStore.LoadForUpdate(Root, out _, out var notice);
        if (notice is { Severity: Severity.Error })
        {
            Report(notice);
            return;
        }

        var policy = RepositoryPolicy.Of(Root);
        var written = WrittenInputs.Observe(Root, policy.Excludes, withScripts: true, NuGetSettings.PackageFolders(Root));
        var verifier = new WrittenVerifier(Root, previous, policy.Policy, VerifyRepository.IsBuiltIn(ToolsFolder));
        Report(policy.Findings);
        Report(policy.DecideUpdate(verifier.VerifyBeforeUpdate(written)));
        if (Log.HasLoggedErrors)
        {
            return;
        }

        var quarantine = Ecosystems.NuGet.Quarantine.Create();
        Quarantine = quarantine.Path;
        var memory = PackageMemory.Open(ProjectTask.MemoryPath(Root));
        quarantine.Seed(previous, NuGetSettings.PackageFolders(Root), SdkRuntimeIdentifier, Packages.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), memory, Cancellation);
        InputProjects = [.. InputDownloads.Write(Root, quarantine, "named", verifier.Locked(written.References).Select(r => (WrittenVerifier.KeyOf(r), r.Span.File))).Select(p => new TaskItem(p))];

        // An item takes %41 for a letter.
        Scripts = [.. written.Scripts.Select(s => new TaskItem(Path.Combine(Root, s).Replace("%", "%25", StringComparison.Ordinal)))];
    }
}
