using System.Diagnostics;
using CsCheck;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Files;

namespace Hardening.Tests;

[TestClass]
public sealed class ProjectPathTests
{
    [TestMethod]
    [DataRow("x.props", "src/a/x.props")]
    [DataRow("  x.props\r\n", "src/a/x.props")]
    [DataRow("./x.props", "src/a/x.props")]
    [DataRow(@"..\..\Directory.Build.props", "Directory.Build.props")]
    [DataRow(@"..//..\eng/..\Directory.Build.props", "Directory.Build.props")]
    [DataRow("$(MSBuildThisFileDirectory)x.props", "src/a/x.props")]
    [DataRow(@"$(msbuildthisfiledirectory)\..\..\Directory.Build.props", "Directory.Build.props")]
    // As they stand in repositories: dotnet/runtime, dotnet/aspnetcore, the documentation of MSBuild, and older ones.
    [DataRow("$([MSBuild]::GetPathOfFileAbove(Directory.Build.props, $(MSBuildThisFileDirectory)..))", "src/Directory.Build.props")]
    [DataRow("$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))", "src/Directory.Build.props")]
    [DataRow(@"$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)..\..\'))", "Directory.Build.props")]
    [DataRow("$([msbuild]::getpathoffileabove(\"Directory.Build.props\", `$(MSBuildThisFileDirectory)..`))", "src/Directory.Build.props")]
    [DataRow("$([MSBuild]::GetPathOfFileAbove('x.props'))", "src/a/x.props")]
    [DataRow("$([MSBuild]::GetDirectoryNameOfFileAbove($(MSBuildThisFileDirectory), root.txt))/Directory.Build.props", "Directory.Build.props")]
    [DataRow(@"$([MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)..', 'Directory.Build.props'))\Directory.Build.props", "src/Directory.Build.props")]
    // What cannot be told, is not there, or leaves the repository.
    [DataRow("$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(Elsewhere)'))", null)]
    [DataRow("$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)$(Elsewhere)/../'))", null)]
    [DataRow("$([MSBuild]::GetDirectoryNameOfFileAbove('$(Elsewhere)', 'Directory.Build.props'))/Directory.Build.props", null)]
    [DataRow("$([MSBuild]::GetPathOfFileAbove('none.props', '$(MSBuildThisFileDirectory)../'))", null)]
    [DataRow("$([MSBuild]::GetPathOfFileAbove('outside.props', '$(MSBuildThisFileDirectory)'))", null)]
    [DataRow("$([MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)', 'outside.props'))/outside.props", null)]
    [DataRow("../../../outside.props", null)]
    [DataRow("$(RepoRoot)x.props", null)]
    [DataRow("*.props", null)]
    [DataRow("x.props;y.props", null)]
    [DataRow("x%2eprops", null)]
    [DataRow("@(X)", null)]
    [DataRow("", null)]
    [DataRow(".", null)]
    [DataRow("none.props", null)]
    [DataRow("x.props\0", null)]
    [DataRow("x/') and false and Exists('/../../x.props", null)]
    [DataRow("x/' == '' or '/../../x.props", null)]
    public void A_path_is_found_or_it_is_not_told(string path, string? expected)
    {
        using var folder = Sample();
        var boundary = folder.At("repo");

        Assert.AreEqual(expected, ProjectPath.Resolve(boundary, folder.At("repo/src/a/a.csproj"), path) is { } found ? RepositoryRoot.Relative(boundary, found) : null);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("X.props")]
    [DataRow("$([MSBuild]::GetPathOfFileAbove('directory.build.props', '$(MSBuildThisFileDirectory)'))")]
    public void Letters_count_as_the_file_system_has_them(string path)
    {
        using var folder = Sample();

        Assert.IsNull(ProjectPath.Resolve(folder.At("repo"), folder.At("repo/src/a/a.csproj"), path));
    }

    [TestMethod]
    public void Text_that_is_made_to_be_slow_is_not()
    {
        using var folder = Sample();
        var file = folder.At("repo/src/a/a.csproj");
        var watch = Stopwatch.StartNew();
        foreach (var length in (int[])[400, 512, 5_000_000])
        {
            foreach (var start in (string[])["$([MSBuild]::GetPathOfFileAbove(", "$([MSBuild]::GetPathOfFileAbove(a,", "$([MSBuild]::GetDirectoryNameOfFileAbove("])
            {
                Assert.IsNull(ProjectPath.Resolve(folder.At("repo"), file, (start + new string(' ', length))[..length]));
                Assert.IsNull(ProjectPath.Resolve(folder.At("repo"), file, string.Concat(Enumerable.Repeat(start, (length / start.Length) + 1))[..length]));
            }
        }

        Assert.IsLessThan(20, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void Of_any_text_only_files_below_the_boundary_come()
    {
        using var folder = Sample();
        var boundary = folder.At("repo");
        string[] tokens = ["..", "/", "\\", "x.props", "outside.props", "$(MSBuildThisFileDirectory)", "$([MSBuild]::GetPathOfFileAbove(", "'", ",", " ", "))", "Directory.Build.props", "~", "\uD83D", "\0", "C:", "//", "src"];
        Gen.OneOfConst(tokens).Array[0, 10].Select(string.Concat).Sample(path =>
        {
            if (ProjectPath.Resolve(boundary, folder.At("repo/src/a/a.csproj"), path) is { } found)
            {
                Assert.IsTrue(File.Exists(found) && found.StartsWith(boundary + Path.DirectorySeparatorChar, StringComparison.Ordinal), path);
            }
        }, iter: 20_000);
    }

    private static TemporaryFolder Sample()
    {
        var folder = new TemporaryFolder();
        foreach (var file in (string[])["outside.props", "repo/root.txt", "repo/Directory.Build.props", "repo/src/Directory.Build.props", "repo/src/a/x.props", "repo/src/a/a.csproj"])
        {
            folder.File(file);
        }

        return folder;
    }
}
