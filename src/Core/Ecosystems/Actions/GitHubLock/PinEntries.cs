using Hardening.Formats.Workflows;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>What an action uses, as its lock entry says.</summary>
/// <param name="From">The key that the using one has in actions.lock.</param>
/// <param name="Key">The key of the used one.</param>
/// <param name="EntryKey">The key of its lock entry.</param>
internal readonly record struct LockedUse(PinKey From, PinKey Key, string EntryKey);

/// <summary>Answers from the lock entries what actions.lock has to say.</summary>
internal sealed class PinEntries
{
    private static readonly string[] Prefixes = ["refs/heads/", "refs/tags/"];

    private readonly IReadOnlyDictionary<string, ActionEntry> entries;
    private readonly Dictionary<string, SortedSet<string>> bound = new(StringComparer.Ordinal);
    private readonly ILookup<string, ActionEntry> byName;
    private readonly Dictionary<string, UsesText> parsed = new(StringComparer.Ordinal);
    private readonly Dictionary<(PinKey From, string Entry, string Path), List<LockedUse>> closures = [];

    internal PinEntries(ActionsSection section)
    {
        entries = section.Commits;
        byName = entries.Values.ToLookup(e => e.Name.ToLowerInvariant(), StringComparer.Ordinal);
        foreach (var entry in entries.Values)
        {
            foreach (var name in entry.Refs.Keys)
            {
                Bind(entry.Name, name, entry.Commit);
                Bind(entry.Name, ShortOf(name), entry.Commit);
            }

            foreach (var (written, target) in entry.Uses.Values.SelectMany(u => u))
            {
                if (Parsed(written) is { Form: UsesForm.Repository } used && target.LastIndexOf('@') is var at and > 0)
                {
                    Bind(used.Name, used.Ref, target[(at + 1)..]);
                }
            }
        }
    }

    /// <summary>The lock entry of a key; null if there is none.</summary>
    internal ActionEntry? Entry(string key) => entries.GetValueOrDefault(key);

    /// <summary>The lock entries of a repository.</summary>
    internal IEnumerable<ActionEntry> EntriesOf(string name) => byName[name.ToLowerInvariant()];

    /// <summary>
    /// The commits that the lock entries have for a repository and a ref, sorted. More than one, where a ref was taken at different times, or a branch and a
    /// tag bear one name.
    /// </summary>
    internal IReadOnlyCollection<string> CommitsOf(string name, string written)
    {
        if (UsesText.IsCommit(written))
        {
            return entries.ContainsKey(ActionEntry.KeyOf(name, written.ToLowerInvariant())) ? [written.ToLowerInvariant()] : [];
        }

        return bound.TryGetValue(BoundKey(name, written), out var commits) ? commits : [];
    }

    /// <summary>
    /// All that is used, directly and indirectly, from a folder of an entry. It is not followed into reusable workflows: what they use is resolved by the
    /// actions.lock of their own repository.
    /// </summary>
    internal IReadOnlyList<LockedUse> Closure(PinKey from, ActionEntry entry, string path)
    {
        if (!closures.TryGetValue((from, entry.Key, path), out var closure))
        {
            closures.Add((from, entry.Key, path), closure = [.. Walk(from, entry, path)]);
        }

        return closure;
    }

    /// <summary>The keys of everything that is used from any folder of an entry.</summary>
    internal HashSet<PinKey> UsesOf(ActionEntry entry) =>
        [.. entry.Uses.Values.SelectMany(u => u.Keys).Select(Parsed).Where(u => u.Form == UsesForm.Repository).Select(PinKey.Of)];

    private IEnumerable<LockedUse> Walk(PinKey from, ActionEntry entry, string path)
    {
        var seen = new HashSet<(string, string, PinKey)>();
        var open = new Queue<(PinKey From, ActionEntry Entry, string Path)>([(from, entry, path)]);
        while (open.TryDequeue(out var step))
        {
            if (IsWorkflow(step.Path) || !seen.Add((step.Entry.Key, step.Path, step.From)) || !step.Entry.Uses.TryGetValue(step.Path.Length == 0 ? ActionEntry.RootPath : step.Path, out var uses))
            {
                continue;
            }

            foreach (var (written, target) in uses.OrderBy(u => u.Key, StringComparer.Ordinal))
            {
                var used = Parsed(written);
                if (used.Form == UsesForm.Local && target == step.Entry.Key)
                {
                    open.Enqueue((step.From, step.Entry, used.Path));
                }
                else if (used.Form == UsesForm.Repository)
                {
                    var key = PinKey.Of(used);
                    yield return new LockedUse(step.From, key, target);
                    if (Entry(target) is { } next)
                    {
                        open.Enqueue((key, next, used.Path));
                    }
                }
            }
        }
    }

    private UsesText Parsed(string written)
    {
        if (!parsed.TryGetValue(written, out var uses))
        {
            parsed.Add(written, uses = UsesText.Parse(written));
        }

        return uses;
    }

    private static bool IsWorkflow(string path) => new UsesText(UsesForm.Repository) { Path = path }.IsWorkflow;

    private static string ShortOf(string name) => Prefixes.FirstOrDefault(p => name.StartsWith(p, StringComparison.Ordinal)) is { } prefix ? name[prefix.Length..] : name;

    private static string BoundKey(string name, string written) => $"{name.ToLowerInvariant()}@{written}";

    private void Bind(string name, string written, string commit)
    {
        var key = BoundKey(name, written);
        if (!bound.TryGetValue(key, out var commits))
        {
            bound.Add(key, commits = new SortedSet<string>(StringComparer.Ordinal));
        }

        commits.Add(commit);
    }
}
