namespace Hardening.Files;

/// <summary>Finds symbolic links, through which nothing is written and nothing believed.</summary>
public static class SymbolicLinks
{
    /// <summary>The first symbolic link on a path, relative to the root; null if there is none.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="path">Relative to it, with <c>/</c>.</param>
    /// <exception cref="IOException">The file system did not answer.</exception>
    public static string? On(string root, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var at = string.Empty;
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = at.Length == 0 ? segment : $"{at}/{segment}";
            if (FileStamp.Of(Path.Combine(root, at)) is { IsLink: true })
            {
                return at;
            }
        }

        return null;
    }
}
