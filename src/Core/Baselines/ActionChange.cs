using System.Text.Json;
using Hardening.Ecosystems.Actions;
using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <summary>What a change of the lockfile does to one repository with actions.</summary>
/// <param name="Text">The repository, its versions and commits, for people.</param>
/// <param name="IsRemoved">Whether nothing new comes with it.</param>
internal sealed record ActionChange(string Text, bool IsRemoved)
{
    private const int CommitDigits = 12;

    /// <summary>All changes.</summary>
    internal static IReadOnlyList<ActionChange> Between(ActionsSection before, ActionsSection after)
    {
        var then = before.Commits.Values.ToLookup(e => e.Name, StringComparer.OrdinalIgnoreCase);
        var now = after.Commits.Values.ToLookup(e => e.Name, StringComparer.OrdinalIgnoreCase);
        return [.. then.Select(g => g.Key).Union(now.Select(g => g.Key), StringComparer.OrdinalIgnoreCase).SelectMany(name => Of(name, [.. then[name]], [.. now[name]]))];
    }

    /// <summary>
    /// The paths that were added to commits which were locked before, each with what it is said to use itself. Nothing compares that before a check
    /// upstream does.
    /// </summary>
    internal static IEnumerable<(string Action, string Path, IReadOnlyList<string> Words)> NewPaths(ActionsSection before, ActionsSection after) =>
        from entry in after.Commits.Values
        where before.Commits.ContainsKey(entry.Key)
        from path in entry.Uses
        where !before.Commits[entry.Key].Uses.ContainsKey(path.Key)
        select ($"{entry.Name} {Described([entry])}", path.Key, (IReadOnlyList<string>)[.. path.Value.Keys.Order(StringComparer.Ordinal)]);

    private static IEnumerable<ActionChange> Of(string name, IReadOnlyList<ActionEntry> then, IReadOnlyList<ActionEntry> now)
    {
        var added = now.ExceptBy(then.Select(e => e.Key), e => e.Key).ToList();
        var removed = then.ExceptBy(now.Select(e => e.Key), e => e.Key).ToList();
        foreach (var entry in now.Except(added))
        {
            var what = Differences(then.First(e => e.Key == entry.Key), entry).ToList();
            if (what.Count > 0)
            {
                yield return new ActionChange($"{name} {Described([entry])}, the same commit with other {string.Join(", ", what)}", false);
            }
        }

        if (added.Count > 0)
        {
            yield return new ActionChange(
                removed.Count > 0 ? $"{name} {Described(removed)} -> {Described(added)}"
                : then.Count > 0 ? $"{name} {Described(added)}, beside {Described(then)}"
                : $"{name} {Described(added)}, new",
                false);
        }
        else if (removed.Count > 0)
        {
            yield return new ActionChange($"{name} {Described(removed)}", true);
        }
    }

    // A version is what the lockfile claims of a commit, so both are said.
    private static string Described(IEnumerable<ActionEntry> entries) => string.Join(" and ", entries.OrderBy(e => e.Commit, StringComparer.Ordinal)
        .Select(e => ActionRefs.Fullest(e.Refs.Keys) is { } version ? $"{version} ({e.Commit[..CommitDigits]})" : e.Commit[..CommitDigits]));

    private static IEnumerable<string> Differences(ActionEntry old, ActionEntry found)
    {
        if (!Same(old.Refs, found.Refs))
        {
            yield return "refs";
        }

        if (old.Tree != found.Tree)
        {
            yield return "tree";
        }

        if (old.OwnerId != found.OwnerId || old.RepositoryId != found.RepositoryId)
        {
            yield return "host";
        }

        if (old.Uses.Count != found.Uses.Count || old.Uses.Any(u => !found.Uses.TryGetValue(u.Key, out var used) || !Same(u.Value, used)))
        {
            yield return "uses";
        }

        foreach (var name in old.Unknown.Keys.Union(found.Unknown.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!old.Unknown.TryGetValue(name, out var left) || !found.Unknown.TryGetValue(name, out var right) || !JsonElement.DeepEquals(left, right))
            {
                yield return name;
            }
        }
    }

    private static bool Same(IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> found) =>
        old.Count == found.Count && old.All(p => found.TryGetValue(p.Key, out var value) && value == p.Value);
}
