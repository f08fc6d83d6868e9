using System.Text;
using CsCheck;
using Hardening.Formats;

namespace Hardening.Tests;

[TestClass]
public sealed class SourceTextTests
{
    [TestMethod]
    [DataRow("", 0, 1, 1)]
    [DataRow("ab", 2, 1, 3)]
    [DataRow("a\nb", 2, 2, 1)]
    [DataRow("a\r\nb", 3, 2, 1)]
    [DataRow("a\rb", 2, 2, 1)]
    [DataRow("a\n\rb", 3, 3, 1)]
    [DataRow("a\r\r\nb", 4, 3, 1)]
    [DataRow("a\r\n", 3, 2, 1)]
    [DataRow("a\u2028b\u0085c", 4, 1, 5)]
    [DataRow("\U0001F600x", 2, 1, 3)]
    public void A_place_is_told_in_lines_and_utf16_units(string text, int offset, int line, int column)
    {
        var source = new SourceText("f", text);
        var span = source.Span(offset, text.Length);

        Assert.AreEqual((line, column), (span.Line, span.Column));
        Assert.AreEqual(offset, source.Offset(line, column));
    }

    [TestMethod]
    public void Every_offset_has_one_place_and_comes_back_from_it() => Gen.Char["ab\r\n\u2028\uD83D\uDE00"].Array[0, 40].Select(c => new string(c)).Sample(text =>
    {
        var source = new SourceText("f", text);
        var lines = text.Replace("\r\n", "\n\n", StringComparison.Ordinal).Replace('\r', '\n');
        for (var i = 0; i <= text.Length; i++)
        {
            var span = source.Span(i, i);
            Assert.AreEqual(i, source.Offset(span.Line, span.Column));
            var isInside = i > 0 && i < text.Length && text[i - 1] == '\r' && text[i] == '\n';
            Assert.AreEqual(lines[..i].Count(c => c == '\n') + 1 - text[..i].Split("\r\n").Length + 1 - (isInside ? 1 : 0), span.Line, $"{i} in {Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}");
        }
    }, iter: 2_000);

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(3, 1)]
    [DataRow(1, 100)]
    public void A_place_that_is_not_there_is_the_end(int line, int column) => Assert.AreEqual(3, new SourceText("f", "a\nb").Offset(line, column));

    [TestMethod]
    [DataRow("61", "a")]
    [DataRow("EFBBBF61", "a")]
    [DataRow("EFBBBFEFBBBF61", "\uFEFFa")]
    [DataRow("FFFE6100", "a")]
    [DataRow("FEFF0061", "a")]
    [DataRow("F09F9880", "\U0001F600")]
    [DataRow("", "")]
    [DataRow("EFBBBF", "")]
    public void Bytes_are_decoded_without_the_byte_order_mark(string bytes, string text) => Assert.AreEqual(text, SourceText.Decode(Convert.FromHexString(bytes)));

    [TestMethod]
    [DataRow("FF")]
    [DataRow("61E9")]
    [DataRow("C080")]
    [DataRow("EDA080")]
    [DataRow("FFFE00D8")]
    [DataRow("FEFFDC00")]
    [DataRow("FFFE61")]
    public void Bytes_that_are_no_text_are_refused(string bytes) => Assert.ThrowsExactly<InvalidDataException>(() => SourceText.Decode(Convert.FromHexString(bytes)));

    [TestMethod]
    public void A_file_is_read_up_to_a_limit()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual("a\r\n", SourceText.Read(folder.File("a", "\uFEFFa\r\n")).Text);
        using (var stream = File.Create(folder.At("large")))
        {
            stream.SetLength(SourceText.LargestFile + 1);
        }

        Assert.ThrowsExactly<IOException>(() => SourceText.Read(folder.At("large")));
        Assert.Throws<IOException>(() => SourceText.Read(folder.At("missing")));
    }
}
