using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Hardening.Transport;
using Hardening.Transport.Git;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hardening.Tests;

/// <summary>
/// A git server on a free port of this machine: Kestrel before <c>git http-backend</c>, with real repositories in a folder, and whatever
/// answer a test puts in its place.
/// </summary>
internal sealed class GitServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly string folder;

    private GitServer(WebApplication application, string folder)
    {
        this.application = application;
        this.folder = folder;
    }

    public Uri Address => new(application.Urls.Single());

    /// <summary>What came, in the order in which it came: "POST /o/r/git-upload-pack".</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The header of each request; empty if it had none.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    /// <summary>Bodies of what came.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>Answers instead of git; false to leave it to git.</summary>
    public Func<HttpContext, Task<bool>> Answer { get; set; } = _ => Task.FromResult(false);

    /// <summary>Whether the header Git-Protocol gets through to git.</summary>
    public bool SpeaksVersion2 { get; set; } = true;

    /// <summary>Starts one over the repositories below a folder; with a certificate it speaks HTTPS, and HTTP/2 with it.</summary>
    public static async Task<GitServer> StartAsync(string folder, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(o =>
        {
            o.Limits.MaxRequestBodySize = null;
            o.Listen(IPAddress.Loopback, 0, listen => _ = certificate is null ? listen : listen.UseHttps(certificate));
        });
        builder.Logging.ClearProviders();
        var application = builder.Build();
        var server = new GitServer(application, folder);
        application.Run(server.HandleAsync);
        await application.StartAsync();
        return server;
    }

    public GitRemote Remote(string path = "o/r") => GitRemote.Create(Address, path, isNamedByUser: true);

    /// <summary>A client to whom the user named this server, and who waits for no retry.</summary>
    /// <param name="git">Limits.</param>
    /// <param name="transport">Limits.</param>
    /// <param name="seams">Where it touches the world.</param>
    /// <param name="token">GITHUB_TOKEN.</param>
    /// <param name="servers">What the user names instead.</param>
    /// <param name="overLoopback">Whether credentials may go to this server.</param>
    public GitClient Client(GitLimits? git = null, TransportLimits? transport = null, TransportSeams? seams = null, string? token = null, GitServers? servers = null, bool overLoopback = true) => new(new GitClientOptions
    {
        Root = folder,
        Git = git ?? new GitLimits(),
        Transport = transport ?? new TransportLimits(),
        Environment = name => name == "GITHUB_TOKEN" ? token : null,
        Servers = servers ?? GitServers.From(Address.AbsoluteUri),
        CredentialsOverLoopback = overLoopback,
        Seams = seams ?? new TransportSeams { Clock = new GitServerClock() },
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await application.StopAsync(now.Token);
        await application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        Bodies.Enqueue(Encoding.UTF8.GetString(body.ToArray()));
        if (!await Answer(context))
        {
            await BackendAsync(context, body.ToArray());
        }
    }

    private async Task BackendAsync(HttpContext context, byte[] body)
    {
        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[]
        {
            ("GIT_PROJECT_ROOT", folder), ("GIT_HTTP_EXPORT_ALL", "1"), ("REQUEST_METHOD", context.Request.Method), ("PATH_INFO", context.Request.Path.Value!), ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("QUERY_STRING", context.Request.QueryString.Value!.TrimStart('?')), ("CONTENT_TYPE", context.Request.ContentType ?? string.Empty), ("CONTENT_LENGTH", body.Length.ToString(CultureInfo.InvariantCulture)),
            ("GIT_PROTOCOL", SpeaksVersion2 ? context.Request.Headers["Git-Protocol"].ToString() : string.Empty),
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            var write = WriteAsync(process, body);
            await HeadersAsync(process.StandardOutput.BaseStream, context.Response);
            await process.StandardOutput.BaseStream.CopyToAsync(context.Response.Body, context.RequestAborted);
            await write;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client hung up, as it may.
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Process process, byte[] body)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(body);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // git answered without reading all.
        }
    }

    private static async Task HeadersAsync(Stream stream, HttpResponse response)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] != '\n')
            {
                line.Append((char)one[0]);
                continue;
            }

            var header = line.ToString().TrimEnd('\r').Split(": ", 2);
            line.Clear();
            if (header.Length < 2)
            {
                return;
            }

            if (header[0] == "Status")
            {
                response.StatusCode = int.Parse(header[1].AsSpan(0, 3), CultureInfo.InvariantCulture);
            }
            else
            {
                response.Headers[header[0]] = header[1];
            }
        }
    }
}
