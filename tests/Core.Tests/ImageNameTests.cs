using Hardening.Formats.Images;

namespace Hardening.Tests;

[TestClass]
public sealed class ImageNameTests
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    [TestMethod]
    [DataRow("alpine", "docker.io/library/alpine:latest")]
    [DataRow("o/alpine:3", "docker.io/o/alpine:3")]
    [DataRow("docker.io/alpine", "docker.io/library/alpine:latest")]
    [DataRow("DOCKER.io/alpine", "docker.io/library/alpine:latest")]
    [DataRow("registry-1.docker.io/o/a:1", "docker.io/o/a:1")]
    [DataRow("localhost/x", "localhost/x:latest")]
    [DataRow("localhost:5000/a/b", "localhost:5000/a/b:latest")]
    [DataRow("127.0.0.1:5000/img:t", "127.0.0.1:5000/img:t")]
    [DataRow("[::1]:5000/img:1", "[::1]:5000/img:1")]
    [DataRow("[::1]/img", "[::1]/img:latest")]
    [DataRow("reg.example/a.b/c__d/e---f:T_1.x-y", "reg.example/a.b/c__d/e---f:T_1.x-y")]
    [DataRow("a-host.example:443/x@D", "a-host.example:443/x")]
    [DataRow("alpine:3@D", "docker.io/library/alpine:3")]
    public void Two_spellings_of_one_image_are_one(string image, string reference)
    {
        var name = ImageName.Parse(image.Replace("D", image.EndsWith("@D", StringComparison.Ordinal) ? Digest : "D", StringComparison.Ordinal))!;
        Assert.AreEqual(reference, name.Reference);
        Assert.AreEqual(name with { Digest = string.Empty, Tag = name.EffectiveTag }, ImageName.Parse(name.Reference)! with { Tag = name.EffectiveTag });
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("/")]
    [DataRow("a/")]
    [DataRow("a//b")]
    [DataRow("Alpine")]
    [DataRow("a:")]
    [DataRow("a:.x")]
    [DataRow("a:x y")]
    [DataRow("a@")]
    [DataRow("a@sha256:abc")]
    [DataRow("a..b")]
    [DataRow("a___b")]
    [DataRow("a_")]
    [DataRow("-a")]
    [DataRow("a.")]
    [DataRow("-host.example/a")]
    [DataRow("host.example:/a")]
    [DataRow("host.example:123456/a")]
    [DataRow("http://host/a")]
    [DataRow("[::g]:5/a")]
    [DataRow("a\n")]
    [DataRow("a:1\n")]
    [DataRow("\u00e9")]
    public void What_is_no_name_is_none(string image) => Assert.IsNull(ImageName.Parse(image));

    [TestMethod]
    public void Tags_and_names_have_a_length() => Assert.IsTrue(ImageName.Parse("a:" + new string('x', 129)) is null && ImageName.Parse(new string('a', 300)) is null && ImageName.Parse("a:" + new string('x', 128)) is not null);
}
