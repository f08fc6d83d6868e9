using System.IO.Enumeration;
using System.Text;

namespace Hardening.Files;

/// <summary>
/// Finds files of a repository by walking it. Not walked: what git, editors, builds and NuGet keep for themselves, except for what git tracks there;
/// other repositories inside (submodules too), symbolic links, and what the policy excludes.
/// </summary>
public static class RepositoryFiles
{
    private const int MostEntries = 2_000_000;
    private const int Deepest = 128;

    private const int LongestSkipped = 12;

    private static readonly HashSet<string> Skipped = new(StringComparer.OrdinalIgnoreCase) { ".git", ".vs", ".idea", "node_modules", "bin", "obj", "TestResults", "artifacts" };

    /// <summary>The paths of the files that are wanted, relative to the root with <c>/</c>, sorted ordinally.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="wants">Whether a file with this name is wanted.</param>
    /// <param name="excludes">Whether a file or folder, relative to the root, is left out.</param>
    /// <param name="packageFolders">Where packages lie; full paths. Those below the root are walked only if git does not tell what it tracks there.</param>
    /// <exception cref="IOException">Not readable, or more entries or deeper folders than any repository has.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static IReadOnlyList<string> Find(string root, Func<ReadOnlySpan<char>, bool> wants, Func<string, bool> excludes, IEnumerable<string>? packageFolders = null)
    {
        ArgumentNullException.ThrowIfNull(wants);
        ArgumentNullException.ThrowIfNull(excludes);
        var packages = (packageFolders ?? []).Select(f => RepositoryRoot.Relative(root, f)).OfType<string>().Where(f => f != RepositoryPath.RootKey).ToHashSet(PathRules.Here.Comparer);
        var tracked = Tracked(root, packages);
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
                if (excludes(path) || packages.Contains(path))
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

        found.AddRange(tracked.Where(path => wants(Path.GetFileName(path.AsSpan())) && !IsExcluded(path, excludes) && FileStamp.Of(Path.Combine(root, path)) is { IsLink: false, IsDirectory: false }));
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    // What git tracks where nothing is walked, relative to the root: a project in a folder named bin is built like any other, if a solution names it.
    // Where packages lie is said by nuget.config, and a change of that is a finding; so nobody hides a folder by it. Where git's index tells nothing,
    // the folders of packages are walked all the same.
    private static List<string> Tracked(string root, HashSet<string> packages)
    {
        if (RepositoryRoot.GitRoot(root) is not { } top)
        {
            return [];
        }

        var paths = GitIndex.Paths(top, path => packages.Count > 0 || IsBelowSkipped(path)).Select(path => RepositoryRoot.Relative(root, Path.Combine(top, path))).OfType<string>().ToList();
        var below = paths.FindAll(path => IsBelowSkipped(Encoding.UTF8.GetBytes(path)) || (packages.Count > 0 && IsBelow(path, packages)));
        if (paths.Count == 0 && GitIndex.IsThere(top))
        {
            packages.Clear();
        }

        return below;
    }

    private static bool IsBelow(string path, HashSet<string> folders)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (folders.Contains(path[..slash]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBelowSkipped(ReadOnlySpan<byte> path)
    {
        Span<char> name = stackalloc char[LongestSkipped];
        for (var slash = path.IndexOf((byte)'/'); slash >= 0; slash = path.IndexOf((byte)'/'))
        {
            if (slash <= LongestSkipped && Encoding.UTF8.TryGetChars(path[..slash], name, out var length) && Skipped.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name[..length]))
            {
                return true;
            }

            path = path[(slash + 1)..];
        }

        return false;
    }

    // As the walk would have met it: a folder that is excluded covers what lies in it.
    private static bool IsExcluded(string path, Func<string, bool> excludes)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (excludes(path[..slash]))
            {
                return true;
            }
        }

        return excludes(path);
    }

    private static FileSystemEnumerable<(string Name, bool IsFolder)> Entries(string folder, Func<ReadOnlySpan<char>, bool> wants) =>
        new(folder, (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false })
        {
            ShouldIncludePredicate = (ref entry) => entry.IsDirectory
                ? !Skipped.GetAlternateLookup<ReadOnlySpan<char>>().Contains(entry.FileName) && (entry.Attributes & FileAttributes.ReparsePoint) == 0
                : wants(entry.FileName),
        };
}
