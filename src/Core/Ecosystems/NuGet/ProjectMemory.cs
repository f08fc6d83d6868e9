using System.Security.Cryptography;
using System.Text;
using Hardening.Files;

namespace Hardening.Ecosystems.NuGet;

/// <summary>
/// Remembers, beside <see cref="PackageMemory"/>, that one project's restore results were found right, and which package folders they name;
/// so that a build in which nothing changed reads three stamps instead of an assets file.
/// </summary>
/// <param name="memoryPath">The file of the repository's <see cref="PackageMemory"/>; null where nothing is remembered.</param>
/// <param name="projectPath">Full path of the project.</param>
public sealed class ProjectMemory(string? memoryPath, string projectPath)
{
    private const int LargestFile = 64 * 1024;

    private readonly string? file = memoryPath is null || !FileStamp.IsTrustworthy
        ? null
        : Path.Combine(memoryPath + ".projects", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(projectPath)).AsSpan(0, 16)));

    /// <summary>A fingerprint over the files that a verdict on a project rests on; equal only if none was written since.</summary>
    /// <param name="objFolder">The folder of the restore results.</param>
    /// <param name="conditions">What else the verdict depends on: digest of the lockfile, .NET SDK version, …</param>
    public string Fingerprint(string objFolder, params ReadOnlySpan<string> conditions)
    {
        var text = new StringBuilder();
        foreach (var condition in conditions)
        {
            text.Append(condition).Append('\n');
        }

        var name = Path.GetFileName(projectPath);
        foreach (var path in (ReadOnlySpan<string>)[RestoreResult.FileName, name + ".nuget.g.props", name + ".nuget.g.targets"])
        {
            var stamp = FileStamp.Of(Path.Combine(objFolder, path));
            text.Append(stamp is { } s ? $"{s.Size} {s.ChangeTime} {s.IsLink}" : "-").Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The package folders of a project that was found right with this fingerprint, or null.</summary>
    public IReadOnlyList<string>? Recall(string fingerprint)
    {
        try
        {
            if (file is not null && File.Exists(file))
            {
                var lines = Encoding.UTF8.GetString(AtomicFile.ReadAtMost(file, LargestFile)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return lines.Length > 0 && lines[0] == fingerprint ? lines[1..] : null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not remembered: verified anew.
        }

        return null;
    }

    /// <summary>Remembers a project that was found right. A memory that cannot be written costs time, not safety.</summary>
    public void Remember(string fingerprint, IReadOnlyList<string> packageFolders)
    {
        if (file is null || packageFolders.Any(f => f.Contains('\n', StringComparison.Ordinal)))
        {
            return;
        }

        try
        {
            AtomicFile.Write(file, Encoding.UTF8.GetBytes(fingerprint + "\n" + string.Join('\n', packageFolders)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As in PackageMemory.Save: read-only home.
        }
    }
}
