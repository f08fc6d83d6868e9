using Hardening.Files;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>A package from which an evaluation imported a file.</summary>
/// <param name="Key">See <see cref="PackageEntry.Key"/>.</param>
/// <param name="Folder">The folder with packages in which it lies; full path.</param>
/// <param name="File">The file that was imported.</param>
public sealed record ImportedPackage(string Key, string Folder, string File);

/// <summary>
/// Tells which packages an evaluation took MSBuild SDKs from: files below their folder <c>Sdk</c>, where MSBuild's resolver leads to. MSBuild SDKs that come as packages are nowhere in what a restore writes; their files are
/// among the imports of a project.
/// </summary>
public static class ImportedPackages
{
    /// <summary>The packages, each once for a folder with packages.</summary>
    /// <param name="imports">Full paths of all files that the evaluation of a project imported.</param>
    /// <param name="root">The repository root.</param>
    /// <param name="dotNetSdk">The folder of the .NET SDK.</param>
    /// <param name="packageFolders">Folders with packages, as far as they are known; others are recognized by what NuGet writes into a package's folder.</param>
    /// <exception cref="IOException">The file system did not answer.</exception>
    public static IReadOnlyList<ImportedPackage> Of(IEnumerable<string> imports, string root, string dotNetSdk, IReadOnlyList<string> packageFolders)
    {
        ArgumentNullException.ThrowIfNull(imports);
        var found = new Dictionary<(string, string), ImportedPackage>();
        var others = new HashSet<string>(StringComparer.Ordinal);
        foreach (var import in imports)
        {
            if (Below(import, dotNetSdk) > 0)
            {
                continue;
            }

            var package = packageFolders.Select(folder => InFolder(import, folder)).FirstOrDefault(p => p is not null);
            if (package is null && Below(import, root) <= 0 && others.Add(Path.GetDirectoryName(import)!))
            {
                package = Recognized(import);
            }

            if (package is not null)
            {
                found.TryAdd((package.Key, package.Folder), package);
            }
        }

        return [.. found.Values.OrderBy(p => p.Key, StringComparer.Ordinal).ThenBy(p => p.Folder, StringComparer.Ordinal)];
    }

    private static ImportedPackage? InFolder(string import, string folder)
    {
        var start = Below(import, folder);
        if (start <= 0)
        {
            return null;
        }

        var segments = import[start..].Split(Path.DirectorySeparatorChar, 3);
        return segments.Length == 3 && IsOfSdk(segments[2]) ? new ImportedPackage(PackageEntry.KeyOf(segments[0], segments[1]), folder, import) : null;
    }

    private static ImportedPackage? Recognized(string import)
    {
        for (var version = Path.GetDirectoryName(import); version is not null && Path.GetDirectoryName(version) is { } id && Path.GetDirectoryName(id) is { } folder; version = id)
        {
            var key = PackageEntry.KeyOf(Path.GetFileName(id), Path.GetFileName(version));
            var package = new PackageFolder(version, Path.GetFileName(id), Path.GetFileName(version));
            if (IsOfSdk(import[(version.Length + 1)..]) && (FileStamp.Of(package.MetadataPath) is not null || FileStamp.Of(package.ArchivePath) is not null))
            {
                return new ImportedPackage(key, folder, import);
            }
        }

        return null;
    }

    private static bool IsOfSdk(string path) => path.StartsWith("Sdk" + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase);

    // Where the rest of a path begins that lies below a folder; 0 if it does not.
    private static int Below(string path, string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        return folder.Length > 0 && path.Length > folder.Length + 1 && path.StartsWith(folder, PathRules.Here.Comparison) && path[folder.Length] == Path.DirectorySeparatorChar
            ? folder.Length + 1
            : 0;
    }
}
