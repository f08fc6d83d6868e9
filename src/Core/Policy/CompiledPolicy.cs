using System.Security.Cryptography;
using System.Text;
using Hardening.Files;
using Hardening.Findings;

namespace Hardening.Policies;

/// <summary>
/// Keeps what a policy was read as, so that a build in which it did not change reads it without the YAML library. One file for each
/// repository: a seal, then the values. The seal is SHA-256 over this very assembly's identity, the digest of hardening.yml and the values,
/// so what another version read, what another content gave and what was damaged are all simply not found. The values are binary, because
/// a JSON serializer costs a fresh process as much as the YAML library does.
/// </summary>
internal static class CompiledPolicy
{
    private const int LargestFile = 8 * 1024 * 1024;
    private const int SealLength = SHA256.HashSizeInBytes;

    /// <summary>The policy that this content was read as; null if it is not known, not readable or damaged.</summary>
    /// <param name="folder">The folder of the compiled policies.</param>
    /// <param name="root">The repository root.</param>
    /// <param name="digest">SHA-256 over the bytes of hardening.yml.</param>
    internal static Policy? Find(string folder, string root, string digest)
    {
        try
        {
            var path = PathOf(folder, root);
            if (!File.Exists(path))
            {
                return null;
            }

            var bytes = AtomicFile.ReadAtMost(path, LargestFile);
            if (bytes.Length <= SealLength || !bytes.AsSpan(0, SealLength).SequenceEqual(Seal(digest, bytes.AsSpan(SealLength))))
            {
                return null;
            }

            using var reader = new BinaryReader(new MemoryStream(bytes, SealLength, bytes.Length - SealLength));
            return Read(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            // Not known: it is read anew.
            return null;
        }
    }

    /// <summary>Keeps a policy. One that cannot be kept costs time, not safety.</summary>
    internal static void Keep(string folder, string root, string digest, Policy policy)
    {
        try
        {
            var values = Write(policy);
            AtomicFile.Write(PathOf(folder, root), [.. Seal(digest, values), .. values]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only home, as in many containers: the next build reads it anew.
        }
    }

    internal static string PathOf(string folder, string root) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 16)));

    private static byte[] Seal(string digest, ReadOnlySpan<byte> values)
    {
        // The identity changes with every change of the code, so no format number can be forgotten.
        byte[] sealedBytes = [.. typeof(CompiledPolicy).Module.ModuleVersionId.ToByteArray(), .. Encoding.UTF8.GetBytes(digest), .. values];
        return SHA256.HashData(sealedBytes);
    }

    private static byte[] Write(Policy policy)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(policy.Exclude.Count);
        foreach (var exclusion in policy.Exclude)
        {
            writer.Write(exclusion.Path);
            writer.Write(exclusion.Reason);
        }

        writer.Write((byte)policy.NuGet.Enforce);
        writer.Write((byte)policy.NuGet.ImplicitPackages);
        writer.Write(policy.NuGet.MinimumAge.Ticks);
        Write(writer, policy.NuGet.Own);
        Write(writer, policy.Actions);
        Write(writer, policy.Images);
        writer.Write(policy.Exceptions.Count);
        foreach (var exception in policy.Exceptions)
        {
            writer.Write(exception.Code.Id);
            writer.Write(exception.Reason);
            writer.Write(exception.Until.DayNumber);
            writer.Write(exception.Input);
            writer.Write(exception.Path);
            writer.Write(exception.Line);
        }

        writer.Flush();
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, ActionsPolicy actions)
    {
        writer.Write((byte)actions.Enforce);
        writer.Write((byte)actions.Unpinned);
        Write(writer, actions.Allow);
        Write(writer, actions.Forbid);
        writer.Write(actions.Replace.Count);
        foreach (var replacement in actions.Replace)
        {
            writer.Write(replacement.From);
            writer.Write(replacement.To);
            writer.Write(replacement.Refs.Count);
            foreach (var (from, to) in replacement.Refs)
            {
                writer.Write(from);
                writer.Write(to);
            }
        }

        writer.Write(actions.MinimumAge.Ticks);
        writer.Write((byte)actions.Update);
    }

    private static void Write(BinaryWriter writer, ImagesPolicy images)
    {
        writer.Write((byte)images.Enforce);
        writer.Write((byte)images.Unpinned);
        Write(writer, images.Allow);
        Write(writer, images.Forbid);
        writer.Write(images.Replace.Count);
        foreach (var replacement in images.Replace)
        {
            writer.Write(replacement.From);
            writer.Write(replacement.To);
        }
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<string> texts)
    {
        writer.Write(texts.Count);
        foreach (var text in texts)
        {
            writer.Write(text);
        }
    }

    // In the order in which it was written; initializers run in the order of the text.
    private static Policy Read(BinaryReader reader) => new()
    {
        Exclude = List(reader, static r => new Exclusion(r.ReadString(), r.ReadString())),
        NuGet = new NuGetPolicy
        {
            Enforce = (Enforcement)reader.ReadByte(),
            ImplicitPackages = (Enforcement)reader.ReadByte(),
            MinimumAge = TimeSpan.FromTicks(reader.ReadInt64()),
            Own = List(reader, static r => r.ReadString()),
        },
        Actions = Actions(reader),
        Images = new ImagesPolicy
        {
            Enforce = (Enforcement)reader.ReadByte(),
            Unpinned = (Enforcement)reader.ReadByte(),
            Allow = List(reader, static r => r.ReadString()),
            Forbid = List(reader, static r => r.ReadString()),
            Replace = List(reader, static r => new ImageReplacement(r.ReadString(), r.ReadString())),
        },
        Exceptions = List(reader, static r => new PolicyException(Code(r.ReadString()), r.ReadString(), DateOnly.FromDayNumber(r.ReadInt32()))
        {
            Input = r.ReadString(),
            Path = r.ReadString(),
            Line = r.ReadInt32(),
        }),
    };

    private static ActionsPolicy Actions(BinaryReader reader) => new()
    {
        Enforce = (Enforcement)reader.ReadByte(),
        Unpinned = (Enforcement)reader.ReadByte(),
        Allow = List(reader, static r => r.ReadString()),
        Forbid = List(reader, static r => r.ReadString()),
        Replace = List(reader, static r => new ActionReplacement(r.ReadString(), r.ReadString())
        {
            Refs = List(r, static refs => KeyValuePair.Create(refs.ReadString(), refs.ReadString())).ToDictionary(StringComparer.Ordinal),
        }),
        MinimumAge = TimeSpan.FromTicks(reader.ReadInt64()),
        Update = (UpdateRange)reader.ReadByte(),
    };

    private static List<T> List<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var list = new List<T>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            list.Add(read(reader));
        }

        return list;
    }

    private static FindingCode Code(string id) => FindingCodes.All.FirstOrDefault(code => code.Id == id) ?? throw new FormatException($"{id} is no code.");
}
