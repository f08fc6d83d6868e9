using System.Text;
using Hardening.Ecosystems.Actions;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Tests;

/// <summary>What a workflow uses, compared with the lockfile and the policy. Nothing is asked from the network.</summary>
[TestClass]
public sealed class ActionsVerifierTests
{
    private const string Old = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string New = "67a3573c9a986a3f9c594539f4ab511d57bb3ce9";
    private const string Inner = "00f1e2d3c4b5a69788796a5b4c3d2e1f00112233";
    private const string Bad = "0e58ed8671d6b60d0890c21b07f8835ace038e67";
    private const string Long = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly ActionEntry Checkout = Entry("Actions/Checkout", Old, "refs/tags/v4", "refs/tags/v4.2.2") with { Uses = Uses((".", []), ("sub", [])) };

    [TestMethod]
    [DataRow("a/b@v1", "6:15 HRD2001 a/b `v1` is not in the lockfile. | dotnet msbuild -t:HardeningUpdate", DisplayName = "a repository that nobody accepted")]
    [DataRow("a/b@" + New, "6:15 HRD2001 a/b " + New + " is not in the lockfile. | dotnet msbuild -t:HardeningUpdate", DisplayName = "a commit of such a one")]
    [DataRow("actions/checkout@v5", "6:15 HRD2001 actions/checkout `v5` is not in the lockfile.", DisplayName = "a tag that nobody accepted")]
    [DataRow("actions/checkout@v4.2", "6:15 HRD2001", DisplayName = "a tag is not another that begins like it")]
    [DataRow("actions/checkout@V4", "6:15 HRD2001", DisplayName = "refs are compared with their case")]
    [DataRow("actions/checkout@refs/heads/v4", "6:15 HRD2001", DisplayName = "a branch is no tag")]
    [DataRow("https://github.com/actions/checkout@" + Old, "6:15 HRD2001", DisplayName = "a host of its own is another repository")]
    [DataRow("actions/checkout@" + New, "6:15 HRD2002 actions/checkout is pinned to " + New + ", but the lockfile has " + Old + " (v4.2.2). | take the change back; or accept it: dotnet msbuild -t:HardeningUpdate", DisplayName = "another commit")]
    [DataRow("actions/checkout/sub@" + New, "6:15 HRD2002", DisplayName = "another commit of a folder")]
    [DataRow("actions/checkout@v4", "6:15 HRD2003 actions/checkout is named by `v4`, which its owner can move at any time; the lockfile has " + Old + ". | dotnet msbuild -t:HardeningPin", DisplayName = "a tag")]
    [DataRow("actions/checkout@refs/tags/v4", "6:15 HRD2003", DisplayName = "a tag by its full name")]
    [DataRow("ACTIONS/CHECKOUT@v4.2.2", "6:15 HRD2003 ACTIONS/CHECKOUT is named by `v4.2.2`", DisplayName = "repositories are compared without their case")]
    [DataRow("actions/checkout@11bd719", "6:15 HRD2004 actions/checkout is pinned to 11bd719. GitHub takes a commit only in full", DisplayName = "a shortened commit")]
    [DataRow("actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af68", "6:15 HRD2004", DisplayName = "a commit that lacks one digit")]
    [DataRow("actions/checkout@" + Old + "0", "6:15 HRD2004", DisplayName = "a commit with one digit more")]
    [DataRow("actions/checkout@" + Old + " # v4.3.0", "6:15 HRD2005 The comment says v4.3.0, but the lockfile has the commit 11bd71901bbe of Actions/Checkout as v4.2.2. | dotnet msbuild -t:HardeningPin", DisplayName = "a comment of another version")]
    [DataRow("actions/checkout@" + Old + " # tag=v3", "6:15 HRD2005", DisplayName = "the same, as a tool writes it")]
    [DataRow("actions/checkout@" + Old + " #\u00A0v4.3.0", "6:15 HRD2005", DisplayName = "behind a space that is none of ASCII")]
    [DataRow("actions/checkout@" + Old + " # \u200Bv4.3.0", "6:15 HRD2005", DisplayName = "behind a space that nobody sees")]
    [DataRow("actions/checkout@" + Old, "", DisplayName = "the locked commit")]
    [DataRow("Actions/checkout/sub@" + Old + " # v4", "", DisplayName = "its folder, with a comment that says less")]
    [DataRow("actions/checkout@11BD71901BBE5B1630CEEA73D27597364C9AF683 # v4.2.2", "", DisplayName = "in capitals")]
    [DataRow("actions/checkout@" + Old + " # needs node 20", "", DisplayName = "a comment that is no version")]
    [DataRow("'actions/checkout@" + Old + "'   # v4.2.2: why", "", DisplayName = "a comment with more in it")]
    [DataRow("./.github/actions/x", "", DisplayName = "an action of the repository")]
    public void A_step_is_compared_with_the_lockfile(string uses, string expected)
    {
        using var repository = new Repository($"      - uses: {uses}\n");
        repository.Folder.File(".github/actions/x/action.yml", "runs:\n  using: composite\n  steps: []\n");

        Expect(expected, repository.Verify([Checkout]));
    }

    [TestMethod]
    public void Several_commits_of_a_repository_are_all_told()
        => Expect($"6:15 HRD2002 actions/checkout is pinned to {Inner}, but the lockfile has {Old} (v4.2.2), {New} (v5).", Verify($"- uses: actions/checkout@{Inner}", Checkout, Entry("actions/checkout", New, "refs/tags/v5")));

    [TestMethod]
    public void A_commit_of_64_digits_is_one()
    {
        Expect("", Verify($"- uses: a/b@{Long}", Entry("a/b", Long) with { Uses = Uses((".", [])) }));
        Expect("6:15 HRD2001", Verify($"- uses: a/b@{Long}"));
    }

    [TestMethod]
    public void A_branch_goes_before_a_tag_of_its_name_as_on_GitHub()
    {
        var branch = Entry("a/b", Old, "refs/heads/v1") with { Uses = Uses((".", [])) };
        var tag = Entry("a/b", New, "refs/tags/v1") with { Uses = Uses((".", [])) };

        Expect($"6:15 HRD2003 a/b is named by `v1`, which its owner can move at any time; the lockfile has {Old}.", Verify("- uses: a/b@v1", tag, branch));
        Expect($"6:15 HRD2003 a/b is named by `refs/tags/v1`, which its owner can move at any time; the lockfile has {New}.", Verify("- uses: a/b@refs/tags/v1", tag, branch));
    }

    [TestMethod]
    public void A_comment_beside_a_commit_without_a_version_cannot_be_borne_out()
        => Expect("6:15 HRD2005 The comment says v1.0.0, but the lockfile has the commit 11bd71901bbe of a/b without a version. | remove the version from the comment", Verify($"- uses: a/b@{Old} # v1.0.0", Entry("a/b", Old) with { Uses = Uses((".", [])) }));

    [TestMethod]
    [DataRow("- uses: docker://alpine:3.22")]
    [DataRow("- uses: docker://alpine")]
    [DataRow("- uses: docker://alpine@sha256:0123")]
    [DataRow("- uses: docker://alpine@" + Digest)]
    public void The_image_of_a_step_is_told_by_another_ecosystem(string step) => Expect(string.Empty, Verify(step));

    [TestMethod]
    [DataRow("container: node:20")]
    [DataRow("container: { image: \"node:20\", options: --init }")]
    [DataRow("services: { db: { image: postgres }, q: redis:7 }")]
    [DataRow("container: ${{ matrix.image }}")]
    [DataRow("services: ${{ fromJSON(inputs.services) }}")]
    [DataRow("container:")]
    public void Images_of_a_job_are_told_by_another_ecosystem(string job)
    {
        using var repository = new Repository(string.Empty, job);

        Expect(string.Empty, repository.Verify([]));
    }

    [TestMethod]
    public void The_image_of_a_Docker_action_may_not_be_an_expression()
    {
        using var repository = new Repository(string.Empty);
        repository.Folder.File("a/action.yml", "runs:\n  using: docker\n  image: docker://alpine:3\n");
        repository.Folder.File("b/action.yml", "runs:\n  using: docker\n  image: ${{ 'docker://evil' }}\n");
        repository.Folder.File("c/action.yml", "runs:\n  using: docker\n  image: Dockerfile\n");

        Expect("3:10 HRD2009 `${{ 'docker://evil' }}` has an expression, so nobody can say what runs.", repository.Verify([]));
    }

    [TestMethod]
    [DataRow("- uses: a/b@${{ inputs.version }}", "6:15 HRD2009 `a/b@${{ inputs.version }}` has an expression, so nobody can say what runs. | write the action with its commit, as in owner/repo@<commit>")]
    [DataRow("- uses: ${{ 'a/b@v1' }}", "6:15 HRD2009")]
    [DataRow("- uses: docker://${{ env.IMAGE }}", "6:15 HRD2009")]
    [DataRow("- uses: ./${{ env.FOLDER }}", "6:15 HRD2009")]
    [DataRow("- uses: a/b", "6:15 HRD2009 `a/b` has no `@` with a ref. | write owner/repo[/path]@<commit>, docker://image@sha256:…, or ./path")]
    [DataRow("- uses: b@v1", "6:15 HRD2009 `b@v1` is not of the form owner/repo[/path]@ref.")]
    [DataRow("- uses: a/b@v1@v2", "6:15 HRD2009 `a/b@v1@v2` has more than one `@`.")]
    [DataRow("- uses: ./a/../../b", "6:15 HRD2009 `./a/../../b` leads out of a folder by `..`.")]
    [DataRow("- uses: ./a@v1", "6:15 HRD2009")]
    [DataRow("- uses: ./C:/a", "6:15 HRD2009 `./C:/a` has a character that no file can have on every system.")]
    [DataRow("- uses: ../a", "6:15 HRD2009")]
    [DataRow("- uses: a/b/../c@v1", "6:15 HRD2009")]
    [DataRow("- uses: \"a/b@v1 \"", "6:16 HRD2009")]
    [DataRow("- uses: \"a/b@v1\\n\"", "6:16 HRD2009 `a/b@v1\n` has a character that is not shown as it is read.")]
    [DataRow("- uses: \"a/b@v1\\0\"", "6:16 HRD2009")]
    [DataRow("- uses: !!binary YS9iQHYx", "6:24 HRD2009")]
    [DataRow("- uses: 1", "6:15 HRD2009")]
    public void What_cannot_be_pinned_is_told(string step, string expected) => Expect(expected, Verify(step));

    [TestMethod]
    public void A_merge_key_is_told_and_what_it_merges_is_compared_all_the_same()
        => Expect("7:9 HRD2011 `<<` is a merge key, which GitHub does not take; what it merges was looked at all the same. | write the values themselves|6:19 HRD2001 a/b `v1`", Verify("- &x {uses: a/b@v1}\n      - <<: *x"));

    [TestMethod]
    public void A_reusable_workflow_is_compared_like_an_action()
    {
        using var repository = new Repository(null, "uses: ours/flows/.github/workflows/x.yml@v1");
        var entry = Entry("ours/flows", Old, "refs/tags/v1") with { Uses = Uses((".github/workflows/x.yml", [])) };

        Expect("5:11 HRD2001 ours/flows `v1` is not in the lockfile.", repository.Verify([]));
        Expect("5:11 HRD2003 ours/flows is named by `v1`", repository.Verify([entry]));
        Expect("5:11 HRD2003|5:11 HRD2032", repository.Verify([entry with { Uses = Uses((".", [])) }]));
    }

    [TestMethod]
    public void A_folder_that_was_not_locked_is_told()
    {
        Expect($"6:15 HRD2032 The lockfile has {Old} (v4.2.2) of Actions/Checkout, but not what other uses itself. | dotnet msbuild -t:HardeningUpdate", Verify($"- uses: actions/checkout/other@{Old}", Checkout));
        Expect($"6:15 HRD2032 The lockfile has {Old} (v4.2.2) of Actions/Checkout, but not what its root uses itself.", Verify($"- uses: actions/checkout@{Old}", Checkout with { Uses = Uses(("sub", [])) }));
        Expect("6:15 HRD2032", Verify($"- uses: actions/checkout/SUB@{Old}", Checkout));
    }

    [TestMethod]
    public void What_an_action_uses_is_locked_to_any_depth()
    {
        var first = Entry("a/first", Old) with { Uses = Uses((".", [("a/second@v1", $"a/second@{New}"), ("docker://alpine:3", "")])) };
        var second = Entry("a/second", New, "refs/tags/v1") with { Uses = Uses((".", [("a/third/x@v1", $"a/third@{Inner}")])) };
        var third = Entry("a/third", Inner, "refs/tags/v1") with { Uses = Uses(("x", [])) };

        Expect("", Verify($"- uses: a/first@{Old}", first, second, third));
        Expect($"6:15 HRD2032 a/first uses through `a/third/x@v1` a/third@{Inner}, which is not in the lockfile. | dotnet msbuild -t:HardeningUpdate", Verify($"- uses: a/first@{Old}", first, second));
        Expect($"6:15 HRD2032 a/first uses through `a/second@v1` a/second@{New}", Verify($"- uses: a/first@{Old}", first, third));
        Expect("6:15 HRD2032", Verify($"- uses: a/first@{Old}", first, second, third with { Uses = Uses((".", [])) }));
    }

    [TestMethod]
    public void Actions_that_use_each_other_in_a_circle_are_walked_once()
    {
        var first = Entry("a/first", Old) with { Uses = Uses((".", [("a/second@v1", $"a/second@{New}"), ("a/first/x@v1", $"a/first@{Old}")]), ("x", [("a/first@v1", $"a/first@{Old}")])) };
        var second = Entry("a/second", New) with { Uses = Uses((".", [("a/first@v1", $"a/first@{Old}")])) };

        Expect("", Verify($"- uses: a/first@{Old}", first, second));
    }

    [TestMethod]
    [DataRow("- uses: tj-actions/changed-files@" + Bad, "6:15 HRD2008 tj-actions/changed-files is pinned to " + Bad + ", which was published by attackers as tj-actions/changed-files (CVE-2025-30066).")]
    [DataRow("- uses: a/fork@" + Bad, "6:15 HRD2008", DisplayName = "in any repository")]
    [DataRow("- uses: a/fork@0E58ED8671D6B60D0890C21B07F8835ACE038E67 # v45", "6:15 HRD2008", DisplayName = "in capitals")]
    [DataRow("- uses: tj-actions/changed-files@v45", "6:15 HRD2003|6:15 HRD2008 `tj-actions/changed-files@v45` leads to the commit " + Bad, DisplayName = "by a tag that was locked to it")]
    [DataRow("- uses: tj-actions/changed-files/sub@v45", "6:15 HRD2003|6:15 HRD2008|6:15 HRD2032", DisplayName = "by a folder that was not locked")]
    [DataRow("- uses: a/outer@" + Old, "6:15 HRD2008 `a/outer@" + Old + "` leads through `tj-actions/changed-files@v45` to the commit " + Bad, DisplayName = "through another action")]
    public void A_commit_that_is_known_to_be_bad_is_told_also_where_it_is_locked(string step, string expected)
    {
        var bad = Entry("tj-actions/changed-files", Bad, "refs/tags/v45") with { Uses = Uses((".", [])) };
        var outer = Entry("a/outer", Old) with { Uses = Uses((".", [("tj-actions/changed-files@v45", bad.Key)])) };

        Expect(expected, Verify(step, bad, outer));
    }

    [TestMethod]
    public void The_policy_forbids()
    {
        var policy = new ActionsPolicy { Forbid = ["actions/*"] };

        Expect("6:15 HRD2007 actions/checkout is forbidden by `actions/*`. | use another action; or have hardening.yml permit it", Verify($"- uses: actions/checkout@{Old}", policy, Checkout));
        Expect("6:15 HRD2007|6:15 HRD2001", Verify("- uses: Actions/other@v1", policy));
        Expect("6:15 HRD2007", Verify($"- uses: https://github.com/actions/checkout@{Old}", policy, Entry("https://github.com/actions/checkout", Old) with { Uses = Uses((".", [])) }));
        Expect("", Verify($"- uses: docker://actions/checkout@{Digest}", policy));
    }

    [TestMethod]
    public void The_policy_permits_nothing_but_what_it_lists()
    {
        var policy = new ActionsPolicy { Allow = ["actions/*"] };
        var outer = Entry("actions/outer", New) with { Uses = Uses((".", [("evil/inner@v1", $"evil/inner@{Inner}")])) };
        var inner = Entry("evil/inner", Inner, "refs/tags/v1") with { Uses = Uses((".", [])) };

        Expect("", Verify($"- uses: actions/checkout@{Old}", policy, Checkout));
        Expect("6:15 HRD2007 evil/inner is on no allow-list entry.", Verify($"- uses: evil/inner@{Inner}", policy, inner));
        Expect("6:15 HRD2007 evil/inner, used through `evil/inner@v1`, is on no allow-list entry.", Verify($"- uses: actions/outer@{New}", policy, outer, inner));
        Assert.AreEqual("evil/inner", Verify($"- uses: actions/outer@{New}", policy, outer, inner).Single().Input);
    }

    [TestMethod]
    public void The_policy_demands_another_action_in_place()
    {
        var policy = new ActionsPolicy { Replace = [new ActionReplacement("actions/checkout", "ours/checkout")] };

        Expect("6:15 HRD2017 actions/checkout is used, but the policy has ours/checkout in its place. | dotnet msbuild -t:HardeningUpdate", Verify($"- uses: actions/checkout@{Old}", policy, Checkout));
        Expect("6:15 HRD2017", Verify($"- uses: ACTIONS/Checkout/sub@{Old}", policy, Checkout));
        Expect("", Verify($"- uses: ours/checkout@{Old}", policy, Entry("ours/checkout", Old) with { Uses = Uses((".", [])) }));
    }

    [TestMethod]
    public void Findings_name_their_input_so_that_an_exception_can()
    {
        Assert.AreEqual("a/b@v1", Verify("- uses: a/b/c@v1").Single().Input);
        Assert.AreEqual("https://git.example/a/b@v1", Verify("- uses: https://git.example/a/b@v1").Single().Input);
    }

    [TestMethod]
    public void A_value_in_several_places_by_an_alias_is_told_where_it_stands()
        => Expect("6:18 HRD2001", Verify("- uses: &x a/b@v1\n      - uses: *x\n      - uses: *x"));

    [TestMethod]
    public void Line_and_column_are_those_of_an_editor()
    {
        using var repository = new Repository(string.Empty);
        var text = "\uFEFFon: push # 😀\r\njobs:\r\n  a:\r\n    steps:\r\n    - name: 😀\r\n      uses:   'a/b@v1'\r\n    - {name: 😀, uses: \"c/d@v1\"}\r\n    - uses: >-\r\n        e/f@v1\r\n";
        repository.Folder.File(".github/workflows/ci.yml", Encoding.UTF8.GetBytes(text));

        Expect("6:16 HRD2001 a/b|7:25 HRD2001 c/d|9:9 HRD2001 e/f", repository.Verify([]));
    }

    [TestMethod]
    public void A_workflow_that_cannot_be_read_is_told_and_what_was_seen_of_it_is_compared()
        => Expect("7:9 HRD2010 `uses` is there twice; the first one is in line 6. | remove one of them|6:15 HRD2001 a/b|7:15 HRD2001 c/d", Verify("- uses: a/b@v1\n        uses: c/d@v1"));

    private static void Expect(string expected, IReadOnlyList<Finding> found)
    {
        var said = found.Select(f => $"{f.Place.Line}:{f.Place.Column} {f.Code.Id} {f.Message} | {f.Command}").ToList();
        var begins = expected.Length == 0 ? [] : Split(expected);
        Assert.HasCount(begins.Count, said, string.Join('\n', said));
        for (var i = 0; i < said.Count; i++)
        {
            Assert.StartsWith(begins[i], said[i]);
        }

        Assert.IsTrue(found.All(f => f.Place.File.Length > 0 && f.Command.Length > 0));
    }

    // `|` stands between findings, ` | ` before the command of one.
    private static List<string> Split(string expected) => [.. expected.Replace(" | ", "\0", StringComparison.Ordinal).Split('|').Select(e => e.Replace("\0", " | ", StringComparison.Ordinal))];

    private static IReadOnlyList<Finding> Verify(string step, params ActionEntry[] locked) => Verify(step, new ActionsPolicy(), locked);

    private static IReadOnlyList<Finding> Verify(string step, ActionsPolicy policy, params ActionEntry[] locked)
    {
        using var repository = new Repository($"      {step}\n");
        return repository.Verify(locked, policy);
    }

    private static ActionEntry Entry(string name, string commit, params string[] refs) => new(name, commit) { Refs = refs.ToDictionary(r => r, _ => commit) };

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Uses(params (string Path, (string Words, string Key)[] Used)[] uses) =>
        uses.ToDictionary(u => u.Path, IReadOnlyDictionary<string, string> (u) => u.Used.ToDictionary(w => w.Words, w => w.Key));

    /// <summary>A repository with one workflow, whose job has these steps from line 6 on, or something else on line 5.</summary>
    private sealed class Repository : IDisposable
    {
        internal Repository(string? steps, string job = "") =>
            Folder.File(".github/workflows/ci.yml", $"on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    {(job.Length > 0 ? job : "steps:")}\n{steps}");

        internal TemporaryFolder Folder { get; } = new();

        internal IReadOnlyList<Finding> Verify(IEnumerable<ActionEntry> locked, ActionsPolicy? policy = null)
        {
            var paths = Hardening.Files.RepositoryFiles.Find(Folder.Path, WorkflowFile.IsWanted, _ => false);
            var inputs = WorkflowInputs.Observe(Folder.Path, paths);
            return new ActionsVerifier(new ActionsSection { Commits = locked.ToDictionary(e => e.Key) }, policy ?? new ActionsPolicy()).Verify(inputs);
        }

        public void Dispose() => Folder.Dispose();
    }
}
