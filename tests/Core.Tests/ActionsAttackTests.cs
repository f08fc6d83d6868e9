using System.Text;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>Attacks on the lock entries of actions, carried out.</summary>
[TestClass]
public sealed class ActionsAttackTests
{
    [TestMethod]
    [DataRow("<<: ")]
    [DataRow("image: ")]
    public void A_chain_of_aliases_ends(string link)
    {
        var text = new StringBuilder("x:\n  - &a0 {b: 1}\n");
        for (var i = 1; i < 50_000; i++)
        {
            text.Append($"  - &a{i} {{{link}*a{i - 1}}}\n");
        }

        text.Append(link[0] == '<' ? "jobs: *a49999\n" : "jobs: {j: {container: *a49999}}\n");

        Assert.IsNotEmpty(WorkflowText.OfWorkflow("/r/w.yml", Encoding.UTF8.GetBytes(text.ToString())).Problems);
    }

    [TestMethod]
    public async Task A_new_owner_is_refused_as_often_as_the_update_runs()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        repository.Git("tag", "v1.0.0");
        host.Workflow("a/b@v1.0.0");
        host.Identities = Owner(1);
        await host.UpdateAsync();
        repository.Write("x", "y").Commit();
        repository.Git("tag", "v2.0.0");
        host.Workflow("a/b@v2.0.0");
        host.Identities = Owner(666);

        Assert.AreEqual(FindingCodes.ActionRepositoryMoved, (await host.UpdateAsync()).Findings.Single().Code);
        Assert.AreEqual(FindingCodes.ActionRepositoryMoved, (await host.UpdateAsync()).Findings.Single().Code);
        host.Accept = ["a/b"];
        Assert.IsEmpty((await host.UpdateAsync()).Findings);
        Assert.AreEqual(666, host.Locked.Commits.Values.Single().OwnerId);
    }

    [TestMethod]
    public async Task An_update_without_a_token_does_not_forget_the_owner()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        repository.Git("tag", "v1.0.0");
        host.Workflow("a/b@v1.0.0");
        host.Identities = Owner(1);
        await host.UpdateAsync();
        repository.Write("x", "y").Commit();
        repository.Git("tag", "v2.0.0");
        host.Workflow("a/b@v2.0.0");
        host.Identities = null;
        Assert.IsEmpty((await host.UpdateAsync()).Findings);
        Assert.AreEqual(1, host.Locked.Commits.Values.Single().OwnerId);
        host.Identities = Owner(666);

        Assert.AreEqual(FindingCodes.ActionRepositoryMoved, (await host.CheckAsync()).Single().Code);
        host.Accept = ["a/b"];
        Assert.IsEmpty((await host.UpdateAsync()).Findings);
        Assert.AreEqual(666, host.Locked.Commits.Values.Single().OwnerId);
        Assert.IsEmpty(await host.CheckAsync());
    }

    [TestMethod]
    public async Task A_forged_entry_does_not_hide_what_an_action_uses()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("evil/evil");
        var repository = host.Repository("a/b", "runs:\n  using: composite\n  steps:\n    - uses: evil/evil@main\n");
        var commit = repository.Git("rev-parse", "HEAD");
        host.Policy = new ActionsPolicy { Allow = ["a/*"] };
        host.Workflow($"a/b@{commit}");
        var forged = new ActionEntry("a/b", commit) { Uses = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["."] = new Dictionary<string, string>() } };
        host.Locked = Section(forged);

        Assert.AreEqual(FindingCodes.ActionContentChanged, (await host.CheckAsync()).Single().Code);
        Assert.AreEqual(FindingCodes.ActionForbidden, (await host.UpdateAsync()).Findings.Single().Code);

        using var client = host.Server.Client();
        using var tree = await client.FetchAsync(host.Server.Remote("a/b"), commit, default);
        host.Locked = Section(forged with { Tree = tree.Digest });
        Assert.AreEqual(FindingCodes.ActionContentChanged, (await host.CheckAsync()).Single().Code);
    }

    [TestMethod]
    public async Task An_update_does_not_complete_an_entry_of_an_impostor()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        repository.Git("tag", "v1.0.0");
        repository.Git("checkout", "-q", "--orphan", "fork");
        var commit = repository.Write("x", "evil").Commit();
        repository.Git("update-ref", "refs/pull/1/head", commit);
        repository.Git("checkout", "-q", "main");
        repository.Git("branch", "-D", "fork");
        host.Workflow($"a/b@{commit} # v1.0.0");
        host.Locked = Section(new ActionEntry("a/b", commit) { Refs = new Dictionary<string, string> { ["refs/tags/v1.0.0"] = commit } });

        Assert.AreEqual(FindingCodes.ActionImpostor, (await host.UpdateAsync()).Findings.Single().Code);
        Assert.Contains(FindingCodes.ActionImpostor, (await host.CheckAsync()).Select(f => f.Code).ToList());
    }

    [TestMethod]
    public async Task An_entry_that_claims_a_tag_of_another_commit_is_not_completed()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var old = repository.Git("rev-parse", "HEAD");
        repository.Write("x", "y").Commit();
        repository.Git("tag", "v2.0.0");
        host.Workflow($"a/b@{old} # v2.0.0");
        host.Locked = Section(new ActionEntry("a/b", old) { Refs = new Dictionary<string, string> { ["refs/tags/v2.0.0"] = old } });

        Assert.AreEqual(FindingCodes.ActionTagMoved, (await host.UpdateAsync()).Findings.Single().Code);
    }

    [TestMethod]
    public async Task An_action_that_hides_behind_a_link_is_refused()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        File.Delete(repository.At("action.yml"));
        repository.Write("real/evil.yml", "runs:\n  using: composite\n  steps:\n    - uses: evil/evil@main\n").Write("action.yaml", "runs:\n  using: node20\n");
        File.CreateSymbolicLink(repository.At("action.yml"), "real/evil.yml");
        repository.Commit();
        host.Workflow("a/b@main");

        Assert.AreEqual(FindingCodes.ActionNotFound, (await host.UpdateAsync()).Findings.Single().Code);
    }

    [TestMethod]
    public async Task What_cannot_be_kept_in_a_lockfile_is_refused_by_the_update()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b", $"runs:\n  using: composite\n  steps:\n    - uses: $/{string.Join('/', Enumerable.Repeat("aaaaaaaa", 109))}\n");
        host.Workflow("a/b@main");

        Assert.AreEqual(FindingCodes.ActionUnpinnable, (await host.UpdateAsync()).Findings.Single().Code);
    }

    [TestMethod]
    public async Task A_tag_that_would_break_a_workflow_is_no_evidence()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        repository.Git("tag", "v1.0.0-\u2028x");
        repository.Git("tag", "v1.0.0-\u202ey");
        host.Workflow("a/b@main");

        Assert.IsEmpty((await host.UpdateAsync()).Findings);
        CollectionAssert.AreEqual(new[] { "refs/heads/main" }, host.Locked.Commits.Values.Single().Refs.Keys.ToList());
    }

    [TestMethod]
    public async Task An_action_that_uses_thousands_of_others_sends_no_thousands_of_requests()
    {
        await using var host = await ActionHost.StartAsync();
        host.Repository("a/b", "runs:\n  using: composite\n  steps:\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"    - uses: x/r{i}@v1\n")));
        host.Workflow("a/b@main");

        Assert.AreEqual(FindingCodes.ActionNotFound, (await host.UpdateAsync()).Findings.Single().Code);
        Assert.IsLessThan(10, host.Server.Requests.Count);
    }

    [TestMethod]
    public async Task A_ref_that_two_entries_have_is_asked_for()
    {
        await using var host = await ActionHost.StartAsync();
        var repository = host.Repository("a/b");
        var first = repository.Git("rev-parse", "HEAD");
        var second = repository.Write("x", "y").Commit();
        repository.Git("tag", "v1", second);
        host.Workflow("a/b@v1");
        await host.UpdateAsync();
        var entry = host.Locked.Commits.Values.Single();
        var old = entry with { Refs = new Dictionary<string, string> { ["refs/tags/v1"] = first } };
        host.Locked = Section(entry, new ActionEntry("a/b", first) { Refs = old.Refs, Tree = entry.Tree, Uses = entry.Uses });

        Assert.AreEqual(FindingCodes.ActionNotLocked, host.Verify().Single().Code);
        Assert.IsEmpty((await host.UpdateAsync()).Findings);
        Assert.AreEqual($"a/b@{second}", host.Locked.Commits.Keys.Single());
    }

    [TestMethod]
    public async Task An_excluded_folder_hides_no_action_that_a_workflow_uses()
    {
        await using var host = await ActionHost.StartAsync();
        host.File("samples/x/action.yml", "runs:\n  using: composite\n  steps:\n    - uses: evil/evil@main\n");
        host.Workflow("./samples/x");
        var inputs = Ecosystems.Actions.WorkflowInputs.Observe(host.Root, [".github/workflows/ci.yml"]);

        Assert.AreEqual("evil/evil", inputs.References.Single().Name);
    }

    private static ActionsSection Section(params ActionEntry[] entries) => new() { Commits = entries.ToDictionary(e => e.Key) };

    private static Ecosystems.Actions.AskIdentities Owner(long owner) =>
        (names, _) => Task.FromResult<IReadOnlyDictionary<string, GitHubIds>>(names.ToDictionary(n => n, n => new GitHubIds(owner, 2, n)));
}
