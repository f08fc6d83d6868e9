using System.Text.RegularExpressions;
using Hardening.Findings;

namespace Hardening.Tests;

[TestClass]
public sealed partial class FindingCodesTests
{
    [TestMethod]
    public void Every_code_is_in_the_table_once_in_order()
    {
        var fields = typeof(FindingCodes).GetFields().Select(field => field.GetValue(null)).OfType<FindingCode>().ToList();

        CollectionAssert.AreEquivalent(fields, FindingCodes.All.ToList());
        var ids = FindingCodes.All.Select(code => code.Id).ToList();
        CollectionAssert.AreEqual(ids.Order(StringComparer.Ordinal).ToList(), ids);
        CollectionAssert.AllItemsAreUnique(ids);
        CollectionAssert.AllItemsAreUnique(FindingCodes.All.Select(code => code.Title).ToList());
    }

    [TestMethod]
    public void Every_code_is_well_formed()
    {
        foreach (var code in FindingCodes.All)
        {
            Assert.MatchesRegex(Id, code.Id);
            Assert.MatchesRegex(Title, code.Title, code.Id);
            Assert.AreEqual($"https://github.com/hardening-sdk/hardening-sdk/blob/main/docs/{code.Id}.md", code.HelpLink);
            Assert.IsTrue(Enum.IsDefined(code.Severity), code.Id);
        }
    }

    // The areas in use; a code outside them needs a new row in the table of ranges.
    [GeneratedRegex("^HRD[0-6][0-9]{3}$")]
    private static partial Regex Id { get; }

    [GeneratedRegex("^[A-Za-z].{10,90}[^.]$")]
    private static partial Regex Title { get; }
}
