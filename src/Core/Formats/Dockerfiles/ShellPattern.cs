using System.Text;
using System.Text.RegularExpressions;

namespace Hardening.Formats.Dockerfiles;

/// <summary>Patterns in modifiers of variables: <c>*</c> is any letters, <c>?</c> one.</summary>
internal static class ShellPattern
{
    // A name of an image has at most a few hundred letters; each length of a value is tried.
    private const int Longest = 2048;

    /// <summary>Takes away what a pattern covers at one end.</summary>
    /// <exception cref="FormatException">Value or pattern is longer than any name.</exception>
    internal static string Trim(string value, string pattern, bool atStart, bool isLongest)
    {
        Limit(value, pattern);
        var regex = new Regex($@"\A(?:{Convert(pattern)})\z", RegexOptions.NonBacktracking | RegexOptions.Singleline);
        for (var i = 0; i <= value.Length; i++)
        {
            var length = isLongest ? value.Length - i : i;
            if (regex.IsMatch(atStart ? value.AsSpan(0, length) : value.AsSpan(value.Length - length)))
            {
                return atStart ? value[length..] : value[..^length];
            }
        }

        return value;
    }

    /// <summary>Puts a text in place of the first thing that a pattern covers, or of all.</summary>
    /// <exception cref="FormatException">Value or pattern is longer than any name.</exception>
    internal static string Replace(string value, string pattern, string replacement, bool all)
    {
        Limit(value, pattern);
        return pattern.Length == 0 ? value : new Regex(Convert(pattern), RegexOptions.NonBacktracking | RegexOptions.Singleline).Replace(value, _ => replacement, all ? -1 : 1);
    }

    private static void Limit(string value, string pattern)
    {
        if (value.Length > Longest || pattern.Length > Longest)
        {
            throw new FormatException($"matches a pattern against more than {Longest} letters");
        }
    }

    private static string Convert(string pattern)
    {
        var text = new StringBuilder();
        foreach (var letter in pattern)
        {
            text.Append(letter switch
            {
                '*' => ".*",
                '?' => ".",
                _ => Regex.Escape(letter.ToString()),
            });
        }

        return text.ToString();
    }
}
