using System.Text;

namespace Hardening.Formats.Dockerfiles;

/// <summary>A flag in front of an instruction's arguments.</summary>
/// <param name="Text">The flag without quotes and escapes, as in <c>--from=nginx:1.25</c>.</param>
/// <param name="Places">The place in the line of each letter of it.</param>
internal sealed record DockerfileFlag(string Text, IReadOnlyList<int> Places)
{
    /// <summary>The name behind the dashes.</summary>
    internal string Name => Text.IndexOf('=', StringComparison.Ordinal) is var at && at < 0 ? Text[2..] : Text[2..at];

    /// <summary>Where its value begins in <see cref="Text"/>.</summary>
    internal int ValueStart => Text.IndexOf('=', StringComparison.Ordinal) is var at && at < 0 ? Text.Length : at + 1;

    /// <summary>The value.</summary>
    internal string Value => Text[ValueStart..];
}

/// <summary>Cuts the line of an instruction into words, as BuildKit's parser does.</summary>
internal static class DockerfileWords
{
    /// <summary>The letters between words.</summary>
    internal static bool IsSpace(char c) => c is ' ' or '\t' or '\v' or '\f' or '\r';

    /// <summary>The first word.</summary>
    internal static ReadOnlySpan<char> First(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && !IsSpace(text[end]))
        {
            end++;
        }

        return text[..end];
    }

    /// <summary>The words between spaces, with their quotes: start and end in the text.</summary>
    internal static List<(int Start, int End)> Plain(string text, int start)
    {
        var words = new List<(int, int)>();
        for (var i = start; i < text.Length;)
        {
            if (IsSpace(text[i]))
            {
                i++;
                continue;
            }

            var first = i;
            while (i < text.Length && !IsSpace(text[i]))
            {
                i++;
            }

            words.Add((first, i));
        }

        return words;
    }

    /// <summary>The words between spaces that stand in no quotes, with their quotes and escapes.</summary>
    internal static List<(int Start, int End)> Quoted(string text, int start, char escape)
    {
        var words = new List<(int, int)>();
        var first = -1;
        char quote = '\0';
        for (var i = start; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (first >= 0)
                {
                    words.Add((first, i));
                    first = -1;
                }

                continue;
            }

            first = first < 0 ? i : first;
            if (quote != '\0' && c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == escape && quote != '\'')
            {
                i++;
            }
        }

        if (first >= 0)
        {
            words.Add((first, text.Length));
        }

        return words;
    }

    /// <summary>The flags at the beginning, and where the rest begins. Of flags quotes and backslashes are taken away, whatever the escape letter is.</summary>
    internal static (IReadOnlyList<DockerfileFlag> Flags, int End) Flags(string text, int start = 0)
    {
        var flags = new List<DockerfileFlag>();
        var at = start;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at + 1 >= text.Length || text[at] != '-' || text[at + 1] != '-')
            {
                return (flags, at);
            }

            var flag = Flag(text, ref at);
            if (flag.Text == "--")
            {
                return (flags, at);
            }

            flags.Add(flag);
        }
    }

    private static DockerfileFlag Flag(string text, ref int at)
    {
        var word = new StringBuilder();
        var places = new List<int>();
        char quote = '\0';
        for (; at < text.Length && (quote != '\0' || !char.IsWhiteSpace(text[at])); at++)
        {
            var c = text[at];
            if (quote == '\0' && c is '\'' or '"')
            {
                quote = c;
                continue;
            }

            if (c == quote)
            {
                quote = '\0';
                continue;
            }

            if (c == '\\')
            {
                if (at + 1 == text.Length)
                {
                    continue;
                }

                c = text[++at];
            }

            word.Append(c);
            places.Add(at);
        }

        return new DockerfileFlag(word.ToString(), places);
    }

    /// <summary>The fields of a value with commas (RFC 4180): start and end in the value of what stands in each, without its quotes; null where quotes are wrong.</summary>
    internal static List<(int Start, int End)>? Fields(string value)
    {
        var fields = new List<(int, int)>();
        for (var i = 0; ;)
        {
            if (i < value.Length && value[i] == '"')
            {
                var end = value.IndexOf('"', i + 1);
                if (end < 0 || (end + 1 < value.Length && value[end + 1] != ','))
                {
                    return null;
                }

                fields.Add((i + 1, end));
                i = end + 1;
            }
            else
            {
                var comma = value.IndexOf(',', i);
                var end = comma < 0 ? value.Length : comma;
                if (value.AsSpan(i, end - i).Contains('"'))
                {
                    return null;
                }

                fields.Add((i, end));
                i = end;
            }

            if (i >= value.Length)
            {
                return fields;
            }

            i++;
        }
    }
}
