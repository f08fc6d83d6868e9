using System.Text;
using Hardening.Baselines;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Tests;

/// <summary>What a pull request can weaken about actions.</summary>
[TestClass]
public sealed class BaselineActionsTests
{
    private const string Workflow = ".github/workflows/ci.yml";
    private const string LockPath = ".github/workflows/actions.lock";
    private const string Sha = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string Other = "0123456789abcdef0123456789abcdef01234567";
    private const string ActionsLock = "version: 'v0.0.2'\nworkflows:\n    '.github/workflows/ci.yml':\n        - 'a/b@v1'\ndependencies:\n    'a/b@v1':\n        ref: 'v1'\n        commit: 'sha1-" + Sha + "'\n        owner_id: 1\n        repo_id: 2\n";

    private static readonly BaselineSnapshot Before = new() { Name = "origin/main", Top = "/repo", Lockfile = new Lockfile() };

    [TestMethod]
    [DataRow("a/b@" + Sha + " # v4", "A/b@v4", true)]
    [DataRow("a/b@" + Sha, "a/b/sub@main", true)]
    [DataRow("docker://alpine@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "docker://alpine:3", true)]
    [DataRow("a/b@" + Sha, "a/b@" + Other, false)]
    [DataRow("a/b@v1", "a/b@v2", false)]
    [DataRow("a/b@" + Sha, "c/d@v2", false)]
    [DataRow("a/b@" + Sha, "./local", false)]
    public void What_was_pinned_stays_pinned(string before, string after, bool weaker)
    {
        var found = Compare(Of((Workflow, Steps(before))), Of((Workflow, Steps("x/y@v1", after))));

        Assert.HasCount(weaker ? 1 : 0, found);
        Assert.IsTrue(found.All(f => f.Place.Line == 5 && f.Place.File == Path.Combine("/repo", Workflow) && f.Message.Contains("has it pinned as", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_renamed_workflow_is_compared_too() =>
        Assert.HasCount(1, Compare(Of((Workflow, Steps($"a/b@{Sha}"))), Of((".github/workflows/other.yaml", Steps("a/b@v4")))));

    [TestMethod]
    public void One_more_that_is_not_pinned_beside_others_is_found() =>
        Assert.HasCount(1, Compare(Of((Workflow, Steps($"a/b@{Sha}", "a/b@v1"))), Of((Workflow, Steps("a/b@v1", "a/b@v1")))));

    [TestMethod]
    public void What_is_hostile_is_compared_without_an_exception() =>
        Assert.IsEmpty(Compare(Of((Workflow, "jobs: [" + new string('[', 10_000))), Of((Workflow, "\0\u2028: &x {*x}"))));

    [TestMethod]
    public void The_lock_of_GitHub_may_not_lose_a_workflow()
    {
        var before = Of((Workflow, Steps("a/b@v1")), (LockPath, ActionsLock));

        Assert.IsEmpty(Compare(before, before));
        Assert.Contains("was removed", Compare(before, Of((Workflow, Steps("a/b@v1")))).Single().Message);
        Assert.Contains("is broken now", Compare(before, Of((Workflow, Steps("a/b@v1")), (LockPath, "version: ["))).Single().Message);
        Assert.Contains("no longer lists .github/workflows/ci.yml", Compare(before, Of((Workflow, Steps("a/b@v1")), (LockPath, "version: 'v0.0.2'\nworkflows: {}\ndependencies: {}\n"))).Single().Message);
        Assert.IsEmpty(Compare(before, Of((LockPath, "version: 'v0.0.2'\nworkflows: {}\ndependencies: {}\n"))));
    }

    [TestMethod]
    public void The_section_may_not_go()
    {
        var before = Before with { Lockfile = new Lockfile { Actions = new ActionsSection { IsBaseline = true } } };

        Assert.Contains("The section \"actions\" was removed", Compare(before, Before).Single().Message);
        Assert.IsEmpty(Compare(Before, before));
    }

    [TestMethod]
    [DataRow(1, 2, false)]
    [DataRow(666, 2, true)]
    [DataRow(1, 3, true)]
    [DataRow(0, 0, true)]
    public void A_new_commit_has_the_owner_of_the_old_one(int owner, int repository, bool weaker)
    {
        var before = Locked(new ActionEntry("a/b", Sha) { OwnerId = 1, RepositoryId = 2 });
        var after = Locked(new ActionEntry("A/b", Other) { OwnerId = owner, RepositoryId = repository });

        Assert.HasCount(weaker ? 1 : 0, Compare(before, after));
    }

    [TestMethod]
    public void A_replacement_is_added_or_led_elsewhere_by_a_person_only()
    {
        var one = new ActionReplacement("a/b", "good/b") { Refs = new Dictionary<string, string> { ["*"] = "good" } };

        Assert.IsEmpty(Compare(Policy(one), Policy(one)));
        Assert.HasCount(1, Compare(Policy(one), Policy(one with { Refs = new Dictionary<string, string> { ["*"] = "evil" } })));
        Assert.HasCount(1, Compare(Policy(one), Policy(one with { Refs = new Dictionary<string, string> { ["*"] = "good", ["v1"] = "evil" } })));
        Assert.HasCount(1, Compare(Policy(one), Policy(one, new ActionReplacement("c/d", "evil/d"))));
    }

    private static string Steps(params string[] uses) => "jobs:\n  a:\n    steps:\n" + string.Concat(uses.Select(u => $"      - uses: {u}\n"));

    private static BaselineSnapshot Of(params (string Path, string Text)[] files) => Before with { Workflows = files.ToDictionary(f => f.Path, f => Encoding.UTF8.GetBytes(f.Text)) };

    private static BaselineSnapshot Locked(ActionEntry entry) => Before with { Lockfile = new Lockfile { Actions = new ActionsSection { Commits = new Dictionary<string, ActionEntry> { [entry.Key] = entry } } } };

    private static BaselineSnapshot Policy(params ActionReplacement[] replace) =>
        Before with { Policy = new Policy { Actions = new ActionsPolicy { Replace = replace } }, PolicyHash = Guid.NewGuid().ToString() };

    private static IReadOnlyList<Finding> Compare(BaselineSnapshot before, BaselineSnapshot after)
    {
        var findings = BaselineComparison.Compare(before, after).Findings;
        Assert.IsTrue(findings.All(f => f.Code == FindingCodes.BaselineWeakened));
        return findings;
    }
}
