using Hardening.Ecosystems.NuGet;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>In the restore phase of each project, first: finds the repository and what is to be done with it.</summary>
[MSBuildMultiThreadableTask]
public sealed class OpenRestore : ProjectTask
{
    /// <summary>Whether the update target asks, outside a restore.</summary>
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

    /// <summary>The folders that this restore takes packages from; empty where they are those of the repository's root.</summary>
    [Output]
    public string PackageFolders { get; set; } = string.Empty;

    private protected override void Run(Switches switches)
    {
        if (ForUpdate)
        {
            OpenRoot();
            return;
        }

        if (switches.IsOff || switches.IsObserving || !switches.IsRestoring || !OpenRoot())
        {
            return;
        }

        PackageFolders = Joined(NuGetSettings.PackageFolders(Root, Folder, PackagesPath, FallbackFolders.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), ConfigFile, ConfigDirectory));
        Mode = switches.IsUpdate ? "Update" : "Verify";
    }
}
