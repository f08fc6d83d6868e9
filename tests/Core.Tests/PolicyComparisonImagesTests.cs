using Hardening.Baselines;
using Hardening.Findings;
using Hardening.Policies;
using static Hardening.Tests.BaselineSamples;

namespace Hardening.Tests;

/// <summary>What a pull request can change of the policy of images.</summary>
[TestClass]
public sealed class PolicyComparisonImagesTests
{
    private static readonly ImagesPolicy Strict = new()
    {
        Unpinned = Enforcement.Build,
        Allow = ["mcr.microsoft.com/*", "docker.io/library/alpine"],
        Forbid = ["mcr.microsoft.com/old/*", "docker.io/library/node"],
        Replace = [new ImageReplacement("docker.io/library/node", "mcr.microsoft.com/node")],
    };

    [TestMethod]
    public void What_is_enforced_less_is_one()
    {
        OneWeakening("images.enforce is off, but origin/main has build.", Of(Strict), Of(Strict with { Enforce = Enforcement.Off }));
        OneWeakening("images.unpinned is ci, but origin/main has build.", Of(Strict), Of(Strict with { Unpinned = Enforcement.Ci }));
        OneWeakening("images.unpinned is off, but origin/main has warn.", Before, Of(new ImagesPolicy { Unpinned = Enforcement.Off }));
    }

    [TestMethod]
    public void What_is_permitted_more_is_one()
    {
        OneWeakening("images.allow is empty, so every image is permitted that is not forbidden.", Of(Strict), Of(Strict with { Allow = [] }));
        OneWeakening("images.allow has docker.io/library/*, which origin/main does not permit.", Of(Strict), Of(Strict with { Allow = [.. Strict.Allow, "docker.io/library/*"] }));
        OneWeakening("images.allow has docker.io/library/alpine2, which", Of(Strict), Of(Strict with { Allow = ["docker.io/library/alpine2"] }));
        OneWeakening("images.allow has mcr.microsoft.com.evil.io/*, which", Of(Strict), Of(Strict with { Allow = ["mcr.microsoft.com.evil.io/*"] }));
        OneWeakening("images.forbid no longer covers docker.io/library/node, which origin/main forbids.", Of(Strict), Of(Strict with { Forbid = ["mcr.microsoft.com/old/*", "docker.io/library/node2"] }));
        OneWeakening("images.forbid no longer covers mcr.microsoft.com/old/*, which", Of(Strict), Of(Strict with { Forbid = ["mcr.microsoft.com/old/a", "docker.io/library/node"] }));
    }

    [TestMethod]
    public void A_replacement_that_is_added_removed_or_turned_is_one()
    {
        OneWeakening("images.replace has nothing in place of docker.io/library/node, but origin/main has mcr.microsoft.com/node.", Of(Strict), Of(Strict with { Replace = [] }));
        OneWeakening("images.replace has evil.io/node in place of docker.io/library/node, but origin/main has mcr.microsoft.com/node.", Of(Strict), Of(Strict with { Replace = [new("docker.io/library/node", "evil.io/node")] }));
        OneWeakening("images.replace has evil.io/x in place of ghcr.io/x, which origin/main has not;", Of(Strict), Of(Strict with { Replace = [.. Strict.Replace, new("ghcr.io/x", "evil.io/x")] }));
        Assert.AreEqual("ghcr.io/x", BaselineComparison.Compare(Of(), Of(new ImagesPolicy { Replace = [new("ghcr.io/x", "evil.io/x")] })).Findings.Single().Input);
    }

    [TestMethod]
    public void What_demands_more_is_none()
    {
        Assert.IsEmpty(Weakened(Of(Strict), Of(Strict with { Allow = ["docker.io/library/alpine", "mcr.microsoft.com/dotnet/*", "mcr.microsoft.com/a"], Forbid = ["mcr.microsoft.com/*", "docker.io/library/*"] })));
        Assert.IsEmpty(Weakened(Of(), Of(new ImagesPolicy { Unpinned = Enforcement.Ci, Allow = ["ghcr.io/*"], Forbid = ["ghcr.io/a"] })));
    }

    [TestMethod]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine", false)]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine:3", false)]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine@sha256:0", false)]
    [DataRow("localhost:5000/x", "localhost:5000/x:1", false)]
    [DataRow("", "docker.io/library/alpine", false)]
    [DataRow("docker.io/library/alpine:3", "docker.io/library/alpine", true)]
    [DataRow("docker.io/library/alpine:3", "docker.io/library/alpine:4", true)]
    [DataRow("docker.io/library/alpine:rc", "docker.io/library/alpine:RC", true)]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine/x", true)]
    [DataRow("localhost:5000", "localhost:5000/x", true)]
    [DataRow("docker.io", "docker.io/library/alpine:3", true)]
    [DataRow("docker.io/library/alpine", "", true)]
    public void An_exception_covers_no_more_than_before(string then, string now, bool weaker)
        => Assert.HasCount(weaker ? 1 : 0, Weakened(Excepted(then), Excepted(now)));

    private static BaselineSnapshot Excepted(string input) => Of(new Policy { Exceptions = [new PolicyException(FindingCodes.ImageNotPinned, "r", new DateOnly(2027, 1, 31)) { Input = input }] });

    private static BaselineSnapshot Of(ImagesPolicy? images = null) => Of(new Policy { Images = images ?? new ImagesPolicy() });

    // Another hash each, as files that differ have.
    private static BaselineSnapshot Of(Policy policy) => Before with { PolicyHash = Guid.NewGuid().ToString(), Policy = policy };
}
