using System.Text;
using Hardening.Findings;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class PolicyReaderTests
{
    [TestMethod]
    public void Every_key_is_read()
    {
        var policy = PolicySamples.Read(PolicySamples.Full);

        PolicySamples.AreSame(
            new Policy
            {
                Exclude = [new Exclusion("samples/**", "nobody builds them")],
                NuGet = new NuGetPolicy
                {
                    Enforce = Enforcement.Ci,
                    ImplicitPackages = Enforcement.Build,
                    MinimumAge = TimeSpan.FromDays(3),
                    Own = ["Hardening.Sdk", "Some.Tool"],
                },
                Actions = new ActionsPolicy { Enforce = Enforcement.Warn },
                Images = new EcosystemPolicy { Enforce = Enforcement.Off },
                Exceptions =
                [
                    new PolicyException(FindingCodes.NeighbourId, "reviewed, see #12", new DateOnly(2027, 1, 31)) { Input = "Some.Package", Path = "src/**", Line = 14 },
                    new PolicyException(FindingCodes.SourcesNotCleared, "no private feed", new DateOnly(2027, 2, 28)) { Line = 19 },
                ],
            },
            policy);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("\n\r\n")]
    [DataRow("# nothing yet\n")]
    [DataRow("---\n")]
    [DataRow("---\n...\n")]
    [DataRow("version: 1\n")]
    [DataRow("{}")]
    [DataRow("nuget: {}\nexclude: []\nexceptions: []\nactions: {}\nimages: {}")]
    public void What_says_nothing_is_the_default(string text)
        => PolicySamples.AreSame(Policy.Default, PolicySamples.Read(text));

    [TestMethod]
    public void A_byte_order_mark_and_CRLF_change_nothing()
    {
        var bytes = (byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(PolicySamples.Full.ReplaceLineEndings("\r\n"))];

        var policy = PolicyReader.Read(bytes, PolicySamples.File, out var findings);

        Assert.IsEmpty(findings);
        PolicySamples.AreSame(PolicySamples.Read(PolicySamples.Full), policy!);
        Assert.StartsWith("3:1 `b` is no key", PolicySamples.Say(PolicySamples.Errors([0xEF, 0xBB, 0xBF, .. "nuget: {}\r\n\r\nb: 1\r\n"u8])[0]));
        Assert.StartsWith("1:1 `b` is no key", PolicySamples.Say(PolicySamples.Errors([0xEF, 0xBB, 0xBF, .. "b: 1"u8])[0]));
    }

    [TestMethod]
    [DataRow("0", 0)]
    [DataRow("12h", 12)]
    [DataRow("3d", 72)]
    [DataRow("2w", 336)]
    [DataRow("0d", 0)]
    [DataRow("3650d", 87600)]
    public void An_age_is_in_hours_days_or_weeks(string age, int hours)
        => Assert.AreEqual(TimeSpan.FromHours(hours), PolicySamples.Read($"nuget:\n  minimumAge: {age}\n").NuGet.MinimumAge);

    [TestMethod]
    // Keys.
    [DataRow("nuget:\n  enforc: ci", "2:3 `enforc` is no key of nuget; did you mean `enforce`? | write `enforce`")]
    [DataRow("nuget:\n  enfroce: ci", "2:3 `enfroce` is no key of nuget; did you mean `enforce`? | write `enforce`")]
    [DataRow("nuget:\n  implicit_packages: ci", "2:3 `implicit_packages` is no key of nuget; did you mean `implicitPackages`? | write `implicitPackages`")]
    [DataRow("NuGet: {}", "1:1 `NuGet` is no key of the policy; did you mean `nuget`? | write `nuget`")]
    [DataRow("docker: {}", "1:1 `docker` is no key of the policy. | remove it, or write one of version, exclude, nuget, actions, images, exceptions")]
    [DataRow("actions: { minimumAge: 3d }", "1:12 `minimumAge` is no key of actions. | remove it, or write one of enforce")]
    [DataRow("images: {}\nactions: {}\nimages: {}", "3:1 `images` is there twice; the first one is in line 1. | remove one of them")]
    [DataRow("\"images\": {}\nimages: {}", "2:1 `images` is there twice; the first one is in line 1. | remove one of them")]
    // Values.
    [DataRow("nuget: { enforce: wran }", "1:19 `wran` is no value of nuget.enforce; did you mean `warn`? | write `warn`")]
    [DataRow("nuget: { enforce: Off }", "1:19 `Off` is no value of nuget.enforce; did you mean `off`? | write `off`")]
    [DataRow("images: { enforce: never }", "1:20 `never` is no value of images.enforce. | write one of off, warn, ci, build")]
    [DataRow("nuget: { minimumAge: 3 }", "1:22 `3` is no age for nuget.minimumAge, which goes up to ten years. | write a whole number with h, d or w, as in 12h, 3d or 2w; or 0 for none")]
    [DataRow("nuget: { minimumAge: -3d }", "1:22 `-3d` is no age")]
    [DataRow("nuget: { minimumAge: 1.5d }", "1:22 `1.5d` is no age")]
    [DataRow("nuget: { minimumAge: d }", "1:22 `d` is no age")]
    [DataRow("nuget: { minimumAge: 3651d }", "1:22 `3651d` is no age")]
    [DataRow("nuget: { minimumAge: 99999w }", "1:22 `99999w` is no age")]
    [DataRow("nuget: { minimumAge: 3 d }", "1:22 `3 d` is no age")]
    [DataRow("nuget: { own: [a b] }", "1:16 `a b` is no id. | write the id as its project names it")]
    [DataRow("nuget: { own: [A, a] }", "1:19 `a` is there twice. | remove one of them")]
    [DataRow("version: 2", "1:10 The policy has version 2; this Hardening.Sdk reads version 1. | update Hardening.Sdk in global.json")]
    [DataRow("version: one", "1:10 `one` is no version of a policy. | write `version: 1`")]
    [DataRow("version: 01", "1:10 `01` is no version of a policy. | write `version: 1`")]
    [DataRow("version:", "1:9 version is empty. | write `version: 1`")]
    // Kinds of nodes.
    [DataRow("- a", "1:1 the policy has to be a mapping, and is a list.")]
    [DataRow("text", "1:1 the policy has to be a mapping, and is a text.")]
    [DataRow("nuget:", "1:7 nuget has to be a mapping, and has no value.")]
    [DataRow("nuget: ci", "1:8 nuget has to be a mapping, and is a text.")]
    [DataRow("nuget: { enforce: [ci] }", "1:19 nuget.enforce has to be a text, and is a list.")]
    [DataRow("nuget: { own: Hardening.Sdk }", "1:15 nuget.own has to be a list, and is a text. | begin each item with `- `, or remove the key")]
    [DataRow("exclude: { path: a }", "1:10 exclude has to be a list, and is a mapping.")]
    [DataRow("exclude: [samples]", "1:11 exclude[0] has to be a mapping, and is a text.")]
    // Exclusions.
    [DataRow("exclude:\n- reason: r", "2:3 exclude[0] has no `path`. | add `path`: the files that are not hardened, as in `path: samples/**`")]
    [DataRow("exclude:\n- path: a", "2:3 exclude[0] has no `reason`. | add `reason`: say why it is accepted and by whom")]
    [DataRow("exclude:\n- path: a\n  reason: ' '", "3:11 exclude[0].reason is empty. | say why it is accepted and by whom")]
    [DataRow("exclude:\n- path: a\n  reason: # later", "3:10 exclude[0].reason is empty.")]
    [DataRow("exclude: [{ path: ../a, reason: r }]", "1:19 `../a` leads out of a folder by `..`.")]
    [DataRow("exclude: [{ path: a/../b, reason: r }]", "1:19 `a/../b` leads out of a folder by `..`.")]
    [DataRow("exclude: [{ path: /etc, reason: r }]", "1:19 `/etc` is an absolute path;")]
    [DataRow("exclude: [{ path: 'C:/a', reason: r }]", "1:19 `C:/a` is an absolute path;")]
    [DataRow("exclude: [{ path: 'a\\b', reason: r }]", "1:19 `a\\b` has a backslash; folders are separated by `/`.")]
    [DataRow("exclude: [{ path: a//b, reason: r }]", "1:19 `a//b` has an empty folder name or `.`.")]
    [DataRow("exclude: [{ path: a?, reason: r }]", "1:19 `a?` has `?`; only `*` and `**` stand for something else.")]
    [DataRow("exclude: [{ path: '!a', reason: r }]", "1:19 `!a` has `!`;")]
    [DataRow("exclude: [{ path: a**b, reason: r }]", "1:19 `a**b` has `**` beside other letters;")]
    [DataRow("exclude: [{ path: '**', reason: r }]", "1:19 `**` covers the whole repository. | name a folder; to switch an ecosystem off, write `enforce: off` in its section")]
    [DataRow("exclude: [{ path: '**/*', reason: r }]", "1:19 `**/*` covers the whole repository.")]
    // Exceptions.
    [DataRow("exceptions:\n- { code: HRD1014, reason: r }", "2:3 exceptions[0] has no `until`. | add `until`: the last day on which it counts, as in `until: YYYY-MM-DD`")]
    [DataRow("exceptions:\n- { code: HRD1014, until: 2027-01-31 }", "2:3 exceptions[0] has no `reason`.")]
    [DataRow("exceptions:\n- { until: 2027-01-31, reason: r }", "2:3 exceptions[0] has no `code`. | add `code`: the code of the finding, as in `code: HRD1014`")]
    [DataRow("exceptions:\n- { code: HRD1014, reason: r, until: 2027-02-30 }", "2:38 `2027-02-30` is no date. | write the last day on which it counts as YYYY-MM-DD")]
    [DataRow("exceptions:\n- { code: HRD1014, reason: r, until: 31.01.2027 }", "2:38 `31.01.2027` is no date.")]
    [DataRow("exceptions:\n- { code: HRD1014, reason: r, until: never }", "2:38 `never` is no date.")]
    [DataRow("exceptions:\n- { code: hrd1014, reason: r, until: 2027-01-31 }", "2:11 There is no code `hrd1014`; did you mean `HRD1014`? | write `HRD1014`")]
    [DataRow("exceptions:\n- { code: NU1403, reason: r, until: 2027-01-31 }", "2:11 There is no code `NU1403`. | write the code of the finding, as in HRD1014")]
    [DataRow("exceptions:\n- { code: HRD1014, input: a b, reason: r, until: 2027-01-31 }", "2:27 `a b` is no input: it has a space.")]
    [DataRow("exceptions:\n- { code: HRD1014, input: '', reason: r, until: 2027-01-31 }", "2:27 exceptions[0].input is empty.")]
    [DataRow("exceptions:\n- { code: HRD1014, path: ../a, reason: r, until: 2027-01-31 }", "2:26 `../a` leads out of a folder by `..`.")]
    [DataRow("exceptions:\n- { code: HRD1001, reason: r, until: 2027-01-31 }", "2:11 There can be no exception for HRD1001 (A package is not in the lockfile). | accept it into the lockfile: dotnet msbuild -t:HardeningUpdate")]
    // What makes YAML mean something else than it seems.
    [DataRow("nuget: &a { enforce: ci }", "1:8 `&a` is an anchor, and none is permitted here. | remove it")]
    [DataRow("version: *a", "1:10 `*a` is an alias, and none is permitted here. | write the value itself")]
    [DataRow("nuget:\n  <<: { enforce: ci }", "2:3 `<<` is a merge key, and none is permitted here. | write the values themselves")]
    [DataRow("version: !!int 1", "1:10 The value has a tag, and none is permitted here. | remove the word that begins with `!`")]
    [DataRow("version: 1\n---\nversion: 1", "2:1 There is a second document. | remove it and the line `---` before it")]
    [DataRow("%YAML 1.2\n---\nversion: 1", "1:1 The text has a directive, and none is permitted here. | remove the line that begins with `%`")]
    [DataRow("? [a]\n: 1", "1:3 A key has to be a text. | write the key as a text")]
    [DataRow("a: b: c", "1:5 The text is no YAML: ")]
    [DataRow("nuget: { enforce: ci", "1:21 The text is no YAML: ")]
    [DataRow("nuget:\n\tenforce: ci", "1:1 The text is no YAML: ")]
    [DataRow("version: 1\n<<<<<<< HEAD\n", "2:1 The policy has merge-conflict markers. | solve the conflict")]
    // Characters that are read otherwise than they are shown.
    [DataRow("# a\u2028exceptions: []", "1:4 The text holds the character U+2028, which is read otherwise than it is shown. | remove the character")]
    [DataRow("version: 1\n# a\u0085b", "2:4 The text holds the character U+0085,")]
    [DataRow("# a\rexceptions: []", "1:4 The text holds a carriage return without a line feed,")]
    [DataRow("version: 1\n\0exclude: []", "2:1 The text holds the character U+0000,")]
    [DataRow("# \u202Ea", "1:3 The text holds the character U+202E,")]
    [DataRow("exclude: [{ path: a, reason: \"\\u202E\" }]", "1:30 The value holds the character U+202E by an escape. | remove the escape")]
    [DataRow("exclude: [{ path: \"\\0\", reason: a }]", "1:19 The value holds the character U+0000 by an escape.")]
    public void What_is_wrong_is_said_with_its_place_and_remedy(string text, string expected)
    {
        var finding = PolicySamples.Errors(text)[0];

        Assert.StartsWith(expected, PolicySamples.Say(finding));
    }

    [TestMethod]
    public void Columns_are_counted_in_UTF_16_units()
        => Assert.StartsWith("1:39 `b` is no key", PolicySamples.Say(PolicySamples.Errors("{ exclude: [{ path: a, reason: \U0001F600 }], b: 1 }")[0]));

    [TestMethod]
    public void All_errors_are_said_at_once_in_the_order_of_the_file()
    {
        const string text = """
            versoin: 1
            nuget:
              enforce: sometimes
              minimumAge: soon
              own: *ids
            exclude:
              - path: ../x
            exceptions:
              - code: HRD9999
                input: a
                until: tomorrow
            nuget: {}
            """;

        var lines = PolicySamples.Errors(text).Select(f => f.Place.Line).ToList();

        CollectionAssert.AreEqual(new[] { 1, 3, 4, 5, 7, 7, 9, 9, 11, 12 }, lines);
    }

    [TestMethod]
    public void Of_very_many_errors_a_hundred_are_said()
    {
        var findings = PolicySamples.Errors(string.Concat(Enumerable.Range(0, 500).Select(i => $"wrong{i}: 1\n")));

        Assert.HasCount(101, findings);
        Assert.AreEqual("101:1 There are 400 more errors from here on. | mend those before first", PolicySamples.Say(findings[^1]));
    }

    [TestMethod]
    public void What_is_too_large_too_deep_or_too_much_is_refused()
    {
        Assert.StartsWith("1:1 The file has 1048577 bytes, and may have 1048576.", PolicySamples.Say(PolicySamples.Errors(new string('#', PolicyReader.LargestFile + 1))[0]));
        Assert.StartsWith("1:17 The text is nested deeper than 16.", PolicySamples.Say(PolicySamples.Errors(new string('[', 1_000_000))[0]));
        Assert.StartsWith("1:33 The text is nested deeper than 16.", PolicySamples.Say(PolicySamples.Errors(string.Concat(Enumerable.Repeat("- ", 400_000)))[0]));
        Assert.StartsWith("1:", PolicySamples.Say(PolicySamples.Errors("[" + string.Concat(Enumerable.Repeat("a,", 400_000)) + "]")[0]));
        Assert.AreEqual(
            "1:5016 nuget.own has 1001 items, and may have 1000. | use globs, or fewer items",
            PolicySamples.Say(PolicySamples.Errors("nuget: { own: [" + string.Join(',', Enumerable.Range(1000, 1001)) + "] }")[0]));
    }

    [TestMethod]
    public void What_is_not_UTF_8_is_refused_at_its_place()
    {
        Assert.StartsWith("2:3 The text is not valid UTF-8. | save the file as UTF-8", PolicySamples.Say(PolicySamples.Errors([.. "# \u00E9\n# "u8, 0xFF])[0]));
        Assert.StartsWith("1:1 The text is not valid UTF-8.", PolicySamples.Say(PolicySamples.Errors(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("version: 1")).ToArray())[0]));
    }

    [TestMethod]
    public void No_exception_is_permitted_that_disarms_the_gate_or_belongs_into_the_lockfile()
    {
        var refused = FindingCodes.All.Where(code => ExceptionRules.InsteadOf(code) is not null).Select(code => code.Id).ToList();

        CollectionAssert.AreEqual(
            Range(1, 12).Concat(Range(14, 18)).Concat(Range(1001, 1002)).Append("HRD1009").Append("HRD1012").Concat(Range(1015, 1019)).Concat(Range(1021, 1022)).Append("HRD1024").Append("HRD1029").ToList(),
            refused);
        foreach (var code in FindingCodes.All)
        {
            var text = $"exceptions: [{{ code: {code.Id}, reason: r, until: 2027-01-31 }}]";
            if (refused.Contains(code.Id))
            {
                Assert.AreEqual(ExceptionRules.InsteadOf(code), PolicySamples.Errors(text).Single().Command);
            }
            else
            {
                Assert.AreEqual(code, PolicySamples.Read(text).Exceptions.Single().Code);
            }
        }

        static IEnumerable<string> Range(int from, int to) => Enumerable.Range(from, to - from + 1).Select(i => $"HRD{i:D4}");
    }
}
