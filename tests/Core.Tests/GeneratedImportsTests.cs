using System.Text;
using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class GeneratedImportsTests
{
    private const string Packages = "/home/u/.nuget/packages";

    [TestMethod]
    public void What_NuGet_writes_is_read()
    {
        var props = Read(RestoreSamples.Props);
        var targets = Read(RestoreSamples.Targets);

        CollectionAssert.AreEqual(new[] { "other.content/2.0.0-rc.1", "some.tool/1.2.3" }, props.Packages.ToArray());
        CollectionAssert.AreEqual(new[] { "some.tool/1.2.3" }, targets.Packages.ToArray());
        Assert.AreEqual((Packages, string.Empty), (props.PackageRoot, targets.PackageRoot));
        Assert.IsFalse(props.NeedsSeparator || targets.NeedsSeparator);
    }

    [TestMethod]
    public void A_root_that_ends_with_a_separator_needs_it()
    {
        var props = Read(RestoreSamples.Props.Replace("@PACKAGES@<", "@PACKAGES@/<", StringComparison.Ordinal).Replace("$(NuGetPackageRoot)/", "$(NuGetPackageRoot)", StringComparison.Ordinal));

        Assert.AreEqual(Packages + "/", props.PackageRoot);
        Assert.IsTrue(props.NeedsSeparator);
    }

    [TestMethod]
    public void The_encoding_and_comments_do_not_count()
    {
        using var folder = new TemporaryFolder();
        var text = With("<!-- $([System.IO.File]::Delete('a')) --><Import Project=\"$(NuGetPackageRoot)a/1.0/build/a.props\" />").Replace("utf-8", "utf-16", StringComparison.Ordinal);

        var imports = GeneratedImports.Read(folder.File("a", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(text)).ToArray()), []);

        CollectionAssert.AreEqual(new[] { "a/1.0" }, imports.Packages.ToArray());
    }

    [TestMethod]
    [DataRow("<Project />")]
    [DataRow("<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\"><PropertyGroup /><ImportGroup></ImportGroup></Project>")]
    public void A_file_without_imports_imports_nothing(string text) => Assert.IsEmpty(Read(text).Packages);

    [TestMethod]
    // Another folder, in every notation that MSBuild understands
    [DataRow("/tmp/evil.targets")]
    [DataRow("evil.targets")]
    [DataRow("a/1.0/build/a.targets")]
    [DataRow("")]
    [DataRow("$(NuGetPackageRoot)../evil/1.0/build/a.targets")]
    [DataRow("$(NuGetPackageRoot)a/1.0/../../../evil.targets")]
    [DataRow(@"$(NuGetPackageRoot)a\1.0\..\..\..\evil.targets")]
    [DataRow("$(NuGetPackageRoot)a/1.0/%2e%2e/%2e%2e/evil.targets")]
    [DataRow("$(NuGetPackageRoot)a/1.0/build/%24(Evil)")]
    [DataRow("$(NuGetPackageRoot)a/1.0/$(Evil)/a.targets")]
    [DataRow("$(NuGetPackageRoot)a/1.0/$([System.IO.Path]::GetTempPath())/a.targets")]
    [DataRow("$(NuGetPackageRoot)a/1.0/@(Evil)")]
    [DataRow("$(NuGetPackageRoot)a/1.0/build/*.targets")]
    [DataRow("$(NuGetPackageRoot)a/1.0/build/?.targets")]
    [DataRow("$(NuGetPackageRoot)a/1.0/build/a.targets;/tmp/evil.targets")]
    [DataRow("$(Evil)a/1.0/build/a.targets")]
    [DataRow("$(nugetpackageroot)a/1.0/build/a.targets")]
    [DataRow(" $(NuGetPackageRoot)a/1.0/build/a.targets")]
    [DataRow("/home/u/.nuget/packages-evil/a/1.0/build/a.targets")]
    [DataRow("/home/u/.nuget/packages/../a/1.0/build/a.targets")]
    // No file of a package
    [DataRow("$(NuGetPackageRoot)")]
    [DataRow("$(NuGetPackageRoot)a.targets")]
    [DataRow("$(NuGetPackageRoot)a/evil.targets")]
    [DataRow("$(NuGetPackageRoot)a//evil.targets")]
    [DataRow("/home/u/.nuget/packages//a/evil.targets")]
    public void An_import_that_leads_out_of_the_packages_folders_is_refused(string project)
    {
        Refused(With($"<Import Project=\"{project}\" />"));
        Refused(With($"<Compile Include=\"{project}\" />", "ItemGroup"));
        Refused(With($"<None Include=\"{project}\" />", "ItemGroup"));
    }

    [TestMethod]
    [DataRow("SOME.tool/1.2.3/build/a.props")]
    [DataRow("some.tool/1.2.3-RC/build/a.props")]
    // What NuGet notes beside a package is not of its content, so nobody compared it.
    [DataRow("some.tool/1.2.3/.nupkg.metadata")]
    [DataRow("some.tool/1.2.3/some.tool.1.2.3.nupkg")]
    [DataRow("some.tool/1.2.3/Some.Tool.1.2.3.nupkg.sha512")]
    public void What_is_not_of_the_verified_content_of_a_package_is_refused(string path) => Refused(With($"<Import Project=\"$(NuGetPackageRoot)/{path}\" />"));

    [TestMethod]
    public void A_package_whose_content_is_compiled_is_named()
    {
        // Code of a package comes into an assembly without an import.
        foreach (var item in new[] { "Compile", "EmbeddedResource", "AdditionalFiles", "None", "Content" })
        {
            CollectionAssert.AreEqual(new[] { "evil/1.0" }, Read(With($"<{item} Include=\"$(NuGetPackageRoot)/evil/1.0/a.cs\" />", "ItemGroup")).Packages.ToArray());
        }

        CollectionAssert.AreEqual(new[] { "evil/1.0" }, Read(With($"<PkgEvil>{Packages}/evil/1.0</PkgEvil>", "PropertyGroup")).Packages.ToArray());
    }

    [TestMethod]
    [DataRow("<Target Name=\"Evil\" />", "")]
    [DataRow("<Target Name=\"Evil\" />", "PropertyGroup")]
    [DataRow("<UsingTask TaskName=\"A\" AssemblyFile=\"a.dll\" />", "")]
    [DataRow("<Import Project=\"$(NuGetPackageRoot)a/1.0/a.props\" />", "")]
    [DataRow("<Choose><When Condition=\"true\" /></Choose>", "")]
    [DataRow("<ItemDefinitionGroup />", "")]
    [DataRow("<Sdk Name=\"Evil\" />", "")]
    [DataRow("<Import Sdk=\"Evil\" Project=\"Sdk.props\" />", "ImportGroup")]
    [DataRow("<Import Project=\"$(NuGetPackageRoot)a/1.0/a.props\" Sdk=\"Evil\" />", "ImportGroup")]
    [DataRow("<Import Project=\"$(NuGetPackageRoot)a/1.0/a.props\" Label=\"a\" />", "ImportGroup")]
    [DataRow("<Evil>a</Evil>", "PropertyGroup")]
    [DataRow("<HardeningVerify>false</HardeningVerify>", "PropertyGroup")]
    [DataRow("<nugetpackageroot>/tmp</nugetpackageroot>", "PropertyGroup")]
    [DataRow("<Reference Include=\"$(NuGetPackageRoot)a/1.0/a.dll\" />", "ItemGroup")]
    [DataRow("<Analyzer Include=\"$(NuGetPackageRoot)a/1.0/a.dll\" />", "ItemGroup")]
    [DataRow("<Compile Include=\"$(NuGetPackageRoot)a/1.0/a.cs\" Exclude=\"a\" />", "ItemGroup")]
    [DataRow("<Compile Remove=\"**/*\" />", "ItemGroup")]
    [DataRow("<Compile Update=\"**/*\" />", "ItemGroup")]
    [DataRow("<Compile Include=\"$(NuGetPackageRoot)a/1.0/a.cs\" Generator=\"MSBuild:Evil\" />", "ItemGroup")]
    [DataRow("<Compile Include=\"$(NuGetPackageRoot)a/1.0/a.cs\"><Link><Evil /></Link></Compile>", "ItemGroup")]
    [DataRow("<Compile Include=\"$(NuGetPackageRoot)a/1.0/a.cs\"><Link Condition=\"true\">a</Link></Compile>", "ItemGroup")]
    [DataRow("text", "")]
    [DataRow("<![CDATA[text]]>", "ItemGroup")]
    [DataRow("<?evil text?>", "ImportGroup")]
    public void What_NuGet_does_not_write_is_refused(string element, string group) => Refused(With(element, group));

    [TestMethod]
    [DataRow("<NuGetToolVersion><![CDATA[7.0.0]]></NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion><Evil /></NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion>7<?evil?></NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion>7<Evil />0</NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion>$(Evil)</NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion>$([System.IO.File]::ReadAllText('/etc/passwd'))</NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion>%24(Evil)</NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion>@(Evil)</NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion>&#36;(Evil)</NuGetToolVersion>")]
    [DataRow("<NuGetToolVersion Label=\"a\">7</NuGetToolVersion>")]
    [DataRow("<ProjectAssetsFile>/tmp/project.assets.json</ProjectAssetsFile>")]
    [DataRow("<ProjectAssetsFile>$(MSBuildThisFileDirectory)evil.json</ProjectAssetsFile>")]
    [DataRow("<ProjectAssetsFile></ProjectAssetsFile>")]
    // Imports would be relative to obj, or to a root that only the conditions know.
    [DataRow("<NuGetPackageRoot></NuGetPackageRoot>")]
    [DataRow("<NuGetPackageRoot />")]
    [DataRow("<NuGetPackageRoot>packages/</NuGetPackageRoot>")]
    [DataRow("<NuGetPackageRoot>/tmp/evil/</NuGetPackageRoot><NuGetPackageRoot Condition=\"false\">/home/u/.nuget/packages/</NuGetPackageRoot>")]
    [DataRow("<NuGetPackageRoot Condition=\"'$(Evil)' == ''\">/home/u/.nuget/packages/</NuGetPackageRoot>")]
    [DataRow("<NuGetPackageFolders>/tmp/evil</NuGetPackageFolders>")]
    [DataRow("<PkgTool>/tmp/evil</PkgTool>")]
    [DataRow("<PkgTool>/home/u/.nuget/packages/tool/../../evil</PkgTool>")]
    [DataRow("<PkgTool></PkgTool>")]
    public void A_property_that_is_no_plain_value_is_refused(string property) => Refused(With(property, "PropertyGroup"));

    [TestMethod]
    public void A_letter_that_only_expands_before_a_bracket_is_plain() =>
        Assert.AreEqual("/home/u@example.org/packages/", Read(With("<NuGetPackageRoot>/home/u@example.org/packages/</NuGetPackageRoot>", "PropertyGroup")).PackageRoot);

    [TestMethod]
    [DataRow("'$([System.IO.File]::ReadAllText(a))' == ''")]
    [DataRow("'$( [System.IO.File]::ReadAllText(a))' == ''")]
    [DataRow("'$(A.Replace(a, b))' == ''")]
    [DataRow("'$(A[0])' == ''")]
    [DataRow("'$(Registry:HKEY_LOCAL_MACHINE\\A)' == ''")]
    [DataRow("'$(A)$( A)' == ''")]
    [DataRow("'$('")]
    [DataRow("'$(A'")]
    public void A_condition_that_calls_a_function_is_refused(string condition)
    {
        Refused($"<Project><ImportGroup Condition=\"{condition}\" /></Project>");
        Refused(With($"<Import Project=\"$(NuGetPackageRoot)a/1.0/a.props\" Condition=\"{condition}\" />"));
        Refused(With($"<NuGetToolVersion Condition=\"{condition}\">7</NuGetToolVersion>", "PropertyGroup"));
    }

    [TestMethod]
    [DataRow("../../.bashrc")]
    [DataRow(@"..\..\.bashrc")]
    [DataRow("/root/.bashrc")]
    [DataRow("$(Home)")]
    [DataRow("$( [System.Environment]::GetEnvironmentVariable('HOME'))")]
    [DataRow("@(Evil)")]
    public void A_content_file_is_not_copied_out_of_the_output_folder(string path) =>
        Refused(With($"<None Include=\"$(NuGetPackageRoot)a/1.0/a\"><CopyToOutputDirectory>Always</CopyToOutputDirectory><TargetPath>{path}</TargetPath></None>", "ItemGroup"));

    [TestMethod]
    [DataRow("")]
    [DataRow("<")]
    [DataRow("<Project>")]
    [DataRow("<Project></Project>x")]
    [DataRow("<Evil />")]
    [DataRow("<Project Sdk=\"Evil\" />")]
    [DataRow("<Project InitialTargets=\"Evil\" />")]
    [DataRow("<Project DefaultTargets=\"Evil\" />")]
    [DataRow("<Project TreatAsLocalProperty=\"HardeningVerify\" />")]
    [DataRow("<!DOCTYPE Project><Project />")]
    [DataRow("<!DOCTYPE Project [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Project>&e;</Project>")]
    [DataRow("<!DOCTYPE Project [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><Project><PropertyGroup><RestoreTool>&b;</RestoreTool></PropertyGroup></Project>")]
    [DataRow("<Project>&undefined;</Project>")]
    [DataRow("\0\0\0")]
    public void What_is_no_plain_project_is_refused(string text) => Refused(text);

    [TestMethod]
    public void A_file_over_the_limit_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a");
        using (var file = File.OpenWrite(path))
        {
            file.SetLength((16 * 1024 * 1024) + 1);
        }

        Assert.ThrowsExactly<IOException>(() => GeneratedImports.Read(path, []));
    }

    [TestMethod]
    public void Deep_nesting_is_refused() => Refused(string.Concat(Enumerable.Repeat("<Project>", 100_000)));

    private static string With(string element, string group = "ImportGroup") =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Project>" + (group.Length > 0 ? $"<{group}>{element}</{group}>" : element) + "</Project>";

    private static GeneratedImports Read(string text)
    {
        using var folder = new TemporaryFolder();
        return GeneratedImports.Read(folder.File("a", text.Replace("@PACKAGES@", Packages, StringComparison.Ordinal)), [Packages + "/"]);
    }

    private static void Refused(string text) => Assert.ThrowsExactly<InvalidDataException>(() => Read(text), text.Length < 1000 ? text : "long");
}
