using System.Runtime.InteropServices;

namespace Hardening.Tool;

/// <summary>Finds the .NET SDK beside the runtime that this process runs on, without a word of the repository or the environment.</summary>
internal static class DotNetSdk
{
    // dotnet/shared/Microsoft.NETCore.App/VERSION
    private const string ToRoot = "../../..";

    /// <summary>The folder of the newest one, as MSBuildToolsPath names it; empty if there is none.</summary>
    internal static string Folder()
    {
        var all = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), ToRoot, "sdk"));
        return Directory.Exists(all)
            ? Directory.EnumerateDirectories(all).Where(f => Directory.Exists(Path.Combine(f, "Sdks"))).OrderBy(VersionOf).ThenBy(f => f, StringComparer.Ordinal).LastOrDefault() ?? string.Empty
            : string.Empty;
    }

    private static Version VersionOf(string folder) => Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var version) ? version : new Version(0, 0);
}
