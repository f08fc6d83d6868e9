using System.Globalization;
using Hardening.Findings;

namespace Hardening.Verification;

/// <summary>
/// Keeps what merely is not pinned (HRD2003, HRD3003, HRD3004) from hiding everything else: of its warnings the first ten in the order of the files are
/// listed, and one more counts the rest. Errors are never condensed.
/// </summary>
public static class CondensedFindings
{
    private const int MostListed = 10;

    /// <summary>The findings that are to be reported, in their order.</summary>
    /// <param name="findings">What is left after the policy has decided, of one whole run.</param>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var unpinned = Finding.Sorted(findings.Where(IsUnpinnedWarning));
        if (unpinned.Count <= MostListed)
        {
            return findings;
        }

        var listed = unpinned.Take(MostListed).ToHashSet();
        return [.. findings.Where(f => !IsUnpinnedWarning(f) || listed.Contains(f)), Rest(unpinned)];
    }

    private static bool IsUnpinnedWarning(Finding finding) =>
        finding.Severity == Severity.Warning && (finding.Code == FindingCodes.ActionNotPinned || finding.Code == FindingCodes.ImageNotPinned || finding.Code == FindingCodes.ImageLatest);

    // At the first place that is not listed, so that there is one to go on from.
    private static Finding Rest(IReadOnlyList<Finding> unpinned)
    {
        var rest = unpinned.Skip(MostListed).ToList();
        var actions = rest.Count(f => f.Code == FindingCodes.ActionNotPinned);
        return new Finding(
            actions > 0 ? FindingCodes.ActionNotPinned : FindingCodes.ImageNotPinned,
            $"From here on {Counted(actions, rest.Count - actions)} by a tag or branch, beside the {MostListed} places that are listed.",
            rest[0].Place, Commands.Pin, Severity.Warning);
    }

    private static string Counted(int actions, int images) => (actions, images) switch
    {
        (_, 0) => Places(actions, "an action"),
        (0, _) => Places(images, "an image"),
        _ => $"{Places(actions, "an action")} and {Places(images, "an image")}",
    };

    private static string Places(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "place names" : "places name")} {what}");
}
