using System.Text;
using Hardening.Baselines;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>Pull requests that weaken workflows, in real git repositories.</summary>
[TestClass]
public sealed class BaselineWorkflowsTests
{
    private const string Folder = ".github/workflows/";
    private const string Ci = Folder + "ci.yml";
    private const string Lint = Folder + "lint.yml";
    private const string LockPath = Folder + "actions.lock";
    private const string Sha = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string Other = "0123456789abcdef0123456789abcdef01234567";
    private const string Digest = "@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Pinned = "a/b@" + Sha;

    [TestMethod]
    [DataRow("")]
    [DataRow("sub/dir/")]
    public async Task A_tag_in_place_of_a_commit_is_found_at_its_line_committed_or_not(string root)
    {
        using var sample = Protected((root + Ci, Steps("x/y@v1", Pinned + " # v4.2.2")));
        sample.Write(root + Ci, Steps("x/y@v1", "a/b@v4.2.2"));

        var finding = await OneAsync(sample, root);
        Assert.AreEqual($"a/b is named by `a/b@v4.2.2`, but main has it pinned as `{Pinned}`; its owner can move what the name leads to.", finding.Message);
        Assert.AreEqual((sample.At(root + Ci), 5), (finding.Place.File, finding.Place.Line));
        Assert.AreEqual("a/b", finding.Input);
        sample.Commit();
        Assert.AreEqual(finding, await OneAsync(sample, root));
    }

    [TestMethod]
    public async Task Another_commit_a_new_action_and_what_was_never_pinned_are_none()
    {
        using var sample = Protected((Ci, Steps(Pinned, "c/d@v1")), (Lint, Steps("c/d@v1")));
        sample.Write(Ci, Steps("a/b@" + Other, "c/d@v2", "e/f@v1")).Write(Folder + "new.yml", Steps("c/d@v1", "g/h@v1", $"a/b@{Sha}")).Commit();
        await NoneAsync(sample);
    }

    [TestMethod]
    public async Task A_new_file_may_not_name_by_a_tag_what_all_others_pin()
    {
        using var sample = Protected((Ci, Steps(Pinned)), (Lint, Steps(Pinned, "c/d@v1")), ("x/action.yml", Action("c/d@" + Sha)));
        sample.Write(Folder + "new.yml", Steps("c/d@v1", "A/B@v4")).Commit();

        var finding = await OneAsync(sample);
        Assert.Contains("A/B is named by `A/B@v4`, but main has it pinned as", finding.Message);
        Assert.AreEqual((sample.At(Folder + "new.yml"), 5), (finding.Place.File, finding.Place.Line));
    }

    [TestMethod]
    public async Task A_file_that_did_not_name_it_is_as_a_new_one()
    {
        using var sample = Protected((Ci, Steps(Pinned)), (Lint, Steps("c/d@v1")));
        sample.Write(Lint, Steps("c/d@v1", "a/b@main"));
        Assert.Contains("a/b is named by `a/b@main`", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task A_renamed_file_is_compared_with_the_one_that_is_gone()
    {
        using var sample = Protected((Ci, Steps(Pinned, "a/b@v1")));
        sample.Git("mv", Ci, Folder + "moved.yaml");
        await NoneAsync(sample);
        sample.Write(Folder + "moved.yaml", Steps("a/b@v1", "a/b@v1"));
        Assert.AreEqual(sample.At(Folder + "moved.yaml"), (await OneAsync(sample)).Place.File);
        sample.Write(Folder + "moved.yaml", Steps("a/b@v1")).Write(Folder + "more.yaml", Steps("a/b@v1"));
        Assert.AreEqual(1, (await CheckAsync(sample)).Count, "what was not pinned may move, and only once");
    }

    [TestMethod]
    [DataRow("      - uses: &x a/b@v1\n      - uses: *x\n", DisplayName = "an alias, which stands in the text once")]
    [DataRow("      - uses: a/b@v1\n", DisplayName = "in the place of one that is gone")]
    public async Task As_many_by_tag_and_fewer_pinned_are_found(string steps)
    {
        using var sample = Protected((Ci, Steps("a/b@v1", Pinned)));
        sample.Write(Ci, Steps() + steps);
        Assert.Contains("has it pinned more often: 1 times, and now 0", (await OneAsync(sample)).Message);
        sample.Write(Ci, Steps(Pinned));
        await NoneAsync(sample);
    }

    [TestMethod]
    [DataRow("uses: 'A/b.git@v4'")]
    [DataRow("uses: \"\\x61/b@v4\"")]
    [DataRow("uses: >-\n          a/b@v4\n")]
    [DataRow("{ uses: a\\b\\sub@v4 }")]
    [DataRow("uses: https://github.com/a/b@v4")]
    [DataRow("uses: a/b@11bd719", DisplayName = "a shortened commit")]
    [DataRow("<<: { uses: a/b@v4 }")]
    public async Task However_it_is_written_it_is_found(string step)
    {
        using var sample = Protected((Ci, Steps(Pinned)));
        sample.Write(Ci, $"{Steps()}      - {step}\n");
        Assert.Contains("but main has it pinned as", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    [DataRow("alpine" + Digest, "alpine:3")]
    [DataRow("alpine" + Digest, "docker.io/library/alpine:3")]
    [DataRow("docker://library/alpine:3" + Digest, "index.docker.io/alpine")]
    [DataRow("ghcr.io/a/b" + Digest, "ghcr.io/A/b:latest")]
    [DataRow("alpine" + Digest, "Docker.io/alpine:3")]
    [DataRow("alpine" + Digest, "INDEX.docker.io/library/Alpine:3")]
    [DataRow("localhost:5000/b" + Digest, "localhost:5000/b@sha256:aa")]
    public async Task Images_keep_their_digest_wherever_they_stand(string old, string now)
    {
        foreach (var place in new[] { "container: {0}", "container: {{ image: '{0}' }}", "services: {{ s: {{ image: '{0}' }} }}" })
        {
            using var sample = Protected((Ci, Job(place, old)));
            sample.Write(Ci, Job(place, now));
            Assert.Contains($"but main has it pinned as `{old}`", (await OneAsync(sample)).Message);
        }

        static string Job(string place, string image) => "jobs:\n  a:\n    " + string.Format(null, place, image) + "\n";
    }

    [TestMethod]
    public async Task An_image_of_another_registry_is_another_one()
    {
        using var sample = Protected((Ci, Steps("docker://alpine" + Digest)));
        sample.Write(Ci, Steps("docker://ghcr.io/library/alpine:3", "library/alpine@v1"));
        await NoneAsync(sample);
    }

    [TestMethod]
    [DataRow("x/action.yml")]
    [DataRow("deep/er/Action.YAML")]
    [DataRow("action.yml")]
    public async Task The_file_of_an_action_is_compared_too(string path)
    {
        using var sample = Protected((path, Action(Pinned)));
        sample.Write(path, Action("a/b@v4"));
        Assert.AreEqual(sample.At(path), (await OneAsync(sample)).Place.File);
    }

    [TestMethod]
    public async Task A_workflow_that_is_called_as_an_action_is_one_all_the_same()
    {
        using var sample = Protected((Folder + "action.yml", Steps(Pinned)));
        sample.Write(Folder + "action.yml", Steps("a/b@v4"));
        Assert.Contains("a/b is named by `a/b@v4`", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task A_step_that_moves_into_a_local_action_stays_pinned()
    {
        using var sample = Protected((Ci, Steps(Pinned)));
        sample.Write(Ci, Steps("./x")).Write("x/action.yml", Action("a/b@v4")).Commit();
        Assert.AreEqual(sample.At("x/action.yml"), (await OneAsync(sample)).Place.File);
    }

    [TestMethod]
    public async Task An_expression_in_the_place_of_a_digest_is_found()
    {
        using var sample = Protected((Ci, $"jobs:\n  a:\n    container: alpine{Digest}\n"));
        sample.Write(Ci, "jobs:\n  a:\n    container: ${{ 'alpine:3' }}\n");
        var finding = await OneAsync(sample);
        Assert.Contains("An expression decides here what runs", finding.Message);
        Assert.AreEqual(3, finding.Place.Line);
    }

    [TestMethod]
    public async Task What_can_no_longer_be_read_is_found()
    {
        using var sample = Protected((Ci, Steps(Pinned)), ("x/action.yml", Action(Pinned)), (Lint, "jobs: ["));
        sample.Write(Ci, Steps(Pinned) + "  b: &x { c: *x, ? [d\n").Write(Lint, "jobs: [[").Write("new/action.yml", "runs: [").Write("x/action.yml", Action("a/b@" + Other));
        Assert.Contains($"{Ci} cannot be read in full, so nobody can say what it names: ", (await OneAsync(sample)).Message);
        sample.Write(Ci, Steps(Pinned)).Write(Folder + "new.yml", "jobs: [");
        Assert.Contains($"{Folder}new.yml cannot be read in full", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task A_symbolic_link_in_place_of_a_workflow_an_action_or_their_folder_is_found()
    {
        using var sample = Protected((Ci, Steps(Pinned)), ("x/action.yml", Action(Pinned)), ("y/action.yml", Action(Pinned)), (LockPath, LockOf(Ci)));
        sample.Write("other.yml", Steps("a/b@v4"));
        foreach (var path in new[] { Ci, "x/action.yml", LockPath })
        {
            File.Delete(sample.At(path));
            File.CreateSymbolicLink(sample.At(path), "other.yml");
        }

        Directory.Delete(sample.At("y"), recursive: true);
        Directory.CreateSymbolicLink(sample.At("y"), "x");
        sample.Commit();

        var messages = (await CheckAsync(sample)).Select(f => f.Message).Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(
            new[] { (LockPath, "other.yml"), (Ci, "other.yml"), ("x/action.yml", "other.yml"), ("y", "x") }.Select(l => $"{l.Item1} is a symbolic link to {l.Item2}, and what a link leads to is not compared.").ToList(), messages);
    }

    [TestMethod]
    public async Task The_lock_of_GitHub_keeps_its_workflows()
    {
        using var sample = Protected((Ci, Steps("a/b@v1")), (Lint, Steps("a/b@v1")), (LockPath, LockOf(Ci, Lint)));
        await NoneAsync(sample);
        sample.Write(LockPath, LockOf(Lint));
        Assert.Contains($"{LockPath} no longer lists {Ci}", (await OneAsync(sample)).Message);
        sample.Write(LockPath, LockOf(Ci, Lint) + "\t");
        Assert.Contains($"{LockPath} is broken now", (await OneAsync(sample)).Message);
        File.Delete(sample.At(LockPath));
        Assert.Contains($"{LockPath} was removed", (await OneAsync(sample)).Message);
        sample.Commit();
        Assert.Contains($"{LockPath} was removed", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task A_workflow_leaves_the_lock_of_GitHub_with_its_file_and_not_by_a_new_name()
    {
        using var sample = Protected((Ci, Steps("a/b@v1")), (Lint, Steps("a/b@v1")), (LockPath, LockOf(Ci, Lint)));
        File.Delete(sample.At(Ci));
        sample.Write(LockPath, LockOf(Lint));
        await NoneAsync(sample);
        sample.Write(Folder + "new.yml", Steps("a/b@v1"));
        Assert.Contains($"does not list {Folder}new.yml, which is new, but listed {Ci}, which is gone", (await OneAsync(sample)).Message);
        sample.Write(LockPath, LockOf(Lint, Folder + "new.yml"));
        await NoneAsync(sample);
        sample.Write(LockPath, LockOf(Lint)).Write(Folder + "new.yml", Steps($"x/y@{Other}", "./x"));
        await NoneAsync(sample);
    }

    [TestMethod]
    public async Task The_section_of_actions_may_not_go()
    {
        var lockfile = BaselineSamples.Lockfile with { Actions = new ActionsSection { IsBaseline = true } };
        using var sample = Protected((Ci, Steps(Pinned)), (Lockfile.FileName, Text(lockfile)));
        await NoneAsync(sample);
        sample.Write(Lockfile.FileName, Text(BaselineSamples.Lockfile)).Commit();
        Assert.Contains("The section \"actions\" was removed", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task Other_files_in_the_folders_of_workflows_are_none()
    {
        using var sample = Protected((Folder + "deep/ci.yml", Steps(Pinned)), ("ci.yml", Steps(Pinned)), (Folder + "readme.md", Pinned));
        sample.Write(Folder + "deep/ci.yml", Steps("a/b@v4")).Write("ci.yml", Steps("a/b@v4")).Write(Folder + "readme.md", "a/b@v4").Commit();
        await NoneAsync(sample);
    }

    [TestMethod]
    public async Task Workflows_that_fill_the_memory_are_refused()
    {
        using var sample = Protected();
        var most = new string('#', 4 * 1024 * 1024);
        for (var i = 0; i <= 64; i++)
        {
            sample.Write($"{Folder}{i}.yml", most);
        }

        var finding = (await CheckAsync(sample)).Single();
        Assert.AreEqual(FindingCodes.BaselineUnreadable, finding.Code);
        Assert.Contains("have more than 268435456 bytes in all", finding.Message);
    }

    private static string Steps(params string[] uses) => "jobs:\n  a:\n    steps:\n" + string.Concat(uses.Select(u => $"      - uses: {u}\n"));

    private static string Action(string uses) => $"runs:\n  using: composite\n  steps:\n    - uses: {uses}\n";

    private static string LockOf(params string[] workflows) =>
        $"version: 'v0.0.2'\nworkflows:\n{string.Concat(workflows.Select(w => $"    '{w}':\n        - 'a/b@v1'\n"))}dependencies:\n    'a/b@v1':\n        ref: 'v1'\n        commit: 'sha1-{Sha}'\n        owner_id: 1\n        repo_id: 2\n";

    private static string Text(Lockfile lockfile) => Encoding.UTF8.GetString(LockfileWriter.Write(lockfile with { Control = new Dictionary<string, string>() }));

    private static GitSample Protected(params (string Path, string Content)[] files)
    {
        var sample = new GitSample();
        sample.Write("app/app.csproj", "<Project />");
        foreach (var (path, content) in files)
        {
            sample.Write(path, content);
        }

        sample.Commit();
        sample.Git("checkout", "-q", "-b", "pr");
        return sample;
    }

    private static async Task<IReadOnlyList<Finding>> CheckAsync(GitSample sample, string root = "") =>
        (await BaselineCheck.RunAsync(sample.At(root), "main", null, default)).Findings;

    private static async Task NoneAsync(GitSample sample)
    {
        var findings = await CheckAsync(sample);
        Assert.IsEmpty(findings, string.Join('\n', findings));
    }

    private static async Task<Finding> OneAsync(GitSample sample, string root = "")
    {
        var findings = await CheckAsync(sample, root);
        Assert.HasCount(1, findings, string.Join('\n', findings));
        Assert.AreEqual(FindingCodes.BaselineWeakened, findings[0].Code);
        return findings[0];
    }
}
