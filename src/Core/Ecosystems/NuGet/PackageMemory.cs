using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Hardening.Files;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>
/// Remembers between builds which package folders were found right, by path, name, size and change time of each file and the
/// hashes they were compared with. It lies in the user's own data folder: neither in the repository nor in a packages folder,
/// which are what a poisoned cache brings.
/// </summary>
public sealed class PackageMemory
{
    private const string Header = "hardening-memory 1";
    private const int LargestFile = 256 * 1024 * 1024;

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\f\u0085\u2028\u2029");

    private readonly Dictionary<string, string> before;
    private readonly ConcurrentDictionary<string, string> now = new(StringComparer.Ordinal);

    private PackageMemory(string? path, Dictionary<string, string> before)
    {
        Path = path;
        this.before = before;
    }

    /// <summary>The file, or null where nothing is remembered.</summary>
    public string? Path { get; }

    /// <summary>A memory that remembers nothing: what CI uses.</summary>
    public static PackageMemory None() => new(null, []);

    /// <summary>The default place of the memory of a repository; null where the user has no folder of their own.</summary>
    public static string? DefaultPath(string root)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 16));
        return UserData.Folder("memory") is { } folder ? System.IO.Path.Combine(folder, name) : null;
    }

    /// <summary>Opens the memory; no path is <see cref="None"/>. A memory that cannot be read is empty: everything is hashed again.</summary>
    public static PackageMemory Open(string? path)
    {
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        if (path is null || !FileStamp.IsTrustworthy)
        {
            return None();
        }

        try
        {
            if (File.Exists(path))
            {
                var text = Encoding.UTF8.GetString(AtomicFile.ReadAtMost(path, LargestFile));
                var first = true;
                foreach (var line in text.AsSpan().EnumerateLines())
                {
                    if (first)
                    {
                        first = false;
                        if (line is not Header)
                        {
                            break;
                        }

                        continue;
                    }

                    var tab = line.IndexOf('\t');
                    if (tab > 0)
                    {
                        before[line[(tab + 1)..].ToString()] = line[..tab].ToString();
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            before.Clear();
        }

        return new PackageMemory(path, before);
    }

    /// <summary>Whether this folder, with this fingerprint, was found equal to this content before.</summary>
    public bool Knows(string folder, PackageContent content, string fingerprint)
    {
        var key = KeyOf(folder, content);
        if (!before.TryGetValue(key, out var known) || known != fingerprint)
        {
            return false;
        }

        now[key] = fingerprint;
        return true;
    }

    /// <summary>Remembers that this folder was found equal to this content.</summary>
    public void Remember(string folder, PackageContent content, string fingerprint)
    {
        // A path with a line end would be written as two lines, the second of which says whatever it likes.
        if (!folder.AsSpan().ContainsAny(LineEnds))
        {
            now[KeyOf(folder, content)] = fingerprint;
        }
    }

    /// <summary>Writes what was confirmed in this run, if that differs from what was there. A memory that cannot be written costs time, not safety.</summary>
    public void Save()
    {
        if (Path is null || (now.Count == before.Count && now.All(pair => before.TryGetValue(pair.Key, out var known) && known == pair.Value)))
        {
            return;
        }

        var text = new StringBuilder(Header).Append('\n');
        foreach (var (key, fingerprint) in now.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(fingerprint).Append('\t').Append(key).Append('\n');
        }

        try
        {
            AtomicFile.Write(Path, Encoding.UTF8.GetBytes(text.ToString()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only home, as in many containers: the next build hashes again.
        }
    }

    private static string KeyOf(string folder, PackageContent content) => $"{content.Files}{content.Content[..16]} {folder}";
}
