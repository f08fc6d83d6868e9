using Hardening.Formats.Workflows;

namespace Hardening.Policies;

/// <summary>
/// Patterns over names of repositories, compiled once: <c>owner/repo</c> on the default server, <c>https://host/owner/repo</c> on another.
/// <c>*</c> stands for any letters of the owner or of the repository, never for the <c>/</c> between them and never in a host. The case of
/// letters does not count, as it does not for hosts.
/// </summary>
public sealed class RepositoryPatterns
{
    internal const int LongestPattern = 300;

    // What most lists hold, a name or all of an owner, is looked up, so that a long list costs no more than a short one.
    private readonly Dictionary<string, string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> owners = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> others = [];

    /// <summary>Compiles patterns.</summary>
    /// <param name="patterns">Patterns of which <see cref="FaultOf"/> says nothing.</param>
    /// <exception cref="ArgumentException">A pattern has a fault.</exception>
    public RepositoryPatterns(IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        foreach (var pattern in patterns)
        {
            if (FaultOf(pattern) is { } fault)
            {
                throw new ArgumentException($"{pattern} {fault}", nameof(patterns));
            }

            Add(pattern);
        }
    }

    /// <summary>Whether there is no pattern.</summary>
    public bool IsEmpty => names.Count + owners.Count + others.Count == 0;

    /// <summary>Whether a pattern covers a name. What is no name of a repository is covered by none.</summary>
    /// <param name="name">The repository, as <c>owner/repo</c> or <c>https://host/owner/repo</c>.</param>
    public bool Matches(string name) => Find(name) is not null;

    /// <summary>A pattern that covers a name, as it was written; null if none does.</summary>
    /// <param name="name">The repository, as <c>owner/repo</c> or <c>https://host/owner/repo</c>.</param>
    public string? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsName(name) ? FindIn(name) : null;
    }

    /// <summary>
    /// Whether all that a pattern covers is covered by one of these. No is said of a pattern without a fault too where only several together
    /// cover it.
    /// </summary>
    internal bool Covers(string pattern) => IsName(pattern, mayHoldStars: true) && FindIn(pattern) is not null;

    /// <summary>Whether a text names a repository, as <c>owner/repo</c> or <c>https://host/owner/repo</c>.</summary>
    internal static bool IsName(string name) => IsName(name, mayHoldStars: false);

    /// <summary>What is wrong with a pattern, as the end of a sentence that begins with it; null if nothing is.</summary>
    public static string? FaultOf(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length is 0 or > LongestPattern)
        {
            return pattern.Length == 0 ? "is empty" : $"is longer than {LongestPattern} letters";
        }

        if (pattern.Contains("**", StringComparison.Ordinal))
        {
            return "has `**`; one `*` stands for any letters of an owner or of a repository";
        }

        return NameFault(pattern, pattern.Replace('*', 'x')) ?? (pattern.AsSpan(0, OwnerStart(pattern)).Contains('*') ? "has `*` in a host" : null);
    }

    /// <summary>What is wrong with the name of one repository, as the end of a sentence that begins with it; null if nothing is.</summary>
    internal static string? NameFault(string name) => name.Length > LongestPattern ? $"is longer than {LongestPattern} letters" : NameFault(name, name);

    /// <summary>Whether a pattern without a fault covers every repository of the default server.</summary>
    internal static bool CoversEverything(string pattern) => pattern == "*/*";

    private static string? NameFault(string written, string name)
    {
        var uses = UsesText.Parse(name + "@x");
        return written.Contains('@', StringComparison.Ordinal) ? "has `@`; a repository is named without a ref, for all of its refs"
            : written.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "begins with `http://`; a host that is named here has to be asked by `https://`"
            : uses is { Form: UsesForm.Repository, Path.Length: > 0 } ? "names a folder or file; a repository is named for all that is in it"
            : written.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? "ends with `.git`, which is no part of the name"
            : uses.Form != UsesForm.Repository || !uses.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? "is not of the form owner/repo or https://host/owner/repo"
            : null;
    }

    private void Add(string pattern)
    {
        var slash = pattern.LastIndexOf('/');
        if (!pattern.Contains('*', StringComparison.Ordinal))
        {
            names.TryAdd(pattern, pattern);
        }
        else if (pattern.AsSpan(slash) is "/*" && !pattern.AsSpan(0, slash).Contains('*'))
        {
            owners.TryAdd(pattern[..slash], pattern);
        }
        else
        {
            others.Add(pattern);
        }
    }

    private string? FindIn(string name)
    {
        if (names.TryGetValue(name, out var found) || (owners.Count > 0 && owners.TryGetValue(name[..name.LastIndexOf('/')], out found)))
        {
            return found;
        }

        foreach (var pattern in others)
        {
            if (Covers(pattern, name))
            {
                return pattern;
            }
        }

        return null;
    }

    private static bool Covers(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (patternOwner, nameOwner) = (OwnerStart(pattern), OwnerStart(name));
        var (patternSlash, nameSlash) = (pattern.LastIndexOf('/'), name.LastIndexOf('/'));
        return pattern[..patternOwner].Equals(name[..nameOwner], StringComparison.OrdinalIgnoreCase)
            && CoversLetters(pattern[patternOwner..patternSlash], name[nameOwner..nameSlash])
            && CoversLetters(pattern[(patternSlash + 1)..], name[(nameSlash + 1)..]);
    }

    // The first place at which the letters between two `*` are found leaves the most for those that follow, so no other has to be tried.
    private static bool CoversLetters(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var star = pattern.IndexOf('*');
        if (star < 0 || !text.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase))
        {
            return star < 0 && pattern.Equals(text, StringComparison.OrdinalIgnoreCase);
        }

        var left = text[star..];
        var rest = pattern[(star + 1)..];
        while ((star = rest.IndexOf('*')) >= 0)
        {
            var at = left.IndexOf(rest[..star], StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return false;
            }

            left = left[(at + star)..];
            rest = rest[(star + 1)..];
        }

        return left.EndsWith(rest, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsName(string text, bool mayHoldStars)
    {
        var owner = OwnerStart(text);
        var slash = text.LastIndexOf('/');
        return text.Length <= LongestPattern && owner >= 0 && slash > owner && slash < text.Length - 1
            && AreLetters(text.AsSpan(owner, slash - owner), mayHoldStars) && AreLetters(text.AsSpan(slash + 1), mayHoldStars);
    }

    // Letters of other alphabets, of which some are equal to ours where case does not count, are in no name.
    private static bool AreLetters(ReadOnlySpan<char> text, bool mayHoldStars)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.') && !(mayHoldStars && letter == '*'))
            {
                return false;
            }
        }

        return true;
    }

    // After the host, if there is one; -1 if nothing follows it.
    private static int OwnerStart(ReadOnlySpan<char> text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return 0;
        }

        var host = scheme + 3;
        var length = text[host..].IndexOf('/');
        return length < 0 ? -1 : host + length + 1;
    }
}
