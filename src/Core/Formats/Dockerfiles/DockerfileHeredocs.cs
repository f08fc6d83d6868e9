using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hardening.Formats.Dockerfiles;

/// <summary>Finds the heredocs that an instruction opens, as BuildKit does: a whole word of the form <c>3&lt;&lt;-NAME</c>, its name bare or quoted.</summary>
internal static partial class DockerfileHeredocs
{
    private static readonly string[] Instructions = ["RUN", "COPY", "ADD"];

    /// <summary>Whether an instruction may open one: RUN, COPY and ADD that are no JSON, also behind ONBUILD.</summary>
    internal static bool MayHave(string line)
    {
        var rest = line.AsSpan().TrimStart();
        var word = DockerfileWords.First(rest);
        if (word.Equals("ONBUILD", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[word.Length..].TrimStart();
            word = DockerfileWords.First(rest);
        }

        foreach (var instruction in Instructions)
        {
            if (word.Equals(instruction, StringComparison.OrdinalIgnoreCase))
            {
                var flags = DockerfileWords.Flags(rest[word.Length..].ToString());
                return !IsJson(rest[(word.Length + flags.End)..]);
            }
        }

        return false;
    }

    /// <summary>The heredocs in their order: the word that ends each, and whether tabs before it count.</summary>
    internal static IReadOnlyList<(string Name, bool IsChomped)> Of(string line)
    {
        var found = new List<(string, bool)>();
        if (Split(line) is not { } words)
        {
            return found;
        }

        foreach (var word in words)
        {
            if (word.Contains("<<", StringComparison.Ordinal) && Form().Match(word) is { Success: true } match && match.Groups[2].Value is { Length: > 0 } rest && Unquote(rest) is { } name)
            {
                found.Add((name, match.Groups[1].Length > 0));
            }
        }

        return found;
    }

    /// <summary>Why it cannot be said which heredocs a line opens that seems to open some; null if it can.</summary>
    internal static string? FaultOf(string line, IReadOnlyList<(string Name, bool IsChomped)> heredocs)
    {
        if (heredocs.Any(h => !System.Text.Ascii.IsValid(h.Name)))
        {
            return "the name of a heredoc has letters beyond ASCII, which builders compare in different ways";
        }

        // BuildKit sees no heredoc at all on a line with a variable that its own shell does not know, though the real shell may.
        return heredocs.Count > 0 && KnownVariable().Replace(line, string.Empty).Contains("${", StringComparison.Ordinal)
            ? "a heredoc stands beside a `${…}` for which builders may not see it; set a variable in a line of its own before"
            : null;
    }

    private static bool IsJson(ReadOnlySpan<char> rest)
    {
        rest = rest.Trim();
        if (rest.IsEmpty || rest[0] != '[')
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(rest.ToString());
            return json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Words with their quotes; null where a quote has no end.
    private static List<string>? Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                word.Append(c);
                if (c == quote)
                {
                    quote = '\0';
                }
                else if (c == '\\' && quote == '"' && i + 1 < line.Length)
                {
                    word.Append(line[++i]);
                }
            }
            else if (char.IsWhiteSpace(c))
            {
                Flush();
            }
            else
            {
                word.Append(c);
                if (c is '\'' or '"')
                {
                    quote = c;
                }
                else if (c == '\\' && i + 1 < line.Length)
                {
                    word.Append(line[++i]);
                }
            }
        }

        Flush();
        return quote == '\0' ? words : null;

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    // Quotes and escapes taken away.
    private static string? Unquote(string text)
    {
        var name = new StringBuilder();
        char quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else
            {
                name.Append(c == '\\' && quote != '\'' && i + 1 < text.Length ? text[++i] : c);
            }
        }

        return name.Length > 0 ? name.ToString() : null;
    }

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-+][^\s{}$'""\\]*)?\}", RegexOptions.NonBacktracking)]
    private static partial Regex KnownVariable();

    [GeneratedRegex(@"\A\d*<<(-?)([^<]*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
