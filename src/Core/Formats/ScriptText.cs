using Hardening.Inputs;

namespace Hardening.Formats;

/// <summary>
/// The directives at the top of a file-based app (https://learn.microsoft.com/dotnet/core/sdk/file-based-apps): <c>#:sdk</c> and <c>#:package</c>,
/// each with <c>name@version</c>. They stand before the first token of C#.
/// </summary>
public static class ScriptText
{
    private const string Directive = "#:";

    /// <summary>How much of a file is looked at, in bytes: directives and comments that are longer are none of a person's.</summary>
    public const int Head = 64 * 1024;

    /// <summary>Whether the text is a file-based app: it begins with <c>#!</c> or has a directive.</summary>
    public static bool IsScript(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("#!", StringComparison.Ordinal) || Directives(text).Any();
    }

    /// <summary>The SDKs and packages that the directives name.</summary>
    public static IReadOnlyList<InputReference> References(SourceText source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var references = new List<InputReference>();
        foreach (var (start, end) in Directives(source.Text))
        {
            var line = source.Text[start..end];
            var kind = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
            if (kind.Length < 2 || kind[0] is not ("sdk" or "package"))
            {
                continue;
            }

            var text = kind[1].Trim();
            var at = text.IndexOf('@', StringComparison.Ordinal);
            var name = (at < 0 ? text : text[..at]).Trim();
            var offset = start + line.IndexOf(name, kind[0].Length, StringComparison.Ordinal);
            references.Add(new InputReference(
                kind[0] == "sdk" ? InputKind.MSBuildSdk : InputKind.Package, name, at < 0 ? string.Empty : text[(at + 1)..].Trim(), source.Span(offset, offset + name.Length), name));
        }

        return references;
    }

    /// <summary>The names of the properties that <c>#:property name=value</c> sets.</summary>
    public static IEnumerable<string> Properties(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Directives(text).Select(d => text[d.Start..d.End].Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries))
            .Where(d => d is ["property", _]).Select(d => d[1].Split('=')[0].Trim());
    }

    // Offsets of what follows "#:" up to the end of its line.
    private static IEnumerable<(int Start, int End)> Directives(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var rest = text.AsSpan(i);
            var length = rest.IndexOfAny("\r\n\u0085\u2028\u2029");
            var end = length < 0 ? text.Length : i + length;
            // To C# these two are white space as well.
            if (char.IsWhiteSpace(text[i]) || text[i] is '\u001A' or '\uFEFF')
            {
                i++;
            }
            else if (rest.StartsWith("/*"))
            {
                var close = text.IndexOf("*/", i + 2, StringComparison.Ordinal);
                i = close < 0 ? text.Length : close + 2;
            }
            else if (rest.StartsWith(Directive))
            {
                yield return (i + Directive.Length, end);
                i = end;
            }
            else if (rest[0] == '#' || rest.StartsWith("//"))
            {
                i = end;
            }
            else
            {
                yield break;
            }
        }
    }
}
