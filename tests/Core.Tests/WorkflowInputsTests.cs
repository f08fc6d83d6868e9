using System.Text;
using Hardening.Ecosystems.Actions;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats.Workflows;

namespace Hardening.Tests;

/// <summary>Which files of a repository are looked at, and what the ones that name each other by path lead to.</summary>
[TestClass]
public sealed class WorkflowInputsTests
{
    private const string Composite = "runs:\n  using: composite\n  steps:\n    - uses: {0}\n";

    [TestMethod]
    [DataRow(".github/workflows/ci.yml", true)]
    [DataRow(".github/workflows/ci.yaml", true)]
    [DataRow(".github/workflows/ci.YML", true)]
    [DataRow(".github/workflows/.yml", true)]
    [DataRow(".github/workflows/sub/ci.yml", false)]
    [DataRow(".github/workflows/ci.yml.txt", false)]
    [DataRow(".github/workflows/ci.json", false)]
    [DataRow(".github/Workflows/ci.yml", false)]
    [DataRow(".GITHUB/workflows/ci.yml", false)]
    [DataRow("sub/.github/workflows/ci.yml", false)]
    [DataRow("workflows/ci.yml", false)]
    [DataRow(".github/ci.yml", false)]
    public void Only_what_GitHub_takes_for_a_workflow_is_read_as_one(string path, bool expected)
    {
        using var folder = new TemporaryFolder();
        folder.File(path, Workflow("a/b@v1"));

        Assert.AreEqual(expected ? $"{path}: a/b@v1" : string.Empty, Say(Observe(folder)));
    }

    [TestMethod]
    [DataRow("action.yml", true)]
    [DataRow("action.yaml", true)]
    [DataRow("some/where/action.yml", true)]
    [DataRow(".github/actions/x/action.yml", true)]
    [DataRow("x/Action.YML", true, DisplayName = "in another case, as runners on Windows find it")]
    [DataRow("x/action.yml.bak", false)]
    [DataRow("x/my-action.yml", false)]
    [DataRow("action.yml/readme.md", false)]
    public void Every_file_of_an_action_is_read(string path, bool expected)
    {
        using var folder = new TemporaryFolder();
        folder.File(path, Action("a/b@v1"));

        Assert.AreEqual(expected ? $"{path}: a/b@v1" : string.Empty, Say(Observe(folder)));
    }

    [TestMethod]
    public void An_excluded_action_is_read_where_a_workflow_uses_it()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./samples/a") + "      - uses: a/b@v1\n");
        folder.File("samples/a/action.yml", Action("evil/x@v1"));
        folder.File("samples/b/action.yml", Action("evil/y@v1"));

        var inputs = Observe(folder, path => path == "samples" || path.StartsWith("samples/", StringComparison.Ordinal));

        Assert.AreEqual(".github/workflows/ci.yml: ./samples/a a/b@v1; samples/a/action.yml: evil/x@v1", Say(inputs));
    }

    [TestMethod]
    public void An_action_in_a_folder_that_no_walk_enters_is_followed()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./artifacts/a", "$/bin/b", ".\\obj\\c"));
        folder.File("artifacts/a/action.yml", Action("./node_modules/d"));
        folder.File("bin/b/action.yaml", Action("b/b@v1"));
        folder.File("obj/c/action.yml", Action("c/c@v1"));
        folder.File("node_modules/d/action.yml", Action("d/d@v1"));
        folder.File("artifacts/unused/action.yml", Action("evil/x@v1"));

        var inputs = Observe(folder);

        Assert.AreEqual(".github/workflows/ci.yml: ./artifacts/a $/bin/b .\\obj\\c; artifacts/a/action.yml: ./node_modules/d; bin/b/action.yaml: b/b@v1; node_modules/d/action.yml: d/d@v1; obj/c/action.yml: c/c@v1", Say(inputs));
        Assert.IsEmpty(inputs.Findings);
    }

    [TestMethod]
    public void An_action_of_another_repository_inside_is_followed()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./module/a"));
        folder.File("module/.git", "gitdir: ../.git/modules/module\n");
        folder.File("module/a/action.yml", Action("evil/x@v1"));

        Assert.AreEqual(".github/workflows/ci.yml: ./module/a; module/a/action.yml: evil/x@v1", Say(Observe(folder)));
    }

    [TestMethod]
    public void The_root_can_be_an_action()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./"));
        folder.File("action.yml", Action("./"));

        Assert.IsEmpty(Observe(folder).Findings);
    }

    [TestMethod]
    public void Actions_that_name_each_other_in_a_circle_are_read_once()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./bin/a"));
        folder.File("bin/a/action.yml", Action("./bin/b"));
        folder.File("bin/b/action.yml", Action("./bin/a"));

        Assert.AreEqual(".github/workflows/ci.yml: ./bin/a; bin/a/action.yml: ./bin/b; bin/b/action.yml: ./bin/a", Say(Observe(folder)));
    }

    [TestMethod]
    public void A_chain_of_actions_is_followed_to_its_end()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./bin/0"));
        for (var i = 0; i < 200; i++)
        {
            folder.File($"bin/{i}/action.yml", Action(i == 199 ? "evil/x@v1" : $"./bin/{i + 1}"));
        }

        Assert.Contains("bin/199/action.yml: evil/x@v1", Say(Observe(folder)));
    }

    [TestMethod]
    [DataRow("Dockerfile")]
    [DataRow("dockerfile")]
    public void A_folder_with_nothing_but_a_Dockerfile_is_an_action(string name)
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./a"));
        folder.File($"a/{name}", "FROM scratch\n");

        Assert.IsEmpty(Observe(folder).Findings);
    }

    [TestMethod]
    public void Both_spellings_in_one_folder_are_read()
    {
        using var folder = new TemporaryFolder();
        folder.File("a/action.yml", Action("a/b@v1"));
        folder.File("a/action.yaml", Action("c/d@v1"));
        folder.File("a/Dockerfile", "FROM scratch\n");

        Assert.AreEqual("a/action.yaml: c/d@v1; a/action.yml: a/b@v1", Say(Observe(folder)));
    }

    [TestMethod]
    public void Of_both_spellings_where_no_walk_goes_the_one_is_read_that_the_runner_takes()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./bin/a", "./bin/b"));
        folder.File("bin/a/action.yml", Action("a/b@v1"));
        folder.File("bin/a/action.yaml", Action("c/d@v1"));
        folder.File("bin/b/action.yml/file");
        folder.File("bin/b/action.yaml", Action("e/f@v1"));

        Assert.AreEqual(".github/workflows/ci.yml: ./bin/a ./bin/b; bin/a/action.yml: a/b@v1; bin/b/action.yaml: e/f@v1", Say(Observe(folder)));
    }

    [TestMethod]
    public void A_workflow_that_a_job_calls_is_read_as_one_wherever_it_lies()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", "jobs:\n  a:\n    uses: ./.github/workflows/sub/x.yml\n  b:\n    uses: ./.github/workflows/y.yml\n  c:\n    uses: ./.github/workflows/gone.yml\n");
        folder.File(".github/workflows/sub/x.yml", Workflow("evil/x@v1"));
        folder.File(".github/workflows/y.yml", Workflow("a/b@v1"));

        var inputs = Observe(folder);

        Assert.AreEqual(".github/workflows/ci.yml: ./.github/workflows/sub/x.yml ./.github/workflows/y.yml ./.github/workflows/gone.yml; .github/workflows/sub/x.yml: evil/x@v1; .github/workflows/y.yml: a/b@v1", Say(inputs));
        AssertOne(inputs, FindingCodes.LocalActionMissing, 7, 11, "`./.github/workflows/gone.yml` is not in this repository");
    }

    [TestMethod]
    public void An_action_in_the_folder_of_workflows_is_read_as_both()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./.github/workflows"));
        folder.File(".github/workflows/action.yml", Action("evil/x@v1") + "jobs:\n  a:\n    steps:\n      - uses: evil/y@v1\n");

        Assert.AreEqual(".github/workflows/action.yml: evil/x@v1 evil/y@v1; .github/workflows/ci.yml: ./.github/workflows", Say(Observe(folder)));
    }

    [TestMethod]
    [DataRow("./gone")]
    [DataRow("$/gone")]
    [DataRow("./Here", DisplayName = "in another case")]
    [DataRow("./here/action.yml", DisplayName = "a step names a folder")]
    public void An_action_that_is_not_there_is_told_at_its_place(string uses)
    {
        using var folder = new TemporaryFolder();
        folder.File("here/action.yml", "runs:\n  using: node24\n  main: x.js\n");
        folder.File(".github/workflows/ci.yml", Workflow(uses));

        var inputs = Observe(folder);

        AssertOne(inputs, FindingCodes.LocalActionMissing, 4, 15, $"`{uses}` is not in this repository, so it is whatever a step before has put there.");
        Assert.AreEqual("name the action by its repository and commit, as in owner/repo@<commit>", inputs.Findings[0].Command);
    }

    [TestMethod]
    public void A_path_that_the_file_system_does_not_take_is_told_at_its_place()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("./" + new string('a', 300)));

        AssertOne(Observe(folder), FindingCodes.WorkflowUnreadable, 4, 15, "could not be looked for");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void What_is_reached_through_a_symbolic_link_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.File("bin/evil/action.yml", Action("evil/x@v1"));
        folder.Folder("a/file");
        Directory.CreateSymbolicLink(folder.At("link"), "bin");
        File.CreateSymbolicLink(folder.At("a/file/action.yml"), "../../bin/evil/action.yml");
        File.CreateSymbolicLink(folder.At("b.yml"), "bin/evil/action.yml");
        folder.File(".github/workflows/ci.yml", Workflow("./link/evil", "./a/file"));
        File.CreateSymbolicLink(folder.At(".github/workflows/linked.yml"), "../../b.yml");
        File.CreateSymbolicLink(folder.At(".github/workflows/nowhere.yml"), "gone");

        var found = Finding.Sorted(Observe(folder).Findings);

        Assert.IsTrue(found.All(f => f.Code == FindingCodes.WorkflowUnreadable && f.Message.Contains("symbolic link", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(new[] { ".github/workflows/ci.yml:4", ".github/workflows/linked.yml:0", ".github/workflows/nowhere.yml:0", "a/file/action.yml:0" }, found.Select(f => $"{Path.GetRelativePath(folder.Path, f.Place.File)}:{f.Place.Line}").ToArray());
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_pipe_is_not_waited_for()
    {
        using var folder = new TemporaryFolder();
        folder.Folder(".github/workflows");
        Posix.MakePipe(folder.At(".github/workflows/pipe.yml"));

        Assert.AreEqual(FindingCodes.WorkflowUnreadable, Observe(folder).Findings.Single().Code);
    }

    [TestMethod]
    public void A_folder_named_like_a_workflow_is_none()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/x.yml/y.yml", Workflow("evil/x@v1"));

        var inputs = Observe(folder);

        Assert.IsEmpty(inputs.Files);
        Assert.IsEmpty(inputs.Findings);
    }

    [TestMethod]
    public void A_folder_that_is_named_as_a_file_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.Folder(".github/workflows/x.yml");

        var inputs = WorkflowInputs.Observe(folder.Path, [".github/workflows/x.yml", ".github/workflows/gone.yml"]);

        CollectionAssert.AreEqual(new[] { ".github/workflows/gone.yml is no file.", ".github/workflows/x.yml is no file." }, inputs.Findings.Select(f => f.Message).ToArray());
    }

    [TestMethod]
    [DataRow(WorkflowText.LargestFile, 0)]
    [DataRow(WorkflowText.LargestFile + 1, 1)]
    [DataRow(5 * 1024 * 1024, 1)]
    public void A_workflow_beyond_the_limit_is_refused(int size, int findings)
    {
        using var folder = new TemporaryFolder();
        var text = new byte[size];
        Array.Fill(text, (byte)'#');
        Encoding.UTF8.GetBytes(Workflow("a/b@v1")).CopyTo(text, 0);
        folder.File(".github/workflows/ci.yml", text);

        var inputs = Observe(folder);

        Assert.HasCount(findings, inputs.Findings.Where(f => f.Code == FindingCodes.WorkflowUnreadable && f.Message.Contains($"{size} bytes", StringComparison.Ordinal) && f.Message.Contains($"{WorkflowText.LargestFile}", StringComparison.Ordinal)).ToList());
    }

    [TestMethod]
    public void A_text_in_UTF_16_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/a.yml", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Workflow("evil/x@v1"))]);
        folder.File(".github/workflows/b.yml", Encoding.BigEndianUnicode.GetBytes(Workflow("evil/x@v1")));
        folder.File(".github/workflows/c.yml", [.. "name: "u8, 0xE9, .. "\n"u8]);

        Assert.IsTrue(Observe(folder).Findings.All(f => f.Code == FindingCodes.WorkflowUnreadable));
        Assert.HasCount(3, Observe(folder).Findings.Select(f => f.Place.File).Distinct().ToList());
    }

    [TestMethod]
    public void GitHubs_own_lockfile_is_noticed()
    {
        using var folder = new TemporaryFolder();
        Assert.IsFalse(Observe(folder).HasActionsLock);

        folder.File("actions.lock");
        Assert.IsFalse(Observe(folder).HasActionsLock);

        folder.File(".github/workflows/actions.lock");
        Assert.IsTrue(Observe(folder).HasActionsLock);
    }

    [TestMethod]
    public void References_are_those_of_all_files_but_not_what_is_in_the_repository_itself()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/ci.yml", Workflow("a/b/c@v1", "./x", "docker://alpine:3", "a/b@11BD71901bbe5b1630ceea73d27597364c9af683") + "  b:\n    container: node:20@sha256:1\n    uses: o/r/.github/workflows/x.yml@main\n");
        folder.File("x/action.yml", Action("d/e@v2"));

        var found = Observe(folder).References.Select(r => $"{r.Kind} {r.Name} {r.Version} {r.Pin}".TrimEnd());

        CollectionAssert.AreEqual(
            new[] { "Action a/b/c v1", "Image alpine 3", "Action a/b  11bd71901bbe5b1630ceea73d27597364c9af683", "Image node 20 sha256:1", "ReusableWorkflow o/r/.github/workflows/x.yml main", "Action d/e v2" },
            found.ToArray());
    }

    private static WorkflowInputs Observe(TemporaryFolder folder, Func<string, bool>? excludes = null)
    {
        var paths = RepositoryFiles.Find(folder.Path, WorkflowFile.IsWanted, excludes ?? (_ => false));
        return WorkflowInputs.Observe(folder.Path, paths);
    }

    private static string Say(WorkflowInputs inputs) => string.Join("; ", inputs.Files.Select(f => $"{f.Path}: {string.Join(' ', f.Uses.Select(u => u.Value.Value))}"));

    private static void AssertOne(WorkflowInputs inputs, FindingCode code, int line, int column, string message)
    {
        var finding = inputs.Findings.Single();
        Assert.AreEqual((code, line, column), (finding.Code, finding.Place.Line, finding.Place.Column));
        Assert.Contains(message, finding.Message);
    }

    private static string Workflow(params string[] uses) => "jobs:\n  a:\n    steps:\n" + string.Concat(uses.Select(u => $"      - uses: {u}\n"));

    private static string Action(string uses) => Composite.Replace("{0}", uses, StringComparison.Ordinal);
}
