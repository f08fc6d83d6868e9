using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Hardening.Transport.Git;

/// <summary>
/// One hash over the whole tree of a commit, of bytes and not of git's ids: SHA-1, by which most repositories name their content, can be
/// given the same name twice by whoever wrote both.
/// </summary>
internal static class TreeDigest
{
    /// <summary>
    /// SHA-512, in base64, of a line for each entry, by the bytes of its path in ascending order: mode, a space, the path, a tab, the SHA-512 of its content in lower-case
    /// hexadecimal, a line feed. The content of a symbolic link is where it leads; a submodule has its commit in the place of a hash.
    /// In a path a backslash, tab or line feed is written as <c>\\</c>, <c>\t</c>, <c>\n</c>, or two trees could have the same lines.
    /// </summary>
    internal static string Of(IEnumerable<GitTreeEntry> entries, IReadOnlyDictionary<string, byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        foreach (var entry in entries.OrderBy(e => e.Name, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))))
        {
            hash.AppendData(Encoding.ASCII.GetBytes(entry.Mode + " "));
            hash.AppendData(Escaped(entry.Name));
            hash.AppendData(Encoding.ASCII.GetBytes("\t" + (entry.IsSubmodule ? entry.ObjectId : Convert.ToHexStringLower(contents[entry.ObjectId])) + "\n"));
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static ReadOnlySpan<byte> Escaped(byte[] path)
    {
        if (!path.AsSpan().ContainsAny((byte)'\\', (byte)'\t', (byte)'\n'))
        {
            return path;
        }

        var escaped = new ArrayBufferWriter<byte>(path.Length + 8);
        foreach (var b in path)
        {
            escaped.Write(b switch { (byte)'\\' => @"\\"u8, (byte)'\t' => @"\t"u8, (byte)'\n' => @"\n"u8, _ => [b] });
        }

        return escaped.WrittenSpan;
    }
}
