using Hardening.Ecosystems.NuGet;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>What the tasks that run in each project have in common. They log nothing: findings are put out for the inner repository project.</summary>
public abstract class ProjectTask : HardeningTask
{
    private readonly List<Finding> findings = [];
    private (string Root, RepositoryPolicy Policy)? policy;

    // No finding counts less where there is no lockfile.
    private int lockfileMinor = int.MaxValue;

    /// <summary>Full path of the project.</summary>
    [Required]
    public string ProjectFile { get; set; } = string.Empty;

    /// <summary>The folder of its restore results (MSBuildProjectExtensionsPath).</summary>
    [Required]
    public string ObjFolder { get; set; } = string.Empty;

    /// <summary>The .NET SDK in use, e.g. <c>10.0.401</c>; empty in a project that does not use it.</summary>
    public string SdkVersion { get; set; } = string.Empty;

    /// <summary>Its folder (MSBuildToolsPath).</summary>
    public string ToolsFolder { get; set; } = string.Empty;

    /// <summary>Its runtime identifier.</summary>
    public string SdkRuntimeIdentifier { get; set; } = string.Empty;

    /// <summary>See <see cref="Switches.Read"/>.</summary>
    public string SeenVerify { get; set; } = string.Empty;

    /// <summary>See <see cref="Switches.Read"/>.</summary>
    public string SeenUpdate { get; set; } = string.Empty;

    /// <summary>See <see cref="Switches.Read"/>.</summary>
    public string NowVerify { get; set; } = string.Empty;

    /// <summary>See <see cref="Switches.Read"/>.</summary>
    public string NowUpdate { get; set; } = string.Empty;

    /// <summary>The repository root; empty if there is none or nothing is verified.</summary>
    [Output]
    public string Root { get; set; } = string.Empty;

    /// <summary>What is to be compared with the baseline that the command line names: <c>Root</c>, or <c>WorkTree</c> if it names another one; empty if it names no baseline.</summary>
    [Output]
    public string Compare { get; set; } = string.Empty;

    /// <summary>What was found.</summary>
    [Output]
    public ITaskItem[] Findings { get; set; } = [];

    /// <summary>The project's folder.</summary>
    protected string Folder => Path.GetDirectoryName(ProjectFile)!;

    /// <summary>Whether a build server builds: nothing is remembered, and what only warns at a desk fails.</summary>
    protected internal static bool IsContinuousIntegration => BuildServer.IsHere;

    /// <summary>How packages count that this .NET SDK implies and the lockfile does not know.</summary>
    protected static Severity SdkDrift => IsContinuousIntegration ? Severity.Error : Severity.Warning;

    /// <summary>Collects a finding.</summary>
    protected void Add(Finding finding) => findings.Add(finding);

    /// <summary>Collects findings.</summary>
    protected void Add(IEnumerable<Finding> more) => findings.AddRange(more);

    /// <summary>Takes findings out again.</summary>
    protected IReadOnlyList<Finding> TakeOut(Predicate<Finding> which)
    {
        var taken = findings.FindAll(which);
        findings.RemoveAll(which);
        return [.. taken.Select(Counted)];
    }

    /// <summary>Whether something was collected that fails the build.</summary>
    protected bool HasErrors => findings.Exists(f => f.Severity == Severity.Error) && Decided().Any(f => f.Severity == Severity.Error);

    /// <summary>The policy of the repository. Read only where something was found, or a restore asks.</summary>
    private protected RepositoryPolicy PolicyOf(string root) => policy?.Root == root ? policy.Value.Policy : (policy = (root, RepositoryPolicy.Of(root))).Value.Policy;

    // The root that a task puts out is not always the one that it looked at.
    private IEnumerable<Finding> Decided() => findings.Count > 0 && RepositoryRoot.Find(Folder) is { } root ? PolicyOf(root).Decide(findings.Select(Counted)) : findings;

    /// <inheritdoc/>
    protected sealed override void Run()
    {
        var switches = Switches.Read(BuildEngine, Folder, ProjectFile, SeenVerify, SeenUpdate, NowVerify, NowUpdate);
        if (!switches.IsObserving)
        {
            Add(switches.Ignored);
            if (switches.IsOff)
            {
                Add(new Finding(FindingCodes.VerificationOff, "HardeningVerify=false: nothing of this build was compared with the lockfile.", SourcePlace.None));
            }
        }

        Run(switches);
        if (switches.HasBaseline && !switches.IsOff && !switches.IsObserving)
        {
            Compare = switches.HasWorkTree ? "WorkTree" : Root.Length > 0 ? "Root" : string.Empty;
        }

        // Errors last: the MSBuild task that reports them is judged by the last one.
        Findings = [.. Finding.Sorted(Decided()).Where(IsNew).OrderBy(f => f.Severity).Select(FindingItem.Of)];
    }

    /// <summary>Does the work.</summary>
    private protected abstract void Run(Switches switches);

    /// <summary>Finds the root and loads the lockfile; null after a finding.</summary>
    protected StoredLockfile? OpenLockfile()
    {
        if (!OpenRoot())
        {
            return null;
        }

        var stored = LockfileStore.Load(Root);
        if (stored.Finding is { } finding)
        {
            Add(finding);
        }

        lockfileMinor = stored.Lockfile?.Minor ?? int.MaxValue;
        return stored.Lockfile is null ? null : stored;
    }

    /// <summary>Finds the root; false after a finding.</summary>
    protected bool OpenRoot()
    {
        Root = RepositoryRoot.Find(Folder) ?? string.Empty;
        if (Root.Length == 0)
        {
            Add(new Finding(FindingCodes.NoRepositoryRoot, $"Neither {Lockfile.FileName} nor .git is in {Folder} or above it, so there is no lockfile to compare with.", new SourcePlace(ProjectFile), $"in a container build: COPY {Lockfile.FileName} along with Directory.Build.props, before the restore; in a new repository: git init at its root, then {Commands.Update}"));
        }

        return Root.Length > 0;
    }

    /// <summary>Folders as one property, which MSBuild separates with <c>;</c>. One whose name holds that cannot be handed on, and is a finding.</summary>
    protected string Joined(IReadOnlyList<string> folders)
    {
        if (folders.FirstOrDefault(f => f.Contains(';', StringComparison.Ordinal)) is { } odd)
        {
            Add(new Finding(FindingCodes.Unreadable, $"The packages folder {odd} has a semicolon in its name.", new SourcePlace(ProjectFile), "move the packages folder"));
        }

        return string.Join(';', folders);
    }

    /// <summary>The memory of the repository; null where nothing may be remembered.</summary>
    protected internal static string? MemoryPath(string root) => IsContinuousIntegration ? null : PackageMemory.DefaultPath(root);

    private Finding Counted(Finding finding) => NewCodes.Counted(finding, lockfileMinor);

    // A warning is said once in a build, not once in its restore phase and once more after it; an error stops the first of them.
    private bool IsNew(Finding finding)
    {
        if (finding.Severity == Severity.Error)
        {
            return true;
        }

        var key = "hardening:" + FindingItem.Write(finding);
        if (BuildEngine4.GetRegisteredTaskObject(key, RegisteredTaskObjectLifetime.Build) is not null)
        {
            return false;
        }

        BuildEngine4.RegisterTaskObject(key, key, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        return true;
    }
}
