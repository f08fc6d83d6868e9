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
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        var mapping = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var clear = false;
        try
        {
            var document = new XmlDocument { XmlResolver = null };
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestFile };
            using var reader = XmlReader.Create(new MemoryStream(AtomicFile.ReadAtMost(path, LargestFile), writable: false), settings);
            document.Load(reader);
            foreach (var element in Children(document.DocumentElement, "packageSources").SelectMany(s => s.ChildNodes.OfType<XmlElement>()))
            {
                switch (element.LocalName)
                {
                    case "clear":
                        clear = true;
                        sources.Clear();
                        break;
                    case "add":
                        sources[element.GetAttribute("key")] = WithoutUser(element.GetAttribute("value"));
                        break;
                    default:
                        break;
                }
            }

            foreach (var source in Children(document.DocumentElement, "packageSourceMapping").SelectMany(s => Children(s, "packageSource")))
            {
                mapping[source.GetAttribute("key")] = [.. Children(source, "package").Select(p => p.GetAttribute("pattern")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            }
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }

        return new SourcesEntry(clear) { Sources = sources, Mapping = mapping };
    }

    // A password in an address is a mistake, but it must not be copied into the lockfile.
    private static string WithoutUser(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0 ? address.Replace(uri.UserInfo + "@", string.Empty, StringComparison.Ordinal) : address;

    private static IEnumerable<XmlElement> Children(XmlElement? parent, string name) => parent?.ChildNodes.OfType<XmlElement>().Where(e => e.LocalName == name) ?? [];
}
