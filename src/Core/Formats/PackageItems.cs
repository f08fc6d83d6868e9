using System.Xml;
using Hardening.Inputs;

namespace Hardening.Formats;

/// <summary>
/// The packages that the text of an MSBuild file names in items: PackageReference, PackageVersion, GlobalPackageReference and PackageDownload
/// (https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files). Only ids that are written out; nothing is evaluated, so those
/// of any condition and of targets are told too.
/// </summary>
public static class PackageItems
{
    private static readonly string[] Items = ["PackageReference", "PackageVersion", "GlobalPackageReference", "PackageDownload"];

    // The latter is for where versions are managed centrally, and wins there.
    private static readonly string[] Versions = ["Version", "VersionOverride"];

    private const string Group = "ItemGroup";

    // As ProjectText has it: what lies deeper is XML within a value.
    private const int Deepest = 128;

    /// <summary>The references, in the order of the text, each id of a list by itself.</summary>
    /// <exception cref="InvalidDataException">Not XML; the message has line and column.</exception>
    public static IReadOnlyList<InputReference> Read(SourceText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<InputReference>();
        try
        {
            using var reader = ProjectText.Reader(text);
            var around = new string[Deepest];
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.Depth < Deepest)
                {
                    around[reader.Depth] = reader.LocalName;
                    if (reader.Depth > 1 && around[reader.Depth - 1] == Group && IsOf(Items, reader.LocalName) && IsItemGroup(around.AsSpan(0, reader.Depth - 1)))
                    {
                        Item(text, reader, found);
                    }
                }
            }
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }

        return found;
    }

    // In a value and in ProjectExtensions it is a text.
    private static bool IsItemGroup(ReadOnlySpan<string> around)
    {
        foreach (var name in around[1..])
        {
            if (name is not ("Choose" or "When" or "Otherwise" or "Target"))
            {
                return false;
            }
        }

        return true;
    }

    private static void Item(SourceText text, XmlReader reader, List<InputReference> found)
    {
        if (ProjectText.Attribute(text, reader, "Include") is not { } include)
        {
            return;
        }

        var version = VersionOfAttributes(reader);
        if (!reader.IsEmptyElement)
        {
            version = VersionOfChildren(reader, version);
        }

        Add(text, include, version, found);
    }

    // The name of metadata counts in any case.
    private static string VersionOfAttributes(XmlReader reader)
    {
        var version = string.Empty;
        for (var i = 0; i < reader.AttributeCount; i++)
        {
            reader.MoveToAttribute(i);
            version = Later(version, reader.LocalName, reader.Value);
        }

        reader.MoveToElement();
        return version;
    }

    // Leaves the reader at the end of the item.
    private static string VersionOfChildren(XmlReader reader, string version)
    {
        var depth = reader.Depth;
        var metadata = string.Empty;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 1)
            {
                metadata = reader.LocalName;
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && reader.Depth == depth + 2)
            {
                version = Later(version, metadata, reader.Value);
            }
        }

        return version;
    }

    private static string Later(string version, string name, string value) =>
        IsOf(Versions, name) && (version.Length == 0 || name.Equals(Versions[1], StringComparison.OrdinalIgnoreCase)) ? value.Trim() : version;

    private static void Add(SourceText text, ProjectValue include, string version, List<InputReference> found)
    {
        var raw = text.Text[include.Span.Start..include.Span.End];
        var offset = 0;
        foreach (var part in include.Value.Split(';'))
        {
            var id = part.Trim();
            if (id.Length == 0)
            {
                continue;
            }

            // Written with an entity it is not found, and the place is that of the whole list.
            var at = raw.IndexOf(id, offset, StringComparison.Ordinal);
            offset = at < 0 ? offset : at + id.Length;
            if (!id.AsSpan().ContainsAny("$@*?") && !id.Contains("%(", StringComparison.Ordinal))
            {
                var span = at < 0 ? include.Span : text.Span(include.Span.Start + at, include.Span.Start + at + id.Length);
                found.Add(new InputReference(InputKind.Package, id, version, span, text.Text[span.Start..span.End]));
            }
        }
    }

    private static bool IsOf(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
