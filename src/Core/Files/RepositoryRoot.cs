using Hardening.Lockfiles;

namespace Hardening.Files;

/// <summary>Finds the folder that a lockfile speaks for.</summary>
public static class RepositoryRoot
{
    /// <summary>
    /// The nearest folder upward that has the lockfile, else the git root, else null. A work tree's <c>.git</c> file ends the search
    /// like a <c>.git</c> folder; a submodule's does not, because the repository around it may hold the lockfile.
    /// Above the git root nothing is looked for: who can write there is not who can write the repository.
    /// </summary>
    public static string? Find(string directory)
    {
        string? submodule = null, locked = null;
        for (var folder = Full(directory); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (locked is null && File.Exists(Path.Combine(folder, Lockfile.FileName)))
            {
                if (submodule is null)
                {
                    return folder;
                }

                // Counts only if the search still meets the repository around the submodule.
                locked = folder;
            }

            var git = Path.Combine(folder, ".git");
            if (Directory.Exists(git) || (File.Exists(git) && !IsSubmodule(git)))
            {
                return locked ?? submodule ?? folder;
            }

            if (File.Exists(git))
            {
                submodule ??= folder;
            }
        }

        return submodule;
    }

    /// <summary>A second lockfile above <paramref name="root"/> in the same git repository, or null.</summary>
    public static string? OuterLockfile(string root)
    {
        var start = Full(root);
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var lockfile = Path.Combine(folder, Lockfile.FileName);
            if (folder != start && File.Exists(lockfile))
            {
                return lockfile;
            }

            if (Path.Exists(Path.Combine(folder, ".git")))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Whether a folder lies in a git repository; a container layer into which only some files were copied does not.</summary>
    public static bool IsInGit(string directory) => GitRoot(directory) is not null;

    /// <summary>The nearest folder upward with <c>.git</c>, or null.</summary>
    public static string? GitRoot(string directory)
    {
        for (var folder = Full(directory); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, ".git")))
            {
                return folder;
            }
        }

        return null;
    }

    /// <summary>The path relative to the root with <c>/</c>, or null if it is not below the root; see <see cref="RepositoryPath.KeyOf"/>.</summary>
    public static string? Relative(string root, string path) => RepositoryPath.KeyOf(Path.GetFullPath(root), Path.GetFullPath(path), PathRules.Here);

    /// <summary>The key of a file in a section of the lockfile, or null if it is not below the root; see <see cref="RepositoryPath.KnownKey"/>.</summary>
    public static string? Relative<T>(string root, string path, IReadOnlyDictionary<string, T> known) =>
        Relative(root, path) is { } key ? RepositoryPath.KnownKey(key, known, PathRules.Here) : null;

    /// <summary>The key to write into the lockfile, in the case of the disk, or null if it is not below the root; see <see cref="RepositoryPath.KeyOnDisk"/>.</summary>
    /// <exception cref="IOException">A folder could not be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static string? RelativeOnDisk(string root, string path) =>
        Relative(root, path) is { } key ? RepositoryPath.KeyOnDisk(root, key, PathRules.Here, NamesIn) : null;

    private static IEnumerable<string> NamesIn(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)) : [];

    private static bool IsSubmodule(string gitFile)
    {
        // "gitdir: ../.git/modules/name", or "gitdir: …/.git/worktrees/name/modules/name" where the repository around it is a work tree.
        // A work tree, of a submodule too, has "gitdir: …/worktrees/name" and stands anywhere.
        const int Enough = 4096;
        var buffer = new char[Enough];
        string text;
        try
        {
            using var reader = new StreamReader(gitFile);
            text = new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ends the search, which is the careful answer.
            return false;
        }

        if (!text.StartsWith("gitdir:", StringComparison.Ordinal))
        {
            return false;
        }

        var segments = text["gitdir:".Length..].Trim().TrimEnd('/').Replace('\\', '/').Split('/');
        var modules = Array.FindIndex(segments, 1, segment => segment == "modules");
        while (modules > 0 && segments[modules - 1] != ".git" && (modules < 2 || segments[modules - 2] != "worktrees"))
        {
            modules = Array.FindIndex(segments, modules + 1, segment => segment == "modules");
        }

        return modules > 0 && segments[^2] != "worktrees";
    }

    private static string Full(string directory) => RepositoryPath.Normal(Path.GetFullPath(directory), PathRules.Here);
}
