using System.IO.Enumeration;

namespace Hardening.Files;

/// <summary>
/// Finds files of a repository by walking it. Not walked: what git, editors and builds keep for themselves, other repositories inside (submodules
/// too), symbolic links, and what the policy excludes.
/// </summary>
public static class RepositoryFiles
{
    private const int MostEntries = 2_000_000;
    private const int Deepest = 128;

    private static readonly HashSet<string> Skipped = new(StringComparer.OrdinalIgnoreCase) { ".git", ".vs", ".idea", "node_modules", "bin", "obj", "TestResults", "artifacts" };

    /// <summary>The paths of the files that are wanted, relative to the root with <c>/</c>, sorted ordinally.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="wants">Whether a file with this name is wanted.</param>
    /// <param name="excludes">Whether a file or folder, relative to the root, is left out.</param>
    /// <exception cref="IOException">Not readable, or more entries or deeper folders than any repository has.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static IReadOnlyList<string> Find(string root, Func<ReadOnlySpan<char>, bool> wants, Func<string, bool> excludes)
    {
        ArgumentNullException.ThrowIfNull(wants);
        ArgumentNullException.ThrowIfNull(excludes);
        var found = new List<string>();
        var folders = new Stack<(string Path, int Depth)>();
        folders.Push((string.Empty, 0));
        var entries = 0;
        while (folders.TryPop(out var folder))
        {
            if (folder.Depth > Deepest)
            {
                throw new IOException($"{folder.Path} is deeper than {Deepest} folders.");
            }

            var full = Path.Combine(root, folder.Path);
            if (folder.Depth > 0 && Path.Exists(Path.Combine(full, ".git")))
            {
                continue;
            }

            foreach (var (name, isFolder) in Entries(full, wants))
            {
                if (++entries > MostEntries)
                {
                    throw new IOException($"{root} has more than {MostEntries} folders and files that matter.");
                }

                var path = folder.Path.Length == 0 ? name : $"{folder.Path}/{name}";
                if (excludes(path))
                {
                    continue;
                }

                if (isFolder)
                {
                    folders.Push((path, folder.Depth + 1));
                }
                else
                {
                    found.Add(path);
                }
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static FileSystemEnumerable<(string Name, bool IsFolder)> Entries(string folder, Func<ReadOnlySpan<char>, bool> wants) =>
        new(folder, (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false })
        {
            ShouldIncludePredicate = (ref entry) => entry.IsDirectory
                ? !Skipped.GetAlternateLookup<ReadOnlySpan<char>>().Contains(entry.FileName) && (entry.Attributes & FileAttributes.ReparsePoint) == 0
                : wants(entry.FileName),
        };
}
