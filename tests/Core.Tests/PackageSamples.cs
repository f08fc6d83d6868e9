using System.IO.Compression;
using System.Text;
using NuGet.Common;
using NuGet.Packaging;
using NuGet.Packaging.Core;

namespace Hardening.Tests;

/// <summary>Small packages, and what NuGet itself makes of them.</summary>
internal static class PackageSamples
{
    public const string Nuspec = """
        <?xml version="1.0"?>
        <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
          <metadata><id>Some.Package</id><version>1.2.0.0-RC.1+build</version><authors>a</authors><description>d</description></metadata>
        </package>
        """;

    // The same entries make the same bytes, whenever they are written.
    private static readonly DateTimeOffset Written = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes an archive with the entries in the order given.</summary>
    public static string Archive(string path, params (string Name, string Content)[] entries)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            var entry = archive.CreateEntry(name);
            entry.LastWriteTime = Written;
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes(content));
        }

        return path;
    }

    /// <summary>Extracts as restore does; the folder of the package.</summary>
    public static string Extract(string archive, string packagesFolder)
    {
        PackageIdentity identity;
        using (var reader = new PackageArchiveReader(archive))
        {
            identity = reader.GetIdentity();
        }

        var resolver = new VersionFolderPathResolver(packagesFolder);
        var context = new PackageExtractionContext(PackageSaveMode.Defaultv3, XmlDocFileSaveMode.None, clientPolicyContext: null, NullLogger.Instance);
        var installed = PackageExtractor.InstallFromSourceAsync(
            archive,
            identity,
            async stream =>
            {
                await using var file = File.OpenRead(archive);
                await file.CopyToAsync(stream);
            },
            resolver,
            context,
            CancellationToken.None).GetAwaiter().GetResult();
        Assert.IsTrue(installed, archive);
        return resolver.GetInstallPath(identity.Id, identity.Version);
    }
}
