using Hardening.Formats.Images;

namespace Hardening.Policies;

/// <summary>
/// Patterns of image names: registry and repository in full, as in <c>mcr.microsoft.com/dotnet/runtime</c>, or all below a path, as in <c>mcr.microsoft.com/*</c>
/// and <c>docker.io/library/*</c>.
/// </summary>
public sealed class ImagePatterns
{
    private const string All = "/*";
    private const string Anything = "/x/x";

    private readonly HashSet<string> names;
    private readonly string[] folders;

    /// <summary>Compiles patterns that <see cref="FaultOf"/> finds no fault with.</summary>
    public ImagePatterns(IEnumerable<string> patterns)
    {
        var lists = patterns.ToLookup(p => p.EndsWith(All, StringComparison.Ordinal));
        names = [.. lists[false]];
        folders = [.. lists[true].Select(p => p[..^1])];
    }

    /// <summary>Whether one of them covers a name in full.</summary>
    public bool Matches(string name) => names.Contains(name) || IsBelow(name);

    /// <summary>Whether one of them covers whatever a pattern covers.</summary>
    internal bool Covers(string pattern) => pattern.EndsWith(All, StringComparison.Ordinal) ? IsBelow(pattern[..^1]) : Matches(pattern);

    /// <summary>What is wrong with a pattern, as the end of a sentence that begins with it, and what to write; null if nothing is.</summary>
    internal static (string Fault, string? Remedy)? FaultOf(string pattern)
    {
        if (!pattern.EndsWith(All, StringComparison.Ordinal))
        {
            return NameFault(pattern);
        }

        // A registry alone has no repository, and short names are told by where the path begins.
        var folder = pattern[..^All.Length];
        return Misspelled(folder)
            ?? (ImageName.Parse(folder + Anything) is not { } image ? ("is not of the form registry/* or registry/path/*", null)
                : image.Name != folder + Anything ? Short(image.Name[..^Anything.Length] + All)
                : null);
    }

    /// <summary>What is wrong with the name of one image, as the end of a sentence that begins with it, and what to write; null if nothing is.</summary>
    internal static (string Fault, string? Remedy)? NameFault(string name) =>
        Misspelled(name)
        ?? (ImageText.Parse(name).Tag.Length > 0 ? ("has a tag; an image is named for all of its tags", "remove the tag")
            : ImageName.Parse(name) is not { } image ? ("is not of the form registry/repository", null)
            : image.Name != name ? Short(image.Name)
            : null);

    // What is told before the form is, since the form would be told less clearly.
    private static (string Fault, string? Remedy)? Misspelled(string text) =>
        text.Contains('*', StringComparison.Ordinal) ? ("has `*` elsewhere than after the last `/`", null)
        : text.Contains('@', StringComparison.Ordinal) ? ("has `@`; an image is named for all of its digests", "remove the digest")
        : text.Any(char.IsAsciiLetterUpper) ? ("has upper-case letters, which no image has", $"write `{text.ToLowerInvariant()}`")
        : null;

    private static (string Fault, string? Remedy) Short(string full) => ("is a short name, and here images are named in full", $"write `{full}`");

    private bool IsBelow(string text) => Array.Exists(folders, f => text.StartsWith(f, StringComparison.Ordinal));
}
