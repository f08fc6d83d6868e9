using Hardening.Findings;

namespace Hardening.Lockfiles;

/// <summary>
/// Lets an upgrade of Hardening.Sdk pass in one step: a code that is new in this minor version is a warning until an update of the lockfile has
/// accepted what it speaks of.
/// </summary>
public static class NewCodes
{
    /// <summary>
    /// The finding as it counts beside a lockfile of a minor version. An error whose code came with <paramref name="currentMinor"/> is a warning
    /// while the lockfile is older; every other finding is as it was.
    /// </summary>
    /// <param name="finding">The finding.</param>
    /// <param name="lockfileMinor">The minor version of the lockfile, see <see cref="Lockfile.Minor"/>.</param>
    /// <param name="currentMinor">The minor version of this engine.</param>
    public static Finding Counted(Finding finding, int lockfileMinor, int currentMinor = Lockfile.CurrentMinor)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Severity == Severity.Error && lockfileMinor < currentMinor && finding.Code.Since == currentMinor
            ? finding with { SeverityOverride = Severity.Warning, Message = finding.Message + " This check is new: it warns until the next update of the lockfile." }
            : finding;
    }
}
