using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class ImportedPackagesTests
{
    [TestMethod]
    // in a folder with packages
    [DataRow("packages/My.Sdk/1.0.0/Sdk/Sdk.props", "my.sdk/1.0.0")]
    [DataRow("packages/my.sdk/1.0.0-RC.1/sdk/x.targets", "my.sdk/1.0.0-rc.1")]
    [DataRow("packages/my.sdk/x.props", "")]
    [DataRow("packages/x.props", "")]
    // what a restored package brings is no SDK, and is told by what restore wrote
    [DataRow("packages/my.package/1.0.0/build/my.package.targets", "")]
    [DataRow("cache/other.sdk/2.0.0/build/other.sdk.targets", "")]
    [DataRow("packagesx/my.sdk/1.0.0/x.props", "")]
    // below another folder, known by what NuGet writes
    [DataRow("cache/other.sdk/2.0.0/Sdk/deep/Sdk.props", "other.sdk/2.0.0")]
    [DataRow("cache/archive.sdk/2.0.0/Sdk/Sdk.props", "archive.sdk/2.0.0")]
    [DataRow("cache/none/2.0.0/Sdk/Sdk.props", "")]
    // the .NET SDK, the repository, and packages in the repository
    [DataRow("dotnet/sdk/Sdks/A/Sdk/Sdk.props", "")]
    [DataRow("repo/Directory.Build.props", "")]
    [DataRow("repo/fake/1.0.0/x.props", "")]
    [DataRow("repo/packages/in.repo/3.0.0/Sdk/x.props", "in.repo/3.0.0")]
    public void The_package_of_an_import_is_told(string import, string expected)
    {
        using var folder = Sample();

        Assert.AreEqual(expected, string.Join(' ', Of(folder, import).Select(p => p.Key)));
    }

    [TestMethod]
    public void A_package_is_told_once_for_each_folder_and_sorted()
    {
        using var folder = Sample();
        var found = Of(folder, "packages/b/1/Sdk/x.props", "packages/b/1/Sdk/y.props", "packages/a/1/Sdk/x.props", "repo/packages/b/1/Sdk/x.props", "cache/other.sdk/2.0.0/Sdk/a.props", "cache/other.sdk/2.0.0/Sdk/b.props");

        CollectionAssert.AreEqual(new[] { "a/1", "b/1", "b/1", "other.sdk/2.0.0" }, found.Select(p => p.Key).ToArray());
        CollectionAssert.AreEqual(new[] { "packages", "packages", "repo/packages", "cache" }, found.Select(p => Path.GetRelativePath(folder.Path, p.Folder).Replace('\\', '/')).ToArray());
        Assert.AreEqual(folder.At("packages/b/1/Sdk/x.props"), found[1].File);
    }

    [TestMethod]
    public void Folders_may_end_with_a_separator()
    {
        using var folder = Sample();
        var found = ImportedPackages.Of([folder.At("packages/a/1/Sdk/x.props"), folder.At("dotnet/x/y/z.props")], folder.At("repo") + "/", folder.At("dotnet") + Path.DirectorySeparatorChar, [folder.At("packages") + Path.DirectorySeparatorChar]);

        Assert.AreEqual("a/1", found.Single().Key);
    }

    private static TemporaryFolder Sample()
    {
        var folder = new TemporaryFolder();
        folder.File("cache/other.sdk/2.0.0/.nupkg.metadata");
        folder.File("cache/archive.sdk/2.0.0/archive.sdk.2.0.0.nupkg");
        folder.File("repo/fake/1.0.0/.nupkg.metadata");
        return folder;
    }

    private static IReadOnlyList<ImportedPackage> Of(TemporaryFolder folder, params string[] imports) =>
        ImportedPackages.Of(imports.Select(folder.At), folder.At("repo"), folder.At("dotnet"), [folder.At("packages"), folder.At("repo/packages")]);
}
