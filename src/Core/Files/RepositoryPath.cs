namespace Hardening.Files;

/// <summary>
/// Paths as text: their one normal form, when two are the same, and the key that a path has in the lockfile. Nothing here looks at a disk
/// unless it says so, and the rules are a parameter, so that those of every system are tested on each.
/// </summary>
public static class RepositoryPath
{
    private const string Extended = @"\\?\";
    private const string Device = @"\\.\";
    private const string ExtendedShare = @"\\?\UNC\";

    /// <summary>The key of the root itself, see <see cref="KeyOf"/>.</summary>
    public const string RootKey = ".";

    /// <summary>
    /// The one form of a full path: no <c>.</c>, <c>..</c>, doubled or ending separator. On Windows backslashes, an upper-case drive letter, no
    /// dots or spaces at the end of a name, and nothing of the <c>\\?\</c> that permits long paths; the rest keeps its case.
    /// </summary>
    /// <exception cref="ArgumentException">The path is not a full one.</exception>
    public static string Normal(string path, PathRules rules)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(rules);
        var (root, rest) = rules.IsWindows ? SplitWindows(path) : path.StartsWith('/') ? ("/", path) : (string.Empty, path);
        if (root.Length == 0)
        {
            throw new ArgumentException($"\"{path}\" is not a full path.", nameof(path));
        }

        var names = new List<string>();
        foreach (var segment in rest.Split(rules.Separator))
        {
            var name = rules.IsWindows && segment is not ".." ? segment.TrimEnd(' ', '.') : segment;
            if (name == "..")
            {
                names.RemoveRange(Math.Max(names.Count - 1, 0), Math.Min(names.Count, 1));
            }
            else if (name is not ("" or "."))
            {
                names.Add(name);
            }
        }

        return names.Count == 0 ? root : (root.EndsWith(rules.Separator) ? root : root + rules.Separator) + string.Join(rules.Separator, names);
    }

    /// <summary>Whether two full paths are the same.</summary>
    /// <exception cref="ArgumentException">One is not a full path.</exception>
    public static bool AreEqual(string left, string right, PathRules rules) => string.Equals(Normal(left, rules), Normal(right, rules), rules.Comparison);

    /// <summary>
    /// The path relative to the root, with <c>/</c> on every system and in the case it was given; <see cref="RootKey"/> for the root itself;
    /// null if it is not below the root.
    /// </summary>
    /// <exception cref="ArgumentException">One is not a full path.</exception>
    public static string? KeyOf(string root, string path, PathRules rules)
    {
        var (folder, full) = (Normal(root, rules), Normal(path, rules));
        if (string.Equals(folder, full, rules.Comparison))
        {
            return RootKey;
        }

        var prefix = folder.EndsWith(rules.Separator) ? folder : folder + rules.Separator;
        return full.StartsWith(prefix, rules.Comparison) ? Slashed(full[prefix.Length..], rules) : null;
    }

    /// <summary>A relative path with <c>/</c>. Where a backslash is a letter of a name it stays one.</summary>
    public static string Slashed(string relative, PathRules rules) => rules.IsWindows ? relative.Replace('\\', '/') : relative;

    /// <summary>
    /// The key among those that the lockfile has: the same, or, where case tells no two files apart, the one other that differs by case only.
    /// A command line may name a project in another case than the disk.
    /// </summary>
    /// <returns>The key as the lockfile has it; as it was given if the lockfile does not know it, or knows several.</returns>
    public static string KnownKey<T>(string key, IReadOnlyDictionary<string, T> known, PathRules rules)
    {
        if (!rules.IgnoresCase || known.ContainsKey(key))
        {
            return key;
        }

        var same = known.Keys.Where(k => k.Equals(key, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return same.Count == 1 ? same[0] : key;
    }

    /// <summary>
    /// The key in the case of the disk, so that a lockfile is the same whatever a command line said. What is not there, or there twice, stays as
    /// it was given.
    /// </summary>
    /// <param name="root">The repository root.</param>
    /// <param name="key">The key, see <see cref="KeyOf"/>.</param>
    /// <param name="rules">The rules of the system; where case counts, the key is right as it is and nothing is read.</param>
    /// <param name="namesIn">Lists the names in a folder, given by its full path.</param>
    public static string KeyOnDisk(string root, string key, PathRules rules, Func<string, IEnumerable<string>> namesIn)
    {
        if (!rules.IgnoresCase || key == RootKey)
        {
            return key;
        }

        var folder = Normal(root, rules);
        var names = key.Split('/');
        for (var i = 0; i < names.Length; i++)
        {
            var same = namesIn(folder).Where(n => n.Equals(names[i], StringComparison.OrdinalIgnoreCase)).ToList();
            names[i] = same.Count == 1 ? same[0] : names[i];
            folder += rules.Separator + names[i];
        }

        return string.Join('/', names);
    }

    // The root of a Windows path, and what comes after it.
    private static (string Root, string Below) SplitWindows(string path)
    {
        var text = path.Replace('/', '\\');
        if (text.StartsWith(ExtendedShare, StringComparison.OrdinalIgnoreCase))
        {
            return SplitShare(text[ExtendedShare.Length..]);
        }

        if (text.StartsWith(Extended, StringComparison.Ordinal) && IsDrive(text[Extended.Length..]))
        {
            text = text[Extended.Length..];
        }

        if (IsDrive(text))
        {
            return ($@"{char.ToUpperInvariant(text[0])}:\", text[3..]);
        }

        if (text.StartsWith(Extended, StringComparison.Ordinal) || text.StartsWith(Device, StringComparison.Ordinal))
        {
            // A volume or device by its own name.
            var end = text.IndexOf('\\', Extended.Length);
            return end < 0 ? (text, string.Empty) : (text[..end], text[end..]);
        }

        return text.StartsWith(@"\\", StringComparison.Ordinal) ? SplitShare(text[2..]) : (string.Empty, text);
    }

    private static bool IsDrive(string text) => text is [var letter, ':', '\\', ..] && char.IsAsciiLetter(letter);

    // "server\share\rest"; without a share there is no folder.
    private static (string Root, string Below) SplitShare(string text)
    {
        var names = text.Split('\\', 3);
        return names is [{ Length: > 0 } server, { Length: > 0 } share, ..]
            ? ($@"\\{server}\{share}", names.Length > 2 ? names[2] : string.Empty)
            : (string.Empty, text);
    }
}
