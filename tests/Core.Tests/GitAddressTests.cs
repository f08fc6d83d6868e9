using System.Collections.Concurrent;
using System.Net;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>Which addresses are connected to for a host that only the repository names.</summary>
[TestClass]
public sealed class GitAddressTests
{
    private static readonly Uri Host = new("https://git.example.org");

    [TestMethod]
    [DataRow("140.82.121.3", true)]
    [DataRow("8.8.8.8", true)]
    [DataRow("172.15.255.255", true)]
    [DataRow("172.32.0.0", true)]
    [DataRow("100.63.255.255", true)]
    [DataRow("100.128.0.0", true)]
    [DataRow("223.255.255.255", true)]
    [DataRow("2606:50c0:8000::64", true)]
    [DataRow("2a00:1450:4001:800::200e", true)]
    [DataRow("0.0.0.0", false)]
    [DataRow("0.1.2.3", false)]
    [DataRow("10.0.0.1", false)]
    [DataRow("100.64.0.1", false)]
    [DataRow("127.0.0.1", false)]
    [DataRow("127.255.255.254", false)]
    [DataRow("169.254.169.254", false)]
    [DataRow("168.63.129.16", false)]
    [DataRow("172.16.0.1", false)]
    [DataRow("172.31.255.255", false)]
    [DataRow("192.0.0.192", false)]
    [DataRow("192.0.2.1", false)]
    [DataRow("192.88.99.1", false)]
    [DataRow("192.168.1.1", false)]
    [DataRow("198.18.0.1", false)]
    [DataRow("198.19.255.255", false)]
    [DataRow("198.51.100.1", false)]
    [DataRow("203.0.113.1", false)]
    [DataRow("224.0.0.1", false)]
    [DataRow("239.255.255.255", false)]
    [DataRow("240.0.0.1", false)]
    [DataRow("255.255.255.255", false)]
    [DataRow("::", false)]
    [DataRow("::1", false)]
    [DataRow("::7f00:1", false)]
    [DataRow("::ffff:127.0.0.1", false)]
    [DataRow("::ffff:8.8.8.8", false)]
    [DataRow("64:ff9b::7f00:1", false)]
    [DataRow("64:ff9b::808:808", false)]
    [DataRow("64:ff9b:1::1", false)]
    [DataRow("100::1", false)]
    [DataRow("2001::1", false)]
    [DataRow("2001:10::1", false)]
    [DataRow("2001:db8::1", false)]
    [DataRow("2002:7f00:1::", false)]
    [DataRow("3fff::1", false)]
    [DataRow("fc00::1", false)]
    [DataRow("fd00:ec2::254", false)]
    [DataRow("fe80::1", false)]
    [DataRow("fec0::1", false)]
    [DataRow("ff02::1", false)]
    public void What_is_public(string address, bool expected)
        => Assert.AreEqual(expected, PublicAddresses.Contains(IPAddress.Parse(address)));

    [TestMethod]
    public async Task A_host_of_the_repository_is_not_looked_for_in_private_networks()
    {
        var asked = new ConcurrentQueue<string>();
        using var client = Client(new TransportSeams
        {
            Proxy = new WebProxy(),
            Clock = new GitServerClock(),
            Resolve = (name, _) =>
            {
                asked.Enqueue(name);
                return Task.FromResult(new[] { IPAddress.Loopback, IPAddress.Parse("10.0.0.1"), IPAddress.Parse("::ffff:8.8.8.8"), IPAddress.IPv6Loopback });
            },
        });

        var failure = await Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(GitRemote.Create(Host, "o/r", false), [], default));

        Assert.AreEqual(TransportFailure.Refused, failure.Failure);
        CollectionAssert.AreEqual(new[] { "git.example.org" }, asked.ToArray());
    }

    [TestMethod]
    public async Task A_proxy_of_the_environment_may_lie_anywhere_and_does_the_rest()
    {
        using var proxy = new GitServerRaw("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        var asked = new ConcurrentQueue<string>();
        using var client = Client(new TransportSeams
        {
            Proxy = new WebProxy(proxy.Address),
            Clock = new GitServerClock(),
            Resolve = (name, _) =>
            {
                asked.Enqueue(name);
                return Task.FromResult(new[] { IPAddress.Loopback });
            },
        });

        var failure = await Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(GitRemote.Create(Host, "o/r", false), [], default));

        Assert.AreEqual(TransportFailure.Unreachable, failure.Failure);
        Assert.IsTrue(asked.All(name => name == "127.0.0.1"));
        Assert.StartsWith("CONNECT git.example.org:443 ", proxy.Heard.First());
    }

    private static GitClient Client(TransportSeams seams) => new(new GitClientOptions { Root = AppContext.BaseDirectory, Environment = _ => null, Servers = GitServers.From("https://github.com"), Seams = seams });
}
