using System.Globalization;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Policies;

/// <summary>Decides, by a policy, which findings are reported and how severe they are. A pure function: it reads neither files nor the clock.</summary>
public static class PolicyDecision
{
    /// <summary>
    /// The findings that are left, in their order, each with the severity that counts; then one <see cref="FindingCodes.ExceptionExpired"/> for
    /// each exception that has expired and would have covered one of them.
    /// </summary>
    /// <param name="findings">What checks found.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="root">The repository root.</param>
    /// <param name="isContinuousIntegration">Whether this is a build server.</param>
    /// <param name="today">The day, UTC.</param>
    /// <param name="pathComparison">How paths compare; <see cref="PathRules.Comparison"/> of this system unless told.</param>
    /// <exception cref="ArgumentException">An exception of the policy has a path that <see cref="PathPatterns.FaultOf"/> refuses; one that was read has none.</exception>
    public static IReadOnlyList<Finding> Apply(
        IEnumerable<Finding> findings, Policy policy, string root, bool isContinuousIntegration, DateOnly today, StringComparison? pathComparison = null)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(policy);
        var rules = policy.Exceptions.Select(e => new Rule(e, pathComparison ?? PathRules.Here.Comparison)).ToArray();
        var expired = new HashSet<Rule>();
        var left = new List<Finding>();
        foreach (var finding in findings)
        {
            if (Enforced(finding, policy, isContinuousIntegration) is not { } enforced)
            {
                continue;
            }

            var covering = Array.FindAll(rules, rule => rule.Covers(finding, root));
            if (Array.Exists(covering, rule => today <= rule.Exception.Until))
            {
                continue;
            }

            expired.UnionWith(covering);
            left.Add(covering.Length > 0 && !isContinuousIntegration ? AtMost(enforced, Severity.Warning) : enforced);
        }

        left.AddRange(rules.Where(expired.Contains).Select(rule => Expired(rule.Exception, root, isContinuousIntegration)));
        return left;
    }

    // Null where the finding is not reported.
    private static Finding? Enforced(Finding finding, Policy policy, bool isContinuousIntegration)
    {
        var enforced = SwitchOf(finding.Code, policy) is { } own ? Switched(finding, own, isContinuousIntegration) : finding;
        return enforced is null ? null : EnforcementOf(finding.Code, policy) switch
        {
            Enforcement.Off => null,
            Enforcement.Warn => AtMost(enforced, Severity.Warning),
            Enforcement.Ci when !isContinuousIntegration => AtMost(enforced, Severity.Warning),
            _ => enforced,
        };
    }

    // What a new .NET SDK brings by itself, and what the lockfile has though no pin says so, have switches of their own.
    private static Enforcement? SwitchOf(FindingCode code, Policy policy) =>
        code == FindingCodes.SdkNotLocked ? policy.NuGet.ImplicitPackages
        : code == FindingCodes.ActionNotPinned ? policy.Actions.Unpinned
        : code == FindingCodes.ImageNotPinned || code == FindingCodes.ImageLatest ? policy.Images.Unpinned
        : null;

    // Such a switch raises the finding as well as it lowers it.
    private static Finding? Switched(Finding finding, Enforcement enforcement, bool isContinuousIntegration) => enforcement switch
    {
        Enforcement.Off => null,
        Enforcement.Build => finding with { SeverityOverride = Severity.Error },
        Enforcement.Ci when isContinuousIntegration => finding with { SeverityOverride = Severity.Error },
        _ => finding with { SeverityOverride = Severity.Warning },
    };

    // By the range of the code. What the gate says of itself (HRD0xxx) is never lowered.
    private static Enforcement EnforcementOf(FindingCode code, Policy policy) => code.Id.AsSpan(0, 4) switch
    {
        "HRD1" => policy.NuGet.Enforce,
        "HRD2" => policy.Actions.Enforce,
        "HRD3" => policy.Images.Enforce,
        _ => Enforcement.Build,
    };

    private static Finding AtMost(Finding finding, Severity severity) => finding.Severity > severity ? finding with { SeverityOverride = severity } : finding;

    private static Finding Expired(PolicyException exception, string root, bool isContinuousIntegration)
    {
        var subject = exception.Input.Length > 0 ? $" of {exception.Input}" : exception.Path.Length > 0 ? $" in {exception.Path}" : string.Empty;
        var message = string.Create(CultureInfo.InvariantCulture, $"The exception for {exception.Code.Id}{subject} ended on {exception.Until:yyyy-MM-dd}, and what it covered is still found. Its reason was: {exception.Reason}");
        return new Finding(FindingCodes.ExceptionExpired, message, new SourcePlace(Path.Combine(root, Policy.FileName), exception.Line),
            "mend what it covered and remove the exception, or have it reviewed and set a later `until`", isContinuousIntegration ? Severity.Error : null)
        {
            Input = exception.Input,
        };
    }

    private sealed class Rule(PolicyException exception, StringComparison pathComparison)
    {
        private readonly PathPatterns? paths = exception.Path.Length == 0 ? null : new PathPatterns([exception.Path], pathComparison);

        internal PolicyException Exception => exception;

        internal bool Covers(Finding finding, string root) =>
            finding.Code == exception.Code && exception.CoversInput(finding.Input) && (paths is null || (RelativeFile(finding, root) is { } file && paths.Matches(file)));

        // A finding's file may be written relative to the root already; a name that no file has covers nothing.
        private static string? RelativeFile(Finding finding, string root)
        {
            var file = finding.Place.File;
            return file.Length == 0 || file.Contains('\0', StringComparison.Ordinal) ? null : RepositoryRoot.Relative(root, Path.Combine(root, file));
        }
    }
}
