namespace Hardening.Formats.Workflows;

/// <summary>What the value of a <c>uses</c> is.</summary>
public enum UsesForm
{
    /// <summary>An action or reusable workflow of a repository, as <c>owner/repo[/path]@ref</c>.</summary>
    Repository,

    /// <summary>A file or folder of the same repository: <c>./path</c> of what a step has checked out, <c>$/path</c> of the commit that runs.</summary>
    Local,

    /// <summary>A container image, as <c>docker://image</c>.</summary>
    Image,

    /// <summary>It holds an expression, so that nobody can say what runs.</summary>
    Expression,

    /// <summary>None of these; the runner refuses it.</summary>
    Malformed,
}

/// <summary>
/// The value of a <c>uses</c>, taken apart as the runner does it: one <c>@</c>, both kinds of slashes, empty segments ignored.
/// </summary>
/// <param name="Form">What it is.</param>
public readonly record struct UsesText(UsesForm Form)
{
    private const string ImagePrefix = "docker://";
    private const int LongestText = 1000;

    /// <summary>The server as <c>https://host[:port]</c> in lower case; empty: the default one.</summary>
    public string Server { get; init; } = string.Empty;

    /// <summary>Of <see cref="UsesForm.Repository"/> <c>owner/repo</c>.</summary>
    public string Repository { get; init; } = string.Empty;

    /// <summary>Of <see cref="UsesForm.Repository"/> the folder or file in it, of <see cref="UsesForm.Local"/> what follows <c>./</c>, with <c>/</c>; empty: the root.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>Of <see cref="UsesForm.Repository"/> what follows the <c>@</c>.</summary>
    public string Ref { get; init; } = string.Empty;

    /// <summary>Of <see cref="UsesForm.Image"/> the image; of <see cref="UsesForm.Malformed"/> what is wrong, as the end of a sentence.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>The repository with its server, as lock entries name it.</summary>
    public string Name => Server.Length == 0 ? Repository : $"{Server}/{Repository}";

    /// <summary>Whether the ref is a commit in full.</summary>
    public bool IsPinned => Form == UsesForm.Repository && IsCommit(Ref);

    /// <summary>Whether a path names a workflow, not the folder of an action.</summary>
    public bool IsWorkflow => Path.EndsWith(".yml", StringComparison.Ordinal) || Path.EndsWith(".yaml", StringComparison.Ordinal);

    /// <summary>Takes a value apart.</summary>
    public static UsesText Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Contains("${{", StringComparison.Ordinal))
        {
            return new UsesText(UsesForm.Expression);
        }

        if (value.Length > LongestText || !IsShown(value))
        {
            return Malformed(value.Length > LongestText ? $"is longer than {LongestText} letters" : "has a character that is not shown as it is read");
        }

        if (value.StartsWith(ImagePrefix, StringComparison.OrdinalIgnoreCase))
        {
            var image = value[ImagePrefix.Length..];
            return image.Length == 0 || image.Contains(' ', StringComparison.Ordinal) ? Malformed("names no image") : new UsesText(UsesForm.Image) { Text = image };
        }

        return value is ['.' or '$', '/', ..] or ['.', '\\', ..] ? Local(value) : OfRepository(value);
    }

    /// <summary>Whether a text is a commit in full: 40 hexadecimal digits (SHA-1) or 64 (SHA-256).</summary>
    public static bool IsCommit(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);
    }

    /// <summary>Whether a text may be a shortened commit: 7 or more hexadecimal digits, letters and decimal digits among them, and not in full.</summary>
    public static bool IsShortCommit(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= 7 and < 64 and not 40 && text.All(char.IsAsciiHexDigit) && text.Any(char.IsAsciiDigit) && text.Any(char.IsAsciiLetter);
    }

    /// <summary>Whether a text is <c>owner/repo</c>, alone or after a server.</summary>
    public static bool IsRepository(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var uses = name.Length > LongestText ? Malformed(string.Empty) : OfRepository(name + "@x");
        return uses.Form == UsesForm.Repository && uses.Path.Length == 0 && string.Equals(uses.Name, name, StringComparison.Ordinal);
    }

    /// <summary>Whether a text is the full name of a branch or tag, as in <c>refs/tags/v4</c>.</summary>
    public static bool IsRefName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var at = name.StartsWith("refs/heads/", StringComparison.Ordinal) ? "refs/heads/".Length : name.StartsWith("refs/tags/", StringComparison.Ordinal) ? "refs/tags/".Length : name.Length;
        return at < name.Length && name.Length <= LongestText && IsShown(name) && IsRef(name[at..]);
    }

    // Nothing that ends a line somewhere, turns letters around, or is no character at all.
    private static bool IsShown(string text) => Yaml.YamlText.FirstRefused(text) < 0 && !text.AsSpan().ContainsAny('\t', '\r', '\n') && !text.Contains('\ufffd', StringComparison.Ordinal);

    private static UsesText Local(string value)
    {
        var segments = Segments(value[2..]);
        return segments.Contains("..") ? Malformed("leads out of a folder by `..`")
            : value.Contains('@', StringComparison.Ordinal) ? Malformed("is a path of this repository and cannot have a ref")
            : !Array.TrueForAll(segments, s => s == "." || IsFileName(s)) ? Malformed("has a character that no file can have on every system")
            : new UsesText(UsesForm.Local) { Path = string.Join('/', segments.Where(s => s != ".")) };
    }

    private static UsesText OfRepository(string value)
    {
        var server = string.Empty;
        if (value.Contains("://", StringComparison.Ordinal))
        {
            // Other runners than GitHub's take the address of a repository.
            var slash = value.IndexOf('/', value.IndexOf("://", StringComparison.Ordinal) + 3);
            if (slash < 0 || ServerOf(value[..slash]) is not { } found)
            {
                return Malformed("begins with no address of a server");
            }

            server = found;
            value = value[(slash + 1)..];
        }

        var parts = value.Split('@');
        var segments = Segments(parts[0]);
        if (parts.Length != 2 || parts[1].Length == 0)
        {
            return Malformed(parts.Length > 2 ? "has more than one `@`" : "has no `@` with a ref");
        }

        return segments.Length < 2 || !IsName(segments[0]) || !IsName(segments[1]) || !Array.TrueForAll(segments[2..], IsFileName) || !IsRef(parts[1])
            ? Malformed("is not of the form owner/repo[/path]@ref")
            : new UsesText(UsesForm.Repository) { Server = server, Repository = $"{segments[0]}/{WithoutSuffix(segments[1])}", Path = string.Join('/', segments[2..]), Ref = parts[1] };
    }

    private static string? ServerOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0 && uri.HostNameType != UriHostNameType.Unknown
        && text.AsSpan().ContainsAny("\\@?#%") is false && uri.GetLeftPart(UriPartial.Authority) is { } left && left.Equals(text, StringComparison.OrdinalIgnoreCase)
            ? left.ToLowerInvariant()
            : null;

    private static string[] Segments(string path) => path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);

    // Hosts take both for the same repository.
    private static string WithoutSuffix(string name) => name.Length > 4 && name.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;

    // What hosts permit in the name of an owner or repository.
    private static bool IsName(string segment) => segment is not ("." or "..") && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsFileName(string segment) => segment is not ("." or "..") && !segment.AsSpan().ContainsAny("\"<>|?*:");

    // As git check-ref-format has it, of what can follow refs/heads/ or refs/tags/.
    private static bool IsRef(string text) =>
        !text.AsSpan().ContainsAny("~^:?*[\\ ") && !text.Contains("..", StringComparison.Ordinal) && !text.Contains("@{", StringComparison.Ordinal) && !text.Contains("//", StringComparison.Ordinal)
        && text[0] is not ('/' or '-') && text[^1] is not ('/' or '.') && !text.Split('/').Any(s => s.StartsWith('.') || s.EndsWith(".lock", StringComparison.Ordinal));

    private static UsesText Malformed(string what) => new(UsesForm.Malformed) { Text = what };
}
