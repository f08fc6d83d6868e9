namespace Hardening.Ecosystems.NuGet;

/// <summary>Tells what a package can run in a build from the paths of its files, by the conventions of NuGet and MSBuild.</summary>
public static class PackageRuns
{
    private static readonly string[] BuildFolders = ["build/", "buildTransitive/", "buildMultiTargeting/", "buildCrossTargeting/", "Sdk/"];

    /// <summary>MSBuild files and analyzers one by one; a tools folder as one line. Sorted.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> paths)
    {
        var runs = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (IsMSBuild(path) || IsAnalyzer(path))
            {
                runs.Add(path);
            }
            else if (path.StartsWith("tools/", StringComparison.OrdinalIgnoreCase))
            {
                runs.Add("tools/");
            }
            else if (IsBuildFolder(path) && IsCode(path) && !IsInert(path))
            {
                // Task assemblies and scripts beside the MSBuild files that load them.
                runs.Add(path[..(path.LastIndexOf('/') + 1)]);
            }
        }

        return [.. runs];
    }

    private static bool IsMSBuild(string path) => IsBuildFolder(path)
        && (path.EndsWith(".props", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".targets", StringComparison.OrdinalIgnoreCase));

    private static bool IsBuildFolder(string path) => Array.Exists(BuildFolders, folder => path.StartsWith(folder, StringComparison.OrdinalIgnoreCase));

    private static bool IsAnalyzer(string path) => path.StartsWith("analyzers/", StringComparison.OrdinalIgnoreCase)
        && path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
        && !path.EndsWith(".resources.dll", StringComparison.OrdinalIgnoreCase);

    // Texts in other languages, and reference assemblies that only a compiler reads.
    private static bool IsInert(string path) => path.EndsWith(".resources.dll", StringComparison.OrdinalIgnoreCase) || path.Contains("/ref/", StringComparison.OrdinalIgnoreCase);

    private static bool IsCode(string path) => Path.GetExtension(path).ToLowerInvariant() is ".dll" or ".exe" or ".ps1" or ".sh" or ".cmd" or ".bat" or ".so" or ".dylib" or ".tasks" or ".cs" or "";
}
