using Hardening.Inputs;

namespace Hardening.Findings;

/// <summary>One fact that a person has to know, as a value: what was found, what was expected, where, and what to type next.</summary>
/// <param name="Code">The kind of finding, from <see cref="FindingCodes"/>.</param>
/// <param name="Message">What was found and what was expected, unescaped; sinks escape it (see <see cref="Reporting.SinkText"/>).</param>
/// <param name="Place">Where.</param>
/// <param name="Command">The exact command or edit that mends it; empty if there is none.</param>
/// <param name="SeverityOverride">The severity where it differs from the code's own, e.g. a drift that only warns outside CI.</param>
public sealed record Finding(FindingCode Code, string Message, SourcePlace Place, string Command = "", Severity? SeverityOverride = null)
{
    /// <summary>The input that the finding is about, as <c>id</c> or <c>id/version</c>; empty if there is none. Exceptions of the policy go by it.</summary>
    public string Input { get; init; } = string.Empty;

    /// <summary>The severity that counts.</summary>
    public Severity Severity => SeverityOverride ?? Code.Severity;

    /// <summary>Sorts by file, line, column, code, message, command and severity, ordinally, and drops doubles, so that a list is the same whatever order checks ran in.</summary>
    public static IReadOnlyList<Finding> Sorted(IEnumerable<Finding> findings) =>
        [.. findings.Distinct()
            .OrderBy(f => f.Place.File, StringComparer.Ordinal)
            .ThenBy(f => f.Place.Line)
            .ThenBy(f => f.Place.Column)
            .ThenBy(f => f.Code.Id, StringComparer.Ordinal)
            .ThenBy(f => f.Message, StringComparer.Ordinal)
            .ThenBy(f => f.Command, StringComparer.Ordinal)
            .ThenBy(f => f.Severity)
            .ThenBy(f => f.SeverityOverride is null)];
}
