using Hardening.Findings;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>Keeps the number of findings about one file to what a person reads.</summary>
internal static class LimitedFindings
{
    /// <summary>More tell nobody anything.</summary>
    internal const int Most = 100;

    /// <summary>The findings, sorted; of very many the first ones, and one that counts the rest.</summary>
    internal static IReadOnlyList<Finding> Of(IEnumerable<Finding> findings)
    {
        var sorted = Finding.Sorted(findings);
        return sorted.Count <= Most
            ? sorted
            : [.. sorted.Take(Most), new Finding(sorted[Most].Code, $"There are {sorted.Count - Most} more errors from here on.", sorted[Most].Place, "mend those before first")];
    }
}
