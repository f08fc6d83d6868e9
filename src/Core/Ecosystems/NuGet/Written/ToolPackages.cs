using System.IO.Compression;
using System.Xml;
using Hardening.Lockfiles;
using NuGet.Packaging;

namespace Hardening.Ecosystems.NuGet.Written;

/// <summary>
/// Reads from the archive of a dotnet tool which packages for a runtime identifier it consists of: <c>RuntimeIdentifierPackages</c> in
/// DotnetToolSettings.xml (.NET SDK 10, tools of version 2). The .NET SDK installs the one of its own runtime identifier at the tool's version.
/// </summary>
public static class ToolPackages
{
    private const string Settings = "DotnetToolSettings.xml";
    private const int LargestSettings = 1024 * 1024;
    private const int Most = 256;

    /// <summary>The keys of the packages that a tool consists of beside its own; from its archive in quarantine or, where that is not there, as the previous lockfile has them.</summary>
    /// <exception cref="InvalidDataException">The archive or the settings are malformed.</exception>
    /// <exception cref="IOException">The archive could not be read.</exception>
    public static IReadOnlyList<string> PartsOf(string key, Quarantine quarantine, Lockfile previous)
    {
        ArgumentNullException.ThrowIfNull(quarantine);
        ArgumentNullException.ThrowIfNull(previous);
        var folder = PackageFolder.Of(quarantine.Packages, key);
        if (!File.Exists(folder.ArchivePath))
        {
            return [.. previous.NuGet.Tools.Where(t => t.Key.StartsWith(folder.Id + ".", StringComparison.Ordinal) && t.Value.Split(';').Contains(folder.Version)).Select(t => PackageEntry.KeyOf(t.Key, folder.Version))];
        }

        try
        {
            return [.. ForRuntimeIdentifiers(folder.ArchivePath).Select(id => PackageEntry.KeyOf(id, folder.Version))];
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The tool {key} cannot be taken: {e.Message}.", e);
        }
    }

    /// <summary>The ids, sorted; none for a tool that is one package.</summary>
    /// <exception cref="InvalidDataException">The archive or the settings are malformed.</exception>
    /// <exception cref="IOException">The archive could not be read.</exception>
    public static IReadOnlyList<string> ForRuntimeIdentifiers(string archive)
    {
        try
        {
            using var zip = ZipFile.OpenRead(archive);
            var ids = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var entry in zip.Entries.Where(e => e.Name.Equals(Settings, StringComparison.OrdinalIgnoreCase)))
            {
                if (entry.Length > LargestSettings)
                {
                    throw new InvalidDataException($"{entry.FullName} is larger than {LargestSettings} bytes");
                }

                using var reader = XmlReader.Create(entry.Open(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestSettings });
                while (reader.Read())
                {
                    if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "RuntimeIdentifierPackage" && reader.GetAttribute("Id") is { Length: > 0 } id)
                    {
                        // It goes into a project that MSBuild evaluates, and into addresses and paths.
                        _ = PackageIdValidator.IsValidPackageId(id) ? ids.Add(id) : throw new InvalidDataException($"the tool names the package \"{id}\", which is no id");
                    }
                }
            }

            return ids.Count <= Most ? [.. ids] : throw new InvalidDataException($"the tool names more than {Most} packages");
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
