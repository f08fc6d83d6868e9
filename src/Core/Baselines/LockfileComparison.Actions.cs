using System.Globalization;
using Hardening.Ecosystems.Actions;
using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <content>The entries of actions. One for a new commit is news, as a package of a new version is, but its owner has to be the same; what stands under an old one is fixed.</content>
internal static partial class LockfileComparison
{
    // What is left out here counts where a build compares workflows with the entry, or a host is asked; what is added is looked at there.
    private static IEnumerable<string> Differences(ActionEntry old, ActionEntry found, string baseline)
    {
        if (old.Tree.Length > 0 && old.Tree != found.Tree)
        {
            yield return found.Tree.Length == 0
                ? "no longer has the hash over its files, so other ones would be accepted when its host is asked."
                : "has another hash over its files under the same commit, so other ones would be accepted when its host is asked.";
        }

        if (Number("owner", old.OwnerId, found.OwnerId, baseline) is { } owner)
        {
            yield return owner;
        }

        if (Number("repository", old.RepositoryId, found.RepositoryId, baseline) is { } repository)
        {
            yield return repository;
        }

        foreach (var (name, id) in old.Refs.Where(r => found.Refs.TryGetValue(r.Key, out var now) && now != r.Value).OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            yield return $"was taken from {name} as the object {found.Refs[name]}, but {baseline} has {id}.";
        }

        foreach (var difference in old.Uses.Where(u => found.Uses.ContainsKey(u.Key)).OrderBy(u => u.Key, StringComparer.Ordinal).SelectMany(u => Differences(u.Key, u.Value, found.Uses[u.Key], baseline)))
        {
            yield return difference;
        }
    }

    // A name can be taken over, a number cannot; so whoever changes it wants another repository to be taken for this one.
    private static string? Number(string what, long old, long found, string baseline) => old == 0 || old == found ? null
        : found == 0 ? $"no longer has the number of its {what}, so nobody would notice when the name is taken over; an update with GITHUB_TOKEN writes it again."
        : $"has the number {found} of its {what}, but {baseline} has {old}.";

    // The files of a commit are what they are, and so are the words in them. A path that is added is no weakening, though what it is said to use is only
    // claimed: an honest update adds one as soon as a workflow names it, as when a bot raises two folders of one repository in two pull requests, and
    // whether an update wrote it cannot be seen offline. So the summary names such paths (ActionChange.NewPaths), and the check upstream reads them.
    private static IEnumerable<string> Differences(string path, IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> found, string baseline)
    {
        var at = path == ActionEntry.RootPath ? string.Empty : $" in {path}";
        foreach (var (words, key) in old.OrderBy(u => u.Key, StringComparer.Ordinal))
        {
            if (!found.TryGetValue(words, out var now))
            {
                yield return $"no longer says that it uses `{words}`{at}, though its commit is the same.";
            }
            else if (now != key)
            {
                yield return $"uses `{words}`{at}, which leads to {now} now, but {baseline} has {key}.";
            }
        }
    }

    // The numbers belong to the name: each entry of a repository has to have those that it had, or another owner would come in with a new commit, or with
    // an old one that had none. None is no excuse for a new commit: an update takes them over from the lockfile, even without a token.
    private static IEnumerable<(ActionEntry Entry, string Message)> OtherOwners(ActionsSection then, ActionsSection now, string baseline)
    {
        var owners = NumbersOf(then, e => e.OwnerId);
        var repositories = NumbersOf(then, e => e.RepositoryId);
        foreach (var entry in now.Commits.Values)
        {
            var old = then.Commits.GetValueOrDefault(entry.Key);
            if ((OtherNumber("owner", owners, e => e.OwnerId) ?? OtherNumber("repository", repositories, e => e.RepositoryId)) is { } what)
            {
                yield return (entry, $"{entry.Name} {entry.Commit} {what}");
            }

            string? OtherNumber(string of, Dictionary<string, SortedSet<long>> known, Func<ActionEntry, long> number)
            {
                var found = number(entry);
                if (!known.TryGetValue(entry.Name, out var numbers) || numbers.Contains(found) || (old is not null && (found == 0 || number(old) != 0)))
                {
                    return null;
                }

                var expected = string.Create(CultureInfo.InvariantCulture, $"{baseline} has {string.Join(" and ", numbers)} for {entry.Name}");
                return found == 0
                    ? $"has no number of its {of}, but {expected}; an update with GITHUB_TOKEN compares and writes it."
                    : $"has the number {found} of its {of}, but {expected}.";
            }
        }
    }

    private static Dictionary<string, SortedSet<long>> NumbersOf(ActionsSection section, Func<ActionEntry, long> number) => section.Commits.Values.Where(e => number(e) != 0)
        .GroupBy(e => e.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => new SortedSet<long>(g.Select(number)), StringComparer.OrdinalIgnoreCase);

    // Words as `@v4` lead to the entry that was taken from such a branch or tag, whichever of the two.
    private static IEnumerable<(ActionEntry Entry, string Message)> OtherCommits(ActionsSection then, ActionsSection now, string baseline)
    {
        var before = then.Commits.Values.SelectMany(e => e.Refs.Keys.Select(name => (Word: WordOf(e, name), Entry: e))).ToLookup(r => r.Word, r => r.Entry);
        foreach (var entry in now.Commits.Values.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            foreach (var name in entry.Refs.Keys.Order(StringComparer.Ordinal))
            {
                var old = before[WordOf(entry, name)].ToList();
                if (old.Count > 0 && old.TrueForAll(e => e.Key != entry.Key))
                {
                    yield return (entry, $"{entry.Name} {name} is the commit {entry.Commit}, but {baseline} has {string.Join(" and ", old.Select(e => e.Commit).Order(StringComparer.Ordinal))} for {ActionRefs.Short(name)}.");
                }
            }
        }
    }

    // A ref leaves an entry only for another one; without it nobody would notice that it moved.
    private static IEnumerable<(ActionEntry Entry, string Message)> LostRefs(ActionsSection then, ActionsSection now)
    {
        var still = now.Commits.Values.SelectMany(e => e.Refs.Keys.Select(name => WordOf(e, name))).ToHashSet();
        return from entry in now.Commits.Values
               where then.Commits.ContainsKey(entry.Key)
               from name in then.Commits[entry.Key].Refs.Keys
               where !entry.Refs.ContainsKey(name) && !still.Contains(WordOf(entry, name))
               select (entry, $"{entry.Name} {entry.Commit} no longer says that it was taken from {name}, so nobody would notice when that moves.");
    }

    private static (string Repository, string Ref) WordOf(ActionEntry entry, string name) => (entry.Name.ToLowerInvariant(), ActionRefs.Short(name));
}
