using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class PackageRunsTests
{
    [TestMethod]
    // MSBuild files, one by one
    [DataRow("build/A.targets", "build/A.targets")]
    [DataRow("build/net10.0/A.props", "build/net10.0/A.props")]
    [DataRow("BUILD/A.TARGETS", "BUILD/A.TARGETS")]
    [DataRow("buildTransitive/A.props", "buildTransitive/A.props")]
    [DataRow("buildMultiTargeting/A.props", "buildMultiTargeting/A.props")]
    [DataRow("buildCrossTargeting/A.targets", "buildCrossTargeting/A.targets")]
    [DataRow("Sdk/Sdk.props", "Sdk/Sdk.props")]
    [DataRow("sdk/Sdk.targets", "sdk/Sdk.targets")]
    // analyzers, one by one
    [DataRow("analyzers/dotnet/cs/A.dll", "analyzers/dotnet/cs/A.dll")]
    [DataRow("Analyzers/A.DLL", "Analyzers/A.DLL")]
    // tools, as one line
    [DataRow("tools/install.ps1", "tools/")]
    [DataRow("tools/net10.0/any/A.dll", "tools/")]
    [DataRow("Tools/readme.txt", "tools/")]
    // what MSBuild files load, by folder
    [DataRow("build/A.dll", "build/")]
    [DataRow("build/net10.0/tasks/A.dll", "build/net10.0/tasks/")]
    [DataRow("build/run.sh", "build/")]
    [DataRow("build/run", "build/")]
    [DataRow("buildTransitive/A.cs", "buildTransitive/")]
    [DataRow("Sdk/lib.so", "Sdk/")]
    public void What_can_run_in_a_build_is_told(string path, string expected) => CollectionAssert.AreEqual(new[] { expected }, PackageRuns.Of([path]).ToArray());

    [TestMethod]
    [DataRow("")]
    [DataRow("a.nuspec")]
    [DataRow("A.targets")]
    [DataRow("lib/net10.0/A.dll")]
    [DataRow("lib/build/A.targets")]
    [DataRow("builder/A.targets")]
    [DataRow("build.targets")]
    [DataRow("build/readme.txt")]
    [DataRow("build/A.xml")]
    [DataRow("analyzers/dotnet/cs/de/A.resources.dll")]
    [DataRow("analyzers/readme.md")]
    [DataRow("analyzers.dll")]
    [DataRow("tools")]
    [DataRow("toolset/a.exe")]
    [DataRow("content/tools/a.exe")]
    [DataRow(".signature.p7s")]
    public void What_no_convention_runs_is_not_told(string path) => Assert.IsEmpty(PackageRuns.Of([path]));

    [TestMethod]
    public void The_list_is_sorted_without_doubles_whatever_the_order()
    {
        string[] paths = ["tools/b.exe", "build/z.targets", "build/x/b.dll", "build/x/a.dll", "analyzers/a.dll", "lib/a.dll", "tools/a.exe", "build/A.props", "Build/a.props"];
        string[] expected = ["Build/a.props", "analyzers/a.dll", "build/A.props", "build/x/", "build/z.targets", "tools/"];

        CollectionAssert.AreEqual(expected, PackageRuns.Of(paths).ToArray());
        CollectionAssert.AreEqual(expected, PackageRuns.Of(paths.Reverse()).ToArray());
    }

    [TestMethod]
    public void No_files_run_nothing() => Assert.IsEmpty(PackageRuns.Of([]));
}
