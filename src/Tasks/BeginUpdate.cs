using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Lockfiles;
using Microsoft.Build.Framework;

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

        var quarantine = Ecosystems.NuGet.Quarantine.Create();
        Quarantine = quarantine.Path;
        var memory = PackageMemory.Open(ProjectTask.MemoryPath(Root));
        quarantine.Seed(previous, NuGetSettings.PackageFolders(Root), SdkRuntimeIdentifier, Packages.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), memory, Cancellation);
    }
}
