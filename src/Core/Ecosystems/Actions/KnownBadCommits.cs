using System.Collections.Frozen;

namespace Hardening.Ecosystems.Actions;

/// <summary>Commits that attackers published. The data is a file beside this one; it is no feed of advisories, only what no build may ever run again.</summary>
internal static class KnownBadCommits
{
    private static readonly Lazy<FrozenDictionary<string, string>> All = new(Read);

    /// <summary>What is known of a commit, as the end of a sentence; null if nothing is.</summary>
    internal static string? Find(string commit) => All.Value.GetValueOrDefault(commit);

    private static FrozenDictionary<string, string> Read()
    {
        using var stream = typeof(KnownBadCommits).Assembly.GetManifestResourceStream("Hardening.known-bad-commits.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .Select(line => line.Trim().Split(' '))
            .ToFrozenDictionary(parts => parts[0], parts => $"was published by attackers as {parts[1]} ({parts[2]})", StringComparer.Ordinal);
    }
}
