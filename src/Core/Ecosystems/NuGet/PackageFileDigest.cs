using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Hardening.Ecosystems.NuGet;

/// <summary>The hash of one file of a package.</summary>
/// <param name="Path">Relative to the package, with <c>/</c>.</param>
/// <param name="Sha512">Lower-case hexadecimal.</param>
public readonly record struct PackageFileHash(string Path, string Sha512);

/// <summary>Hashes files of packages, and lists of them; all SHA-512.</summary>
public static class PackageFileDigest
{
    private const int BufferSize = 256 * 1024;

    /// <summary>
    /// The digest over a package's files: SHA-512, base64, over the lines <c>hash two spaces path LF</c>, sorted ordinally by path;
    /// the same lines that <c>sha512sum</c> prints. As there, a line whose path holds a backslash or a line end begins with a backslash and
    /// has them as <c>\\</c>, <c>\n</c> and <c>\r</c>; otherwise one file with such a name could stand for two files.
    /// </summary>
    public static string Of(IEnumerable<PackageFileHash> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        foreach (var file in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.Path.AsSpan().ContainsAny('\\', '\n', '\r')
                ? $"\\{file.Sha512}  {file.Path.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal).Replace("\r", @"\r", StringComparison.Ordinal)}\n"
                : $"{file.Sha512}  {file.Path}\n"));
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>The hash of a file's bytes.</summary>
    /// <exception cref="IOException">Not readable.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static byte[] HashFile(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var read = RandomAccess.Read(handle, buffer.AsSpan(0, BufferSize), 0);
            if (read < BufferSize && read == RandomAccess.GetLength(handle))
            {
                return SHA512.HashData(buffer.AsSpan(0, read));
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
            for (long offset = 0; read > 0; read = RandomAccess.Read(handle, buffer.AsSpan(0, BufferSize), offset))
            {
                hash.AppendData(buffer, 0, read);
                offset += read;
            }

            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
