using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Verification;

namespace Hardening.Tests;

[TestClass]
public sealed class CondensedFindingsTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(10)]
    public void Up_to_ten_warnings_are_listed_as_they_are(int count)
    {
        var findings = Unpinned(count).ToList();

        Assert.AreSame(findings, CondensedFindings.Of(findings));
    }

    [TestMethod]
    public void Of_more_the_first_ten_in_the_order_of_the_files_are_listed_and_the_rest_is_counted()
    {
        var findings = Unpinned(12).Reverse().ToList();
        var condensed = CondensedFindings.Of(findings);

        CollectionAssert.AreEqual(Unpinned(10).Reverse().ToList(), condensed.Take(10).ToList());
        Assert.AreEqual(new SourcePlace("/r/a.yml", 11, 3), condensed[10].Place);
        Assert.AreEqual((FindingCodes.ActionNotPinned, Severity.Warning, Commands.Pin), (condensed[10].Code, condensed[10].Severity, condensed[10].Command));
        Assert.AreEqual("From here on 2 places name an action by a tag or branch, beside the 10 places that are listed.", condensed[10].Message);
        Assert.HasCount(11, condensed);
    }

    [TestMethod]
    public void Actions_and_images_are_counted_together()
    {
        List<Finding> findings = [.. Unpinned(11), .. Unpinned(1, FindingCodes.ImageNotPinned, "/r/b.yml"), .. Unpinned(1, FindingCodes.ImageLatest, "/r/c.yml")];

        Assert.AreEqual("From here on 1 place names an action and 2 places name an image by a tag or branch, beside the 10 places that are listed.", CondensedFindings.Of(findings)[^1].Message);
    }

    [TestMethod]
    public void Where_only_images_are_left_the_code_is_theirs()
    {
        var last = CondensedFindings.Of([.. Unpinned(10), .. Unpinned(1, FindingCodes.ImageLatest, "/r/b.yml")])[^1];

        Assert.AreEqual((FindingCodes.ImageNotPinned, Commands.Pin), (last.Code, last.Command));
        Assert.StartsWith("From here on 1 place names an image", last.Message);
    }

    [TestMethod]
    public void Errors_and_other_codes_are_never_hidden()
    {
        List<Finding> findings =
        [
            .. Unpinned(30).Select(f => f with { SeverityOverride = Severity.Error }),
            .. Unpinned(30, FindingCodes.LocalActionMissing, "/r/c.yml"),
            .. Unpinned(30, FindingCodes.ActionNotLocked, "/r/d.yml").Select(f => f with { SeverityOverride = Severity.Warning }),
        ];

        Assert.AreSame(findings, CondensedFindings.Of(findings));
        Assert.HasCount(101, CondensedFindings.Of([.. findings, .. Unpinned(20)]));
    }

    private static IEnumerable<Finding> Unpinned(int count, FindingCode? code = null, string file = "/r/a.yml") =>
        Enumerable.Range(1, count).Select(i => new Finding(code ?? FindingCodes.ActionNotPinned, "x", new SourcePlace(file, i, 3), SeverityOverride: Severity.Warning));
}
