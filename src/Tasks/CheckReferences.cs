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

    /// <summary>ProjectReference items.</summary>
    public ITaskItem[] Projects { get; set; } = [];

    private protected override void Run(Switches switches)
    {
        if (switches.IsOff || switches.IsObserving || switches.IsUpdate || OpenLockfile() is not { Lockfile: { } lockfile }
            || RepositoryRoot.Relative(Root, ProjectFile, lockfile.NuGet.Projects) is not { } key || !lockfile.NuGet.Projects.ContainsKey(key))
        {
            return;
        }

        Add(new ReferenceVerifier(lockfile, key, ProjectFile, TargetFramework).Verify(new DeclaredReferences(
            [.. References.Where(r => !Is(r, "IsImplicitlyDefined", "true")).Select(Reference)],
            [.. References.Where(r => Is(r, "IsImplicitlyDefined", "true")).Select(r => r.ItemSpec)],
            [.. Downloads.SelectMany(d => Versions(d).Select(v => new DeclaredReference(d.ItemSpec, v, Definition(d), ProjectFile)))],
            [.. Projects.Where(p => !Is(p, "ReferenceOutputAssembly", "false")).Select(p => RepositoryRoot.Relative(Root, p.GetMetadata("FullPath"), lockfile.NuGet.Projects)).OfType<string>()])));
    }

    private static IEnumerable<string> Versions(ITaskItem download) =>
        download.GetMetadata("Version").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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

    private static bool Is(ITaskItem item, string name, string value) => item.GetMetadata(name).Equals(value, StringComparison.OrdinalIgnoreCase);
}
