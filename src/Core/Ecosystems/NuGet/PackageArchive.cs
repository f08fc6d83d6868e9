using System.Buffers;
using System.Security.Cryptography;
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
            var files = new List<PackageFileHash>();
            var left = MostBytes;
            foreach (var file in reader.GetFiles())
            {
                cancellation.ThrowIfCancellationRequested();
                var slashed = file.Replace('\\', '/');
                if (!PackageHelper.IsPackageFile(file, PackageSaveMode.Defaultv3))
                {
                    continue;
                }

                if (files.Count == MostFiles)
                {
                    throw new InvalidDataException($"more than {MostFiles} files");
                }

                RefuseEscape(slashed);
                using var stream = reader.GetStream(file);
                files.Add(new PackageFileHash(ExtractedName(slashed, identity), Convert.ToHexStringLower(Hash(stream, ref left))));
            }

            files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
            for (var i = 1; i < files.Count; i++)
            {
                if (files[i].Path == files[i - 1].Path)
                {
                    throw new InvalidDataException($"the file {files[i].Path} is there twice");
                }
            }

            var content = new PackageContent(archive, reader.GetContentHash(cancellation), PackageFileDigest.Of(files));
            return new PackageArchive(identity.Id, identity.Version.ToNormalizedString(), content, files, PackageRuns.Of(files.Select(f => f.Path)));
        }
        catch (Exception e) when (e is PackagingException or InvalidOperationException or NotSupportedException or FormatException or ArgumentException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static string ExtractedName(string file, PackageIdentity identity) =>
        !file.Contains('/', StringComparison.Ordinal) && file.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase)
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
