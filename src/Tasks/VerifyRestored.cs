using Hardening.Ecosystems.NuGet;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>In the restore phase, after a restore that NuGet did not lock: verifies what it chose, while nothing of it is imported yet.</summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyRestored : ProjectTask
{
    /// <summary>The folders with packages, to be verified next.</summary>
    [Output]
    public string PackageFolders { get; set; } = string.Empty;

    private protected override void Run(Switches switches)
    {
        if (OpenLockfile() is not { Lockfile: { } lockfile })
        {
            return;
        }

        Add(new ProjectVerifier(Root, lockfile, SdkVersion, SdkDrift).Verify(ProjectFile, ObjFolder, out var folders));
        PackageFolders = Joined(folders);
    }
}
