using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Hardening.Files;

/// <summary>
/// Remembers between builds what files were read as, by path, size and change time. It lies in the user's own data folder. The seal is SHA-256 over this very
/// assembly's identity, the root and the values: what another version read, what belongs to another folder and what was damaged are all
/// simply not found.
/// </summary>
/// <typeparam name="T">What a file is read as.</typeparam>
public abstract class FileMemory<T>
    where T : class
{
    private const int LargestFile = 64 * 1024 * 1024;
    private const int SealLength = SHA256.HashSizeInBytes;

    // A file that was written just before it was read may be written once more within the same tick of the file system's clock.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(100);

    private readonly string path;
    private readonly string root;
    private readonly Lazy<Dictionary<string, (FileStamp Stamp, T Value)>> before;
    private readonly ConcurrentDictionary<string, (FileStamp Stamp, T Value)> read = new(StringComparer.Ordinal);

    /// <summary>Prepares the memory of a repository. One that cannot be read is empty.</summary>
    /// <param name="folder">The folder of all memories of this kind.</param>
    /// <param name="root">The repository root.</param>
    protected FileMemory(string folder, string root)
    {
        path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 16)));
        this.root = root;
        before = new(ReadAll);
    }

    /// <summary>Writes what a file was read as.</summary>
    protected abstract void Write(BinaryWriter writer, T value);

    /// <summary>Reads it again.</summary>
    /// <param name="reader">Stands where <see cref="Write"/> began.</param>
    /// <param name="path">The file, relative to the root with <c>/</c>.</param>
    /// <param name="full">Its full path.</param>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="IOException">It ends too early.</exception>
    protected abstract T Read(BinaryReader reader, string path, string full);

    /// <summary>Whether anything can be remembered here.</summary>
    /// <param name="folder">The folder of all memories; null: nothing is remembered.</param>
    protected static bool IsPossible(string? folder) => folder is not null && FileStamp.IsTrustworthy;

    /// <summary>How many follow; each takes at least a byte.</summary>
    protected static int Count(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.ReadInt32() is var count && count >= 0 && count <= reader.BaseStream.Length - reader.BaseStream.Position ? count : throw new FormatException("A number is out of range.");
    }

    /// <summary>What a file was read as, if it is the very one that was read.</summary>
    internal T? Find(string file, FileStamp stamp) => before.Value.TryGetValue(file, out var known) && known.Stamp == stamp ? known.Value : null;

    /// <summary>Remembers what a file was read as.</summary>
    internal void Remember(string file, FileStamp stamp, T value)
    {
        var changed = OperatingSystem.IsWindows() ? new DateTimeOffset(stamp.ChangeTime, TimeSpan.Zero) : DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(stamp.ChangeTime / 1000);
        if (DateTimeOffset.UtcNow - changed > Settled)
        {
            read[file] = (stamp, value);
        }
    }

    /// <summary>Writes what is known of these files, if that differs from what was there. A memory that cannot be written costs time, not safety.</summary>
    internal void Save(IEnumerable<string> files)
    {
        var now = files.Select(f => (File: f, Known: read.TryGetValue(f, out var found) ? found : before.Value.GetValueOrDefault(f))).Where(f => f.Known.Value is not null).ToList();
        if (read.IsEmpty && now.Count == before.Value.Count)
        {
            return;
        }

        try
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            writer.Write(now.Count);
            foreach (var (file, (stamp, value)) in now)
            {
                writer.Write(file);
                writer.Write(stamp.Size);
                writer.Write(stamp.ChangeTime);
                Write(writer, value);
            }

            writer.Flush();
            var values = stream.ToArray();
            AtomicFile.Write(path, [.. Seal(values), .. values]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only home, as in many containers: the next build reads them anew.
        }
    }

    private Dictionary<string, (FileStamp Stamp, T Value)> ReadAll()
    {
        var all = new Dictionary<string, (FileStamp Stamp, T Value)>(StringComparer.Ordinal);
        try
        {
            var bytes = File.Exists(path) ? AtomicFile.ReadAtMost(path, LargestFile) : [];
            if (bytes.Length > SealLength && bytes.AsSpan(0, SealLength).SequenceEqual(Seal(bytes.AsSpan(SealLength))))
            {
                using var reader = new BinaryReader(new MemoryStream(bytes, SealLength, bytes.Length - SealLength));
                for (var left = reader.ReadInt32(); left > 0; left--)
                {
                    var file = reader.ReadString();
                    var stamp = new FileStamp(reader.ReadInt64(), reader.ReadInt64(), IsLink: false, IsDirectory: false);
                    all[file] = (stamp, Read(reader, file, Path.Combine(root, file)));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            all.Clear();
        }

        return all;
    }

    private byte[] Seal(ReadOnlySpan<byte> values)
    {
        // The identity changes with every change of the code, so no format number can be forgotten.
        byte[] sealedBytes = [.. typeof(T).Module.ModuleVersionId.ToByteArray(), .. Encoding.UTF8.GetBytes(typeof(T).FullName!), 0, .. Encoding.UTF8.GetBytes(root), 0, .. values];
        return SHA256.HashData(sealedBytes);
    }
}
