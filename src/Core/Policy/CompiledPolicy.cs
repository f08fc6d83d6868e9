using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hardening.Files;
using Hardening.Findings;

namespace Hardening.Policies;

/// <summary>
/// Keeps what a policy was read as, so that a build in which it did not change reads it without the YAML library. One file for each
/// repository: a seal, then JSON. The seal is SHA-256 over this very assembly's identity, the digest of hardening.yml and the JSON, so
/// what another version read, what another content gave and what was damaged are all simply not found.
/// </summary>
internal static partial class CompiledPolicy
{
    private const int LargestFile = 8 * 1024 * 1024;
    private const int SealLength = 64;

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
            return bytes.Length > SealLength && bytes.AsSpan(0, SealLength).SequenceEqual(Seal(digest, bytes.AsSpan(SealLength)))
                ? JsonSerializer.Deserialize(bytes.AsSpan(SealLength), Context.Default.Policy)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
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
            var json = JsonSerializer.SerializeToUtf8Bytes(policy, Context.Default.Policy);
            AtomicFile.Write(PathOf(folder, root), [.. Seal(digest, json), .. json]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only home, as in many containers: the next build reads it anew.
        }
    }

    internal static string PathOf(string folder, string root) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 16)));

    private static byte[] Seal(string digest, ReadOnlySpan<byte> json)
    {
        // The identity changes with every change of the code, so no format number can be forgotten.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(typeof(CompiledPolicy).Module.ModuleVersionId.ToByteArray());
        hash.AppendData(Encoding.UTF8.GetBytes(digest));
        hash.AppendData(json);
        return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [JsonSourceGenerationOptions(RespectNullableAnnotations = true, Converters = [typeof(CodeConverter)])]
    [JsonSerializable(typeof(Policy))]
    private sealed partial class Context : JsonSerializerContext;

    private sealed class CodeConverter : JsonConverter<FindingCode>
    {
        public override FindingCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var id = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            return FindingCodes.All.FirstOrDefault(code => code.Id == id) ?? throw new JsonException("no code");
        }

        public override void Write(Utf8JsonWriter writer, FindingCode value, JsonSerializerOptions options) => writer.WriteStringValue(value.Id);
    }
}
