using System.Globalization;
using Hardening.Findings;
using Hardening.Formats.Yaml;

namespace Hardening.Policies;

/// <summary>Makes a policy of the nodes of hardening.yml and collects what is wrong on the way. What is wrong keeps its default.</summary>
internal sealed partial class PolicyWalk
{
    internal const int MostItems = 1000;
    internal const int LongestText = 1000;

    private readonly List<YamlProblem> problems = [];

    internal IReadOnlyList<YamlProblem> Problems => problems;

    internal Policy Policy(YamlNode root)
    {
        var fields = Fields(root, "the policy", PolicyKeys.OfRoot);
        if (fields.TryGetValue(PolicyKeys.Version, out var version))
        {
            Version(version);
        }

        return new Policy
        {
            Exclude = Items(fields, PolicyKeys.Exclude, Exclusion),
            NuGet = fields.TryGetValue(PolicyKeys.NuGet, out var nuget) ? NuGet(nuget) : new NuGetPolicy(),
            Actions = fields.TryGetValue(PolicyKeys.Actions, out var actions) ? Actions(actions) : new ActionsPolicy(),
            Images = fields.TryGetValue(PolicyKeys.Images, out var images) ? Images(images) : new ImagesPolicy(),
            Exceptions = Items(fields, PolicyKeys.Exceptions, Exception),
        };
    }

    private void Version(YamlNode node)
    {
        if (Text(node, PolicyKeys.Version, "write `version: 1`") is not { } text || text == "1")
        {
            return;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 1)
        {
            Report(node, $"The policy has version {number}; this Hardening.Sdk reads version 1.", "update Hardening.Sdk in global.json");
        }
        else
        {
            Report(node, $"`{YamlText.Shown(text)}` is no version of a policy.", "write `version: 1`");
        }
    }

    private NuGetPolicy NuGet(YamlNode node)
    {
        var fields = Fields(node, PolicyKeys.NuGet, PolicyKeys.OfNuGet);
        var defaults = new NuGetPolicy();
        return new NuGetPolicy
        {
            Enforce = Word(fields, PolicyKeys.NuGet, PolicyKeys.Enforce, PolicyKeys.Enforcements, defaults.Enforce),
            ImplicitPackages = Word(fields, PolicyKeys.NuGet, PolicyKeys.ImplicitPackages, PolicyKeys.Enforcements, defaults.ImplicitPackages),
            MinimumAge = fields.TryGetValue(PolicyKeys.MinimumAge, out var age) ? MinimumAge(age, PolicyKeys.NuGet) : defaults.MinimumAge,
            Own = fields.TryGetValue(PolicyKeys.Own, out var own) ? Ids(own) : defaults.Own,
        };
    }

    private T Word<T>(Dictionary<string, YamlNode> fields, string section, string key, IReadOnlyDictionary<string, T> words, T otherwise)
    {
        var remedy = $"write one of {string.Join(", ", words.Keys)}";
        if (!fields.TryGetValue(key, out var node) || Text(node, $"{section}.{key}", remedy) is not { } text)
        {
            return otherwise;
        }

        if (words.TryGetValue(text, out var value))
        {
            return value;
        }

        Unknown(node, $"`{YamlText.Shown(text)}` is no value of {section}.{key}", text, words.Keys, remedy);
        return otherwise;
    }

    private TimeSpan MinimumAge(YamlNode node, string section)
    {
        const string Remedy = "write a whole number with h, d or w, as in 12h, 3d or 2w; or 0 for none";
        var name = $"{section}.{PolicyKeys.MinimumAge}";
        if (Text(node, name, Remedy) is { } text)
        {
            if (PolicyAge.TryParse(text, out var age))
            {
                return age;
            }

            Report(node, $"`{YamlText.Shown(text)}` is no age for {name}, which goes up to ten years.", Remedy);
        }

        return TimeSpan.Zero;
    }

    private List<string> Ids(YamlNode node) => Names(node, PolicyKeys.NuGet + "." + PolicyKeys.Own, "write the id as its project names it", static id =>
        id.Length > 100 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? ("is no id", null) : null);

    // The fault is the end of a sentence that begins with the name; a remedy of its own goes before that of all.
    private List<string> Names(YamlNode node, string name, string remedy, Func<string, (string Fault, string? Remedy)?> judge)
    {
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (item, at) in List(node, name))
        {
            if (Text(item, at, remedy) is not { } text)
            {
                continue;
            }

            if (judge(text) is { } fault)
            {
                Report(item, $"`{YamlText.Shown(text)}` {fault.Fault}.", fault.Remedy ?? remedy);
            }
            else if (!seen.Add(text))
            {
                Report(item, $"`{YamlText.Shown(text)}` is there twice.", "remove one of them");
            }
            else
            {
                names.Add(text);
            }
        }

        return names;
    }

    private Exclusion? Exclusion(YamlNode node, string at)
    {
        var fields = Fields(node, at, PolicyKeys.OfExclusion);
        var path = Glob(Needed(fields, node, at, PolicyKeys.Path, "the files that are not hardened, as in `path: samples/**`"), $"{at}.{PolicyKeys.Path}", mayBeAll: false);
        var reason = Reason(fields, node, at);
        return path is null || reason is null ? null : new Exclusion(path, reason);
    }

    private PolicyException? Exception(YamlNode node, string at)
    {
        var fields = Fields(node, at, PolicyKeys.OfException);
        var code = Code(Needed(fields, node, at, PolicyKeys.Code, "the code of the finding, as in `code: HRD1014`"), $"{at}.{PolicyKeys.Code}");
        var reason = Reason(fields, node, at);
        var until = Until(Needed(fields, node, at, PolicyKeys.Until, "the last day on which it counts, as in `until: YYYY-MM-DD`"), $"{at}.{PolicyKeys.Until}");
        var input = fields.TryGetValue(PolicyKeys.Input, out var inputNode) ? Input(inputNode, $"{at}.{PolicyKeys.Input}", code) : string.Empty;
        var path = fields.TryGetValue(PolicyKeys.Path, out var pathNode) ? Glob(pathNode, $"{at}.{PolicyKeys.Path}", mayBeAll: true) : string.Empty;
        return code is null || reason is null || until is null || input is null || path is null
            ? null
            : new PolicyException(code, reason, until.Value) { Input = input, Path = path, Line = node.Line };
    }

    private FindingCode? Code(YamlNode? node, string at)
    {
        const string Remedy = "write the code of the finding, as in HRD1014";
        if (node is null || Text(node, at, Remedy) is not { } text)
        {
            return null;
        }

        var code = FindingCodes.All.FirstOrDefault(c => c.Id == text);
        if (code is null)
        {
            Unknown(node, $"There is no code `{YamlText.Shown(text)}`", text, FindingCodes.All.Select(c => c.Id), Remedy);
        }
        else if (ExceptionRules.InsteadOf(code) is { } instead)
        {
            Report(node, $"There can be no exception for {code.Id} ({code.Title}).", instead);
            return null;
        }

        return code;
    }

    private DateOnly? Until(YamlNode? node, string at)
    {
        const string Remedy = "write the last day on which it counts as YYYY-MM-DD";
        if (node is null || Text(node, at, Remedy) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        Report(node, $"`{YamlText.Shown(text)}` is no date.", Remedy);
        return null;
    }

    private string? Input(YamlNode node, string at, FindingCode? code)
    {
        const string Remedy = "write the id, or id/version, as the finding names it; or remove the line";
        if (Text(node, at, Remedy) is not { } text)
        {
            return null;
        }

        if (!text.Any(char.IsWhiteSpace))
        {
            return code is not null && PolicyException.IsOfImages(code) ? ImageInput(code, node, text) : text;
        }

        Report(node, $"`{YamlText.Shown(text)}` is no input: it has a space.", Remedy);
        return null;
    }

    private string? Glob(YamlNode? node, string at, bool mayBeAll)
    {
        if (node is null || Text(node, at, "write a path with `/`, relative to the root of the repository") is not { } text)
        {
            return null;
        }

        if (PathPatterns.FaultOf(text) is { } fault)
        {
            Report(node, $"`{YamlText.Shown(text)}` {fault}.", "write a path with `/`, relative to the root of the repository, as in samples/**");
            return null;
        }

        if (!mayBeAll && PathPatterns.CoversEverything(text))
        {
            Report(node, $"`{YamlText.Shown(text)}` covers the whole repository.", "name a folder; to switch an ecosystem off, write `enforce: off` in its section");
            return null;
        }

        return text;
    }

    private string? Reason(Dictionary<string, YamlNode> fields, YamlNode parent, string at)
    {
        const string Remedy = "say why it is accepted and by whom";
        return Needed(fields, parent, at, PolicyKeys.Reason, Remedy) is { } node ? Text(node, $"{at}.{PolicyKeys.Reason}", Remedy) : null;
    }

    private YamlNode? Needed(Dictionary<string, YamlNode> fields, YamlNode parent, string at, string key, string what)
    {
        if (fields.TryGetValue(key, out var node))
        {
            return node;
        }

        if (parent is YamlMapping)
        {
            Report(parent, $"{at} has no `{key}`.", $"add `{key}`: {what}");
        }

        return null;
    }

    private List<T> Items<T>(Dictionary<string, YamlNode> root, string name, Func<YamlNode, string, T?> read)
        where T : class
    {
        var items = new List<T>();
        if (root.TryGetValue(name, out var node))
        {
            foreach (var (item, at) in List(node, name))
            {
                if (read(item, at) is { } value)
                {
                    items.Add(value);
                }
            }
        }

        return items;
    }

    private IEnumerable<(YamlNode Item, string At)> List(YamlNode node, string name)
    {
        if (node is not YamlSequence list)
        {
            WrongKind(node, name, "a list", "begin each item with `- `, or remove the key");
            return [];
        }

        if (list.Items.Count > MostItems)
        {
            Report(list.Items[MostItems], $"{name} has {list.Items.Count} items, and may have {MostItems}.", "use globs, or fewer items");
        }

        return list.Items.Take(MostItems).Select((item, i) => (item, $"{name}[{i}]"));
    }

    private Dictionary<string, YamlNode> Fields(YamlNode node, string name, string[] keys)
    {
        var fields = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        if (node is not YamlMapping mapping)
        {
            WrongKind(node, name, "a mapping", $"write lines `key: value` with the keys {string.Join(", ", keys)}");
            return fields;
        }

        foreach (var (key, value) in mapping.Entries)
        {
            if (keys.Contains(key.Value))
            {
                fields.Add(key.Value, value);
            }
            else
            {
                Unknown(key, $"`{YamlText.Shown(key.Value)}` is no key of {name}", key.Value, keys, $"remove it, or write one of {string.Join(", ", keys)}");
            }
        }

        return fields;
    }

    private string? Text(YamlNode node, string name, string remedy)
    {
        if (node is not YamlScalar scalar)
        {
            WrongKind(node, name, "a text", remedy);
            return null;
        }

        var text = scalar.Value.Trim();
        if (text.Length == 0)
        {
            Report(node, $"{name} is empty.", remedy);
            return null;
        }

        if (text.Length > LongestText)
        {
            Report(node, $"{name} has {text.Length} letters, and may have {LongestText}.", "make it shorter");
            return null;
        }

        return text;
    }

    private void WrongKind(YamlNode node, string name, string expected, string remedy)
    {
        var found = node switch
        {
            YamlScalar { IsPlain: true, Value: "" } => "has no value",
            YamlScalar => "is a text",
            YamlSequence => "is a list",
            YamlMapping => "is a mapping",
            _ => null,
        };
        if (found is not null)
        {
            Report(node, $"{name} has to be {expected}, and {found}.", remedy);
        }
    }

    private void Unknown(YamlNode node, string what, string written, IEnumerable<string> known, string remedy)
    {
        if (Suggestion.For(written, known) is { } suggestion)
        {
            Report(node, $"{what}; did you mean `{suggestion}`?", $"write `{suggestion}`");
        }
        else
        {
            Report(node, what + ".", remedy);
        }
    }

    private void Report(YamlNode node, string message, string remedy) => problems.Add(new YamlProblem(message, remedy, node.Line, node.Column));
}
