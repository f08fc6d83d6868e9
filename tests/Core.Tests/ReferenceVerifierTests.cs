using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class ReferenceVerifierTests
{
    private const string Key = "src/App/App.csproj";

    private static readonly FrameworkGraph Graph = new()
    {
        Direct = new Dictionary<string, string> { ["some.tool"] = "[1.2.3, )", ["implied"] = "sdk" },
        Resolved = new Dictionary<string, string> { ["some.tool"] = "1.2.3", ["implied"] = "sdk" },
        Downloads = new Dictionary<string, string> { ["some.data"] = "1.0.0;2.0.0-rc.1" },
        Projects = new Dictionary<string, string> { ["lib"] = "src/Lib/Lib.csproj" },
    };

    [TestMethod]
    public void What_is_locked_is_right() => Assert.IsEmpty(Verify([("Some.Tool", "1.2.3")], ["Implied"]));

    [TestMethod]
    [DataRow("1.2.3")]
    [DataRow("1.2.3.0")]
    [DataRow(" 1.2.3 ")]
    [DataRow("[1.2.3,)")]
    [DataRow("[1.2.3, )")]
    [DataRow("")]
    public void A_range_in_another_notation_is_the_same(string version) => Assert.IsEmpty(Verify([("SOME.tool", version)]));

    [TestMethod]
    [DataRow("1.2.4")]
    [DataRow("1.2")]
    [DataRow("[1.2.3]")]
    [DataRow("(1.2.3,)")]
    [DataRow("1.2.3-rc")]
    [DataRow("1.*")]
    [DataRow("*")]
    [DataRow("nonsense")]
    public void Another_range_is_told(string version)
    {
        var finding = Verify([("Some.Tool", version)]).Single();

        Assert.AreEqual((FindingCodes.ReferenceChanged, Commands.Update), (finding.Code, finding.Command));
        Assert.AreEqual($"{Key} references Some.Tool {version}, but the lockfile has [1.2.3, ).", finding.Message);
    }

    [TestMethod]
    [DataRow("2.*", "[2.*, )")]
    [DataRow("[1.0, 2.0)", "[1.0.0, 2.0.0)")]
    [DataRow("1.0.0-RC", "[1.0.0-RC, )")]
    public void Whatever_NuGet_makes_of_a_range_is_the_same(string written, string locked) =>
        Assert.IsEmpty(Verify([("Some.Tool", written)], graph: Graph with { Direct = new Dictionary<string, string> { ["some.tool"] = locked } }));

    [TestMethod]
    public void A_reference_that_is_not_locked_is_told()
    {
        var finding = Verify([("Some.Tool", "1.2.3"), ("Evil", "1.0")]).Single();

        Assert.AreEqual(FindingCodes.PackageNotLocked, finding.Code);
        Assert.AreEqual($"{Key} references Evil 1.0, which is not in the lockfile.", finding.Message);
    }

    [TestMethod]
    public void A_reference_that_was_removed_is_told()
    {
        Assert.AreEqual($"{Key} no longer references some.tool, but the lockfile has [1.2.3, ).", Verify([]).Single().Message);
        Assert.IsEmpty(Verify([], ["SOME.Tool"]), "now the SDK references it");
    }

    [TestMethod]
    [DataRow("1.0.0", true)]
    [DataRow("1.0", true)]
    [DataRow("1.0.0.0", true)]
    [DataRow("[1.0]", true)]
    [DataRow("[1.0.0, 1.0.0]", true)]
    [DataRow("2.0.0-RC.1", true)]
    [DataRow("1.0.1", false)]
    [DataRow("2.0.0", false)]
    [DataRow("", false)]
    [DataRow("nonsense", false)]
    public void A_download_is_of_a_locked_version(string version, bool right)
    {
        var findings = Verify([("Some.Tool", "1.2.3")], downloads: [("Some.Data", version)]);

        CollectionAssert.AreEqual(right ? [] : new[] { FindingCodes.PackageNotLocked }, findings.Select(f => f.Code).ToArray());
    }

    [TestMethod]
    public void A_download_that_is_not_locked_is_told_unless_it_is_the_sdks()
    {
        Assert.AreEqual(FindingCodes.PackageNotLocked, Verify([("Some.Tool", "1.2.3")], downloads: [("Evil", "1.0.0")]).Single().Code);
        Assert.IsEmpty(Verify([("Some.Tool", "1.2.3")], downloads: [("Microsoft.NETCore.App.Ref", "10.0.7"), ("runtime.linux-x64.Microsoft.DotNet.ILCompiler", "10.0.7")]));
    }

    [TestMethod]
    public void A_project_that_is_locked_and_was_not_referenced_is_told()
    {
        Assert.IsEmpty(Verify([("Some.Tool", "1.2.3")], projects: ["src/Lib/Lib.csproj"]));
        Assert.IsEmpty(Verify([("Some.Tool", "1.2.3")], projects: ["src/New/New.csproj"]), "it speaks for itself");
        Assert.AreEqual(FindingCodes.ReferenceChanged, Verify([("Some.Tool", "1.2.3")], projects: ["src/Other/Other.csproj"]).Single().Code);
    }

    [TestMethod]
    [DataRow("net10.0", true)]
    [DataRow("NET10.0", true)]
    [DataRow("net10", false)]
    [DataRow(".NETCoreApp,Version=v10.0", true)]
    [DataRow("", true)]
    [DataRow("net9.0", false)]
    [DataRow("net10.0-windows", false)]
    [DataRow("nonsense", false)]
    public void A_framework_is_the_same_in_every_notation(string framework, bool known)
    {
        var findings = new ReferenceVerifier(Lock(Graph), Key, "/repo/src/App/App.csproj", framework).Verify(new DeclaredReferences([new("Some.Tool", "1.2.3", "", "")], ["Implied"], [], []));

        CollectionAssert.AreEqual(known ? [] : new[] { FindingCodes.ReferenceChanged }, findings.Select(f => f.Code).ToArray());
    }

    [TestMethod]
    [DataRow("<Project>\n  <PackageReference Include=\"Evil\" />\n", 2, 30)]
    [DataRow("<Project>\r\n\r\n  <PackageReference Include='evil' />\r\n", 3, 30)]
    [DataRow("<PackageReference Include=\"Not.Evil\" />\n<PackageReference Include=\"Evil\" />", 2, 28)]
    [DataRow("<PackageReference Include=\"Evil.Not\" />\n<PackageReference Include=\"A;Evil;B\" />", 2, 30)]
    [DataRow("<PackageReference Include=\"Not.Evil;Evil\" />", 1, 37)]
    [DataRow("<PackageReference Include=\"$(Evil)\" />", 0, 0)]
    [DataRow("Evil\"", 0, 0)]
    [DataRow("", 0, 0)]
    public void The_place_is_where_the_id_is_written(string text, int line, int column)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("a.props", text);

        var finding = Verify([("Some.Tool", "1.2.3")], more: new DeclaredReference("Evil", "1.0", file, file)).Single();

        Assert.AreEqual(new SourcePlace(file, line, column), finding.Place);
    }

    [TestMethod]
    public void The_place_of_a_changed_version_is_where_the_version_is_set()
    {
        using var folder = new TemporaryFolder();
        var project = folder.File("App.csproj", "<PackageReference Include=\"Some.Tool\" />");
        var central = folder.File("Directory.Packages.props", "<Project>\n<PackageVersion Include=\"Some.Tool\" Version=\"2.0\" />");

        Assert.AreEqual(new SourcePlace(central, 2, 26), Verify([], more: new DeclaredReference("Some.Tool", "2.0", project, central)).Single().Place);
    }

    [TestMethod]
    public void Where_the_file_cannot_be_read_the_finding_stands_without_a_line()
    {
        using var folder = new TemporaryFolder();

        Assert.AreEqual(new SourcePlace(folder.At("none")), Verify([("Some.Tool", "1.2.3")], more: new DeclaredReference("Evil", "1.0", folder.At("none"), "")).Single().Place);
        Assert.AreEqual(new SourcePlace(folder.Path), Verify([("Some.Tool", "1.2.3")], more: new DeclaredReference("Evil", "1.0", folder.Path, "")).Single().Place);
    }

    private static IReadOnlyList<Finding> Verify(
        (string Id, string Version)[] references, string[]? implied = null, (string Id, string Version)[]? downloads = null, string[]? projects = null, FrameworkGraph? graph = null, DeclaredReference? more = null)
    {
        var declared = references.Select(r => new DeclaredReference(r.Id, r.Version, "/none/a.csproj", "/none/a.csproj")).ToList();
        if (more is { } one)
        {
            declared.Add(one);
        }

        return new ReferenceVerifier(Lock(graph ?? Graph), Key, "/none/App.csproj", "net10.0")
            .Verify(new DeclaredReferences(declared, implied ?? [], [.. (downloads ?? []).Select(d => new DeclaredReference(d.Id, d.Version, "/none/a.csproj", ""))], projects ?? []));
    }

    private static Lockfile Lock(FrameworkGraph graph) => new()
    {
        NuGet = new NuGetSection
        {
            Projects = new Dictionary<string, ProjectEntry>
            {
                [Key] = new() { Name = "App", Graphs = new Dictionary<string, FrameworkGraph> { ["net10.0"] = graph, ["net10.0/linux-x64"] = new() } },
                ["src/Lib/Lib.csproj"] = new() { Name = "Lib" },
                ["src/Other/Other.csproj"] = new() { Name = "Other" },
            },
        },
    };
}
