using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Hardening.Tasks;

/// <summary>In an update, when tools are in quarantine: finds the packages for runtime identifiers that they consist of.</summary>
[MSBuildMultiThreadableTask]
public sealed class FindToolPackages : HardeningTask
{
    /// <summary>The repository root.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>The quarantine's folder.</summary>
    [Required]
    public string Quarantine { get; set; } = string.Empty;

    /// <summary>See <see cref="BeginUpdate.InputProjects"/>.</summary>
    [Output]
    public ITaskItem[] InputProjects { get; set; } = [];

    /// <inheritdoc/>
    protected override void Run()
    {
        var previous = LockfileStore.LoadForUpdate(Root, out _, out _);
        var quarantine = new Quarantine(Quarantine);
        var policy = RepositoryPolicy.Of(Root);
        var written = WrittenInputs.Observe(Root, policy.Excludes, withScripts: false, NuGetSettings.PackageFolders(Root));
        var tools = new WrittenVerifier(Root, previous, policy.Policy, _ => false).Locked(written.References).Where(r => r.Kind == InputKind.Tool);

        // What is locked already and belongs to a tool that did not change is not needed here: mostly it is for other machines.
        var parts = tools.SelectMany(tool => ToolPackages.PartsOf(WrittenVerifier.KeyOf(tool), quarantine, previous)
            .Where(part => !quarantine.IsSeeded(WrittenVerifier.KeyOf(tool)) || !previous.NuGet.Packages.ContainsKey(part))
            .Select(part => (part, tool.Span.File)));
        InputProjects = [.. InputDownloads.Write(Root, quarantine, "parts", parts).Select(p => new TaskItem(p))];
    }
}
