using System.Text;

namespace Hardening.Formats.Dockerfiles;

/// <summary>Expands the variables of a word and takes quotes and escapes away, as BuildKit's own small shell does.</summary>
internal sealed class ShellWord
{
    /// <summary>The longest text that an expansion may come to, in UTF-16 units.</summary>
    internal const int Longest = 64 * 1024;

    private const int Deepest = 32;

    private readonly string word;
    private readonly char escape;
    private readonly Func<string, string?> valueOf;
    private readonly List<string> missing = [];
    private int at;
    private int depth;

    private ShellWord(string word, char escape, Func<string, string?> valueOf)
    {
        this.word = word;
        this.escape = escape;
        this.valueOf = valueOf;
    }

    /// <summary>Expands a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="escape">The escape letter.</param>
    /// <param name="valueOf">The value of a variable; null if it has none.</param>
    /// <param name="missing">The variables without a value that the result depends on.</param>
    /// <exception cref="FormatException">BuildKit refuses the word; the message says why, as the end of a sentence.</exception>
    internal static string Expand(string word, char escape, Func<string, string?> valueOf, out IReadOnlyList<string> missing)
    {
        var shell = new ShellWord(word, escape, valueOf);
        var text = shell.Until('\0');
        missing = shell.missing;
        return text;
    }

    private string Until(char stop)
    {
        if (++depth > Deepest)
        {
            throw new FormatException($"has variables in variables more than {Deepest} deep");
        }

        var text = new StringBuilder();
        while (at < word.Length)
        {
            var c = word[at];
            if (c == stop && stop != '\0')
            {
                at++;
                depth--;
                return text.ToString();
            }

            switch (c)
            {
                case '\'':
                    Append(text, Single());
                    break;
                case '"':
                    Double(text);
                    break;
                case '$':
                    Append(text, Dollar());
                    break;
                default:
                    at++;
                    if (c == escape)
                    {
                        // Alone at the end it stands for nothing.
                        if (at < word.Length)
                        {
                            text.Append(word[at++]);
                        }
                    }
                    else
                    {
                        text.Append(c);
                    }

                    break;
            }
        }

        if (stop != '\0')
        {
            throw new FormatException($"lacks a `{stop}`");
        }

        depth--;
        return text.ToString();
    }

    private string Single()
    {
        var end = word.IndexOf('\'', at + 1);
        if (end < 0)
        {
            throw new FormatException("has a quote without an end");
        }

        var text = word[(at + 1)..end];
        at = end + 1;
        return text;
    }

    private void Double(StringBuilder text)
    {
        at++;
        while (at < word.Length)
        {
            var c = word[at];
            switch (c)
            {
                case '"':
                    at++;
                    return;
                case '$':
                    Append(text, Dollar());
                    break;
                default:
                    at++;
                    if (c == escape && at < word.Length && (word[at] is '"' or '$' || word[at] == escape))
                    {
                        c = word[at++];
                    }

                    text.Append(c);
                    break;
            }
        }

        throw new FormatException("has a quote without an end");
    }

    private string Dollar()
    {
        at++;
        if (at == word.Length || word[at] != '{')
        {
            var bare = Name();
            return bare.Length == 0 ? "$" : Plain(bare);
        }

        at++;
        var name = Name();
        if (name.Length == 0 || at == word.Length)
        {
            throw new FormatException("has `${` without a name or an end");
        }

        var c = word[at++];
        return c switch
        {
            '}' => Plain(name),
            ':' when at < word.Length => Conditional(name, word[at++], emptyCounts: false),
            '+' or '-' or '?' => Conditional(name, c, emptyCounts: true),
            '#' or '%' => Trimmed(name, c),
            '/' => Replaced(name),
            _ => throw new FormatException($"has a modifier behind {name} that BuildKit does not know"),
        };
    }

    private string Plain(string name)
    {
        if (valueOf(name) is { } value)
        {
            return value;
        }

        missing.Add(name);
        return string.Empty;
    }

    private string Conditional(string name, char modifier, bool emptyCounts)
    {
        var known = missing.Count;
        var text = Until('}');
        var value = valueOf(name);
        var isSet = value is not null && (emptyCounts || value.Length > 0);
        if (modifier == '?' && !isSet)
        {
            throw new FormatException($"needs the variable {name}");
        }

        var takesText = modifier switch
        {
            '-' => !isSet,
            '+' => isSet,
            '?' => false,
            _ => throw new FormatException($"has a modifier behind {name} that BuildKit does not know"),
        };
        if (!takesText)
        {
            missing.RemoveRange(known, missing.Count - known);
        }

        return takesText ? text : modifier == '+' ? string.Empty : value ?? string.Empty;
    }

    private string Trimmed(string name, char end)
    {
        var isLongest = at < word.Length && word[at] == end;
        at += isLongest ? 1 : 0;
        var pattern = Literally('}');
        return ShellPattern.Trim(Plain(name), pattern, atStart: end == '#', isLongest);
    }

    private string Replaced(string name)
    {
        var all = at < word.Length && word[at] == '/';
        at += all ? 1 : 0;
        var pattern = Literally('/');
        var replacement = Literally('}');
        return ShellPattern.Replace(Plain(name), pattern, replacement, all);
    }

    // Which escapes and quotes of a pattern are kept differs between versions of BuildKit, and so does what it covers then.
    private string Literally(char stop)
    {
        var start = at;
        var text = Until(stop);
        return word.AsSpan(start, at - start).ContainsAny('\\', '\'', '"') || word.AsSpan(start, at - start).Contains(escape)
            ? throw new FormatException("has an escape or a quote in a pattern, which is not evaluated")
            : text;
    }

    private string Name()
    {
        var start = at;
        if (at < word.Length && char.IsAsciiDigit(word[at]))
        {
            while (at < word.Length && char.IsAsciiDigit(word[at]))
            {
                at++;
            }
        }
        else
        {
            while (at < word.Length && (char.IsLetterOrDigit(word[at]) || word[at] == '_'))
            {
                at++;
            }
        }

        return word[start..at];
    }

    private static void Append(StringBuilder text, string more)
    {
        if (text.Length + more.Length > Longest)
        {
            throw new FormatException($"comes to more than {Longest} letters");
        }

        text.Append(more);
    }
}
