using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>In the build phase of each project: verifies its restore results and tells where its packages lie.</summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyProject : ProjectTask
{
    private static readonly FindingCode[] HarmlessWhenCleaning =
    [
        FindingCodes.LockfileMissing, FindingCodes.LockfileConflict, FindingCodes.LockfileDamaged, FindingCodes.LockfileTooNew, FindingCodes.NoRepositoryRoot,
        FindingCodes.PackageNotLocked, FindingCodes.ProjectNotLocked, FindingCodes.SdkNotLocked, FindingCodes.NotRestoredLocked,
        FindingCodes.MSBuildSdkNotLocked,
    ];

    /// <summary>The assets file that the .NET SDK will read (ProjectAssetsFile).</summary>
    public string ProjectAssetsFile { get; set; } = string.Empty;

    /// <summary>The packages folder that generated imports use (NuGetPackageRoot).</summary>
    public string PackageRoot { get; set; } = string.Empty;

    /// <summary>See <see cref="VerifyRepository.Integrity"/>; as the user set it.</summary>
    public string Integrity { get; set; } = string.Empty;

    /// <summary>Whether this is a design-time build, which reads only what is remembered.</summary>
    public bool DesignTime { get; set; }

    /// <summary>To hand to <see cref="MarkVerified"/> when the repository was verified.</summary>
    [Output]
    public string Verdict { get; set; } = string.Empty;

    /// <summary>The fingerprint under which the project is to be remembered then; empty if it is remembered already or must not be.</summary>
    [Output]
    public string Fingerprint { get; set; } = string.Empty;

    /// <summary>The folders with packages, to be verified once in the build; empty if there are none.</summary>
    [Output]
    public string PackageFolders { get; set; } = string.Empty;

    /// <summary>Whether the repository as a whole is to be verified.</summary>
    [Output]
    public bool Proceed { get; set; }

    /// <summary>Whether nothing was asked for but Clean, the update, the merge driver or the comparison with a baseline, which have to work on a drifted repository: then only what could run counts.</summary>
    [Output]
    public bool IsCleaning { get; set; }

    /// <summary>What was found and does not count while cleaning.</summary>
    [Output]
    public ITaskItem[] Excused { get; set; } = [];

    private protected override void Run(Switches switches)
    {
        var targets = Switches.RequestedTargets(BuildEngine);
        if (switches.IsOff || switches.IsObserving)
        {
            return;
        }

        if (switches.IsRestoring)
        {
            BeforeRestore(switches);
            return;
        }

        IsCleaning = targets is { Count: > 0 } && targets.All(t => t is "Clean" or "HardeningUpdate" or "HardeningPin" or "HardeningMerge" || (t == "HardeningVerify" && switches.HasBaseline));
        if (OpenLockfile() is not { } stored)
        {
            Excuse();
            return;
        }

        Verify(stored);
        Excuse();

        // Asking the repository project costs each caller more than everything else here; once a node knows the answer it need not ask again.
        Verdict = string.Join('\n', Root, PackageFolders, Integrity, DesignTime, IsCleaning, stored.Digest);
        Proceed = !HasErrors && !MarkVerified.IsMarked(BuildEngine4, Verdict);
        if (!HasErrors && !Proceed && Fingerprint.Length > 0)
        {
            new ProjectMemory(MemoryPath(Root), ProjectFile).Remember(Fingerprint, PackageFolders.Split(';', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private void Verify(StoredLockfile stored)
    {
        Add(ProjectVerifier.ForeignImports(ObjFolder, Path.GetFileName(ProjectFile)).Select(ProjectVerifier.Foreign));
        var expected = Path.Combine(ObjFolder, RestoreResult.FileName);
        if (ProjectAssetsFile.Length > 0 && !IsSame(ProjectAssetsFile, expected))
        {
            Add(new Finding(FindingCodes.NotRestoredLocked, $"ProjectAssetsFile is {ProjectAssetsFile}, but restore writes {expected}.", new SourcePlace(ProjectFile), "remove ProjectAssetsFile from the project"));
        }

        var memory = new ProjectMemory(MemoryPath(Root), ProjectFile);
        var fingerprint = memory.Fingerprint(ObjFolder, stored.Digest, SdkVersion, Root);
        var folders = HasErrors ? null : memory.Recall(fingerprint);
        if (folders is null)
        {
            var findings = new ProjectVerifier(Root, stored.Lockfile!, SdkVersion, SdkDrift).Verify(ProjectFile, ObjFolder, out folders);
            Add(findings);

            // What the results say of the folders is right only when these are.
            Fingerprint = findings.Count == 0 ? fingerprint : string.Empty;
        }

        PackageFolders = Joined([.. folders.Union(Imported(Root, stored.Lockfile!, folders, out _).Select(p => p.Folder), StringComparer.Ordinal)]);
        if (PackageRoot.Length > 0 && folders.Count > 0 && !IsSame(PackageRoot, folders[0]))
        {
            Add(new Finding(FindingCodes.ImportOutsidePackages, $"NuGetPackageRoot is {PackageRoot}, but the packages were restored to {folders[0]}.", new SourcePlace(ProjectFile), "remove NuGetPackageRoot from the project and the environment"));
        }
    }

    // MSBuild SDKs are resolved before any target can run; so this is right after, and before the targets that they brought. What else there is to
    // say before a restore, OpenRestore says.
    private void BeforeRestore(Switches switches)
    {
        if (switches.IsUpdate || RepositoryRoot.Find(Folder) is not { } root || LockfileStore.Load(root) is not { Lockfile: { } lockfile } stored)
        {
            return;
        }

        // Itself it cannot vouch for.
        var packages = Imported(root, lockfile, [], out var verifier).Where(p => !p.Key.StartsWith(HardenedProjects.SdkName + "/", StringComparison.OrdinalIgnoreCase)).ToList();
        var verdict = string.Join('\n', packages.Select(p => $"{p.Folder}/{p.Key}").Prepend(stored.Digest));
        if (packages.Count > 0 && !HasErrors && !MarkVerified.IsMarked(BuildEngine4, verdict))
        {
            Add(new PackageIntegrity(verifier.Only(packages), SdkRuntimeIdentifier, IntegrityLevel.Full, PackageMemory.Open(MemoryPath(root))).Verify(packages.Select(p => p.Folder), Cancellation));
            if (!HasErrors)
            {
                MarkVerified.Mark(BuildEngine4, verdict);
            }
        }
    }

    // The packages that the evaluation took files from; each has to be locked.
    private IReadOnlyList<ImportedPackage> Imported(string root, Lockfile lockfile, IReadOnlyList<string> packageFolders, out ImportedVerifier verifier)
    {
        // The .NET SDK's own files, its packs and its workloads lie around the tools.
        var dotNet = Path.GetDirectoryName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(ToolsFolder))) ?? string.Empty;
        var packages = ImportedPackages.Of(ProjectImports.Of(BuildEngine), root, dotNet, packageFolders);
        verifier = new ImportedVerifier(ProjectFile, lockfile, id => PolicyOf(root).Policy.NuGet.Own.Contains(id, StringComparer.OrdinalIgnoreCase));
        Add(verifier.Verify(packages));
        return packages;
    }

    private bool IsSame(string left, string right) => RepositoryPath.AreEqual(Path.GetFullPath(left, Folder), Path.GetFullPath(right, Folder), PathRules.Here);

    // Cleaning runs no new code where only the lockfile is behind.
    private void Excuse()
    {
        if (IsCleaning)
        {
            Excused = [.. Finding.Sorted(TakeOut(f => Array.IndexOf(HarmlessWhenCleaning, f.Code) >= 0)).Select(FindingItem.Of)];
        }
    }
}
