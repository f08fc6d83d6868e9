using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using Hardening.Files;

namespace Hardening.Ecosystems.NuGet;

/// <summary>An extracted package: a folder <c>id/version</c> below a packages folder.</summary>
/// <param name="Path">The full path of the folder.</param>
/// <param name="Id">Lower case.</param>
/// <param name="Version">Lower case.</param>
public readonly record struct PackageFolder(string Path, string Id, string Version)
{
    private const int MostDepth = 64;

    /// <summary>Path of the archive that NuGet keeps beside the extracted files.</summary>
    public string ArchivePath => System.IO.Path.Combine(Path, $"{Id}.{Version}.nupkg");

    /// <summary>Path of the file in which NuGet notes the content hash; NuGet takes the package for installed if it is there.</summary>
    public string MetadataPath => System.IO.Path.Combine(Path, ".nupkg.metadata");

    /// <summary>The folder of a key (<c>id/version</c>) below a packages folder.</summary>
    public static PackageFolder Of(string packagesFolder, string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return new PackageFolder(System.IO.Path.Combine(packagesFolder, key), key[..slash], key[(slash + 1)..]);
    }

    /// <summary>The files as they lie there with their stamps, those that NuGet itself writes beside a package included, sorted ordinally by path.</summary>
    /// <exception cref="IOException">The folder could not be read, is nested deeper than 64, or holds a name that is not valid text.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public List<(string Path, FileStamp Stamp)> List()
    {
        var root = Path.EndsWith(System.IO.Path.DirectorySeparatorChar) ? Path : Path + System.IO.Path.DirectorySeparatorChar;
        var rootLength = root.Length;
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };
        HashSet<string>? undecodable = null;
        var paths = new FileSystemEnumerable<string>(Path, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            // A linked directory is listed as a file is, and not entered: NuGet extracts no links.
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            {
                // What stands for bytes that are no text. Such a path cannot be opened, or leads to another file of that name.
                if (entry.FileName.Contains('\uFFFD') && (!(undecodable ??= new(StringComparer.Ordinal)).Add(entry.ToFullPath()) || FileStamp.Of(entry.ToFullPath()) is null))
                {
                    throw new IOException($"The name of {entry.ToFullPath()} is not valid text.");
                }

                return !entry.IsDirectory || (entry.Attributes & FileAttributes.ReparsePoint) != 0;
            },
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0
                && (Depth(entry.Directory, rootLength) < MostDepth ? true : throw new IOException($"{entry.ToFullPath()} is nested deeper than {MostDepth}.")),
        };
        var files = new List<(string Path, FileStamp Stamp)>();
        foreach (var path in paths)
        {
            if (FileStamp.Of(path) is { } stamp)
            {
                var relative = path[rootLength..];
                files.Add((RepositoryPath.Slashed(relative, PathRules.Here), stamp));
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    // Of a directory below the root: 0 for the root itself.
    private static int Depth(ReadOnlySpan<char> directory, int rootLength) =>
        directory.Length < rootLength ? 0 : directory[rootLength..].Count(System.IO.Path.DirectorySeparatorChar) + 1;

    /// <summary>Whether NuGet itself writes this file when it installs a package; all other files come from the archive.</summary>
    public bool IsWrittenByNuGet(string path) => path == ".nupkg.metadata" || path == $"{Id}.{Version}.nupkg" || path == $"{Id}.{Version}.nupkg.sha512";

    /// <summary>A fingerprint over names, sizes and change times: equal only if nothing was written, added or removed since.</summary>
    public static string Fingerprint(List<(string Path, FileStamp Stamp)> files)
    {
        var text = new StringBuilder(files.Count * 64);
        foreach (var (path, stamp) in files)
        {
            text.Append(path).Append('\0').Append(stamp.Size).Append(' ').Append(stamp.ChangeTime).Append(stamp.IsLink ? 'l' : 'f').Append('\n');
        }

        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
