using Hardening.Formats.Workflows;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions;

/// <summary>The names of branches and tags, as workflows write them and as git has them.</summary>
internal static class ActionRefs
{
    internal const string Branches = "refs/heads/";
    internal const string Tags = "refs/tags/";

    /// <summary>What a ref in a workflow can stand for, in the order in which GitHub looks: a branch goes before a tag of the same name.</summary>
    internal static string[] Candidates(string written) => written.StartsWith("refs/", StringComparison.Ordinal) ? [written] : [Branches + written, Tags + written];

    /// <summary>The name without what says whether it is a branch or a tag.</summary>
    internal static string Short(string name) => name.StartsWith(Tags, StringComparison.Ordinal) ? name[Tags.Length..] : name.StartsWith(Branches, StringComparison.Ordinal) ? name[Branches.Length..] : name;

    /// <summary>The tag's name; null of any other ref.</summary>
    internal static string? Tag(string name) => name.StartsWith(Tags, StringComparison.Ordinal) ? name[Tags.Length..] : null;

    /// <summary>The path as lock entries have it.</summary>
    internal static string PathOf(UsesText uses) => uses.Path.Length == 0 ? ActionEntry.RootPath : uses.Path;

    /// <summary>
    /// What to write beside a commit: of the tags that it was taken from the one that says most, a release before any other; else a branch; null if there is none.
    /// </summary>
    internal static string? Fullest(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Select(Tag).OfType<string>().Select(VersionTag.Parse).OfType<VersionTag>()
            .OrderByDescending(v => v.IsFull).ThenByDescending(v => v.IsRelease).ThenByDescending(v => v.Numbers.Count).ThenByDescending(v => v).ThenBy(v => v.Name, StringComparer.Ordinal)
            .Select(v => v.Name)
            .Concat(all.Select(Tag).OfType<string>().Order(StringComparer.Ordinal))
            .Concat(all.Select(Short).Order(StringComparer.Ordinal))
            .FirstOrDefault();
    }
}
