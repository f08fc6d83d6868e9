using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>Whether the entries of actions.lock say the same as the lock entries, where both say something.</summary>
internal sealed class ContradictionCheck(ActionsLock actionsLock, PinEntries locked, string host)
{
    internal IEnumerable<Finding> Findings() => actionsLock.Dependencies.Values.SelectMany(Dependency);

    private IEnumerable<Finding> Dependency(ActionsLockDependency dependency)
    {
        var name = dependency.HostName.Length == 0 || dependency.HostName == host ? dependency.Key.Repository : $"https://{dependency.HostName}/{dependency.Key.Repository}";
        return [.. Commit(dependency, name), .. Numbers(dependency, name), .. Uses(dependency, name)];
    }

    private IEnumerable<Finding> Commit(ActionsLockDependency dependency, string name)
    {
        if (dependency.Key.IsCommit && !dependency.Key.Ref.Equals(dependency.Commit, StringComparison.OrdinalIgnoreCase))
        {
            yield return Contradicts(dependency, dependency.Place, name, $"`{dependency.Key}` names a commit, and its entry has another one: {dependency.Commit}.");
            yield break;
        }

        foreach (var written in new[] { dependency.Key.Ref, dependency.Ref }.Distinct())
        {
            var commits = locked.CommitsOf(name, written);
            if (commits.Count > 0 && !commits.Contains(dependency.Commit))
            {
                yield return Contradicts(dependency, dependency.Place, name, $"actions.lock has the commit {dependency.Commit} for {written} of {name}, and the lockfile {string.Join(" or ", commits)}.");
            }
        }
    }

    private IEnumerable<Finding> Numbers(ActionsLockDependency dependency, string name)
    {
        foreach (var (what, found, of) in new (string, long, Func<ActionEntry, long>)[] { ("owner_id", dependency.OwnerId, e => e.OwnerId), ("repo_id", dependency.RepositoryId, e => e.RepositoryId) })
        {
            var known = locked.EntriesOf(name).Select(of).Where(n => n > 0).Distinct().Order().ToList();
            if (known.Count > 0 && !known.Contains(found))
            {
                yield return Contradicts(dependency, dependency.Place, name, $"{what} of `{dependency.Key}` is {found}, and {string.Join(" or ", known)} in the lockfile: it is not the same repository.");
            }
        }
    }

    // What is missing here is missing for a workflow too, and is said there.
    private IEnumerable<Finding> Uses(ActionsLockDependency dependency, string name)
    {
        if (locked.Entry(ActionEntry.KeyOf(name, dependency.Commit)) is not { } entry)
        {
            return [];
        }

        var permitted = locked.UsesOf(entry);
        return dependency.Uses.Where(u => u.Key != dependency.Key && !permitted.Contains(u.Key)).Select(u =>
            Contradicts(dependency, u.Place, name, $"`{dependency.Key}` uses `{u.Key}` by actions.lock, and does not by the lockfile."));
    }

    private static Finding Contradicts(ActionsLockDependency dependency, SourcePlace place, string name, string message) =>
        new(FindingCodes.ActionsLockContradicts, message, place, $"if the lockfile is right: {ActionsLock.UpdateCommand}; to accept what the repository has now: {Commands.UpdateAction(dependency.Key.Repository)}") { Input = name };
}
