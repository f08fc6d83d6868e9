using Hardening.Formats.Workflows;

namespace Hardening.Tests;

[TestClass]
public sealed class UsesTextTests
{
    private const string Sha = "11bd71901bbe5b1630ceea73d27597364c9af683";

    [TestMethod]
    [DataRow("actions/checkout@v4", "", "actions/checkout", "", "v4")]
    [DataRow("actions/checkout@" + Sha, "", "actions/checkout", "", Sha)]
    [DataRow("github/codeql-action/init@v3", "", "github/codeql-action", "init", "v3")]
    [DataRow("o/r/.github/workflows/x.yml@refs/heads/main", "", "o/r", ".github/workflows/x.yml", "refs/heads/main")]
    [DataRow("o\\r\\p@v1", "", "o/r", "p", "v1")]
    [DataRow("o//r/@v1", "", "o/r", "", "v1")]
    [DataRow("o/r@feature/x", "", "o/r", "", "feature/x")]
    [DataRow("o/r/a b@v1", "", "o/r", "a b", "v1")]
    [DataRow("https://Gitea.example.com/o/r@v1", "https://gitea.example.com", "o/r", "", "v1")]
    [DataRow("http://127.0.0.1:8080/o/r/p@v1", "http://127.0.0.1:8080", "o/r", "p", "v1")]
    public void A_repository_is_taken_apart(string text, string server, string repository, string path, string reference)
    {
        var uses = UsesText.Parse(text);

        Assert.AreEqual((UsesForm.Repository, server, repository, path, reference), (uses.Form, uses.Server, uses.Repository, uses.Path, uses.Ref));
    }

    [TestMethod]
    [DataRow("./.github/actions/x", ".github/actions/x")]
    [DataRow("./", "")]
    [DataRow(".\\x\\y", "x/y")]
    [DataRow("$/x", "x")]
    [DataRow("./x/./y/", "x/y")]
    public void A_path_of_the_repository_is_local(string text, string path) => Assert.AreEqual((UsesForm.Local, path), (UsesText.Parse(text).Form, UsesText.Parse(text).Path));

    [TestMethod]
    [DataRow("docker://alpine:3.20", "alpine:3.20")]
    [DataRow("Docker://ghcr.io/x/y@sha256:0", "ghcr.io/x/y@sha256:0")]
    public void An_image_is_an_image(string text, string image) => Assert.AreEqual((UsesForm.Image, image), (UsesText.Parse(text).Form, UsesText.Parse(text).Text));

    [TestMethod]
    [DataRow("")]
    [DataRow("actions/checkout")]
    [DataRow("actions/checkout@")]
    [DataRow("checkout@v4")]
    [DataRow("/@v4")]
    [DataRow("a/b@v4@v5")]
    [DataRow("a/b@v4 ")]
    [DataRow(" a/b@v4")]
    [DataRow("a/b@v4\n")]
    [DataRow("a/b@v4\u0000")]
    [DataRow("a/b/../c@v1")]
    [DataRow("../x@v1")]
    [DataRow("./../x")]
    [DataRow("./x@v1")]
    [DataRow("a/b@-x")]
    [DataRow("a/b@x..y")]
    [DataRow("a/b@x.lock")]
    [DataRow("a/b@x?y")]
    [DataRow("a/b@x:y")]
    [DataRow("ä/b@v1")]
    [DataRow("a/b c@v1")]
    [DataRow("docker://")]
    [DataRow("docker://a b")]
    [DataRow("ftp://h/a/b@v1")]
    [DataRow("https://u:p@h/a/b@v1")]
    [DataRow("https://h?x/a/b@v1")]
    [DataRow("https:///a/b@v1")]
    public void What_the_runner_refuses_is_malformed(string text)
    {
        Assert.AreEqual(UsesForm.Malformed, UsesText.Parse(text).Form);
        Assert.AreNotEqual(string.Empty, UsesText.Parse(text).Text);
    }

    [TestMethod]
    [DataRow("a/${{ x }}@v1")]
    [DataRow("${{ x }}")]
    [DataRow("docker://${{ x }}")]
    [DataRow("./${{ x }}")]
    public void An_expression_can_be_anything(string text) => Assert.AreEqual(UsesForm.Expression, UsesText.Parse(text).Form);

    [TestMethod]
    [DataRow("11bd719", true)]
    [DataRow("11bd71901bbe5b1630ceea73d27597364c9af68", true)]
    [DataRow("11bd71", false)]
    [DataRow("20240101", false)]
    [DataRow("feedface", false)]
    [DataRow(Sha, false)]
    public void A_shortened_commit_is_told(string text, bool expected) => Assert.AreEqual(expected, UsesText.IsShortCommit(text));

    [TestMethod]
    public void A_commit_in_full_has_40_or_64_digits()
    {
        Assert.IsTrue(UsesText.IsCommit(Sha));
        Assert.IsTrue(UsesText.IsCommit(Sha.ToUpperInvariant()));
        Assert.IsTrue(UsesText.IsCommit(new string('a', 64)));
        Assert.IsFalse(UsesText.IsCommit(new string('g', 40)));
        Assert.IsFalse(UsesText.IsCommit(new string('a', 41)));
    }
}
