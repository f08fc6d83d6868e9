using Hardening.Ecosystems.Actions.GitHubLock;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class ActionsLockVerifierTests
{
    private static readonly string Script = "actions/script@" + ActionsLockSamples.Script;

    [TestMethod]
    public void Of_a_file_that_fits_nothing_is_said() => Assert.IsEmpty(Verify(ActionsLockSamples.Full));

    [TestMethod]
    public void Nothing_is_said_of_a_workflow_that_is_not_onboarded()
        => Assert.IsEmpty(Verify(ActionsLockSamples.Full, ActionsLockSamples.Repository.Where(".github/workflows/new.yml", "octo/new@v1")));

    // HRD2014

    [TestMethod]
    [DataRow("octo/new@v1", "octo/new@v1")]
    [DataRow("Octo/New/sub/folder@v1", "octo/new@v1")]
    [DataRow("actions/checkout@V4", "actions/checkout@V4")]
    [DataRow("actions/checkout@v5", "actions/checkout@v5")]
    [DataRow("actions/checkout@refs/tags/v4", "actions/checkout@refs/tags/v4")]
    [DataRow("octo/shared/.github/workflows/other.yml@v1", "octo/shared@v1")]
    public void A_reference_without_an_entry_is_said_at_its_line(string uses, string key)
    {
        var findings = Verify(ActionsLockSamples.Full, ActionsLockSamples.Repository.Where(ActionsLockSamples.Ci, "actions/checkout@v4", "Acme/Cover@v7", uses, uses));

        var finding = findings.Single();
        Assert.AreEqual($"HRD2014 .github/workflows/ci.yml:3 actions.lock has no `{key}` for `.github/workflows/ci.yml`, which uses it and is onboarded; GitHub refuses to run it.", ActionsLockSamples.SayWhere(finding));
        Assert.AreEqual("dotnet msbuild -t:HardeningUpdate -p:HardeningWriteActionsLock=true", finding.Command);
        Assert.AreEqual(7, finding.Place.Column);
    }

    [TestMethod]
    public void An_entry_of_another_workflow_does_not_count()
    {
        // The attacker adds a line to a workflow and counts on the entry that another one has.
        var findings = Verify(ActionsLockSamples.Full, ActionsLockSamples.Repository.Where(".github/workflows/empty.yml", "actions/checkout@v4"));

        Assert.StartsWith("HRD2014 .github/workflows/empty.yml:1 actions.lock has no `actions/checkout@v4`", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void An_entry_that_is_only_used_indirectly_does_not_stand_for_a_direct_one()
    {
        var findings = Verify(ActionsLockSamples.Full, ActionsLockSamples.Repository.Where(ActionsLockSamples.Ci, "actions/checkout@v4", "Acme/Cover@v7", Script));

        Assert.StartsWith($"HRD2014 .github/workflows/ci.yml:3 actions.lock has no `{Script}`", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    [DataRow("octo/shared/.github/workflows/publish.yml@", true)]
    [DataRow("octo/shared@", false)]
    public void A_reusable_workflow_needs_no_entry_if_it_is_pinned_to_its_commit(string uses, bool isCovered)
    {
        var findings = Verify(ActionsLockSamples.Full, ActionsLockSamples.Repository.Where(ActionsLockSamples.Release, "actions/checkout@v4", "octo/shared/.github/workflows/publish.yml@main", uses + ActionsLockSamples.Shared));

        Assert.AreEqual(isCovered ? 0 : 1, findings.Count);
    }

    [TestMethod]
    public void What_a_used_action_uses_needs_an_entry_too()
    {
        var text = ActionsLockSamples.Full.Replace($"        uses:\n            - '{Script}'\n", string.Empty, StringComparison.Ordinal);
        var findings = Verify(text);

        CollectionAssert.AreEqual(
            new[]
            {
                $"HRD2014 .github/workflows/ci.yml:2 actions.lock has no `{Script}` for `.github/workflows/ci.yml`, which `acme/cover@v7` uses; GitHub refuses to run it.",
                $"HRD2015 {ActionsLock.FilePath}:24 No workflow uses `{Script}`, which has an entry.",
            },
            findings.Select(ActionsLockSamples.SayWhere).OrderBy(s => s, StringComparer.Ordinal).ToList());
    }

    [TestMethod]
    public void What_a_used_action_uses_may_be_listed_with_the_workflow_as_the_schema_says()
    {
        var text = ActionsLockSamples.Full.Replace($"        uses:\n            - '{Script}'\n", string.Empty, StringComparison.Ordinal)
            .Replace("        - 'acme/cover@v7'\n", $"        - 'acme/cover@v7'\n        - '{Script}'\n", StringComparison.Ordinal);
        Assert.IsEmpty(Verify(text));
    }

    [TestMethod]
    public void Only_the_used_folder_of_an_action_counts_but_all_of_what_it_uses_in_turn()
    {
        var deep = ActionsLockSamples.Commit('1');
        var section = ActionsLockSamples.Section.With(new ActionEntry("Acme/Cover", ActionsLockSamples.Cover)
        {
            Refs = ActionsLockSamples.Refs("refs/tags/v7"),
            Uses = ActionsLockSamples.Uses(
                (ActionEntry.RootPath, Script, Script), ("other", "octo/other@v1", $"octo/other@{deep}"), ("sub", "$/inner", $"acme/cover@{ActionsLockSamples.Cover}"), ("inner", "octo/deep@v1", $"octo/deep@{deep}")),
        }).With(new ActionEntry("octo/deep", deep));

        Assert.IsEmpty(Verify(ActionsLockSamples.Full, section: section));
        var findings = Verify(ActionsLockSamples.Full, ActionsLockSamples.Repository.Where(ActionsLockSamples.Ci, "actions/checkout@v4", "Acme/Cover@v7", "acme/cover/sub@v7"), section);
        Assert.AreEqual("HRD2014 .github/workflows/ci.yml:3 actions.lock has no `octo/deep@v1` for `.github/workflows/ci.yml`, which `acme/cover@v7` uses; GitHub refuses to run it.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void References_of_an_action_of_the_repository_count_for_each_workflow_that_uses_it()
    {
        var repository = ActionsLockSamples.Repository with
        {
            LocalActions =
            [
                new LocalActionUses("build/action", ActionsLockSamples.Placed("build/action/action.yml", "./build/inner", "./build/action")),
                new LocalActionUses("build/inner", ActionsLockSamples.Placed("build/inner/action.yml", "octo/new@v1")),
                new LocalActionUses("build/unused", ActionsLockSamples.Placed("build/unused/action.yml", "octo/newer@v1")),
            ],
        };

        Assert.AreEqual("HRD2014 build/inner/action.yml:1 actions.lock has no `octo/new@v1` for `.github/workflows/ci.yml`, which uses it and is onboarded; GitHub refuses to run it.", ActionsLockSamples.SayWhere(Verify(ActionsLockSamples.Full, repository).Single()));
    }

    [TestMethod]
    [DataRow("octo/new@v1", true)]
    [DataRow("docker://alpine:3", false)]
    public void A_workflow_of_the_repository_that_an_onboarded_one_calls_has_to_be_onboarded_if_it_uses_anything(string uses, bool isSaid)
    {
        var repository = ActionsLockSamples.Repository.Where(ActionsLockSamples.Ci, "actions/checkout@v4", "Acme/Cover@v7", "./.github/workflows/called.yml").Where(".github/workflows/called.yml", uses);

        CollectionAssert.AreEqual(
            isSaid ? ["HRD2014 .github/workflows/ci.yml:3 `.github/workflows/ci.yml` is onboarded, but `.github/workflows/called.yml`, which it calls, is not, so that what this uses is resolved anew in each run."] : Array.Empty<string>(),
            Verify(ActionsLockSamples.Full, repository).Select(ActionsLockSamples.SayWhere).ToList());
    }

    [TestMethod]
    public void A_reference_with_a_server_cannot_be_covered()
    {
        var findings = Verify(ActionsLockSamples.Full, ActionsLockSamples.Repository.Where(ActionsLockSamples.Ci, "actions/checkout@v4", "Acme/Cover@v7", "https://git.example/actions/checkout@v4"));

        Assert.AreEqual("HRD2014 .github/workflows/ci.yml:3 `https://git.example/actions/checkout@v4` names its server, which GitHub takes in no workflow and actions.lock cannot hold.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    // HRD2015

    [TestMethod]
    public void A_listed_workflow_that_is_not_there_is_said()
    {
        var repository = ActionsLockSamples.Repository with { Workflows = [.. ActionsLockSamples.Repository.Workflows.Where(w => w.Path != ActionsLockSamples.Release)] };

        Assert.AreEqual($"HRD2015 {ActionsLock.FilePath}:10 `.github/workflows/release.yml` is onboarded, but there is no such workflow.", ActionsLockSamples.SayWhere(Verify(ActionsLockSamples.Full, repository).Single()));
    }

    [TestMethod]
    public void Paths_of_workflows_are_compared_letter_by_letter()
    {
        var findings = Verify(ActionsLockSamples.Full.Replace("workflows/ci.yml'", "workflows/CI.yml'", StringComparison.Ordinal));

        Assert.AreEqual($"HRD2015 {ActionsLock.FilePath}:6 `.github/workflows/CI.yml` is onboarded, but there is no such workflow.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void What_a_workflow_does_not_use_any_more_is_said_at_its_line()
    {
        var findings = Verify(ActionsLockSamples.Full, ActionsLockSamples.Repository.Where(ActionsLockSamples.Ci, "actions/checkout@v4"));

        Assert.AreEqual($"HRD2015 {ActionsLock.FilePath}:7 `.github/workflows/ci.yml` does not use `acme/cover@v7`, which actions.lock lists for it.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void A_dependency_that_no_workflow_lists_is_said()
    {
        var findings = Verify(ActionsLockSamples.Full.Replace("        - 'octo/shared@main'\n", string.Empty, StringComparison.Ordinal), ActionsLockSamples.Repository.Where(ActionsLockSamples.Release, "actions/checkout@v4"));

        Assert.AreEqual($"HRD2015 {ActionsLock.FilePath}:30 No workflow uses `octo/shared@main`, which has an entry.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void Of_a_workflow_that_could_not_be_read_nothing_is_said()
    {
        var repository = ActionsLockSamples.Repository with { Workflows = [.. ActionsLockSamples.Repository.Workflows.Select(w => new WorkflowUses(w.Path, []) { IsUnreadable = true })] };

        Assert.IsEmpty(Verify(ActionsLockSamples.Full, repository));
    }

    // HRD2016

    [TestMethod]
    public void Another_commit_than_that_of_the_lockfile_is_said_with_both()
    {
        var evil = ActionsLockSamples.Commit('6');
        var findings = Verify(ActionsLockSamples.Full.Replace(ActionsLockSamples.Checkout, evil, StringComparison.Ordinal));

        var finding = findings.Single();
        Assert.AreEqual($"HRD2016 {ActionsLock.FilePath}:21 actions.lock has the commit {evil} for v4 of actions/checkout, and the lockfile {ActionsLockSamples.Checkout}.", ActionsLockSamples.SayWhere(finding));
        Assert.AreEqual("if the lockfile is right: dotnet msbuild -t:HardeningUpdate -p:HardeningWriteActionsLock=true; to accept what the repository has now: dotnet msbuild -t:HardeningUpdate -p:HardeningActions=actions/checkout", finding.Command);
        Assert.AreEqual("actions/checkout", finding.Input);
    }

    [TestMethod]
    public void A_commit_as_ref_with_another_commit_in_its_entry_is_said()
    {
        var evil = ActionsLockSamples.Commit('6');
        var findings = Verify(ActionsLockSamples.Full.Replace("sha1-" + ActionsLockSamples.Script, "sha1-" + evil, StringComparison.Ordinal));

        Assert.AreEqual($"HRD2016 {ActionsLock.FilePath}:26 `{Script}` names a commit, and its entry has another one: {evil}.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void A_ref_that_the_lockfile_has_with_another_commit_is_said()
    {
        // The key is pinned, and the ref beside it makes it look like a version that it is not.
        var section = ActionsLockSamples.Section.With(new ActionEntry("actions/script", ActionsLockSamples.Commit('1')) { Refs = ActionsLockSamples.Refs("refs/tags/v9.0.0") });
        var findings = Verify(ActionsLockSamples.Full.Replace("ref: 'v8.0.0'", "ref: 'v9.0.0'", StringComparison.Ordinal), section: section);

        Assert.AreEqual($"HRD2016 {ActionsLock.FilePath}:26 actions.lock has the commit {ActionsLockSamples.Script} for v9.0.0 of actions/script, and the lockfile {ActionsLockSamples.Commit('1')}.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void What_an_action_was_locked_to_by_another_counts_for_its_ref()
    {
        var text = ActionsLockSamples.Full.Replace(Script, "actions/script@v8", StringComparison.Ordinal).Replace("v8.0.0", "v8", StringComparison.Ordinal);
        var one = ActionsLockSamples.Section.With(ActionsLockSamples.Section.Of("Acme/Cover") with { Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, "actions/script@v8", Script)) });
        Assert.IsEmpty(Verify(text, section: one));

        var other = ActionsLockSamples.Entries([.. one.Commits.Values.Where(e => e.Name != "actions/script")]);
        Assert.StartsWith($"HRD2016 {ActionsLock.FilePath}:26 actions.lock has the commit {ActionsLockSamples.Commit('6')} for v8", ActionsLockSamples.SayWhere(Verify(text.Replace("sha1-" + ActionsLockSamples.Script, "sha1-" + ActionsLockSamples.Commit('6'), StringComparison.Ordinal), section: other).Single()));
    }

    [TestMethod]
    [DataRow("owner_id: 44\n        repo_id: 440", "owner_id: 45\n        repo_id: 440", "owner_id of `actions/checkout@v4` is 45, and 44 in the lockfile: it is not the same repository.")]
    [DataRow("owner_id: 44\n        repo_id: 440", "owner_id: 44\n        repo_id: 400", "repo_id of `actions/checkout@v4` is 400, and 440 in the lockfile: it is not the same repository.")]
    public void Other_numbers_of_owner_and_repository_are_said(string before, string after, string expected)
    {
        var text = ActionsLockSamples.Full.Replace(before, after, StringComparison.Ordinal);

        Assert.AreEqual($"HRD2016 {ActionsLock.FilePath}:21 {expected}", ActionsLockSamples.SayWhere(Verify(text).Single()));
        // Where no host was asked there is nothing to compare with.
        Assert.IsEmpty(Verify(text, section: ActionsLockSamples.Section.With(ActionsLockSamples.Section.Of("actions/checkout") with { OwnerId = 0, RepositoryId = 0 })));
    }

    [TestMethod]
    public void What_an_action_uses_by_actions_lock_alone_is_said_at_its_line()
    {
        var text = ActionsLockSamples.Full.Replace("        repo_id: 440\n", $"        repo_id: 440\n        uses:\n            - '{Script}'\n", StringComparison.Ordinal);

        Assert.AreEqual($"HRD2016 {ActionsLock.FilePath}:27 `actions/checkout@v4` uses `{Script}` by actions.lock, and does not by the lockfile.", ActionsLockSamples.SayWhere(Verify(text).Single()));
    }

    [TestMethod]
    public void What_the_lockfile_does_not_have_is_not_compared()
        => Assert.IsEmpty(ActionsLockVerifier.Verify(ActionsLockSamples.Read(ActionsLockSamples.Full), ActionsLockSamples.Repository, ActionsLockSamples.Entries()));

    [TestMethod]
    [DataRow("github.com", "github.com", true)]
    [DataRow("octo.ghe.com", "octo.ghe.com", true)]
    [DataRow("octo.ghe.com", "github.com", false)]
    public void A_dependency_of_another_host_is_compared_with_the_entries_of_that(string host, string own, bool isOwn)
    {
        var third = ActionsLockSamples.Full.Replace("v0.0.2", "v0.0.3", StringComparison.Ordinal).Replace($"        commit: 'sha1-{ActionsLockSamples.Checkout}'", $"        hostname: '{host}'\n        commit: 'sha1-{ActionsLockSamples.Commit('6')}'", StringComparison.Ordinal);
        var actionsLock = ActionsLockSamples.Read(third);

        Assert.HasCount(isOwn ? 1 : 0, ActionsLockVerifier.Verify(actionsLock, ActionsLockSamples.Repository, ActionsLockSamples.Section, own));
        var there = ActionsLockSamples.Section.With(new ActionEntry($"https://{host}/actions/checkout", ActionsLockSamples.Commit('7')) { Refs = ActionsLockSamples.Refs("refs/tags/v4") });
        Assert.HasCount(1, ActionsLockVerifier.Verify(actionsLock, ActionsLockSamples.Repository, there, own));
    }

    [TestMethod]
    public void Of_very_many_findings_a_hundred_are_said()
    {
        var text = "version: v0.0.2\nworkflows:\n" + string.Concat(Enumerable.Range(100, 400).Select(i => $"  a{i}.yml: []\n"));
        var findings = Verify(text);

        Assert.HasCount(101, findings);
        Assert.AreEqual((FindingCodes.ActionsLockStale, "There are 300 more errors from here on."), (findings[^1].Code, findings[^1].Message));
    }

    [TestMethod]
    public void Lock_entries_that_use_each_other_in_a_circle_end()
    {
        var other = ActionsLockSamples.Commit('1');
        var section = ActionsLockSamples.Section
            .With(new ActionEntry("actions/checkout", ActionsLockSamples.Checkout) { Refs = ActionsLockSamples.Refs("refs/tags/v4"), Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, "octo/x@v1", $"octo/x@{other}"), (ActionEntry.RootPath, "./", $"actions/checkout@{ActionsLockSamples.Checkout}")) })
            .With(new ActionEntry("octo/x", other) { Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, "actions/checkout@v4", $"actions/checkout@{ActionsLockSamples.Checkout}")) });

        Assert.AreEqual(2, Verify(ActionsLockSamples.Full, section: section).Count(f => f.Message.Contains("has no `octo/x@v1`", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<Finding> Verify(string text, RepositoryUses? repository = null, ActionsSection? section = null)
    {
        var findings = ActionsLockVerifier.Verify(ActionsLockSamples.Read(text), repository ?? ActionsLockSamples.Repository, section ?? ActionsLockSamples.Section);
        Assert.IsTrue(findings.All(f => f.Command.Length > 0 && f.Place.Line > 0));
        return findings;
    }
}
