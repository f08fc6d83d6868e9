using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Hardening.Tests;

/// <summary>A pack written by hand, as only a hostile server would (gitformat-pack).</summary>
internal sealed class GitServerPack
{
    private readonly MemoryStream objects = new();
    private uint count;

    /// <summary>Says another count than it has.</summary>
    public uint? Count { get; set; }

    public static string IdOf(string type, byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"{type} {content.Length}\0"), .. content]));

    /// <summary>A commit of a tree.</summary>
    public static byte[] Commit(string tree) => Encoding.ASCII.GetBytes($"tree {tree}\nauthor a <a@a> 1700000000 +0000\ncommitter c <c@c> 1700000000 +0100\n\nx\n");

    /// <summary>An entry of a tree.</summary>
    public static byte[] Entry(string mode, string name, string id) => [.. Encoding.UTF8.GetBytes($"{mode} {name}\0"), .. Convert.FromHexString(id)];

    /// <summary>Adds an object and gives its id.</summary>
    public string Add(string type, byte[] content)
    {
        Write(type switch { "commit" => 1, "tree" => 2, "blob" => 3, _ => 4 }, content.Length, [], content);
        return IdOf(type, content);
    }

    /// <summary>Adds a delta against an object, by its id.</summary>
    public GitServerPack AddDelta(string @base, byte[] delta)
    {
        Write(7, delta.Length, Convert.FromHexString(@base), delta);
        return this;
    }

    public byte[] Bytes()
    {
        var header = new byte[12];
        "PACK"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), Count ?? count);
        byte[] pack = [.. header, .. objects.ToArray()];
        return [.. pack, .. SHA1.HashData(pack)];
    }

    /// <summary>The whole answer to a fetch.</summary>
    public static byte[] Answer(byte[] pack, string? shallow = null)
        => [.. Encoding.ASCII.GetBytes(shallow is null ? string.Empty : GitServerAnswers.Line("shallow-info\n") + GitServerAnswers.Line($"shallow {shallow}\n") + "0001"),
            .. Encoding.ASCII.GetBytes(GitServerAnswers.Line("packfile\n")),
            .. pack.Chunk(60_000).SelectMany(piece => GitServerAnswers.Line([1, .. piece])), .. "0000"u8];

    private void Write(int type, long size, byte[] between, byte[] content)
    {
        count++;
        var first = (byte)((type << 4) | (int)(size & 15));
        for (size >>= 4; size > 0; size >>= 7)
        {
            objects.WriteByte((byte)(first | 0x80));
            first = (byte)(size & 0x7F);
        }

        objects.WriteByte(first);
        objects.Write(between);
        using var zlib = new ZLibStream(objects, CompressionLevel.SmallestSize, leaveOpen: true);
        zlib.Write(content);
    }
}
