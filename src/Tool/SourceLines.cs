using System.Globalization;
using Hardening.Files;
using Hardening.Formats;
using Hardening.Reporting;
using Spectre.Console;

namespace Hardening.Tool;

/// <summary>The lines of a file, to show where findings are.</summary>
internal sealed class SourceLines
{
    // Kept free before the place, where a line is longer than the terminal is wide.
    private const int Before = 30;
    private const int Narrowest = 20;

    private readonly SourceText? source;

    private SourceLines(SourceText? source) => this.source = source;

    /// <summary>Reads a file; of what is no regular file, or cannot be read, nothing is shown.</summary>
    internal static SourceLines Of(string file)
    {
        try
        {
            return new SourceLines(file.Length > 0 && FileStamp.Of(file) is { IsLink: false, IsDirectory: false } ? SourceText.Read(file) : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // The finding itself says what is wrong.
            return new SourceLines(null);
        }
    }

    /// <summary>A line, and one with a caret below the column; null if there is no such place. Escaped, and no wider than the terminal.</summary>
    /// <param name="line">1-based; 0 if unknown.</param>
    /// <param name="column">1-based, in UTF-16 units; 0 if unknown.</param>
    /// <param name="width">Of the terminal, in cells.</param>
    internal (string Text, string Caret)? Around(int line, int column, int width)
    {
        if (source is null || line < 1 || column < 1 || source.Offset(line, column) is var at && at >= source.Text.Length)
        {
            return null;
        }

        var start = source.Offset(line, 1);
        var length = source.Text.AsSpan(at).IndexOfAny('\r', '\n');
        var end = length < 0 ? source.Text.Length : at + length;
        var margin = string.Create(CultureInfo.InvariantCulture, $"  {line,5} | ");
        var room = Math.Max(Narrowest, width - margin.Length - 1);
        var first = at - start > room / 2 ? Math.Max(start, at - Before) : start;
        var prefix = Shown(source.Text[first..at]);
        var text = Fitting(prefix + Shown(source.Text[at..Math.Min(end, at + room)]), room);
        return (margin + text, new string(' ', margin.Length - 2) + "| " + new string(' ', prefix.GetCellWidth()) + '^');
    }

    // A tab is one column to whoever counts them.
    private static string Shown(string text) => SinkText.ForLog(text.Replace('\t', ' '));

    private static string Fitting(string text, int room)
    {
        while (text.GetCellWidth() > room)
        {
            text = text[..Math.Min(text.Length - 1, room)];
        }

        return text;
    }
}
