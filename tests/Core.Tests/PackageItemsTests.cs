using Hardening.Formats;

namespace Hardening.Tests;

[TestClass]
public sealed class PackageItemsTests
{
    [TestMethod]
    [DataRow("""<PackageReference Include="A" Version="1" />""", "A 1")]
    [DataRow("""<PackageVersion Include="A"><Version>1</Version></PackageVersion>""", "A 1")]
    [DataRow("""<GlobalPackageReference Include="A" />""", "A ")]
    [DataRow("""<PACKAGEDOWNLOAD Include="A" VERSION="[1];[2]" />""", "A [1];[2]")]
    [DataRow("""<PackageReference Include="A" Version="1" VersionOverride="2" />""", "A 2")]
    [DataRow("""<PackageReference Include="A" VersionOverride="2"><Version>1</Version></PackageReference>""", "A 2")]
    [DataRow("""<PackageReference Include="A"><Other><Version>1</Version></Other></PackageReference>""", "A ")]
    [DataRow("""<PackageReference Include="A"><Version><![CDATA[1]]></Version></PackageReference><PackageReference Include="B" />""", "A 1|B ")]
    [DataRow("""<PackageReference Include="AB;B;A" Version="1" />""", "AB 1|B 1|A 1")]
    [DataRow("""<PackageReference Include=" ; A ;; " Version=" 1 " />""", "A 1")]
    [DataRow("""<PackageReference Include="$(A);@(B);%(C);D*;E?;F" />""", "F ")]
    [DataRow("""<PackageReference Update="A" Version="1" /><PackageReference Remove="B" />""", "")]
    [DataRow("""<ProjectReference Include="A" /><PackageReferences Include="B" />""", "")]
    public void Each_id_that_is_written_out_is_told_with_its_version(string items, string expected)
    {
        var text = new SourceText("/r/a.csproj", $"<Project>\r\n<ItemGroup>{items}</ItemGroup></Project>");
        var found = PackageItems.Read(text);

        Assert.AreEqual(expected, string.Join('|', found.Select(r => $"{r.Name} {r.Version}")));
        Assert.IsTrue(found.All(r => r.Raw == r.Name && text.Text[r.Span.Start..r.Span.End] == r.Raw && r.Span.Line == 2));
        CollectionAssert.AreEqual(found.Select(r => r.Span.Start).Distinct().Order().ToList(), found.Select(r => r.Span.Start).ToList());
    }

    [TestMethod]
    public void An_id_that_is_written_with_entities_has_the_place_of_the_list()
    {
        var text = new SourceText("/r/a.csproj", "<Project><ItemGroup><PackageReference Include=\"&#65;;A\" /></ItemGroup></Project>");
        var found = PackageItems.Read(text);

        CollectionAssert.AreEqual(new[] { "A", "A" }, found.Select(r => r.Name).ToArray());
        Assert.IsTrue(found.All(r => text.Text[r.Span.Start..r.Span.End] == r.Raw));
    }

    [TestMethod]
    [DataRow("<Project><Choose><When Condition='x'><ItemGroup>{0}</ItemGroup></When><Otherwise><ItemGroup>{0}</ItemGroup></Otherwise></Choose></Project>", 2)]
    [DataRow("<Project xmlns='http://schemas.microsoft.com/developer/msbuild/2003'><Target Name='x'><ItemGroup>{0}</ItemGroup></Target></Project>", 1)]
    [DataRow("<Project><PropertyGroup><X><ItemGroup>{0}</ItemGroup></X></PropertyGroup><ProjectExtensions><ItemGroup>{0}</ItemGroup></ProjectExtensions></Project>", 0)]
    [DataRow("<Project>{0}<ItemDefinitionGroup>{0}</ItemDefinitionGroup><!-- <ItemGroup>{0}</ItemGroup> --></Project>", 0)]
    public void Only_items_count(string project, int expected) =>
        Assert.HasCount(expected, PackageItems.Read(new SourceText("/r/a.csproj", project.Replace("{0}", "<PackageReference Include='A' />", StringComparison.Ordinal))));

    [TestMethod]
    public void What_is_too_deep_is_no_item()
    {
        var deep = string.Concat(Enumerable.Repeat("<When>", 100_000)) + "<ItemGroup><PackageReference Include='A' /></ItemGroup>" + string.Concat(Enumerable.Repeat("</When>", 100_000));

        Assert.IsEmpty(PackageItems.Read(new SourceText("/r/a.csproj", $"<Project>{deep}</Project>")));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("<Project><ItemGroup><PackageReference Include='A'>")]
    [DataRow("<Project><ItemGroup><PackageReference Include='A' /></Project>")]
    public void What_is_no_xml_is_refused(string text) =>
        Assert.ThrowsExactly<InvalidDataException>(() => PackageItems.Read(new SourceText("/r/a.csproj", text)));
}
