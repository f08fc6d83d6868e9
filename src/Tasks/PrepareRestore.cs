using Hardening.Ecosystems.NuGet;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>
/// In the restore phase of each project, after the repository was verified: makes NuGet itself refuse what is not in the lockfile, by a
/// lock file of its own kind in obj, and makes it write everything anew that it would otherwise take over from an earlier restore.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class PrepareRestore : ProjectTask
{
    /// <summary>The lock file to write for NuGet.</summary>
    [Required]
    public string LockFile { get; set; } = string.Empty;

    /// <summary>NuGetLockFilePath as the repository sets it; empty if it does not.</summary>
    public string KeptLockFile { get; set; } = string.Empty;

    /// <summary>NuGetLockFilePath as evaluated.</summary>
    public string EvaluatedLockFile { get; set; } = string.Empty;

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

    /// <summary>RestorePackagesWithLockFile as it has to be.</summary>
    [Output]
    public string WithLockFile { get; set; } = "true";

    /// <summary>NuGetLockFilePath as it has to be.</summary>
    [Output]
    public string UsedLockFile { get; set; } = string.Empty;

    /// <summary>Whether an update that observes keeps floating versions.</summary>
    public bool KeepVersions { get; set; }

    /// <summary>RestoreSources, RestoreConfigFile and what of RestoreAdditionalProjectSources is not the .NET SDK's own, each that is set.</summary>
    public ITaskItem[] OtherSources { get; set; } = [];

    private List<string> RequestedRuntimeIdentifiers =>
        [.. RuntimeIdentifiers.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether NuGet will choose anew, because packages that this .NET SDK implies are not in the lockfile; then its choice has to be verified.</summary>
    [Output]
    public bool Unlocked { get; set; }

    private protected override void Run(Switches switches)
    {
        UsedLockFile = LockFile;
        if (switches.IsObserving)
        {
            LockedMode = "false";
            RefuseOtherLockFile();
            StartFromPrevious();
            return;
        }

        if (switches.IsOff)
        {
            (LockedMode, WithLockFile, UsedLockFile) = (EvaluatedLockedMode, EvaluatedWithLockFile, EvaluatedLockFile);
            File.Delete(LockFile);
            return;
        }

        if (OpenLockfile() is not { Lockfile: { } lockfile } stored)
        {
            return;
        }

        if (!PolicyOf(Root).EnforcesNuGet)
        {
            // What is only said must not stop NuGet. The build tells what came of it.
            LockedMode = "false";
            File.Delete(LockFile);
            return;
        }

        var place = new SourcePlace(ProjectFile);
        Add(SourcesVerifier.Verify(Root, Folder, lockfile));
        Add(OtherSources.Where(s => !switches.IsGlobal(s.GetMetadata("Property")) && Path.GetFileName(Path.TrimEndingDirectorySeparator(s.ItemSpec)) != "library-packs")
            .Select(s => new Finding(FindingCodes.SourcesChanged, $"{s.GetMetadata("Property")} is {s.ItemSpec} in this project, so packages do not come from the sources in the lockfile alone.", place, "name the source in nuget.config")));
        if (RepositoryRoot.Relative(Root, ProjectFile, lockfile.NuGet.Projects) is not { } key)
        {
            Add(new Finding(FindingCodes.ProjectNotLocked, $"The project lies outside the repository {Root}.", place, "move it into the repository, or take it out of the solution"));
            return;
        }

        var found = new List<Finding>();
        var builder = new RestoreLockBuilder(lockfile, SdkVersion, SdkRuntimeIdentifier);
        var restoreLock = builder.Build(key, RequestedRuntimeIdentifiers, place, found);
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

        if (new OtherLockFile(Root, ProjectFile, KeptLockFile).Verify(lockfile.NuGet.Projects[key], restoreLock) is { } disagreement)
        {
            Add(disagreement);
        }

        RefuseUnlocked(place);
        if (!HasErrors)
        {
            Write(stored, restoreLock);
        }
    }

    // So that a floating version stays where it was locked, for as long as nothing else in the project changes. What an update may change by
    // name is resolved anew.
    private void StartFromPrevious()
    {
        if (!KeepVersions || RepositoryRoot.Find(Folder) is not { } root || LockfileStore.Load(root).Lockfile is not { } previous
            || RepositoryRoot.Relative(root, ProjectFile, previous.NuGet.Projects) is not { } key || !previous.NuGet.Projects.TryGetValue(key, out var project)
            || !project.Graphs.Values.Any(g => g.Direct.Values.Concat(g.Central.Values).Any(r => r.Contains('*', StringComparison.Ordinal))))
        {
            return;
        }

        var restoreLock = new RestoreLockBuilder(previous, SdkVersion, SdkRuntimeIdentifier).Build(key, RequestedRuntimeIdentifiers, new SourcePlace(ProjectFile), []);
        if (restoreLock is not null)
        {
            AtomicFile.Write(LockFile, restoreLock.Write());
        }
    }

    private void RefuseUnlocked(SourcePlace place)
    {
        if (ForceEvaluate)
        {
            Add(new Finding(FindingCodes.RestoreNotLocked, "With --force-evaluate NuGet overwrites its lock file instead of obeying it.", place, $"leave it out; to accept new versions: {Commands.Update}"));
        }

        RefuseOtherLockFile();
        if (!EvaluatedWithLockFile.Equals("true", StringComparison.OrdinalIgnoreCase) && (StaticGraph || EvaluatedWithLockFile.Length > 0))
        {
            Add(new Finding(FindingCodes.RestoreNotLocked, $"RestorePackagesWithLockFile is \"{EvaluatedWithLockFile}\" in this project.", place, "remove RestorePackagesWithLockFile from the project"));
        }

        if (StaticGraph && LockedMode == "true" && !EvaluatedLockedMode.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            Add(new Finding(FindingCodes.RestoreNotLocked, $"RestoreLockedMode is \"{EvaluatedLockedMode}\" in this project.", place, "remove RestoreLockedMode from the project"));
        }
    }

    // Elsewhere the target sets it; there NuGet would take the repository's own file and write it.
    private void RefuseOtherLockFile()
    {
        if (StaticGraph && EvaluatedLockFile != LockFile)
        {
            Add(new Finding(FindingCodes.RestoreNotLocked, $"NuGetLockFilePath is \"{EvaluatedLockFile}\" in this project.", new SourcePlace(ProjectFile), "remove NuGetLockFilePath from Directory.Build.targets and the command line"));
        }
    }

    private void Write(StoredLockfile stored, RestoreLock restoreLock)
    {
        var changed = AtomicFile.WriteIfChanged(LockFile, restoreLock.Write());
        Add(ProjectVerifier.ForeignImports(ObjFolder, Path.GetFileName(ProjectFile)).Select(ProjectVerifier.Foreign));

        // NuGet takes an earlier restore over if the project did not change, and looks neither at its lock file nor at what it wrote then. Only
        // results that a build found right and nobody wrote since are left to it.
        var memory = new ProjectMemory(MemoryPath(Root), ProjectFile);
        if (!changed && memory.Recall(memory.Fingerprint(ObjFolder, stored.Digest, SdkVersion, Root)) is not null)
        {
            return;
        }

        Add(ProjectVerifier.ChangedImports(ObjFolder, Path.GetFileName(ProjectFile)));
        foreach (var name in HasErrors ? [] : RestoreResult.FilesOf(ProjectFile))
        {
            File.Delete(Path.Combine(ObjFolder, name));
        }
    }
}
