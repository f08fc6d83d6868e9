using System.Net.Http.Headers;

namespace Hardening.Transport.Git;

/// <summary>Requests of git's smart HTTP (gitprotocol-http), each with the credential that belongs to its repository.</summary>
internal sealed class GitHttp(HttpPipeline pipeline, GitCredentials credentials)
{
    private const string Upload = "/git-upload-pack";
    private const string Advertisement = "/info/refs?service=git-upload-pack";

    // Servers that let git in and keep crawlers out tell them by this beginning.
    private static readonly ProductInfoHeaderValue Agent = new("git", "hardening-sdk");

    /// <summary>Sends a command and reads its answer.</summary>
    internal Task<T> CommandAsync<T>(GitRemote remote, byte[] body, long largest, Func<PktReader, CancellationToken, Task<T>> read, CancellationToken cancellation)
        => AskAsync(remote, Upload, body, largest, read, cancellation);

    /// <summary>Asks what the server can.</summary>
    internal Task<GitCapabilities> CapabilitiesAsync(GitRemote remote, CancellationToken cancellation)
        => AskAsync(remote, Advertisement, null, 4L * 1024 * 1024, (reader, _) => GitCapabilities.ReadAsync(reader), cancellation);

    private async Task<T> AskAsync<T>(GitRemote remote, string service, byte[]? body, long largest, Func<PktReader, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var credential = credentials.Known(remote);
        try
        {
            return await SendAsync(remote, service, body, largest, credential, read, cancellation).ConfigureAwait(false);
        }
        catch (TransportException e) when (e.Failure == TransportFailure.Unauthorized && credential is null)
        {
            credential = await credentials.FillAsync(remote, cancellation).ConfigureAwait(false);
            if (credential is null)
            {
                throw;
            }
        }

        return await SendAsync(remote, service, body, largest, credential, read, cancellation).ConfigureAwait(false);
    }

    private Task<T> SendAsync<T>(GitRemote remote, string service, byte[]? body, long largest, GitCredential? credential, Func<PktReader, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var address = new Uri(remote.Url.AbsoluteUri + service);
        var exchange = new HttpExchange(address, remote.IsNamedByUser, to => Request(to, body, credential), to => remote.IsAddressOf(to, service), largest);
        return pipeline.SendAsync(exchange, (response, stream, token) => ReadAsync(response, new PktReader(stream, address), body is null, read, token), cancellation);
    }

    private static HttpRequestMessage Request(Uri address, byte[]? body, GitCredential? credential)
    {
        var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, address) { Version = System.Net.HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add("Git-Protocol", "version=2");
        request.Headers.Authorization = credential?.Header;
        if (body is not null)
        {
            request.Headers.Accept.ParseAdd("application/x-git-upload-pack-result");
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-git-upload-pack-request") } };
        }

        return request;
    }

    private static Task<T> ReadAsync<T>(HttpResponseMessage response, PktReader reader, bool isAdvertisement, Func<PktReader, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        // A page to log in, or of a proxy, is the usual other thing.
        var expected = isAdvertisement ? "application/x-git-upload-pack-advertisement" : "application/x-git-upload-pack-result";
        return response.Content.Headers.ContentType?.MediaType == expected
            ? read(reader, cancellation)
            : throw new TransportException(TransportFailure.Malformed, $"{reader.Address}: what answers there is no git server that speaks smart HTTP.");
    }
}
