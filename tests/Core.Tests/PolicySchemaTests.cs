using System.Text.Json;
using System.Text.RegularExpressions;
using Hardening.Findings;
using Hardening.Policies;

namespace Hardening.Tests;

/// <summary>Holds docs/schema/hardening.schema.json, docs/policy.md and the reader together.</summary>
[TestClass]
public sealed partial class PolicySchemaTests
{
    private static readonly string Docs = DocsFolder();
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs, "schema", "hardening.schema.json"))).RootElement;

    [TestMethod]
    public void The_schema_has_the_keys_of_the_reader()
    {
        Same(PolicyKeys.OfRoot, Keys(Schema));
        Same(PolicyKeys.OfNuGet, Keys(Property(Schema, PolicyKeys.NuGet)));
        Same(PolicyKeys.OfActions, Keys(Actions));
        Same(PolicyKeys.OfReplacement, Keys(Replacement));
        Same(PolicyKeys.OfImages, Keys(Images));
        Same(PolicyKeys.OfImageReplacement, Keys(ImageReplacement));
        Same(PolicyKeys.OfExclusion, Keys(Item(PolicyKeys.Exclude)));
        Same(PolicyKeys.OfException, Keys(Item(PolicyKeys.Exceptions)));
    }

    [TestMethod]
    public void The_schema_refuses_other_keys_everywhere()
    {
        foreach (var node in Nodes(Schema).Where(node => node.TryGetProperty("properties", out _)))
        {
            Assert.AreEqual(JsonValueKind.False, node.GetProperty("additionalProperties").ValueKind, node.ToString());
            Assert.AreEqual("object", node.GetProperty("type").GetString());
        }
    }

    [TestMethod]
    public void The_schema_has_the_values_of_the_reader()
    {
        foreach (var section in (string[])[PolicyKeys.NuGet, PolicyKeys.Actions, PolicyKeys.Images])
        {
            Same(PolicyKeys.Enforcements.Keys, Values(Property(Property(Schema, section), PolicyKeys.Enforce)));
        }

        Same(PolicyKeys.Enforcements.Keys, Values(Property(Property(Schema, PolicyKeys.NuGet), PolicyKeys.ImplicitPackages)));
        Same(PolicyKeys.Enforcements.Keys, Values(Property(Actions, PolicyKeys.Unpinned)));
        Same(PolicyKeys.Enforcements.Keys, Values(Property(Images, PolicyKeys.Unpinned)));
        Same(PolicyKeys.UpdateRanges.Keys, Values(Property(Actions, PolicyKeys.Update)));
        Same(Enum.GetNames<UpdateRange>().Select(name => name.ToLowerInvariant()), PolicyKeys.UpdateRanges.Keys);
        Same(Enum.GetNames<Enforcement>().Select(name => name.ToLowerInvariant()), PolicyKeys.Enforcements.Keys);
        Same(FindingCodes.All.Where(code => ExceptionRules.InsteadOf(code) is null).Select(code => code.Id), Values(Property(Item(PolicyKeys.Exceptions), PolicyKeys.Code)));
    }

    [TestMethod]
    public void What_the_schema_requires_the_reader_requires()
    {
        const string exclusion = "exclude: [{ path: a, reason: r }]";
        const string exception = "exceptions: [{ code: HRD1014, input: i, path: a, reason: r, until: 2027-01-31 }]";
        const string replacement = "actions: { replace: [{ from: a/b, to: c/d, refs: [] }] }";
        PolicySamples.Read(exclusion);
        PolicySamples.Read(exception);
        PolicySamples.Read(replacement.Replace("[]", "{}", StringComparison.Ordinal));
        foreach (var (text, schema) in new[] { (exclusion, Item(PolicyKeys.Exclude)), (exception, Item(PolicyKeys.Exceptions)), (replacement.Replace(", refs: []", string.Empty, StringComparison.Ordinal), Replacement) })
        {
            var needed = schema.GetProperty("required").EnumerateArray().Select(key => key.GetString()).ToList();
            foreach (var key in Keys(schema))
            {
                var without = Regex.Replace(text, $@"(, )?\b{key}: [^ ,}}]+", string.Empty).Replace("{ ,", "{", StringComparison.Ordinal);
                if (needed.Contains(key))
                {
                    Assert.AreEqual($"has no `{key}`.", PolicySamples.Errors(without).Single().Message[^$"has no `{key}`.".Length..]);
                }
                else
                {
                    PolicySamples.Read(without);
                }
            }
        }
    }

    [TestMethod]
    public void Limits_are_the_same()
    {
        Assert.IsTrue(Nodes(Schema).Where(node => node.TryGetProperty("maxItems", out _)).All(node => node.GetProperty("maxItems").GetInt32() == PolicyWalk.MostItems));
        Assert.AreEqual(PolicyWalk.MostItems, Property(Replacement, PolicyKeys.Refs).GetProperty("maxProperties").GetInt32());
        Assert.AreEqual(RepositoryPatterns.LongestPattern, Pattern(PolicyKeys.Allow).GetProperty("maxLength").GetInt32());
        Assert.AreEqual(RepositoryPatterns.LongestPattern, Property(Replacement, PolicyKeys.From).GetProperty("maxLength").GetInt32());
        Assert.AreEqual(PathPatterns.LongestPattern, Property(Item(PolicyKeys.Exclude), PolicyKeys.Path).GetProperty("maxLength").GetInt32());
        Assert.AreEqual(PolicyWalk.LongestText, Property(Item(PolicyKeys.Exclude), PolicyKeys.Reason).GetProperty("maxLength").GetInt32());
        Assert.AreEqual(PolicyWalk.LongestText, Property(Item(PolicyKeys.Exceptions), PolicyKeys.Input).GetProperty("maxLength").GetInt32());
    }

    [TestMethod]
    [DataRow("samples")]
    [DataRow("samples/**")]
    [DataRow("src/.config/a..b")]
    [DataRow("..a")]
    [DataRow("../a")]
    [DataRow("..")]
    [DataRow("a/..")]
    [DataRow("a/../b")]
    [DataRow("./a")]
    [DataRow("/a")]
    [DataRow("C:/a")]
    [DataRow("a\\b")]
    [DataRow("a?")]
    [DataRow("{a,b}")]
    [DataRow("!a")]
    [DataRow("[a]")]
    public void The_schema_and_the_reader_judge_a_path_alike(string path)
        => Assert.AreEqual(PathPatterns.FaultOf(path) is null, Pattern(Property(Item(PolicyKeys.Exclude), PolicyKeys.Path)).IsMatch(path));

    [TestMethod]
    [DataRow("0")]
    [DataRow("12h")]
    [DataRow("3d")]
    [DataRow("2w")]
    [DataRow("3")]
    [DataRow("d")]
    [DataRow("-3d")]
    [DataRow("3 d")]
    [DataRow("3D")]
    [DataRow("1.5d")]
    [DataRow("123456d")]
    public void The_schema_and_the_reader_judge_an_age_alike(string age)
    {
        foreach (var section in (string[])[PolicyKeys.NuGet, PolicyKeys.Actions])
        {
            Assert.AreEqual(PolicyAge.TryParse(age, out _), Pattern(Property(Property(Schema, section), PolicyKeys.MinimumAge).GetProperty("anyOf")[1]).IsMatch(age));
        }
    }

    [TestMethod]
    [DataRow("actions/checkout")]
    [DataRow("Azure/a.b_c-d")]
    [DataRow("http-party/a")]
    [DataRow("..a/b..")]
    [DataRow("https://git.example/a/b")]
    [DataRow("https://git.example:8443/a/b")]
    [DataRow("actions/*")]
    [DataRow("*/*")]
    [DataRow("a*b*c/*d")]
    [DataRow("https://git.example/*/*")]
    [DataRow("https://*/a/b")]
    [DataRow("https://git.example/a")]
    [DataRow("http://git.example/a/b")]
    [DataRow("ssh://git.example/a/b")]
    [DataRow("https://a@git.example/a/b")]
    [DataRow("a/**")]
    [DataRow("**/a")]
    [DataRow("a")]
    [DataRow("*")]
    [DataRow("a/")]
    [DataRow("/a")]
    [DataRow("a//b")]
    [DataRow("a\\b")]
    [DataRow("a/b/c")]
    [DataRow("a/b@v1")]
    [DataRow("a/b.git")]
    [DataRow("a/.")]
    [DataRow("../a")]
    [DataRow("a/b c")]
    [DataRow("a/?")]
    [DataRow("a/[b]")]
    [DataRow("a/\u00E9")]
    public void The_schema_and_the_reader_judge_a_repository_alike(string text)
    {
        Assert.AreEqual(RepositoryPatterns.FaultOf(text) is null, Pattern(Pattern(PolicyKeys.Allow)).IsMatch(text));
        Assert.AreEqual(RepositoryPatterns.FaultOf(text) is null, Pattern(Pattern(PolicyKeys.Forbid)).IsMatch(text));
        Assert.AreEqual(RepositoryPatterns.NameFault(text) is null, Pattern(Property(Replacement, PolicyKeys.From)).IsMatch(text));
        Assert.AreEqual(RepositoryPatterns.NameFault(text) is null, Pattern(Property(Replacement, PolicyKeys.To)).IsMatch(text));
    }

    [TestMethod]
    [DataRow("docker.io/library/alpine")]
    [DataRow("docker.io/a/b/c")]
    [DataRow("mcr.microsoft.com/dotnet/runtime-deps")]
    [DataRow("localhost:5000/x")]
    [DataRow("localhost/x")]
    [DataRow("host:5000/x__y.z")]
    [DataRow("[::1]:5000/x")]
    [DataRow("mcr.microsoft.com/*")]
    [DataRow("docker.io/*")]
    [DataRow("docker.io/library/*")]
    [DataRow("docker.io/alpine/*")]
    [DataRow("localhost:5000/*")]
    [DataRow("alpine")]
    [DataRow("alpine/*")]
    [DataRow("library/alpine")]
    [DataRow("docker.io/alpine")]
    [DataRow("index.docker.io/library/alpine")]
    [DataRow("index.docker.io/*")]
    [DataRow("mcr.microsoft.com")]
    [DataRow("localhost:5000")]
    [DataRow("localhost")]
    [DataRow("ghcr.io/")]
    [DataRow("ghcr.io//x")]
    [DataRow("ghcr.io/x/")]
    [DataRow("/x")]
    [DataRow("https://ghcr.io/x")]
    [DataRow("docker://ghcr.io/x")]
    [DataRow("ghcr.io/X")]
    [DataRow("Ghcr.io/x")]
    [DataRow("ghcr.io/x:1")]
    [DataRow("ghcr.io/x:")]
    [DataRow("ghcr.io/x@sha256:0")]
    [DataRow("ghcr.io/x/*:1")]
    [DataRow("ghcr.io/x*")]
    [DataRow("ghcr.io/*/x")]
    [DataRow("ghcr.io/**")]
    [DataRow("ghcr.io/*/*")]
    [DataRow("*.io/x")]
    [DataRow("*/x")]
    [DataRow("ghcr.io/a..b")]
    [DataRow("ghcr.io/../x")]
    [DataRow("ghcr.io/-a")]
    [DataRow("-ghcr.io/a")]
    [DataRow("gh_cr.io/a")]
    [DataRow("ghcr.io/\u00E9")]
    [DataRow("${REGISTRY}/x")]
    public void The_schema_and_the_reader_judge_an_image_alike(string text)
    {
        var listed = Pattern(Resolved(Property(Images, PolicyKeys.Allow).GetProperty("items")));
        Assert.AreEqual(ImagePatterns.FaultOf(text) is null, listed.IsMatch(text));
        Assert.AreEqual(ImagePatterns.FaultOf(text) is null, Pattern(Resolved(Property(Images, PolicyKeys.Forbid).GetProperty("items"))).IsMatch(text));
        Assert.AreEqual(ImagePatterns.NameFault(text) is null, Pattern(Property(ImageReplacement, PolicyKeys.From)).IsMatch(text));
        Assert.AreEqual(ImagePatterns.NameFault(text) is null, Pattern(Property(ImageReplacement, PolicyKeys.To)).IsMatch(text));
    }

    [TestMethod]
    public void Only_the_list_of_the_forbidden_may_not_hold_everything()
    {
        Assert.AreEqual("*/*", Property(Actions, PolicyKeys.Forbid).GetProperty("items").GetProperty("not").GetProperty("const").GetString());
        Assert.IsFalse(Property(Actions, PolicyKeys.Allow).GetProperty("items").TryGetProperty("not", out _));
        PolicySamples.Read("actions: { allow: ['*/*'] }");
        PolicySamples.Errors("actions: { forbid: ['*/*'] }");
    }

    [TestMethod]
    [DataRow("v4")]
    [DataRow("4.1")]
    [DataRow("releases/v4")]
    [DataRow("*")]
    [DataRow("v*")]
    [DataRow("a@b")]
    [DataRow("a b")]
    [DataRow("a:b")]
    [DataRow("a~1")]
    [DataRow("a^1")]
    [DataRow("a?")]
    [DataRow("a[1]")]
    [DataRow("a\\b")]
    public void The_schema_and_the_reader_judge_a_ref_alike(string text)
    {
        var refs = Property(Replacement, PolicyKeys.Refs);

        Assert.AreEqual(IsRead($"'{text}': v4"), Pattern(refs.GetProperty("propertyNames")).IsMatch(text));
        Assert.AreEqual(IsRead($"v4: '{text}'"), Pattern(refs.GetProperty("additionalProperties")).IsMatch(text));

        static bool IsRead(string entry) =>
            PolicyReader.Read(System.Text.Encoding.UTF8.GetBytes($"actions: {{ replace: [{{ from: a/b, to: c/d, refs: {{ {entry} }} }}] }}"), PolicySamples.File, out _) is not null;
    }

    [TestMethod]
    public void Everything_in_the_schema_is_described()
    {
        foreach (var (name, node) in Nodes(Schema).Where(node => node.TryGetProperty("properties", out _)).SelectMany(node => node.GetProperty("properties").EnumerateObject()).Select(p => (p.Name, p.Value)))
        {
            Assert.IsTrue(node.TryGetProperty("description", out _) || Resolved(node).TryGetProperty("description", out _), name);
        }

        Assert.AreEqual("https://json-schema.org/draft/2020-12/schema", Schema.GetProperty("$schema").GetString());
        StringAssert.Contains(File.ReadAllText(Path.Combine(Docs, "policy.md")), $"$schema={Schema.GetProperty("$id").GetString()}");
    }

    [TestMethod]
    public void The_examples_of_the_documentation_are_policies()
    {
        foreach (var page in (string[])["policy.md", "HRD0015.md", "HRD0016.md"])
        {
            var examples = Example.Matches(File.ReadAllText(Path.Combine(Docs, page))).Select(match => match.Groups["yaml"].Value).ToList();
            Assert.IsNotEmpty(examples, page);
            foreach (var example in examples)
            {
                PolicySamples.Read(example);
            }
        }

        var full = Example.Match(File.ReadAllText(Path.Combine(Docs, "policy.md"))).Groups["yaml"].Value;
        foreach (var key in PolicyKeys.OfRoot.Concat(PolicyKeys.OfNuGet).Concat(PolicyKeys.OfActions).Concat(PolicyKeys.OfReplacement).Concat(PolicyKeys.OfImages).Concat(PolicyKeys.OfExclusion).Concat(PolicyKeys.OfException))
        {
            Assert.MatchesRegex($@"\b{key}:", full);
        }
    }

    private static string DocsFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Hardening.Sdk.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Hardening.Sdk.sln");
        }

        return Path.Combine(folder, "docs");
    }

    private static void Same(IEnumerable<string> expected, IEnumerable<string> actual) =>
        CollectionAssert.AreEqual(expected.Order(StringComparer.Ordinal).ToList(), actual.Order(StringComparer.Ordinal).ToList());

    private static List<string> Keys(JsonElement node) => [.. node.GetProperty("properties").EnumerateObject().Select(p => p.Name)];

    private static IEnumerable<string> Values(JsonElement node) => node.GetProperty("enum").EnumerateArray().Select(value => value.GetString()!);

    private static JsonElement Property(JsonElement node, string name) => Resolved(node.GetProperty("properties").GetProperty(name));

    private static JsonElement Item(string list) => Resolved(Property(Schema, list).GetProperty("items"));

    private static JsonElement Actions => Property(Schema, PolicyKeys.Actions);

    private static JsonElement Images => Property(Schema, PolicyKeys.Images);

    private static JsonElement ImageReplacement => Resolved(Property(Images, PolicyKeys.Replace).GetProperty("items"));

    private static JsonElement Replacement => Resolved(Property(Actions, PolicyKeys.Replace).GetProperty("items"));

    private static JsonElement Pattern(string list) => Resolved(Property(Actions, list).GetProperty("items"));

    private static Regex Pattern(JsonElement node) => new(node.GetProperty("pattern").GetString()!);

    private static JsonElement Resolved(JsonElement node) => node.TryGetProperty("$ref", out var reference)
        ? reference.GetString()!.Split('/').Skip(1).Aggregate(Schema, (at, name) => at.GetProperty(name))
        : node;

    private static IEnumerable<JsonElement> Nodes(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().Where(p => p.Name != "examples").SelectMany(p => Nodes(p.Value)).Prepend(node),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(Nodes),
        _ => [],
    };

    [GeneratedRegex(@"```yaml\r?\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example { get; }
}
