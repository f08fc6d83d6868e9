using System.Diagnostics;

namespace Hardening.EndToEnd.Tests;

/// <summary>
/// The workflows of docs/bots.md, their scripts run as GitHub's runner does, over a real repository with a bare remote. Actions are played: checkout
/// clones, upload and download copy, and <c>gh</c> answers what the test says.
/// </summary>
[TestClass]
public sealed class BotWorkflowTests : EndToEndTest
{
    private const string Branch = "dependabot/nuget/Good-2.0.0";
    private const string Bot = "dependabot[bot]";
    private static readonly WorkflowFile Update = WorkflowFile.Read(RepositoryFiles.PathOf("docs", "workflows", "update-lockfile.yml"));
    private static readonly WorkflowFile Commit = WorkflowFile.Read(RepositoryFiles.PathOf("docs", "workflows", "commit-lockfile.yml"));

    private TestRepository repository = null!;

    private string Remote => Path.Combine(repository.Base, "remote.git");

    private string Temp => Path.Combine(repository.Base, "runner");

    private string Artifact => Path.Combine(Temp, "artifact");

    private string Head => Git(Remote, "rev-parse", Branch);

    [TestMethod]
    public void A_bots_branch_gets_its_lockfile()
    {
        BotRaisesVersion();
        var before = Head;

        RunUpdate().Succeeds().Says("Good 2.0.0");
        RunCommit(before).Succeeds();

        Assert.AreEqual(before, Git(Remote, "rev-parse", Branch + "^"));
        Assert.AreEqual("hardening.lock.json", Git(Remote, "diff", "--name-only", before, Branch));
        Assert.Contains("[dependabot skip]", Git(Remote, "log", "-1", "--format=%B", Branch));
        repository.RunIn(Clone("after"), "build", "-nologo").Succeeds();
    }

    [TestMethod]
    public void A_lockfile_that_is_up_to_date_makes_no_commit()
    {
        BotRaisesVersion();
        RunUpdate().Succeeds();
        RunCommit(Head).Succeeds();
        var before = Head;

        RunCommit(before).Succeeds().Says("up to date");

        Assert.AreEqual(before, Head);
    }

    [TestMethod]
    public void What_else_the_pull_requests_build_writes_is_not_committed()
    {
        BotRaisesVersion("""
            <Target Name="Planted" BeforeTargets="CollectPackageReferences">
              <WriteLinesToFile File="../planted.txt" Lines="planted" />
              <WriteLinesToFile File="../global.json" Lines="{}" Overwrite="true" />
              <WriteLinesToFile File="../.git/hooks/pre-push" Lines="exit 1" />
            </Target>
            """);
        var before = Head;

        RunUpdate();
        RunCommit(before).Succeeds();

        Assert.AreEqual("hardening.lock.json", Git(Remote, "diff", "--name-only", before, Branch));
    }

    [TestMethod]
    [DataRow("link", "Expected a regular file")]
    [DataRow("huge", "at most 16 MiB")]
    [DataRow("other name", "Expected a regular file")]
    [DataRow("a second file", "Expected one file")]
    [DataRow("a folder", "Expected a regular file")]
    [DataRow("no JSON", "Expected a lockfile of version 1")]
    [DataRow("deep", "Expected a lockfile of version 1")]
    [DataRow("two documents", "Expected a lockfile of version 1")]
    [DataRow("another version", "Expected a lockfile of version 1")]
    [DataRow("nothing", "Expected one file")]
    public void A_hostile_artifact_is_not_committed(string kind, string message)
    {
        BotBranch();
        var lockfile = Path.Combine(Artifact, "hardening.lock.json");
        Directory.CreateDirectory(Artifact);
        const string Good = """{ "version": 1, "nuget": {} }""";
        File.WriteAllText(lockfile, kind switch
        {
            "no JSON" => "<<<<<<< ours",
            "deep" => string.Concat(Enumerable.Repeat("[", 200_000)),
            "two documents" => Good + Good,
            "another version" => """{ "version": 2, "nuget": {} }""",
            _ => Good,
        });
        switch (kind)
        {
            case "link":
                File.Move(lockfile, Path.Combine(Temp, "elsewhere"));
                File.CreateSymbolicLink(lockfile, Path.Combine(Temp, "elsewhere"));
                break;
            case "huge":
                File.WriteAllText(lockfile, Good + new string(' ', 17 * 1024 * 1024));
                break;
            case "other name":
                File.Move(lockfile, Path.Combine(Artifact, "Hardening.lock.json.txt"));
                break;
            case "a second file":
                File.WriteAllText(Path.Combine(Artifact, "global.json"), "{}");
                break;
            case "a folder":
                File.Delete(lockfile);
                Directory.CreateDirectory(lockfile);
                break;
            case "nothing":
                File.Delete(lockfile);
                break;
        }

        CommitsNothing(Head, message);
    }

    // What the refusals differ from.
    [TestMethod]
    public void A_lockfile_is_committed_without_any_code_of_the_pull_request()
    {
        BotBranch();
        GoodArtifact();
        var before = Head;

        RunCommit(before).Succeeds();

        Assert.AreEqual(before, Git(Remote, "rev-parse", Branch + "^"));
        Assert.AreEqual(File.ReadAllText(Path.Combine(Artifact, "hardening.lock.json")), Git(Remote, "show", Branch + ":hardening.lock.json"));
    }

    [TestMethod]
    [DataRow("somebody", Branch, "found: somebody")]
    [DataRow(Bot, "main", "is not a bot's")]
    [DataRow(Bot, "feature/x", "is not a bot's")]
    [DataRow(Bot, "dependabot/../main", "not a valid branch name")]
    public void Another_author_or_branch_is_refused(string author, string branch, string message)
    {
        BotBranch();
        GoodArtifact();

        CommitsNothing(Head, message, author, branch);
    }

    [TestMethod]
    public void A_branch_that_has_moved_is_refused()
    {
        BotBranch();
        GoodArtifact();
        var before = Head;
        Git(repository.Root, "commit", "-q", "--allow-empty", "-m", "moved");
        Git(repository.Root, "push", "-q", Remote, $"HEAD:refs/heads/{Branch}");

        CommitsNothing(before, "has moved away");
    }

    [TestMethod]
    public void A_branch_that_was_deleted_is_not_made_again()
    {
        BotBranch();
        GoodArtifact();
        var before = Head;
        Git(Remote, "update-ref", "-d", $"refs/heads/{Branch}");

        CommitsNothing(before, "couldn't find remote ref");
    }

    [TestMethod]
    [DataRow("120000")]
    [DataRow("removed")]
    public void A_lockfile_that_is_no_file_on_the_branch_is_refused(string mode)
    {
        BotBranch();
        GoodArtifact();
        var blob = Git(repository.Root, "rev-parse", "HEAD:hardening.lock.json");
        Git(repository.Root, "rm", "-q", "--cached", "hardening.lock.json");
        if (mode != "removed")
        {
            Git(repository.Root, "update-index", "--add", "--cacheinfo", $"{mode},{blob},hardening.lock.json");
        }

        Git(repository.Root, "commit", "-q", "-m", mode);
        Git(repository.Root, "push", "-q", Remote, $"HEAD:refs/heads/{Branch}");

        CommitsNothing(Head, "no regular hardening.lock.json");
    }

    [TestMethod]
    public void Only_the_part_that_runs_nothing_of_the_pull_request_may_write()
    {
        Assert.IsEmpty(Update.Permissions);
        Assert.IsEmpty(Commit.Permissions);
        Assert.AreEqual("contents=read", string.Join(' ', Update.JobPermissions.Select(p => $"{p.Key}={p.Value}")));
        Assert.AreEqual("actions=read contents=write pull-requests=read", string.Join(' ', Commit.JobPermissions.Select(p => $"{p.Key}={p.Value}")));
        Assert.AreEqual("false", Update.Steps.Single(step => step.Uses?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true).With("persist-credentials"));
        Assert.IsFalse(Commit.Steps.Any(step => step.Uses?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true));
        Assert.IsFalse(Update.Steps.Any(step => step.Node.ToString().Contains("github.token", StringComparison.Ordinal) || step.Node.ToString().Contains("secrets.", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("docs/workflows/update-lockfile.yml")]
    [DataRow("docs/workflows/commit-lockfile.yml")]
    [DataRow(".github/workflows/ci.yml")]
    public void No_script_of_a_workflow_holds_an_expression(string path)
    {
        var workflow = WorkflowFile.Read(RepositoryFiles.PathOf(path.Split('/')));

        Assert.IsEmpty(workflow.Permissions);
        Assert.IsTrue(workflow.Job.Children.ContainsKey("timeout-minutes"));
        Assert.IsEmpty(workflow.Steps.Where(step => step.Run?.Contains("${{", StringComparison.Ordinal) == true).ToList());
    }

    private void CommitsNothing(string commit, string message, string author = Bot, string branch = Branch)
    {
        var before = Git(Remote, "for-each-ref");

        var result = RunCommit(commit, author, branch);

        Assert.AreNotEqual(0, result.ExitCode, result.Output);
        result.Says(message);
        Assert.AreEqual(before, Git(Remote, "for-each-ref"), result.Output);
    }

    // A locked repository, and a bot's branch that raises the version of its one package.
    private void BotRaisesVersion(string more = "")
    {
        repository = NewRepository();
        new TestPackage("Good").WriteTo(repository.Feed);
        new TestPackage("Good", "2.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good")).Write("all.slnx", """<Solution><Project Path="app/app.csproj" /></Solution>""");
        repository.Update().Succeeds();
        Push();
        repository.Project("app/app.csproj", TestRepository.Reference("Good", "2.0.0"));
        repository.Write("app/app.csproj", repository.Read("app/app.csproj").Replace("</Project>", more + "</Project>", StringComparison.Ordinal));
        Git(repository.Root, "commit", "-q", "-a", "-m", "Raise Good to 2.0.0");
        Git(repository.Root, "push", "-q", Remote, $"HEAD:refs/heads/{Branch}");
    }

    // The same without packages, where only the second workflow counts.
    private void BotBranch()
    {
        repository = NewRepository();
        repository.Write("hardening.lock.json", "{}");
        Push();
    }

    private void Push()
    {
        Directory.Delete(repository.PathOf(".git"));
        Git(repository.Base, "init", "-q", "--bare", Remote);
        Git(repository.Root, "init", "-q", "-b", "main");
        repository.Write(".gitignore", "bin/\nobj/\n");
        Git(repository.Root, "add", "-A");
        Git(repository.Root, "commit", "-q", "-m", "locked");
        Git(repository.Root, "push", "-q", Remote, "main", $"HEAD:refs/heads/{Branch}");
    }

    private void GoodArtifact()
    {
        Directory.CreateDirectory(Artifact);
        File.WriteAllText(Path.Combine(Artifact, "hardening.lock.json"), """{ "version": 1, "nuget": {} }""");
    }

    // A clone beside the repository, so that ../feed of its nuget.config is the same.
    private string Clone(string name)
    {
        var folder = Path.Combine(repository.Base, name);
        Git(repository.Base, "clone", "-q", "--branch", Branch, Remote, folder);
        return folder;
    }

    private CommandResult RunUpdate()
    {
        var workspace = Clone("workspace");
        var result = RunScripts(Update, workspace, new Dictionary<string, string>());
        var upload = Update.Steps.Single(step => step.Uses?.StartsWith("actions/upload-artifact@", StringComparison.Ordinal) == true);
        Directory.CreateDirectory(Artifact);
        File.Copy(Path.Combine(workspace, upload.With("path")!), Path.Combine(Artifact, upload.With("path")!));
        return result;
    }

    private CommandResult RunCommit(string commit, string author = Bot, string branch = Branch)
    {
        var tools = Path.Combine(repository.Base, "tools");
        Directory.CreateDirectory(tools);
        File.WriteAllText(Path.Combine(tools, "gh"), $"#!/bin/sh\necho '{author} {commit} owner/name'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(tools, "gh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return RunScripts(Commit, Temp, new Dictionary<string, string>
        {
            ["runner.temp"] = Temp,
            ["github.event.workflow_run.head_branch"] = branch,
            ["github.event.workflow_run.head_sha"] = commit,
            ["github.token"] = "no-token",
            ["github.repository_owner"] = "owner",
            ["github.repository"] = "owner/name",
            ["github.server_url"] = "https://github.invalid",
        });
    }

    // As the runner does where a workflow says nothing of a shell: bash -e, each step a process of its own, until one fails.
    private CommandResult RunScripts(WorkflowFile workflow, string folder, Dictionary<string, string> expressions)
    {
        var output = string.Empty;
        foreach (var step in workflow.Steps.Where(step => step.Run is not null))
        {
            Directory.CreateDirectory(Temp);
            Directory.CreateDirectory(Path.Combine(repository.Base, "home", "data"));
            var script = Path.Combine(Temp, "step.sh");
            File.WriteAllText(script, step.Run!);
            var environment = workflow.Environment(step, expressions);
            environment["LC_ALL"] = "C";
            environment["CI"] = "true";
            environment["GITHUB_ACTIONS"] = "true";
            environment["NUGET_PACKAGES"] = repository.Packages;
            environment["HOME"] = environment["DOTNET_CLI_HOME"] = Path.Combine(repository.Base, "home");
            environment["XDG_DATA_HOME"] = Path.Combine(repository.Base, "home", "data");
            environment["MSBUILDDISABLENODEREUSE"] = "1";
            environment["PATH"] = Path.Combine(repository.Base, "tools") + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH");
            if (environment.ContainsKey("REMOTE"))
            {
                environment["REMOTE"] = Remote;
            }

            var result = BashCommand.Run(folder, environment, "-e", script);
            File.Delete(script);
            output += result.Output;
            if (result.ExitCode != 0)
            {
                return result with { Output = output };
            }
        }

        return new CommandResult("workflow", 0, output);
    }

    private static string Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=test", "-c", "user.email=test@example.invalid", "-c", "core.autocrlf=false", "-c", "commit.gpgSign=false", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"git {string.Join(' ', arguments)}: {error.Result}");
        return output.TrimEnd();
    }
}
