using CsCheck;
using Hardening.Formats;

namespace Hardening.Tests;

[TestClass]
public sealed class JsonTextTests
{
    [TestMethod]
    [DataRow("""{ "a": { "b": "1" }, "c": 2 }""", "a.b=1 c=2")]
    [DataRow("""{ /* x */ "a": 1, // y""" + "\n}", "a=1")]
    [DataRow("""{ "a": [1, [2, { "b": 3 }, 4], 5,], "c": true, }""", "a= a=1 a= a=2 a.b=3 a=4 a=5 c=true")]
    [DataRow("""{ "a": 1, "a": 2 }""", "a=1 a=2")]
    [DataRow("""{ "a": {}, "b": [], "c": null }""", "b= c=null")]
    [DataRow("""{ "\u0061": "\u0062\n" }""", "a=b\n")]
    [DataRow("""{ "a": { "a": { "a": 1 }, "b": 2 }, "b": 3 }""", "a.a.a=1 a.b=2 b=3")]
    [DataRow("""{ "": { "": 1 } }""", ".=1")]
    [DataRow("""{ "a": 1e5, "b": -0.10 }""", "a=1e5 b=-0.10")]
    [DataRow("""[1, {"a": 2}]""", "=1 a=2")]
    [DataRow("\"a\"", "=a")]
    public void Every_value_is_told_with_its_names(string json, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', JsonText.Leaves(json).Select(l => $"{string.Join('.', l.Path)}={l.Value}")));

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("{} {}")]
    [DataRow("{'a': 1}")]
    [DataRow("{a: 1}")]
    [DataRow("{ \"a\": 01 }")]
    [DataRow("{ \"a\": \"\n\" }")]
    [DataRow("""{ "\uD800": 1 }""")]
    [DataRow("""{ "a": "\uDC00" }""")]
    [DataRow("/* {}")]
    [DataRow("\uFEFF{}")]
    public void What_is_no_json_is_refused(string json) => Assert.ThrowsExactly<InvalidDataException>(() => JsonText.Leaves(json));

    [TestMethod]
    public void What_is_nested_too_deeply_is_refused()
    {
        Assert.HasCount(1, JsonText.Leaves(Nested(64)));
        Assert.ThrowsExactly<InvalidDataException>(() => JsonText.Leaves(Nested(65)));
        Assert.ThrowsExactly<InvalidDataException>(() => JsonText.Leaves(new string('[', 1_000_000)));

        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    [TestMethod]
    public void A_value_says_where_its_name_stands()
    {
        const string Json = "{ \"\u00E9\U0001F600\": 1, /* \u4E2D\U0001F600 */\r\n \"x\": [ { \"yy\": 2 }, 3 ], \"\\u0061b\": { \"z\": 4, \"\uD83D\": 5 } }";
        var names = JsonText.Leaves(Json).Select(l => $"{Json[l.NameStart..l.NameEnd]}={l.Value}");

        CollectionAssert.AreEqual(new[] { "\u00E9\U0001F600=1", "x=", "yy=2", "x=3", "z=4", "\uD83D=5" }, names.ToArray());
    }

    [TestMethod]
    public void A_value_says_where_it_and_the_name_of_the_object_around_stand()
    {
        const string Json = "{ \"\u00E9\U0001F600\": { \"a\": \"\U0001F600 x\" , \"b\":-1.5 }, /* \u4E2D */ \"c\": [ \"d\\u0061\", true ], \"e\": [] }";
        var values = JsonText.Leaves(Json).Select(l => $"{Json[l.Parent.Start..l.Parent.End]}.{Json[l.NameStart..l.NameEnd]}={Json[l.At.Start..l.At.End]}");

        CollectionAssert.AreEqual(new[] { "\u00E9\U0001F600.a=\U0001F600 x", "\u00E9\U0001F600.b=-1.5", ".c=[", ".c=d\\u0061", ".c=true", ".e=[" }, values.ToArray());
    }

    [TestMethod]
    public void Of_any_text_only_one_exception_comes_and_every_name_is_in_it()
    {
        string[] tokens = ["{", "}", "[", "]", ":", ",", "\"a\"", "\"\\u0062\"", "\"\u00E9\U0001F600\"", "1", "true", "null", "//x\n", "/**/", " ", "\r\n", "\uD800", "\"", "\\", "\0", "-", "\u2028"];
        Gen.OneOfConst(tokens).Array[0, 14].Select(string.Concat).Sample(json =>
        {
            try
            {
                foreach (var leaf in JsonText.Leaves(json).Where(l => l.Path.Count > 0 && !json[l.NameStart..l.NameEnd].Contains('\\', StringComparison.Ordinal)))
                {
                    Assert.AreEqual(leaf.Path[^1], json[leaf.NameStart..leaf.NameEnd].Replace('\uD800', '\uFFFD'));
                }
            }
            catch (InvalidDataException e)
            {
                Assert.IsNotEmpty(e.Message);
            }
        }, iter: 20_000);
    }
}
