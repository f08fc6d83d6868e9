using System.Text;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>Who gets which credential, with a real git and real helpers.</summary>
[TestClass]
public sealed class GitCredentialTests
{
    private const string Token = "ghs_s3cret";

    private static readonly Uri Foreign = new("https://git.example.org");

    private readonly TemporaryFolder folder = new();
    private readonly string? before = Environment.GetEnvironmentVariable("GIT_CONFIG_GLOBAL");

    [TestCleanup]
    public void Cleanup()
    {
        Environment.SetEnvironmentVariable("GIT_CONFIG_GLOBAL", before);
        folder.Dispose();
    }

    [TestMethod]
    public async Task The_token_of_the_environment_opens_what_is_private()
    {
        using var sample = PrivateSample();
        await using var server = await PrivateServerAsync(sample, "x-access-token", Token);
        using var client = server.Client(token: " " + Token + "\n");

        Assert.HasCount(1, (await client.ListRefsAsync(server.Remote(), [], default)).All.Where(r => r.Name != "HEAD").ToList());
        using var tree = await client.FetchAsync(server.Remote(), sample.Git("rev-parse", "HEAD"), default);

        CollectionAssert.AreEqual(new[] { Basic("x-access-token", Token), Basic("x-access-token", Token) }, server.Authorizations.ToArray());
    }

    [TestMethod]
    public async Task The_token_goes_to_no_other_server()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        var detour = new GitServerDetour(server.Address);
        var servers = GitServers.From("https://ghe.example.org", _ => "https://runner.example.org");
        using var client = server.Client(seams: detour.Seams, token: Token, servers: servers);

        await client.ListRefsAsync(servers.Remote("o/r"), [], default);
        await client.ListRefsAsync(servers.Remote("o/r", new Uri("https://github.com")), [], default);
        await client.ListRefsAsync(servers.Remote("o/r", new Uri("https://runner.example.org")), [], default);
        await client.ListRefsAsync(servers.Remote("o/r", Foreign), [], default);
        await client.ListRefsAsync(servers.Remote("o/r", new Uri("https://ghe.example.org.evil.example")), [], default);

        CollectionAssert.AreEqual(
            new[] { "https://ghe.example.org " + Basic("x-access-token", Token), "https://github.com", "https://runner.example.org", "https://git.example.org", "https://ghe.example.org.evil.example" },
            detour.Sent.ToArray());
    }

    [TestMethod]
    public async Task A_token_goes_over_plain_http_only_where_that_was_wanted()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client(token: Token, overLoopback: false);

        await client.ListRefsAsync(server.Remote(), [], default);

        Assert.AreEqual(string.Empty, server.Authorizations.Single());
    }

    [TestMethod]
    public async Task A_token_that_is_not_taken_is_not_shown_and_nobody_else_is_asked()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        UseHelper("credential");
        using var client = server.Client(token: Token);
        server.Answer = GitServerAnswers.Status(401);

        var failure = await Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(server.Remote(), [], default));

        Assert.AreEqual(TransportFailure.Unauthorized, failure.Failure);
        Assert.DoesNotContain(Token, failure.ToString());
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:" + Token)), failure.ToString());
        Assert.HasCount(1, server.Requests);
        Assert.IsEmpty(Asked());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task Helpers_are_asked_for_the_server_of_the_user_when_it_wants_a_credential()
    {
        using var sample = PrivateSample();
        await using var server = await PrivateServerAsync(sample, "user", "pass word ");
        UseHelper("credential");
        using var client = server.Client();

        await client.ListRefsAsync(server.Remote(), ["refs/heads/"], default);
        await client.ListRefsAsync(server.Remote(), ["refs/tags/"], default);

        CollectionAssert.AreEqual(new[] { string.Empty, Basic("user", "pass word "), Basic("user", "pass word ") }, server.Authorizations.ToArray());
        CollectionAssert.AreEqual(new[] { $"protocol=http host={server.Address.Authority}" }, Asked());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task Helpers_are_asked_once_where_they_do_not_help()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        UseHelper("credential");
        using var client = server.Client();
        server.Answer = GitServerAnswers.Status(401);

        Assert.AreEqual(TransportFailure.Unauthorized, (await Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(server.Remote(), [], default))).Failure);

        Assert.HasCount(2, server.Requests);
        Assert.HasCount(1, Asked());
    }

    [TestMethod]
    public async Task Helpers_that_answer_for_every_host_do_not_hear_of_one_that_the_repository_names()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        foreach (var section in new[]
        {
            "credential", "credential \"https://other.example.org\"", "credential \"https://*.example.org\"", "credential \"http://git.example.org\"", "credential \"https://git.example.org:8443\"",
            "credential \"https://user@git.example.org\"", "credential \"https://git.example.org/other\"", "credential \"git.example.org\"", "credential \"https://git.example.org.evil.example\"",
        })
        {
            UseHelper(section);
            var detour = new GitServerDetour(server.Address);
            using var client = server.Client(seams: detour.Seams);
            server.Answer = GitServerAnswers.Status(401);

            Assert.AreEqual(TransportFailure.Unauthorized, (await Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(GitRemote.Create(Foreign, "o/r", false), [], default))).Failure);

            CollectionAssert.AreEqual(new[] { "https://git.example.org" }, detour.Sent.ToArray(), section);
            Assert.IsEmpty(Asked(), section);
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    [DataRow("https://git.example.org")]
    [DataRow("https://git.example.org/")]
    [DataRow("https://GIT.example.org:443")]
    [DataRow("https://git.example.org/o")]
    [DataRow("https://git.example.org/o/r")]
    public async Task Helpers_are_asked_for_a_host_that_the_user_configured(string section)
    {
        using var sample = PrivateSample();
        await using var server = await PrivateServerAsync(sample, "user", "pass word ");
        UseHelper($"credential \"{section}\"");
        var detour = new GitServerDetour(server.Address);
        using var client = server.Client(seams: detour.Seams);

        await client.ListRefsAsync(GitRemote.Create(Foreign, "o/r", false), [], default);

        CollectionAssert.AreEqual(new[] { "https://git.example.org", "https://git.example.org " + Basic("user", "pass word ") }, detour.Sent.ToArray());
        CollectionAssert.AreEqual(new[] { "protocol=https host=git.example.org" }, Asked());
    }

    [TestMethod]
    public async Task The_configuration_of_a_repository_names_no_helper()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        UseHelper("nothing");
        sample.Git("config", "credential.helper", $"!echo asked >> '{folder.At("asked")}'; true");
        var directory = Environment.CurrentDirectory;
        Environment.CurrentDirectory = sample.Root;
        try
        {
            using var client = server.Client();
            server.Answer = GitServerAnswers.Status(401);
            await Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(server.Remote(), [], default));
        }
        finally
        {
            Environment.CurrentDirectory = directory;
        }

        Assert.IsEmpty(Asked());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    [DataRow("exit 1")]
    [DataRow("echo username=a:b; echo password=c")]
    [DataRow("echo username=a; echo password=")]
    [DataRow("echo quit=1")]
    [DataRow("head -c 100000 /dev/zero | tr '\\\\0' x")]
    public async Task A_helper_that_knows_nothing_or_talks_nonsense_is_none(string script)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        Use($"[credential]\n\thelper = \"!f() {{ {script}; }}; f\"\n");
        using var client = server.Client();
        server.Answer = GitServerAnswers.Status(401);

        Assert.AreEqual(TransportFailure.Unauthorized, (await Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(server.Remote(), [], default))).Failure);
        Assert.HasCount(1, server.Requests);
    }

    private static GitSample PrivateSample()
    {
        var sample = new GitSample(root: "o/r");
        sample.Commit();
        return sample;
    }

    private static async Task<GitServer> PrivateServerAsync(GitSample sample, string user, string secret)
    {
        var server = await GitServer.StartAsync(sample.Base);
        server.Answer = async context => context.Request.Headers.Authorization != Basic(user, secret) && await GitServerAnswers.Status(401, ("WWW-Authenticate", "Basic realm=\"git\""))(context);
        return server;
    }

    private static string Basic(string user, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"));

    private string[] Asked() => File.Exists(folder.At("asked")) ? File.ReadAllText(folder.At("asked")).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    private void UseHelper(string section)
        => Use($"[{section}]\n\thelper = \"!f() {{ test \\\"$1\\\" = get || exit; echo $(grep -v -e path= -e capability) >> '{folder.At("asked")}'; echo username=user; echo 'password=pass word '; }}; f\"\n");

    private void Use(string configuration) => Environment.SetEnvironmentVariable("GIT_CONFIG_GLOBAL", folder.File("config", configuration));
}
