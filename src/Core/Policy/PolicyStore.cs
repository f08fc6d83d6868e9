using System.Collections.Concurrent;
using System.Security.Cryptography;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Policies;

/// <summary>A policy as it lies in a repository.</summary>
/// <param name="Path">Full path of hardening.yml, whether it is there or not.</param>
/// <param name="Policy">What it says, <see cref="Policies.Policy.Default"/> where there is no file; null if there is a finding.</param>
/// <param name="Digest">SHA-256 over its bytes, lower-case hexadecimal; empty if there is none.</param>
/// <param name="Findings">Why there is no policy, sorted by place; empty if there is one.</param>
public sealed record StoredPolicy(string Path, Policy? Policy, string Digest, IReadOnlyList<Finding> Findings);

/// <summary>Loads the policy of a repository.</summary>
public static class PolicyStore
{
    // A common way to write the name. Nobody would see that it is not read.
    private const string OtherFileName = "hardening.yaml";

    private static readonly ConcurrentDictionary<string, (FileStamp Stamp, StoredPolicy Stored)> Cache = new(StringComparer.Ordinal);

    /// <summary>The folder in which a user's builds keep compiled policies; null where the user has no folder of their own.</summary>
    public static string? DefaultCacheFolder => UserData.Folder("policies");

    /// <summary>
    /// Loads the policy below a root: once per process and content, and from the compiled form where that is known, which does not load
    /// the YAML library. What is not valid is never kept.
    /// </summary>
    /// <param name="root">The repository root.</param>
    /// <param name="cacheFolder">The folder of the compiled policies, see <see cref="DefaultCacheFolder"/>; null to parse, as on build servers.</param>
    public static StoredPolicy Load(string root, string? cacheFolder)
    {
        var path = System.IO.Path.Combine(root, Policy.FileName);
        try
        {
            if (FileStamp.Of(path) is not { } stamp)
            {
                return FileStamp.Of(System.IO.Path.Combine(root, OtherFileName)) is null
                    ? new StoredPolicy(path, Policy.Default, string.Empty, [])
                    : Refused(path, new Finding(FindingCodes.PolicyInvalid, $"The policy is named {OtherFileName}, and is read as {Policy.FileName} only.", new SourcePlace(System.IO.Path.Combine(root, OtherFileName)), $"git mv {OtherFileName} {Policy.FileName}"));
            }

            if (stamp.IsLink)
            {
                return Refused(path, new Finding(FindingCodes.PolicyInvalid, "The policy is a symbolic link, so whoever owns its target would own the policy.", new SourcePlace(path), "replace the link by the file"));
            }

            if (FileStamp.IsTrustworthy && Cache.TryGetValue(path, out var known) && known.Stamp == stamp)
            {
                return known.Stored;
            }

            if (stamp.Size > PolicyReader.LargestFile && !stamp.IsDirectory)
            {
                return Refused(path, new Finding(FindingCodes.PolicyInvalid, $"The policy has {stamp.Size} bytes, and may have {PolicyReader.LargestFile}.", new SourcePlace(path), "make it smaller"));
            }

            var stored = Read(root, path, AtomicFile.ReadAtMost(path, PolicyReader.LargestFile), cacheFolder);
            Cache[path] = (stamp, stored);
            return stored;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused(path, new Finding(FindingCodes.Unreadable, $"The policy could not be read: {e.Message}", new SourcePlace(path)));
        }
    }

    private static StoredPolicy Read(string root, string path, byte[] bytes, string? cacheFolder)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (cacheFolder is not null && CompiledPolicy.Find(cacheFolder, root, digest) is { } compiled)
        {
            return new StoredPolicy(path, compiled, digest, []);
        }

        var policy = PolicyReader.Read(bytes, path, out var findings);
        if (policy is not null && cacheFolder is not null)
        {
            CompiledPolicy.Keep(cacheFolder, root, digest, policy);
        }

        return new StoredPolicy(path, policy, digest, findings);
    }

    private static StoredPolicy Refused(string path, Finding finding) => new(path, null, string.Empty, [finding]);
}
