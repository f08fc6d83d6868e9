using System.Text;

namespace Hardening.EndToEnd.Tests;

/// <summary>
/// tests/adopt.sh adopts the SDK in the small repositories of testassets/Adoption, each in a shape that real ones have: it builds as before,
/// drift is refused, a second update changes nothing.
/// </summary>
[TestClass]
public sealed class AdoptionTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("hrd-e2e-").FullName;

    public TestContext TestContext { get; set; } = null!;

    [TestCleanup]
    public void Remove()
    {
        if (TestContext.CurrentTestOutcome is UnitTestOutcome.Passed or UnitTestOutcome.InProgress)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            TestContext.WriteLine($"Kept: {folder}");
        }
    }

    [TestMethod]
    public void Props_of_src_and_test_that_import_the_outer_ones() => Adopts("SrcAndTest");

    [TestMethod]
    public void Versions_and_output_folders_in_an_eng_folder() => Adopts("EngFolder");

    [TestMethod]
    public void Output_under_one_artifacts_folder() => Adopts("ArtifactsOutput");

    [TestMethod]
    public void A_packages_config_project_beside_others()
        => Adopts("PackagesConfig").Says("legacy/Legacy.csproj");

    [TestMethod]
    public void FSharp_and_Visual_Basic() => Adopts("FSharpAndVisualBasic");

    [TestMethod]
    public void Nested_central_versions_and_a_global_analyzer() => Adopts("NestedCentralVersions");

    [TestMethod]
    public void A_package_that_takes_the_version_from_git() => Adopts("VersionFromGit");

    [TestMethod]
    public void No_nuget_config() => Adopts("NoNuGetConfig").DoesNotSay("HRD1010");

    [TestMethod]
    public void A_nuget_config_that_inherits_sources() => Adopts("InheritedSources").Says("HRD1010");

    [TestMethod]
    public void A_global_json_with_comments() => Adopts("CommentsInGlobalJson");

    [TestMethod]
    public void Windows_line_ends_and_byte_order_marks()
    {
        Adopts("WindowsFiles");

        foreach (var file in new[] { "Directory.Build.props", "global.json", "nuget.config" })
        {
            var text = File.ReadAllText(AdoptedPath("WindowsFiles", file), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            Assert.AreEqual(0, text.Replace("\r\n", string.Empty, StringComparison.Ordinal).Count(c => c == '\n'), $"{file} has bare line feeds");
            CollectionAssert.AreEqual(new byte[] { 0xEF, 0xBB, 0xBF }, File.ReadAllBytes(AdoptedPath("WindowsFiles", file))[..3], file);
        }
    }

    [TestMethod]
    public void Folder_names_with_all_kinds_of_letters() => Adopts("Names");

    [TestMethod]
    public void A_solution_filter_without_what_this_system_cannot_build()
        => Adopts("SolutionFilter", "--entry", "Everywhere.slnf").Says("src/Windows/Windows.csproj");

    [TestMethod]
    public void A_nested_props_file_that_does_not_import_the_outer_one()
        => Adopts("NestedProps").Says("Projects that are not in the lockfile:").Says("samples/Sample/Sample.csproj");

    [TestMethod]
    public void All_warnings_are_errors() => Adopts("WarningsAreErrors");

    [TestMethod]
    public void A_project_that_is_named_as_not_hardened_is_excluded()
    {
        var source = Path.Combine(folder, "it's named");
        foreach (var (path, content) in new[]
        {
            ("Directory.Build.props", "<Project></Project>"),
            ("app/app.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""),
            ("samples/Directory.Build.props", "<Project />"),
            ("samples/it's one.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""),
            ("all.slnx", """<Solution><Project Path="app/app.csproj" /><Project Path="samples/it's one.csproj" /></Solution>"""),
        })
        {
            var full = Path.Combine(source, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, content);
        }

        Adopt(source).Succeeds().Says("HRD0013:samples/**");

        Assert.AreEqual(
            "exclude:\n  - path: 'samples/**'\n    reason: not hardened when Hardening.Sdk was adopted\n",
            File.ReadAllText(AdoptedPath("it's named", "hardening.yml")));
    }

    [TestMethod]
    public void A_repository_that_does_not_build_before_is_not_our_fault()
    {
        var broken = Path.Combine(folder, "broken");
        Directory.CreateDirectory(broken);
        File.WriteAllText(Path.Combine(broken, "broken.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        File.WriteAllText(Path.Combine(broken, "broken.cs"), "no code");

        var result = Adopt(broken);

        Assert.AreEqual(3, result.ExitCode, result.Output);
        result.Says("does not build before");
    }

    [TestMethod]
    public void Wrong_usage_is_told()
    {
        var result = Adopt(Path.Combine(folder, "absent"));

        Assert.AreEqual(2, result.ExitCode, result.Output);
        result.Says("is not a folder");
    }

    private CommandResult Adopts(string name, params string[] options)
    {
        var source = RepositoryFiles.PathOf("testassets", "Adoption", name);
        var result = Adopt(source, options).Succeeds().Says("All held.").DoesNotSay("not tried");

        AddsOnePiece(Path.Combine(source, "Directory.Build.props"), AdoptedPath(name, "Directory.Build.props"));
        AddsOnePiece(Path.Combine(source, "global.json"), AdoptedPath(name, "global.json"));
        return result;
    }

    private CommandResult Adopt(string source, params string[] options) => BashCommand.Run(
        folder,
        new Dictionary<string, string?> { ["TMPDIR"] = folder },
        [RepositoryFiles.PathOf("tests", "adopt.sh"), source, "--keep", "--rounds", "0", "--feed", TestRepository.SdkFeed, "--sdk-version", TestRepository.SdkVersion, .. options]);

    private string AdoptedPath(string name, string file) => Path.Combine(Directory.GetDirectories(folder, "hrd-adopt-*").Single(), "after", name, file);

    // Comments, order and line ends of what was there survive.
    private static void AddsOnePiece(string before, string after)
    {
        if (!File.Exists(before))
        {
            return;
        }

        var (was, now) = (File.ReadAllBytes(before), File.ReadAllBytes(after));
        var start = was.AsSpan().CommonPrefixLength(now);
        var end = was.Reverse().ToArray().AsSpan().CommonPrefixLength(now.Reverse().ToArray());
        Assert.IsTrue(now.Length > was.Length && start + end >= was.Length, $"{after} changed more than one piece:\n{Encoding.UTF8.GetString(now)}");
    }
}
