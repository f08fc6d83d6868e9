using Hardening.Ecosystems.NuGet;
using Hardening.Files;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>In the restore phase, before NuGet starts: compares the references of one framework of a project with the lockfile.</summary>
[MSBuildMultiThreadableTask]
public sealed class CheckReferences : ProjectTask
{
    /// <summary>The framework; empty if the project has only one and it is not set yet.</summary>
    public string TargetFramework { get; set; } = string.Empty;

    /// <summary>PackageReference items after the .NET SDK added its own.</summary>
    public ITaskItem[] References { get; set; } = [];

    /// <summary>PackageVersion items of central package management.</summary>
    public ITaskItem[] CentralVersions { get; set; } = [];

    /// <summary>PackageDownload items.</summary>
    public ITaskItem[] Downloads { get; set; } = [];

    private protected override void Run(Switches switches)
    {
        if (switches.IsOff || switches.IsObserving || switches.IsUpdate || OpenLockfile() is not { Lockfile: { } lockfile }
            || RepositoryRoot.Relative(Root, ProjectFile) is not { } key || !lockfile.NuGet.Projects.TryGetValue(key, out var project))
        {
            return;
        }

        Add(new ReferenceVerifier(key, project, TargetFramework).Verify(
            References.Where(r => !IsTrue(r, "IsImplicitlyDefined")).Select(r => Reference(r)).ToList(),
            Downloads.SelectMany(d => d.GetMetadata("Version").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(v => new DeclaredReference(d.ItemSpec, v.Trim('[', ']'), Definition(d), ProjectFile))).ToList()));
    }

    private DeclaredReference Reference(ITaskItem item)
    {
        var version = item.GetMetadata("VersionOverride");
        var definition = item;
        if (version.Length == 0)
        {
            version = item.GetMetadata("Version");
        }

        if (version.Length == 0 && CentralVersions.FirstOrDefault(c => c.ItemSpec.Equals(item.ItemSpec, StringComparison.OrdinalIgnoreCase)) is { } central)
        {
            version = central.GetMetadata("Version");
            definition = central;
        }

        return new DeclaredReference(item.ItemSpec, version, Definition(item), Definition(definition));
    }

    private string Definition(ITaskItem item) => item.GetMetadata("DefiningProjectFullPath") is { Length: > 0 } path ? path : ProjectFile;

    private static bool IsTrue(ITaskItem item, string name) => item.GetMetadata(name).Equals("true", StringComparison.OrdinalIgnoreCase);
}
