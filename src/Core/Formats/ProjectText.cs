using System.Xml;
using Hardening.Inputs;

namespace Hardening.Formats;

/// <summary>A value in a project file, with where it stands.</summary>
/// <param name="Value">The value as written, entities resolved, properties not expanded.</param>
/// <param name="Span">Where it stands.</param>
public readonly record struct ProjectValue(string Value, SourceSpan Span);

/// <summary>An Import element.</summary>
/// <param name="Project">What is imported, as written.</param>
/// <param name="Sdk">The SDK that it is imported from; empty if none.</param>
/// <param name="Condition">Its condition, together with those of the elements around it by <c>and</c>; empty if there is none.</param>
public sealed record ProjectImport(ProjectValue Project, string Sdk, string Condition);

/// <summary>A property that a project file sets.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record ProjectProperty(string Name, ProjectValue Value);

/// <summary>A name of an SDK or a package in a project file.</summary>
/// <param name="Reference">The name, the version as written and the place.</param>
/// <param name="Condition">See <see cref="ProjectImport"/>.</param>
public sealed record ProjectReference(InputReference Reference, string Condition)
{
    /// <summary>Whether it stands at an Import element, which takes one file of the SDK and not the whole.</summary>
    public bool IsImport { get; init; }
}

/// <summary>
/// What the text of an MSBuild file says of SDKs, imports and properties (MSBuild's schema: "Project element", "Sdk element", "Import element").
/// Nothing is evaluated.
/// </summary>
public sealed class ProjectText
{
    private const int Deepest = 256;

    private readonly List<ProjectReference> sdks = [];
    private readonly List<ProjectImport> imports = [];
    private readonly List<ProjectProperty> properties = [];
    private readonly List<ProjectReference> packages = [];

    private ProjectText(SourceText text) => Text = text;

    /// <summary>The text.</summary>
    public SourceText Text { get; }

    /// <summary>Names of SDKs: of the Project element's attribute, of Sdk and of Import elements.</summary>
    public IReadOnlyList<ProjectReference> Sdks => sdks;

    /// <summary>Import elements with a project.</summary>
    public IReadOnlyList<ProjectImport> Imports => imports;

    /// <summary>Properties set outside of targets.</summary>
    public IReadOnlyList<ProjectProperty> Properties => properties;

    /// <summary>PackageReference items outside of targets.</summary>
    public IReadOnlyList<ProjectReference> Packages => packages;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">Not XML; the message has line and column.</exception>
    /// <exception cref="IOException">Not readable, or too large.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static ProjectText Read(string file) => Parse(SourceText.Read(file));

    /// <summary>Reads a text.</summary>
    /// <exception cref="InvalidDataException">Not XML; the message has line and column.</exception>
    public static ProjectText Parse(SourceText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var project = new ProjectText(text);
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };
            using var reader = XmlReader.Create(new StringReader(text.Text), settings);
            project.Walk(reader);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }

        return project;
    }

    private void Walk(XmlReader reader)
    {
        var path = new Stack<(string Name, string Condition)>();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement)
            {
                path.Pop();
                continue;
            }

            if (reader.NodeType != XmlNodeType.Element)
            {
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && path.Count >= 3 && path.ElementAt(1).Name == "PropertyGroup" && !IsInTarget(path))
                {
                    var (line, column) = Position(reader);
                    var start = Text.Offset(line, column);
                    properties.Add(new ProjectProperty(path.Peek().Name, new ProjectValue(reader.Value.Trim(), Text.Span(start, start + reader.Value.Length))));
                }

                continue;
            }

            if (path.Count > Deepest)
            {
                throw new InvalidDataException($"elements are nested deeper than {Deepest}");
            }

            var isEmpty = reader.IsEmptyElement;
            var condition = Joined(path.Count > 0 ? path.Peek().Condition : string.Empty, reader.LocalName is "Otherwise" ? "otherwise" : reader.GetAttribute("Condition") ?? string.Empty);
            Element(reader, path, condition);
            if (!isEmpty)
            {
                path.Push((reader.LocalName, condition));
            }
        }
    }

    private void Element(XmlReader reader, Stack<(string Name, string Condition)> path, string condition)
    {
        var name = reader.LocalName;
        if (path.Count == 0)
        {
            SdksOfProject(reader);
            return;
        }

        var isInTarget = IsInTarget(path);
        switch (name)
        {
            case "Sdk" when path.Count == 1:
                if (Attribute(reader, "Name") is { } sdk)
                {
                    Add(sdk, reader.GetAttribute("Version") ?? reader.GetAttribute("MinimumVersion") ?? string.Empty, condition);
                }

                break;
            case "Import" when !isInTarget:
                if (Attribute(reader, "Sdk") is { } from)
                {
                    Add(from, reader.GetAttribute("Version") ?? reader.GetAttribute("MinimumVersion") ?? string.Empty, condition, isImport: true);
                }

                if (Attribute(reader, "Project") is { } project)
                {
                    imports.Add(new ProjectImport(project, reader.GetAttribute("Sdk") ?? string.Empty, condition));
                }

                break;
            case "PackageReference" or "GlobalPackageReference" when !isInTarget && path.Peek().Name == "ItemGroup":
                if ((Attribute(reader, "Include") ?? Attribute(reader, "Update")) is { } package)
                {
                    packages.Add(new ProjectReference(new InputReference(InputKind.Package, package.Value, reader.GetAttribute("Version") ?? string.Empty, package.Span, Raw(package.Span)), condition));
                }

                break;
        }

        if (path.Peek().Name == "PropertyGroup" && !isInTarget && reader.IsEmptyElement)
        {
            var (line, column) = Position(reader);
            var start = Text.Offset(line, column);
            properties.Add(new ProjectProperty(name, new ProjectValue(string.Empty, Text.Span(start, start + reader.Name.Length))));
        }
    }

    private void SdksOfProject(XmlReader reader)
    {
        if (Attribute(reader, "Sdk") is not { } attribute)
        {
            return;
        }

        // "Name", "Name/Version" or "Name/min=Version", separated by semicolons.
        var raw = Raw(attribute.Span);
        var offset = 0;
        foreach (var part in attribute.Value.Split(';'))
        {
            var trimmed = part.Trim();
            if (trimmed.Length > 0)
            {
                var slash = trimmed.IndexOf('/', StringComparison.Ordinal);
                var version = slash < 0 ? string.Empty : trimmed[(slash + 1)..].Trim();
                version = version.StartsWith("min=", StringComparison.OrdinalIgnoreCase) ? version["min=".Length..] : version;
                var id = slash < 0 ? trimmed : trimmed[..slash].Trim();
                var at = raw.IndexOf(id, Math.Min(offset, raw.Length), StringComparison.Ordinal);
                var span = at < 0 ? attribute.Span : Text.Span(attribute.Span.Start + at, attribute.Span.Start + at + id.Length);
                sdks.Add(new ProjectReference(new InputReference(InputKind.MSBuildSdk, id, version, span, Raw(span)), string.Empty));
            }

            offset += part.Length + 1;
        }
    }

    private void Add(ProjectValue name, string version, string condition, bool isImport = false) =>
        sdks.Add(new ProjectReference(new InputReference(InputKind.MSBuildSdk, name.Value.Trim(), version.Trim(), name.Span, Raw(name.Span)), condition) { IsImport = isImport });

    private string Raw(SourceSpan span) => Text.Text[span.Start..span.End];

    private ProjectValue? Attribute(XmlReader reader, string name)
    {
        if (!reader.MoveToAttribute(name))
        {
            return null;
        }

        var (line, column) = Position(reader);
        var value = reader.Value;
        var length = reader.Name.Length;
        reader.MoveToElement();

        // name = "value"
        var text = Text.Text.AsSpan();
        var start = Text.Offset(line, column) + length;
        var quote = text[start..].IndexOfAny('"', '\'') + start;
        var end = text[(quote + 1)..].IndexOf(text[quote]) + quote + 1;
        return new ProjectValue(value, Text.Span(quote + 1, end));
    }

    private static (int Line, int Column) Position(XmlReader reader)
    {
        var info = (IXmlLineInfo)reader;
        return (info.LineNumber, info.LinePosition);
    }

    // What stands in a target is no evaluation: an ItemGroup or PropertyGroup there has its effect only when the target runs.
    private static bool IsInTarget(Stack<(string Name, string Condition)> path) => path.Any(p => p.Name is "Target" or "UsingTask" or "ItemDefinitionGroup");

    private static string Joined(string outer, string inner) => outer.Length == 0 ? inner : inner.Length == 0 ? outer : $"({outer}) and ({inner})";
}
