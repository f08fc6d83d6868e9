using Hardening.Baselines;
using Hardening.Policies;
using static Hardening.Tests.BaselineSamples;

namespace Hardening.Tests;

/// <summary>What a pull request can change of the actions that stand in for others: an update would write it into every workflow.</summary>
[TestClass]
public sealed class PolicyComparisonActionsTests
{
    private static readonly ActionReplacement Copy = Refs(("v1", "v1.2"), ("*", "main"));

    [TestMethod]
    public void What_stands_in_for_an_action_at_other_refs_is_one()
    {
        OneWeakening("actions.replace leads v1 of a/b to evil of ours/b, but origin/main has v1.2;", Of(Copy), Of(Refs(("v1", "evil"), ("*", "main"))));
        OneWeakening("actions.replace leads * of a/b to evil of ours/b, but origin/main has main;", Of(Copy), Of(Refs(("v1", "v1.2"), ("*", "evil"))));
        OneWeakening("actions.replace leads v2 of a/b to evil of ours/b, but origin/main has none;", Of(Copy), Of(Refs(("v1", "v1.2"), ("v2", "evil"), ("*", "main"))));
        OneWeakening("actions.replace leads v1 of a/b to nothing of its own of ours/b, but origin/main has v1.2;", Of(Copy), Of(Refs(("*", "main"))));
        OneWeakening("actions.replace leads * of a/b to evil of ours/b, but origin/main has none;", Of(Refs()), Of(Refs(("*", "evil"))));
        OneWeakening("actions.replace leads * of a/b to nothing of its own of ours/b, but origin/main has main;", Of(Refs(("*", "main"))), Of(Refs()));
        OneWeakening("actions.replace leads v1 of A/B to V1.2 of OURS/b,", Of(Copy), Of(new ActionReplacement("A/B", "OURS/b") { Refs = Refs(("v1", "V1.2"), ("*", "main")).Refs }));
        Assert.HasCount(2, Weakened(Of(Copy), Of(Refs(("V1", "v1.2"), ("*", "main")))), "tags differ by case");
    }

    [TestMethod]
    public void A_replacement_that_is_added_removed_or_turned_is_one()
    {
        var evil = new ActionReplacement("actions/checkout", "evil/checkout");

        OneWeakening("actions.replace has evil/checkout in place of actions/checkout, which origin/main has not; an update writes it into the workflows.", Of(Copy), Of(Copy, evil));
        OneWeakening("actions.replace has evil/b in place of ours/b, which origin/main has not", Of(Copy), Of(Copy, new ActionReplacement("ours/b", "evil/b")));
        OneWeakening("actions.replace has evil/b in place of a/b, but origin/main has ours/b.", Of(Copy), Of(Copy with { To = "evil/b" }));
        OneWeakening("actions.replace has nothing in place of a/b, but origin/main has ours/b.", Of(Copy), Of());
        OneWeakening("actions.replace has evil/checkout", Before, Of(evil));
        Assert.AreEqual("actions/checkout", BaselineComparison.Compare(Of(Copy), Of(Copy, evil)).Findings[0].Input);
    }

    [TestMethod]
    public void Another_order_or_another_case_of_names_is_none()
    {
        var other = new ActionReplacement("c/d", "ours/d");

        Assert.IsEmpty(Weakened(Of(Copy, other), Of(other, Refs(("*", "main"), ("v1", "v1.2")))));
        Assert.IsEmpty(Weakened(Of(Copy), Of(new ActionReplacement("A/b", "Ours/B") { Refs = Copy.Refs })));
    }

    private static ActionReplacement Refs(params (string From, string To)[] refs) => new("a/b", "ours/b") { Refs = refs.ToDictionary(r => r.From, r => r.To) };

    // Another hash each, as files that differ have.
    private static BaselineSnapshot Of(params ActionReplacement[] replace) =>
        Before with { PolicyHash = Guid.NewGuid().ToString(), Policy = new Policy { Actions = new ActionsPolicy { Replace = replace } } };
}
