using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class SdkTableTests
{
    [TestMethod]
    public void A_table_holds_versions_by_graph_and_id()
    {
        var table = new SdkTable();
        Assert.IsTrue(table.IsEmpty);

        Assert.IsTrue(table.TryAdd("net10.0", "b", "1.0"));
        Assert.IsTrue(table.TryAdd("net10.0", "a", "1.0"));
        Assert.IsTrue(table.TryAdd("net10.0/linux-x64", "a", "2.0"));

        Assert.IsFalse(table.IsEmpty);
        CollectionAssert.AreEquivalent(new[] { "net10.0", "net10.0/linux-x64" }, table.Versions.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { "a", "b" }, table.Versions["net10.0"].Keys.ToArray());
        Assert.AreEqual("2.0", table.Versions["net10.0/linux-x64"]["a"]);
    }

    [TestMethod]
    public void The_same_version_is_added_again_and_another_is_not()
    {
        var table = new SdkTable();
        table.TryAdd("net10.0", "a", "1.0");

        Assert.IsTrue(table.TryAdd("net10.0", "a", "1.0"));
        Assert.IsFalse(table.TryAdd("net10.0", "a", "1.1"));

        Assert.AreEqual("1.0", table.Versions["net10.0"]["a"]);
    }
}
