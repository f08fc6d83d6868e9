using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class ToolPackagesTests
{
    private const string Two = """<DotNetCliTool Version="2"><RuntimeIdentifierPackages><RuntimeIdentifierPackage RuntimeIdentifier="linux-x64" Id="My.Tool.linux-x64" /><RuntimeIdentifierPackage RuntimeIdentifier="any" Id="My.Tool.any" /></RuntimeIdentifierPackages></DotNetCliTool>""";

    [TestMethod]
    [DataRow(Two, "My.Tool.any My.Tool.linux-x64")]
    [DataRow("""<DotNetCliTool Version="1"><Commands /></DotNetCliTool>""", "")]
    [DataRow("""<a xmlns="x"><RuntimeIdentifierPackage Id="A" /><RuntimeIdentifierPackage Id="a" /><RuntimeIdentifierPackage Id="" /><RuntimeIdentifierPackage /></a>""", "A")]
    public void The_packages_of_a_tool_are_told(string settings, string expected) => Assert.AreEqual(expected, string.Join(' ', Of(("tools/net10.0/any/DotnetToolSettings.xml", settings))));

    [TestMethod]
    public void Every_settings_file_counts_wherever_it_is() =>
        Assert.AreEqual("A B", string.Join(' ', Of(("tools/net10.0/any/dotnettoolsettings.XML", "<a><RuntimeIdentifierPackage Id='B' /></a>"), ("x/DotnetToolSettings.xml", "<a><RuntimeIdentifierPackage Id='A' /></a>"), ("x/other.xml", "<a><RuntimeIdentifierPackage Id='C' /></a>"))));

    [TestMethod]
    [DataRow("")]
    [DataRow("<a>")]
    [DataRow("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>")]
    public void Settings_that_are_no_xml_are_refused(string settings) => Assert.ThrowsExactly<InvalidDataException>(() => Of(("DotnetToolSettings.xml", settings)));

    // Each would be evaluated by MSBuild, or lead elsewhere.
    [TestMethod]
    [DataRow("leak.$(GITHUB_TOKEN)")]
    [DataRow("$([System.Environment]::GetEnvironmentVariable('X'))")]
    [DataRow("a;b")]
    [DataRow("*")]
    [DataRow("@(PackageReference)")]
    [DataRow("%41")]
    [DataRow("../../a")]
    [DataRow("a/b")]
    public void A_name_that_is_no_id_is_refused(string id) =>
        Assert.Contains("no id", Assert.ThrowsExactly<InvalidDataException>(() => Of(("DotnetToolSettings.xml", $"""<a><RuntimeIdentifierPackage Id="{id}" /></a>"""))).Message);

    [TestMethod]
    public void Settings_without_measure_are_refused()
    {
        Assert.ThrowsExactly<InvalidDataException>(() => Of(("DotnetToolSettings.xml", "<a>" + string.Concat(Enumerable.Range(0, 257).Select(i => $"<RuntimeIdentifierPackage Id='p{i}' />")) + "</a>")));
        Assert.HasCount(256, Of(("DotnetToolSettings.xml", "<a>" + string.Concat(Enumerable.Range(0, 256).Select(i => $"<RuntimeIdentifierPackage Id='p{i}' />")) + "</a>")));
        Assert.ThrowsExactly<InvalidDataException>(() => Of(("DotnetToolSettings.xml", "<a>" + new string(' ', 1024 * 1024) + "</a>")));
    }

    [TestMethod]
    public void An_archive_that_is_none_is_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<InvalidDataException>(() => ToolPackages.ForRuntimeIdentifiers(folder.File("a.nupkg", "no archive")));
        Assert.Throws<IOException>(() => ToolPackages.ForRuntimeIdentifiers(folder.At("none.nupkg")));
    }

    [TestMethod]
    public void Parts_come_from_the_archive_or_from_the_previous_lockfile()
    {
        using var folder = new TemporaryFolder();
        var quarantine = new Quarantine(folder.Path);
        var previous = new Lockfile
        {
            NuGet = new NuGetSection { Tools = new Dictionary<string, string> { ["my.tool"] = "1.0.0", ["my.tool.any"] = "0.9.0;1.0.0", ["my.tool.win-x64"] = "0.9.0", ["my.toolbox"] = "1.0.0" } },
        };

        CollectionAssert.AreEqual(new[] { "my.tool.any/1.0.0" }, ToolPackages.PartsOf("my.tool/1.0.0", quarantine, previous).ToArray());
        folder.Folder("packages/my.tool/1.0.0");
        PackageSamples.Archive(folder.At("packages/my.tool/1.0.0/my.tool.1.0.0.nupkg"), ("DotnetToolSettings.xml", Two));
        CollectionAssert.AreEqual(new[] { "my.tool.any/1.0.0", "my.tool.linux-x64/1.0.0" }, ToolPackages.PartsOf("my.tool/1.0.0", quarantine, previous).ToArray());
    }

    private static IReadOnlyList<string> Of(params (string, string)[] entries)
    {
        using var folder = new TemporaryFolder();
        return ToolPackages.ForRuntimeIdentifiers(PackageSamples.Archive(folder.At("a.nupkg"), entries));
    }
}
