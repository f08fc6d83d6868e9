using System.Text.RegularExpressions;

namespace Hardening.Formats.Dockerfiles;

/// <summary>
/// Cuts a Dockerfile into instructions as BuildKit's parser does: directives first, then lines joined where the escape letter ends them, comments and empty lines
/// left out, and what heredocs hold taken away.
/// </summary>
internal sealed partial class DockerfileLines
{
    private static readonly string[] Directives = ["escape", "syntax", "check"];

    private readonly string text;
    private readonly List<LogicalLine> lines = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private int at;
    private int number;
    private bool isPastDirectives;

    private DockerfileLines(string text) => this.text = text;

    /// <summary>The letter that continues a line and takes the meaning of the next one.</summary>
    internal char Escape { get; private set; } = '\\';

    /// <summary>The instructions in the order of the text.</summary>
    internal IReadOnlyList<LogicalLine> Lines => lines;

    /// <summary>Why the file was not read to its end, and on which line; null if it was.</summary>
    internal (string Message, int Line)? Problem { get; private set; }

    internal static DockerfileLines Read(string text)
    {
        var all = new DockerfileLines(text);
        all.Read();
        return all;
    }

    private void Read()
    {
        while (Problem is null && Next() is { } raw)
        {
            var (start, end) = (Skip(raw.Start, raw.End), raw.End);
            Directive(text.AsSpan(start, end - start));
            if (start == end || text[start] == '#')
            {
                continue;
            }

            Instruction(start, end);
        }
    }

    private void Instruction(int start, int end)
    {
        var line = new LogicalLine(number);
        var isContinued = Continues(start, ref end);
        line.Add(text, start, end);
        while (isContinued && Next() is { } next)
        {
            var first = Skip(next.Start, next.End);
            if (first == next.End || text[first] == '#')
            {
                continue;
            }

            var last = next.End;
            isContinued = Continues(next.Start, ref last);
            line.Add(text, next.Start, last);
        }

        if (line.Text.AsSpan().Trim().IsEmpty)
        {
            return;
        }

        lines.Add(line);
        if (line.Text.Contains("<<", StringComparison.Ordinal) && DockerfileHeredocs.MayHave(line.Text))
        {
            var heredocs = DockerfileHeredocs.Of(line.Text);
            if (DockerfileHeredocs.FaultOf(line.Text, heredocs) is { } fault)
            {
                Problem = (fault, line.Line);
                return;
            }

            foreach (var heredoc in heredocs)
            {
                SkipHeredoc(heredoc, line.Line);
            }
        }
    }

    private void SkipHeredoc((string Name, bool IsChomped) heredoc, int line)
    {
        while (Next() is { } next)
        {
            var body = text.AsSpan(next.Start, next.End - next.Start);
            if ((heredoc.IsChomped ? body.TrimStart('\t') : body).SequenceEqual(heredoc.Name))
            {
                return;
            }
        }

        Problem ??= ($"the heredoc {heredoc.Name} has no end", line);
    }

    // A line ends with LF; CRs before it belong to no line.
    private (int Start, int End)? Next()
    {
        if (at >= text.Length)
        {
            return null;
        }

        number++;
        var start = at;
        var newLine = text.IndexOf('\n', at);
        var end = newLine < 0 ? text.Length : newLine;
        at = newLine < 0 ? text.Length : newLine + 1;
        while (end > start && text[end - 1] == '\r')
        {
            end--;
        }

        return (start, end);
    }

    private int Skip(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        return start;
    }

    // Escape, spaces and tabs at the end, if the letter before is not the escape letter too.
    private bool Continues(int start, ref int end)
    {
        var last = end;
        while (last > start && text[last - 1] is ' ' or '\t')
        {
            last--;
        }

        if (last == start || text[last - 1] != Escape || (last - 1 > start && text[last - 2] == Escape))
        {
            return false;
        }

        end = last - 1;
        return true;
    }

    private void Directive(ReadOnlySpan<char> line)
    {
        if (isPastDirectives)
        {
            return;
        }

        var match = line.Length > 0 && line[0] == '#' ? DirectiveForm().Match(line.ToString()) : Match.Empty;
        if (!match.Success)
        {
            isPastDirectives = true;
            return;
        }

        var key = match.Groups[1].Value.ToLowerInvariant();
        if (!Directives.Contains(key))
        {
            isPastDirectives = true;
            return;
        }

        if (!seen.Add(key))
        {
            Problem = ($"the directive {key} stands twice", number);
        }
        else if (key == "escape")
        {
            if (match.Groups[2].Value is not ("\\" or "`"))
            {
                Problem = ("the directive escape names neither \\ nor `", number);
                return;
            }

            Escape = match.Groups[2].Value[0];
        }
    }

    [GeneratedRegex(@"\A#[\t\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=[\t\f\r ]*(.+?)[\t\f\r ]*\z")]
    private static partial Regex DirectiveForm();
}
