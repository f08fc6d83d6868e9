using System.Text.Json;
using Hardening.Files;

namespace Hardening.Ecosystems.NuGet;

/// <summary>Tells from which source NuGet took a package, as it notes it in <c>.nupkg.metadata</c>.</summary>
public static class PackageOrigin
{
    private const int LargestMetadata = 1024 * 1024;

    /// <summary>The address of the source of a package in quarantine, or the full path of its folder; null if there is no such note.</summary>
    public static string? Of(Quarantine quarantine, string key)
    {
        ArgumentNullException.ThrowIfNull(quarantine);
        try
        {
            using var document = JsonDocument.Parse(AtomicFile.ReadAtMost(PackageFolder.Of(quarantine.Packages, key).MetadataPath, LargestMetadata));
            return document.RootElement.TryGetProperty("source", out var source) && source.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether two sources are the same: addresses to the letter, folders as the file system compares them.</summary>
    public static bool AreSame(string one, string other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return Path.IsPathRooted(one) && Path.IsPathRooted(other)
            ? RepositoryPath.AreEqual(Path.GetFullPath(one), Path.GetFullPath(other), PathRules.Here)
            : one.Equals(other, StringComparison.Ordinal);
    }
}
