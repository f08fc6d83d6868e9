using System.Globalization;
using CsCheck;
using Hardening.Reporting;

namespace Hardening.Tests;

[TestClass]
public sealed class SinkTextTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("Newtonsoft.Json 13.0.3: build/net10.0/a.targets was changed.")]
    [DataRow("C:\\a\\b.csproj # 1 : 2")]
    [DataRow("prêt-à-porter, 漢字, Ωμέγα")]
    public void Plain_text_stays_the_same_object(string text) => Assert.AreSame(text, SinkText.ForLog(text));

    [TestMethod]
    // what ends a line
    [DataRow("a\nb", "a\\u000Ab")]
    [DataRow("a\r\nb", "a\\u000D\\u000Ab")]
    [DataRow("a\u0085b", "a\\u0085b")]
    [DataRow("a\u2028b\u2029", "a\\u2028b\\u2029")]
    [DataRow("a\vb\f", "a\\u000Bb\\u000C")]
    // what moves the cursor or colours
    [DataRow("\u001b[31mred\u001b[0m", "\\u001B[31mred\\u001B[0m")]
    [DataRow("\u001b]8;;https://a\u0007", "\\u001B]8;;https://a\\u0007")]
    [DataRow("\u009b31m", "\\u009B31m")]
    [DataRow("a\bb\0\u007f\t", "a\\u0008b\\u0000\\u007F\\u0009")]
    // what turns text around or hides it
    [DataRow("a\u202eb\u2066c\u200f\u061c", "a\\u202Eb\\u2066c\\u200F\\u061C")]
    [DataRow("a\u200bb\u200c\u200d\u2060\ufeff\u00ad", "a\\u200Bb\\u200C\\u200D\\u2060\\uFEFF\\u00AD")]
    [DataRow("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180e\u2800\u3164\ufe0f\uffa0", "\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B\\u180E\\u2800\\u3164\\uFE0F\\uFFA0")]
    // what is no character
    [DataRow("\ue000\uffff\ufdd0", "\\uE000\\uFFFF\\uFDD0")]
    [DataRow("\U0001F600\U000E0041", "\\uD83D\\uDE00\\uDB40\\uDC41")]
    public void What_is_not_shown_as_itself_is_written_out(string text, string expected) => Assert.AreEqual(expected, SinkText.ForLog(text));

    [TestMethod]
    public void Halves_of_surrogate_pairs_are_written_out()
        => Assert.AreEqual("a\\uD800b\\uDC00\\uD800", SinkText.ForLog("a\uD800b\uDC00\uD800"));

    [TestMethod]
    [DataRow("##vso[task.setvariable variable=a]b", "#\\u0023vso[task.setvariable variable=a]b")]
    [DataRow("##[error]a", "#\\u0023[error]a")]
    [DataRow("##teamcity[a]", "#\\u0023teamcity[a]")]
    [DataRow("a ##vso[b] ##vso[c]", "a #\\u0023vso[b] #\\u0023vso[c]")]
    [DataRow("::error file=a::b", ":\\u003Aerror file=a:\\u003Ab")]
    [DataRow("::add-mask::a", ":\\u003Aadd-mask:\\u003Aa")]
    [DataRow("####", "#\\u0023\\u0023\\u0023")]
    [DataRow(":::", ":\\u003A\\u003A")]
    [DataRow("#:#:", "#:#:")]
    public void Commands_of_ci_hosts_are_broken_up(string text, string expected) => Assert.AreEqual(expected, SinkText.ForLog(text));

    [TestMethod]
    public void Text_over_500_characters_is_cut()
    {
        var text = new string('a', 500);
        Assert.AreSame(text, SinkText.ForLog(text));
        Assert.AreEqual(text + "…", SinkText.ForLog(text + "b"));
        Assert.AreEqual(text[1..] + "\\u000A…", SinkText.ForLog(text[1..] + "\nb"));
        Assert.AreEqual(text[1..] + "\\uD83D…", SinkText.ForLog(text[1..] + "\U0001F600"));
        Assert.AreEqual(3_001, SinkText.ForLog(new string('\0', 1_000_000)).Length);
    }

    [TestMethod]
    public void No_character_gets_through_that_a_log_could_obey()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var shown = SinkText.ForLog("a" + (char)c);
            var harmless = !char.IsControl((char)c) && !char.IsSurrogate((char)c) && CharUnicodeInfo.GetUnicodeCategory((char)c)
                is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            Assert.IsTrue(shown == $"a\\u{c:X4}" || (harmless && shown == "a" + (char)c), $"U+{c:X4}");
        }
    }

    [TestMethod]
    public void Whatever_the_text_no_command_or_line_end_is_left()
        => Gen.String[Gen.OneOf(Gen.Char["#:[\n\r\u001b\u202e\ud800\udc00 a"], Gen.Char), 0, 600].Sample(text =>
        {
            var shown = SinkText.ForLog(text);
            return !shown.Contains("##", StringComparison.Ordinal) && !shown.Contains("::", StringComparison.Ordinal)
                && !shown.Any(c => char.IsControl(c) || char.IsSurrogate(c)) && shown.Length <= 3_001 && SinkText.ForLog(shown).Length <= 501;
        });

    [TestMethod]
    public void Null_is_refused() => Assert.ThrowsExactly<ArgumentNullException>(() => SinkText.ForLog(null!));
}
