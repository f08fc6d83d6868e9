using System.Buffers;
using System.Security.Cryptography;
using System.Xml;
using Hardening.Files;
using Hardening.Lockfiles;
using NuGet.Packaging;
using NuGet.Packaging.Core;

namespace Hardening.Ecosystems.NuGet;

/// <summary>What a .nupkg holds, read from the archive and never from an extracted folder.</summary>
/// <param name="Name">The id as its nuspec writes it.</param>
/// <param name="Version">The normalized version.</param>
/// <param name="Content">The hashes.</param>
/// <param name="Files">Every file that NuGet extracts, sorted.</param>
/// <param name="Runs">See <see cref="PackageEntry.Runs"/>.</param>
public sealed record PackageArchive(string Name, string Version, PackageContent Content, IReadOnlyList<PackageFileHash> Files, IReadOnlyList<string> Runs)
{
    private const int MostFiles = 200_000;
    private const long MostBytes = 16L * 1024 * 1024 * 1024;

    /// <summary>Reads an archive.</summary>
    /// <exception cref="InvalidDataException">The archive is malformed, leads outside its folder or exceeds the limits (200,000 files, 16 GiB).</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static PackageArchive Read(string path, CancellationToken cancellation)
    {
        var archive = Convert.ToBase64String(PackageFileDigest.HashFile(path));
        try
        {
            using var reader = new PackageArchiveReader(path);
            var identity = reader.GetIdentity();
            if (!identity.HasVersion || !PackageIdValidator.IsValidPackageId(identity.Id))
            {
                throw new InvalidDataException("the nuspec has no valid id and version");
            }

            var folder = PackageFolder.Of(string.Empty, PackageEntry.KeyOf(identity.Id, identity.Version.ToNormalizedString()));
            var files = new List<PackageFileHash>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            var left = MostBytes;
            foreach (var file in reader.GetFiles())
            {
                cancellation.ThrowIfCancellationRequested();
                if (!IsExtracted(file) || folder.IsWrittenByNuGet(file.ToLowerInvariant()))
                {
                    continue;
                }

                if (files.Count == MostFiles)
                {
                    throw new InvalidDataException($"more than {MostFiles} files");
                }

                // NuGet keeps a backslash where it is a letter of a name, and takes it for a separator on Windows; neither may mislead.
                var name = ExtractedName(file, identity);
                var slashed = name.Replace('\\', '/');
                RefuseEscape(slashed);
                if (!names.Add(slashed))
                {
                    throw new InvalidDataException($"the file {slashed} is there twice");
                }

                using var stream = reader.GetStream(file);
                files.Add(new PackageFileHash(RepositoryPath.Slashed(name, PathRules.Here), Convert.ToHexStringLower(Hash(stream, ref left))));
            }

            files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
            var content = new PackageContent(archive, reader.GetContentHash(cancellation), PackageFileDigest.Of(files));
            return new PackageArchive(identity.Id, identity.Version.ToNormalizedString(), content, files, PackageRuns.Of(names));
        }
        catch (Exception e) when (e is PackagingException or InvalidOperationException or NotSupportedException or FormatException or ArgumentException or XmlException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    // What restore extracts is not what PackageHelper.IsPackageFile tells; a test lets NuGet extract and compares.
    private static bool IsExtracted(string file) =>
        Path.GetFileName(file) is not ("" or ".rels" or "[Content_Types].xml")
        && Path.GetExtension(file) != ".psmdcp"
        && (!IsAtRoot(file) || !file.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase));

    private static bool IsAtRoot(string file) => !file.AsSpan().ContainsAny('/', '\\');

    private static string ExtractedName(string file, PackageIdentity identity) =>
        IsAtRoot(file) && file.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase)
            ? identity.Id.ToLowerInvariant() + ".nuspec"
            : file;

    private static void RefuseEscape(string file)
    {
        foreach (var segment in file.AsSpan().Split('/'))
        {
            if (file.AsSpan()[segment] is "" or "." or "..")
            {
                throw new InvalidDataException($"the file name {file} leads outside the package");
            }
        }
    }

    private static byte[] Hash(Stream stream, ref long left)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                left -= read;
                if (left < 0)
                {
                    throw new InvalidDataException($"the archive holds more than {MostBytes} bytes");
                }

                hash.AppendData(buffer, 0, read);
            }

            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
