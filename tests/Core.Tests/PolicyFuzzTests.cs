using System.Globalization;
using System.Text;
using CsCheck;
using Hardening.Findings;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class PolicyFuzzTests
{
    private static readonly FindingCode[] Codes = [.. FindingCodes.All.Where(code => ExceptionRules.InsteadOf(code) is null)];

    private static readonly Gen<string> Ids = Gen.Char["abcXYZ019.-_"].Array[1, 12].Select(c => new string(c));
    private static readonly Gen<string> Reasons = Gen.Char["ab \"'\\#:-{}[]&*!|>%@`,?\n\t\u00E9\u4E2D\u05D0~0"].Array[1, 30].Select(c => new string(c).Trim()).Where(s => s.Length > 0);
    private static readonly Gen<string> Paths = Gen.OneOfConst("samples", "samples/", "**/obj", "src/*/tests/**", "a b/\u00E9", "*.md");
    private static readonly Gen<string> Inputs = Gen.Select(Ids, Gen.Int[0, 9]).Select((id, version) => version < 5 ? id : $"{id}/{version}.0");
    private static readonly Gen<Enforcement> Enforcements = Gen.Enum<Enforcement>();
    private static readonly Gen<DateOnly> Days = Gen.Int[0, 100_000].Select(new DateOnly(2000, 1, 1).AddDays);

    private static readonly Gen<string> Names = Gen.Select(Gen.OneOfConst("", "", "https://git.example/", "https://git.example:8443/"), Gen.Char["abAB01-_."].Array[1, 8], Gen.Char["abAB01-_."].Array[1, 8])
        .Select(n => $"{n.Item1}{new string(n.Item2)}/{new string(n.Item3)}").Where(name => RepositoryPatterns.NameFault(name) is null);
    private static readonly Gen<string> Patterns = Gen.OneOf(Names, Names.Select(name => name[..name.LastIndexOf('/')] + "/*"), Names.Select(name => name[..^1] + '*'), Gen.OneOfConst("*/a", "a*/*b", "https://git.example/*/*"))
        .Where(pattern => RepositoryPatterns.FaultOf(pattern) is null);
    private static readonly Gen<Dictionary<string, string>> Refs = Gen.Select(Gen.OneOfConst("v1", "V1", "*", "1.0", "releases/v1", "\u00E9", "null"), Gen.OneOfConst("v2", "main", "2.0", "true", "{x}")).Array[0, 3]
        .Select(refs => refs.DistinctBy(r => r.Item1).ToDictionary(r => r.Item1, r => r.Item2));

    // What stands in for others has letters that no other name and no pattern has, so that it leads back to none and is not forbidden.
    private static readonly Gen<ActionsPolicy> Actions = Gen.Select(
        Gen.Select(Enforcements, Enforcements, Gen.Enum<UpdateRange>(), Gen.Int[0, 5000]),
        Patterns.Array[0, 4], Patterns.Array[0, 4],
        Gen.Select(Names, Refs, (from, refs) => new ActionReplacement(from, "stands/in") { Refs = refs }).Array[0, 3],
        (values, allow, forbid, replace) => new ActionsPolicy
        {
            Enforce = values.Item1,
            Unpinned = values.Item2,
            Allow = [.. allow.Distinct(StringComparer.OrdinalIgnoreCase).Concat(allow.Length > 0 ? ["stands/in"] : [])],
            Forbid = [.. forbid.Distinct(StringComparer.OrdinalIgnoreCase)],
            Replace = [.. replace.DistinctBy(r => r.From, StringComparer.OrdinalIgnoreCase)],
            MinimumAge = TimeSpan.FromHours(values.Item4),
            Update = values.Item3,
        });

    // No image is forbidden, and what stands in for others has a registry of its own, which is allowed where anything is.
    private static readonly Gen<string> ImageNames = Gen.Select(Gen.OneOfConst("docker.io/library", "docker.io/a", "localhost:5000", "ghcr.io", "[::1]:5000/b"), Gen.Char["ab01"].Array[1, 6], (path, name) => $"{path}/{new string(name)}");
    private static readonly Gen<string> ImageAny = Gen.OneOf(ImageNames, ImageNames.Select(name => name + "/*"), Gen.OneOfConst("docker.io/*", "localhost:5000/*"));
    private static readonly Gen<ImagesPolicy> Images = Gen.Select(Enforcements, Enforcements, ImageAny.Array[0, 4], ImageAny.Array[0, 4], ImageNames.Array[0, 3], (enforce, unpinned, allow, forbid, from) => new ImagesPolicy
    {
        Enforce = enforce,
        Unpinned = unpinned,
        Allow = [.. allow.Distinct().Concat(allow.Length > 0 ? ["stands.in/*"] : [])],
        Forbid = [.. forbid.Distinct()],
        Replace = [.. from.Distinct().Select(name => new ImageReplacement(name, "stands.in/place"))],
    });

    private static readonly Gen<Policy> Policies = Gen.Select(
        Gen.Select(Paths, Reasons, (path, reason) => new Exclusion(path, reason)).Array[0, 3],
        Gen.Select(Enforcements, Enforcements, Gen.Int[0, 5000], Ids.Array[0, 3], (enforce, implicitPackages, hours, own) => new NuGetPolicy
        {
            Enforce = enforce,
            ImplicitPackages = implicitPackages,
            MinimumAge = TimeSpan.FromHours(hours),
            Own = [.. own.Distinct(StringComparer.OrdinalIgnoreCase)],
        }),
        Actions, Images,
        Gen.Select(Gen.OneOfConst(Codes), Reasons, Days, Gen.OneOf(Gen.Const(string.Empty), Inputs), Gen.OneOf(Gen.Const(string.Empty), Paths), (code, reason, until, input, path) =>
            new PolicyException(code, reason, until) { Input = input.Length > 0 && PolicyException.IsOfImages(code) ? $"docker.io/library/x:v{input.Length}" : input, Path = path }).Array[0, 3],
        (exclude, nuget, actions, images, exceptions) => new Policy
        {
            Exclude = exclude,
            NuGet = nuget,
            Actions = actions,
            Images = images,
            Exceptions = exceptions,
        });

    private static readonly string[] Tokens =
    [
        "nuget", "actions", "allow", "replace", "refs", "a/b", "*/*", "images", "docker.io/library/a", "alpine", "enforce", "exceptions", "exclude", "version", "reason", "until", "HRD1014", "HRD9999", "2027-01-31", ": ", ":", "- ", "? ", "[", "]", "{", "}", ",", "\n", "\r\n", "\r",
        "  ", "\t", "#", " #", "&a ", "*a", "<<", "!!str ", "!<x> ", "%TAG ! tag:x,2000:\n", "%YAML 1.1\n", "---\n", "...\n", "|\n", ">-\n", "|9\n", "'", "\"", "\\", "\\u0000", "\\ud800", "\\x", "\0",
        "\u0085", "\u2028", "\uFEFF", "\u202E", "\U0001F600", "~", "null", "../", "**", "\n<<<<<<< HEAD\n", "@", "`", "|", ">", "+", "=",
    ];

    [TestMethod]
    public void What_is_written_is_read_as_the_same()
        => Gen.Select(Policies, Gen.Bool, Gen.Bool).Sample((policy, flow, crlf) =>
        {
            var text = Written(policy, flow);
            var read = PolicySamples.Read(crlf ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text);

            PolicySamples.AreSame(policy, read with { Exceptions = [.. read.Exceptions.Select(e => e with { Line = 0 })] });
            var lines = text.Split('\n');
            Assert.IsTrue(read.Exceptions.All(e => lines[e.Line - 1].Contains("code: ", StringComparison.Ordinal)));
        }, iter: 2_000);

    [TestMethod]
    public void What_is_kept_is_found_as_the_same()
    {
        using var folder = new TemporaryFolder();
        Policies.Sample(policy =>
        {
            CompiledPolicy.Keep(folder.Path, "/a", "digest", policy);
            PolicySamples.AreSame(policy, CompiledPolicy.Find(folder.Path, "/a", "digest")!);
        }, iter: 50, threads: 1);
    }

    [TestMethod]
    public void Whatever_the_bytes_the_outcome_is_a_policy_or_findings_in_the_text()
        => Gen.Byte.Array[0, 200].Sample(Judge, iter: 20_000);

    [TestMethod]
    public void Whatever_is_changed_in_a_policy_the_outcome_is_a_policy_or_findings_in_the_text()
    {
        var edits = Gen.Select(Gen.Double.Unit, Gen.Int[0, 12], Gen.OneOfConst(Tokens)).Array[1, 4];
        Gen.Select(Gen.OneOf(Gen.Const(PolicySamples.Full), Policies.Select(policy => Written(policy, flow: false))), edits).Sample((text, changes) =>
        {
            foreach (var (where, length, token) in changes)
            {
                var at = (int)(where * text.Length);
                text = text[..at] + token + text[Math.Min(text.Length, at + length)..];
            }

            Judge(Encoding.UTF8.GetBytes(text));
        }, iter: 50_000);
    }

    [TestMethod]
    public void Whatever_tokens_stand_together_the_outcome_is_a_policy_or_findings_in_the_text()
        => Gen.OneOfConst(Tokens).Array[0, 30].Sample(tokens => Judge(Encoding.UTF8.GetBytes(string.Concat(tokens))), iter: 50_000);

    private static void Judge(byte[] bytes)
    {
        var policy = PolicyReader.Read(bytes, PolicySamples.File, out var findings);
        Assert.AreNotEqual(policy is null, findings.Count == 0);
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        foreach (var finding in findings)
        {
            Assert.AreEqual(FindingCodes.PolicyInvalid, finding.Code);
            Assert.IsInRange(1, lines.Length, finding.Place.Line, finding.Message);
            Assert.IsInRange(1, lines[finding.Place.Line - 1].Length + 1, finding.Place.Column, finding.Message);
            Assert.IsLessThan(1000, finding.Message.Length);
        }
    }

    private static string Written(Policy policy, bool flow)
    {
        var text = new StringBuilder("version: 1\n");
        Items("exclude", policy.Exclude.Select(e => new[] { ("path", e.Path), ("reason", e.Reason) }));
        text.Append(CultureInfo.InvariantCulture, $"nuget:\n  enforce: {Word(policy.NuGet.Enforce)}\n  implicitPackages: {Word(policy.NuGet.ImplicitPackages)}\n  minimumAge: {Age(policy.NuGet.MinimumAge)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  own: [{string.Join(", ", policy.NuGet.Own.Select(Quoted))}]\n");
        Actions(policy.Actions);
        text.Append(CultureInfo.InvariantCulture, $"images:\n  enforce: '{Word(policy.Images.Enforce)}'\n  unpinned: {Word(policy.Images.Unpinned)}\n  replace: [{string.Join(", ", policy.Images.Replace.Select(r => $"{{ from: {Quoted(r.From)}, to: {Quoted(r.To)} }}"))}]\n");
        text.Append(CultureInfo.InvariantCulture, $"  allow: [{string.Join(", ", policy.Images.Allow.Select(Quoted))}]\n  forbid: [{string.Join(", ", policy.Images.Forbid.Select(Quoted))}]\n");
        Items("exceptions", policy.Exceptions.Select(e => new[] { ("code", e.Code.Id), ("input", e.Input), ("path", e.Path), ("reason", e.Reason), ("until", e.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) }));
        return text.ToString();

        void Items(string name, IEnumerable<(string Key, string Value)[]> items)
        {
            text.Append(name).Append(':').Append(items.Any() ? "\n" : " []\n");
            foreach (var members in items.Select(item => item.Where(m => m.Value.Length > 0).Select(m => $"{m.Key}: {(m.Key is "code" or "until" ? m.Value : Quoted(m.Value))}")))
            {
                text.Append(flow ? $"  - {{ {string.Join(", ", members)} }}\n" : $"  - {string.Join("\n    ", members)}\n");
            }
        }

        void Actions(ActionsPolicy actions)
        {
            text.Append(CultureInfo.InvariantCulture, $"actions:\n  enforce: {Word(actions.Enforce)}\n  unpinned: {Word(actions.Unpinned)}\n  minimumAge: {Age(actions.MinimumAge)}\n  update: {Word(actions.Update)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  allow: [{string.Join(", ", actions.Allow.Select(Quoted))}]\n  forbid: [{string.Join(", ", actions.Forbid.Select(Quoted))}]\n  replace:{(actions.Replace.Count == 0 ? " []" : string.Empty)}\n");
            foreach (var replacement in actions.Replace)
            {
                var refs = string.Join(", ", replacement.Refs.Select(r => $"{Quoted(r.Key)}: {Quoted(r.Value)}"));
                text.Append(CultureInfo.InvariantCulture, $"  - {{ to: {Quoted(replacement.To)}, refs: {{ {refs} }}, from: {Quoted(replacement.From)} }}\n");
            }
        }

        static string Word<T>(T word)
            where T : struct, Enum => word.ToString().ToLowerInvariant();

        static string Age(TimeSpan age) => age == TimeSpan.Zero ? "0" : age.Hours > 0 ? $"{age.TotalHours}h" : age.Days % 7 > 0 ? $"{age.Days}d" : $"{age.Days / 7}w";

        static string Quoted(string value) => '"' + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + '"';
    }
}
