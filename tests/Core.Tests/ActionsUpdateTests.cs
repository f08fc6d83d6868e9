using Hardening.Ecosystems.Actions;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>Updates against a real git host.</summary>
[TestClass]
public sealed class ActionsUpdateTests
{
    [TestMethod]
    public async Task A_tag_is_locked_with_its_commit_its_evidence_and_its_content()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("Act/check");
        var commit = repository.Git("rev-parse", "HEAD");
        repository.Git("tag", "v4");
        repository.Git("tag", "-a", "-m", "x", "v4.2.2");
        host.Workflow("Act/check@v4");

        var result = await host.UpdateAsync();

        Assert.IsEmpty(result.Findings);
        var entry = host.Locked.Commits.Single().Value;
        Assert.AreEqual($"act/check@{commit}", entry.Key);
        CollectionAssert.AreEquivalent(new[] { $"refs/tags/v4 {commit}", $"refs/tags/v4.2.2 {repository.Git("rev-parse", "v4.2.2")}" }, entry.Refs.Select(r => $"{r.Key} {r.Value}").ToList());
        Assert.AreEqual(88, entry.Tree.Length);
        Assert.AreEqual(0, entry.Uses["."].Count);
        Assert.Contains("Act/check v4.2.2", result.News.Single());
        Assert.AreEqual(FindingCodes.ActionNotPinned, host.Verify().Single().Code);
    }

    [TestMethod]
    public async Task What_is_locked_is_kept_without_a_request()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        repository.Git("tag", "v1");
        host.Workflow("a/b@v1");
        await host.UpdateAsync();
        var before = host.Locked;
        host.Server.Requests.Clear();
        repository.Write("x", "y").Commit();
        repository.Git("tag", "-f", "v1");

        var result = await host.UpdateAsync();

        Assert.IsEmpty(host.Server.Requests);
        Assert.IsEmpty(result.News);
        CollectionAssert.AreEqual(before.Commits.Keys.ToList(), host.Locked.Commits.Keys.ToList());
    }

    [TestMethod]
    public async Task A_moved_tag_is_taken_up_where_its_repository_is_named()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var first = repository.Git("rev-parse", "HEAD");
        repository.Git("tag", "v1");
        host.Workflow("a/b@v1", $"a/b@{first}");
        await host.UpdateAsync();
        var second = repository.Write("x", "y").Commit();
        repository.Git("tag", "-f", "v1");
        host.Accept = ["A/B"];

        var result = await host.UpdateAsync();

        Assert.IsEmpty(result.Findings);
        Assert.Contains($"moved from {first} to {second}", string.Join('\n', result.News));
        Assert.IsTrue(host.Locked.Commits[$"a/b@{second}"].Refs.ContainsKey("refs/tags/v1"));
        Assert.IsFalse(host.Locked.Commits[$"a/b@{first}"].Refs.ContainsKey("refs/tags/v1"));
    }

    [TestMethod]
    public async Task A_pin_to_where_a_locked_tag_was_moved_is_refused_until_it_is_accepted()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var first = repository.Git("rev-parse", "HEAD");
        repository.Git("tag", "v1.0.0");
        host.Workflow($"a/b@{first} # v1.0.0");
        await host.UpdateAsync();
        var second = repository.Write("x", "evil").Commit();
        repository.Git("tag", "-f", "v1.0.0");
        host.Workflow($"a/b@{second} # v1.0.0");

        var refused = await host.UpdateAsync();

        Assert.AreEqual(FindingCodes.ActionTagMoved, refused.Findings.Single().Code);
        Assert.Contains("possible hijack", refused.Findings[0].Message);
        Assert.Contains(first, refused.Findings[0].Message);
        Assert.Contains(second, refused.Findings[0].Message);

        // What was refused once is refused again.
        Assert.AreEqual(FindingCodes.ActionTagMoved, (await host.UpdateAsync()).Findings.Single().Code);
        host.Accept = ["a/b"];
        Assert.IsEmpty((await host.UpdateAsync()).Findings);
        Assert.AreEqual($"a/b@{second}", host.Locked.Commits.Keys.Single());
    }

    [TestMethod]
    public async Task A_commit_is_locked_if_a_branch_or_tag_leads_to_it()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var old = repository.Git("rev-parse", "HEAD");
        repository.Write("x", "y").Commit();
        repository.Git("checkout", "-q", "--orphan", "elsewhere");
        var orphan = repository.Write("z", "evil").Commit();
        repository.Git("checkout", "-q", "main");
        repository.Git("branch", "-D", "elsewhere");
        host.Workflow($"a/b@{old}", $"a/b@{orphan}", $"a/b@{new string('1', 40)}");

        var result = await host.UpdateAsync();

        CollectionAssert.AreEqual(new[] { "HRD2022 6", "HRD2027 7" }, Said(result.Findings));
        Assert.AreEqual($"a/b@{old}", host.Locked.Commits.Keys.Single());
    }

    [TestMethod]
    public async Task A_branch_goes_before_a_tag_of_its_name()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        repository.Git("tag", "v1");
        var branch = repository.Write("x", "y").Commit();
        repository.Git("branch", "v1");
        host.Workflow("a/b@v1");

        var result = await host.UpdateAsync();

        Assert.AreEqual(FindingCodes.ActionRefAmbiguous, result.Findings.Single().Code);
        Assert.AreEqual($"a/b@{branch}", host.Locked.Commits.Keys.Single());
    }

    [TestMethod]
    public async Task What_is_not_there_is_said()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b").Git("tag", "v1");
        host.Workflow("a/b@v9", "no/such@v1", "a/b/sub@v1", "a/b@v1");

        var result = await host.UpdateAsync();

        CollectionAssert.AreEqual(new[] { "HRD2027 5", "HRD2027 6", "HRD2027 7" }, Said(result.Findings));
        Assert.HasCount(1, host.Locked.Commits);
    }

    [TestMethod]
    public async Task What_an_action_uses_itself_is_locked_too()
    {
        await using var host = await ActionHost.StartAsync();
        var leaf = host.Repository("l/leaf");
        leaf.Git("tag", "v1");
        var middle = host.Repository("m/middle", "runs:\n  using: composite\n  steps:\n    - uses: l/leaf@v1\n    - uses: $/sub\n    - uses: ./callers\n    - uses: docker://alpine:3\n");
        middle.Write("sub/action.yml", "runs:\n  using: docker\n  image: docker://busybox:1\n").Commit();
        middle.Git("tag", "v2");
        var flow = host.Repository("w/flow");
        flow.Write(".github/workflows/x.yml", "on: workflow_call\njobs:\n  a:\n    uses: ./.github/workflows/y.yml\n  b:\n    container: node:20\n    steps:\n      - uses: m/middle@v2\n");
        flow.Write(".github/workflows/y.yml", "on: workflow_call\njobs: {}\n").Commit();
        host.File(".github/workflows/ci.yml", "jobs:\n  a:\n    uses: w/flow/.github/workflows/x.yml@main\n");

        var result = await host.UpdateAsync();

        Assert.IsEmpty(result.Findings);
        var commits = host.Locked.Commits;
        var entry = commits.Values.Single(e => e.Name == "w/flow");
        CollectionAssert.AreEquivalent(new[] { "./.github/workflows/y.yml", "docker://node:20", "m/middle@v2" }, entry.Uses[".github/workflows/x.yml"].Keys.ToList());
        Assert.AreEqual(entry.Key, entry.Uses[".github/workflows/x.yml"]["./.github/workflows/y.yml"]);
        Assert.IsEmpty(entry.Uses[".github/workflows/y.yml"]);
        var used = commits.Values.Single(e => e.Name == "m/middle");
        CollectionAssert.AreEquivalent(new[] { "l/leaf@v1", "$/sub", "docker://alpine:3" }, used.Uses["."].Keys.ToList());
        CollectionAssert.AreEquivalent(new[] { "docker://busybox:1" }, used.Uses["sub"].Keys.ToList());
        Assert.AreEqual(commits.Values.Single(e => e.Name == "l/leaf").Key, used.Uses["."]["l/leaf@v1"]);
        Assert.IsTrue(host.Verify().All(f => f.Code == FindingCodes.ActionNotPinned));

        var again = await host.UpdateAsync();
        Assert.IsEmpty(again.News);
        CollectionAssert.AreEqual(commits.Keys.ToList(), host.Locked.Commits.Keys.ToList());
    }

    [TestMethod]
    public async Task Actions_that_use_each_other_are_a_circle_and_deep_ones_end()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/a", "runs:\n  using: composite\n  steps:\n    - uses: b/b@main\n");
        host.Repository("b/b", "runs:\n  using: composite\n  steps:\n    - uses: a/a@main\n");
        for (var i = 0; i <= ActionsUpdate.Deepest + 1; i++)
        {
            host.Repository($"d/d{i}", $"runs:\n  using: composite\n  steps:\n    - uses: d/d{i + 1}@main\n");
        }

        host.Workflow("a/a@main", "d/d0@main");

        var result = await host.UpdateAsync();

        CollectionAssert.AreEqual(new[] { "HRD2019 5", "HRD2019 6" }, Said(result.Findings));
        Assert.IsFalse(host.Locked.Commits.Keys.Any(k => k.StartsWith("a/", StringComparison.Ordinal) || k.StartsWith("b/", StringComparison.Ordinal)));
        Assert.IsTrue(host.Verify().Any(f => f.Severity == Severity.Error && f.Place.Line == 5));
    }

    [TestMethod]
    public async Task Another_path_of_a_locked_commit_is_read_at_this_commit()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var commit = repository.Write("sub/action.yaml", "runs:\n  using: node20\n").Commit();
        repository.Git("tag", "v1");
        host.Workflow("a/b@v1");
        await host.UpdateAsync();
        File.Delete(repository.At("sub/action.yaml"));
        repository.Commit();
        repository.Git("tag", "-f", "v1");
        host.Workflow("a/b@v1", "a/b/sub@v1");
        Assert.Contains("HRD2032 6", Said(host.Verify()));

        var result = await host.UpdateAsync();

        Assert.IsEmpty(result.Findings);
        Assert.AreEqual($"a/b@{commit}", host.Locked.Commits.Keys.Single());
        CollectionAssert.AreEqual(new[] { ".", "sub" }, host.Locked.Commits.Values.Single().Uses.Keys.ToList());
    }

    [TestMethod]
    public async Task A_young_commit_is_not_taken_up()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b").Git("tag", "v1");
        host.Policy = new ActionsPolicy { MinimumAge = TimeSpan.FromDays(3) };
        host.Workflow("a/b@v1");

        Assert.AreEqual("HRD2018 5", Said((await host.UpdateAsync()).Findings).Single());
        Assert.IsEmpty(host.Locked.Commits);

        host.Now = DateTimeOffset.UtcNow.AddDays(4);
        Assert.IsEmpty((await host.UpdateAsync()).Findings);
        Assert.HasCount(1, host.Locked.Commits);
    }

    [TestMethod]
    [DataRow(UpdateRange.None, null)]
    [DataRow(UpdateRange.Patch, "v1.0.2")]
    [DataRow(UpdateRange.Minor, "v1.3.0")]
    [DataRow(UpdateRange.Major, "v3.0.0")]
    public async Task A_pin_moves_as_far_as_the_policy_permits(UpdateRange range, string? expected)
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var first = repository.Git("rev-parse", "HEAD");
        repository.Git("tag", "v1.0.1");
        foreach (var tag in (string[])["v1.0.0", "v1.0.2", "v1.3.0", "v3.0.0", "v4.0.0-rc.1", "other-9.0.0"])
        {
            repository.Write("x", tag).Commit();
            repository.Git("tag", tag);
        }

        host.Policy = new ActionsPolicy { Update = range };
        host.Workflow($"a/b@{first} # v1.0.1");

        var result = await host.UpdateAsync();

        Assert.IsEmpty(result.Findings);
        Assert.AreEqual(expected, result.Moves.SingleOrDefault()?.Entry.Refs.Keys.Single()["refs/tags/".Length..]);
        Assert.HasCount(1, host.Locked.Commits);
    }

    [TestMethod]
    public async Task A_replacement_is_resolved_with_the_ref_that_the_policy_maps()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b").Git("tag", "v4");
        host.Repository("hard/b").Git("tag", "v4.1");
        host.Policy = new ActionsPolicy { Replace = [new ActionReplacement("a/b", "hard/b") { Refs = new Dictionary<string, string> { ["v4"] = "v4.1" } }] };
        host.Workflow("a/b@v4");

        var result = await host.UpdateAsync();

        Assert.IsEmpty(result.Findings);
        Assert.AreEqual("hard/b", result.Moves.Single().Name);
        Assert.AreEqual("hard/b", host.Locked.Commits.Values.Single().Name);
    }

    [TestMethod]
    public async Task What_the_policy_forbids_is_not_asked_for()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b", "runs:\n  using: composite\n  steps:\n    - uses: evil/x@v1\n").Git("tag", "v1");
        host.Policy = new ActionsPolicy { Forbid = ["evil/*"] };
        host.Workflow("a/b@v1", "evil/x@v1");

        var result = await host.UpdateAsync();

        CollectionAssert.AreEqual(new[] { "HRD2007 5", "HRD2007 6" }, Said(result.Findings));
        Assert.IsFalse(host.Server.Requests.Any(r => r.Contains("evil", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task An_address_that_only_the_workflow_names_has_to_be_a_public_one()
    {
        await using var host = await ActionHost.StartAsync();
        host.Workflow("https://127.0.0.1/a/b@v1", "http://example.com/a/b@v1", "https://localhost/a/b@v1", "https://example.com:8443/a/b@v1");

        var result = await host.UpdateAsync();

        CollectionAssert.AreEqual(new[] { "HRD2029 5", "HRD2029 6", "HRD2029 7", "HRD2029 8" }, Said(result.Findings));
    }

    [TestMethod]
    public async Task A_name_that_another_owner_took_over_is_told_by_its_numbers()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        repository.Git("tag", "v1");
        host.Workflow("a/b@v1");
        host.Identities = (names, _) => Task.FromResult<IReadOnlyDictionary<string, GitHubIds>>(names.ToDictionary(n => n, n => new GitHubIds(1, 2, n)));
        await host.UpdateAsync();
        Assert.AreEqual((1, 2), (host.Locked.Commits.Values.Single().OwnerId, host.Locked.Commits.Values.Single().RepositoryId));
        repository.Write("x", "y").Commit();
        repository.Git("tag", "v2");
        host.Workflow("a/b@v1", "a/b@v2");
        host.Identities = (names, _) => Task.FromResult<IReadOnlyDictionary<string, GitHubIds>>(names.ToDictionary(n => n, n => new GitHubIds(666, 2, n)));

        var result = await host.UpdateAsync();

        Assert.AreEqual(FindingCodes.ActionRepositoryMoved, result.Findings.Single().Code);
        Assert.HasCount(1, host.Locked.Commits);
        Assert.AreEqual(FindingCodes.ActionRepositoryMoved, (await host.CheckAsync()).Single(f => f.Severity == Severity.Error).Code);
    }

    [TestMethod]
    public async Task Upstream_drift_is_told_with_both_commits()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var first = repository.Git("rev-parse", "HEAD");
        repository.Git("tag", "v1");
        repository.Git("tag", "v1.0.0");
        repository.Git("tag", "gone");
        host.Workflow("a/b@v1", "a/b@gone");
        await host.UpdateAsync();
        Assert.IsEmpty(await host.CheckAsync());

        var second = repository.Write("x", "y").Commit();
        repository.Git("tag", "-f", "v1.0.0");
        repository.Git("tag", "-f", "v1");
        repository.Git("tag", "-d", "gone");
        var drift = await host.CheckAsync();

        CollectionAssert.AreEqual(new[] { "HRD2020", "HRD2020", "HRD2021" }, drift.Select(f => f.Code.Id).Order().ToList());
        foreach (var moved in drift.Where(f => f.Code == FindingCodes.ActionTagMoved))
        {
            Assert.Contains("possible hijack", moved.Message);
            Assert.Contains(first, moved.Message);
            Assert.Contains(second, moved.Message);
            Assert.AreEqual(5, moved.Place.Line);
        }

        Assert.IsFalse(host.Verify().Any(f => f.Severity == Severity.Error && f.Code != FindingCodes.ActionNotPinned));
    }

    [TestMethod]
    [DataRow(false, Severity.Error)]
    [DataRow(true, Severity.Warning)]
    public async Task A_floating_tag_that_moves_with_a_release_warns_where_nothing_names_it(bool pinned, Severity severity)
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var first = repository.Git("rev-parse", "HEAD");
        repository.Git("tag", "v1");
        repository.Git("tag", "v1.0.0");
        host.Workflow("a/b@v1");
        await host.UpdateAsync();
        repository.Write("x", "y").Commit();
        repository.Git("tag", "v1.1.0");
        repository.Git("tag", "-f", "v1");
        host.Workflow(pinned ? $"a/b@{first} # v1.0.0" : "a/b@v1");

        var drift = (await host.CheckAsync()).Single();

        Assert.AreEqual((FindingCodes.ActionTagMoved, severity), (drift.Code, drift.Severity));
        Assert.Contains("v1.1.0", drift.Message);
        Assert.Contains("possible hijack", drift.Message);
    }

    [TestMethod]
    public async Task A_branch_that_a_workflow_names_is_told_where_it_moved()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        host.Workflow("a/b@main");
        await host.UpdateAsync();
        var second = repository.Write("x", "y").Commit();

        var drift = (await host.CheckAsync()).Single();

        Assert.AreEqual((FindingCodes.ActionTagMoved, Severity.Warning), (drift.Code, drift.Severity));
        Assert.Contains(second, drift.Message);
    }

    [TestMethod]
    public async Task Accepting_a_repository_takes_its_refs_of_today_for_pinned_lines_too()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var first = repository.Git("rev-parse", "HEAD");
        repository.Git("tag", "v1.0.0");
        host.Workflow($"a/b@{first} # v1.0.0");
        await host.UpdateAsync();
        repository.Write("x", "y").Commit();
        repository.Git("tag", "-f", "v1.0.0");
        repository.Git("tag", "v1.0.1", first);
        Assert.AreEqual(FindingCodes.ActionTagMoved, (await host.CheckAsync()).Single().Code);
        host.Accept = ["a/b"];

        Assert.IsEmpty((await host.UpdateAsync()).Findings);

        CollectionAssert.AreEqual(new[] { "refs/tags/v1.0.1" }, host.Locked.Commits.Values.Single().Refs.Keys.ToList());
        Assert.IsEmpty(await host.CheckAsync());
    }

    [TestMethod]
    public async Task A_host_that_does_not_answer_takes_nothing_away()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("l/leaf").Git("tag", "v1");
        host.Repository("m/middle", "runs:\n  using: composite\n  steps:\n    - uses: l/leaf@v1\n").Git("tag", "v1");
        host.Workflow("m/middle@v1");
        await host.UpdateAsync();
        var before = LockfileWriter.Write(new Lockfile { Actions = host.Locked });
        host.Accept = ["l/leaf"];
        host.Server.Answer = GitServerAnswers.Status(404);

        Assert.AreEqual(FindingCodes.ActionNotFound, (await host.UpdateAsync()).Findings.Single().Code);
        CollectionAssert.AreEqual(before, LockfileWriter.Write(new Lockfile { Actions = host.Locked }));
        host.Accept = ["*"];
        Assert.IsNotEmpty((await host.UpdateAsync()).Findings);
        CollectionAssert.AreEqual(before, LockfileWriter.Write(new Lockfile { Actions = host.Locked }));
    }

    [TestMethod]
    public async Task What_is_excepted_is_taken_however_young_it_is()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b").Git("tag", "v1");
        host.Policy = new ActionsPolicy { MinimumAge = TimeSpan.FromDays(3) };
        host.Workflow("a/b@v1");
        host.IsExcused = f => f is { Code.Id: "HRD2018", Input: "a/b@v1" };

        Assert.IsEmpty((await host.UpdateAsync()).Findings);
        Assert.HasCount(1, host.Locked.Commits);
    }

    [TestMethod]
    public async Task A_commit_that_was_cut_off_and_a_repository_that_is_gone_are_told()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        repository.Write("x", "1").Commit();
        var commit = repository.Write("x", "2").Commit();
        host.Workflow($"a/b@{commit}");
        await host.UpdateAsync();
        repository.Git("reset", "-q", "--hard", "HEAD~1");

        Assert.Contains(FindingCodes.ActionImpostor, (await host.CheckAsync()).Select(f => f.Code).ToList());

        Directory.Move(repository.At(".git"), repository.At("moved"));
        Assert.AreEqual(FindingCodes.ActionNotFound, (await host.CheckAsync()).Single().Code);
    }

    [TestMethod]
    public async Task Content_that_the_lockfile_does_not_have_is_told()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b").Git("tag", "v1");
        host.Workflow("a/b@v1");
        await host.UpdateAsync();
        var entry = host.Locked.Commits.Values.Single();
        host.Locked = host.Locked with { Commits = new Dictionary<string, ActionEntry> { [entry.Key] = entry with { Tree = LockfileSamples.Hash } } };

        Assert.AreEqual(FindingCodes.ActionContentChanged, (await host.CheckAsync()).Single().Code);

        host.Workflow("a/b@v1", "a/b/sub@v1");
        Assert.AreEqual(FindingCodes.ActionContentChanged, (await host.UpdateAsync()).Findings.Single().Code);
    }

    [TestMethod]
    [DataRow(401, "HRD2026")]
    [DataRow(403, "HRD2026")]
    [DataRow(404, "HRD2027")]
    [DataRow(429, "HRD2028")]
    [DataRow(500, "HRD2025")]
    [DataRow(200, "HRD2031")]
    [DataRow(301, "HRD2023")]
    public async Task Each_answer_of_a_host_has_its_own_code(int status, string code)
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b").Git("tag", "v1");
        host.Repository("c/d").Git("tag", "v1");
        host.Workflow("a/b@v1", "c/d@v1");
        host.Server.Answer = context =>
        {
            if (!context.Request.Path.Value!.StartsWith("/a/b", StringComparison.Ordinal))
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/new/owner/git-upload-pack";
            context.Response.ContentType = "text/html";
            return Task.FromResult(true);
        };

        var result = await host.UpdateAsync();

        Assert.AreEqual($"{code} 5", Said(result.Findings).Single());
        Assert.AreEqual("a/b@v1", result.Findings[0].Input);
        Assert.AreEqual("c/d", host.Locked.Commits.Values.Single().Name);
    }

    private static string[] Said(IEnumerable<Finding> findings) => [.. findings.Select(f => $"{f.Code.Id} {f.Place.Line}").Order(StringComparer.Ordinal)];
}
