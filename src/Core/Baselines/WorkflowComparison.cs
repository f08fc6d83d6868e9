using Hardening.Ecosystems.Actions;

namespace Hardening.Baselines;

/// <summary>What a change of workflows and actions weakens: what was pinned and is no longer.</summary>
internal sealed class WorkflowComparison
{
    private readonly BaselineSnapshot before;
    private readonly BaselineSnapshot after;
    private readonly Weakenings weakenings;
    private readonly Dictionary<string, WorkflowPins> then;
    private readonly ILookup<string, WorkflowPin> changed;
    private readonly Lazy<ILookup<string, WorkflowPin>> unchanged;
    private readonly Dictionary<string, int> removed;

    private WorkflowComparison(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        this.before = before;
        this.after = after;
        this.weakenings = weakenings;
        then = Differing(before, after).ToDictionary(f => f.Path, StringComparer.Ordinal);
        changed = ByKey(then.Values);
        unchanged = new(() => ByKey(Read(before, path => !then.ContainsKey(path))));
        removed = ByKey(then.Values.Where(f => !after.Workflows.ContainsKey(f.Path) && !after.Links.ContainsKey(f.Path))).ToDictionary(g => g.Key, g => g.Count(u => !u.IsPinned), StringComparer.OrdinalIgnoreCase);
    }

    internal static void Compare(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        var comparison = new WorkflowComparison(before, after, weakenings);
        foreach (var file in Differing(after, before))
        {
            comparison.Compare(file);
        }

        ActionsLockComparison.Compare(before, after, weakenings);
    }

    private void Compare(WorkflowPins file)
    {
        var old = then.GetValueOrDefault(file.Path);
        Unreadable(file, old);
        Expressions(file, old);
        foreach (var group in file.Uses.Where(u => !u.IsPinned).GroupBy(u => u.Key, StringComparer.OrdinalIgnoreCase))
        {
            Unpinned(file, old, [.. group]);
        }
    }

    // What cannot be read can name anything. Of files that no one runs by themselves, only what was readable counts.
    private void Unreadable(WorkflowPins file, WorkflowPins? old)
    {
        if (file.Problem is { } problem && (old is null ? WorkflowFile.IsWorkflow(file.Path[after.Prefix.Length..]) : old.Problem is null))
        {
            weakenings.Add(file.Path, $"{file.Path} cannot be read in full, so nobody can say what it names: {problem.Message}", line: problem.Line);
        }
    }

    private void Expressions(WorkflowPins file, WorkflowPins? old)
    {
        if (old is not null && file.Expressions.Count > old.Expressions.Count && file.Pinned() < old.Pinned())
        {
            weakenings.Add(file.Path, $"An expression decides here what runs, and {file.Path} has fewer pins than at {before.Name}: {file.Pinned()} in place of {old.Pinned()}.", line: file.Expressions[^1]);
        }
    }

    private void Unpinned(WorkflowPins file, WorkflowPins? old, List<WorkflowPin> uses)
    {
        var key = uses[0].Key;
        var known = old?.Unpinned(key) ?? Renamed(key, uses.Count);
        if (uses.Count > known)
        {
            if (Was(file.Path, key) is { } was)
            {
                var use = uses.Find(u => changed[key].All(o => o.IsPinned || o.Text != u.Text)) ?? uses[^1];
                weakenings.Add(file.Path, $"{use.Name} is named by `{use.Text}`, but {before.Name} has it pinned as `{was.Text}`; its owner can move what the name leads to.", use.Name, use.Line);
            }
        }
        else if (old is not null && uses.Count == known && file.Pinned(key) < old.Pinned(key))
        {
            // By an alias (`uses: *anchor`), or in the place of one that was removed.
            weakenings.Add(file.Path, $"{uses[^1].Name} is named by `{uses[^1].Text}` as before, but {before.Name} has it pinned more often: {old.Pinned(key)} times, and now {file.Pinned(key)}.", uses[^1].Name, uses[^1].Line);
        }
    }

    // A file that is new may be one that is gone, under another name. What was not pinned there is not pinned here, but only once.
    private int Renamed(string key, int count)
    {
        var known = removed.GetValueOrDefault(key);
        removed[key] = Math.Max(known - count, 0);
        return known;
    }

    // A use may have come from each file that was changed. Where none of them has it, what all others agreed on counts.
    private WorkflowPin? Was(string path, string key)
    {
        var pinned = changed[key].Where(u => u.IsPinned).ToList();
        return pinned.Count > 0 ? pinned.Find(u => u.Path == path) ?? pinned[0]
            : changed[key].Any() || unchanged.Value[key].Any(u => !u.IsPinned) ? null
            : unchanged.Value[key].FirstOrDefault();
    }

    // Costs grow with the change: nothing else is read, unless something is named that no changed file has named before.
    private static IEnumerable<WorkflowPins> Differing(BaselineSnapshot side, BaselineSnapshot other) =>
        Read(side, path => !other.Workflows.TryGetValue(path, out var content) || !content.AsSpan().SequenceEqual(side.Workflows[path]));

    private static IEnumerable<WorkflowPins> Read(BaselineSnapshot side, Func<string, bool> wants) => side.Workflows
        .Where(f => f.Key != side.AtRoot(WorkflowFile.ActionsLock) && wants(f.Key))
        .OrderBy(f => f.Key, StringComparer.Ordinal)
        .Select(f => WorkflowPins.Read(f.Key, side.Prefix, f.Value));

    private static ILookup<string, WorkflowPin> ByKey(IEnumerable<WorkflowPins> files) => files.SelectMany(f => f.Uses).ToLookup(u => u.Key, StringComparer.OrdinalIgnoreCase);
}
