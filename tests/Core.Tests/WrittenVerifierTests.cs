using Hardening.Ecosystems.NuGet.Written;
using Hardening.Findings;
using Hardening.Formats;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class WrittenVerifierTests
{
    private const string OneSource = """<configuration><packageSources><clear /><add key="a" value="https://a.example/" /></packageSources></configuration>""";

    [TestMethod]
    [DataRow("1.0.0", "1.0.0", "")]
    [DataRow("1.0", "1.0.0", "")]
    [DataRow("1.0.0+build", "1.0.0", "")]
    [DataRow("1.0.0-RC.1", "1.0.0-rc.1", "")]
    [DataRow("1.1.0", "1.0.0;1.1.0", "")]
    [DataRow("1.1.0", "1.0.0", "The MSBuild SDK My.Sdk has the version 1.1.0, but the lockfile has 1.0.0.")]
    [DataRow("1.0", "11.0;1.0.1", "The MSBuild SDK My.Sdk has the version 1.0, but the lockfile has 11.0;1.0.1.")]
    [DataRow("1.0.0;2.0.0", "1.0.0;2.0.0", "The MSBuild SDK My.Sdk has the version 1.0.0;2.0.0, but the lockfile has 1.0.0;2.0.0.")]
    [DataRow("1.0.0", null, "The MSBuild SDK My.Sdk 1.0.0 is not in the lockfile.")]
    [DataRow("$(V)", "1.0.0", "The version of the MSBuild SDK My.Sdk is $(V), which only an evaluation can tell.")]
    [DataRow("1.*", "1.0.0", "The MSBuild SDK My.Sdk has the version 1.*, but the lockfile has 1.0.0.")]
    public void An_MSBuild_sdk_has_to_be_locked(string version, string? locked, string message)
    {
        using var folder = Sample(("nuget.config", OneSource), ("a.props", $"<Project>\n<Sdk Name=\"My.Sdk\" Version=\"{version}\" /></Project>"));
        var lockfile = new Lockfile { NuGet = new NuGetSection { MSBuildSdks = locked is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["my.sdk"] = locked } } };
        var finding = Verify(folder, lockfile).SingleOrDefault();

        Assert.AreEqual(message, finding?.Message ?? string.Empty);
        Assert.IsTrue(finding is null || (finding.Code == FindingCodes.MSBuildSdkNotLocked && finding.Place.Line == 2 && finding.Input == $"My.Sdk/{version}" && finding.Command.Length > 0));
    }

    [TestMethod]
    public void An_sdk_of_the_dotnet_sdk_or_of_the_repository_is_not_locked_and_neither_is_one_without_a_version()
    {
        using var folder = Sample(("nuget.config", OneSource), ("a.props", """<Project Sdk="Built.In/1;My.Own/1;None;microsoft.net.sdk"></Project>"""));
        var policy = new Policy { NuGet = new NuGetPolicy { Own = ["my.own"] } };

        Assert.IsEmpty(Verify(folder, Lockfile.Empty, policy));
        CollectionAssert.AreEqual(new[] { "My.Own" }, Verify(folder, Lockfile.Empty).Select(f => f.Input.Split('/')[0]).ToArray());
    }

    [TestMethod]
    public void A_tool_is_no_sdk()
    {
        using var folder = Sample(("dotnet-tools.json", """{ "tools": { "X": { "version": "1.0.0" }, "x": { "version": "1.0.1" } } }"""));

        var findings = Verify(folder, new Lockfile { NuGet = new NuGetSection { MSBuildSdks = new Dictionary<string, string> { ["x"] = "1.0.0" } } });
        CollectionAssert.AreEqual(new[] { (FindingCodes.ToolNotLocked, "The tool X 1.0.0 is not in the lockfile."), (FindingCodes.ToolNotLocked, "The tool x 1.0.1 is not in the lockfile.") }, findings.Select(f => (f.Code, f.Message)).ToArray());
        findings = Verify(folder, new Lockfile { NuGet = new NuGetSection { Tools = new Dictionary<string, string> { ["x"] = "1.0.0" } } });
        Assert.AreEqual("The tool x has the version 1.0.1, but the lockfile has 1.0.0.", findings.Single().Message);
    }

    [TestMethod]
    [DataRow("<add key='a' value='x' />", "", "")]
    [DataRow("<add key='a' value='x' /><add key='b' value='y' />", "", "a, b")]
    [DataRow("<add key='a' value='x' /><add key='b' value='y' />", "<packageSource key='a'><package pattern='My.*' /></packageSource><packageSource key='b'><package pattern='*' /></packageSource>", "")]
    [DataRow("<add key='a' value='x' /><add key='b' value='y' />", "<packageSource key='a'><package pattern='my.sdk' /></packageSource><packageSource key='b'><package pattern='My.Sdk*' /></packageSource>", "")]
    [DataRow("<add key='a' value='x' /><add key='b' value='y' />", "<packageSource key='a'><package pattern='*' /></packageSource><packageSource key='b'><package pattern='*' /></packageSource>", "a, b")]
    [DataRow("<add key='a' value='x' /><add key='b' value='y' />", "<packageSource key='a'><package pattern='My.Sdk' /></packageSource><packageSource key='b'><package pattern='My.Sdk' /></packageSource>", "a, b")]
    [DataRow("<add key='a' value='x' /><add key='b' value='y' />", "<packageSource key='a'><package pattern='Other.*' /></packageSource>", "a, b")]
    public void An_sdk_can_come_from_one_source(string sources, string mapping, string from)
    {
        using var folder = Sample(("nuget.config", $"<configuration><packageSources><clear />{sources}</packageSources>{(mapping.Length > 0 ? $"<packageSourceMapping>{mapping}</packageSourceMapping>" : "")}</configuration>"), ("a.props", "<Project Sdk='My.Sdk/1.0.0' />"));
        var findings = Verify(folder, new Lockfile { NuGet = new NuGetSection { MSBuildSdks = new Dictionary<string, string> { ["my.sdk"] = "1.0.0" } } });

        Assert.AreEqual(from.Length > 0 ? $"The MSBuild SDK My.Sdk can come from {from}; it is to be mapped to one source." : string.Empty, findings.SingleOrDefault()?.Message ?? string.Empty);
        Assert.IsTrue(findings.All(f => f.Code == FindingCodes.SdkSourceNotMapped && f.Place.File == folder.At("nuget.config")));
    }

    [TestMethod]
    public void A_nuget_config_further_down_counts_for_what_is_there()
    {
        using var folder = Sample(("nuget.config", OneSource), ("a/nuget.config", """<configuration><packageSources><add key="b" value="https://b.example/" /></packageSources></configuration>"""),
            ("a/x.props", "<Project Sdk='My.Sdk/1.0.0' />"), ("x.props", "<Project Sdk='My.Sdk/1.0.0' />"));

        Assert.AreEqual(folder.At("a/nuget.config"), Verify(folder, new Lockfile { NuGet = new NuGetSection { MSBuildSdks = new Dictionary<string, string> { ["my.sdk"] = "1.0.0" } } }).Single().Place.File);
    }

    [TestMethod]
    public void There_is_one_version_of_the_gate()
    {
        using var folder = Sample(("nuget.config", OneSource), ("global.json", """{ "msbuild-sdks": { "Hardening.Sdk": "1.0.0" } }"""), ("Directory.Build.props", """<Project><Sdk Name="Hardening.Sdk" Version="1.0" /></Project>"""),
            ("sub/global.json", """{ "msbuild-sdks": { "hardening.sdk": "0.9.0" } }"""));
        var finding = Verify(folder, new Lockfile { NuGet = new NuGetSection { MSBuildSdks = new Dictionary<string, string> { ["hardening.sdk"] = "0.9.0;1.0.0" } } }).Single();

        Assert.AreEqual((FindingCodes.OtherHardeningSdk, folder.At("sub/global.json")), (finding.Code, finding.Place.File));
        Assert.AreEqual("hardening.sdk 0.9.0 is named here, but global.json names 1.0.0.", finding.Message);
    }

    [TestMethod]
    [DataRow("""{ "sdk": { "version": "10.0.100" } }""", "")]
    [DataRow("""{ "sdk": { "version": "10.0.200" } }""", "sdk.version is \"10.0.200\" in global.json, but \"10.0.100\" in the lockfile.")]
    [DataRow("""{ "sdk": { "version": "10.0.100", "paths": ["x"] } }""", "sdk.paths is \"x\" in global.json, but not there in the lockfile.")]
    [DataRow("""{ "sdk": { } }""", "sdk.version is not there in global.json, but \"10.0.100\" in the lockfile.")]
    [DataRow("""{ "sdk": { "version": "10.0.100", "version": "9.0.100" } }""", "sdk.version is \"10.0.100;9.0.100\" in global.json, but \"10.0.100\" in the lockfile.")]
    [DataRow(null, "global.json is in the lockfile, but is not there, so the machine decides which .NET SDK builds.")]
    public void The_dotnet_sdk_is_compared(string? json, string message)
    {
        using var folder = Sample(("nuget.config", OneSource), (".git/HEAD", ""));
        if (json is not null)
        {
            folder.File("global.json", json);
        }

        var lockfile = new Lockfile { NuGet = new NuGetSection { DotNet = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["global.json"] = new Dictionary<string, string> { ["version"] = "10.0.100" } } } };
        Assert.AreEqual(message, Verify(folder, lockfile).SingleOrDefault()?.Message ?? string.Empty);
    }

    [TestMethod]
    public void Control_files_are_compared()
    {
        using var folder = Sample((".git/HEAD", ""), ("Directory.Build.rsp", "-x"), ("a/Directory.Build.rsp", "-y"));
        Lockfile Locked(params (string Path, string Text)[] files) => new() { Control = files.ToDictionary(f => f.Path, f => NormalizedText.Hash(System.Text.Encoding.UTF8.GetBytes(f.Text))) };

        Assert.IsEmpty(Verify(folder, Locked(("Directory.Build.rsp", "-x"), ("a/Directory.Build.rsp", "-y"))));
        var findings = Verify(folder, Locked(("Directory.Build.rsp", "-z"), ("b.targets", "")));
        Assert.IsTrue(findings.All(f => f.Code == FindingCodes.ControlFileChanged && f.Command.Length > 0));
        CollectionAssert.AreEqual(new[] { "Directory.Build.rsp", "a/Directory.Build.rsp", "b.targets" }, findings.Select(f => Path.GetRelativePath(folder.Path, f.Place.File)).ToArray());
        Assert.Contains("was changed", findings[0].Message);
        Assert.Contains("is not in the lockfile", findings[1].Message);
        Assert.Contains("is not there", findings[2].Message);
    }

    [TestMethod]
    public void In_a_layer_without_git_nothing_was_removed()
    {
        using var folder = Sample();

        Assert.IsEmpty(Verify(folder, new Lockfile { Control = new Dictionary<string, string> { ["b.targets"] = "x" }, NuGet = new NuGetSection { DotNet = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["global.json"] = new Dictionary<string, string> { ["version"] = "1" } } } }));
    }

    [TestMethod]
    public void What_is_found_besides_becomes_findings()
    {
        using var folder = Sample(("a.csproj", "<Project />"), ("packages.config", "<packages />"), ("sub/hardening.lock.json", "{}"), ("global.json", "{"));

        CollectionAssert.AreEquivalent(new[] { FindingCodes.NotHardened, FindingCodes.PackagesConfig, FindingCodes.NestedLockfile, FindingCodes.Unreadable }, Verify(folder, Lockfile.Empty).Select(f => f.Code).ToArray());
    }

    [TestMethod]
    [DataRow("1.0.0", true)]
    [DataRow("1.0", true)]
    [DataRow("1.*", false)]
    [DataRow("[1.0,2.0)", false)]
    [DataRow("$(V)", false)]
    [DataRow("1.0.0/../../x", false)]
    public void Before_an_update_every_version_has_to_be_exact(string version, bool expected)
    {
        using var folder = Sample(("nuget.config", OneSource), ("a.props", $"<Project><Sdk Name='My.Sdk' Version='{version}' /></Project>"));
        var findings = new WrittenVerifier(folder.Path, Lockfile.Empty, Policy.Default, _ => false).VerifyBeforeUpdate(WrittenInputs.Observe(folder.Path, _ => false, withScripts: false));

        Assert.AreEqual(expected, findings.Count == 0, string.Join('\n', findings));
        Assert.IsTrue(findings.All(f => f.Code == FindingCodes.UpdateIncomplete));
    }

    [TestMethod]
    [DataRow("My.Sdk", true)]
    [DataRow("$(Any)", false)]
    [DataRow("A;B", false)]
    [DataRow("../A", false)]
    public void Before_an_update_every_name_has_to_be_an_id(string name, bool expected)
    {
        using var folder = Sample(("nuget.config", OneSource), ("a.props", $"<Project><Sdk Name='{name}' Version='1.0.0' /></Project>"), ("dotnet-tools.json", $$"""{ "tools": { "{{name}}": { "version": "1.0.0" } } }"""));
        var findings = new WrittenVerifier(folder.Path, Lockfile.Empty, Policy.Default, _ => false).VerifyBeforeUpdate(WrittenInputs.Observe(folder.Path, _ => false, withScripts: false));

        Assert.HasCount(expected ? 0 : 2, findings);
        Assert.IsTrue(findings.All(f => f.Code == FindingCodes.UpdateIncomplete && f.Message.Contains("is no id of a package", StringComparison.Ordinal)));
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

    private static IReadOnlyList<Finding> Verify(TemporaryFolder folder, Lockfile lockfile, Policy? policy = null) =>
        new WrittenVerifier(folder.Path, lockfile, policy ?? Policy.Default, name => name is "Built.In" or "microsoft.net.sdk").Verify(WrittenInputs.Observe(folder.Path, _ => false, withScripts: false));
}
