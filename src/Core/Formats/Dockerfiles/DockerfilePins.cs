using System.Text.RegularExpressions;
using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Formats.Dockerfiles;

/// <summary>Finds where a digest is to be written so that an image is pinned and nothing else changes: beside its name, or in the default of the one ARG that gives it.</summary>
internal sealed partial class DockerfilePins(SourceText source, char escape)
{
    private readonly Dictionary<ImageValue, Site> sites = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> mentions = new(StringComparer.Ordinal);
    private readonly HashSet<string> redeclared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> images = new(StringComparer.Ordinal);

    /// <summary>Where a digest is to be written, or why nowhere.</summary>
    /// <param name="Pin">The edit; null if there is none.</param>
    /// <param name="Obstacle">Why there is none.</param>
    /// <param name="Arguments">The arguments whose defaults the edit changes.</param>
    internal sealed record Site(TextEdit? Pin, string Obstacle, IReadOnlyList<string> Arguments);

    /// <summary>Remembers where an image is to be pinned.</summary>
    internal void Add(ImageValue image, Site site)
    {
        sites[image] = site;
        foreach (var argument in site.Arguments)
        {
            var known = images.TryGetValue(argument, out var set) ? set : images[argument] = new(StringComparer.Ordinal);
            known.Add(image.Value);
        }
    }

    /// <summary>A stage declares an argument of this name, and may use its default for anything.</summary>
    internal void Redeclared(string name) => redeclared.Add(name);

    /// <summary>A text uses variables where a digest may do harm.</summary>
    internal void Mentions(string text)
    {
        foreach (Match match in AnyVariable().Matches(text))
        {
            mentions[match.Groups[1].Value] = mentions.GetValueOrDefault(match.Groups[1].Value) + 1;
        }
    }

    /// <summary>The image with its place to pin, once the whole file is known.</summary>
    internal ImageValue Complete(ImageValue image)
    {
        if (!sites.TryGetValue(image, out var site))
        {
            return image;
        }

        // Each argument of a chain but the first is mentioned once, by the one before it.
        for (var i = 0; i < site.Arguments.Count; i++)
        {
            var name = site.Arguments[i];
            if (redeclared.Contains(name) || images[name].Count > 1 || mentions.GetValueOrDefault(name) > (i == 0 ? 0 : 1))
            {
                return image with { Obstacle = $"is built from the argument {name}, which is used elsewhere too" };
            }
        }

        return image with { Pin = site.Pin, Obstacle = site.Obstacle };
    }

    /// <summary>Of a value that is written as it counts.</summary>
    internal Site OfLiteral(LogicalLine line, int start, int end, string value)
    {
        var (first, last) = line.SourceOf(start, end);
        return source.Text.AsSpan(first, last - first).SequenceEqual(value) ? At(first, value) : Without("is written with quotes or escapes, or on several lines");
    }

    /// <summary>Of the name of a base image.</summary>
    internal Site OfBase(LogicalLine line, int start, int end, string value, IReadOnlyDictionary<string, DockerfileArgument> arguments, Func<string, bool> isPlatform)
    {
        var (first, last) = line.SourceOf(start, end);
        var raw = source.Text[first..last];
        if (raw.Length != end - start || Inner(raw) is not { } inner)
        {
            Mentions(line.Text[start..end]);
            return Without(raw.Length != end - start ? "is written on several lines" : "is written with quotes or escapes inside");
        }

        var text = raw[inner.Start..inner.End];
        var variables = AnyVariable().Matches(text);
        if (variables.Count == 0 && !text.Contains('$', StringComparison.Ordinal))
        {
            return At(first + inner.Start, value);
        }

        if (SingleVariable().Match(text) is not { Success: true } single)
        {
            Mentions(text);
            return Without(variables.Count > 1 ? $"is built from the variables {string.Join(" and ", variables.Select(v => v.Groups[1].Value))}" : "is built from a variable with a modifier");
        }

        var (prefix, name, suffix) = (single.Groups[1].Value, single.Groups[2].Value.Trim('{', '}'), single.Groups[3].Value);
        if (isPlatform(name))
        {
            return Without($"depends on the platform by {name}");
        }

        if (suffix.Length > 0)
        {
            Mentions(text);
            return At(first + inner.Start + text.Length - suffix.Length, suffix);
        }

        if (prefix.Length > 0 && prefix[^1] is not (':' or '@'))
        {
            Mentions(text);
            return Without($"is built from the argument {name} and more");
        }

        return InDefault(name, isDigest: prefix.EndsWith('@'), arguments);
    }

    // Where the default is another argument's, that one's default, and so on.
    private Site InDefault(string name, bool isDigest, IReadOnlyDictionary<string, DockerfileArgument> arguments)
    {
        var chain = new List<string>();
        while (arguments.GetValueOrDefault(name) is { Value: not null } argument && !chain.Contains(name))
        {
            chain.Add(name);
            if (argument.End - argument.Start != argument.Raw.Length || Inner(argument.Raw) is not { } inner)
            {
                break;
            }

            var text = argument.Raw[inner.Start..inner.End];
            if (!text.Contains('$', StringComparison.Ordinal))
            {
                var at = argument.Start + inner.Start;
                return isDigest ? new Site(new TextEdit(source.Span(at, at + text.Length), text, string.Empty), string.Empty, chain) : At(at, text) with { Arguments = chain };
            }

            if (WholeVariable().Match(text) is not { Success: true } whole)
            {
                break;
            }

            name = whole.Groups[1].Value.Trim('{', '}');
        }

        return Without($"is built from the argument {name}, whose default is not written in one piece");
    }

    private Site At(int start, string literal)
    {
        var at = literal.IndexOf('@', StringComparison.Ordinal);
        var end = start + literal.Length;
        return new Site(new TextEdit(source.Span(at < 0 ? end : start + at, end), at < 0 ? string.Empty : literal[at..], string.Empty), string.Empty, []);
    }

    private static Site Without(string obstacle) => new(null, obstacle, []);

    // What stands between quotes that enclose the whole, or the whole; null where quotes or escapes stand inside.
    private (int Start, int End)? Inner(string raw)
    {
        var isQuoted = raw.Length >= 2 && raw[0] is '"' or '\'' && raw[^1] == raw[0];
        var (start, end) = isQuoted ? (1, raw.Length - 1) : (0, raw.Length);
        var text = raw.AsSpan(start, end - start);
        return text.ContainsAny('"', '\'', escape) || (isQuoted && raw[0] == '\'' && text.Contains('$')) ? null : (start, end);
    }

    [GeneratedRegex(@"\$\{?([A-Za-z_][A-Za-z0-9_]*)", RegexOptions.NonBacktracking)]
    private static partial Regex AnyVariable();

    [GeneratedRegex(@"\A([^$]*)\$([A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\})([^$]*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex SingleVariable();

    [GeneratedRegex(@"\A\$([A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\})\z", RegexOptions.NonBacktracking)]
    private static partial Regex WholeVariable();
}
