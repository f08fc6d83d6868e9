using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Ecosystems.Images;

/// <summary>The offline check of this ecosystem: the images that files name, against lockfile and policy.</summary>
public static class ImagesCheck
{
    // What the policy has a switch of its own for.
    private static readonly FindingCode[] Always = [FindingCodes.ImageNotPinned, FindingCodes.ImageLatest];

    /// <summary>The findings.</summary>
    /// <param name="inputs">What the repository names.</param>
    /// <param name="section">The lock entries.</param>
    /// <param name="policy">The policy.</param>
    public static IReadOnlyList<Finding> Verify(ImageInputs inputs, ImagesSection section, ImagesPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(section);
        var findings = new ImagesVerifier(section, policy).Verify(inputs);
        return section.IsBaseline ? findings : BeforeBaseline(findings);
    }

    // Who adopts the product begins with warnings, and with one that stands for everything that is not locked yet.
    private static List<Finding> BeforeBaseline(IReadOnlyList<Finding> findings)
    {
        var missing = Finding.Sorted(findings.Where(f => f.Code == FindingCodes.ImageNotLocked));
        var rest = findings.Where(f => f.Code != FindingCodes.ImageNotLocked)
            .Select(f => f.Severity == Severity.Error && !Always.Contains(f.Code) ? f with { SeverityOverride = Severity.Warning, Message = f.Message + " It warns until an update has locked images." } : f).ToList();
        if (missing.Count > 0)
        {
            rest.Add(missing[0] with { Message = $"No image is locked yet, and {missing.Count} {(missing.Count == 1 ? "place names" : "places name")} one. It warns until an update has locked them.", SeverityOverride = Severity.Warning });
        }

        return rest;
    }
}
