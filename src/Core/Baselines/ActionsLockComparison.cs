using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.Actions.GitHubLock;

namespace Hardening.Baselines;

/// <summary>
/// What GitHub's actions.lock no longer holds to its commit. A workflow that it lists runs the recorded commits only; one that it does not list runs
/// whatever its tags name.
/// </summary>
internal static class ActionsLockComparison
{
    internal static void Compare(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        var path = after.AtRoot(WorkflowFile.ActionsLock);

        // That it is a symbolic link now is a finding of its own.
        if (Read(before, path) is not { } then || after.Links.ContainsKey(path))
        {
            return;
        }

        if (!after.Workflows.ContainsKey(path))
        {
            weakenings.Add(path, $"{path} was removed, so the runner no longer takes the commits that it held.");
        }
        else if (Read(after, path) is not { } now)
        {
            weakenings.Add(path, $"{path} is broken now, and a broken one is ignored by the runner.");
        }
        else
        {
            Listed(before, after, then, now, weakenings);
        }
    }

    private static void Listed(BaselineSnapshot before, BaselineSnapshot after, ActionsLock then, ActionsLock now, Weakenings weakenings)
    {
        var path = after.AtRoot(WorkflowFile.ActionsLock);
        foreach (var workflow in then.Workflows.Keys.Where(w => !now.Workflows.ContainsKey(w) && after.Workflows.ContainsKey(after.AtRoot(w))).Order(StringComparer.Ordinal))
        {
            weakenings.Add(path, $"{path} no longer lists {workflow}, so the runner no longer takes the commits that it held for it.");
        }

        // A workflow that is renamed takes its line with it, or it would leave the lock by that.
        if (then.Workflows.Keys.Where(w => before.Workflows.ContainsKey(before.AtRoot(w)) && !after.Workflows.ContainsKey(after.AtRoot(w))).Order(StringComparer.Ordinal).FirstOrDefault() is { } gone)
        {
            foreach (var added in after.Workflows.Keys.Where(p => IsAdded(p, before, after, now)).Order(StringComparer.Ordinal))
            {
                weakenings.Add(path, $"{path} does not list {added}, which is new, but listed {gone}, which is gone; so the runner takes whatever the tags of {added} name.");
            }
        }
    }

    private static bool IsAdded(string path, BaselineSnapshot before, BaselineSnapshot after, ActionsLock now)
    {
        var relative = path[after.Prefix.Length..];
        return !before.Workflows.ContainsKey(path) && WorkflowFile.IsWorkflow(relative) && !now.Workflows.ContainsKey(relative)
            && WorkflowPins.Read(path, after.Prefix, after.Workflows[path]).Uses.Any(u => !u.IsPinned && !u.Key.StartsWith("docker://", StringComparison.Ordinal));
    }

    // Null where there is none, or nobody can read it.
    private static ActionsLock? Read(BaselineSnapshot snapshot, string path) =>
        snapshot.Workflows.TryGetValue(path, out var content) ? ActionsLockReader.Read(content, path, out _) : null;
}
