using System.Diagnostics;
using System.Text;
using CsCheck;
using Hardening.Formats;

namespace Hardening.Tests;

[TestClass]
public sealed class ProjectTextTests
{
    [TestMethod]
    [DataRow("<Project Sdk=\"A\" />", "A@ 1:15")]
    [DataRow("<Project Sdk='A/1.0' />", "A@1.0 1:15")]
    [DataRow("<Project Sdk = \"A/min=1.0\"/>", "A@1.0 1:17")]
    [DataRow("<Project Sdk=\" A / 1.0 ; B;;C/2 \" />", "A@1.0 1:16|B@ 1:26|C@2 1:29")]
    [DataRow("<Project Sdk=\"AB;B\" />", "AB@ 1:15|B@ 1:18")]
    [DataRow("<Project\r\n  xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\"\r\n\tSdk\r\n=\r\n'A'></Project>", "A@ 5:2")]
    [DataRow("\r\r\n<Project Sdk='A\r\n;B'/>", "A@ 3:15|B@ 4:2")]
    [DataRow("<Project><Sdk Name=\"A\" Version=\"1\" /></Project>", "A@1 1:21")]
    [DataRow("<Project><Sdk Version='&gt;\"' Name='A'/></Project>", "A@>\" 1:37")]
    [DataRow("<Project><Sdk Name='A' MinimumVersion='1'/></Project>", "A@1 1:21")]
    [DataRow("<Project><Import Sdk=\"A\" Project=\"Sdk.props\" Version='2'/></Project>", "A@2 1:23")]
    [DataRow("<Project><ImportGroup><Import Sdk=\"A\" Project=\"x\"/></ImportGroup></Project>", "A@ 1:36")]
    [DataRow("<Project xmlns=\"x\"><Sdk Name=\"A\"/></Project>", "A@ 1:31")]
    [DataRow("<?xml version=\"1.0\"?><!-- <Sdk Name=\"B\"/> --><Project><!-- <Sdk Name=\"B\"/> --><Sdk Name=\"A\"/></Project>", "A@ 1:90")]
    [DataRow("<Project><X><![CDATA[<Sdk Name=\"B\"/>]]></X><PropertyGroup><Sdk Name=\"B\"/></PropertyGroup></Project>", "")]
    [DataRow("<Project><Target Name='T'><Import Sdk='A' Project='x'/></Target></Project>", "")]
    [DataRow("<!DOCTYPE Project [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><Project Sdk='A'/>", "A@ 1:75")]
    public void Sdks_are_told_with_their_exact_place(string text, string expected)
    {
        var project = Parse(text);

        Assert.AreEqual(expected, string.Join('|', project.Sdks.Select(s => $"{s.Reference.Name}@{s.Reference.Version} {s.Reference.Span.Line}:{s.Reference.Span.Column}")));
        foreach (var reference in project.Sdks.Select(s => s.Reference))
        {
            Assert.AreEqual(reference.Name, text[reference.Span.Start..reference.Span.End]);
        }
    }

    [TestMethod]
    public void A_name_with_entities_has_the_whole_value_as_its_place()
    {
        var sdk = Parse("<Project Sdk='&#77;y.Sdk/1;Other' />").Sdks;

        Assert.AreEqual(("My.Sdk", "&#77;y.Sdk/1;Other"), (sdk[0].Reference.Name, sdk[0].Reference.Raw));
        Assert.AreEqual(("Other", "Other"), (sdk[1].Reference.Name, sdk[1].Reference.Raw));
    }

    [TestMethod]
    [DataRow("<Import Project='x' Sdk='A' Condition='c' />", "c")]
    [DataRow("<ImportGroup Condition='g'><Import Project='x' Sdk='A' Condition='c' /></ImportGroup>", "(g) and (c)")]
    [DataRow("<ImportGroup Condition='g'><Import Project='x' Sdk='A' /></ImportGroup>", "g")]
    [DataRow("<Choose><When Condition='w'><ImportGroup><Import Project='x' Sdk='A' /></ImportGroup></When></Choose>", "w")]
    [DataRow("<Choose><Otherwise><ImportGroup><Import Project='x' Sdk='A' /></ImportGroup></Otherwise></Choose>", "otherwise")]
    [DataRow("<ImportGroup Condition=''><Import Project='x' Sdk='A' Condition='' /></ImportGroup>", "")]
    public void An_import_has_the_conditions_around_it(string text, string condition)
    {
        var project = Parse($"<Project>{text}</Project>");

        Assert.AreEqual(condition, project.Imports.Single().Condition);
        Assert.AreEqual((condition, "x", false), (project.Sdks.Single().Condition, project.Sdks[0].File, project.Sdks[0].IsCertain));
    }

    [TestMethod]
    [DataRow("<Project Sdk='A'/>", true)]
    [DataRow("<Project><Sdk Name='A'/></Project>", true)]
    [DataRow("<Project><Import Sdk='A' Project='Sdk.props'/></Project>", true)]
    [DataRow("<Project><Import Sdk='A' Project='Sdk.targets'/></Project>", false)]
    [DataRow("<Project><Import Sdk='A' Project='../x/Sdk.props'/></Project>", false)]
    [DataRow("<Project><Import Sdk='A' Project='Sdk.props' Condition='true'/></Project>", false)]
    [DataRow("<Project><Import Sdk='A'/></Project>", true)]
    public void Whether_an_sdk_is_certain_is_told(string text, bool expected) => Assert.AreEqual(expected, Parse(text).Sdks.Single().IsCertain);

    // As MSBuild 18 reads them.
    [TestMethod]
    [DataRow("<P>a</P>", "P=a")]
    [DataRow("<P> a&amp;b\r\n</P>", "P=a&b")]
    [DataRow("<P/><Q></Q><R> </R>", "P=|Q=|R=")]
    [DataRow("<P Condition=\"'>' == '&quot;'\">a</P>", "P=a")]
    [DataRow("<P>a<!-- c -->b</P>", "P=ab")]
    [DataRow("<P><![CDATA[<a>]]></P>", "P=<a>")]
    [DataRow("<P>a<![CDATA[b]]></P>", "P=a<![CDATA[b]]>")]
    [DataRow("<P><a/></P>", "P=<a/>")]
    [DataRow("<P><a x='1'>b</a></P>", "P=<a x='1'>b</a>")]
    [DataRow("<P><P>b</P></P>", "P=<P>b</P>")]
    [DataRow("<Target>x</Target>", "Target=x")]
    public void Properties_are_told(string properties, string expected)
    {
        var text = $"<Project>\r\n<PropertyGroup>{properties}</PropertyGroup>\r\n<Target Name='T'><PropertyGroup><In>x</In></PropertyGroup></Target></Project>";
        var project = Parse(text);

        Assert.AreEqual(expected, string.Join('|', project.Properties.Select(p => $"{p.Name}={p.Value.Value}")));
        foreach (var property in project.Properties)
        {
            var raw = text[property.Value.Span.Start..property.Value.Span.End];
            Assert.IsTrue(raw == property.Value.Value || raw is "a&amp;b" or "<![CDATA[<a>]]>" or "a<!-- c -->b" || property.Value.Value.Length == 0, raw);
        }
    }

    [TestMethod]
    [DataRow("<PackageReference Include='A' Version='1'/>", true)]
    [DataRow("<PackageReference Include='A' PrivateAssets='all'/>", true)]
    [DataRow("<PackageReference Include='A'><PrivateAssets>all</PrivateAssets></PackageReference>", true)]
    [DataRow("<PackageReference Include='A'/><PackageReference Update='B' Version='2'/>", true)]
    [DataRow("<PackageReference Include='A' Condition='false'/>", false)]
    [DataRow("<PackageReference Include='A' ExcludeAssets='all'/>", false)]
    [DataRow("<PackageReference Include='A' IncludeAssets='none'/>", false)]
    [DataRow("<PackageReference Include='A'><ExcludeAssets>all</ExcludeAssets></PackageReference>", false)]
    [DataRow("<PackageReference Update='A' Version='1'/>", false)]
    [DataRow("<PackageReference Include='A'/><PackageReference Remove=' a '/>", false)]
    [DataRow("<PackageReference Include='A'/><PackageReference Remove='@(PackageReference)'/>", false)]
    [DataRow("<PackageReference Include='A'/><PackageReference Update='*' ExcludeAssets='all'/>", false)]
    [DataRow("<PackageReference Include='A' Exclude='A'/>", false)]
    [DataRow("<PackageReference Include='A' excludeassets='all'/>", false)]
    [DataRow("<PackageReference Include='A'><excludeAssets>all</excludeAssets></PackageReference>", false)]
    [DataRow("<PackageReference Include='A'/><packagereference Remove='B;a'/>", false)]
    [DataRow("<PackageReference Include='A'/><PackageReference Remove='B;C'/>", true)]
    [DataRow("<PackageReference Include='A'/></ItemGroup><ItemDefinitionGroup><PackageReference><ExcludeAssets>all</ExcludeAssets></PackageReference></ItemDefinitionGroup><ItemGroup>", false)]
    [DataRow("<PackageReference Include='A'/></ItemGroup><ItemDefinitionGroup><PackageReference PrivateAssets='all' IncludeAssets='none'/></ItemDefinitionGroup><ItemGroup>", false)]
    [DataRow("<PackageReference Include='A'/></ItemGroup><ItemDefinitionGroup><PackageReference PrivateAssets='all'/></ItemDefinitionGroup><ItemGroup>", true)]
    public void Whether_a_package_is_referenced_as_a_whole_is_told(string items, bool expected) =>
        Assert.AreEqual(expected, Parse($"<Project><ItemGroup>{items}</ItemGroup></Project>").Packages.First(p => p.Reference.Name == "A").IsWhole);

    // MSBuild passes over all of these.
    [TestMethod]
    [DataRow("<ProjectExtensions>{0}</ProjectExtensions>")]
    [DataRow("<ProjectExtensions><ImportGroup>{0}</ImportGroup></ProjectExtensions>")]
    [DataRow("<PropertyGroup><Text>{0}</Text></PropertyGroup>")]
    [DataRow("<PropertyGroup><Text><ImportGroup>{0}</ImportGroup></Text></PropertyGroup>")]
    [DataRow("<ItemGroup><Item Include='x'><Text>{0}</Text></Item></ItemGroup>")]
    [DataRow("<Target Name='x'>{0}</Target>")]
    [DataRow("<UsingTask TaskName='x' TaskFactory='y' AssemblyName='z'><Task>{0}</Task></UsingTask>")]
    public void What_is_only_a_text_is_no_import_and_no_reference(string around)
    {
        const string Inside = "<Import Sdk='A' Project='Sdk.props'/><Import Project='a.props'/><ItemGroup><PackageReference Include='A'/></ItemGroup><PropertyGroup><P>p</P></PropertyGroup>";
        var project = Parse($"<Project>{string.Format(System.Globalization.CultureInfo.InvariantCulture, around, Inside)}</Project>");

        Assert.IsEmpty(project.Sdks);
        Assert.IsEmpty(project.Imports);
        Assert.IsEmpty(project.Packages);
        Assert.DoesNotContain("P", project.Properties.Select(p => p.Name).ToList());
    }

    [TestMethod]
    public void Changes_of_packages_cost_little()
    {
        var watch = Stopwatch.StartNew();
        var project = Parse($"<Project><ItemGroup>{string.Concat(Enumerable.Repeat("<PackageReference Update='A'><ExcludeAssets>all</ExcludeAssets></PackageReference>", 200_000))}</ItemGroup></Project>");

        Assert.HasCount(200_000, project.Packages);
        Assert.IsTrue(project.ChangesPackage("a"));
        Assert.IsFalse(project.ChangesPackage("b"));
        Assert.IsLessThan(30, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("<Project>")]
    [DataRow("<Project/><Project/>")]
    [DataRow("<Project Sdk='A' Sdk='B'/>")]
    [DataRow("<Project>&a;</Project>")]
    [DataRow("<!DOCTYPE Project [<!ENTITY a 'x'>]><Project>&a;</Project>")]
    [DataRow("<?xml version='1.1'?><Project/>")]
    [DataRow("<Project>\0</Project>")]
    [DataRow("<a:Project/>")]
    public void What_MSBuild_cannot_read_is_refused(string text) => Assert.IsNotEmpty(Assert.ThrowsExactly<InvalidDataException>(() => Parse(text)).Message);

    [TestMethod]
    public void Entities_do_not_multiply()
    {
        var bomb = new StringBuilder("<!DOCTYPE Project [<!ENTITY e0 'x'>");
        for (var i = 1; i < 40; i++)
        {
            bomb.Append("<!ENTITY e").Append(i).Append(" '").Append('&').Append('e').Append(i - 1).Append(";&e").Append(i - 1).Append(";'>");
        }

        Assert.ThrowsExactly<InvalidDataException>(() => Parse(bomb.Append("]><Project><PropertyGroup><P>&e39;</P></PropertyGroup></Project>").ToString()));
    }

    // MSBuild evaluates all of these (found with 18.x), so none may hide what stands beside it.
    [TestMethod]
    [DataRow("<!-- \u00FF -->", "iso-8859-1")]
    [DataRow("<?xml version='1.0' encoding='windows-1252'?><!-- \u00E9 -->", "iso-8859-1")]
    [DataRow("", "utf-32")]
    [DataRow("", "utf-32BE")]
    [DataRow("", "utf-16")]
    [DataRow("", "utf-16BE")]
    public void An_encoding_hides_nothing(string before, string encoding)
    {
        using var folder = new TemporaryFolder();
        var coding = Encoding.GetEncoding(encoding);
        var text = (coding.GetPreamble().Length > 0 ? "\uFEFF" : "") + before + "<Project><Sdk Name='A'/></Project>";

        Assert.AreEqual("A", ProjectText.Read(folder.File("a.props", coding.GetBytes(text))).Sdks.Single().Reference.Name);
    }

    [TestMethod]
    [DataRow("<X>&#1;</X>")]
    [DataRow("<X>&#xFFFF;</X>")]
    public void A_character_hides_nothing(string text) => Assert.HasCount(1, Parse($"<Project><PropertyGroup>{text}</PropertyGroup><Sdk Name='A'/></Project>").Sdks);

    [TestMethod]
    public void Depth_hides_nothing_and_costs_little()
    {
        const int Depth = 300_000;
        var deep = string.Concat(Enumerable.Repeat("<a Condition='c'>", Depth)) + "<Sdk Name='B'/>" + string.Concat(Enumerable.Repeat("</a>", Depth));
        var watch = Stopwatch.StartNew();
        var project = Parse($"<Project><PropertyGroup><X>{deep}</X><Y>y</Y></PropertyGroup><Sdk Name='A'/></Project>");

        Assert.AreEqual("A", project.Sdks.Single().Reference.Name);
        CollectionAssert.AreEqual(new[] { "X", "Y" }, project.Properties.Select(p => p.Name).ToArray());
        Assert.IsLessThan(30, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void A_long_condition_is_not_multiplied()
    {
        var watch = Stopwatch.StartNew();
        var items = string.Concat(Enumerable.Repeat("<PackageReference Include='A' Condition='c'/>", 20_000));
        var project = Parse($"<Project><ItemGroup Condition='{new string('c', 4_000_000)}'>{items}</ItemGroup></Project>");

        Assert.IsTrue(project.Packages.All(p => !p.IsWhole));
        Assert.IsLessThan(30, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void Many_packages_that_are_changed_cost_little()
    {
        var watch = Stopwatch.StartNew();
        var project = Parse($"<Project><ItemGroup>{string.Concat(Enumerable.Range(0, 60_000).Select(i => $"<PackageReference Include='P{i}'/><PackageReference Update='P{i}'/>"))}<PackageReference Include='A'/></ItemGroup></Project>");

        Assert.AreEqual("A", project.Packages.Single(p => p.IsWhole).Reference.Name);
        Assert.IsLessThan(20, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void Of_any_text_only_one_exception_comes_and_every_reference_stands_where_it_is_said_to()
    {
        string[] tokens =
        [
            "<Project", "<Project>", "</Project>", " Sdk='A;B/1'", " Sdk=\"\r\nA\"", ">", "/>", "<Sdk Name='A'/>", "<Sdk Name=\"&#65;\" Version='1'>", "</Sdk>", "<Import Project='a>b' Sdk = 'C'/>",
            "<ImportGroup Condition='x'>", "</ImportGroup>", "<PropertyGroup>", "</PropertyGroup>", "<P>", "</P>", "<P/>", "text", "&amp;", "&#1;", "<![CDATA[x]]>", "<!-- - -->", "\r\n", "\r", "\uD83D", "\uD83D\uDE00",
            "<ItemGroup>", "</ItemGroup>", "<PackageReference Include=' D '/>", "<Target Name='T'>", "</Target>", "<?pi x?>", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "\uFEFF", "<", "'", "\"", "<x:y xmlns:x='z'>", "</x:y>",
        ];
        var any = Gen.OneOfConst(tokens).Array[0, 20].Select(string.Concat);
        Gen.OneOf(any, any.Select(t => "<Project>" + t + "</Project>"), any.Select(t => "<Project><PropertyGroup>" + t + "</PropertyGroup></Project>")).Sample(text =>
        {
            try
            {
                var project = Parse(text);
                foreach (var reference in project.Sdks.Select(s => s.Reference).Concat(project.Packages.Select(p => p.Reference)))
                {
                    Assert.AreEqual(reference.Raw, text[reference.Span.Start..reference.Span.End]);
                }

                Assert.IsTrue(project.Properties.All(p => p.Value.Span.Start <= p.Value.Span.End && p.Value.Span.End <= text.Length));
            }
            catch (InvalidDataException e)
            {
                Assert.IsNotEmpty(e.Message);
            }
        }, iter: 30_000);
    }

    private static ProjectText Parse(string text) => ProjectText.Parse(new SourceText("/r/a.csproj", text));
}
