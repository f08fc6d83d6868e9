using System.Text;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Formats;

namespace Hardening.Tests;

[TestClass]
public sealed class ControlFilesTests
{
    [TestMethod]
    [DataRow("Directory.Build.rsp", true)]
    [DataRow("src/directory.build.RSP", true)]
    [DataRow("src/MSBuild.rsp", true)]
    [DataRow("more.rsp", false)]
    [DataRow("Directory.Solution.props", true)]
    [DataRow("Directory.Solution.targets", true)]
    [DataRow("before.All.sln.targets", true)]
    [DataRow("After.All.SLN.Targets", true)]
    // MSBuild looks for the name of a solution with .sln, whatever its format.
    [DataRow("after.All.slnx.targets", false)]
    [DataRow("Directory.Build.props", false)]
    [DataRow("xDirectory.Build.rsp", false)]
    [DataRow("before.targets", false)]
    [DataRow("All.sln.targets", false)]
    public void Some_files_decide_by_their_name(string path, bool expected) => Assert.AreEqual(expected, ControlFiles.IsByName(path));

    [TestMethod]
    [DataRow("a.csproj.user", true)]
    [DataRow("a.FSPROJ.USER", true)]
    [DataRow("a.user", false)]
    [DataRow("a.csproj.user.txt", false)]
    public void A_user_file_is_known_by_its_name(string path, bool expected) => Assert.AreEqual(expected, ControlFiles.IsUserFile(path));

    [TestMethod]
    [DataRow("<Project />")]
    [DataRow("<?xml version='1.0'?><!-- x --><Project ToolsVersion='Current' xmlns='http://schemas.microsoft.com/developer/msbuild/2003'><PropertyGroup /></Project>")]
    [DataRow("<Project><PropertyGroup Condition=\"'$(Configuration)|$(Platform)'=='Debug|AnyCPU'\"><DebuggerFlavor>ProjectDebugger</DebuggerFlavor></PropertyGroup></Project>")]
    [DataRow("<Project><PropertyGroup><IsFirstTimeProjectOpen>False</IsFirstTimeProjectOpen><ActiveDebugFramework>net10.0-android</ActiveDebugFramework><SelectedPlatformGroup>Emulator</SelectedPlatformGroup><DefaultDevice>pixel_5</DefaultDevice></PropertyGroup><ItemGroup><None Update=\"App.xaml\"><SubType>Designer</SubType></None></ItemGroup></Project>")]
    [DataRow("<Project><PropertyGroup><_LastSelectedProfileId>C:\\a b\\c.pubxml</_LastSelectedProfileId><ActiveDebugProfile>https</ActiveDebugProfile><ShowAllFiles>true</ShowAllFiles></PropertyGroup></Project>")]
    [DataRow("<Project><ItemGroup><Compile Update='Form1.cs'><SubType>Form</SubType></Compile><Page Update='A.xaml' /></ItemGroup></Project>")]
    public void What_editors_write_is_no_control_file(string text) => Assert.IsTrue(IsOfEditor(text));

    [TestMethod]
    [DataRow("<Project InitialTargets='X' />")]
    [DataRow("<Project Sdk='Evil/1.0' />")]
    [DataRow("<Project TreatAsLocalProperty='HardeningVerify' />")]
    [DataRow("<Project><Import Project='evil.targets' /></Project>")]
    [DataRow("<Project><Sdk Name='Evil' Version='1.0' /></Project>")]
    [DataRow("<Project><Target Name='Build' /></Project>")]
    [DataRow("<Project><UsingTask TaskName='X' AssemblyFile='x.dll' /></Project>")]
    [DataRow("<Project><Choose><When Condition='true' /></Choose></Project>")]
    [DataRow("<Project><ImportGroup /></Project>")]
    [DataRow("<Project><PropertyGroup><OutputPath>..</OutputPath></PropertyGroup></Project>")]
    [DataRow("<Project><PropertyGroup><HardeningVerify>false</HardeningVerify></PropertyGroup></Project>")]
    [DataRow("<Project><PropertyGroup><ActiveDebugProfile>$([System.IO.File]::ReadAllText('x'))</ActiveDebugProfile></PropertyGroup></Project>")]
    [DataRow("<Project><PropertyGroup><ActiveDebugProfile>&#36;(X)</ActiveDebugProfile></PropertyGroup></Project>")]
    [DataRow("<Project><PropertyGroup><ActiveDebugProfile><![CDATA[$(X)]]></ActiveDebugProfile></PropertyGroup></Project>")]
    [DataRow("<Project><PropertyGroup><ActiveDebugProfile Condition='true'>x</ActiveDebugProfile></PropertyGroup></Project>")]
    [DataRow("<Project><PropertyGroup><ActiveDebugProfile><x /></ActiveDebugProfile></PropertyGroup></Project>")]
    [DataRow("<Project><PropertyGroup Condition=\"'$([System.IO.File]::ReadAllText(`x`))' == ''\" /></Project>")]
    [DataRow("<Project><PropertyGroup Condition=\"'$( [System.IO.File]::ReadAllText(`x`))' == ''\" /></Project>")]
    [DataRow("<Project><PropertyGroup Label='x' /></Project>")]
    [DataRow("<Project><ItemGroup><Compile Include='evil.cs' /></ItemGroup></Project>")]
    [DataRow("<Project><ItemGroup><Compile Remove='x.cs' /></ItemGroup></Project>")]
    [DataRow("<Project><ItemGroup><Analyzer Include='evil.dll' /></ItemGroup></Project>")]
    [DataRow("<Project><ItemGroup><PackageReference Update='A' Version='6.6.6' /></ItemGroup></Project>")]
    [DataRow("<Project><ItemGroup><PackageReference Update='A'><Version>6.6.6</Version></PackageReference></ItemGroup></Project>")]
    [DataRow("<Project><ItemGroup><Compile Update='$(X)' /></ItemGroup></Project>")]
    [DataRow("<Project><ItemGroup Condition='true' /></Project>")]
    [DataRow("<Project><ItemGroup><Compile Update='a'><SubType>$(X)</SubType></Compile></ItemGroup></Project>")]
    [DataRow("<!DOCTYPE Project [<!ENTITY x 'y'>]><Project />")]
    [DataRow("<Other />")]
    [DataRow("<Project>")]
    [DataRow("")]
    public void Anything_else_in_a_user_file_decides(string text) => Assert.IsFalse(IsOfEditor(text));

    [TestMethod]
    public void A_deep_user_file_decides_and_harms_nothing() =>
        Assert.IsFalse(IsOfEditor("<Project><PropertyGroup><ActiveDebugProfile>" + string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000)) + "</ActiveDebugProfile></PropertyGroup></Project>"));

    [TestMethod]
    [DataRow("CustomAfterMicrosoftCommonTargets", "eng/x.targets", "eng/x.targets")]
    [DataRow("customaftermicrosoftcommontargets", @"eng\x.targets", "eng/x.targets")]
    [DataRow("CustomBeforeMicrosoftCommonProps", "$(MSBuildThisFileDirectory)eng/x.targets", "eng/x.targets")]
    [DataRow("BeforeMicrosoftNETSdkTargets", "$(BeforeMicrosoftNETSdkTargets);eng/x.targets; eng/y.targets ;", "eng/x.targets eng/y.targets")]
    [DataRow("AfterMicrosoftNETSdkTargets", "$(aftermicrosoftnetsdktargets)", "")]
    [DataRow("DirectoryBuildTargetsPath", "$([MSBuild]::GetPathOfFileAbove('y.targets', '$(MSBuildThisFileDirectory)eng/'))", "eng/y.targets")]
    [DataRow("AlternateCommonProps", "$(Elsewhere)/x.targets", "a.props")]
    [DataRow("AfterMicrosoftNetSdkProps", "eng/*.targets", "a.props")]
    [DataRow("DirectoryPackagesPropsPath", "not/there.props", "a.props")]
    [DataRow("LanguageTargets", "../../outside.targets", "a.props")]
    [DataRow("MSBuildExtensionsPath", "$(MSBuildThisFileDirectory)eng/", "a.props")]
    [DataRow("CustomAfterRazorSdkTargets", "<x/>eng/x.targets", "a.props")]
    // Of these two an assignment that does not keep what is there takes Hardening.Sdk's own files away.
    [DataRow("CustomAfterDirectoryBuildProps", "", "a.props")]
    [DataRow("CustomAfterDirectoryBuildProps", " ", "a.props")]
    [DataRow("BeforeMicrosoftNETSdkTargets", "eng/x.targets", "a.props eng/x.targets")]
    [DataRow("CustomAfterMicrosoftCommonTargets", "", "")]
    [DataRow("OutputPath", "eng/x.targets", "")]
    public void Properties_that_name_files_for_every_project_make_them_control_files(string name, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.File("eng/x.targets");
        folder.File("eng/y.targets");
        var text = ProjectText.Read(folder.File("a.props", $"<Project><PropertyGroup Condition='false'><{name}>{value}</{name}></PropertyGroup></Project>"));

        Assert.AreEqual(expected, string.Join(' ', ControlFiles.NamedBy(folder.Path, text)));
    }

    /// <summary>The properties by whose value alone the .NET SDK imports a file, by the names that such properties have.</summary>
    [TestMethod]
    public void No_hook_of_the_dotnet_sdk_is_forgotten()
    {
        var sdk = Path.Combine(AppContext.BaseDirectory, "none");
        for (var folder = Path.GetDirectoryName(typeof(object).Assembly.Location); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            sdk = Directory.Exists(Path.Combine(folder, "sdk")) ? Directory.GetDirectories(Path.Combine(folder, "sdk"), "10.*").Order(StringComparer.Ordinal).Last() : sdk;
        }

        var hooks = Directory.EnumerateFiles(sdk, "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".props", StringComparison.Ordinal) || f.EndsWith(".targets", StringComparison.Ordinal))
            .SelectMany(f => ProjectText.Read(f).Imports).Select(i => i.Project.Value)
            .Where(v => v.StartsWith("$(", StringComparison.Ordinal) && v.IndexOf(')', StringComparison.Ordinal) == v.Length - 1).Select(v => v[2..^1])
            .Where(v => v.StartsWith("Custom", StringComparison.Ordinal) || v.StartsWith("Before", StringComparison.Ordinal) || v.StartsWith("After", StringComparison.Ordinal) || v.StartsWith("Alternate", StringComparison.Ordinal) || v.StartsWith("Directory", StringComparison.Ordinal))
            .Distinct().ToList();
        Assert.IsGreaterThan(20, hooks.Count);
        foreach (var hook in hooks)
        {
            var text = ProjectText.Parse(new SourceText("/r/a.props", $"<Project><PropertyGroup><{hook}>$(X)</{hook}></PropertyGroup></Project>"));
            Assert.AreEqual("a.props", ControlFiles.NamedBy("/r", text).First(), hook);
        }
    }

    [TestMethod]
    [DataRow("a\r\nb\r\n", "a\nb\n", true)]
    [DataRow("a\r\n", "a\n\n", false)]
    [DataRow("a\rb", "a\nb", false)]
    [DataRow("a\r", "a", false)]
    [DataRow("a\r\r\n", "a\r\n", false)]
    [DataRow("\uFEFFa", "a", false)]
    [DataRow("a ", "a", false)]
    public void Line_ends_of_windows_are_no_change_and_anything_else_is(string one, string other, bool same) =>
        Assert.AreEqual(same, NormalizedText.Hash(Encoding.UTF8.GetBytes(one)) == NormalizedText.Hash(Encoding.UTF8.GetBytes(other)));

    [TestMethod]
    public void The_hash_is_sha512_over_the_bytes()
    {
        using var folder = new TemporaryFolder();
        const string Empty = "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";

        Assert.AreEqual(Empty, ControlFiles.Hash(folder.File("a")));
        Assert.AreEqual(Empty, NormalizedText.Hash([]));
    }

    private static bool IsOfEditor(string text) => ControlFiles.IsOfEditor(new SourceText("/r/a.csproj.user", text));
}
