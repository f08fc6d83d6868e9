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
        string? gitRoot = null;
        for (var folder = Path.GetFullPath(directory); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Lockfile.FileName)))
            {
                return folder;
            }

            var git = Path.Combine(folder, ".git");
            if (Directory.Exists(git))
            {
                return gitRoot ?? folder;
            }

            if (File.Exists(git))
            {
                gitRoot ??= folder;
                if (!IsSubmodule(git))
                {
                    return gitRoot;
                }
            }
        }

        return gitRoot;
    }

    /// <summary>A second lockfile above <paramref name="root"/> in the same git repository, or null.</summary>
    public static string? OuterLockfile(string root)
    {
        for (var folder = root; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var lockfile = Path.Combine(folder, Lockfile.FileName);
            if (folder != root && File.Exists(lockfile))
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

    /// <summary>The path relative to the root with <c>/</c>, or null if it is not below the root.</summary>
    public static string? Relative(string root, string path)
    {
        var relative = Path.GetRelativePath(root, path).Replace('\\', '/');
        return relative is ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }

    private static bool IsSubmodule(string gitFile)
    {
        // "gitdir: ../.git/modules/name"; a work tree has "gitdir: …/.git/worktrees/name".
        const int Enough = 4096;
        var buffer = new char[Enough];
        using var reader = new StreamReader(gitFile);
        var text = new string(buffer, 0, reader.ReadBlock(buffer));
        return text.StartsWith("gitdir:", StringComparison.Ordinal) && text.Replace('\\', '/').Contains("/modules/", StringComparison.Ordinal);
    }
}
