using System.Xml.Linq;
using Hardening.Files;

namespace Hardening.Ecosystems.NuGet.Written;

/// <summary>
/// Has NuGet download packages into quarantine that no project references: MSBuild SDKs and tools. For each folder whose nuget.config counts, a project
/// in the quarantine names them as PackageDownload; so sources, mapping, signatures and credentials are those of the repository.
/// </summary>
public static class InputDownloads
{
    /// <summary>Writes the projects; full paths, sorted.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="quarantine">Where to.</param>
    /// <param name="name">A name for this pass.</param>
    /// <param name="packages">Keys (<c>id/version</c>) and the file that names each.</param>
    public static IReadOnlyList<string> Write(string root, Quarantine quarantine, string name, IEnumerable<(string Key, string File)> packages)
    {
        ArgumentNullException.ThrowIfNull(quarantine);
        var projects = new List<string>();
        foreach (var group in packages.Where(p => !quarantine.IsSeeded(p.Key)).GroupBy(p => ConfigFolder(root, Path.GetDirectoryName(p.File)!)).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var path = Path.Combine(quarantine.Inputs, $"{name}-{projects.Count}", "MSBuild-SDKs-and-tools.csproj");
            AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(Project(group.Key, group.Select(p => p.Key)).ToString()));
            projects.Add(path);
        }

        return projects;
    }

    private static string ConfigFolder(string root, string folder) => SourcesFile.Find(root, folder) is [.., var last] ? Path.GetDirectoryName(last)! : root;

    private static XElement Project(string configFolder, IEnumerable<string> keys) => new(
        "Project",
        new XElement(
            "PropertyGroup",
            // What lies above the temporary folder is nobody's.
            new XElement("ImportDirectoryBuildProps", "false"),
            new XElement("ImportDirectoryBuildTargets", "false"),
            new XElement("ImportDirectoryPackagesProps", "false"),
            new XElement("ManagePackageVersionsCentrally", "false")),
        new XElement("Import", new XAttribute("Project", "Sdk.props"), new XAttribute("Sdk", "Microsoft.NET.Sdk")),
        new XElement(
            "PropertyGroup",
            new XElement("TargetFramework", $"net{Environment.Version.Major}.0"),
            new XElement("DisableImplicitFrameworkReferences", "true"),
            new XElement("UseAppHost", "false"),
            new XElement("RestoreRootConfigDirectory", configFolder)),
        new XElement(
            "ItemGroup",
            keys.Select(k => k.Split('/')).GroupBy(k => k[0], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
                new XElement("PackageDownload", new XAttribute("Include", g.Key), new XAttribute("Version", string.Join(';', g.Select(k => $"[{k[1]}]").Distinct().Order(StringComparer.Ordinal)))))),
        new XElement("Import", new XAttribute("Project", "Sdk.targets"), new XAttribute("Sdk", "Microsoft.NET.Sdk")));
}
