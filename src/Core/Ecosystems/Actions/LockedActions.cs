using Hardening.Formats.Workflows;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions;

/// <summary>The lock entries of actions, to be found by what a workflow says.</summary>
public sealed class LockedActions
{
    private readonly ILookup<string, ActionEntry> byRepository;
    private readonly IReadOnlyDictionary<string, ActionEntry> commits;

    /// <summary>Indexes the section.</summary>
    public LockedActions(ActionsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        commits = section.Commits;
        byRepository = commits.Values.ToLookup(e => e.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The entry with this key; null if there is none.</summary>
    public ActionEntry? Find(string key) => commits.GetValueOrDefault(key);

    /// <summary>The entries of a repository, sorted by commit.</summary>
    public IReadOnlyList<ActionEntry> OfRepository(string name) => [.. byRepository[name].OrderBy(e => e.Commit, StringComparer.Ordinal)];

    /// <summary>The entry that a workflow's words lead to: by the commit, or by the branch or tag that it was taken from; null if there is none.</summary>
    public ActionEntry? Find(UsesText uses)
    {
        if (uses.IsPinned)
        {
            return Find(ActionEntry.KeyOf(uses.Name, uses.Ref.ToLowerInvariant()));
        }

        // Two entries may have one ref after a merge of two branches; then nobody can say which is meant, and an update asks.
        return ActionRefs.Candidates(uses.Ref).Select(name => byRepository[uses.Name].Where(e => e.Refs.ContainsKey(name)).ToList()).FirstOrDefault(e => e.Count > 0) is [var only] ? only : null;
    }

    /// <summary>What an entry uses at a path, directly and through others, each entry once; the ones that are not in the lockfile as null.</summary>
    /// <param name="entry">Where to begin.</param>
    /// <param name="path">The folder or file, see <see cref="ActionEntry.Uses"/>.</param>
    /// <returns>The key, the entry, and the words by which it is used.</returns>
    public IEnumerable<(string Key, ActionEntry? Entry, string Words)> Transitive(ActionEntry entry, string path)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var seen = new HashSet<(string, string)> { (entry.Key, path) };
        var left = new Queue<(ActionEntry Entry, string Path)>([(entry, path)]);
        while (left.TryDequeue(out var at))
        {
            foreach (var (words, key) in at.Entry.Uses.GetValueOrDefault(at.Path) ?? Map<string>.Empty)
            {
                var uses = UsesText.Parse(words);
                var used = key.Length == 0 ? null : Find(key);
                if (key.Length == 0 || !seen.Add((key, ActionRefs.PathOf(uses))))
                {
                    continue;
                }

                var isLocked = used is not null && used.Uses.ContainsKey(ActionRefs.PathOf(uses));
                yield return (key, isLocked ? used : null, words);
                if (isLocked)
                {
                    left.Enqueue((used!, ActionRefs.PathOf(uses)));
                }
            }
        }
    }
}
