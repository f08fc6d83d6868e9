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
}
