using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Hardening.Files;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>Reads the package sources of a nuget.config as they are written there; what other files add on a machine is not the repository's.</summary>
public static class SourcesFile
{
    // NuGet takes these spellings on file systems that tell case apart.
    private static readonly string[] Names = ["nuget.config", "NuGet.config", "NuGet.Config"];
    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>The nuget.config files that NuGet reads for a folder, from the root down to it; full paths.</summary>
    public static IReadOnlyList<string> Find(string root, string directory)
    {
        var found = new List<string>();
        for (var folder = directory; folder is not null && RepositoryRoot.Relative(root, folder) is not null; folder = Path.GetDirectoryName(folder))
        {
            foreach (var name in Names)
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path))
                {
                    found.Insert(0, path);
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Reads one file.</summary>
    /// <exception cref="InvalidDataException">Not a nuget.config.</exception>
    /// <exception cref="IOException">Not readable, or larger than 4 MiB.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static SourcesEntry Read(string path)
    {
        var sources = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var mapping = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        var clear = false;
        var other = string.Empty;
        try
        {
            var document = new XmlDocument { XmlResolver = null };
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestFile };
            using var reader = XmlReader.Create(new MemoryStream(AtomicFile.ReadAtMost(path, LargestFile), writable: false), settings);
            document.Load(reader);
            foreach (var element in Section(document.DocumentElement, "packageSources"))
            {
                if (Is(element, "clear"))
                {
                    // NuGet disregards a second one, and keeps what stands before it.
                    clear = clear ? throw new InvalidDataException("clear is there twice") : true;
                    sources.Clear();
                }
                else if (Is(element, "add") && !sources.TryAdd(element.GetAttribute("key"), WithoutUser(element.GetAttribute("value"))))
                {
                    // NuGet takes the first.
                    throw new InvalidDataException($"the source {element.GetAttribute("key")} is there twice");
                }
            }

            other = Other(document.DocumentElement);
            foreach (var source in Section(document.DocumentElement, "packageSourceMapping").Where(e => Is(e, "packageSource")))
            {
                List<string> patterns = [.. source.ChildNodes.OfType<XmlElement>().Where(e => Is(e, "package")).Select(p => p.GetAttribute("pattern")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
                if (!mapping.TryAdd(source.GetAttribute("key"), patterns))
                {
                    throw new InvalidDataException($"the mapping of {source.GetAttribute("key")} is there twice");
                }
            }
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }

        return new SourcesEntry(clear) { Other = other, Sources = sources.ToDictionary(StringComparer.Ordinal), Mapping = mapping.ToDictionary(StringComparer.Ordinal) };
    }

    // Where packages lie, whose signatures count, which sources are switched off. Credentials are left out: they change, and are nobody's business.
    private static string Other(XmlElement? root)
    {
        string[] told = ["packageSources", "packageSourceMapping", "packageSourceCredentials", "apikeys"];
        var lines = new List<string>();
        foreach (var section in root?.ChildNodes.OfType<XmlElement>().Where(e => !told.Contains(e.LocalName, StringComparer.OrdinalIgnoreCase)) ?? [])
        {
            Add(section, string.Empty);
        }

        return lines.Count == 0 ? string.Empty : Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

        void Add(XmlElement element, string indent)
        {
            lines.Add(indent + element.LocalName + string.Concat(element.Attributes.OfType<XmlAttribute>().Where(a => a.Name != "xmlns").OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => $" {a.Name}={a.Value.Replace("\n", "\\n", StringComparison.Ordinal)}")));
            foreach (var child in element.ChildNodes.OfType<XmlElement>())
            {
                Add(child, indent + " ");
            }
        }
    }

    // A password in an address is a mistake, but it must not be copied into the lockfile. Cut out of the text as it stands: Uri writes it in another notation.
    private static string WithoutUser(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
        {
            return address;
        }

        var length = address.AsSpan(start).IndexOfAny("/\\?#");
        var at = address.AsSpan(start, length < 0 ? address.Length - start : length).LastIndexOf('@');
        return at < 0 ? address : address.Remove(start, at + 1);
    }

    // NuGet reads the first section of a name; of two, the second would only mislead whoever reviews the file.
    private static IEnumerable<XmlElement> Section(XmlElement? root, string name)
    {
        var sections = root?.ChildNodes.OfType<XmlElement>().Where(e => e.LocalName == name).ToList() ?? [];
        return sections.Count > 1 ? throw new InvalidDataException($"{name} is there twice") : sections.SelectMany(s => s.ChildNodes.OfType<XmlElement>());
    }

    // NuGet disregards case in the names of elements below a section, and nowhere else.
    private static bool Is(XmlElement element, string name) => element.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase);
}
