namespace Hardening.Formats.Yaml;

/// <summary>
/// Where readers of YAML disagree, the versions of one library among them: the one that verifies and the one that runs could then see different texts. What
/// is told here was found by comparing them on some millions of texts.
/// </summary>
internal static class YamlReaders
{
    /// <summary>Whether all of them end the name of an anchor at the same place.</summary>
    internal static bool IsName(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>
    /// Whether a text without quotes is one to some of them and a key, or nothing, to others: after a colon that is no sign to all of them, with a colon or a hash
    /// inside that is a sign to some, or in brackets with a question mark before it.
    /// </summary>
    /// <param name="scalar">The text.</param>
    /// <param name="source">What it was read from.</param>
    internal static bool IsDisputed(YamlScalar scalar, string source) =>
        scalar.IsPlain && scalar.Value.Length > 0
        && ((scalar.IsInFlow && scalar.Value[0] == '?') || !IsAsWritten(scalar.Value, source.AsSpan(scalar.Start, Math.Min(scalar.End, source.Length) - scalar.Start)) || HasSign(scalar.Value));

    // A colon before a text is left out by some. A text of several lines is folded, so only its beginning can be compared.
    private static bool IsAsWritten(string value, ReadOnlySpan<char> written)
    {
        if (char.IsWhiteSpace(value[0]))
        {
            return false;
        }

        if (!written.ContainsAny('\r', '\n'))
        {
            return written.EndsWith(value) && (written.Length == value.Length || char.IsWhiteSpace(written[^(value.Length + 1)]));
        }

        var line = value.AsSpan(0, value.AsSpan().IndexOfAny(' ', '\n') is >= 0 and var end ? end : value.Length);
        var at = written.IndexOf(line);
        return at == 0 || (at > 0 && char.IsWhiteSpace(written[at - 1]));
    }

    private static bool HasSign(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if ((value[i] == ':' && (i + 1 == value.Length || char.IsWhiteSpace(value[i + 1]))) || (value[i] == '#' && i > 0 && char.IsWhiteSpace(value[i - 1])))
            {
                return true;
            }
        }

        return false;
    }
}
