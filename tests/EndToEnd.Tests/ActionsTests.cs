using Hardening.Tests;

namespace Hardening.EndToEnd.Tests;

/// <summary>Actions in real updates and builds, against a real git host.</summary>
[TestClass]
public sealed class ActionsTests : EndToEndTest
{
    private const string Workflow = ".github/workflows/ci.yml";

    [TestMethod]
    public async Task A_moved_tag_passes_the_offline_build_and_fails_the_upstream_check()
    {
        using var action = Action("o/act");
        var first = action.Git("rev-parse", "HEAD");
        action.Git("tag", "v1");
        action.Git("tag", "v1.2.3");
        await using var host = await GitServer.StartAsync(action.Base);
        var server = $"-p:HardeningGitHubServer={host.Address.GetLeftPart(UriPartial.Authority)}";
        var repository = NewRepository().Project("app/app.csproj");
        repository.Write(Workflow, "on: push\njobs:\n  build:\n    steps:\n      - uses: o/act@v1   # the build\n      - run: dotnet build\n");

        repository.Update("app", server).Succeeds().Says($"+ o/act v1.2.3 is the commit {first}").Says("1 commit of actions");
        var build = repository.Build("app").Succeeds().Says("ci.yml(5,15): warning HRD2003: ");
        CollectionAssert.AreEqual(new[] { "HRD2003" }, build.Warnings.ToArray(), build.Output);

        Pin(repository).Succeeds().Says("1 place of an action was edited");
        Assert.AreEqual($"on: push\njobs:\n  build:\n    steps:\n      - uses: o/act@{first}   # v1.2.3 # the build\n      - run: dotnet build\n", repository.Read(Workflow));
        Assert.IsEmpty(repository.Build("app").Succeeds().Warnings);
        Pin(repository).Succeeds().Says("0 places of actions were edited");
        repository.Build("app", server, "-p:HardeningCheckUpstream=true").Succeeds().Says("1 commits of actions were compared with their hosts");

        var second = action.Write("index.js", "evil").Commit();
        action.Git("tag", "-f", "v1");
        action.Git("tag", "-f", "v1.2.3");
        Assert.IsEmpty(repository.Build("app").Succeeds().Warnings);
        repository.Build("app", server, "-p:HardeningCheckUpstream=true").FailsWith("HRD2020").Says("possible hijack").Says(first).Says(second);
        repository.Run("msbuild", "app", "-nologo", "-t:HardeningVerify", server, "-p:HardeningCheckUpstream=true").FailsWith("HRD2020");

        // A pull request that follows the tag is refused by the build, and by the update until somebody names the action.
        repository.Write(Workflow, repository.Read(Workflow).Replace(first, second, StringComparison.Ordinal));
        repository.Build("app").FailsWith("HRD2002").Says($"ci.yml(5,15): error HRD2002: o/act is pinned to {second}, but the lockfile has {first} (v1.2.3).");
        repository.Update("app", server).FailsWith("HRD2020");
        repository.Build("app").FailsWith("HRD2002");
        repository.Update("app", server, "-p:HardeningActions=o/act").Succeeds();
        repository.Build("app").Succeeds();
    }

    [TestMethod]
    public async Task The_policy_decides_where_actions_fail()
    {
        using var action = Action("o/act");
        action.Git("tag", "v1");
        await using var host = await GitServer.StartAsync(action.Base);
        var server = $"-p:HardeningGitHubServer={host.Address.GetLeftPart(UriPartial.Authority)}";
        var repository = NewRepository().Project("app/app.csproj");
        repository.Write(Workflow, "jobs:\n  build:\n    steps:\n      - uses: o/act@v1\n");
        repository.Update("app", server).Succeeds();
        repository.Write(Workflow, "jobs:\n  build:\n    steps:\n      - uses: o/act@v1\n      - uses: o/new@v1\n");

        repository.Build("app").FailsWith("HRD2001").Says("ci.yml(5,15): error HRD2001");
        repository.Write("hardening.yml", "actions:\n  enforce: warn\n");
        CollectionAssert.AreEqual(new[] { "HRD2001", "HRD2003" }, repository.Build("app").Succeeds().Warnings.ToArray());
        repository.Write("hardening.yml", "actions:\n  enforce: off\n");
        Assert.IsEmpty(repository.Build("app").Succeeds().Warnings);
        repository.Write("hardening.yml", "actions:\n  unpinned: build\n");
        repository.Build("app").FailsWith("HRD2001", "HRD2003");
        repository.Write("hardening.yml", "actions:\n  unpinned: off\n  forbid: [o/n*]\n");
        repository.Build("app").FailsWith("HRD2001", "HRD2007");
    }

    [TestMethod]
    public void A_host_that_is_not_there_keeps_nobody_from_updating_packages()
    {
        var repository = NewRepository().Project("app/app.csproj");
        repository.Write(Workflow, "jobs:\n  build:\n    steps:\n      - uses: o/act@v1\n");

        repository.Update("app", "-p:HardeningGitHubServer=http://127.0.0.1:1").FailsWith("HRD2025");
        Assert.Contains("app/app.csproj", repository.Read("hardening.lock.json"));
        CollectionAssert.AreEqual(new[] { "HRD2001" }, repository.Build("app").Succeeds().Says("No action is locked yet, and 1 place uses one.").Warnings.ToArray());
    }

    [TestMethod]
    public void Where_no_action_was_used_the_first_one_fails()
    {
        var repository = NewRepository().Project("app/app.csproj");
        repository.Update("app").Succeeds();
        repository.Build("app").Succeeds();
        repository.Write(Workflow, "jobs:\n  build:\n    steps:\n      - uses: o/act@v1\n");

        repository.Build("app").FailsWith("HRD2001");
    }

    [TestMethod]
    public void A_server_that_only_a_response_file_names_is_refused()
    {
        var repository = NewRepository().Project("app/app.csproj");
        repository.Update("app").Succeeds();
        repository.Write("Directory.Build.rsp", "-p:HardeningGitHubServer=https://evil.example\n");

        repository.Update("app").FailsWith("HRD0008");
    }

    [TestMethod]
    public void A_broken_lock_of_GitHub_is_an_error()
    {
        var repository = NewRepository().Project("app/app.csproj");
        repository.Write(Workflow, "jobs:\n  build:\n    steps: []\n");
        repository.Update("app").Succeeds();
        repository.Write(".github/workflows/actions.lock", "version: 'v0.0.2'\nworkflows: [\n");

        repository.Build("app").FailsWith("HRD2013").Says("actions.lock(");
    }

    [TestMethod]
    public async Task A_private_action_is_asked_for_with_the_token_of_the_environment()
    {
        using var action = Action("o/act");
        action.Git("tag", "v1");
        await using var host = await GitServer.StartAsync(action.Base);
        var expected = "Basic " + Convert.ToBase64String("x-access-token:s3cret-token"u8);
        host.Answer = context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == expected ? 200 : 401;
            return Task.FromResult(context.Response.StatusCode == 401);
        };
        var server = $"-p:HardeningGitHubServer={host.Address.GetLeftPart(UriPartial.Authority)}";
        var repository = NewRepository().Project("app/app.csproj");
        repository.Write(Workflow, "jobs:\n  build:\n    steps:\n      - uses: o/act@v1\n");

        repository.Update("app", server).FailsWith("HRD2026").DoesNotSay("s3cret");
        repository.Environment["GITHUB_TOKEN"] = "s3cret-token";
        repository.Update("app", server).Succeeds().Says("1 commit of actions");
    }

    private static CommandResult Pin(TestRepository repository) => repository.Run("msbuild", "app", "-nologo", "-t:HardeningPin");

    private static GitSample Action(string name)
    {
        var sample = new GitSample(root: name);
        sample.Write("action.yml", "runs:\n  using: composite\n  steps: []\n").Commit();
        return sample;
    }
}
