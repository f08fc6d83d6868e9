using System.Text.RegularExpressions;
using Hardening.Findings;
using Hardening.Formats.Yaml;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>Makes a lock of the nodes of actions.lock and collects what is wrong on the way.</summary>
internal sealed partial class ActionsLockWalk(string file)
{
    /// <summary>What mends a file that nobody is to edit by hand.</summary>
    internal const string Anew = "write it anew: " + ActionsLock.UpdateCommand;

    private const string PinForm = "owner/repo@ref";

    private static readonly string[] RootKeys = ["version", "workflows", "dependencies"];
    private static readonly string[] Version1Keys = ["ref", "tag", "branch", "commit", "owner_id", "repo_id", "uses"];
    private static readonly string[] Version2Keys = ["ref", "commit", "owner_id", "repo_id", "uses"];
    private static readonly string[] Version3Keys = ["hostname", .. Version2Keys];

    private readonly List<YamlProblem> problems = [];
    private readonly List<Finding> missing = [];

    // Of schema v0.0.1 the commits that a line names behind the key.
    private readonly List<(YamlNode Node, PinKey Key, string Commit)> named = [];
    private string version = string.Empty;

    internal IReadOnlyList<YamlProblem> Problems => problems;

    /// <summary>What names a dependency that has no entry. Counts only where there is no problem.</summary>
    internal IReadOnlyList<Finding> Missing => missing;

    internal ActionsLock? Lock(YamlDocument document)
    {
        if (document.Root is null)
        {
            if (document.Problems.Count == 0)
            {
                problems.Add(new YamlProblem("The file is empty.", Anew, 1, 1));
            }

            return null;
        }

        var fields = Fields(document.Root, "the file", RootKeys);
        if (document.Root is not YamlMapping || !Version(fields, document.Root))
        {
            return null;
        }

        var workflows = Map<string, ActionsLockWorkflow>(fields, "workflows", StringComparer.Ordinal, Workflow, w => w.Path);
        var dependencies = Map<PinKey, ActionsLockDependency>(fields, "dependencies", null, Dependency, d => d.Key);
        Commits(dependencies);
        Circles(dependencies);
        Incomplete(workflows, dependencies);
        return new ActionsLock { Version = version, Workflows = workflows, Dependencies = dependencies };
    }

    private bool Version(Dictionary<string, YamlNode> fields, YamlNode root)
    {
        if (Needed(fields, root, "the file", "version") is not { } node || Text(node, "version") is not { } text)
        {
            return false;
        }

        version = text;
        if (text is ActionsLock.Version1 or ActionsLock.Version2 or ActionsLock.Version3)
        {
            return true;
        }

        Report(node, VersionForm().IsMatch(text) ? $"The file has version {YamlText.Shown(text)}; this Hardening.Sdk reads {ActionsLock.Version1} to {ActionsLock.Version3}." : $"`{YamlText.Shown(text)}` is no version of actions.lock.",
            $"update Hardening.Sdk in global.json, or {Anew}");
        return false;
    }

    private Dictionary<TKey, T> Map<TKey, T>(Dictionary<string, YamlNode> fields, string name, IEqualityComparer<TKey>? comparer, Func<YamlEntry, T?> read, Func<T, TKey> keyOf)
        where TKey : notnull
        where T : class
    {
        var map = new Dictionary<TKey, T>(comparer);
        if (!fields.TryGetValue(name, out var node))
        {
            return map;
        }

        if (node is not YamlMapping mapping)
        {
            WrongKind(node, name, "a mapping");
            return map;
        }

        foreach (var entry in mapping.Entries)
        {
            // Keys that differ as text may be the same: those of repositories in other letters and, in v0.0.1, of other commits.
            if (read(entry) is { } value && !map.TryAdd(keyOf(value), value))
            {
                Report(entry.Key, $"`{YamlText.Shown(entry.Key.Value)}` is there twice, once written otherwise.", "remove one of them");
            }
        }

        return map;
    }

    private ActionsLockWorkflow? Workflow(YamlEntry entry)
    {
        var path = entry.Key.Value;
        if (ActionsLockText.FaultOfPath(path) is { } fault)
        {
            Report(entry.Key, $"The path `{YamlText.Shown(path)}` {fault}.", Anew);
            return null;
        }

        return new ActionsLockWorkflow(path, Pins(entry.Value, $"`{YamlText.Shown(path)}`")) { Place = PlaceOf(entry.Key) };
    }

    private ActionsLockDependency? Dependency(YamlEntry entry)
    {
        var name = $"`{YamlText.Shown(entry.Key.Value)}`";
        var key = Pin(entry.Key);
        var fields = Fields(entry.Value, name, version switch { ActionsLock.Version1 => Version1Keys, ActionsLock.Version2 => Version2Keys, _ => Version3Keys });
        if (entry.Value is not YamlMapping)
        {
            return null;
        }

        var commit = Needed(fields, entry.Key, name, "commit") is { } commitNode ? Commit(commitNode, name) : null;
        var owner = Number(fields, entry.Key, name, "owner_id");
        var repository = Number(fields, entry.Key, name, "repo_id");
        var uses = fields.TryGetValue("uses", out var usesNode) ? Pins(usesNode, $"uses of {name}") : [];
        var host = fields.TryGetValue("hostname", out var hostNode) ? HostName(hostNode, name) : string.Empty;
        return key is not { } parsed || Ref(fields, entry.Key, parsed, name) is not { } found || commit is null || owner is null || repository is null || host is null
            ? null
            : new ActionsLockDependency(parsed, found, commit, owner.Value, repository.Value) { Uses = uses, HostName = host, Place = PlaceOf(entry.Key) };
    }

    // In v0.0.1 the ref beside a key may be another one, as the tag of a commit that was found by a branch.
    private string? Ref(Dictionary<string, YamlNode> fields, YamlScalar at, PinKey key, string name)
    {
        if (version == ActionsLock.Version1)
        {
            var first = new[] { "ref", "tag", "branch" }.Where(fields.ContainsKey).Select(m => Ref(fields[m], m, name)).ToList();
            return first.Count == 0 ? key.Ref : first.Contains(null) ? null : first[0];
        }

        if (Needed(fields, at, name, "ref") is not { } node || Ref(node, "ref", name) is not { } found)
        {
            return null;
        }

        if (!key.IsCommit && found != key.Ref)
        {
            Report(node, $"ref of {name} is `{YamlText.Shown(found)}`, and its key says `{YamlText.Shown(key.Ref)}`.", Anew);
            return null;
        }

        return found;
    }

    private string? Ref(YamlNode node, string member, string name)
    {
        if (Text(node, $"{member} of {name}") is not { } text)
        {
            return null;
        }

        if (ActionsLockText.IsRef(text))
        {
            return text;
        }

        Report(node, $"{member} of {name} is `{YamlText.Shown(text)}`, which no tag or branch can be called.", Anew);
        return null;
    }

    private string? Commit(YamlNode node, string name)
    {
        if (Text(node, $"commit of {name}") is not { } text)
        {
            return null;
        }

        if (ActionsLockText.CommitOf(text) is { } commit)
        {
            return commit;
        }

        Report(node, $"commit of {name} is `{YamlText.Shown(text)}`, and has to be sha1- with 40 or sha256- with 64 hexadecimal digits.", Anew);
        return null;
    }

    private long? Number(Dictionary<string, YamlNode> fields, YamlScalar at, string name, string member)
    {
        if (Needed(fields, at, name, member) is not { } node)
        {
            return null;
        }

        if (node is YamlScalar scalar && ActionsLockText.TryNumber(scalar, out var number))
        {
            return number;
        }

        WrongKind(node, $"{member} of {name}", "a whole number above 0, without quotes");
        return null;
    }

    private string? HostName(YamlNode node, string name)
    {
        if (Text(node, $"hostname of {name}") is not { } text)
        {
            return null;
        }

        if (ActionsLockText.IsHostName(text))
        {
            return text;
        }

        Report(node, $"hostname of {name} is `{YamlText.Shown(text)}`, and has to be github.com or NAME.ghe.com.", Anew);
        return null;
    }

    private List<ActionsLockPin> Pins(YamlNode node, string name)
    {
        var pins = new List<ActionsLockPin>();
        if (node is not YamlSequence list)
        {
            WrongKind(node, name, "a list");
            return pins;
        }

        var seen = new HashSet<PinKey>();
        foreach (var item in list.Items)
        {
            if (item is not YamlScalar scalar)
            {
                WrongKind(item, $"an item of {name}", $"a text of the form {PinForm}");
            }
            else if (Pin(scalar) is not { } key)
            {
                continue;
            }
            else if (!seen.Add(key))
            {
                Report(item, $"`{YamlText.Shown(scalar.Value)}` is there twice.", "remove one of them");
            }
            else
            {
                pins.Add(new ActionsLockPin(key) { Place = PlaceOf(item) });
            }
        }

        return pins;
    }

    private PinKey? Pin(YamlScalar scalar)
    {
        var text = scalar.Value;
        if (version == ActionsLock.Version1 && text.LastIndexOf(':') is var colon and > 0 && ActionsLockText.CommitOf(text[(colon + 1)..]) is { } commit)
        {
            text = text[..colon];
            if (PinKey.TryParse(text, out var before))
            {
                named.Add((scalar, before, commit));
            }
        }

        if (PinKey.TryParse(text, out var key))
        {
            return key;
        }

        Report(scalar, $"`{YamlText.Shown(scalar.Value)}` is not of the form {PinForm}{(version == ActionsLock.Version1 ? ":sha1-commit" : string.Empty)}.", Anew);
        return null;
    }

    private void Commits(Dictionary<PinKey, ActionsLockDependency> dependencies)
    {
        foreach (var (node, key, commit) in named)
        {
            if (dependencies.TryGetValue(key, out var dependency) && dependency.Commit != commit)
            {
                Report(node, $"`{YamlText.Shown(key.ToString())}` has the commit {commit} here, and {dependency.Commit} in its entry.", Anew);
            }
        }
    }

    private void Circles(Dictionary<PinKey, ActionsLockDependency> dependencies)
    {
        var graph = dependencies.ToDictionary(d => d.Key, d => (IReadOnlyList<PinKey>)[.. d.Value.Uses.Select(u => u.Key)]);
        foreach (var (from, to) in PinCycles.ClosingEdges(graph))
        {
            var place = dependencies[from].Uses.First(u => u.Key == to).Place;
            problems.Add(new YamlProblem($"`{YamlText.Shown(from.ToString())}` and `{YamlText.Shown(to.ToString())}` use each other in a circle.", Anew, place.Line, place.Column));
        }
    }

    private void Incomplete(Dictionary<string, ActionsLockWorkflow> workflows, Dictionary<PinKey, ActionsLockDependency> dependencies)
    {
        var pins = workflows.Values.SelectMany(w => w.Pins.Select(p => (w.Path, Pin: p))).Concat(dependencies.Values.SelectMany(d => d.Uses.Select(p => (Path: d.Key.ToString(), Pin: p))));
        missing.AddRange(pins.Where(p => !dependencies.ContainsKey(p.Pin.Key)).Select(p =>
            new Finding(FindingCodes.ActionsLockIncomplete, $"`{YamlText.Shown(p.Path)}` names `{YamlText.Shown(p.Pin.Key.ToString())}`, which has no entry in dependencies.", p.Pin.Place, ActionsLock.UpdateCommand) { Input = p.Pin.Key.Repository }));
    }

    private Dictionary<string, YamlNode> Fields(YamlNode node, string name, string[] keys)
    {
        var fields = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        if (node is not YamlMapping mapping)
        {
            WrongKind(node, name, $"a mapping with the keys {string.Join(", ", keys)}");
            return fields;
        }

        foreach (var (key, value) in mapping.Entries)
        {
            if (keys.Contains(key.Value))
            {
                fields.Add(key.Value, value);
            }
            else if (Suggestion.For(key.Value, keys) is { } suggestion)
            {
                Report(key, $"`{YamlText.Shown(key.Value)}` is no key of {name}; did you mean `{suggestion}`?", $"write `{suggestion}`");
            }
            else
            {
                Report(key, $"`{YamlText.Shown(key.Value)}` is no key of {name}.", $"remove it, or {Anew}");
            }
        }

        return fields;
    }

    private YamlNode? Needed(Dictionary<string, YamlNode> fields, YamlNode at, string name, string key)
    {
        if (fields.TryGetValue(key, out var node))
        {
            return node;
        }

        Report(at, $"{Capital(name)} has no `{key}`.", Anew);
        return null;
    }

    private string? Text(YamlNode node, string name)
    {
        if (node is not YamlScalar scalar || scalar.Value.Length == 0)
        {
            WrongKind(node, name, "a text");
            return null;
        }

        if (ActionsLockText.IsNoText(scalar))
        {
            Report(node, $"{Capital(name)} is `{YamlText.Shown(scalar.Value)}` without quotes, which is no text in YAML.", $"write '{YamlText.Shown(scalar.Value)}' with the quotes");
            return null;
        }

        return scalar.Value;
    }

    private void WrongKind(YamlNode node, string name, string expected)
    {
        var found = node switch
        {
            YamlScalar { IsPlain: true, Value: "" } => "has no value",
            YamlScalar scalar => $"is `{YamlText.Shown(scalar.Value)}`",
            YamlSequence => "is a list",
            YamlMapping => "is a mapping",
            _ => null,
        };
        if (found is not null)
        {
            Report(node, $"{Capital(name)} has to be {expected}, and {found}.", Anew);
        }
    }

    private static string Capital(string name) => string.Concat(char.ToUpperInvariant(name[0]).ToString(), name.AsSpan(1));

    private SourcePlace PlaceOf(YamlNode node) => new(file, node.Line, node.Column);

    private void Report(YamlNode node, string message, string remedy) => problems.Add(new YamlProblem(message, remedy, node.Line, node.Column));

    [GeneratedRegex(@"\Av?[0-9]+\.[0-9]+\.[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionForm();
}
