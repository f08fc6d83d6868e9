using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Baselines;

/// <summary>The files whose content a comparison looks at, by name.</summary>
internal static class WatchedFiles
{
    internal const string GlobalJson = "global.json";
    internal const string BuildProps = "Directory.Build.props";

    /// <summary>Response files that MSBuild reads by itself; control files whether the lockfile names them or not.</summary>
    internal static readonly string[] ResponseFiles = ["Directory.Build.rsp", "MSBuild.rsp"];

    /// <summary>Names that count in every folder.</summary>
    internal static readonly string[] Everywhere = [Lockfile.FileName, GlobalJson, BuildProps, .. ResponseFiles];

    private const int Largest = 4 * 1024 * 1024;

    /// <summary>Whether a file is compared. Case does not matter: what it means differs between systems, and so would the verdict.</summary>
    internal static bool IsWatched(string path, string prefix)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return Everywhere.Contains(name, StringComparer.OrdinalIgnoreCase) || path.Equals(prefix + Policy.FileName, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The largest size that is read, in bytes.</summary>
    internal static int LimitOf(string path) => path.EndsWith(Lockfile.FileName, StringComparison.OrdinalIgnoreCase) ? LockfileReader.LargestFile : Largest;
}
