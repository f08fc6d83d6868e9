using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Hardening.Transport.Git;

/// <summary>
/// Asks GitHub's GraphQL interface for the ids of repositories and their owners, a hundred at a time. Only with the token of the environment,
/// and only the server that it belongs to.
/// </summary>
public sealed class GitHubApi : IDisposable
{
    private const int BatchSize = 100;
    private const int LargestAnswer = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    private readonly HttpPipeline pipeline;
    private readonly GitCredentials credentials;

    /// <summary>Opens no connection yet.</summary>
    public GitHubApi(GitClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        pipeline = new HttpPipeline(options.Transport, options.Seams);
        credentials = new GitCredentials(options, CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose() => pipeline.Dispose();

    /// <summary>Whether the environment has a token for a server.</summary>
    public bool CanAsk(Uri server) => credentials.TokenFor(server) is not null;

    /// <summary>The ids of repositories, by the name they were asked for.</summary>
    /// <param name="server">The server, as in <see cref="GitServers.Default"/>.</param>
    /// <param name="repositories"><c>owner/repo</c> each.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>What is not there, or not shown to this token, is left out.</returns>
    /// <exception cref="ArgumentException">One is not written as owner/repo.</exception>
    /// <exception cref="TransportException">There is no token (<see cref="TransportFailure.Unauthorized"/>), or the server gave no answer.</exception>
    public async Task<IReadOnlyDictionary<string, GitHubIds>> IdsAsync(Uri server, IReadOnlyList<string> repositories, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        var token = credentials.TokenFor(server) ?? throw new TransportException(TransportFailure.Unauthorized, $"{HttpFailures.Shown(server)}: there is no token for it in the environment.");
        var ids = new Dictionary<string, GitHubIds>(StringComparer.Ordinal);
        foreach (var batch in repositories.Distinct(StringComparer.Ordinal).Select(r => GitRemote.Create(server, r, isNamedByUser: true)).Chunk(BatchSize))
        {
            var exchange = new HttpExchange(AddressOf(server), true, to => Request(to, Query(batch), token), _ => false, LargestAnswer);
            foreach (var (remote, found) in await pipeline.SendAsync(exchange, (response, stream, _) => ReadAsync(exchange.Address, response, stream, batch), cancellation).ConfigureAwait(false))
            {
                ids[remote.Path] = found;
            }
        }

        return ids;
    }

    /// <summary>Where the interface of a server is: GitHub's own hosts have one of their own for it, others a path.</summary>
    internal static Uri AddressOf(Uri server)
        => server.IdnHost == "github.com" || server.IdnHost.EndsWith(".ghe.com", StringComparison.Ordinal) ? new Uri($"https://api.{server.IdnHost}/graphql") : new Uri(server, "/api/graphql");

    // Names are only ever values of variables; the text of the query is made of numbers.
    private static byte[] Query(GitRemote[] batch)
    {
        var numbers = Enumerable.Range(0, batch.Length).ToList();
        var declared = string.Join(',', numbers.Select(i => $"$o{i}:String!,$n{i}:String!"));
        var asked = string.Concat(numbers.Select(i => $"r{i}:repository(owner:$o{i},name:$n{i}){{...f}}"));
        var query = $"query({declared}){{{asked}}}fragment f on Repository{{databaseId nameWithOwner owner{{...on User{{databaseId}}...on Organization{{databaseId}}}}}}";
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("query", query);
            json.WriteStartObject("variables");
            foreach (var i in numbers)
            {
                var names = batch[i].Path.Split('/');
                json.WriteString($"o{i}", names[0]);
                json.WriteString($"n{i}", names[1]);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static HttpRequestMessage Request(Uri address, byte[] body, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Version = System.Net.HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("hardening-sdk", null));
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }

    private static async Task<List<(GitRemote, GitHubIds)>> ReadAsync(Uri address, HttpResponseMessage response, AnswerStream stream, GitRemote[] batch)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            throw Malformed(address);
        }

        var body = await stream.ReadToEndAsync().ConfigureAwait(false);
        try
        {
            using var json = JsonDocument.Parse(body, Strict);
            return Ids(address, json.RootElement, batch);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Malformed(address, e);
        }
    }

    private static List<(GitRemote, GitHubIds)> Ids(Uri address, JsonElement root, GitRemote[] batch)
    {
        foreach (var error in root.TryGetProperty("errors", out var errors) ? errors.EnumerateArray().ToList() : [])
        {
            // Both are said of one repository, beside what is known of the others.
            var type = error.TryGetProperty("type", out var value) ? value.GetString() : null;
            if (type is not ("NOT_FOUND" or "FORBIDDEN") || !error.TryGetProperty("path", out _))
            {
                throw type == "RATE_LIMITED" ? new TransportException(TransportFailure.RateLimited, $"{HttpFailures.Shown(address)}: the server was asked too often.") : Malformed(address);
            }
        }

        var data = root.GetProperty("data");
        var ids = new List<(GitRemote, GitHubIds)>();
        for (var i = 0; i < batch.Length; i++)
        {
            var repository = data.GetProperty(string.Create(CultureInfo.InvariantCulture, $"r{i}"));
            if (repository.ValueKind != JsonValueKind.Null)
            {
                var name = repository.GetProperty("nameWithOwner").GetString();
                ids.Add((batch[i], GitRemote.TryCreate(batch[i].Server, name ?? string.Empty, true, out _, out _)
                    ? new GitHubIds(repository.GetProperty("owner").GetProperty("databaseId").GetInt64(), repository.GetProperty("databaseId").GetInt64(), name!)
                    : throw Malformed(address)));
            }
        }

        return ids;
    }

    private static TransportException Malformed(Uri address, Exception? inner = null)
        => new(TransportFailure.Malformed, $"{HttpFailures.Shown(address)}: the answer is not what GitHub's GraphQL interface sends.", inner);
}
