using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Actions;

/// <summary>
/// Remembers between builds what workflows were read as, by path, size and change time, so that a build in which none changed loads no YAML library. It
/// lies in the user's own data folder. The seal is SHA-256 over this very assembly's identity, the root and the values: what another version read,
/// what belongs to another folder and what was damaged are all simply not found.
/// </summary>
public sealed class WorkflowMemory
{
    private const int LargestFile = 64 * 1024 * 1024;
    private const int SealLength = SHA256.HashSizeInBytes;

    // A file that was written just before it was read may be written once more within the same tick of the file system's clock.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(100);

    private readonly string path;
    private readonly string root;
    private readonly Dictionary<string, (FileStamp Stamp, WorkflowFile File)> before;
    private readonly ConcurrentDictionary<string, (FileStamp Stamp, WorkflowFile File)> read = new(StringComparer.Ordinal);

    private WorkflowMemory(string path, string root, Dictionary<string, (FileStamp Stamp, WorkflowFile File)> before)
    {
        this.path = path;
        this.root = root;
        this.before = before;
    }

    /// <summary>Opens the memory of a repository; null where nothing can be remembered. One that cannot be read is empty.</summary>
    /// <param name="folder">The folder of all memories; null: nothing is remembered.</param>
    /// <param name="root">The repository root.</param>
    public static WorkflowMemory? Open(string? folder, string root)
    {
        if (folder is null || !FileStamp.IsTrustworthy)
        {
            return null;
        }

        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 16)));
        return new WorkflowMemory(path, root, ReadAll(path, root));
    }

    /// <summary>What a file was read as, if it is the very one that was read.</summary>
    internal WorkflowFile? Find(string file, FileStamp stamp) => before.TryGetValue(file, out var known) && known.Stamp == stamp ? known.File : null;

    /// <summary>Remembers what a file was read as.</summary>
    internal void Remember(WorkflowFile file, FileStamp stamp)
    {
        var changed = OperatingSystem.IsWindows() ? new DateTimeOffset(stamp.ChangeTime, TimeSpan.Zero) : DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(stamp.ChangeTime / 1000);
        if (DateTimeOffset.UtcNow - changed > Settled)
        {
            read[file.Path] = (stamp, file);
        }
    }

    /// <summary>Writes what is known of these files, if that differs from what was there. A memory that cannot be written costs time, not safety.</summary>
    internal void Save(IReadOnlyCollection<WorkflowFile> files)
    {
        var now = files.Select(f => f.Path).Select(p => read.TryGetValue(p, out var found) ? found : before.GetValueOrDefault(p)).Where(f => f.File is not null).ToList();
        if (read.IsEmpty && now.Count == before.Count)
        {
            return;
        }

        try
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            writer.Write(now.Count);
            foreach (var (stamp, file) in now)
            {
                Write(writer, stamp, file);
            }

            writer.Flush();
            var values = stream.ToArray();
            AtomicFile.Write(path, [.. Seal(root, values), .. values]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only home, as in many containers: the next build reads them anew.
        }
    }

    private static Dictionary<string, (FileStamp Stamp, WorkflowFile File)> ReadAll(string path, string root)
    {
        var all = new Dictionary<string, (FileStamp Stamp, WorkflowFile File)>(StringComparer.Ordinal);
        try
        {
            var bytes = File.Exists(path) ? AtomicFile.ReadAtMost(path, LargestFile) : [];
            if (bytes.Length > SealLength && bytes.AsSpan(0, SealLength).SequenceEqual(Seal(root, bytes.AsSpan(SealLength))))
            {
                using var reader = new BinaryReader(new MemoryStream(bytes, SealLength, bytes.Length - SealLength));
                for (var left = reader.ReadInt32(); left > 0; left--)
                {
                    var (stamp, file) = ReadOne(reader, root);
                    all[file.Path] = (stamp, file);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            all.Clear();
        }

        return all;
    }

    private static byte[] Seal(string root, ReadOnlySpan<byte> values)
    {
        // The identity changes with every change of the code, so no format number can be forgotten.
        byte[] sealedBytes = [.. typeof(WorkflowMemory).Module.ModuleVersionId.ToByteArray(), .. Encoding.UTF8.GetBytes(root), 0, .. values];
        return SHA256.HashData(sealedBytes);
    }

    private static void Write(BinaryWriter writer, FileStamp stamp, WorkflowFile file)
    {
        writer.Write(file.Path);
        writer.Write(stamp.Size);
        writer.Write(stamp.ChangeTime);
        writer.Write(file.Uses.Count);
        foreach (var value in file.Uses.Select(u => u.Value))
        {
            writer.Write((byte)value.Place);
            writer.Write(value.Value);
            writer.Write(value.Raw);
            writer.Write(value.Span.Line);
            writer.Write(value.Span.Column);
            writer.Write(value.Span.Start);
            writer.Write(value.Span.End);
            writer.Write(value.IsEditable);
            writer.Write(value.CommentStart);
            writer.Write(value.Comment);
        }

        writer.Write(file.Findings.Count);
        foreach (var finding in file.Findings)
        {
            writer.Write(finding.Code == FindingCodes.WorkflowMergeKey);
            writer.Write(finding.Message);
            writer.Write(finding.Place.Line);
            writer.Write(finding.Place.Column);
            writer.Write(finding.Command);
        }
    }

    private static (FileStamp Stamp, WorkflowFile File) ReadOne(BinaryReader reader, string root)
    {
        var path = reader.ReadString();
        var full = Path.Combine(root, path);
        var stamp = new FileStamp(reader.ReadInt64(), reader.ReadInt64(), IsLink: false, IsDirectory: false);
        var uses = new WorkflowUse[Count(reader)];
        for (var i = 0; i < uses.Length; i++)
        {
            var (place, value, raw) = ((WorkflowPlace)reader.ReadByte(), reader.ReadString(), reader.ReadString());
            var span = new SourceSpan(full, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            uses[i] = WorkflowUse.Of(new WorkflowValue(place, value, span, raw) { IsEditable = reader.ReadBoolean(), CommentStart = reader.ReadInt32(), Comment = reader.ReadString() });
        }

        var findings = new Finding[Count(reader)];
        for (var i = 0; i < findings.Length; i++)
        {
            var code = reader.ReadBoolean() ? FindingCodes.WorkflowMergeKey : FindingCodes.WorkflowUnreadable;
            var message = reader.ReadString();
            var place = new SourcePlace(full, reader.ReadInt32(), reader.ReadInt32());
            findings[i] = new Finding(code, message, place, reader.ReadString());
        }

        return (stamp, new WorkflowFile(path, uses, findings));
    }

    // Each takes at least a byte.
    private static int Count(BinaryReader reader) =>
        reader.ReadInt32() is var count && count >= 0 && count <= reader.BaseStream.Length - reader.BaseStream.Position ? count : throw new FormatException("A number is out of range.");
}
