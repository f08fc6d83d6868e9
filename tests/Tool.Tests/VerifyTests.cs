using System.Globalization;
using Hardening.Lockfiles;
using Hardening.Tests;

namespace Hardening.Tool.Tests;

[TestClass]
public sealed class VerifyTests
{
    private const string Commit = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string Other = "2222222222222222222222222222222222222222";
    private const string Workflow = ".github/workflows/ci.yml";
    private const string Grade = "Grade: written.";

    [TestMethod]
    public void What_is_as_locked_is_clean()
    {
        using var folder = Sample(Uses($"actions/checkout@{Commit} # v4"));
        var result = Verify(folder).Ends(0);

        Assert.HasCount(1, result.Lines);
        Assert.StartsWith($"0 errors, 0 warnings. {Grade}", result.Output);
    }

    [TestMethod]
    public void A_drift_from_the_lockfile_is_a_finding_at_its_place()
    {
        using var folder = Sample(Uses($"actions/checkout@{Other}"));
        var result = Verify(folder).Ends(1);

        Assert.StartsWith($"{Workflow}(4,15): error HRD2002: actions/checkout is pinned to {Other}, but the lockfile has {Commit} (v4). To mend it: ", result.Output);
        Assert.Contains($"1 error, 0 warnings. {Grade}", result.Output);
    }

    [TestMethod]
    public void What_is_merely_not_pinned_warns_and_is_clean()
    {
        using var folder = Sample(Uses("actions/checkout@v4"));
        var result = Verify(folder).Ends(0);

        Assert.StartsWith($"{Workflow}(4,15): warning HRD2003: ", result.Output);
        Assert.Contains("0 errors, 1 warning.", result.Output);
    }

    [TestMethod]
    public void Of_many_that_are_not_pinned_ten_are_listed_and_the_rest_is_counted()
    {
        using var folder = Sample(Uses([.. Enumerable.Repeat("actions/checkout@v4", 25)]) + $"      - uses: actions/checkout@{Other}\n");
        var lines = Verify(folder).Ends(1).Lines;

        Assert.HasCount(13, lines);
        Assert.StartsWith($"{Workflow}(14,15): warning HRD2003: From here on 15 places name an action by a tag or branch", lines[10]);
        Assert.StartsWith($"{Workflow}(29,15): error HRD2002", lines[11]);
    }

    [TestMethod]
    [DataRow("actions:\n  unpinned: build\n", 1, "error HRD2003")]
    [DataRow("actions:\n  unpinned: off\n", 0, "0 errors, 0 warnings")]
    [DataRow("exclude:\n  - path: .github/**\n    reason: x\n", 0, "0 errors, 0 warnings")]
    [DataRow("oops: 1\n", 1, "error HRD0015")]
    public void The_policy_decides(string policy, int exitCode, string says)
    {
        using var folder = Sample(Uses("actions/checkout@v4"));
        folder.File("hardening.yml", "version: 1\n" + policy);

        Assert.Contains(says, Verify(folder).Ends(exitCode).Output);
    }

    [TestMethod]
    public void Every_ecosystem_is_looked_at_unless_one_is_chosen()
    {
        using var folder = Sample(Uses($"actions/checkout@{Other}") + "  b:\n    container: node:20\n");
        folder.File("dotnet-tools.json", """{ "tools": { "new.tool": { "version": "1.0.0" } } }""");

        Assert.AreEqual("HRD1022 HRD2002 HRD3001", Codes(Verify(folder).Ends(1)));
        Assert.AreEqual("HRD1022", Codes(Verify(folder, "--ecosystem", "nuget").Ends(1)));
        Assert.AreEqual("HRD2002", Codes(Verify(folder, "--ecosystem", "actions").Ends(1)));

        // No image is locked yet, so it warns.
        Assert.AreEqual("HRD3001", Codes(Verify(folder, "--ecosystem", "images").Ends(0)));
    }

    [TestMethod]
    public void Without_a_lockfile_there_are_findings()
    {
        using var folder = new TemporaryFolder();

        Assert.StartsWith("hardening.lock.json: error HRD0001: ", Verify(folder).Ends(1).Output);
        Assert.StartsWith("error HRD0005: ", ToolProcess.Run(folder.Path, "verify").Ends(1).Output);
    }

    [TestMethod]
    [DataRow(Workflow, "jobs: [", "HRD2010")]
    [DataRow("dotnet-tools.json", "{", "HRD0011")]
    [DataRow("nuget.config", "<configuration", "HRD0011")]
    public void What_cannot_be_read_leaves_it_undecided(string path, string text, string codes)
    {
        using var folder = Sample(Uses($"actions/checkout@{Commit}"));
        folder.File(path, text);

        Assert.AreEqual(codes, Codes(Verify(folder).Ends(3)));
    }

    [TestMethod]
    public void A_drift_counts_more_than_what_could_not_be_read()
    {
        using var folder = Sample(Uses($"actions/checkout@{Other}"));
        folder.File(".github/workflows/b.yml", "jobs: [");

        Assert.AreEqual("HRD2002 HRD2010", Codes(Verify(folder).Ends(1)));
    }

    [TestMethod]
    public void A_repository_that_cannot_be_walked_is_undecided()
    {
        using var folder = Sample(Uses($"actions/checkout@{Commit}"));
        folder.Folder(string.Join('/', Enumerable.Repeat("d", 140)));

        Assert.AreEqual("HRD0011", Codes(Verify(folder).Ends(3)));
    }

    [TestMethod]
    public void A_baseline_tells_what_is_weaker()
    {
        using var repository = new GitSample();
        repository.Write("hardening.lock.json", Text(new Lockfile())).Write("hardening.yml", "version: 1\n").Commit();
        repository.Write("hardening.yml", "version: 1\nnuget:\n  enforce: off\n");
        var result = ToolProcess.Run(repository.Root, "verify", "--baseline", "main").Ends(1);

        Assert.StartsWith("Compared with main (", result.Output);
        Assert.AreEqual("HRD0017", Codes(result));
        Assert.AreEqual("HRD0018", Codes(ToolProcess.Run(repository.Root, "verify", "--baseline", "nowhere").Ends(3)));
        Assert.AreEqual("HRD0018", Codes(ToolProcess.Run(repository.Root, "verify", "--baseline", "--output=x").Ends(3)));
        Assert.IsFalse(File.Exists(repository.At("x")));
    }

    [TestMethod]
    public void A_workflow_of_a_stranger_reaches_no_terminal_as_a_command()
    {
        using var folder = Sample("jobs:\n  a:\n    steps:\n      - uses: \"o/r@\\e[2J\\n::error::x\"\n      - uses: \"o/\\u202er\"\n");

        Assert.AreEqual("HRD2009", Codes(Verify(folder).Ends(1).IsHarmless()));
        Assert.DoesNotContain("::", Verify(folder).Output);
    }

    [TestMethod]
    public void An_sdk_of_the_dotnet_sdk_is_no_package()
    {
        using var folder = Sample(Uses($"actions/checkout@{Commit}"));
        folder.File("Directory.Build.props", """<Project><Sdk Name="Hardening.Sdk" /></Project>""");
        folder.File("a/a.csproj", """<Project Sdk="Microsoft.NET.Sdk/1.0.0" />""");

        Assert.AreEqual(string.Empty, Codes(Verify(folder).Ends(0)));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void On_a_terminal_a_finding_comes_with_its_line_and_a_caret()
    {
        using var folder = Sample("jobs:\n  a:\n    steps:\n      -\tuses: actions/checkout@" + Other + "\n");
        var lines = ToolProcess.RunOnTerminal(folder.Path, "TERM=xterm-256color", "verify").Ends(1).Output.Split('\n').Select(Plain).ToList();
        var at = lines.FindIndex(l => l.Contains(" | ", StringComparison.Ordinal));

        Assert.EndsWith(Workflow, lines[0]);
        Assert.StartsWith("  error HRD2002 actions/checkout is pinned to", lines[1]);
        Assert.StartsWith("      4 |       - uses: actions/checkout@2222222222222222", lines[at]);
        Assert.AreEqual("        |               ^", lines[at + 1]);
        Assert.Contains(Grade, string.Join(' ', lines));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void On_a_terminal_a_line_without_end_is_cut_and_commands_are_escaped()
    {
        using var folder = Sample("jobs: { a: { steps: [ { name: \"" + new string('x', 10_000) + "\\e[2J::error::\", uses: \"actions/checkout@" + Other + "\" } ] } }");
        folder.File(".github/workflows/b.yml", "# \e[2J\r\njobs: { \e[2J: ");
        var result = ToolProcess.RunOnTerminal(folder.Path, "TERM=xterm-256color", "verify").Ends(1);
        var lines = result.Output.Split('\n').Select(Plain).ToList();
        var at = lines.FindLastIndex(l => l.StartsWith("      1 | ", StringComparison.Ordinal));

        Assert.DoesNotContain("\e[2J", result.Output);
        Assert.IsLessThanOrEqualTo(80, lines.Max(l => l.Length));
        Assert.AreEqual('a', lines[at][lines[at + 1].IndexOf('^', StringComparison.Ordinal)], result.Output);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("NO_COLOR=1")]
    [DataRow("TERM=dumb")]
    public void A_terminal_that_wants_no_colours_gets_plain_lines(string environment)
    {
        using var folder = Sample(Uses($"actions/checkout@{Other}"));
        var result = ToolProcess.RunOnTerminal(folder.Path, environment, "verify").Ends(1);

        // .NET itself says to the terminal that there are keys.
        Assert.StartsWith($"{Workflow}(4,15): error HRD2002: ", result.Output.Replace("\e[?1h\e=", string.Empty, StringComparison.Ordinal));
        Assert.DoesNotContain("\e[3", result.Output);
        Assert.DoesNotContain(" | ", result.Output);
    }

    private static ToolResult Verify(TemporaryFolder folder, params string[] options) => ToolProcess.Run(Path.GetTempPath(), ["verify", "--root", folder.Path, .. options]);

    private static string Codes(ToolResult result) =>
        string.Join(' ', result.Lines.Select(l => l.Split(": ")).SelectMany(l => l).Where(w => w.StartsWith("error HRD", StringComparison.Ordinal) || w.StartsWith("warning HRD", StringComparison.Ordinal)).Select(w => w.Split(' ')[1]).Distinct().Order(StringComparer.Ordinal));

    private static TemporaryFolder Sample(string workflow)
    {
        var folder = new TemporaryFolder();
        folder.File(Workflow, workflow);
        folder.File(Lockfile.FileName, Text(new Lockfile { Actions = LockfileSample.Actions(("actions/checkout", Commit, "refs/tags/v4")) }));
        return folder;
    }

    private static string Uses(params string[] uses) => "jobs:\n  a:\n    steps:\n" + string.Concat(uses.Select(u => string.Create(CultureInfo.InvariantCulture, $"      - uses: {u}\n")));

    private static string Text(Lockfile lockfile) => System.Text.Encoding.UTF8.GetString(LockfileWriter.Write(lockfile));

    // What is left of a line without colours.
    private static string Plain(string line) => System.Text.RegularExpressions.Regex.Replace(line.TrimEnd('\r'), "\e\\[[0-9;]*m", string.Empty).TrimEnd();
}
