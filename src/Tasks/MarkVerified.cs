using Hardening.Ecosystems.NuGet;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Keeps, in one node and for one build, that the repository was verified, and for later builds that the project was. Reached only if it was.</summary>
[MSBuildMultiThreadableTask]
public sealed class MarkVerified : HardeningTask
{
    /// <summary>What was verified, as <see cref="VerifyProject"/> put it out.</summary>
    [Required]
    public string Verdict { get; set; } = string.Empty;

    /// <summary>The repository root.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>Full path of the project.</summary>
    [Required]
    public string ProjectFile { get; set; } = string.Empty;

    /// <summary>See <see cref="VerifyProject.Fingerprint"/>.</summary>
    public string Fingerprint { get; set; } = string.Empty;

    /// <summary>See <see cref="VerifyProject.PackageFolders"/>.</summary>
    public string PackageFolders { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Run()
    {
        Mark(BuildEngine4, Verdict);
        if (Fingerprint.Length > 0)
        {
            new ProjectMemory(ProjectTask.MemoryPath(Root), ProjectFile).Remember(Fingerprint, PackageFolders.Split(';', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    internal static void Mark(IBuildEngine4 engine, string verdict) => engine.RegisterTaskObject(Key(verdict), verdict, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);

    internal static bool IsMarked(IBuildEngine4 engine, string verdict) => engine.GetRegisteredTaskObject(Key(verdict), RegisteredTaskObjectLifetime.Build) is not null;

    private static string Key(string verdict) => "hardening-verified:" + verdict;
}
