using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Tests;

[TestClass]
public sealed class FindingTests
{
    private static readonly Finding[] InOrder =
    [
        new(FindingCodes.LockfileDamaged, "m", default),
        new(FindingCodes.LockfileDamaged, "m", SourcePlace.None),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("B")),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("a")),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("b", 2, 10)),
        new(FindingCodes.LockfileMissing, "m", new SourcePlace("b", 10, 2)),
        new(FindingCodes.LockfileDamaged, "M", new SourcePlace("b", 10, 2)),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("b", 10, 2)),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("b", 10, 2), "command 1", Severity.Message),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("b", 10, 2), "command 1", Severity.Warning),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("b", 10, 2), "command 1", Severity.Error),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("b", 10, 2), "command 1"),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("b", 10, 2), "command 2"),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("b", 10, 3)),
        new(FindingCodes.LockfileDamaged, "m", new SourcePlace("é")),
    ];

    [TestMethod]
    public void The_order_is_the_same_whatever_order_the_checks_ran_in()
    {
        var random = new Random(1);
        for (var i = 0; i < 1_000; i++)
        {
            var shuffled = InOrder.ToArray();
            random.Shuffle(shuffled);
            CollectionAssert.AreEqual(InOrder, Finding.Sorted(shuffled).ToArray());
        }
    }

    [TestMethod]
    public void Doubles_are_dropped() => CollectionAssert.AreEqual(InOrder, Finding.Sorted([.. InOrder, .. InOrder.Select(f => f with { })]).ToArray());

    [TestMethod]
    public void Nothing_sorted_is_nothing() => Assert.IsEmpty(Finding.Sorted([]));

    [TestMethod]
    public void The_severity_is_that_of_the_code_unless_overridden()
    {
        Assert.AreEqual(Severity.Error, new Finding(FindingCodes.LockfileDamaged, "m", SourcePlace.None).Severity);
        Assert.AreEqual(Severity.Message, new Finding(FindingCodes.LockfileDamaged, "m", SourcePlace.None, SeverityOverride: Severity.Message).Severity);
    }
}
