using CsCheck;
using Hardening.Ecosystems.Actions;

namespace Hardening.Tests;

/// <summary>Tags that name versions, and the comments that claim one.</summary>
[TestClass]
public sealed class VersionTagTests
{
    private static readonly Gen<string> Tags = Gen.Select(Gen.OneOfConst("", "v", "V", "x-", "x-v"), Gen.Int[0, 12].Array[1, 4], Gen.OneOfConst("", "", "-rc.1", "-beta", "+build"))
        .Select(t => t.Item1 + string.Join('.', t.Item2) + t.Item3);

    [TestMethod]
    [DataRow("v4", "v", "4", "")]
    [DataRow("V4.2", "v", "4.2", "")]
    [DataRow("4.2.2", "", "4.2.2", "")]
    [DataRow("1.2.3.4", "", "1.2.3.4", "")]
    [DataRow("v1.0.0-beta.2", "v", "1.0.0", "-beta.2")]
    [DataRow("v1+build", "v", "1", "+build")]
    [DataRow("codeql-bundle-v2.16.0", "codeql-bundle-v", "2.16.0", "")]
    [DataRow("release/1.0", "release/", "1.0", "")]
    public void A_version_is_taken_apart(string tag, string prefix, string numbers, string mark)
    {
        var version = VersionTag.Parse(tag)!;

        Assert.AreEqual((tag, prefix, numbers, mark), (version.Name, version.Prefix, string.Join('.', version.Numbers), version.Mark));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("main")]
    [DataRow("v")]
    [DataRow("v4.")]
    [DataRow("v4.x")]
    [DataRow("v4..2")]
    [DataRow("v1.2.3.4.5")]
    [DataRow("v4beta")]
    [DataRow("node20")]
    [DataRow("v99999999999")]
    public void What_is_no_version_is_none(string tag) => Assert.IsNull(VersionTag.Parse(tag));

    [TestMethod]
    [DataRow("v4.2.2", "v4", true)]
    [DataRow("v4.2.2", "v4.2", true)]
    [DataRow("v4.2.2", "4.2.2", true)]
    [DataRow("v4.2.2", "v4.2.2", true)]
    [DataRow("v4", "v4.2.2", false)]
    [DataRow("v40", "v4", false)]
    [DataRow("v4.20", "v4.2", false)]
    [DataRow("v4.2.2-rc.1", "v4", false)]
    [DataRow("v4.2.2", "v4.2.2-rc.1", false)]
    [DataRow("x-v4.2", "v4", false)]
    [DataRow("v٤.2", "v4.2", false)]
    public void One_is_what_another_says_less_exactly(string one, string other, bool expected) => Assert.AreEqual(expected, VersionTag.Parse(one)!.Is(VersionTag.Parse(other)!));

    [TestMethod]
    public void Versions_sort_as_numbers_with_releases_behind_what_comes_before_them()
    {
        var sorted = new[] { "v10", "v9.9.9", "v9.10", "v9.10.0-rc.1", "v9.10.0", "v9.9" }.Select(t => VersionTag.Parse(t)!).Order().Select(v => v.Name);

        CollectionAssert.AreEqual(new[] { "v9.9", "v9.9.9", "v9.10.0-rc.1", "v9.10", "v9.10.0", "v10" }, sorted.ToArray());
    }

    [TestMethod]
    public void The_order_is_one()
        => Gen.Select(Tags, Tags, Tags).Sample((a, b, c) =>
        {
            var (x, y, z) = (VersionTag.Parse(a)!, VersionTag.Parse(b)!, VersionTag.Parse(c)!);
            Assert.AreEqual(Math.Sign(x.CompareTo(y)), -Math.Sign(y.CompareTo(x)));
            Assert.IsTrue(x.CompareTo(y) > 0 || y.CompareTo(z) > 0 || x.CompareTo(z) <= 0);
            Assert.IsTrue(x.Is(x) && (!x.Is(y) || !y.Is(z) || x.Is(z)));
        }, threads: 1);

    [TestMethod]
    [DataRow("refs/tags/v4 refs/tags/v4.2.2 refs/heads/main", "v4.2.2")]
    [DataRow("refs/tags/v4.2.2 refs/tags/v5.0.0-rc.1", "v4.2.2")]
    [DataRow("refs/tags/v4.2 refs/tags/v4", "v4.2")]
    [DataRow("refs/tags/v5.0.0-rc.1", "v5.0.0-rc.1")]
    [DataRow("refs/tags/latest refs/heads/main", "latest")]
    [DataRow("refs/heads/main refs/heads/dev", "dev")]
    [DataRow("", null)]
    public void The_fullest_ref_is_written_beside_a_commit(string refs, string? expected) => Assert.AreEqual(expected, ActionRefs.Fullest(refs.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [TestMethod]
    [DataRow("# v4.2.2", "v4.2.2")]
    [DataRow("#v4", "v4")]
    [DataRow("## 4.2", "4.2")]
    [DataRow("# v4.2.2: needs node", "v4.2.2")]
    [DataRow("# v4.2.2, ours", "v4.2.2")]
    [DataRow("# v4.2.2.", "v4.2.2")]
    [DataRow("# tag=v4", "v4")]
    [DataRow("# pin@v4", "v4")]
    [DataRow("# Version=1.0", "1.0")]
    [DataRow("# ratchet:actions/checkout@v4", "v4")]
    [DataRow("# actions/checkout@v4", "v4")]
    [DataRow("#\u2003v4", "v4")]
    [DataRow("#\u00A0\u200B\u2060v4\u00A0x", "v4")]
    [DataRow("# main", "main")]
    [DataRow("# 20", null)]
    [DataRow("# node v4", null)]
    [DataRow("# needs v4", null)]
    [DataRow("# mail=x@v4", null)]
    [DataRow("# a=b", null)]
    [DataRow("#", null)]
    [DataRow("", null)]
    public void A_comment_claims_a_version_by_its_first_word(string comment, string? expected)
    {
        var found = VersionComment.Of(comment, word => word == "main");

        Assert.AreEqual(expected, found?.Text);
        if (found is { } version)
        {
            Assert.AreEqual(version.Text, comment.Substring(version.Start, version.Text.Length));
        }
    }

    [TestMethod]
    public void Whatever_a_tag_or_comment_holds_there_is_an_answer()
        => Gen.String.Sample(text =>
        {
            _ = VersionTag.Parse(text);
            if (VersionComment.Of(text, _ => true) is { } version)
            {
                Assert.AreEqual(version.Text, text.Substring(version.Start, version.Text.Length));
            }
        }, threads: 1);
}
