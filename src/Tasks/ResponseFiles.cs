using System.IO.Enumeration;
using Hardening.Files;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>
/// Finds what a Directory.Build.rsp or a MSBuild.rsp says, and what stands beside a solution. Its switches look like the command line's own, but whoever can open a pull request wrote it;
/// so it is read as MSBuild reads it: other files named with <c>@</c>, quotation marks anywhere, variables, any encoding with a mark.
/// </summary>
internal static class ResponseFiles
{
    // MSBuild reads the first from the folder of what is built or above it, the second from that folder alone; which folder that is, only the command line says.
    private static readonly string[] FileNames = ["Directory.Build.rsp", "MSBuild.rsp"];

    private const int LargestFile = 1024 * 1024;
    private const int MostFiles = 64;

    /// <summary>The first response file above one of the folders in whose switches one of the names stands, and that name; or null.</summary>
    /// <exception cref="IOException">One could not be read, is larger than 1 MiB, or they name more than 64 others.</exception>
    internal static (string Path, string Name)? Naming(ReadOnlySpan<string> names, params ReadOnlySpan<string?> folders)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in folders)
        {
            for (var folder = start; folder is { Length: > 0 }; folder = Path.GetDirectoryName(folder))
            {
                foreach (var fileName in FileNames)
                {
                    var path = Path.Combine(folder, fileName);
                    if (File.Exists(path) && Named(path, names, seen) is { } name)
                    {
                        return (path, name);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The first response file anywhere in a repository in whose switches a name stands, or null. Searched once in a build and node.</summary>
    /// <exception cref="IOException">A folder could not be read.</exception>
    internal static string? NamingBelow(string name, string? root, IBuildEngine engine)
    {
        if (root is null)
        {
            return null;
        }

        var key = "hardening-response-files:" + root;
        if ((engine as IBuildEngine4)?.GetRegisteredTaskObject(key, RegisteredTaskObjectLifetime.Build) is not string[] files)
        {
            files = [.. new FileSystemEnumerable<string>(root, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsOne(entry.FileName),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.FileName.Equals(".git", StringComparison.Ordinal),
            }];
            (engine as IBuildEngine4)?.RegisterTaskObject(key, files, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        }

        return files.Order(StringComparer.Ordinal).FirstOrDefault(file => Named(file, [name], new HashSet<string>(StringComparer.Ordinal)) is not null);
    }

    /// <summary>
    /// The first file that the restore of a solution imports and its projects do not, in which one of the names stands, and that name; or null.
    /// </summary>
    /// <exception cref="IOException">One could not be read, or is larger than 1 MiB.</exception>
    internal static (string Path, string Name)? NamingInSolution(ReadOnlySpan<string> names, string? solution)
    {
        if (Path.GetDirectoryName(solution) is not { Length: > 0 } start)
        {
            return null;
        }

        var name = Path.GetFileNameWithoutExtension(solution);
        var files = new List<string> { Path.Combine(start, $"before.{name}.sln.targets"), Path.Combine(start, $"after.{name}.sln.targets") };
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            files.Add(Path.Combine(folder, "Directory.Solution.props"));
            files.Add(Path.Combine(folder, "Directory.Solution.targets"));
        }

        foreach (var path in files.Where(File.Exists))
        {
            var text = System.Text.Encoding.UTF8.GetString(AtomicFile.ReadAtMost(path, LargestFile));
            foreach (var candidate in names)
            {
                if (text.Contains(candidate, StringComparison.OrdinalIgnoreCase))
                {
                    return (path, candidate);
                }
            }
        }

        return null;
    }

    private static bool IsOne(ReadOnlySpan<char> fileName)
    {
        foreach (var name in FileNames)
        {
            if (fileName.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Named(string path, ReadOnlySpan<string> names, HashSet<string> seen)
    {
        if (!seen.Add(path))
        {
            return null;
        }

        if (seen.Count > MostFiles)
        {
            throw new IOException($"{path} is one of more than {MostFiles} response files.");
        }

        using var reader = new StreamReader(new MemoryStream(AtomicFile.ReadAtMost(path, LargestFile), writable: false), detectEncodingFromByteOrderMarks: true);
        var text = Environment.ExpandEnvironmentVariables(reader.ReadToEnd().Replace("%MSBuildThisFileDirectory%", Path.GetDirectoryName(path) + "/", StringComparison.OrdinalIgnoreCase)).Replace("\"", string.Empty, StringComparison.Ordinal);
        foreach (var name in names)
        {
            if (text.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        foreach (var word in text.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(w => w[0] == '@' && w.Length > 1))
        {
            // Relative to the file that names it, or to where the build was started.
            foreach (var nested in (ReadOnlySpan<string>)[Path.GetFullPath(word[1..], Path.GetDirectoryName(path)!), Path.GetFullPath(word[1..])])
            {
                if (File.Exists(nested) && Named(nested, names, seen) is { } name)
                {
                    return name;
                }
            }
        }

        return null;
    }
}
