using System.Text;
using CsCheck;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class ConflictMarkersTests
{
    [TestMethod]
    [DataRow("<<<<<<< HEAD", 1)]
    [DataRow(">>>>>>> branch", 1)]
    [DataRow("a\n<<<<<<< HEAD\n", 2)]
    [DataRow("a\r\n\r\n>>>>>>> branch\r\n", 3)]
    [DataRow("\n\n\n<<<<<<< ", 4)]
    [DataRow(">>>>>>> b\n<<<<<<< a", 1)]
    [DataRow("x\n>>>>>>> b\n<<<<<<< a", 2)]
    [DataRow("x\n<<<<<<< a\n>>>>>>> b", 2)]
    [DataRow("a <<<<<<< b\n<<<<<<< c", 2)]
    public void The_first_marker_is_found_at_its_line(string text, int line) => Assert.AreEqual(line, FirstLine(text));

    [TestMethod]
    [DataRow("")]
    [DataRow("{}")]
    [DataRow("<<<<<<<")]
    [DataRow("<<<<<< HEAD")]
    [DataRow(" <<<<<<< HEAD")]
    [DataRow("a <<<<<<< HEAD >>>>>>> b")]
    [DataRow("\"<<<<<<< HEAD\"")]
    [DataRow("\"\\n<<<<<<< HEAD\"")]
    [DataRow("\"\u2028<<<<<<< HEAD\"")]
    [DataRow("\"\u0085<<<<<<< HEAD\"")]
    [DataRow("\"\r<<<<<<< HEAD\"")]
    [DataRow("<<<<<<<<< Temporary merge branch 1")]
    [DataRow("=======\n")]
    public void A_text_without_markers_has_none(string text) => Assert.AreEqual(0, FirstLine(text));

    [TestMethod]
    public void Both_sides_are_taken_apart()
    {
        var (ours, theirs) = ConflictMarkers.Split("a\n<<<<<<< HEAD\nb\nc\n=======\nd\n>>>>>>> branch\ne\n");

        Assert.AreEqual("a\nb\nc\ne\n", ours);
        Assert.AreEqual("a\nd\ne\n", theirs);
    }

    [TestMethod]
    public void The_base_of_diff3_style_is_dropped()
    {
        var (ours, theirs) = ConflictMarkers.Split("<<<<<<< HEAD\nb\n||||||| base\nold\n<<<<<<<<< Temporary merge branch 1\n=========\n>>>>>>>>> Temporary merge branch 2\n=======\nd\n>>>>>>> branch\n");

        Assert.AreEqual("b\n", ours);
        Assert.AreEqual("d\n", theirs);
    }

    [TestMethod]
    public void Several_conflicts_and_empty_sides_are_taken_apart()
    {
        var (ours, theirs) = ConflictMarkers.Split("<<<<<<< a\n=======\nx\n>>>>>>> b\n-\n<<<<<<< a\ny\n=======\n>>>>>>> b");

        Assert.AreEqual("-\ny\n", ours);
        Assert.AreEqual("x\n-\n", theirs);
    }

    [TestMethod]
    public void Carriage_returns_stay()
    {
        var (ours, theirs) = ConflictMarkers.Split("a\r\n<<<<<<< HEAD\r\nb\r\n=======\r\nd\r\n>>>>>>> branch\r\ne");

        Assert.AreEqual("a\r\nb\r\ne", ours);
        Assert.AreEqual("a\r\nd\r\ne", theirs);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("a")]
    [DataRow("a\n")]
    [DataRow("\n\n")]
    [DataRow("a\r\nb\rc\u2028<<<<<<< d\u0085>>>>>>> e\f")]
    [DataRow("=======\n||||||| base\n>>>>>>> branch\n")]
    public void Without_an_opening_marker_both_sides_are_the_text(string text) => Assert.AreEqual((text, text), ConflictMarkers.Split(text));

    [TestMethod]
    public void A_conflict_of_two_lockfiles_gives_two_lockfiles()
        => Gen.Select(LockfileSamples.Any, LockfileSamples.Any).Sample(
            (mine, other) =>
            {
                var (ours, theirs) = (Encoding.UTF8.GetString(LockfileWriter.Write(mine)), Encoding.UTF8.GetString(LockfileWriter.Write(other)));
                return ConflictMarkers.Split($"<<<<<<< HEAD\n{ours}||||||| base\n{{}}\n=======\n{theirs}>>>>>>> branch\n") == (ours, theirs);
            },
            iter: 200);

    private static int FirstLine(string text) => ConflictMarkers.FirstLine(Encoding.UTF8.GetBytes(text));
}
