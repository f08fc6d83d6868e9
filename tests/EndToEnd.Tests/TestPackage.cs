using System.IO.Compression;
using System.Text;

namespace Hardening.EndToEnd.Tests;

/// <summary>A small real package.</summary>
public sealed class TestPackage(string id, string version = "1.0.0")
{
    private readonly SortedDictionary<string, string> files = new(StringComparer.Ordinal);
    private readonly List<(string Id, string Range)> dependencies = [];
    private readonly List<string> types = [];

    public string Id => id;

    public string Version => version;

    public TestPackage With(string path, string content)
    {
        files[path] = content;
        return this;
    }

    /// <summary>Gives it a type, e.g. <c>DotnetTool</c>.</summary>
    public TestPackage OfType(string name)
    {
        types.Add(name);
        return this;
    }

    public TestPackage DependsOn(string dependency, string range)
    {
        dependencies.Add((dependency, range));
        return this;
    }

    /// <summary>A target that would run in every build that imports it, and leaves a mark.</summary>
    public static string Planted(string mark, string inside = "") => $"""
        <Project InitialTargets="Planted">
          {inside}
          <Target Name="Planted" BeforeTargets="BeforeBuild;CoreCompile;Clean">
            <WriteLinesToFile File="{mark}" Lines="ran" Overwrite="true" />
          </Target>
        </Project>
        """;

    /// <summary>Writes it into a folder feed, over a package of the same version.</summary>
    public TestPackage WriteTo(string feed)
    {
        Directory.CreateDirectory(feed);
        var path = Path.Combine(feed, $"{id}.{version}.nupkg");
        File.Delete(path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Add(archive, $"{id}.nuspec", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{id}</id><version>{version}</version><authors>test</authors><description>test</description>
                {(types.Count == 0 ? string.Empty : $"<packageTypes>{string.Concat(types.Select(t => $"<packageType name=\"{t}\" />"))}</packageTypes>")}
                <dependencies>{string.Concat(dependencies.Select(d => $"<dependency id=\"{d.Id}\" version=\"{d.Range}\" />"))}</dependencies>
              </metadata>
            </package>
            """);
        foreach (var (name, content) in files)
        {
            Add(archive, name, content);
        }

        if (files.Count == 0)
        {
            Add(archive, "lib/netstandard2.0/_._", string.Empty);
        }

        return this;
    }

    private static void Add(ZipArchive archive, string name, string content)
    {
        // A fixed time, so that the same content is the same archive.
        var entry = archive.CreateEntry(name);
        entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(content));
    }
}
