using Hardening.Transport.Git;

namespace Hardening.Tests;

[TestClass]
public sealed class GitRemoteTests
{
    [TestMethod]
    [DataRow("https://github.com", "actions/checkout", "https://github.com/actions/checkout")]
    [DataRow("https://GitHub.com/", "Actions/Checkout", "https://github.com/Actions/Checkout")]
    [DataRow("https://github.com", "owner/.github", "https://github.com/owner/.github")]
    [DataRow("https://code.example.org", "a/b.git", "https://code.example.org/a/b")]
    [DataRow("https://bücher.example", "a/b", "https://xn--bcher-kva.example/a/b")]
    public void What_a_repository_may_name(string server, string path, string url)
    {
        var remote = GitRemote.Create(new Uri(server), path, isNamedByUser: false);

        Assert.AreEqual(url, new Uri(remote.Server, remote.Path).AbsoluteUri.Replace("bücher.example", "xn--bcher-kva.example", StringComparison.Ordinal));
        Assert.IsFalse(remote.IsNamedByUser);
    }

    [TestMethod]
    [DataRow("http://github.com")]
    [DataRow("https://127.0.0.1")]
    [DataRow("https://2130706433")]
    [DataRow("https://0x7f.1")]
    [DataRow("https://[::1]")]
    [DataRow("https://localhost")]
    [DataRow("https://localhost.")]
    [DataRow("https://intranet")]
    [DataRow("https://github.com.")]
    [DataRow("https://github.com:8443")]
    [DataRow("https://github.com:22")]
    [DataRow("https://user@github.com")]
    [DataRow("https://user:secret@github.com")]
    [DataRow("https://github.com@evil.example")]
    [DataRow("https://github.com/base")]
    [DataRow("https://github.com?a")]
    [DataRow("https://github.com#a")]
    [DataRow("file:///etc")]
    [DataRow("ssh://git@github.com")]
    [DataRow("git://github.com")]
    public void What_a_repository_may_not_name(string server)
    {
        Assert.IsFalse(GitRemote.TryCreate(new Uri(server), "a/b", isNamedByUser: false, out var remote, out var problem));
        Assert.IsNull(remote);
        Assert.IsFalse(problem!.Contains("secret", StringComparison.Ordinal));
        Assert.ThrowsExactly<ArgumentException>(() => GitRemote.Create(new Uri(server), "a/b", isNamedByUser: false));
    }

    [TestMethod]
    [DataRow("https://intranet", true)]
    [DataRow("https://10.0.0.1:8443", true)]
    [DataRow("http://127.0.0.1:5000", true)]
    [DataRow("http://[::1]:5000", true)]
    [DataRow("http://localhost", true)]
    [DataRow("http://intranet", false)]
    [DataRow("http://localhost.evil.example", false)]
    [DataRow("http://127.0.0.1.evil.example", false)]
    [DataRow("https://user:secret@intranet", false)]
    [DataRow("https://intranet/base", false)]
    [DataRow("file:///etc", false)]
    public void What_a_user_may_name(string server, bool expected)
        => Assert.AreEqual(expected, GitRemote.TryCreate(new Uri(server), "a/b", isNamedByUser: true, out _, out _));

    [TestMethod]
    [DataRow("")]
    [DataRow("a")]
    [DataRow("/")]
    [DataRow("a/")]
    [DataRow("/b")]
    [DataRow("a/b/c")]
    [DataRow("a//b")]
    [DataRow("../b")]
    [DataRow("a/..")]
    [DataRow("a/.")]
    [DataRow("a/.git")]
    [DataRow("a/b.git.git")]
    [DataRow("-a/b")]
    [DataRow("a/--upload-pack=x")]
    [DataRow("a/b?c")]
    [DataRow("a/b#c")]
    [DataRow("a/b%2e")]
    [DataRow("a/b\n")]
    [DataRow("a/b\0")]
    [DataRow("a\\b")]
    [DataRow("a/b c")]
    [DataRow("a/b@c")]
    [DataRow("a/\u00E9")]
    [DataRow("a/\u202Eb")]
    public void What_is_no_repository(string path)
        => Assert.IsFalse(GitRemote.TryCreate(new Uri("https://github.com"), path, isNamedByUser: true, out _, out _));

    [TestMethod]
    public void Names_have_a_length()
    {
        Assert.IsTrue(GitRemote.TryCreate(new Uri("https://github.com"), "a/" + new string('b', 100), isNamedByUser: false, out _, out _));
        Assert.IsFalse(GitRemote.TryCreate(new Uri("https://github.com"), "a/" + new string('b', 101), isNamedByUser: false, out _, out _));
    }

    [TestMethod]
    [DataRow(null, null, "https://github.com/")]
    [DataRow("", " ", "https://github.com/")]
    [DataRow(null, "https://ghe.example", "https://ghe.example/")]
    [DataRow("https://git.intranet:8443", "https://ghe.example", "https://git.intranet:8443/")]
    public void The_default_server_is_the_named_one_or_that_of_the_runner(string? named, string? runner, string expected)
        => Assert.AreEqual(expected, GitServers.From(named, name => name == "GITHUB_SERVER_URL" ? runner : null).Default.AbsoluteUri);

    [TestMethod]
    public void Only_the_servers_of_the_environment_are_named_by_the_user()
    {
        var servers = GitServers.From("https://10.0.0.1:8443", _ => "https://ghe.intranet");

        Assert.IsTrue(servers.Remote("a/b").IsNamedByUser);
        Assert.IsTrue(servers.Remote("a/b", new Uri("https://ghe.intranet")).IsNamedByUser);
        Assert.IsFalse(servers.Remote("a/b", new Uri("https://github.com")).IsNamedByUser);
        Assert.IsTrue(GitServers.From(null, _ => null).Remote("a/b", new Uri("https://GITHUB.com")).IsNamedByUser);
        Assert.IsFalse(servers.Remote("a/b", new Uri("https://github.com.evil.example")).IsNamedByUser);
        Assert.IsFalse(servers.Remote("a/b", new Uri("https://codeberg.org")).IsNamedByUser);
        Assert.ThrowsExactly<ArgumentException>(() => servers.Remote("a/b", new Uri("https://10.0.0.1")));
        Assert.ThrowsExactly<ArgumentException>(() => GitServers.From("github.com", _ => null));
        Assert.ThrowsExactly<ArgumentException>(() => GitServers.From("http://ghe.example", _ => null));
        Assert.ThrowsExactly<ArgumentException>(() => GitServers.From("https://ghe.example", _ => "https://user:secret@ghe.example"));
    }

    [TestMethod]
    [DataRow("/o/r/git-upload-pack", true)]
    [DataRow("/o/r.git/git-upload-pack", true)]
    [DataRow("/O/R/git-upload-pack", true)]
    [DataRow("/o/r2/git-upload-pack", false)]
    [DataRow("/x/o/r/git-upload-pack", false)]
    [DataRow("/o/r/git-upload-pack?x", false)]
    [DataRow("/o/r/git-receive-pack", false)]
    [DataRow("/o/r/../r2/git-upload-pack", false)]
    [DataRow("/o/r.git.git/git-upload-pack", false)]
    public void Only_the_suffix_and_the_case_of_an_address_may_change(string path, bool expected)
        => Assert.AreEqual(expected, GitRemote.Create(new Uri("https://github.com"), "o/r", false).IsAddressOf(new Uri("https://github.com" + path), "/git-upload-pack"));
}
