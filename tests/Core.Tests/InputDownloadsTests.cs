using System.Xml.Linq;
using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;

namespace Hardening.Tests;

[TestClass]
public sealed class InputDownloadsTests
{
    [TestMethod]
    public void There_is_a_project_for_each_nuget_config_that_counts()
    {
        using var folder = new TemporaryFolder();
        folder.File("repo/nuget.config");
        folder.File("repo/sub/NuGet.Config");
        var projects = Write(folder, ("b/2.0.0", "repo/global.json"), ("a/1.0.0", "repo/src/deep/a.csproj"), ("a/1.1.0", "repo/a.props"), ("a/1.0.0", "repo/sub/x/a.csproj"), ("b/2.0.0", "repo/b.props"));

        Assert.HasCount(2, projects);
        CollectionAssert.AreEqual(new[] { "a [1.0.0];[1.1.0]", "b [2.0.0]" }, Downloads(projects[0]));
        CollectionAssert.AreEqual(new[] { "a [1.0.0]" }, Downloads(projects[1]));
        Assert.AreEqual(folder.At("repo"), Value(projects[0], "RestoreRootConfigDirectory"));
        Assert.AreEqual(folder.At("repo/sub"), Value(projects[1], "RestoreRootConfigDirectory"));
        Assert.IsTrue(projects.All(p => p.StartsWith(folder.At("quarantine/inputs") + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
    }

    [TestMethod]
    public void What_lies_around_the_project_is_not_imported()
    {
        using var folder = new TemporaryFolder();
        var project = Write(folder, ("a/1.0.0", "repo/global.json")).Single();

        foreach (var name in (string[])["ImportDirectoryBuildProps", "ImportDirectoryBuildTargets", "ImportDirectoryPackagesProps", "ManagePackageVersionsCentrally"])
        {
            Assert.AreEqual("false", Value(project, name), name);
        }

        // They have to be set before the SDK is imported.
        Assert.AreEqual("PropertyGroup", XDocument.Load(project).Root!.Elements().First().Name.LocalName);
        Assert.AreEqual(folder.At("repo"), Value(project, "RestoreRootConfigDirectory"), "the root, where there is no nuget.config");
    }

    [TestMethod]
    public void What_is_locked_and_there_is_not_downloaded()
    {
        using var folder = new TemporaryFolder();
        folder.File("quarantine/seeds/a@1.0.0");

        CollectionAssert.AreEqual(new[] { "b [2.0.0]" }, Downloads(Write(folder, ("a/1.0.0", "repo/global.json"), ("b/2.0.0", "repo/global.json")).Single()));
        Assert.IsEmpty(Write(folder, ("a/1.0.0", "repo/global.json")));
        Assert.IsEmpty(Write(folder));
    }

    [TestMethod]
    public void A_name_adds_no_markup()
    {
        using var folder = new TemporaryFolder();

        CollectionAssert.AreEqual(new[] { "a\"><x [1<2]" }, Downloads(Write(folder, ("a\"><x/1<2", "repo/global.json")).Single()));
    }

    private static IReadOnlyList<string> Write(TemporaryFolder folder, params (string Key, string File)[] packages) =>
        InputDownloads.Write(folder.At("repo"), new Quarantine(folder.At("quarantine")), "pass", packages.Select(p => (p.Key, folder.At(p.File))));

    private static string[] Downloads(string project) => [.. XDocument.Load(project).Descendants("PackageDownload").Select(e => $"{e.Attribute("Include")!.Value} {e.Attribute("Version")!.Value}")];

    private static string Value(string project, string name) => XDocument.Load(project).Descendants(name).Single().Value;
}
