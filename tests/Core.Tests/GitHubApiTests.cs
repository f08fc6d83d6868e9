using System.Text.Json;
using Hardening.Transport;
using Hardening.Transport.Git;
using Microsoft.AspNetCore.Http;

namespace Hardening.Tests;

/// <summary>Ids of repositories, from a server that answers as GitHub's GraphQL interface does, or not.</summary>
[TestClass]
public sealed class GitHubApiTests
{
    private const string Token = "ghs_s3cret";

    [TestMethod]
    [DataRow("https://github.com", "https://api.github.com/graphql")]
    [DataRow("https://corp.ghe.com", "https://api.corp.ghe.com/graphql")]
    [DataRow("https://ghe.example.org", "https://ghe.example.org/api/graphql")]
    [DataRow("https://github.com.evil.example", "https://github.com.evil.example/api/graphql")]
    [DataRow("https://evilghe.com", "https://evilghe.com/api/graphql")]
    public void Every_server_has_its_interface(string server, string expected)
        => Assert.AreEqual(expected, GitHubApi.AddressOf(new Uri(server)).AbsoluteUri);

    [TestMethod]
    public async Task Many_repositories_are_few_requests_and_names_are_never_in_the_query()
    {
        using var folder = new TemporaryFolder();
        await using var server = await GitServer.StartAsync(folder.Path);
        using var api = Api(server);
        server.Answer = context => AnswerAsync(context, server.Bodies.Last());
        var names = Enumerable.Range(0, 250).Select(i => $"owner/repo-{i}").ToList();

        var ids = await api.IdsAsync(server.Address, [.. names, .. names, "owner/gone", "old/name"], default);

        Assert.HasCount(251, ids);
        Assert.HasCount(3, server.Requests);
        Assert.IsTrue(server.Requests.All(r => r == "POST /api/graphql"));
        Assert.IsTrue(server.Authorizations.All(a => a == "Bearer " + Token));
        Assert.AreEqual(new GitHubIds(7, 17, "owner/repo-7"), ids["owner/repo-7"]);
        Assert.AreEqual("new/name", ids["old/name"].Name);
        Assert.IsFalse(ids.ContainsKey("owner/gone"));
        foreach (var body in server.Bodies)
        {
            var query = JsonDocument.Parse(body).RootElement.GetProperty("query").GetString()!;
            Assert.DoesNotContain("owner/", query);
            Assert.DoesNotContain("repo-", query);
        }
    }

    [TestMethod]
    public async Task Without_a_token_nothing_is_asked()
    {
        using var folder = new TemporaryFolder();
        await using var server = await GitServer.StartAsync(folder.Path);
        using var without = Api(server, token: null);
        using var elsewhere = Api(server, servers: GitServers.From("https://ghe.example.org"));
        using var plain = Api(server, overLoopback: false);
        using var broken = Api(server, token: "a\r\nX-Evil: b");

        foreach (var api in new[] { without, elsewhere, plain, broken })
        {
            Assert.IsFalse(api.CanAsk(server.Address));
            Assert.AreEqual(TransportFailure.Unauthorized, (await FailsAsync(api, server)).Failure);
        }

        Assert.IsFalse(elsewhere.CanAsk(new Uri("https://github.com")));
        Assert.IsTrue(elsewhere.CanAsk(new Uri("https://ghe.example.org")));
        Assert.IsEmpty(server.Requests);
    }

    [TestMethod]
    [DataRow("a\"){evil}", "b")]
    [DataRow("a", "b}}")]
    [DataRow("a", "b\\")]
    [DataRow("", "b")]
    public async Task What_is_no_name_is_not_asked(string owner, string name)
    {
        using var folder = new TemporaryFolder();
        await using var server = await GitServer.StartAsync(folder.Path);
        using var api = Api(server);

        await Assert.ThrowsExactlyAsync<ArgumentException>(() => api.IdsAsync(server.Address, [$"{owner}/{name}"], default));
        Assert.IsEmpty(server.Requests);
    }

    [TestMethod]
    [DataRow("", TransportFailure.Malformed)]
    [DataRow("{}", TransportFailure.Malformed)]
    [DataRow("[]", TransportFailure.Malformed)]
    [DataRow("null", TransportFailure.Malformed)]
    [DataRow("{\"data\":null}", TransportFailure.Malformed)]
    [DataRow("{\"data\":{}}", TransportFailure.Malformed)]
    [DataRow("{\"data\":{\"r0\":1}}", TransportFailure.Malformed)]
    [DataRow("{\"data\":{\"r0\":{}}}", TransportFailure.Malformed)]
    [DataRow("{\"data\":{\"r0\":{\"databaseId\":\"1\",\"nameWithOwner\":\"o/r\",\"owner\":{\"databaseId\":1}}}}", TransportFailure.Malformed)]
    [DataRow("{\"data\":{\"r0\":{\"databaseId\":1,\"nameWithOwner\":\"o/r\\n\",\"owner\":{\"databaseId\":1}}}}", TransportFailure.Malformed)]
    [DataRow("{\"data\":{\"r0\":{\"databaseId\":1,\"nameWithOwner\":\"o/r\",\"owner\":{}}}}", TransportFailure.Malformed)]
    [DataRow("{\"data\":{\"r0\":null},\"errors\":[{\"message\":\"x\"}]}", TransportFailure.Malformed)]
    [DataRow("{\"data\":{\"r0\":null},\"errors\":1}", TransportFailure.Malformed)]
    [DataRow("{\"errors\":[{\"type\":\"RATE_LIMITED\"}]}", TransportFailure.RateLimited)]
    public async Task What_is_no_answer_is_none(string answer, TransportFailure expected)
    {
        using var folder = new TemporaryFolder();
        await using var server = await GitServer.StartAsync(folder.Path);
        using var api = Api(server);
        server.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer);
            return true;
        };

        Assert.AreEqual(expected, (await FailsAsync(api, server)).Failure);
    }

    [TestMethod]
    public async Task Nesting_size_and_redirects_have_limits()
    {
        using var folder = new TemporaryFolder();
        await using var server = await GitServer.StartAsync(folder.Path);
        using var api = Api(server);
        server.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(new string('[', 1_000_000));
            return true;
        };
        Assert.AreEqual(TransportFailure.Malformed, (await FailsAsync(api, server)).Failure);

        server.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(new string(' ', 5_000_000));
            return true;
        };
        Assert.AreEqual(TransportFailure.TooLarge, (await FailsAsync(api, server)).Failure);

        server.Answer = GitServerAnswers.Status(301, ("Location", "/api/graphql2"));
        Assert.AreEqual(TransportFailure.Redirected, (await FailsAsync(api, server)).Failure);

        server.Answer = GitServerAnswers.Status(401);
        Assert.DoesNotContain(Token, (await FailsAsync(api, server)).ToString());
    }

    private static GitHubApi Api(GitServer server, string? token = Token, GitServers? servers = null, bool overLoopback = true) => new(new GitClientOptions
    {
        Root = AppContext.BaseDirectory,
        Servers = servers ?? GitServers.From(server.Address.AbsoluteUri),
        Environment = name => name == "GH_TOKEN" ? token : null,
        CredentialsOverLoopback = overLoopback,
        Seams = new TransportSeams { Clock = new GitServerClock() },
    });

    private static Task<TransportException> FailsAsync(GitHubApi api, GitServer server)
        => Assert.ThrowsExactlyAsync<TransportException>(() => api.IdsAsync(server.Address, ["o/r"], default));

    // Ids are those of the number in the name.
    private static async Task<bool> AnswerAsync(HttpContext context, string body)
    {
        var variables = JsonDocument.Parse(body).RootElement.GetProperty("variables");
        var data = new Dictionary<string, object?>();
        var errors = new List<object>();
        for (var i = 0; variables.TryGetProperty($"n{i}", out var name); i++)
        {
            if (name.GetString() == "gone")
            {
                data[$"r{i}"] = null;
                errors.Add(new { type = "NOT_FOUND", path = new[] { $"r{i}" }, message = "Could not resolve" });
                continue;
            }

            var number = name.GetString() == "name" ? 0 : int.Parse(name.GetString()!.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);
            data[$"r{i}"] = new { databaseId = number + 10, nameWithOwner = name.GetString() == "name" ? "new/name" : $"owner/{name}", owner = new { databaseId = number } };
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(JsonSerializer.Serialize(errors.Count > 0 ? new { data, errors } : (object)new { data }));
        return true;
    }
}
