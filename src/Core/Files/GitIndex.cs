using System.Buffers.Binary;
using System.Text;

namespace Hardening.Files;

/// <summary>
/// The paths that git tracks, from its index (git's documentation, "index-format", versions 2 to 4); no process is started. What cannot be read so,
/// for example a split index, tells nothing.
/// </summary>
public static class GitIndex
{
    private const int LargestFile = 512 * 1024 * 1024;
    private const int LargestConfig = 1024 * 1024;
    private const int Stat = 40;
    private const ushort Extended = 0x4000;

    /// <summary>The tracked paths that are wanted, relative to the top of the work tree, with <c>/</c>; none where there is no index that can be read.</summary>
    /// <param name="top">The folder with <c>.git</c>.</param>
    /// <param name="wants">Whether a path, as UTF-8, is wanted.</param>
    public static IReadOnlyList<string> Paths(string top, Func<ReadOnlySpan<byte>, bool> wants)
    {
        ArgumentNullException.ThrowIfNull(wants);
        try
        {
            var folder = Folder(Path.Combine(top, ".git"));
            var index = Path.Combine(folder, "index");
            return File.Exists(index) ? Read(AtomicFile.ReadAtMost(index, LargestFile), IsSha256(folder) ? 32 : 20, wants) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return [];
        }
    }

    /// <summary>Whether there is an index, be it one that can be read or not.</summary>
    /// <param name="top">The folder with <c>.git</c>.</param>
    public static bool IsThere(string top)
    {
        try
        {
            return File.Exists(Path.Combine(Folder(Path.Combine(top, ".git")), "index"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            return true;
        }
    }

    private static string Folder(string git)
    {
        if (Directory.Exists(git))
        {
            return git;
        }

        var text = Encoding.UTF8.GetString(AtomicFile.ReadAtMost(git, LargestConfig));
        return text.StartsWith("gitdir:", StringComparison.Ordinal) ? Path.GetFullPath(text["gitdir:".Length..].Trim(), Path.GetDirectoryName(git)!) : throw new InvalidDataException("no gitdir");
    }

    private static bool IsSha256(string folder)
    {
        // A work tree has its configuration in the folder that it shares with others.
        var common = Path.Combine(folder, "commondir");
        var config = Path.Combine(File.Exists(common) ? Path.GetFullPath(Encoding.UTF8.GetString(AtomicFile.ReadAtMost(common, LargestConfig)).Trim(), folder) : folder, "config");
        return File.Exists(config) && Encoding.UTF8.GetString(AtomicFile.ReadAtMost(config, LargestConfig)).Replace(" ", string.Empty, StringComparison.Ordinal).Contains("objectformat=sha256", StringComparison.OrdinalIgnoreCase);
    }

    private static List<string> Read(ReadOnlySpan<byte> index, int hashLength, Func<ReadOnlySpan<byte>, bool> wants)
    {
        var paths = new List<string>();
        var version = index.StartsWith("DIRC"u8) && index.Length >= 12 ? BinaryPrimitives.ReadUInt32BigEndian(index[4..]) : 0;
        if (version is not (2 or 3 or 4))
        {
            return paths;
        }

        var at = 12;
        var name = new List<byte>();
        for (var left = BinaryPrimitives.ReadUInt32BigEndian(index[8..]); left > 0; left--)
        {
            var start = at;
            var flags = BinaryPrimitives.ReadUInt16BigEndian(index[(at + Stat + hashLength)..]);
            at += Stat + hashLength + 2 + (version >= 3 && (flags & Extended) != 0 ? 2 : 0);
            var kept = 0;
            if (version == 4)
            {
                kept = name.Count - Strip(index, ref at);
            }

            var length = index[at..].IndexOf((byte)0);
            if (length < 0 || kept < 0 || kept > name.Count)
            {
                throw new InvalidDataException("the index ends too early");
            }

            name.RemoveRange(kept, name.Count - kept);
            name.AddRange(index.Slice(at, length));
            at += length + 1;
            if (version < 4)
            {
                // Filled up with one to eight zeros to a multiple of eight.
                at = start + ((at - start + 7) & ~7);
            }

            var path = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(name);
            if (wants(path))
            {
                paths.Add(Encoding.UTF8.GetString(path));
            }
        }

        return paths;
    }

    // How many bytes of the name before are left out: the variable-width integer of pack files' offsets.
    private static int Strip(ReadOnlySpan<byte> index, ref int at)
    {
        var value = index[at] & 127;
        while ((index[at++] & 128) != 0)
        {
            value = checked(((value + 1) << 7) | (index[at] & 127));
        }

        return value;
    }
}
