using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.Images;
using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Verification;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Once in a restore and once in a build: verifies everything that is not one project's own.</summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyRepository : HardeningTask
{
    /// <summary>The repository root.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>Folders with packages, separated by <c>;</c>; if there are none, those that NuGet's settings name.</summary>
    public string PackageFolders { get; set; } = string.Empty;

    /// <summary>Whether a restore is about to begin, which uses the folders of NuGet's settings as well.</summary>
    public bool Restoring { get; set; }

    /// <summary>The runtime identifier of the .NET SDK.</summary>
    public string SdkRuntimeIdentifier { get; set; } = string.Empty;

    /// <summary><c>Full</c> or <c>Metadata</c>; empty: <c>Full</c>, and in a design-time build what is remembered.</summary>
    public string Integrity { get; set; } = string.Empty;

    /// <summary>Whether nothing but Clean was asked for: then only what could run counts.</summary>
    public bool IsCleaning { get; set; }

    /// <summary>The folder of the .NET SDK (MSBuildToolsPath).</summary>
    public string ToolsFolder { get; set; } = string.Empty;

    /// <summary>Whether this is a design-time build.</summary>
    public bool DesignTime { get; set; }

    // What the .NET SDK carries is not resolved as a package, whatever version is written.
    internal static Func<string, bool> IsBuiltIn(string toolsFolder) => name => !name.AsSpan().ContainsAny(@"/") && Directory.Exists(Path.Combine(toolsFolder, "Sdks", name));

    private IntegrityLevel? Level() => Integrity.ToUpperInvariant() switch
    {
        "" => DesignTime ? IntegrityLevel.Remembered : IntegrityLevel.Full,
        "FULL" => IntegrityLevel.Full,
        "METADATA" => IntegrityLevel.Metadata,
        _ => null,
    };

    /// <inheritdoc/>
    protected override void Run()
    {
        var stored = LockfileStore.Load(Root);
        if (stored.Lockfile is not { } lockfile)
        {
            Report(stored.Finding!);
            return;
        }

        IEnumerable<string> folders = PackageFolders.Split(';', StringSplitOptions.RemoveEmptyEntries);
        if (Restoring || PackageFolders.Length == 0)
        {
            folders = [.. folders.Concat(NuGetSettings.PackageFolders(Root)).Select(Path.TrimEndingDirectorySeparator)];
        }

        var policy = RepositoryPolicy.Of(Root);
        var findings = new List<Finding>(policy.Findings);
        IReadOnlyList<Finding> written = [];
        if (!IsCleaning)
        {
            if (RepositoryRoot.OuterLockfile(Root) is { } outer && !IsExcluded(Path.GetDirectoryName(outer)!, stored.Path))
            {
                findings.Add(new Finding(FindingCodes.NestedLockfile, $"{stored.Path} lies below {outer}, so two lockfiles speak for the same projects.", new SourcePlace(stored.Path), $"delete {stored.Path} and run {Commands.Update}"));
            }

            findings.AddRange(SourcesVerifier.Verify(Root, Root, lockfile));
            // The restore phase of this build has read the text, and nothing that a restore runs is a package's.
            var text = $"text\n{Root}\n{stored.Digest}\n{policy.Digest}";
            if (!DesignTime && !MarkVerified.IsMarked(BuildEngine4, text))
            {
                written = CondensedFindings.Of(policy.Decide(Written(policy, lockfile, folders).Select(f => NewCodes.Counted(f, lockfile.Minor))));
                findings.AddRange(Restoring ? MachineSources(lockfile) : []);
                if (written.All(f => f.Severity != Severity.Error))
                {
                    MarkVerified.Mark(BuildEngine4, text);
                }
            }
        }

        if (Level() is not { } level)
        {
            findings.Add(new Finding(FindingCodes.SwitchIgnored, $"HardeningPackageIntegrity is \"{Integrity}\"; it may be Full or Metadata. Every file is compared.", SourcePlace.None, "-p:HardeningPackageIntegrity=Full"));
            level = IntegrityLevel.Full;
        }

        var memory = PackageMemory.Open(ProjectTask.MemoryPath(Root));
        if (level == IntegrityLevel.Remembered && memory.Path is null)
        {
            level = IntegrityLevel.Full;
        }

        findings.AddRange(new PackageIntegrity(lockfile, SdkRuntimeIdentifier, level, memory).Verify(folders, Cancellation));
        memory.Save();
        Report(written.Concat(policy.Decide(findings.Select(f => NewCodes.Counted(f, lockfile.Minor)))));
    }

    // What the text of the repository says, of every ecosystem. On a build server every C# file is asked whether it is a file-based app; at a desk those
    // that the lockfile knows are enough.
    private IReadOnlyList<Finding> Written(RepositoryPolicy policy, Lockfile lockfile, IEnumerable<string> folders)
    {
        var withScripts = ProjectTask.IsContinuousIntegration;
        var (withActions, withImages) = (policy.Policy.Actions.Enforce != Enforcement.Off, policy.Policy.Images.Enforce != Enforcement.Off);
        var scripts = lockfile.NuGet.Projects.Keys.Where(k => k.EndsWith(WrittenInputs.ScriptProject, StringComparison.OrdinalIgnoreCase)).Select(k => k[..^".csproj".Length]);
        var paths = RepositoryFiles.Find(
            Root, name => WrittenInputs.IsWanted(name, withScripts) || ((withActions || withImages) && WorkflowFile.IsWanted(name)) || (withImages && ImageInputs.IsWanted(name)), policy.Excludes, folders.Concat(NuGetSettings.PackageFolders(Root)));
        var findings = new List<Finding>(new WrittenVerifier(Root, lockfile, policy.Policy, BuiltInSdks.In(ToolsFolder)).Verify(WrittenInputs.Observe(Root, paths, policy.Excludes, withScripts, scripts)));
        if (!withActions && !withImages)
        {
            return findings;
        }

        var workflows = WorkflowInputs.Observe(Root, paths, WorkflowMemory.Open(MemoryOf("workflows"), Root));
        if (withActions)
        {
            findings.AddRange(ActionsCheck.Verify(Root, workflows, lockfile.Actions, policy.Policy.Actions));
        }

        if (withImages)
        {
            findings.AddRange(ImagesCheck.Verify(WrittenImages.Observe(Root, paths, workflows, ImageMemory.Open(MemoryOf("images"), Root)), lockfile.Images, policy.Policy.Images));
        }

        return findings;
    }

    private static string? MemoryOf(string what) => ProjectTask.IsContinuousIntegration ? null : UserData.Folder(what);

    // Without a nuget.config the machine decides; where it has several sources, an SDK comes from whichever answers.
    private IEnumerable<Finding> MachineSources(Lockfile lockfile) => SourcesFile.Find(Root, Root).Count > 0
        ? []
        : lockfile.NuGet.MSBuildSdks.Keys.Select(id => (Id: id, Sources: NuGetSettings.SourcesOf(Root, id))).Where(s => s.Sources.Count > 1).Select(s => new Finding(
            FindingCodes.SdkSourceNotMapped, $"The repository has no nuget.config, and this machine may take the MSBuild SDK {s.Id} from {string.Join(", ", s.Sources)}.", new SourcePlace(Root), "write a nuget.config with <clear /> and packageSourceMapping", Severity.Warning)
        { Input = s.Id });

    // A sample that is a repository of its own, as the one around it says.
    private static bool IsExcluded(string outer, string path) => RepositoryRoot.Relative(outer, path) is { } relative && RepositoryPolicy.Of(outer).Excludes(relative);
}
