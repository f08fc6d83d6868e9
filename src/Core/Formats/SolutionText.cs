using System.Text.RegularExpressions;
using System.Xml;

namespace Hardening.Formats;

/// <summary>A project in a solution.</summary>
/// <param name="Path">As written.</param>
/// <param name="Type">What kind of project the solution says it is; empty if it leaves that to the end of the name.</param>
public sealed record SolutionProject(string Path, string Type);

/// <summary>Which projects a solution names (<c>.sln</c> and <c>.slnx</c>). Whatever the end of a name, MSBuild builds them.</summary>
public static partial class SolutionText
{
    /// <summary>The projects, in the order of the text; up to where it is no solution.</summary>
    public static IReadOnlyList<SolutionProject> Projects(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().TrimStart().StartsWith("<") ? OfXml(text) : [.. Line().Matches(text).Select(m => new SolutionProject(m.Groups["path"].Value.Trim(), m.Groups["type"].Value.Trim()))];
    }

    private static List<SolutionProject> OfXml(string text)
    {
        var projects = new List<SolutionProject>();
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "Project" && reader.GetAttribute("Path") is { } path)
                {
                    projects.Add(new SolutionProject(path.Trim(), reader.GetAttribute("Type")?.Trim() ?? string.Empty));
                }
            }
        }
        catch (XmlException)
        {
            // MSBuild refuses it.
        }

        return projects;
    }

    // Project("{type}") = "name", "path", "{id}"
    [GeneratedRegex("""^[ \t]*Project\([ \t]*"(?<type>[^"\r\n]*)"[ \t]*\)[ \t]*=[ \t]*"[^"\r\n]*"[ \t]*,[ \t]*"(?<path>[^"\r\n]*)"[ \t]*,""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
