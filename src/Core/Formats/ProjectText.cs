using System.Text;
using System.Xml;
using Hardening.Files;
using Hardening.Inputs;

namespace Hardening.Formats;

/// <summary>A value in a project file, with where it stands.</summary>
/// <param name="Value">The value as written, entities resolved, properties not expanded. XML in a value is XML, as it is to MSBuild.</param>
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

/// <summary>A name of an SDK in a project file.</summary>
/// <param name="Reference">The name, the version as written and the place.</param>
/// <param name="File">The file of it that an Import element takes; empty where both Sdk.props and Sdk.targets are taken.</param>
/// <param name="Condition">See <see cref="ProjectImport"/>.</param>
public sealed record ProjectSdk(InputReference Reference, string File, string Condition)
{
    /// <summary>Whether its Sdk.props is imported whatever properties are.</summary>
    public bool IsCertain => Condition.Length == 0 && (File.Length == 0 || File.Equals("Sdk.props", StringComparison.OrdinalIgnoreCase));
}

/// <summary>A PackageReference item.</summary>
/// <param name="Reference">The id, the version as written and the place.</param>
/// <param name="IsWhole">Whether it is included without a condition, and nothing of the package is left out by its metadata.</param>
public sealed record ProjectPackage(InputReference Reference, bool IsWhole);

/// <summary>
/// What the text of an MSBuild file says of SDKs, imports and properties (MSBuild's schema: "Project element", "Sdk element", "Import element").
/// Nothing is evaluated.
/// </summary>
public sealed class ProjectText
{
    // What lies deeper is XML within a value: MSBuild permits 50 levels of Choose.
    private const int Deepest = 128;
    private const int LongestCondition = 4096;
    private const string TooLong = "too long";
    private const string AnyPackage = "*";

    private static readonly string[] LeavingOut = ["ExcludeAssets", "IncludeAssets"];

    // Of items, as of properties, the case does not count to MSBuild; of its own elements it does.
    private static readonly string[] PackageItems = ["PackageReference", "GlobalPackageReference"];

    private readonly List<ProjectSdk> sdks = [];
    private readonly List<ProjectImport> imports = [];
    private readonly List<ProjectProperty> properties = [];
    private readonly List<ProjectPackage> packages = [];
    private readonly List<ProjectValue> targets = [];
    private readonly List<ProjectValue> tasks = [];
    private readonly HashSet<string> changed = new(StringComparer.OrdinalIgnoreCase);
    private bool changesAll;

    private ProjectText(SourceText text) => Text = text;

    /// <summary>The text.</summary>
    public SourceText Text { get; }

    /// <summary>Names of SDKs: of the Project element's attribute, of Sdk and of Import elements.</summary>
    public IReadOnlyList<ProjectSdk> Sdks => sdks;

    /// <summary>Import elements with a project.</summary>
    public IReadOnlyList<ProjectImport> Imports => imports;

    /// <summary>Properties set outside of targets.</summary>
    public IReadOnlyList<ProjectProperty> Properties => properties;

    /// <summary>PackageReference items outside of targets.</summary>
    public IReadOnlyList<ProjectPackage> Packages => packages;

    /// <summary>Names of targets, as written: MSBuild takes <c>%48</c> in one for a letter.</summary>
    public IReadOnlyList<ProjectValue> Targets => targets;

    /// <summary>Names of tasks that the file declares in place of others of that name (<c>Override</c>), as written.</summary>
    public IReadOnlyList<ProjectValue> Tasks => tasks;

    /// <summary>Whether the file changes or removes a package that a PackageReference of another file includes.</summary>
    public bool ChangesPackage(string id) => changesAll || changed.Contains(id);

    /// <summary>
    /// Reads a file and takes whatever MSBuild takes: bytes that are no UTF-8 stand for U+FFFD, UTF-16 and UTF-32 are known by their byte order mark, and
    /// an encoding that the XML declares is passed over.
    /// </summary>
    /// <exception cref="InvalidDataException">Not XML; the message has line and column.</exception>
    /// <exception cref="IOException">Not readable, or too large.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static ProjectText Read(string file) => Parse(Decoded(file));

    /// <summary>A text as MSBuild decodes it, see <see cref="Read"/>.</summary>
    /// <exception cref="IOException">Not readable, or too large.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static SourceText Decoded(string file)
    {
        using var reader = new StreamReader(new MemoryStream(AtomicFile.ReadAtMost(file, SourceText.LargestFile), writable: false), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return new SourceText(file, reader.ReadToEnd());
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="InvalidDataException">Not XML; the message has line and column.</exception>
    public static ProjectText Parse(SourceText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var project = new ProjectText(text);
        try
        {
            using var reader = Reader(text);
            project.Walk(reader);
            project.Change();
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }

        // What stands below counts above as well: items come after all properties, and what is defined for them before all items.
        for (var i = 0; i < project.packages.Count; i++)
        {
            var package = project.packages[i];
            project.packages[i] = package with { IsWhole = package.IsWhole && !project.ChangesPackage(package.Reference.Name) };
        }

        return project;
    }

    /// <summary>Reads XML as MSBuild does; what DTDs declare is passed over.</summary>
    internal static XmlReader Reader(SourceText text) => XmlReader.Create(
        new StringReader(text.Text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CheckCharacters = false, IgnoreComments = true, IgnoreProcessingInstructions = true });

    // A package that another item removes or changes is not what it was.
    private void Change()
    {
        for (var i = 0; i < packages.Count && changed.Count > 0; i++)
        {
            packages[i] = packages[i] with { IsWhole = packages[i].IsWhole && !changed.Contains(AnyPackage) && !changed.Contains(packages[i].Reference.Name) };
        }
    }

    private void Walk(XmlReader reader)
    {
        var path = new Stack<(string Name, string Condition)>();
        Property? property = null;
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement)
            {
                path.Pop();
                if (property is not null && path.Count == property.Depth)
                {
                    End(property, Tag(reader));
                    property = null;
                }
            }
            else if (reader.NodeType != XmlNodeType.Element)
            {
                property?.Add(reader);
            }
            else if (path.Count > Deepest)
            {
                if (!reader.IsEmptyElement)
                {
                    path.Push((string.Empty, TooLong));
                }
            }
            else
            {
                property?.Add(reader);
                var condition = Joined(path.Count > 0 ? path.Peek().Condition : string.Empty, reader.LocalName is "Otherwise" ? "otherwise" : reader.GetAttribute("Condition") ?? string.Empty);
                Element(reader, path, condition);
                if (property is null && IsProperty(path))
                {
                    property = new Property(reader.LocalName, path.Count, Tag(reader));
                }

                if (!reader.IsEmptyElement)
                {
                    path.Push((reader.LocalName, condition));
                }
                else if (property is not null && path.Count == property.Depth)
                {
                    End(property, property.Tag);
                    property = null;
                }
            }
        }
    }

    private sealed class Property(string name, int depth, int tag)
    {
        private readonly StringBuilder value = new();
        private int nodes;
        private bool hasData;

        internal string Name => name;

        internal int Depth => depth;

        internal int Tag => tag;

        // Elements in it, or CDATA beside text: MSBuild takes the XML as it is written.
        internal bool IsXml { get; private set; }

        internal string Value => value.ToString();

        internal void Add(XmlReader reader)
        {
            nodes++;
            hasData |= reader.NodeType == XmlNodeType.CDATA;
            IsXml |= reader.NodeType == XmlNodeType.Element || (hasData && nodes > 1);
            value.Append(reader.Value);
        }
    }

    private void End(Property property, int endTag)
    {
        // The place is that of what is written between the tags; of nothing, that of the tag.
        var open = endTag == property.Tag ? endTag : EndOfTag(property.Tag);
        if (endTag <= open)
        {
            properties.Add(new ProjectProperty(property.Name, new ProjectValue(string.Empty, Text.Span(property.Tag, property.Tag + property.Name.Length))));
            return;
        }

        var inner = Text.Text.AsSpan(open, endTag - open);
        var start = open + (inner.Length - inner.TrimStart().Length);
        var end = Math.Max(start, endTag - (inner.Length - inner.TrimEnd().Length));
        properties.Add(new ProjectProperty(property.Name, new ProjectValue(property.IsXml ? inner.ToString() : property.Value.Trim(), Text.Span(start, end))));
    }

    // After the ">" of a start tag; in a value of an attribute one may stand as well.
    private int EndOfTag(int tag)
    {
        char quote = '\0';
        for (var i = tag; i < Text.Text.Length; i++)
        {
            var c = Text.Text[i];
            if (quote == '\0' && c == '>')
            {
                return i + 1;
            }

            quote = quote == '\0' ? (c is '"' or '\'' ? c : quote) : (c == quote ? '\0' : quote);
        }

        return Text.Text.Length;
    }

    // Where the name of the element begins; of an end tag, its "<".
    private int Tag(XmlReader reader)
    {
        var (line, column) = Position(reader);
        var at = Text.Offset(line, column);
        return reader.NodeType == XmlNodeType.EndElement ? Text.Text.LastIndexOf('<', at) : at;
    }

    private static bool IsProperty(Stack<(string Name, string Condition)> path) => path.Count > 1 && path.Peek().Name == "PropertyGroup" && IsEvaluated(path.Skip(1));

    private void Element(XmlReader reader, Stack<(string Name, string Condition)> path, string condition)
    {
        var name = reader.LocalName;
        if (path.Count == 0)
        {
            SdksOfProject(reader);
            return;
        }

        switch (name)
        {
            case "Sdk" when path.Count == 1:
                if (Attribute(reader, "Name") is { } sdk)
                {
                    Add(sdk, reader.GetAttribute("Version") ?? reader.GetAttribute("MinimumVersion") ?? string.Empty, string.Empty, condition);
                }

                break;
            case "Import" when path.Count == 1 || (path.Peek().Name == "ImportGroup" && path.Count > 1 && IsEvaluated(path.Skip(1))):
                if (Attribute(reader, "Sdk") is { } from)
                {
                    Add(from, reader.GetAttribute("Version") ?? reader.GetAttribute("MinimumVersion") ?? string.Empty, reader.GetAttribute("Project") ?? string.Empty, condition);
                }

                if (Attribute(reader, "Project") is { } project)
                {
                    imports.Add(new ProjectImport(project, reader.GetAttribute("Sdk") ?? string.Empty, condition));
                }

                break;
            case "Target" when path.Count == 1:
                if (Attribute(reader, "Name") is { } target)
                {
                    targets.Add(target);
                }

                break;
            case "UsingTask" when path.Count == 1:
                if (reader.GetAttribute("Override") is not null && Attribute(reader, "TaskName") is { } task)
                {
                    tasks.Add(task);
                }

                break;
            default:
                if (path.Count > 1 && path.Peek().Name is "ItemGroup" or "ItemDefinitionGroup")
                {
                    Item(reader, path, condition);
                }
                else if (path.Count > 2 && Is(LeavingOut, name) && Is(PackageItems, path.Peek().Name))
                {
                    Metadata(path);
                }

                break;
        }
    }

    private void Item(XmlReader reader, Stack<(string Name, string Condition)> path, string condition)
    {
        if (!Is(PackageItems, reader.LocalName) || !IsEvaluated(path.Skip(1)))
        {
            return;
        }

        if (path.Peek().Name == "ItemDefinitionGroup")
        {
            changesAll |= LeavesOut(reader);
            return;
        }

        if ((Attribute(reader, "Include") ?? Attribute(reader, "Update")) is { } package)
        {
            packages.Add(new ProjectPackage(
                new InputReference(InputKind.Package, package.Value.Trim(), reader.GetAttribute("Version") ?? string.Empty, package.Span, Raw(package.Span)),
                condition.Length == 0 && reader.GetAttribute("Include") is not null && reader.GetAttribute("Exclude") is null && !LeavesOut(reader)));
        }

        if ((reader.GetAttribute("Update") ?? reader.GetAttribute("Remove")) is { } which)
        {
            changesAll |= which.AsSpan().ContainsAny("*?@$%");
            changed.UnionWith(which.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
    }

    // Metadata of an item in an element of its own; the last package is the one that it stands in, if that has one.
    private void Metadata(Stack<(string Name, string Condition)> path)
    {
        var group = path.ElementAt(1).Name;
        if (!IsEvaluated(path.Skip(2)))
        {
            return;
        }

        if (group == "ItemDefinitionGroup")
        {
            changesAll = true;
        }
        else if (group == "ItemGroup" && packages.Count > 0)
        {
            packages[^1] = packages[^1] with { IsWhole = false };
        }
    }

    private static bool LeavesOut(XmlReader reader)
    {
        for (var i = 0; i < reader.AttributeCount; i++)
        {
            reader.MoveToAttribute(i);
            if (Is(LeavingOut, reader.LocalName))
            {
                reader.MoveToElement();
                return true;
            }
        }

        reader.MoveToElement();
        return false;
    }

    private static bool Is(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

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
                sdks.Add(new ProjectSdk(new InputReference(InputKind.MSBuildSdk, id, version, span, Raw(span)), string.Empty, string.Empty));
            }

            offset += part.Length + 1;
        }
    }

    private void Add(ProjectValue name, string version, string file, string condition) =>
        sdks.Add(new ProjectSdk(new InputReference(InputKind.MSBuildSdk, name.Value.Trim(), version.Trim(), name.Span, Raw(name.Span)), file, condition));

    private string Raw(SourceSpan span) => Text.Text[span.Start..span.End];

    private ProjectValue? Attribute(XmlReader reader, string name) => Attribute(Text, reader, name);

    /// <summary>The value of an attribute of the element that a reader is at, with its place; null if it has none of this name.</summary>
    internal static ProjectValue? Attribute(SourceText source, XmlReader reader, string name)
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
        var text = source.Text.AsSpan();
        var start = source.Offset(line, column) + length;
        var quote = text[start..].IndexOfAny('"', '\'') + start;
        var end = text[(quote + 1)..].IndexOf(text[quote]) + quote + 1;
        return new ProjectValue(value, source.Span(quote + 1, end));
    }

    private static (int Line, int Column) Position(XmlReader reader)
    {
        var info = (IXmlLineInfo)reader;
        return (info.LineNumber, info.LinePosition);
    }

    // Whether a group counts that stands in these elements: below the root, or in what is chosen. In a target it has its effect only when that runs; in a
    // value and in ProjectExtensions it is a text.
    private static bool IsEvaluated(IEnumerable<(string Name, string Condition)> path) => path.SkipLast(1).All(p => p.Name is "Choose" or "When" or "Otherwise");

    // Nested conditions of any length would be as much text as their product.
    private static string Joined(string outer, string inner) =>
        outer.Length + inner.Length > LongestCondition ? TooLong : outer.Length == 0 ? inner : inner.Length == 0 ? outer : $"({outer}) and ({inner})";
}
