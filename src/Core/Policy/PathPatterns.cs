using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace Hardening.Policies;

/// <summary>
/// Globs over paths relative to the root, compiled once. <c>*</c> stands for any letters of one name, <c>**</c> for any folders; a pattern
/// that names a folder covers everything below it.
/// </summary>
public sealed class PathPatterns
{
    internal const int LongestPattern = 500;
    private const int MostSegments = 50;

    // What other globs know and these do not: a pattern with them would match nothing, without a word.
    private const string NotKnown = "?[]{}!";

    // Null where there is no pattern, so that the library is not loaded for it.
    private readonly object? matcher;

    /// <summary>Compiles patterns.</summary>
    /// <param name="patterns">Patterns of which <see cref="FaultOf"/> says nothing.</param>
    /// <param name="comparison">How letters compare; <see cref="Hardening.Files.PathRules.Comparison"/> is what the file system does.</param>
    /// <exception cref="ArgumentException">A pattern has a fault.</exception>
    public PathPatterns(IEnumerable<string> patterns, StringComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        var list = patterns.ToList();
        if (list.Find(pattern => FaultOf(pattern) is not null) is { } wrong)
        {
            throw new ArgumentException($"{wrong}: {FaultOf(wrong)}", nameof(patterns));
        }

        matcher = list.Count == 0 ? null : Compile(list, comparison);
    }

    /// <summary>Whether a pattern covers a path relative to the root, with <c>/</c>. A path that is not below the root is covered by none.</summary>
    public bool Matches(string relativePath)
    {
        ArgumentNullException.ThrowIfNull(relativePath);
        return matcher is not null && !relativePath.Contains('\0', StringComparison.Ordinal) && SegmentsFault(relativePath.Split('/')) is null && Matches(matcher, relativePath);
    }

    /// <summary>What is wrong with a pattern, as the end of a sentence that begins with it; null if nothing is.</summary>
    public static string? FaultOf(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length is 0 or > LongestPattern)
        {
            return pattern.Length == 0 ? "is empty" : $"is longer than {LongestPattern} letters";
        }

        if (pattern.Contains('\\', StringComparison.Ordinal))
        {
            return "has a backslash; folders are separated by `/`";
        }

        if (pattern[0] == '/' || (pattern.Length > 1 && pattern[1] == ':' && char.IsAsciiLetter(pattern[0])))
        {
            return "is an absolute path; it has to be relative to the root of the repository";
        }

        if (pattern.AsSpan().IndexOfAny(NotKnown) is >= 0 and var at)
        {
            return $"has `{pattern[at]}`; only `*` and `**` stand for something else";
        }

        if (pattern.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0)
        {
            return "has a control character";
        }

        var segments = (pattern[^1] == '/' ? pattern[..^1] : pattern).Split('/');
        return segments.Length > MostSegments ? $"has more than {MostSegments} folders"
            : Array.Exists(segments, s => s != "**" && s.Contains("**", StringComparison.Ordinal)) ? "has `**` beside other letters; between two `/` it has to stand alone"
            : SegmentsFault(segments);
    }

    /// <summary>Whether a pattern without a fault covers the whole repository.</summary>
    public static bool CoversEverything(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return pattern.AsSpan().IndexOfAnyExcept('*', '/') < 0;
    }

    private static string? SegmentsFault(string[] segments) =>
        Array.Exists(segments, s => s == "..") ? "leads out of a folder by `..`"
        : Array.Exists(segments, s => s is "" or ".") ? "has an empty folder name or `.`"
        : null;

    private static Matcher Compile(List<string> patterns, StringComparison comparison)
    {
        var compiled = new Matcher(comparison);
        foreach (var pattern in patterns)
        {
            var bare = pattern.TrimEnd('/');
            compiled.AddInclude(bare);
            if (!bare.EndsWith("**", StringComparison.Ordinal))
            {
                compiled.AddInclude(bare + "/**");
            }
        }

        return compiled;
    }

    private static bool Matches(object matcher, string path) => ((Matcher)matcher).Execute(new PathFolder(path.Split('/'), 0, null)).HasMatches;

    /// <summary>A folder that holds one path only, so that the library reads no file system and no current folder.</summary>
    private sealed class PathFolder(string[] segments, int depth, DirectoryInfoBase? parent) : DirectoryInfoBase
    {
        public override string Name => depth == 0 ? string.Empty : segments[depth - 1];

        public override string FullName => string.Join('/', segments, 0, depth);

        public override DirectoryInfoBase? ParentDirectory => parent;

        public override IEnumerable<FileSystemInfoBase> EnumerateFileSystemInfos() =>
            [depth == segments.Length - 1 ? new PathFile(segments, this) : new PathFolder(segments, depth + 1, this)];

        public override DirectoryInfoBase? GetDirectory(string path) =>
            depth < segments.Length - 1 && segments[depth] == path ? new PathFolder(segments, depth + 1, this) : null;

        public override FileInfoBase? GetFile(string path) => depth == segments.Length - 1 && segments[depth] == path ? new PathFile(segments, this) : null;
    }

    private sealed class PathFile(string[] segments, DirectoryInfoBase folder) : FileInfoBase
    {
        public override string Name => segments[^1];

        public override string FullName => string.Join('/', segments);

        public override DirectoryInfoBase ParentDirectory => folder;
    }
}
