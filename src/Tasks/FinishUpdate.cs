using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Reporting;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Hardening.Tasks;

/// <summary>Finishes an update: reads the quarantine, says what changes and writes the lockfile.</summary>
[MSBuildMultiThreadableTask]
public sealed class FinishUpdate : HardeningTask
{
    /// <summary>The repository root.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>The quarantine's folder.</summary>
    [Required]
    public string Quarantine { get; set; } = string.Empty;

    /// <summary>Package ids that may change, separated by <c>;</c>; empty: all may.</summary>
    public string Packages { get; set; } = string.Empty;

    /// <summary>The .NET SDK in use.</summary>
    [Required]
    public string SdkVersion { get; set; } = string.Empty;

    /// <summary>Its runtime identifier.</summary>
    public string SdkRuntimeIdentifier { get; set; } = string.Empty;

    /// <summary>The folder of the .NET SDK (MSBuildToolsPath).</summary>
    public string ToolsFolder { get; set; } = string.Empty;

    /// <summary>The projects of the lockfile, which may publish containers; full paths.</summary>
    [Output]
    public ITaskItem[] Projects { get; set; } = [];

    /// <inheritdoc/>
    protected override void Run()
    {
        var previous = LockfileStore.LoadForUpdate(Root, out var digest, out var notice);
        if (notice?.Code == FindingCodes.LockfileMissing)
        {
            Log.LogMessage(MessageImportance.High, "{0}", "The first lockfile of this repository: what the sources serve now is accepted as it is.");
        }
        else if (notice is not null)
        {
            Report(notice with { Command = string.Empty });
        }

        var policy = RepositoryPolicy.Of(Root);
        var request = new UpdateRequest(Root, new Quarantine(Quarantine), SdkVersion, SdkRuntimeIdentifier)
        {
            Policy = policy.Policy,
            Decide = policy.DecideUpdate,
            JudgeAges = policy.Policy.NuGet.MinimumAge > TimeSpan.Zero ? (packages, cancellation) => JudgeAges(packages, policy.Policy.NuGet, cancellation) : null,
            Written = WrittenInputs.Observe(Root, policy.Excludes, withScripts: true, NuGetSettings.PackageFolders(Root)),
            IsBuiltIn = VerifyRepository.IsBuiltIn(ToolsFolder),
            Only = Packages.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
        var result = new LockfileUpdate(request, previous).Run(Cancellation);
        Report(result.Findings);
        foreach (var line in result.News)
        {
            Log.LogMessage(MessageImportance.High, "{0}", SinkText.ForLog(line));
        }

        if (result.Lockfile is null)
        {
            return;
        }

        if (LockfileStore.Save(Root, result.Lockfile, digest, out var written) is { } finding)
        {
            Report(finding);
            return;
        }

        OfferMergeDriver(previous);
        Projects = [.. result.Lockfile.NuGet.Projects.Keys.Select(k => Path.Combine(Root, k)).Where(File.Exists).Select(p => new TaskItem(p.Replace("%", "%25", StringComparison.Ordinal)))];
        var nuget = result.Lockfile.NuGet;
        Log.LogMessage(MessageImportance.High, "{0}", $"{Path.Combine(Root, Lockfile.FileName)}: {(written ? "written" : "unchanged")}, {Counted(nuget.Packages.Count, "package")}, {Counted(nuget.Projects.Count, "project")}.");
    }

    // The .NET SDK lies in sdk/VERSION, and the packages that it brings along in library-packs beside sdk.
    private IReadOnlyList<Finding> JudgeAges(NewPackages packages, NuGetPolicy policy, CancellationToken cancellation)
    {
        using var dates = new PublicationDates(packages.ConfigFolders);
        var packs = ToolsFolder.Length > 0 ? Path.GetFullPath(Path.Combine(ToolsFolder, "..", "..", "library-packs")) : string.Empty;
        return packages.JudgeAsync(policy, packs, DateTimeOffset.UtcNow, dates.AskAsync, cancellation).GetAwaiter().GetResult();
    }

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    // Said once, when a repository gets its lockfile.
    private void OfferMergeDriver(Lockfile before)
    {
        var attributes = Path.Combine(Root, ".gitattributes");
        if (before.NuGet.Projects.Count == 0 && !(File.Exists(attributes) && File.ReadAllText(attributes).Contains(Lockfile.FileName, StringComparison.Ordinal)))
        {
            Log.LogMessage(MessageImportance.High, "{0}", $"To let git merge the lockfile entry by entry, add to .gitattributes: {Lockfile.FileName} merge=hardening text eol=lf linguist-generated=true (the driver: {FindingCodes.HelpRoot}lockfile.md#the-merge-driver).");
        }
    }
}
