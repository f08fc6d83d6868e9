using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>
/// Compares GitHub's actions.lock with what the workflows use and with the lockfile, so that GitHub's runner takes what the lockfile has and refuses no run.
/// Offline, and a function of its arguments alone.
/// </summary>
public static class ActionsLockVerifier
{
    /// <summary>The host that a dependency without a host name is on, unless the caller knows better.</summary>
    public const string DefaultHost = "github.com";

    /// <summary>
    /// Checks a lock that was read without an error. Workflows that it does not list are not onboarded, and nothing is said of them. A reusable workflow of
    /// another repository needs no entry if it is pinned to its commit, for older versions of GitHub's tool write none; what it uses itself is resolved by the
    /// actions.lock of its own repository.
    /// </summary>
    /// <param name="actionsLock">What actions.lock says. That it names a key without an entry was said when it was read, and is not said again.</param>
    /// <param name="uses">All workflows of the repository, and the actions of it that they use.</param>
    /// <param name="section">The lock entries.</param>
    /// <param name="host">The host that the repository is on.</param>
    /// <returns>
    /// HRD2014 where something has no entry, at the line that uses it; HRD2015 where nothing uses an entry and HRD2016 where one says something else than the
    /// lockfile, at the line in actions.lock; sorted, of very many the first.
    /// </returns>
    public static IReadOnlyList<Finding> Verify(ActionsLock actionsLock, RepositoryUses uses, ActionsSection section, string host = DefaultHost)
    {
        ArgumentNullException.ThrowIfNull(actionsLock);
        ArgumentNullException.ThrowIfNull(uses);
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(host);
        var locked = new PinEntries(section);
        return LimitedFindings.Of([.. new CoverageCheck(actionsLock, uses, locked).Findings(), .. new ContradictionCheck(actionsLock, locked, host).Findings()]);
    }
}
