using System.Diagnostics;
using System.Text.RegularExpressions;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Formats;

namespace Hardening.Tests;

[TestClass]
public sealed class HardenedProjectsTests
{
    private const string Gate = """<Sdk Name="Hardening.Sdk" />""";
    private const string Above = """<Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))" """;
    private const string Plain = """<Project Sdk="Microsoft.NET.Sdk"></Project>""";

    // What a project holds that takes Directory.Build.props, and what it may hold before.
    private const string Explicit = """<Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />~<Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />""";

    /// <summary>
    /// Shapes of repositories: the files beside the Directory.Build.props at the root, which imports Hardening.Sdk unless there is another; the project
    /// that is judged is src/app/app.csproj. Third: whether MSBuild imports the file at the root. Fourth, where it is not the same: what the text tells.
    /// </summary>
    private static readonly (string Name, (string Path, string Text)[] Files, bool Imported, bool? Told)[] Shapes =
    [
        ("plain", [Project(Plain)], true, null),
        ("two SDKs", [Project("""<Project Sdk="Microsoft.NET.Sdk.Publish; Microsoft.NET.Sdk"></Project>""")], true, null),
        ("the element", [Project("""<Project><Sdk Name="Microsoft.NET.Sdk" /></Project>""")], true, null),
        ("explicit", [Project($"<Project>{Explicit}</Project>")], true, null),
        ("an SDK without common props", [Project("""<Project Sdk="Microsoft.NET.Sdk.Publish"></Project>""")], false, null),
        ("an SDK of a language", [Project("""<Project Sdk="FSharp.NET.Sdk"></Project>""")], false, null),
        ("no SDK", [Project("<Project></Project>")], false, null),
        ("a nested file", [Project(Plain), Props("src", "<Project />")], false, null),
        ("a nested file beside the project", [Project(Plain), Props("src/app", "<Project />")], false, null),
        ("a nested file with the import", [Project(Plain), Props("src", $"<Project>{Above} /></Project>")], true, null),
        ("two nested files with the import", [Project(Plain), Props("src", $"<Project>{Above} /></Project>"), Props("src/app", $"<Project>{Above} /></Project>")], true, null),
        ("a nested file by a relative path", [Project(Plain), Props("src", """<Project><Import Project="..\Directory.Build.props" /></Project>""")], true, null),
        ("a nested file by its own name", [Project(Plain), Props("src", """<Project><Import Project="$([MSBuild]::GetPathOfFileAbove($(MSBuildThisFile), $(MSBuildThisFileDirectory)..))" /></Project>""")], true, null),
        ("a nested file by its own name, in quotes", [Project(Plain), Props("src", """<Project><Import Project="$([MSBuild]::GetPathOfFileAbove('$(MSBuildThisFile)', '$(MSBuildThisFileDirectory)../'))" /></Project>""")], true, null),
        ("another file by its own name", [Project(Plain), Props("src", """<Project><Import Project="a.props" /></Project>"""), ("src/a.props", """<Project><Import Project="$([MSBuild]::GetPathOfFileAbove('$(MSBuildThisFile)', '$(MSBuildThisFileDirectory)../'))" /></Project>"""), ("a.props", "<Project />")], false, null),
        ("a file whose name says something else", [Project(Plain), Props("src", """<Project><Import Project="b.props', '../x.props" /></Project>"""), ("src/b.props', '../x.props", """<Project><Import Project="$([MSBuild]::GetPathOfFileAbove('$(MSBuildThisFile)'))" Condition="false" /></Project>""")], false, null),
        ("a nested file in a group", [Project(Plain), Props("src", $"<Project><ImportGroup>{Above} /></ImportGroup></Project>")], true, null),
        ("a nested file, guarded", [Project(Plain), Props("src", $"""<Project>{Above} Condition="Exists('$([MSBuild]::GetPathOfFileAbove(Directory.Build.props, $(MSBuildThisFileDirectory)../))')" /></Project>""")], true, null),
        ("a nested file, guarded otherwise", [Project(Plain), Props("src", $"""<Project>{Above} Condition="'$([MSBuild]::GetPathOfFileAbove(Directory.Build.props, $(MSBuildThisFileDirectory)../))' != ''" /></Project>""")], true, null),
        ("a condition that is false", [Project(Plain), Props("src", $"""<Project>{Above} Condition="false" /></Project>""")], false, null),
        ("a condition of the group", [Project(Plain), Props("src", $"""<Project><ImportGroup Condition="'$(No)' != ''">{Above} /></ImportGroup></Project>""")], false, null),
        ("a condition that nobody can tell", [Project(Plain), Props("src", $"""<Project>{Above} Condition="'$(No)' == ''" /></Project>""")], true, false),
        ("a condition that hides behind a path", [Project(Plain), Props("src", """<Project><Import Project="../Directory.Build.props" Condition="Exists('x/') and false and Exists('/../../../Directory.Build.props')" /></Project>""")], false, null),
        ("a condition that hides behind a text", [Project(Plain), Props("src", """<Project><Import Project="../Directory.Build.props" Condition="'x/' == '' and '/../../../Directory.Build.props' != ''" /></Project>""")], false, null),
        ("an import without a start finds itself", [Project(Plain), Props("src", """<Project><Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props'))" /></Project>""")], false, null),
        ("an import from elsewhere", [Project(Plain), Props("src", """<Project><PropertyGroup><X>$(MSBuildThisFileDirectory)sub</X></PropertyGroup><Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(X)'))" /></Project>"""), Props("src/sub", "<Project />")], false, null),
        ("imports in a circle", [Project(Plain), Props("src", """<Project><Import Project="a.props" /></Project>"""), ("src/a.props", """<Project><Import Project="Directory.Build.props" /></Project>""")], false, null),
        ("imports in a circle with a way out", [Project(Plain), Props("src", """<Project><Import Project="a.props" /></Project>"""), ("src/a.props", """<Project><Import Project="Directory.Build.props" /><Import Project="../Directory.Build.props" /></Project>""")], true, null),
        ("off in the project, too late", [Project(Plain.Replace("></", "><PropertyGroup><ImportDirectoryBuildProps>false</ImportDirectoryBuildProps></PropertyGroup></", StringComparison.Ordinal))], true, false),
        ("off", [Project($"<Project>{Set("ImportDirectoryBuildProps", "false")}{Explicit}</Project>")], false, null),
        ("off in other letters", [Project($"<Project>{Set("importdirectorybuildprops", "FALSE")}{Explicit}</Project>")], false, null),
        ("off by XML", [Project($"<Project>{Set("ImportDirectoryBuildProps", "<a/>")}{Explicit}</Project>")], false, null),
        ("off by CDATA", [Project($"<Project>{Set("ImportDirectoryBuildProps", "<![CDATA[false]]>")}{Explicit}</Project>")], false, null),
        ("off by what is chosen", [Project($"<Project><Choose><When Condition=\"true\">{Set("ImportDirectoryBuildProps", "false")}</When></Choose>{Explicit}</Project>")], false, null),
        ("off in an import before", [Project($"<Project><Import Project=\"off.props\" />{Explicit}</Project>"), ("src/app/off.props", $"<Project>{Set("ImportDirectoryBuildProps", "false")}</Project>")], false, null),
        ("off in an import of an import before", [Project($"<Project><Import Project=\"a.props\" />{Explicit}</Project>"), ("src/app/a.props", "<Project><Import Project=\"..\\off.props\" /></Project>"), ("src/off.props", $"<Project>{Set("_DirectoryBuildPropsFile", "x")}</Project>")], false, null),
        ("off in an import by a property", [Project($"<Project>{Set("X", "off.props")}<Import Project=\"$(X)\" />{Explicit}</Project>"), ("src/app/off.props", $"<Project>{Set("ImportDirectoryBuildProps", "false")}</Project>")], false, null),
        ("an import after", [Project($"<Project>{Explicit}<Import Project=\"$(X)\" Condition=\"'$(X)' != ''\" /></Project>")], true, null),
        ("another path", [Project($"<Project>{Set("DirectoryBuildPropsPath", "$(MSBuildThisFileDirectory)empty.props")}{Explicit}</Project>"), ("src/app/empty.props", "<Project />")], false, null),
        ("another base", [Project($"<Project>{Set("_DirectoryBuildPropsBasePath", "$(MSBuildThisFileDirectory)")}{Explicit}</Project>")], false, null),
        // Common props come late then, with the targets.
        ("other common props", [Project($"<Project>{Set("AlternateCommonProps", "$(MSBuildThisFileDirectory)empty.props")}{Explicit}</Project>"), ("src/app/empty.props", "<Project />")], true, false),
        ("other extensions", [Project($"<Project>{Set("TargetFramework", "net10.0")}{Set("MSBuildExtensionsPath", "$(MSBuildThisFileDirectory)fake/")}{Explicit}</Project>"), ("src/app/fake/Current/Microsoft.Common.props", "<Project />")], false, null),
        ("legacy", [Project("""<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><Import Project="$(MSBuildExtensionsPath)\$(MSBuildToolsVersion)\Microsoft.Common.props" Condition="Exists('$(MSBuildExtensionsPath)\$(MSBuildToolsVersion)\Microsoft.Common.props')" /></Project>""")], true, null),
        ("legacy, a file of the same name", [Project("""<Project><Import Project="fake/Microsoft.Common.props" /></Project>"""), ("src/app/fake/Microsoft.Common.props", "<Project />")], false, null),
        ("legacy, under a condition", [Project("""<Project><Import Project="$(MSBuildExtensionsPath)\$(MSBuildToolsVersion)\Microsoft.Common.props" Condition="false" /></Project>""")], false, null),
        ("the SDK from a shared file", [Project("""<Project><Import Project="..\shared.props" /><Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" /></Project>"""), ("src/shared.props", """<Project><Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" /></Project>""")], true, null),
        ("the SDK from a shared file, under a condition", [Project("""<Project><Import Project="..\shared.props" Condition="false" /></Project>"""), ("src/shared.props", """<Project><Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" /></Project>""")], false, null),
        ("off in the shared file", [Project("""<Project><Import Project="..\shared.props" /><Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" /></Project>"""), ("src/shared.props", $"""<Project>{Set("ImportDirectoryBuildProps", "false")}<Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" /></Project>""")], false, null),
        ("the SDK in the nested file", [Project("<Project></Project>"), Props("src", """<Project Sdk="Microsoft.NET.Sdk"></Project>""")], false, null),
        ("a comment", [Project(Plain), Props("src", $"<Project><!-- {Above} /> --></Project>")], false, null),
        ("CDATA", [Project(Plain), Props("src", $"<Project><PropertyGroup><X><![CDATA[{Above} />]]></X></PropertyGroup></Project>")], false, null),
        ("project extensions", [Project(Plain), Props("src", $"<Project><ProjectExtensions>{Above} /></ProjectExtensions></Project>")], false, null),
        ("an element in a property", [Project(Plain), Props("src", $"<Project><PropertyGroup><X>{Above} /></X></PropertyGroup></Project>")], false, null),
        ("an element in metadata", [Project(Plain), Props("src", $"<Project><ItemGroup><X Include=\"x\"><Y>{Above} /></Y></X></ItemGroup></Project>")], false, null),
        ("off, as it seems, in a text", [Project($"<Project><ProjectExtensions>{Set("ImportDirectoryBuildProps", "false")}</ProjectExtensions>{Explicit}</Project>")], true, null),
        ("nothing at the root", [Project(Plain), ("Directory.Build.props", "<Project />")], false, null),
    ];

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Whether_a_project_is_hardened_is_told_from_the_text(int shape)
    {
        using var folder = new TemporaryFolder();
        var (name, files, imported, told) = Shapes[shape];
        var judgement = Write(folder, files, Gate).Judge("src/app/app.csproj");

        Assert.AreEqual(told ?? imported, judgement is null, $"{name}: {judgement}");
        Assert.IsFalse(told == true, "the text never says more than MSBuild does");
        Assert.IsTrue(judgement is null || (judgement.Path == "src/app/app.csproj" && judgement.Reason.Length > 0 && File.Exists(judgement.Place.File)), name);
    }

    public static IEnumerable<object[]> Names => Enumerable.Range(0, Shapes.Length).Select(i => (object[])[i]);

    /// <summary>MSBuild itself evaluates every shape, with a property in the place of the SDK.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void MSBuild_imports_the_file_at_the_root_where_the_table_says_so()
    {
        using var folder = new TemporaryFolder();
        var calls = string.Empty;
        for (var i = 0; i < Shapes.Length; i++)
        {
            using var one = new TemporaryFolder();
            Write(one, Shapes[i].Files, Set("Marker", "yes"));
            var project = one.At("src/app/app.csproj");
            File.WriteAllText(project, File.ReadAllText(project).Replace("</Project>", $"<Target Name=\"Tell\"><Message Importance=\"high\" Text=\"shape {i} is '$(Marker)'\" /></Target></Project>", StringComparison.Ordinal));
            Directory.CreateDirectory(folder.At("shapes"));
            Copy(one.Path, folder.At($"shapes/{i}"));
            calls += $"<MSBuild Projects=\"shapes/{i}/src/app/app.csproj\" Targets=\"Tell\" ContinueOnError=\"true\" />";
        }

        folder.File("all.proj", $"<Project><Target Name=\"All\">{calls}</Target></Project>");
        var start = new ProcessStartInfo("dotnet", ["msbuild", "all.proj", "-nr:false", "-nologo", "-v:m"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var seen = Regex.Matches(output, "shape ([0-9]+) is '(.*)'").ToDictionary(m => int.Parse(m.Groups[1].ValueSpan, null), m => m.Groups[2].Value == "yes");

        Assert.HasCount(Shapes.Length, seen, output);
        var wrong = Shapes.Where((shape, i) => seen[i] != shape.Imported).Select(s => s.Name).ToList();
        Assert.IsEmpty(wrong, string.Join(", ", wrong));
    }

    [TestMethod]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><Sdk Name='hardening.sdk' Version='1.0.0' /></Project>", true)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk;Hardening.Sdk/1.0.0' />", true)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Include='Hardening.Sdk' Version='1.0.0' PrivateAssets='all' /></ItemGroup></Project>", true)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Include='Hardening.Sdk' Condition='false' /></ItemGroup></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup Condition='false'><PackageReference Include='Hardening.Sdk' /></ItemGroup></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Include='Hardening.Sdk' ExcludeAssets='all' /></ItemGroup></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Include='Hardening.Sdk'><IncludeAssets>none</IncludeAssets></PackageReference></ItemGroup></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Include='Hardening.Sdk' /><PackageReference Remove='Hardening.Sdk' /></ItemGroup></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Update='Hardening.Sdk' Version='1.0.0' /></ItemGroup></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Include='Hardening.Sdk' Exclude='Hardening.Sdk' /></ItemGroup></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ProjectExtensions><ItemGroup><PackageReference Include='Hardening.Sdk' /></ItemGroup></ProjectExtensions></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ProjectExtensions><Import Sdk='Hardening.Sdk' Project='Sdk.props' /><Import Sdk='Hardening.Sdk' Project='Sdk.targets' /></ProjectExtensions></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Include='Hardening.Sdk' /></ItemGroup><Import Project='removes.txt' /></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><Target Name='T'><ItemGroup><PackageReference Include='Hardening.Sdk' /></ItemGroup></Target></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><Import Sdk='Hardening.Sdk' Project='Sdk.targets' /></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><Import Sdk='Hardening.Sdk' Project='../tasks/any.xml' /></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><Import Sdk='Hardening.Sdk' Project='Sdk.props' Condition='false' /></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'><Import Project='gate.targets' /></Project>", false)]
    [DataRow("<Project Sdk='Microsoft.NET.Sdk'>", false)]
    public void The_second_best_forms_are_taken_only_whole(string project, bool expected)
    {
        using var folder = new TemporaryFolder();
        var judgement = Write(folder, [Project(project), ("Directory.Build.props", "<Project />"), ("src/app/gate.targets", "<Project><ItemGroup><PackageReference Include='Hardening.Sdk' /></ItemGroup></Project>"), ("src/app/removes.txt", "<Project><ItemGroup><PackageReference Remove='Hardening.Sdk' /></ItemGroup></Project>")], Gate).Judge("src/app/app.csproj");

        Assert.AreEqual(expected, judgement is null, judgement?.Reason);
    }

    [TestMethod]
    [DataRow("src/app/Directory.Build.targets", "<Project><ItemGroup><PackageReference Remove='Hardening.Sdk' /></ItemGroup></Project>", false)]
    [DataRow("src/Directory.Build.targets", "<Project><Import Project='app/removes.txt' /></Project>", false)]
    [DataRow("Directory.Packages.props", "<Project><ItemDefinitionGroup><PackageReference><ExcludeAssets>all</ExcludeAssets></PackageReference></ItemDefinitionGroup></Project>", false)]
    [DataRow("Directory.Build.targets", "<Project><ItemGroup><PackageReference Remove='Other;Another' /></ItemGroup></Project>", true)]
    public void A_package_that_another_file_takes_away_is_no_gate(string path, string text, bool expected)
    {
        using var folder = new TemporaryFolder();
        var project = Project("<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><PackageReference Include='Hardening.Sdk' /></ItemGroup></Project>");
        var hardened = Write(folder, [project, ("Directory.Build.props", "<Project />"), ("src/app/removes.txt", "<Project><ItemGroup><PackageReference Remove='Hardening.Sdk' /></ItemGroup></Project>"), (path, text)], Gate);

        Assert.AreEqual(expected, hardened.Judge("src/app/app.csproj") is null);
    }

    [TestMethod]
    [DataRow("Hardening.Sdk.Evil")]
    [DataRow("Hardening.Sdk/x/y' Condition='false")]
    [DataRow("$(Hardening.Sdk)")]
    [DataRow("H\u0430rdening.Sdk")]
    public void A_name_that_is_like_it_is_not_it(string name)
    {
        using var folder = new TemporaryFolder();

        Assert.IsNotNull(Write(folder, [Project(Plain), ("Directory.Build.props", $"<Project><Import Project='Sdk.props' Sdk='{name}' /></Project>")], Gate).Judge("src/app/app.csproj"));
    }

    [TestMethod]
    [DataRow("<Target Name='HardeningVerifyProject' />", "defines the target HardeningVerifyProject")]
    [DataRow("<Target Name=' _hardeninghost ' />", "defines the target _hardeninghost")]
    [DataRow("<Target Name='%48ardeningVerifyProject' />", "defines the target HardeningVerifyProject")]
    [DataRow("<UsingTask TaskName='VerifyProject' Override='true' AssemblyFile='a.dll' />", "defines the task VerifyProject")]
    [DataRow("<UsingTask TaskName='Hardening.Tasks.open%52estore' Override='$(True)' AssemblyFile='a.dll' />", "defines the task Hardening.Tasks.open%52estore")]
    [DataRow("<UsingTask TaskName='$(Any)' Override='true' AssemblyFile='a.dll' />", "defines the task $(Any)")]
    [DataRow("<UsingTask TaskName='Contoso.CheckReferences' AssemblyFile='a.dll' /><UsingTask TaskName='Contoso.Copy' Override='true' AssemblyFile='a.dll' />", null)]
    [DataRow("<PropertyGroup><_HardeningRepositoryProject>x.proj</_HardeningRepositoryProject></PropertyGroup>", "defines the property _HardeningRepositoryProject")]
    [DataRow("<PropertyGroup><HardeningSdkDirectory /></PropertyGroup>", "defines the property HardeningSdkDirectory")]
    [DataRow("<PropertyGroup><HardeningRuntimeIdentifiers>linux-x64</HardeningRuntimeIdentifiers></PropertyGroup><Target Name='T' DependsOnTargets='HardeningUpdate' />", null)]
    public void What_replaces_the_gate_is_told(string text, string? expected)
    {
        var found = HardenedProjects.Replaces("a.props", ProjectText.Parse(new SourceText("/r/a.props", $"<Project>\n{text}</Project>")));

        Assert.AreEqual(expected is not null, found is not null);
        Assert.IsTrue(found is null || (found.Reason.StartsWith(expected!, StringComparison.Ordinal) && found.Place.Line == 2));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Another_case_of_the_name_is_another_file()
    {
        using var folder = new TemporaryFolder();

        Assert.IsNull(Write(folder, [Project(Plain), ("src/directory.build.props", "<Project />")], Gate).Judge("src/app/app.csproj"));
        Assert.IsNotNull(Write(folder, [Project(Plain), Props("src", "<Project>\u0001</Project>")], Gate).Judge("src/app/app.csproj"));
    }

    [TestMethod]
    public void A_long_chain_of_imports_ends()
    {
        using var folder = new TemporaryFolder();
        var files = Enumerable.Range(0, 100_000).ToDictionary(i => folder.At($"{i}.props"), i => $"<Project><Import Project='{i + 1}.props' /></Project>", StringComparer.Ordinal);
        for (var i = 0; i < 100; i++)
        {
            folder.File($"{i}.props");
        }

        folder.File("app.csproj", Plain);
        folder.File("Directory.Build.props");
        var judgement = new HardenedProjects(folder.Path, folder.Path, f => ProjectText.Parse(new SourceText(f, Path.GetFileName(f) switch
        {
            "app.csproj" => Plain,
            "Directory.Build.props" => "<Project><Import Project='0.props' /></Project>",
            _ => files[f],
        }))).Judge("app.csproj");

        Assert.IsNotNull(judgement);
    }

    [TestMethod]
    public void Files_that_import_each_other_many_times_are_read_once()
    {
        using var folder = new TemporaryFolder();
        var files = Enumerable.Range(0, 60).Select(i => ($"src/app/{i}.props", $"<Project><Import Project='{i + 1}.props' /><Import Project='./{i + 1}.props' /><Import Project='{i}.props' /></Project>")).Append(("src/app/60.props", "<Project />"));
        var watch = Stopwatch.StartNew();

        Assert.IsNull(Write(folder, [Project($"<Project><Import Project='0.props' />{Explicit}</Project>"), .. files], Gate).Judge("src/app/app.csproj"));
        Assert.IsLessThan(20, watch.Elapsed.TotalSeconds);
    }

    private static (string, string) Project(string text) => ("src/app/app.csproj", text.Replace("~", string.Empty, StringComparison.Ordinal));

    private static (string, string) Props(string folder, string text) => ($"{folder}/Directory.Build.props", text);

    private static string Set(string name, string value) => $"<PropertyGroup><{name}>{value}</{name}></PropertyGroup>";

    private static HardenedProjects Write(TemporaryFolder folder, (string Path, string Text)[] files, string gate)
    {
        folder.File("Directory.Build.props", $"<Project>{gate}</Project>");
        foreach (var (path, text) in files)
        {
            folder.File(path, text);
        }

        return new HardenedProjects(folder.Path, folder.Path, file =>
        {
            try
            {
                return ProjectText.Read(file);
            }
            catch (InvalidDataException)
            {
                return null;
            }
        });
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
