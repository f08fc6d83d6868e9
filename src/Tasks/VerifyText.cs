using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Lockfiles;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Compares what the text of a work tree names with its own lockfile. Nothing of it is evaluated, so it may be a stranger's.</summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyText : HardeningTask
{
    /// <summary>The repository root of the work tree.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>The folder of the .NET SDK (MSBuildToolsPath).</summary>
    public string ToolsFolder { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Run()
    {
        var stored = LockfileStore.Load(Root);
        if (stored.Lockfile is not { } lockfile)
        {
            Report(stored.Finding!);
            return;
        }

        var policy = RepositoryPolicy.Of(Root);
        Report(policy.Decide(
        [
            .. policy.Findings,
            .. SourcesVerifier.Verify(Root, Root, lockfile),
            .. new WrittenVerifier(Root, lockfile, policy.Policy, VerifyRepository.IsBuiltIn(ToolsFolder)).Verify(WrittenInputs.Observe(Root, policy.Excludes, withScripts: true, NuGetSettings.PackageFolders(Root))),
        ]));
    }
}
