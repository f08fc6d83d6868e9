using Hardening.Ecosystems.NuGet;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>
/// In the restore phase of each project, after the repository was verified: makes NuGet itself refuse what is not in the lockfile, by a
/// lock file of its own kind in obj, and makes it write everything anew that it would otherwise take over from an earlier restore.
/// </summary>
public sealed class PrepareRestore : ProjectTask
{
    /// <summary>The lock file to write for NuGet (NuGetLockFilePath).</summary>
    [Required]
    public string LockFile { get; set; } = string.Empty;

    /// <summary>RuntimeIdentifiers and RuntimeIdentifier, separated by <c>;</c>.</summary>
    public string RuntimeIdentifiers { get; set; } = string.Empty;

    /// <summary>RestoreForceEvaluate: with it NuGet would overwrite the lock file.</summary>
    public bool ForceEvaluate { get; set; }

    /// <summary>RestoreLockedMode as evaluated.</summary>
    public string EvaluatedLockedMode { get; set; } = string.Empty;

    /// <summary>RestorePackagesWithLockFile as evaluated.</summary>
    public string EvaluatedWithLockFile { get; set; } = string.Empty;

    /// <summary>RestoreUseStaticGraphEvaluation: then evaluation is the last word on restore's properties.</summary>
    public bool StaticGraph { get; set; }

    /// <summary>RestoreLockedMode as it has to be.</summary>
    [Output]
    public string LockedMode { get; set; } = "true";

    /// <summary>Whether NuGet will choose anew, because packages that this .NET SDK implies are not in the lockfile; then its choice has to be verified.</summary>
    [Output]
    public bool Unlocked { get; set; }

    private protected override void Run(Switches switches)
    {
        if (switches.IsObserving)
        {
            return;
        }

        if (switches.IsOff)
        {
            LockedMode = "false";
            File.Delete(LockFile);
            return;
        }

        if (OpenLockfile() is not { Lockfile: { } lockfile } stored)
        {
            return;
        }

        var place = new SourcePlace(ProjectFile);
        Add(SourcesVerifier.Verify(Root, Folder, lockfile));
        if (RepositoryRoot.Relative(Root, ProjectFile) is not { } key)
        {
            Add(new Finding(FindingCodes.ProjectNotLocked, $"The project lies outside the repository {Root}.", place));
            return;
        }

        var found = new List<Finding>();
        var builder = new RestoreLockBuilder(lockfile, SdkVersion, SdkRuntimeIdentifier);
        var restoreLock = builder.Build(key, RuntimeIdentifiers.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList(), place, found);
        Add(found);
        if (restoreLock is null)
        {
            return;
        }

        if (builder.SdkNotLocked)
        {
            LockedMode = "false";
            Unlocked = true;
            Add(ProjectVerifier.SdkNotLocked(Root, SdkVersion, SdkDrift));
        }

        RefuseUnlocked(place);
        if (!HasErrors)
        {
            Write(stored, restoreLock);
        }
    }

    private void RefuseUnlocked(SourcePlace place)
    {
        if (ForceEvaluate)
        {
            Add(new Finding(FindingCodes.RestoreNotLocked, "With --force-evaluate NuGet overwrites its lock file instead of obeying it.", place, $"leave it out; to accept new versions: {Commands.Update}"));
        }

        if (!EvaluatedWithLockFile.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            Add(new Finding(FindingCodes.RestoreNotLocked, $"RestorePackagesWithLockFile is \"{EvaluatedWithLockFile}\" in this project.", place, "remove RestorePackagesWithLockFile from the project"));
        }

        if (StaticGraph && LockedMode == "true" && !EvaluatedLockedMode.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            Add(new Finding(FindingCodes.RestoreNotLocked, $"RestoreLockedMode is \"{EvaluatedLockedMode}\" in this project.", place, "remove RestoreLockedMode from the project"));
        }
    }

    private void Write(Lockfiles.StoredLockfile stored, RestoreLock restoreLock)
    {
        var changed = AtomicFile.WriteIfChanged(LockFile, restoreLock.Write());

        Add(ProjectVerifier.ForeignImports(ObjFolder, Path.GetFileName(ProjectFile)).Select(ProjectVerifier.Foreign));
        Add(ProjectVerifier.ChangedImports(ObjFolder, Path.GetFileName(ProjectFile)));

        if (HasErrors)
        {
            return;
        }

        // NuGet takes an earlier restore over if the project did not change, and looks neither at its lock file nor at what it wrote then. Only
        // results that a build found right and nobody wrote since are left to it.
        var memory = new ProjectMemory(MemoryPath(Root), ProjectFile);
        if (changed || memory.Recall(memory.Fingerprint(ObjFolder, stored.Digest, SdkVersion, Root)) is null)
        {
            foreach (var name in RestoreResult.FilesOf(ProjectFile))
            {
                File.Delete(Path.Combine(ObjFolder, name));
            }
        }
    }
}
