using Hardening.Ecosystems.NuGet;
using Hardening.Files;
using Hardening.Lockfiles;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>In the restore phase of each project, first: finds the repository and what is to be done with it.</summary>
[MSBuildMultiThreadableTask]
public sealed class OpenRestore : ProjectTask
{
    /// <summary>Whether the target of an update or a comparison asks, outside a restore.</summary>
    public bool ForUpdate { get; set; }

    /// <summary><c>Verify</c>, <c>Update</c> or empty.</summary>
    [Output]
    public string Mode { get; set; } = string.Empty;

    /// <summary>RestorePackagesPath.</summary>
    public string PackagesPath { get; set; } = string.Empty;

    /// <summary>RestoreFallbackFolders and RestoreAdditionalProjectFallbackFolders, separated by <c>;</c>.</summary>
    public string FallbackFolders { get; set; } = string.Empty;

    /// <summary>RestoreConfigFile.</summary>
    public string ConfigFile { get; set; } = string.Empty;

    /// <summary>RestoreRootConfigDirectory.</summary>
    public string ConfigDirectory { get; set; } = string.Empty;

    /// <summary>The folders that this restore takes packages from, beside those that NuGet's settings name for the repository's root.</summary>
    [Output]
    public string PackageFolders { get; set; } = string.Empty;

    /// <summary>The solution, or the project if there is none.</summary>
    public string Entry { get; set; } = string.Empty;

    /// <summary>The root whose lockfile an update writes: that of the solution, of which the project may be a submodule's.</summary>
    [Output]
    public string UpdateRoot { get; set; } = string.Empty;

    /// <summary>See <see cref="VerifyRepository.Integrity"/>; as the user set it.</summary>
    public string Integrity { get; set; } = string.Empty;

    /// <summary>To hand to <see cref="MarkVerified"/> when the repository was verified.</summary>
    [Output]
    public string Verdict { get; set; } = string.Empty;

    /// <summary>Whether this node knows already that it was.</summary>
    [Output]
    public bool IsVerified { get; set; }

    private protected override void Run(Switches switches)
    {
        if (ForUpdate)
        {
            OpenRoot();
            UpdateRoot = RootOfEntry();
            return;
        }

        if (switches.IsOff || switches.IsObserving || !switches.IsRestoring || !OpenRoot())
        {
            return;
        }

        // An earlier restore can be taken over, with the folders that it names.
        var memory = new ProjectMemory(MemoryPath(Root), ProjectFile);
        var digest = LockfileStore.Load(Root).Digest;
        var recalled = memory.Recall(memory.Fingerprint(ObjFolder, digest, SdkVersion, Root)) ?? [];
        PackageFolders = Joined([.. recalled, .. NuGetSettings.PackageFolders(Root, Folder, PackagesPath, FallbackFolders.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), ConfigFile, ConfigDirectory)]);
        Mode = switches.IsUpdate ? "Update" : "Verify";
        Verdict = string.Join('\n', "restore", Root, PackageFolders, Integrity, digest);
        IsVerified = !switches.IsUpdate && MarkVerified.IsMarked(BuildEngine4, Verdict);
        UpdateRoot = RootOfEntry();
    }

    private string RootOfEntry() =>
        Path.GetDirectoryName(Entry) is { Length: > 0 } folder && RepositoryRoot.Find(folder) is { } root && RepositoryRoot.Relative(root, ProjectFile) is not null ? root : Root;
}
