using Hardening.Formats.Workflows;
using Hardening.Formats.Yaml;

namespace Hardening.Policies;

/// <summary>The part about actions and workflows.</summary>
internal sealed partial class PolicyWalk
{
    private ActionsPolicy Actions(YamlNode node)
    {
        const string Section = PolicyKeys.Actions;
        var fields = Fields(node, Section, PolicyKeys.OfActions);
        var defaults = new ActionsPolicy();
        var before = problems.Count;
        var policy = new ActionsPolicy
        {
            Allow = fields.TryGetValue(PolicyKeys.Allow, out var allow) ? Repositories(allow, $"{Section}.{PolicyKeys.Allow}", mayBeAll: true) : defaults.Allow,
            Forbid = fields.TryGetValue(PolicyKeys.Forbid, out var forbid) ? Repositories(forbid, $"{Section}.{PolicyKeys.Forbid}", mayBeAll: false) : defaults.Forbid,
        };

        // By lists that are wrong nothing can be judged.
        var permissions = problems.Count == before ? new ActionPermissions(policy) : null;
        return policy with
        {
            Enforce = Word(fields, Section, PolicyKeys.Enforce, PolicyKeys.Enforcements, defaults.Enforce),
            Unpinned = Word(fields, Section, PolicyKeys.Unpinned, PolicyKeys.Enforcements, defaults.Unpinned),
            Replace = fields.TryGetValue(PolicyKeys.Replace, out var replace) ? Replacements(replace, permissions) : defaults.Replace,
            MinimumAge = fields.TryGetValue(PolicyKeys.MinimumAge, out var age) ? MinimumAge(age, Section) : defaults.MinimumAge,
            Update = Word(fields, Section, PolicyKeys.Update, PolicyKeys.UpdateRanges, defaults.Update),
        };
    }

    private List<string> Repositories(YamlNode node, string name, bool mayBeAll) => Names(
        node, name, "write owner/repo, or owner/* for all of an owner; on another host https://host/owner/repo", pattern =>
            RepositoryPatterns.FaultOf(pattern) is { } fault ? (fault, null)
            : !mayBeAll && RepositoryPatterns.CoversEverything(pattern) ? ("forbids every repository", "remove it; to permit some and no other, list these in `allow`")
            : null);

    private List<ActionReplacement> Replacements(YamlNode node, ActionPermissions? permissions)
    {
        var replacements = new List<ActionReplacement>();
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (item, at) in List(node, $"{PolicyKeys.Actions}.{PolicyKeys.Replace}"))
        {
            var fields = Fields(item, at, PolicyKeys.OfReplacement);
            var pair = Standing(fields, item, at, "repository", "owner/repo", Repository, name => permissions?.FaultOf(name), known);
            var refs = fields.TryGetValue(PolicyKeys.Refs, out var refsNode) ? Refs(refsNode, $"{at}.{PolicyKeys.Refs}") : [];
            if (pair is { } found)
            {
                replacements.Add(new ActionReplacement(found.From, found.To) { Refs = refs });
            }
        }

        return replacements;
    }

    // What stands in for what, of one item; what is known so far grows by it.
    private (string From, string To)? Standing(
        Dictionary<string, YamlNode> fields, YamlNode node, string at, string what, string form, Func<YamlNode?, string, string?> read, Func<string, string?> faultOf, Dictionary<string, string> known)
    {
        var fromNode = Needed(fields, node, at, PolicyKeys.From, $"the {what} that another stands in for, as in `from: {form}`");
        var toNode = Needed(fields, node, at, PolicyKeys.To, $"the {what} that stands in for it, as in `to: {form}`");
        var from = read(fromNode, $"{at}.{PolicyKeys.From}");
        var to = read(toNode, $"{at}.{PolicyKeys.To}");
        if (to is not null && faultOf(to) is { } fault)
        {
            Report(toNode!, $"`{to}` {fault}.", $"change `allow` or `forbid`, or write another {what}");
        }

        if (from is null || to is null)
        {
            return null;
        }

        if (known.ContainsKey(from))
        {
            Report(fromNode!, $"`{from}` is replaced twice.", "remove one of them");
            return null;
        }

        if (LeadsBack(from, to, known))
        {
            Report(toNode!, from.Equals(to, StringComparison.OrdinalIgnoreCase) ? $"`{to}` would stand in for itself." : $"`{to}` leads back to `{from}`, for which it stands in.", $"write another {what}, or remove the replacement");
            return null;
        }

        known.Add(from, to);
        return (from, to);
    }

    // What is known leads nowhere back, so that this comes to an end.
    private static bool LeadsBack(string from, string to, Dictionary<string, string> known)
    {
        for (var next = to; next is not null; next = known.GetValueOrDefault(next))
        {
            if (next.Equals(from, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private string? Repository(YamlNode? node, string at)
    {
        const string Remedy = "write owner/repo; on another host https://host/owner/repo";
        if (node is null || Text(node, at, Remedy) is not { } text)
        {
            return null;
        }

        if (RepositoryPatterns.NameFault(text) is { } fault)
        {
            Report(node, $"`{YamlText.Shown(text)}` {fault}.", Remedy);
            return null;
        }

        return text;
    }

    private Dictionary<string, string> Refs(YamlNode node, string at)
    {
        const string Remedy = "write a tag or branch on both sides, as in `v4: v4.1`, or `\"*\"` on the left for any other";
        var refs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is not YamlMapping mapping)
        {
            WrongKind(node, at, "a mapping", Remedy);
            return refs;
        }

        if (mapping.Entries.Count > MostItems)
        {
            Report(mapping.Entries[MostItems].Key, $"{at} has {mapping.Entries.Count} items, and may have {MostItems}.", "use `\"*\"`, or fewer items");
        }

        foreach (var (key, value) in mapping.Entries.Take(MostItems))
        {
            var to = Text(value, $"{at}.{YamlText.Shown(key.Value)}", Remedy);
            if (key.Value != PolicyKeys.AnyRef && RefFault(key.Value) is { } fault)
            {
                Report(key, $"`{YamlText.Shown(key.Value)}` {fault}.", Remedy);
            }
            else if (to is not null && RefFault(to) is { } other)
            {
                Report(value, $"`{YamlText.Shown(to)}` {other}.", Remedy);
            }
            else if (to is not null)
            {
                refs.TryAdd(key.Value, to);
            }
        }

        return refs;
    }

    private static string? RefFault(string text) =>
        UsesText.Parse("x/x@" + text) is not { Form: UsesForm.Repository } ? "is no tag or branch"
        : UsesText.IsCommit(text) ? "is a commit, and the lockfile has those"
        : null;
}
