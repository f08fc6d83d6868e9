using System.Text.RegularExpressions;
using Hardening.Files;

namespace Hardening.Ecosystems.NuGet.Written;

/// <summary>
/// Finds the file that a path in a project's text names, for the few forms that need no evaluation: plain relative paths,
/// <c>MSBuildThisFile</c>, <c>MSBuildThisFileDirectory</c>, <c>GetPathOfFileAbove</c> and <c>GetDirectoryNameOfFileAbove</c>.
/// </summary>
public static partial class ProjectPath
{
    // Longer than any path that a person writes. The expressions below try every way to divide what they match.
    private const int Longest = 512;

    private const string Meaningful = "'`\"(),;$%@*? \0";

    /// <summary>The full path, or null if it names no file below the boundary or cannot be told from the text.</summary>
    /// <param name="boundary">The folder that no path may leave: the git repository, or the repository root where there is none.</param>
    /// <param name="file">Full path of the file in which it stands.</param>
    /// <param name="path">The path as written.</param>
    public static string? Resolve(string boundary, string file, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var here = Path.GetDirectoryName(file)!;
        if (!Path.GetFileName(file.AsSpan()).ContainsAny(Meaningful))
        {
            // Of another name it would be told what the name says, and not what MSBuild makes of it.
            path = path.Replace("$(MSBuildThisFile)", Path.GetFileName(file), StringComparison.OrdinalIgnoreCase);
        }

        if (path.Length > Longest || FolderAbove().Replace(Above().Replace(path, string.Empty), string.Empty).AsSpan().ContainsAny("'`\""))
        {
            // A quote would end the text of a condition, and what follows it would be read as a part of the path.
            return null;
        }

        path = Above().Replace(path, m => (Start(here, m) is { } start ? FileAbove(boundary, m.Groups["name"].Value, start) : null) ?? "\0");
        path = FolderAbove().Replace(path, m => (Start(here, m) is { } start ? Path.GetDirectoryName(FileAbove(boundary, m.Groups["name"].Value, start)) : null) ?? "\0");
        path = ThisDirectory().Replace(path, here + "/").Replace('\\', '/').Trim();
        if (path.Length == 0 || path.AsSpan().ContainsAny("\0$*?@%;"))
        {
            return null;
        }

        var full = Path.GetFullPath(path, here);
        return File.Exists(full) && RepositoryRoot.Relative(boundary, full) is not null ? full : null;
    }

    /// <summary>The nearest file with a name in a folder or above it, up to the boundary; full path, or null.</summary>
    public static string? FileAbove(string boundary, string name, string folder)
    {
        for (var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); at is not null && RepositoryRoot.Relative(boundary, at) is not null; at = Path.GetDirectoryName(at))
        {
            var path = Path.Combine(at, name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private static string? Start(string here, Match match)
    {
        var start = match.Groups["start"] is { Success: true } group ? ThisDirectory().Replace(group.Value, here + "/") : here;
        return start.AsSpan().ContainsAny("\0$%") ? null : Path.GetFullPath(start.Replace('\\', '/').Trim(), here);
    }

    [GeneratedRegex(@"\$\(\[MSBuild\]::GetPathOfFileAbove\(\s*(?<q>['""`]?)(?<name>[^'""`,()$]+)\k<q>\s*(?:,\s*(?<p>['""`]?)(?<start>(?:\$\(\w+\)|[^'""`,()$])+)\k<p>\s*)?\)\)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Above();

    [GeneratedRegex(@"\$\(\[MSBuild\]::GetDirectoryNameOfFileAbove\(\s*(?<p>['""`]?)(?<start>(?:\$\(\w+\)|[^'""`,()$])+)\k<p>\s*,\s*(?<q>['""`]?)(?<name>[^'""`,()$]+)\k<q>\s*\)\)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex FolderAbove();

    [GeneratedRegex(@"\$\(MSBuildThisFileDirectory\)[\\/]?", RegexOptions.IgnoreCase)]
    private static partial Regex ThisDirectory();
}
