namespace Hardening.Ecosystems.NuGet;

/// <summary>
/// Tells the packages that the .NET SDK brings by itself, in a version that changes with each of its patches, from those that a project asks for.
/// Only where the version is recorded depends on it (see <see cref="Lockfiles.NuGetSection.Sdks"/>); a hash is locked either way.
/// </summary>
internal static class ImpliedPackages
{
    // Implied too, but in the same version for years: recorded with the project, so that a new SDK patch is no drift.
    private static readonly string[] Steady = ["netstandard.library", "microsoft.netframework.referenceassemblies"];

    private static readonly string[] DownloadPrefixes =
    [
        "microsoft.netcore.app.", "microsoft.aspnetcore.app.", "microsoft.windowsdesktop.app.", "microsoft.dotnet.ilcompiler", "microsoft.net.illink.",
        "microsoft.windows.sdk.net.ref", "microsoft.netframework.referenceassemblies", "microsoft.net.sdk.",
    ];

    /// <summary>Whether a reference that the .NET SDK added by itself changes its version with the SDK.</summary>
    public static bool VariesWithSdk(string lowerId) => Array.IndexOf(Steady, lowerId) < 0;

    /// <summary>Whether a PackageDownload of this id is the .NET SDK's own: targeting, runtime and apphost packs and compilers.</summary>
    public static bool IsSdkDownload(string lowerId) =>
        Array.Exists(DownloadPrefixes, prefix => lowerId.StartsWith(prefix, StringComparison.Ordinal))
        || (lowerId.StartsWith("runtime.", StringComparison.Ordinal) && lowerId.EndsWith(".microsoft.dotnet.ilcompiler", StringComparison.Ordinal));
}
