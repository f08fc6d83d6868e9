using System.Globalization;
using System.Text.RegularExpressions;
using Hardening.Formats.Workflows;
using Hardening.Formats.Yaml;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>What the values of actions.lock may be.</summary>
internal static partial class ActionsLockText
{
    private const string Sha1 = "sha1-";
    private const string Sha256 = "sha256-";

    private static readonly string[] Words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    /// <summary>The commit of <c>sha1-…</c> or <c>sha256-…</c> in lower case; null if it is none.</summary>
    internal static string? CommitOf(string digest)
    {
        var commit = digest.StartsWith(Sha1, StringComparison.OrdinalIgnoreCase) && digest.Length == Sha1.Length + 40 ? digest[Sha1.Length..]
            : digest.StartsWith(Sha256, StringComparison.OrdinalIgnoreCase) && digest.Length == Sha256.Length + 64 ? digest[Sha256.Length..]
            : string.Empty;
        return UsesText.IsCommit(commit) ? commit.ToLowerInvariant() : null;
    }

    /// <summary>What is wrong with the path of a workflow, as the end of a sentence; null if it may stand there.</summary>
    internal static string? FaultOfPath(string path) =>
        path.Length == 0 ? "is empty"
        : path.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || YamlText.FirstRefused(path) >= 0 ? "has a character that is read otherwise than it is shown"
        : path.StartsWith('/') || path.AsSpan().ContainsAny('\\', ':') ? "is not relative to the root of the repository with `/`"
        : path.Split('/').Contains("..") ? "leads out of a folder by `..`"
        : null;

    /// <summary>Whether a text can be a tag or branch: git forbids white space and colons.</summary>
    internal static bool IsRef(string text) => text.Length > 0 && !text.Contains(':', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace) && YamlText.FirstRefused(text) < 0;

    /// <summary>Whether a number is written as any reader of YAML takes it: decimal, without signs, quotes or a leading zero.</summary>
    internal static bool TryNumber(YamlScalar scalar, out long number)
    {
        number = 0;
        return scalar.IsPlain && scalar.Value.Length is > 0 and <= 19 && scalar.Value[0] != '0' && long.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Whether a value without quotes is a number, a date, a truth value or nothing to a reader of YAML 1.1, so that one of GitHub's refuses the file.</summary>
    internal static bool IsNoText(YamlScalar scalar) =>
        scalar.IsPlain && (scalar.Value is "" or "~" || Words.Contains(scalar.Value, StringComparer.OrdinalIgnoreCase) || NumberOrDate().IsMatch(scalar.Value));

    /// <summary>Whether a text is a host that the schema permits.</summary>
    internal static bool IsHostName(string text) => HostName().IsMatch(text);

    [GeneratedRegex(@"\A(github\.com|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.ghe\.com)\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A([-+]?([0-9][0-9_,]*(\.[0-9_]*)?|\.[0-9_]+)(e[-+]?[0-9]+)?|[-+]?0[xob][0-9a-f_]+|[-+]?\.(inf|nan)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NumberOrDate();
}
