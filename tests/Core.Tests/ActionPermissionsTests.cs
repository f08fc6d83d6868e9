using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class ActionPermissionsTests
{
    [TestMethod]
    public void Without_lists_everything_is_permitted()
    {
        var permissions = new ActionPermissions(new ActionsPolicy());

        Assert.IsNull(permissions.FaultOf("actions/checkout"));
        Assert.IsNull(permissions.FaultOf("https://git.example/a/b"));
    }

    [TestMethod]
    public void What_is_on_no_entry_of_the_list_is_not_permitted()
    {
        var permissions = new ActionPermissions(new ActionsPolicy { Allow = ["actions/*", "https://git.example/own/*"] });

        Assert.IsNull(permissions.FaultOf("Actions/checkout"));
        Assert.IsNull(permissions.FaultOf("https://git.example/own/a"));
        Assert.AreEqual("is on no allow-list entry", permissions.FaultOf("evil/checkout"));
        Assert.AreEqual("is on no allow-list entry", permissions.FaultOf("https://git.example/actions/checkout"));
        Assert.AreEqual("is on no allow-list entry", permissions.FaultOf("http://git.example/own/a"));
    }

    [TestMethod]
    public void What_is_forbidden_is_so_in_spite_of_the_other_list()
    {
        var permissions = new ActionPermissions(new ActionsPolicy { Allow = ["evil/*"], Forbid = ["evil/bad*"] });

        Assert.AreEqual("is forbidden by `evil/bad*`", permissions.FaultOf("EVIL/badly"));
        Assert.IsNull(permissions.FaultOf("evil/good"));
        Assert.IsNull(new ActionPermissions(new ActionsPolicy { Forbid = ["evil/bad"] }).FaultOf("other/bad"));
    }

    [TestMethod]
    [DataRow("evil/bad")]
    [DataRow("EVIL/Bad.git")]
    [DataRow("https://git.example/evil/bad")]
    [DataRow("https://GIT.example/evil/bad.GIT")]
    [DataRow("http://git.example/evil/bad")]
    [DataRow("https://other.example/evil/bad")]
    [DataRow("http://other.example/evil/bad.git")]
    public void What_is_forbidden_is_so_however_it_is_spelled(string name)
    {
        var policy = new ActionsPolicy { Forbid = ["evil/bad", "https://other.example/evil/*"] };

        foreach (var server in (string[])["https://git.example", "https://git.example/", "http://git.example"])
        {
            Assert.StartsWith("is forbidden by `", new ActionPermissions(policy, server).FaultOf(name)!);
        }
    }

    [TestMethod]
    public void The_address_of_the_default_server_changes_nothing_where_it_is_the_same()
    {
        var permissions = new ActionPermissions(new ActionsPolicy { Allow = ["own/*"] }, "https://git.example");

        Assert.IsNull(permissions.FaultOf("own/a"));
        Assert.IsNull(permissions.FaultOf("https://git.example/own/a"));
        foreach (var other in (string[])["http://git.example/own/a", "https://git.example.evil/own/a", "https://git.example:1/own/a", "https://evil.example/own/a", "https://git.example/https://git.example/own/a"])
        {
            Assert.AreEqual(other.Contains("/https", StringComparison.Ordinal) ? "is no name" : "is on no a", permissions.FaultOf(other)![..10].TrimEnd(), other);
        }
    }

    [TestMethod]
    public void The_address_of_the_default_server_changes_nothing_in_a_pattern()
    {
        var policy = new ActionsPolicy { Allow = ["https://GIT.example/own/*"], Forbid = ["https://git.example/own/bad"] };

        foreach (var prefix in (string[])["", "https://git.example/"])
        {
            var permissions = new ActionPermissions(policy, "https://git.example");
            Assert.IsNull(permissions.FaultOf(prefix + "own/a"));
            Assert.AreEqual("is forbidden by `own/bad`", permissions.FaultOf(prefix + "own/bad"));
            Assert.AreEqual("is on no allow-list entry", permissions.FaultOf(prefix + "other/a"));
        }

        Assert.StartsWith("is forbidden", new ActionPermissions(policy with { Allow = [] }, "http://git.example").FaultOf("own/bad")!);
        Assert.AreEqual("is on no allow-list entry", new ActionPermissions(policy, "https://other.example").FaultOf("own/a"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("evil")]
    [DataRow("evil/bad@v1")]
    [DataRow("evil/bad/path")]
    [DataRow("evil/b\u00E4d")]
    [DataRow("evil/ bad")]
    public void What_is_no_name_is_not_permitted_where_there_is_a_list(string name)
    {
        foreach (var policy in (ActionsPolicy[])[new() { Allow = ["*/*"] }, new() { Forbid = ["evil/other"] }])
        {
            Assert.StartsWith("is no name of a repository", new ActionPermissions(policy).FaultOf(name)!);
        }
    }

    [TestMethod]
    public void A_policy_that_was_not_read_may_have_faults()
        => Assert.ThrowsExactly<ArgumentException>(() => new ActionPermissions(new ActionsPolicy { Forbid = ["evil"] }));
}
