using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>Verifies what a restore left in one project's obj folder: is everything it chose and everything MSBuild would import of it locked?</summary>
/// <param name="root">The repository root.</param>
/// <param name="lockfile">The baseline.</param>
/// <param name="sdkVersion">The .NET SDK in use.</param>
/// <param name="sdkDrift">How packages count that this .NET SDK implies and the lockfile does not know.</param>
public sealed class ProjectVerifier(string root, Lockfile lockfile, string sdkVersion, Severity sdkDrift)
{
    // Packages of the project that only the finding about an unknown .NET SDK speaks for.
    private readonly HashSet<string> implied = new(StringComparer.Ordinal);

    /// <summary>Files in obj that MSBuild would import for a project and NuGet does not write; full paths.</summary>
    public static IReadOnlyList<string> ForeignImports(string objFolder, string projectFileName)
    {
        if (!Directory.Exists(objFolder))
        {
            return [];
        }

        // MSBuild's wildcard imports disregard case on every system; NuGet's own files are known by their exact names where case counts.
        var exact = PathRules.Here.Comparison;
        var found = new List<string>();
        foreach (var path in Directory.EnumerateFiles(objFolder))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith(projectFileName + ".", StringComparison.OrdinalIgnoreCase)
                && (name.EndsWith(".props", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".targets", StringComparison.OrdinalIgnoreCase))
                && !name.Equals(projectFileName + ".nuget.g.props", exact) && !name.Equals(projectFileName + ".nuget.g.targets", exact))
            {
                found.Add(path);
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>The finding for a foreign import.</summary>
    public static Finding Foreign(string path) =>
        new(FindingCodes.ForeignImport, $"{Path.GetFileName(path)} would be imported into the build, but NuGet did not write it.", new SourcePlace(path), $"delete {path}");

    /// <summary>
    /// Findings for generated imports that NuGet would not have written, whatever the lockfile holds. Before a restore only these count:
    /// imports of packages that are locked no more are what the restore is about to replace.
    /// </summary>
    public static IReadOnlyList<Finding> ChangedImports(string objFolder, string projectFileName)
    {
        var findings = new List<Finding>();
        IReadOnlyList<string> folders;
        try
        {
            folders = RestoreResult.Read(Path.Combine(objFolder, RestoreResult.FileName)).PackageFolders;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Not to be judged without it; the restore writes both anew.
            return findings;
        }

        foreach (var path in Generated(objFolder, projectFileName))
        {
            try
            {
                GeneratedImports.Read(path, folders);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                findings.Add(Changed(path, e));
            }
        }

        return findings;
    }

    /// <summary>Verifies the restore results of a project.</summary>
    /// <param name="projectPath">Full path of the project.</param>
    /// <param name="objFolder">The folder of the restore results.</param>
    /// <param name="packageFolders">Receives the package folders that the results name.</param>
    /// <returns>Findings; none if there are no restore results.</returns>
    public IReadOnlyList<Finding> Verify(string projectPath, string objFolder, out IReadOnlyList<string> packageFolders)
    {
        packageFolders = [];
        implied.Clear();
        var findings = new List<Finding>();
        var assets = Path.Combine(objFolder, RestoreResult.FileName);
        try
        {
            findings.AddRange(ForeignImports(objFolder, Path.GetFileName(projectPath)).Select(Foreign));
            if (File.Exists(assets))
            {
                var result = RestoreResult.Read(assets);
                packageFolders = result.PackageFolders;
                VerifyPackages(projectPath, result, findings);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            findings.Add(new Finding(FindingCodes.NotRestoredLocked, $"The restore results are not what NuGet writes: {e.Message}", new SourcePlace(assets), $"delete {objFolder} and run dotnet restore"));
        }

        VerifyImports([.. Generated(objFolder, Path.GetFileName(projectPath))], packageFolders, findings);
        return findings;
    }

    private void VerifyPackages(string projectPath, RestoreResult result, List<Finding> findings)
    {
        var place = new SourcePlace(projectPath);
        if (!PathsEqual(result.ProjectPath, projectPath))
        {
            findings.Add(new Finding(FindingCodes.NotRestoredLocked, $"The restore results are those of {result.ProjectPath}.", place, "dotnet restore --force"));
            return;
        }

        var key = RepositoryRoot.Relative(root, projectPath, lockfile.NuGet.Projects);
        if (key is null || !lockfile.NuGet.Projects.TryGetValue(key, out var project))
        {
            findings.Add(new Finding(FindingCodes.ProjectNotLocked, $"The project {key ?? projectPath} is not in the lockfile, so nothing it takes from outside was accepted.", place, Commands.Update));
            return;
        }

        var allowed = Allowed(project, out var impliedIds, out var sdkKnown);
        foreach (var package in result.Packages.Concat(result.Frameworks.SelectMany(f => f.Downloads)).Distinct())
        {
            var id = package.Id.ToLowerInvariant();
            if (allowed.Contains(package.Key))
            {
                continue;
            }

            if (!sdkKnown && (impliedIds.Contains(id) || ImpliedPackages.IsSdkDownload(id)))
            {
                implied.Add(package.Key);
                continue;
            }

            findings.Add(new Finding(FindingCodes.PackageNotLocked, $"{key} was restored with {package.Id} {package.Version}, which the lockfile does not hold for it.", place, Commands.Update));
        }

        var projects = project.Graphs.Values.SelectMany(g => g.Projects.Values).ToHashSet(PathRules.Here.Comparer);
        findings.AddRange(result.Projects.Where(p => RepositoryRoot.Relative(root, p.Path) is not { } path || !projects.Contains(path))
            .Select(p => new Finding(FindingCodes.NotRestoredLocked, $"{key} was restored with the project {p.Path}, which the lockfile does not hold for it.", place, Commands.Update)));
        if (implied.Count > 0)
        {
            findings.Add(SdkNotLocked(root, sdkVersion, sdkDrift));
        }
    }

    /// <summary>The one finding for all packages that an unknown .NET SDK implies.</summary>
    public static Finding SdkNotLocked(string root, string sdkVersion, Severity severity) =>
        new(FindingCodes.SdkNotLocked, $"The packages that the .NET SDK {sdkVersion} implies are not in the lockfile, so their bytes were not compared.", new SourcePlace(Path.Combine(root, Lockfile.FileName)), Commands.Update, severity);

    private HashSet<string> Allowed(ProjectEntry project, out HashSet<string> impliedIds, out bool sdkKnown)
    {
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        impliedIds = new HashSet<string>(StringComparer.Ordinal);
        sdkKnown = lockfile.NuGet.Sdks.TryGetValue(sdkVersion, out var table);
        foreach (var (graphKey, graph) in project.Graphs)
        {
            foreach (var (id, versions) in graph.Resolved.Concat(graph.Downloads))
            {
                if (versions != FrameworkGraph.SdkImplied)
                {
                    foreach (var version in versions.Split(';'))
                    {
                        allowed.Add(PackageEntry.KeyOf(id, version));
                    }

                    continue;
                }

                impliedIds.Add(id);
                if (table is not null && table.TryGetValue(graphKey, out var ids) && ids.TryGetValue(id, out var implied))
                {
                    allowed.Add(PackageEntry.KeyOf(id, implied));
                }
            }
        }

        allowed.RemoveWhere(k => !lockfile.NuGet.Packages.ContainsKey(k));
        return allowed;
    }

    private void VerifyImports(IReadOnlyList<string> paths, IReadOnlyList<string> packageFolders, List<Finding> findings)
    {
        var root = string.Empty;
        string? user = null, neighbour = null;
        foreach (var path in paths)
        {
            try
            {
                var imports = GeneratedImports.Read(path, packageFolders);
                if (imports.Packages.Count > 0 && packageFolders.Count == 0)
                {
                    throw new InvalidDataException("it names packages, but there are no restore results that say where these lie");
                }

                if (imports.PackageRoot.Length > 0 && packageFolders.Count > 0 && !PathsEqual(imports.PackageRoot, packageFolders[0]))
                {
                    findings.Add(new Finding(FindingCodes.ImportOutsidePackages, $"NuGetPackageRoot is {imports.PackageRoot}, but the packages were restored to {packageFolders[0]}.", new SourcePlace(path), $"delete {path} and run dotnet restore"));
                }

                root += imports.PackageRoot;
                user ??= imports.UsesPackageRoot ? path : null;
                neighbour ??= imports.NeedsSeparator ? path : null;
                findings.AddRange(imports.Packages.Where(p => !lockfile.NuGet.Packages.ContainsKey(p) && !implied.Contains(p))
                    .Select(p => new Finding(FindingCodes.ImportOutsidePackages, $"Files of {p} are imported into the build, but the lockfile does not hold that package.", new SourcePlace(path), Commands.Update) { Input = p }));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                findings.Add(Changed(path, e));
            }
        }

        if (user is not null && root.Length == 0)
        {
            // Then the paths would be relative to obj.
            findings.Add(Changed(user, new InvalidDataException("it uses NuGetPackageRoot, which no generated file sets")));
        }
        else if (neighbour is not null && !Path.EndsInDirectorySeparator(root))
        {
            findings.Add(Changed(neighbour, new InvalidDataException($"it names a neighbour of NuGetPackageRoot ({root}), which does not end with a separator")));
        }
    }

    private static IEnumerable<string> Generated(string objFolder, string projectFileName) =>
        new[] { ".nuget.g.props", ".nuget.g.targets" }.Select(extension => Path.Combine(objFolder, projectFileName + extension)).Where(File.Exists);

    private static Finding Changed(string path, Exception e) =>
        new(FindingCodes.ImportOutsidePackages, $"The generated file was changed: {e.Message}.", new SourcePlace(path), $"delete {path} and run dotnet restore");

    private static bool PathsEqual(string left, string right) => RepositoryPath.AreEqual(Path.GetFullPath(left), Path.GetFullPath(right), PathRules.Here);
}
