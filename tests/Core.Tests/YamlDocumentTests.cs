using System.Text;
using Hardening.Formats.Yaml;

namespace Hardening.Tests;

[TestClass]
public sealed class YamlDocumentTests
{
    private static readonly YamlLimits Limits = new(Bytes: 1000, Depth: 4, Nodes: 20);

    [TestMethod]
    public void Every_value_has_its_place()
    {
        var root = (YamlMapping)Read("# first\na: \"x\\ty\"\nb:\n  - c\n  - { d: e }\n  - |\n    f\n").Root!;

        Assert.AreEqual((2, 1), (root.Line, root.Column));
        Assert.AreEqual(new YamlEntry(new YamlScalar("a", YamlStyle.Plain, 8, 9, 2, 1), new YamlScalar("x\ty", YamlStyle.DoubleQuoted, 11, 17, 2, 4)), root.Entries[0]);
        Assert.AreEqual(new YamlScalar("b", YamlStyle.Plain, 18, 19, 3, 1), root.Entries[1].Key);
        var list = (YamlSequence)root.Entries[1].Value;
        Assert.AreEqual((4, 3), (list.Line, list.Column));
        Assert.AreEqual(new YamlScalar("c", YamlStyle.Plain, 25, 26, 4, 5), list.Items[0]);
        Assert.AreEqual(new YamlEntry(new YamlScalar("d", YamlStyle.Plain, 33, 34, 5, 7) { IsInFlow = true }, new YamlScalar("e", YamlStyle.Plain, 36, 37, 5, 10) { IsInFlow = true }), ((YamlMapping)list.Items[1]).Entries.Single());
        Assert.AreEqual(new YamlScalar("f\n", YamlStyle.Block, 44, 52, 6, 5), list.Items[2]);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("# nothing")]
    [DataRow("---")]
    public void A_text_without_a_value_has_no_root(string text)
    {
        var document = Read(text);

        Assert.IsNull(document.Root);
        Assert.IsEmpty(document.Problems);
    }

    [TestMethod]
    public void An_alias_leaves_a_place_and_one_problem()
    {
        var document = Read("a: &x 1\nb: *x");

        Assert.AreEqual(new YamlRefused(2, 4), ((YamlMapping)document.Root!).Entries[1].Value);
        CollectionAssert.AreEqual(new[] { (1, 4), (2, 4) }, document.Problems.Select(p => (p.Line, p.Column)).ToArray());
    }

    [TestMethod]
    public void A_second_key_of_a_name_is_a_problem_and_left_out()
    {
        var document = Read("a: 1\n'a': 2");

        Assert.AreEqual(new YamlScalar("1", YamlStyle.Plain, 3, 4, 1, 4), ((YamlMapping)document.Root!).Entries.Single().Value);
        Assert.AreEqual((2, 1), (document.Problems.Single().Line, document.Problems[0].Column));
    }

    [TestMethod]
    [DataRow("[[[[1]]]]", "[[[[[1]]]]]")]
    [DataRow("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]")]
    public void A_limit_is_the_last_that_is_read(string within, string beyond)
    {
        Assert.IsEmpty(Read(within).Problems);
        Assert.IsNull(Read(beyond).Root);
        Assert.HasCount(1, Read(beyond).Problems);
    }

    [TestMethod]
    public void A_text_of_the_largest_size_is_read()
    {
        Assert.IsEmpty(Read(new string('a', 1000)).Problems);
        Assert.HasCount(1, Read(new string('a', 1001)).Problems);
    }

    private static YamlDocument Read(string text) => YamlDocument.Read(Encoding.UTF8.GetBytes(text), Limits);
}
