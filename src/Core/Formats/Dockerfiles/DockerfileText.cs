using System.Text.Json;
using System.Text.RegularExpressions;
using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Formats.Dockerfiles;

/// <summary>
/// Reads the images that a Dockerfile names, as BuildKit's Dockerfile frontend does. What BuildKit refuses is a problem, never "no images"; docs/dockerfile.md has the rules.
/// </summary>
public static partial class DockerfileText
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int LargestFile = 1024 * 1024;

    /// <summary>Whether a file is a Dockerfile by its name: <c>Dockerfile</c>, <c>Containerfile</c>, <c>*.Dockerfile</c>, <c>Dockerfile.*</c> and so on, in any case of letters.</summary>
    public static bool IsDockerfile(ReadOnlySpan<char> name)
    {
        if (name.EndsWith(".dockerignore", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".containerignore", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var known in (ReadOnlySpan<string>)["Dockerfile", "Containerfile"])
        {
            if (name.StartsWith(known, StringComparison.OrdinalIgnoreCase) && (name.Length == known.Length || name[known.Length] == '.'))
            {
                return true;
            }

            if (name.Length > known.Length && name[^(known.Length + 1)] == '.' && name.EndsWith(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a file; whatever it holds, there is an answer.</summary>
    /// <param name="file">Full path.</param>
    /// <param name="bytes">Its bytes.</param>
    public static ImageFile Read(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LargestFile)
        {
            return Refused($"The file has {bytes.Length} bytes, and may have {LargestFile}.");
        }

        string text;
        try
        {
            text = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? throw new InvalidDataException("the text is not UTF-8") : SourceText.Decode(bytes);
        }
        catch (InvalidDataException e)
        {
            return Refused($"The file cannot be read: {e.Message}.");
        }

        var source = new SourceText(file, text);
        var lines = DockerfileLines.Read(text);
        var walk = new DockerfileWalk(source, lines);
        walk.Run();
        var frontend = Syntax(source);
        return new ImageFile([.. frontend is null ? [] : new[] { frontend }, .. walk.Images], [.. walk.Problems.Concat(frontend is null ? [] : DockerfileWalk.FaultOf(frontend)).OrderBy(p => p.Line).ThenBy(p => p.Column)]);
    }

    private static ImageFile Refused(string message) => new([], [new ImageProblem(ImageProblemKind.Refused, message, 1, 1)]);

    // The image that reads the rest of the file: a directive behind # or //, a line #! before it, or a member of a JSON file.
    private static ImageValue? Syntax(SourceText source)
    {
        var text = source.Text;
        var start = text.StartsWith("#!", StringComparison.Ordinal) ? After(text, 0) : 0;
        return Directive(source, start, SharpForm(), "#") ?? Directive(source, start, SlashForm(), "//") ?? Json(source);
    }

    private static ImageValue? Directive(SourceText source, int start, Regex form, string mark)
    {
        var text = source.Text;
        for (var at = start; at < text.Length; at = After(text, at))
        {
            if (string.CompareOrdinal(text, at, mark, 0, mark.Length) != 0)
            {
                return null;
            }

            var end = text.IndexOf('\n', at);
            var match = form.Match(text[at..(end < 0 ? text.Length : end)]);
            if (!match.Success)
            {
                return null;
            }

            if (match.Groups[1].Value.Equals("syntax", StringComparison.OrdinalIgnoreCase))
            {
                var space = match.Groups[2].Value.IndexOf(' ', StringComparison.Ordinal);
                var first = at + match.Groups[2].Index;
                return Value(source, first, first + (space < 0 ? match.Groups[2].Length : space));
            }
        }

        return null;
    }

    private static ImageValue? Json(SourceText source)
    {
        if (!source.Text.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(source.Text);
            var value = json.RootElement.TryGetProperty("syntax", out var syntax) && syntax.ValueKind == JsonValueKind.String ? syntax.GetString()! : string.Empty;
            var at = value.Length == 0 ? -1 : source.Text.IndexOf(value, StringComparison.Ordinal);
            return at < 0 ? null : Value(source, at, at + value.Length);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ImageValue Value(SourceText source, int start, int end)
    {
        var raw = source.Text[start..end];
        var at = raw.IndexOf('@', StringComparison.Ordinal);
        return new ImageValue(ImagePlace.Syntax, raw, source.Span(start, end), raw)
        {
            Pin = new TextEdit(source.Span(at < 0 ? end : start + at, end), at < 0 ? string.Empty : raw[at..], string.Empty),
        };
    }

    private static int After(string text, int at) => text.IndexOf('\n', at) is var end && end < 0 ? text.Length : end + 1;

    [GeneratedRegex(@"\A#[\t\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=[\t\f\r ]*(.+?)[\t\f\r ]*\z")]
    private static partial Regex SharpForm();

    [GeneratedRegex(@"\A//[\t\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=[\t\f\r ]*(.+?)[\t\f\r ]*\z")]
    private static partial Regex SlashForm();
}
