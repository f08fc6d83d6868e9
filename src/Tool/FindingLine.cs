using System.Globalization;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Reporting;

namespace Hardening.Tool;

/// <summary>A finding as one line, as compilers write them: <c>file(line,column): severity code: message</c>.</summary>
internal static class FindingLine
{
    /// <summary>The line; all that files say is escaped.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="root">The repository root; what lies below it is named from there.</param>
    internal static string Of(Finding finding, string root)
    {
        var place = Place(finding, root);
        return $"{(place.Length == 0 ? string.Empty : place + ": ")}{SeverityName(finding.Severity)} {finding.Code.Id}: {Message(finding)}";
    }

    /// <summary>What was found and what to type.</summary>
    internal static string Message(Finding finding) =>
        SinkText.ForLog(finding.Message) + (finding.Command.Length > 0 ? $" To mend it: {SinkText.ForLog(finding.Command)}" : string.Empty);

    /// <summary>The file, relative to the root where it lies below it, with <c>/</c>; empty if there is none.</summary>
    internal static string File(Finding finding, string root)
    {
        var file = finding.Place.File;
        return file.Length == 0 ? string.Empty : SinkText.ForLog(Path.IsPathFullyQualified(file) && RepositoryRoot.Relative(root, file) is { } relative ? relative : file);
    }

    /// <summary>The severity as compilers name it.</summary>
    internal static string SeverityName(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "message",
    };

    private static string Place(Finding finding, string root)
    {
        var (file, line, column) = (File(finding, root), finding.Place.Line, finding.Place.Column);
        return file.Length == 0 || line == 0 ? file : string.Create(CultureInfo.InvariantCulture, $"{file}({line}{(column == 0 ? string.Empty : $",{column}")})");
    }
}
