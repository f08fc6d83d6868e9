using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.Actions.GitHubLock;
using Hardening.Formats;
using Hardening.Formats.Workflows;

namespace Hardening.Baselines;

/// <summary>What a change of workflows weakens: what was pinned and is no longer, and what GitHub's actions.lock no longer holds to its commit.</summary>
internal sealed class WorkflowComparison
{
    private readonly BaselineSnapshot before;
    private readonly BaselineSnapshot after;
    private readonly Weakenings weakenings;

    private WorkflowComparison(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        this.before = before;
        this.after = after;
        this.weakenings = weakenings;
    }

    internal static void Compare(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        var comparison = new WorkflowComparison(before, after, weakenings);
        comparison.Pins();
        comparison.ActionsLock();
    }

    // Only files that differ are read. One that was renamed is one that is gone and one that is new.
    private void Pins()
    {
        var lockPath = after.AtRoot(WorkflowFile.ActionsLock);
        var old = before.Workflows.Where(f => f.Key != lockPath && !IsSame(f.Value, after.Workflows.GetValueOrDefault(f.Key))).OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(UsesOf).ToList();
        var pinned = old.Where(u => u.IsPinned).ToLookup(u => u.Name, StringComparer.OrdinalIgnoreCase);
        var unpinned = old.Where(u => !u.IsPinned).ToLookup(u => u.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var file in after.Workflows.Where(f => f.Key != lockPath && !IsSame(f.Value, before.Workflows.GetValueOrDefault(f.Key))).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            foreach (var group in UsesOf(file).Where(u => !u.IsPinned).GroupBy(u => u.Name, StringComparer.OrdinalIgnoreCase))
            {
                var known = unpinned[group.Key].Count(u => u.Path == file.Key);
                if (pinned[group.Key].FirstOrDefault() is { } was && group.Count() > known)
                {
                    var use = group.FirstOrDefault(u => unpinned[group.Key].All(o => o.Text != u.Text)) ?? group.Last();
                    weakenings.Add(file.Key, $"{use.Name} is named by `{use.Text}`, but {before.Name} has it pinned as `{was.Text}`; its owner can move what the name leads to.", use.Name, use.Line);
                }
            }
        }
    }

    // A workflow that it lists runs the recorded commits only; one that it does not list runs whatever its tags name.
    private void ActionsLock()
    {
        var path = after.AtRoot(WorkflowFile.ActionsLock);
        if (!before.Workflows.TryGetValue(path, out var old) || ActionsLockReader.Read(old, path, out _) is not { } then)
        {
            return;
        }

        var now = after.Workflows.TryGetValue(path, out var found) ? ActionsLockReader.Read(found, path, out _) : null;
        if (now is null)
        {
            weakenings.Add(path, found is null ? $"{path} was removed, so the runner no longer takes the commits that it held." : $"{path} is broken now, and a broken one is ignored by the runner.");
            return;
        }

        foreach (var workflow in then.Workflows.Keys.Where(w => !now.Workflows.ContainsKey(w) && after.Workflows.ContainsKey(after.AtRoot(w))).Order(StringComparer.Ordinal))
        {
            weakenings.Add(path, $"{path} no longer lists {workflow}, so the runner no longer takes the commits that it held for it.");
        }
    }

    private IEnumerable<Use> UsesOf(KeyValuePair<string, byte[]> file)
    {
        var relative = file.Key[after.Prefix.Length..];
        var text = WorkflowFile.IsAction(relative) ? WorkflowText.OfAction(file.Key, file.Value) : WorkflowText.OfWorkflow(file.Key, file.Value);
        foreach (var use in text.Values.Select(WorkflowUse.Of))
        {
            if (use.Uses.Form == UsesForm.Repository)
            {
                yield return new Use(file.Key, use.Uses.Name, use.Value.Value, use.Uses.IsPinned, use.Value.Span.Line);
            }
            else if (use.Uses.Form == UsesForm.Image)
            {
                var image = ImageText.Parse(use.Uses.Text);
                yield return new Use(file.Key, image.Name, use.Value.Value, image.IsPinned, use.Value.Span.Line);
            }
        }
    }

    private static bool IsSame(byte[] one, byte[]? other) => other is not null && one.AsSpan().SequenceEqual(other);

    private sealed record Use(string Path, string Name, string Text, bool IsPinned, int Line);
}
