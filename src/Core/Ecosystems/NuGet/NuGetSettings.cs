using Hardening.Files;
using NuGet.Configuration;

namespace Hardening.Ecosystems.NuGet;

/// <summary>What NuGet's configuration says on this machine.</summary>
public static class NuGetSettings
{
    /// <summary>The folders in which NuGet keeps and looks for packages: its own first, then fallback folders. Full paths.</summary>
    /// <exception cref="InvalidDataException">The configuration could not be read.</exception>
    public static IReadOnlyList<string> PackageFolders(string root)
    {
        try
        {
            var settings = Settings.LoadDefaultSettings(root);
            return [SettingsUtility.GetGlobalPackagesFolder(settings), .. SettingsUtility.GetFallbackPackageFolders(settings)];
        }
        catch (NuGetConfigurationException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>The names of the sources from which this machine takes a package id for a folder, sorted.</summary>
    /// <exception cref="InvalidDataException">The configuration could not be read.</exception>
    public static IReadOnlyList<string> SourcesOf(string root, string id)
    {
        try
        {
            var settings = Settings.LoadDefaultSettings(root);
            var mapping = PackageSourceMapping.GetPackageSourceMapping(settings);
            var mapped = mapping.IsEnabled ? mapping.GetConfiguredPackageSources(id) : null;
            return [.. PackageSourceProvider.LoadPackageSources(settings).Where(s => s.IsEnabled && mapped?.Contains(s.Name, StringComparer.OrdinalIgnoreCase) != false).Select(s => s.Name).Order(StringComparer.Ordinal)];
        }
        catch (NuGetConfigurationException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>
    /// The folders that a restore of one project takes packages from, where its properties or a nuget.config below the root can make them
    /// others than those of the root; else none. Rather one too many than one too few.
    /// </summary>
    /// <param name="root">The repository root.</param>
    /// <param name="folder">The project's folder.</param>
    /// <param name="packagesPath">RestorePackagesPath.</param>
    /// <param name="fallbackFolders">RestoreFallbackFolders and RestoreAdditionalProjectFallbackFolders.</param>
    /// <param name="configFile">RestoreConfigFile.</param>
    /// <param name="configDirectory">RestoreRootConfigDirectory.</param>
    /// <exception cref="InvalidDataException">The configuration could not be read.</exception>
    public static IReadOnlyList<string> PackageFolders(string root, string folder, string packagesPath, IReadOnlyCollection<string> fallbackFolders, string configFile, string configDirectory)
    {
        if (packagesPath.Length + configFile.Length + configDirectory.Length + fallbackFolders.Count == 0 && SourcesFile.Find(root, folder).Count == SourcesFile.Find(root, root).Count)
        {
            return [];
        }

        try
        {
            var folders = new List<string>(packagesPath.Length > 0 ? [packagesPath] : []);
            folders.AddRange(fallbackFolders);
            folders.AddRange(PackageFolders(Path.GetFullPath(configDirectory, folder)));
            if (configFile.Length > 0)
            {
                var path = Path.GetFullPath(configFile, folder);
                var settings = Settings.LoadSpecificSettings(Path.GetDirectoryName(path), Path.GetFileName(path));
                folders.Add(SettingsUtility.GetGlobalPackagesFolder(settings));
                folders.AddRange(SettingsUtility.GetFallbackPackageFolders(settings));
            }

            return [.. folders.Select(f => RepositoryPath.Normal(Path.GetFullPath(f, folder), PathRules.Here)).Distinct(PathRules.Here.Comparer)];
        }
        catch (NuGetConfigurationException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
