using System.Text;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Findings;
using Hardening.Formats;
using Hardening.Inputs;

namespace Hardening.Tests;

[TestClass]
public sealed class WrittenInputsTests
{
    private const string Gate = """<Project><Sdk Name="Hardening.Sdk" /></Project>""";

    [TestMethod]
    public void Every_reference_is_told_with_its_place()
    {
        using var folder = Sample(
            ("Directory.Build.props", Gate),
            ("a/a.csproj", """<Project Sdk="My.Sdk/1.0"><Import Sdk="Other" Version="2" Project="x" /></Project>"""),
            ("b/b.FSPROJ", """<Project Sdk="Microsoft.NET.Sdk" />"""),
            ("eng/x.targets", """<Project><Sdk Name="In.Targets" Version="3" /></Project>"""),
            ("sub/global.json", """{ "msbuild-sdks": { "From.Json": "4", /* x */ "From.Json": "5" }, "sdk": { "version": "10.0.100" } }"""),
            (".config/dotnet-tools.json", """{ "tools": { "my.tool": { "version": "6", "commands": ["x"], "rollForward": false } } }"""));
        var written = Observe(folder);

        CollectionAssert.AreEquivalent(
            new[] { "Hardening.Sdk@", "My.Sdk@1.0", "Other@2", "Microsoft.NET.Sdk@", "In.Targets@3", "From.Json@4", "From.Json@5", "my.tool@6" },
            written.References.Select(r => $"{r.Name}@{r.Version}").ToArray());
        Assert.IsTrue(written.References.All(r => File.ReadAllText(r.Span.File)[r.Span.Start..r.Span.End] == r.Raw && r.Raw == (r.Kind == InputKind.Tool ? "version" : r.Name)));
        Assert.AreEqual(InputKind.Tool, written.References.Single(r => r.Name == "my.tool").Kind);
        Assert.AreEqual((1, 22), written.References.Where(r => r.Name == "From.Json").Select(r => (r.Span.Line, r.Span.Column)).First());
        Assert.AreEqual("10.0.100", written.DotNet["sub/global.json"]["version"]);
        Assert.IsEmpty(written.Findings);
    }

    [TestMethod]
    [DataRow("""{ "sdk": { "version": "1", "rollForward": "major", "allowPrerelease": true } }""", "allowPrerelease=true rollForward=major version=1")]
    [DataRow("""{ "sdk": { "version": "1", "version": "2" } }""", "version=1;2")]
    [DataRow("""{ "sdk": { "paths": [".a", "$host$"], "errorMessage": "any" } }""", "paths=.a;$host$")]
    [DataRow("""{ "sdk": { "paths": [] } }""", "paths=")]
    [DataRow("""{ "sdk": { "workloadVersion": { "x": { "y": 1 } } } }""", "workloadVersion.x.y=1")]
    [DataRow("""{ "SDK": { "version": "1" }, "x": { "sdk": { "version": "2" } } }""", "")]
    [DataRow("""{ "sdk": "x" }""", "")]
    public void What_a_global_json_says_of_the_dotnet_sdk_is_told_whole(string json, string expected)
    {
        using var folder = Sample(("global.json", json));

        Assert.AreEqual(expected, string.Join(' ', Observe(folder).DotNet["global.json"].Select(p => $"{p.Key}={p.Value}")));
    }

    [TestMethod]
    [DataRow("global.json", "{")]
    [DataRow("dotnet-tools.json", "{ 'tools': {} }")]
    [DataRow("global.json", "\uFEFF\uFEFF{}")]
    public void What_cannot_be_read_is_a_finding(string path, string text)
    {
        using var folder = Sample((path, text));
        var finding = Observe(folder).Findings.Single();

        Assert.AreEqual(FindingCodes.Unreadable, finding.Code);
        Assert.AreEqual(folder.At(path), finding.Place.File);
        Assert.Contains(path, finding.Message);
    }

    [TestMethod]
    public void One_file_that_cannot_be_read_does_not_hide_the_others()
    {
        using var folder = Sample(("Directory.Build.props", Gate), ("a.csproj", """<Project Sdk="A/1" />"""));
        using (var stream = File.Create(folder.At("src.csproj")))
        {
            stream.SetLength((16 * 1024 * 1024) + 1);
        }

        folder.File("a.csproj.user", [0xC0, 0x80]);
        folder.File("no.csproj", "no XML");
        var written = Observe(folder);

        CollectionAssert.AreEqual(new[] { "a.csproj.user", "src.csproj" }, written.Findings.Select(f => Path.GetFileName(f.Place.File)).Order(StringComparer.Ordinal).ToArray());
        CollectionAssert.AreEqual(new[] { "no.csproj", "src.csproj" }, written.Unhardened.Select(u => u.Path).Order(StringComparer.Ordinal).ToArray());
        Assert.Contains("A", written.References.Select(r => r.Name));
    }

    [TestMethod]
    public void A_props_file_that_is_none_of_MSBuild_is_passed_over()
    {
        using var folder = Sample(("log.props", "a=b"), ("a.targets", ""));
        var written = Observe(folder);

        Assert.IsEmpty(written.Findings);
        Assert.IsEmpty(written.References);
    }

    [TestMethod]
    public void A_byte_that_is_no_text_hides_no_sdk()
    {
        using var folder = Sample();
        folder.File("x.targets", [.. "<Project><!-- "u8, 0xFF, .. " --><Import Sdk=\"Evil\" Version=\"1\" Project=\"Sdk.props\" /></Project>"u8]);

        Assert.AreEqual("Evil", Observe(folder).References.Single().Name);
    }

    [TestMethod]
    public void What_is_imported_is_read_whatever_its_name_and_folder()
    {
        using var folder = Sample(
            ("Directory.Build.props", """<Project><Sdk Name="Hardening.Sdk" /><Import Project="eng/x.xml" Condition="'$(X)' != ''" /></Project>"""),
            ("eng/x.xml", """<Project><Import Project="..\obj\y.props" /><Import Project="x.xml" /><Sdk Name="One" Version="1" /></Project>"""),
            ("obj/y.props", """<Project><Sdk Name="Two" Version="2" /><PropertyGroup><CustomAfterMicrosoftCommonTargets>z.txt</CustomAfterMicrosoftCommonTargets></PropertyGroup></Project>"""),
            ("obj/z.txt", "<Project />"),
            ("obj/none.props", """<Project><Sdk Name="Three" Version="3" /></Project>"""));
        var written = Observe(folder);

        CollectionAssert.AreEquivalent(new[] { "Hardening.Sdk", "One", "Two" }, written.References.Select(r => r.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "obj/z.txt" }, written.Control.Keys.ToArray());
    }

    [TestMethod]
    public void Lists_of_control_files_cost_little()
    {
        var hook = $"<CustomAfterMicrosoftCommonTargets>{string.Concat(Enumerable.Range(0, 1000).Select(i => $"a{i};"))}</CustomAfterMicrosoftCommonTargets>";
        using var folder = Sample(
            ("long.props", $"<Project><PropertyGroup><CustomAfterMicrosoftCommonTargets>{string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"a{i};"))}</CustomAfterMicrosoftCommonTargets></PropertyGroup></Project>"),
            ("many.props", $"<Project><PropertyGroup>{string.Concat(Enumerable.Repeat(hook, 200))}</PropertyGroup></Project>"));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        CollectionAssert.AreEqual(new[] { "long.props", "many.props" }, Observe(folder).Control.Keys.ToArray());
        Assert.IsLessThan(60, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    [DataRow("a.slnx", "<Solution><Folder Name='/x/'><Project Type='C#' Path='x/a.xml' /></Folder></Solution>", "x/a.xml")]
    [DataRow("sub/a.SLN", "\nProject(\"{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}\") = \"a\", \"..\\x\\a.build\", \"{1}\"\nEndProject\n", "x/a.build")]
    [DataRow("a.slnx", "<Solution><Project Path='x/a.shproj' Type='FAE04EC0-301F-11D3-BF4B-00C04F79EFBC' /></Solution>", "x/a.shproj")]
    [DataRow("a.slnx", "<Solution><Project Path='x/a.shproj' /></Solution>", null)]
    [DataRow("a.sln", "Project(\"{D954291E-2A0B-460D-934E-DC6B0785DB48}\") = \"a\", \"x\\a.shproj\", \"{1}\"", null)]
    [DataRow("a.sln", "Project(\"{2150E333-8FDC-42A3-9474-1A3956D46DE8}\") = \"x\", \"x\", \"{1}\"", null)]
    [DataRow("a.slnx", "<Solution><Project Path='../../outside.xml' /><Project Path='x/none.xml' /><Project Path='ok/a.xml' />", null)]
    public void A_project_that_a_solution_names_is_judged_whatever_its_name(string solution, string text, string? expected)
    {
        const string Plain = "<Project Sdk='Microsoft.NET.Sdk' />";
        using var folder = Sample(
            ("Directory.Build.props", Gate), ("x/Directory.Build.props", "<Project />"), ("x/a.xml", Plain), ("x/a.build", Plain), ("x/a.shproj", Plain), ("ok/a.xml", Plain), (solution, text));

        Assert.AreEqual(expected, Observe(folder).Unhardened.SingleOrDefault()?.Path);
    }

    [TestMethod]
    public void A_file_based_app_in_a_folder_that_leads_away_is_not_hardened()
    {
        const string Away = "<Project />";
        const string Back = "<Project><Import Project='../../Directory.Build.props' /></Project>";
        using var folder = Sample(
            ("Directory.Build.props", Gate), ("a.cs", "#!/usr/bin/env dotnet"), ("x/Directory.Build.props", Away), ("x/b.cs", "#:package A@1"), ("x/sub/c.cs", "#!/usr/bin/env dotnet"), ("x/code.cs", "class C;"),
            ("x/back/Directory.Build.props", Back), ("x/back/d.cs", "#:package A@1"), ("out/Directory.Build.props", Away), ("out/e.cs", "#:package A@1"));

        CollectionAssert.AreEquivalent(new[] { "x/b.cs", "x/sub/c.cs" }, WrittenInputs.Observe(folder.Path, path => path == "out" || path.StartsWith("out/", StringComparison.Ordinal), withScripts: false).Unhardened.Select(u => u.Path).ToArray());
    }

    [TestMethod]
    [DataRow("// !$*UTF8*$!\n{ }", false)]
    [DataRow("<Project />", true)]
    public void A_project_of_Xcode_is_none(string text, bool expected)
    {
        using var folder = Sample(("Directory.Build.props", Gate), ("a.xcodeproj/project.pbxproj", text));

        Assert.AreEqual(expected, Observe(folder).Unhardened.Count == 1);
    }

    [TestMethod]
    public void Control_files_are_told_with_their_hash()
    {
        using var folder = Sample(
            ("Directory.Build.rsp", "-nologo"), ("src/MSBuild.rsp", ""), ("All.slnx", ""), ("before.All.sln.targets", "<Project />"), ("a.csproj.user", "<Project><Import Project='x' /></Project>"),
            ("b.csproj.user", "<Project><PropertyGroup><ShowAllFiles>true</ShowAllFiles></PropertyGroup></Project>"),
            ("x.props", "<Project><PropertyGroup><AfterMicrosoftNETSdkTargets>eng/x.targets</AfterMicrosoftNETSdkTargets></PropertyGroup></Project>"), ("eng/x.targets", "<Project />"));
        var written = Observe(folder);

        CollectionAssert.AreEqual(new[] { "Directory.Build.rsp", "a.csproj.user", "before.All.sln.targets", "eng/x.targets", "src/MSBuild.rsp" }, written.Control.Keys.ToArray());
        Assert.AreEqual(NormalizedText.Hash(Encoding.UTF8.GetBytes("-nologo")), written.Control["Directory.Build.rsp"]);
        Assert.AreEqual(written.Control["eng/x.targets"], written.Control["before.All.sln.targets"]);
    }

    [TestMethod]
    [DataRow("a.csproj", true)]
    [DataRow("a.VBPROJ", true)]
    [DataRow("a.esproj", true)]
    [DataRow("a.proj", true)]
    [DataRow("a.shproj", false)]
    [DataRow("a.vdproj", false)]
    [DataRow("aproj", false)]
    [DataRow("a.csproj.bak", false)]
    public void Projects_are_known_by_their_name(string path, bool expected)
    {
        using var folder = Sample((path, "<Project />"));

        Assert.AreEqual(expected, Observe(folder).Unhardened.Count == 1);
    }

    [TestMethod]
    public void What_replaces_the_gate_is_told_wherever_it_stands()
    {
        using var folder = Sample(("Directory.Build.props", Gate), ("Directory.Build.targets", "<Project><Target Name='HardeningVerifyProject' /></Project>"), ("a.csproj", "<Project Sdk='Microsoft.NET.Sdk' />"));

        Assert.AreEqual("Directory.Build.targets", Observe(folder).Unhardened.Single().Path);
    }

    [TestMethod]
    public void What_is_not_covered_is_told()
    {
        using var folder = Sample(("old/Packages.config", "<packages />"), ("hardening.lock.json", "{}"), ("sub/hardening.lock.json", "{}"));
        var written = Observe(folder);

        CollectionAssert.AreEqual(new[] { "old/Packages.config" }, written.PackagesConfigs.ToArray());
        CollectionAssert.AreEqual(new[] { "sub/hardening.lock.json" }, written.NestedLockfiles.ToArray());
    }

    [TestMethod]
    public void Scripts_are_looked_for_where_they_are_asked_for()
    {
        using var folder = Sample(("a.cs", "#:sdk A@1\n#:package P@2\n"), ("b.cs", "#!/usr/bin/env dotnet\n"), ("c.cs", "class C;"), ("d.cs", "\uFEFF// x\n#:sdk D@1"));
        folder.File("e.cs", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("#:sdk E@1\n")]);
        folder.File("f.cs", "#:sdk F@1\n" + new string('x', ScriptText.Head));
        var written = Observe(folder, withScripts: true);

        CollectionAssert.AreEqual(new[] { "a.cs", "b.cs", "d.cs", "e.cs", "f.cs" }, written.Scripts.ToArray());
        CollectionAssert.AreEqual(new[] { "A@1", "D@1", "E@1", "F@1" }, written.References.Select(r => $"{r.Name}@{r.Version}").ToArray());
        Assert.IsEmpty(Observe(folder).References);
        Assert.IsEmpty(Observe(folder).Scripts);
    }

    [TestMethod]
    public void What_is_excluded_is_not_read_not_even_by_an_import()
    {
        using var folder = Sample(("Directory.Build.props", """<Project><Sdk Name="Hardening.Sdk" /><Import Project="out/x.xml" /></Project>"""), ("out/x.xml", """<Project><Sdk Name="One" Version="1" /></Project>"""), ("out/a.csproj", "<Project />"));
        var written = WrittenInputs.Observe(folder.Path, path => path == "out" || path.StartsWith("out/", StringComparison.Ordinal), withScripts: false);

        CollectionAssert.AreEqual(new[] { "Hardening.Sdk" }, written.References.Select(r => r.Name).ToArray());
        Assert.IsEmpty(written.Unhardened);
    }

    private static TemporaryFolder Sample(params (string Path, string Text)[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var (path, text) in files)
        {
            folder.File(path, text);
        }

        return folder;
    }

    private static WrittenInputs Observe(TemporaryFolder folder, bool withScripts = false) => WrittenInputs.Observe(folder.Path, _ => false, withScripts);
}
