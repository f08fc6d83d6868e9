using Hardening.Findings;
using Hardening.Reporting;
using Spectre.Console;

namespace Hardening.Tool;

/// <summary>Shows findings on a terminal: by file, each with the line of the source and a caret.</summary>
internal static class FindingView
{
    private static readonly Style Path = new(decoration: Decoration.Bold);
    private static readonly Style Quiet = new(Color.Grey);

    /// <summary>Writes what is different from a baseline, the findings, sorted by file as they are, and the summary.</summary>
    internal static void Write(IReadOnlyList<string> differences, IReadOnlyList<Finding> findings, string root, string summary)
    {
        var console = AnsiConsole.Console;
        foreach (var line in differences)
        {
            Line(console, SinkText.ForLog(line), Style.Plain);
        }

        foreach (var file in findings.GroupBy(f => f.Place.File, StringComparer.Ordinal))
        {
            Line(console, file.Key.Length == 0 ? "The repository" : FindingLine.File(file.First(), root), Path);
            var source = SourceLines.Of(file.Key);
            foreach (var finding in file)
            {
                Show(console, finding, source);
            }

            console.WriteLine();
        }

        Line(console, summary, Style.Plain);
    }

    private static void Show(IAnsiConsole console, Finding finding, SourceLines source)
    {
        console.Write(new Paragraph($"  {FindingLine.SeverityName(finding.Severity)} {finding.Code.Id} ", StyleOf(finding.Severity)).Append(FindingLine.Message(finding)));
        console.WriteLine();
        if (source.Around(finding.Place.Line, finding.Place.Column, console.Profile.Width) is { } shown)
        {
            Line(console, shown.Text, Quiet);
            Line(console, shown.Caret, StyleOf(finding.Severity));
        }
    }

    private static Style StyleOf(Severity severity) => severity switch
    {
        Severity.Error => new Style(Color.Red),
        Severity.Warning => new Style(Color.Yellow),
        _ => Style.Plain,
    };

    // Text is never taken for markup.
    private static void Line(IAnsiConsole console, string text, Style style)
    {
        console.Write(new Text(text, style));
        console.WriteLine();
    }
}
