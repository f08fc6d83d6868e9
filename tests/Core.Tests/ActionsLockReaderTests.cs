using System.Globalization;
using System.Text;
using Hardening.Ecosystems.Actions.GitHubLock;
using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Tests;

[TestClass]
public sealed class ActionsLockReaderTests
{
    // One dependency in the shortest form, in which a case puts something in the place of something else.
    private const string Short = """
        version: 'v0.0.2'
        workflows:
          .github/workflows/a.yml: [o/r@v1]
        dependencies:
          o/r@v1:
            ref: v1
            commit: sha1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
            owner_id: 1
            repo_id: 2
        """;

    private const string OfCommit = "sha1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [TestMethod]
    public void Everything_is_read_with_its_place()
    {
        var read = ActionsLockSamples.Read(ActionsLockSamples.Full);

        Assert.AreEqual("v0.0.2", read.Version);
        CollectionAssert.AreEqual(new[] { ActionsLockSamples.Ci, ".github/workflows/empty.yml", ActionsLockSamples.Release }, read.Workflows.Keys.ToList());
        var ci = read.Workflows[ActionsLockSamples.Ci];
        Assert.AreEqual(new SourcePlace(ActionsLockSamples.File, 6, 5), ci.Place);
        Assert.AreEqual("acme/cover@v7 8,actions/checkout@v4 8", string.Join(',', ci.Pins.Select((p, i) => $"{p.Key} {p.Place.Line - i + 1}")));
        Assert.AreEqual(11, ci.Pins[0].Place.Column);
        Assert.IsEmpty(read.Workflows[".github/workflows/empty.yml"].Pins);
        Assert.HasCount(4, read.Dependencies);
        var cover = read.Dependencies[new PinKey("acme/cover", "v7")];
        Assert.AreEqual(("v7", ActionsLockSamples.Cover, "sha1-" + ActionsLockSamples.Cover, 7L, 70L, string.Empty), (cover.Ref, cover.Commit, cover.Digest, cover.OwnerId, cover.RepositoryId, cover.HostName));
        Assert.AreEqual(new SourcePlace(ActionsLockSamples.File, 14, 5), cover.Place);
        Assert.AreEqual((new PinKey("actions/script", ActionsLockSamples.Script), new SourcePlace(ActionsLockSamples.File, 20, 15)), (cover.Uses.Single().Key, cover.Uses.Single().Place));
        Assert.AreEqual("v8.0.0", read.Dependencies[cover.Uses[0].Key].Ref);
    }

    [TestMethod]
    [DataRow("v0.0.1", "tag: v4.2.2", "v4.2.2")]
    [DataRow("v0.0.1", "branch: main", "main")]
    [DataRow("v0.0.1", "tag: v4.2.2, branch: main", "v4.2.2")]
    [DataRow("v0.0.1", "ref: v4.2.2, tag: v4", "v4.2.2")]
    [DataRow("v0.0.1", "", "v4")]
    public void The_first_schema_has_the_commit_in_each_key_and_names_refs_apart(string version, string members, string expected)
    {
        const string Key = "Actions/Checkout@v4:" + OfCommit;
        var read = ActionsLockSamples.Read($$"""
            version: {{version}}
            workflows: { .github/workflows/a.yml: ['{{Key}}'], .github/workflows/b.yml: [actions/checkout@v4] }
            dependencies: { '{{Key}}': { {{(members.Length == 0 ? string.Empty : members + ", ")}}commit: {{OfCommit}}, owner_id: 1, repo_id: 2 } }
            """);

        var dependency = read.Dependencies.Single();
        Assert.AreEqual((new PinKey("actions/checkout", "v4"), expected), (dependency.Key, dependency.Value.Ref));
        Assert.IsTrue(read.Workflows.Values.All(w => w.Pins.Single().Key == dependency.Key));
    }

    [TestMethod]
    [DataRow("", "")]
    [DataRow("hostname: github.com", "github.com")]
    [DataRow("hostname: octo-corp.ghe.com", "octo-corp.ghe.com")]
    public void The_third_schema_has_hosts(string member, string expected)
    {
        var read = ActionsLockSamples.Read(Short.Replace("v0.0.2", "v0.0.3", StringComparison.Ordinal).Replace("    ref: v1", member.Length == 0 ? "    ref: v1" : $"    {member}\n    ref: v1", StringComparison.Ordinal));

        Assert.AreEqual(expected, read.Dependencies.Values.Single().HostName);
    }

    [TestMethod]
    [DataRow("version: v0.0.2")]
    [DataRow("version: v0.0.2\nworkflows: {}\ndependencies: {}")]
    [DataRow("{ version: \"v0.0.2\", workflows: { a.yml: [] } }")]
    [DataRow("# a\r\nversion: v0.0.2\r\nworkflows:\r\n  a.yml: []\r\n")]
    [DataRow("\uFEFFversion: v0.0.2\n")]
    [DataRow("version: v0.0.2\ndependencies:\n  ? o/r@v1\n  : { ref: v1, commit: " + OfCommit + ", owner_id: 1, repo_id: 2, uses: [] }")]
    public void Other_ways_to_write_the_same_are_read(string text) => Assert.AreEqual("v0.0.2", ActionsLockSamples.Read(text).Version);

    [TestMethod]
    public void Names_of_repositories_are_the_same_in_any_letters_and_refs_are_not()
    {
        var read = ActionsLockSamples.Read(Short.Replace("[o/r@v1]", "[O/R@v1]", StringComparison.Ordinal).Replace("  o/r@v1:", "  o/R@v1:", StringComparison.Ordinal));

        Assert.AreEqual(new PinKey("o/r", "v1"), read.Dependencies.Keys.Single());
        ActionsLockReader.Read(Encoding.UTF8.GetBytes(Short.Replace("[o/r@v1]", "[o/r@V1]", StringComparison.Ordinal)), "f", out var findings);
        Assert.AreEqual(FindingCodes.ActionsLockIncomplete, findings.Single().Code);
    }

    [TestMethod]
    [DataRow("o/r@v1", "o/r", "v1")]
    [DataRow("O/R@release/V1", "o/r", "release/V1")]
    [DataRow("o/r@predicate@1.1.4", "o/r", "predicate@1.1.4")]
    [DataRow("o/r@refs/tags/v1", "o/r", "refs/tags/v1")]
    [DataRow("o/r", null, null)]
    [DataRow("o/r@", null, null)]
    [DataRow("@v1", null, null)]
    [DataRow("r@v1", null, null)]
    [DataRow("/r@v1", null, null)]
    [DataRow("o/@v1", null, null)]
    [DataRow("o/r/sub@v1", null, null)]
    [DataRow("o//r@v1", null, null)]
    [DataRow("o@x/r@v1", null, null)]
    [DataRow("o/r@v1:sha1-a", null, null)]
    [DataRow("o/r@a b", null, null)]
    [DataRow("o/r@a\u202Eb", null, null)]
    [DataRow("", null, null)]
    public void A_key_is_a_repository_and_a_ref(string text, string? repository, string? written)
    {
        Assert.AreEqual(repository is not null, PinKey.TryParse(text, out var key));
        Assert.AreEqual((repository, written), (key.Repository, key.Ref));
    }

    [TestMethod]
    // The whole file.
    [DataRow("", "1:1 The file is empty. | write it anew: dotnet msbuild -t:HardeningUpdate -p:HardeningWriteActionsLock=true")]
    [DataRow("# nothing", "1:1 The file is empty.")]
    [DataRow("[]", "1:1 The file has to be a mapping with the keys version, workflows, dependencies, and is a list.")]
    [DataRow("v0.0.2", "1:1 The file has to be a mapping with the keys version, workflows, dependencies, and is `v0.0.2`.")]
    [DataRow("workflows: {}", "1:1 The file has no `version`.")]
    [DataRow("version: v0.0.4", "1:10 The file has version v0.0.4; this Hardening.Sdk reads v0.0.1 to v0.0.3. | update Hardening.Sdk in global.json, or write it anew: ")]
    [DataRow("version: v1.0.0", "1:10 The file has version v1.0.0; this")]
    [DataRow("version: v0.0.2-rc1", "1:10 `v0.0.2-rc1` is no version of actions.lock.")]
    [DataRow("version: V0.0.2", "1:10 `V0.0.2` is no version of actions.lock.")]
    [DataRow("version: 2", "1:10 Version is `2` without quotes, which is no text in YAML. | write '2' with the quotes")]
    [DataRow("version:", "1:9 Version has to be a text, and has no value.")]
    [DataRow("version: [v0.0.2]", "1:10 Version has to be a text, and is a list.")]
    [DataRow("version: v0.0.2\nversions: a", "2:1 `versions` is no key of the file; did you mean `version`? | write `version`")]
    [DataRow("version: v0.0.2\nx: a", "2:1 `x` is no key of the file. | remove it, or write it anew: ")]
    [DataRow("version: v0.0.2\nworkflows:", "2:11 Workflows has to be a mapping, and has no value.")]
    [DataRow("version: v0.0.2\ndependencies: []", "2:15 Dependencies has to be a mapping, and is a list.")]
    [DataRow("version: v0.0.2\nversion: v0.0.2", "2:1 `version` is there twice; the first one is in line 1.")]
    [DataRow("version: v0.0.2\n<<<<<<< HEAD\nworkflows: {}\n", "2:1 The file has merge-conflict markers. | solve the conflict, or write it anew: ")]
    [DataRow("version: v0.0.2\n---\nversion: v0.0.2", "2:1 There is a second document.")]
    [DataRow("version: &v v0.0.2", "1:10 `&v` is an anchor")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: *v }", "2:21 `*v` is an alias")]
    [DataRow("version: v0.0.2\ndependencies: { <<: {} }", "2:17 `<<` is a merge key")]
    [DataRow("version: !!str v0.0.2", "1:10 The value has a tag")]
    [DataRow("version: v0.0.2\nworkflows: {", "2:13 The text is no YAML")]
    [DataRow("version: v0.0.2 # a\u2028workflows: {}", "1:20 The text holds the character U+2028")]
    // What GitHub's readers stop at, where the YAML library goes on.
    [DataRow("version: v0.0.2\nworkflows:\n  a.yml:\n  -\to/r@v1", "4:4 The file has a tab, at which GitHub's readers stop. | remove it, or write it anew: ")]
    [DataRow("# \u00E9\t", "1:4 The file has a tab")]
    [DataRow("# a\n% b\nversion: v0.0.2", "2:1 A line begins with `%`, at which GitHub's readers stop.")]
    [DataRow("%YAML 1.2\n---\nversion: v0.0.2", "1:1 A line begins with `%`")]
    // Workflows.
    [DataRow("version: v0.0.2\nworkflows: { '': [] }", "2:14 The path `` is empty.")]
    [DataRow("version: v0.0.2\nworkflows: { ../a.yml: [] }", "2:14 The path `../a.yml` leads out of a folder by `..`.")]
    [DataRow("version: v0.0.2\nworkflows: { /etc/passwd: [] }", "2:14 The path `/etc/passwd` is not relative to the root of the repository with `/`.")]
    [DataRow("version: v0.0.2\nworkflows: { 'C:\\a.yml': [] }", "2:14 The path `C:\\a.yml` is not relative")]
    [DataRow("version: v0.0.2\nworkflows: { '.github\\workflows\\a.yml': [] }", "2:14 The path `.github\\workflows\\a.yml` is not relative")]
    [DataRow("version: v0.0.2\nworkflows: { \"a\\nb\": [] }", "2:14 The path `a\nb` has a character that is read otherwise than it is shown.")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: }", "2:21 `a.yml` has to be a list, and has no value.")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: o/r@v1 }", "2:21 `a.yml` has to be a list, and is `o/r@v1`.")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: [[o/r@v1]] }", "2:22 An item of `a.yml` has to be a text of the form owner/repo@ref, and is a list.")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: [o/r] }", "2:22 `o/r` is not of the form owner/repo@ref.")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: [o/r/s@v1] }", "2:22 `o/r/s@v1` is not of the form owner/repo@ref.")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: ['o/r@v1:" + OfCommit + "'] }", "2:22 `o/r@v1:" + OfCommit + "` is not of the form owner/repo@ref.")]
    [DataRow("version: v0.0.1\nworkflows: { a.yml: ['o/r@v1:sha1-12'] }", "2:22 `o/r@v1:sha1-12` is not of the form owner/repo@ref:sha1-commit.")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: [o/r@v1, O/R@v1] }", "2:30 `O/R@v1` is there twice. | remove one of them")]
    [DataRow("version: v0.0.2\nworkflows: { a.yml: [] , a.yml: [] }", "2:26 `a.yml` is there twice")]
    public void What_is_wrong_with_the_file_is_said_with_its_place_and_remedy(string text, string expected) => Assert.StartsWith(expected, ActionsLockSamples.Say(ActionsLockSamples.Errors(text)[0]));

    [TestMethod]
    [DataRow("    ref: v1\n", "", "5:3 `o/r@v1` has no `ref`. | write it anew: ")]
    [DataRow("    owner_id: 1\n", "", "5:3 `o/r@v1` has no `owner_id`.")]
    [DataRow("    repo_id: 2", "", "5:3 `o/r@v1` has no `repo_id`.")]
    [DataRow("    commit: " + OfCommit + "\n", "", "5:3 `o/r@v1` has no `commit`.")]
    [DataRow("ref: v1", "ref: v2", "6:10 ref of `o/r@v1` is `v2`, and its key says `v1`.")]
    [DataRow("ref: v1", "ref: V1", "6:10 ref of `o/r@v1` is `V1`, and its key says `v1`.")]
    [DataRow("ref: v1", "ref: ''", "6:10 Ref of `o/r@v1` has to be a text, and is ``.")]
    [DataRow("ref: v1", "ref: 'a:b'", "6:10 ref of `o/r@v1` is `a:b`, which no tag or branch can be called.")]
    [DataRow("ref: v1", "ref: 'a b'", "6:10 ref of `o/r@v1` is `a b`, which no tag or branch can be called.")]
    [DataRow("ref: v1", "ref: 1.0", "6:10 Ref of `o/r@v1` is `1.0` without quotes, which is no text in YAML. | write '1.0' with the quotes")]
    [DataRow("ref: v1", "ref: Yes", "6:10 Ref of `o/r@v1` is `Yes` without quotes")]
    [DataRow("ref: v1", "ref: ~", "6:10 Ref of `o/r@v1` is `~` without quotes")]
    [DataRow("ref: v1", "ref: 2026-01-31", "6:10 Ref of `o/r@v1` is `2026-01-31` without quotes")]
    [DataRow("ref: v1", "ref: 0x10", "6:10 Ref of `o/r@v1` is `0x10` without quotes")]
    [DataRow("ref: v1", "ref: .inf", "6:10 Ref of `o/r@v1` is `.inf` without quotes")]
    [DataRow("ref: v1", "ref: 1e3", "6:10 Ref of `o/r@v1` is `1e3` without quotes")]
    [DataRow("ref: v1", "ref: [v1]", "6:10 Ref of `o/r@v1` has to be a text, and is a list.")]
    [DataRow("ref: v1", "tag: v1", "5:3 `o/r@v1` has no `ref`.")]
    [DataRow(OfCommit, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "7:13 commit of `o/r@v1` is `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`, and has to be sha1- with 40 or sha256- with 64 hexadecimal digits.")]
    [DataRow(OfCommit, "sha1-abc", "7:13 commit of `o/r@v1` is `sha1-abc`, and has to be")]
    [DataRow("sha1-", "sha256-", "7:13 commit of `o/r@v1` is `sha256-aa")]
    [DataRow("sha1-", "md5-", "7:13 commit of `o/r@v1` is `md5-aa")]
    [DataRow(OfCommit, "sha1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaag", "7:13 commit of `o/r@v1` is")]
    [DataRow("owner_id: 1", "owner_id: 0", "8:15 Owner_id of `o/r@v1` has to be a whole number above 0, without quotes, and is `0`.")]
    [DataRow("owner_id: 1", "owner_id: -1", "8:15 Owner_id of `o/r@v1` has to be a whole number")]
    [DataRow("owner_id: 1", "owner_id: 010", "8:15 Owner_id of `o/r@v1` has to be a whole number")]
    [DataRow("owner_id: 1", "owner_id: 1_0", "8:15 Owner_id of `o/r@v1` has to be a whole number")]
    [DataRow("owner_id: 1", "owner_id: +1", "8:15 Owner_id of `o/r@v1` has to be a whole number")]
    [DataRow("owner_id: 1", "owner_id: 1.0", "8:15 Owner_id of `o/r@v1` has to be a whole number")]
    [DataRow("owner_id: 1", "owner_id: \"1\"", "8:15 Owner_id of `o/r@v1` has to be a whole number above 0, without quotes, and is `1`.")]
    [DataRow("owner_id: 1", "owner_id: 9223372036854775808", "8:15 Owner_id of `o/r@v1` has to be a whole number")]
    [DataRow("owner_id: 1", "owner_id: \u0661", "8:15 Owner_id of `o/r@v1` has to be a whole number")]
    [DataRow("owner_id: 1", "owner_id:", "8:14 Owner_id of `o/r@v1` has to be a whole number above 0, without quotes, and has no value.")]
    [DataRow("repo_id: 2", "repo_id: {}", "9:14 Repo_id of `o/r@v1` has to be a whole number above 0, without quotes, and is a mapping.")]
    [DataRow("repo_id: 2", "repo_id: 2\n    uses: o/s@v1", "10:11 Uses of `o/r@v1` has to be a list, and is `o/s@v1`.")]
    [DataRow("repo_id: 2", "repo_id: 2\n    uses:", "10:10 Uses of `o/r@v1` has to be a list, and has no value.")]
    [DataRow("repo_id: 2", "repo_id: 2\n    uses: [o/r@v1]", "10:12 `o/r@v1` and `o/r@v1` use each other in a circle.")]
    [DataRow("repo_id: 2", "repo_id: 2\n    hostname: github.com", "10:5 `hostname` is no key of `o/r@v1`.")]
    [DataRow("repo_id: 2", "repo_id: 2\n    repo-id: 3", "10:5 `repo-id` is no key of `o/r@v1`; did you mean `repo_id`? | write `repo_id`")]
    [DataRow("  o/r@v1:", "  o@v1:", "5:3 `o@v1` is not of the form owner/repo@ref.")]
    [DataRow("  o/r@v1:", "  o/r@v1: x\n  o/s@v1:", "5:11 `o/r@v1` has to be a mapping with the keys ref, commit, owner_id, repo_id, uses, and is `x`.")]
    [DataRow("  o/r@v1:", "  O/R@v1: { ref: v1, commit: " + OfCommit + ", owner_id: 1, repo_id: 2 }\n  o/r@v1:", "6:3 `o/r@v1` is there twice, once written otherwise. | remove one of them")]
    public void What_is_wrong_with_a_dependency_is_said_with_its_place_and_remedy(string before, string after, string expected)
    {
        var text = Short.Replace(before, after, StringComparison.Ordinal);

        Assert.StartsWith(expected, ActionsLockSamples.Say(ActionsLockSamples.Errors(text)[0]));
    }

    [TestMethod]
    [DataRow("github.com.evil.example")]
    [DataRow("https://github.com")]
    [DataRow("GitHub.com")]
    [DataRow("a.b.ghe.com")]
    [DataRow("-a.ghe.com")]
    [DataRow("ghe.com")]
    [DataRow("github.com:443")]
    [DataRow("\"github.com\\n\"")]
    public void A_host_is_one_of_GitHubs(string host)
    {
        var text = Short.Replace("v0.0.2", "v0.0.3", StringComparison.Ordinal) + $"\n    hostname: {host}";

        Assert.Contains("and has to be github.com or NAME.ghe.com.", ActionsLockSamples.Errors(text).Single().Message);
    }

    [TestMethod]
    public void In_the_first_schema_the_same_ref_with_two_commits_is_refused_wherever_they_stand()
    {
        var other = "sha1-" + ActionsLockSamples.Commit('b');
        var twice = $"version: v0.0.1\ndependencies:\n  o/r@v1:{OfCommit}: {{ commit: {OfCommit}, owner_id: 1, repo_id: 2 }}\n  o/r@v1:{other}: {{ commit: {other}, owner_id: 1, repo_id: 2 }}\n";
        Assert.StartsWith($"4:3 `o/r@v1:{other}` is there twice, once written otherwise.", ActionsLockSamples.Say(ActionsLockSamples.Errors(twice)[0]));

        var inWorkflow = $"version: v0.0.1\nworkflows: {{ a.yml: ['o/r@v1:{other}'] }}\ndependencies:\n  o/r@v1:{OfCommit}: {{ commit: {OfCommit}, owner_id: 1, repo_id: 2 }}\n";
        Assert.StartsWith($"2:22 `o/r@v1` has the commit {other[5..]} here, and {OfCommit[5..]} in its entry.", ActionsLockSamples.Say(ActionsLockSamples.Errors(inWorkflow)[0]));

        var inBody = $"version: v0.0.1\ndependencies:\n  o/r@v1:{OfCommit}: {{ commit: {other}, owner_id: 1, repo_id: 2 }}\n";
        Assert.StartsWith($"3:3 `o/r@v1` has the commit {OfCommit[5..]} here, and {other[5..]} in its entry.", ActionsLockSamples.Say(ActionsLockSamples.Errors(inBody)[0]));
    }

    [TestMethod]
    public void What_is_named_without_an_entry_is_said_and_the_rest_is_read()
    {
        var text = ActionsLockSamples.Full.Replace("    'octo/shared@main':\n", "    'octo/shared@other':\n", StringComparison.Ordinal).Replace("ref: 'main'", "ref: 'other'", StringComparison.Ordinal)
            .Replace($"            - 'actions/script@{ActionsLockSamples.Script}'", "            - 'actions/script@v8'", StringComparison.Ordinal);
        var read = ActionsLockReader.Read(Encoding.UTF8.GetBytes(text), ActionsLockSamples.File, out var findings);

        Assert.IsNotNull(read);
        Assert.IsTrue(findings.All(f => f.Code == FindingCodes.ActionsLockIncomplete));
        CollectionAssert.AreEqual(
            new[]
            {
                "12:11 `.github/workflows/release.yml` names `octo/shared@main`, which has no entry in dependencies. | dotnet msbuild -t:HardeningUpdate -p:HardeningWriteActionsLock=true",
                "20:15 `acme/cover@v7` names `actions/script@v8`, which has no entry in dependencies. | dotnet msbuild -t:HardeningUpdate -p:HardeningWriteActionsLock=true",
            },
            findings.Select(ActionsLockSamples.Say).ToList());
        CollectionAssert.AreEqual(new[] { "octo/shared", "actions/script" }, findings.Select(f => f.Input).ToList());
    }

    [TestMethod]
    public void A_circle_is_refused_however_long_it_is()
    {
        // 5,000 that use each other in a chain whose end uses its beginning; a walk that calls itself would end the process.
        var text = new StringBuilder("version: v0.0.2\ndependencies:\n");
        for (var i = 0; i < 5000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  o/r{i:D4}@v1: {{ ref: v1, commit: {OfCommit}, owner_id: 1, repo_id: 2, uses: [o/r{(i + 1) % 5000:D4}@v1] }}\n");
        }

        Assert.StartsWith("5002:", ActionsLockSamples.Say(ActionsLockSamples.Errors(text.ToString()).Single()));
        Assert.HasCount(5000, ActionsLockSamples.Read(text.Replace("uses: [o/r0000@v1]", "uses: []").ToString()).Dependencies);
    }

    [TestMethod]
    public void Of_very_many_errors_a_hundred_are_said()
    {
        var findings = ActionsLockSamples.Errors("version: v0.0.2\nworkflows:\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"  a{i}: x\n")));

        Assert.HasCount(101, findings);
        Assert.StartsWith("There are 400 more errors from here on.", findings[^1].Message);
        Assert.AreEqual(103, findings[^1].Place.Line);
    }

    [TestMethod]
    public void What_is_too_large_too_deep_or_too_much_is_refused()
    {
        Assert.StartsWith("1:1 The file has 1048577 bytes, and may have 1048576.", ActionsLockSamples.Say(ActionsLockSamples.Errors(new string('#', ActionsLockReader.LargestFile + 1))[0]));
        Assert.StartsWith("1:9 The text is nested deeper than 8.", ActionsLockSamples.Say(ActionsLockSamples.Errors(new string('[', 1_000_000))[0]));
        Assert.Contains("The text has more than 100000 values.", ActionsLockSamples.Errors("[" + string.Concat(Enumerable.Repeat("a,", 400_000)) + "]")[0].Message);
    }

    [TestMethod]
    public void What_is_not_UTF_8_is_refused_at_its_place() =>
        Assert.StartsWith("2:3 The text is not valid UTF-8.", ActionsLockSamples.Say(ActionsLockSamples.Errors([.. "# a\n# "u8, 0xFF])[0]));
}
