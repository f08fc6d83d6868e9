using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>The web servers that people put before git, each in its own process.</summary>
[TestClass]
public sealed class GitServerProgramTests
{
    private const string Lighttpd = """
        server.modules = ("mod_setenv", "mod_alias", "mod_cgi")
        server.document-root = "@ROOT@"
        server.bind = "127.0.0.1"
        server.port = @PORT@
        server.errorlog = "@RUN@/error.log"
        server.upload-dirs = ("@RUN@")
        alias.url = ("" => "@BACKEND@")
        cgi.assign = ("" => "")
        setenv.set-environment = ("GIT_PROJECT_ROOT" => "@ROOT@", "GIT_HTTP_EXPORT_ALL" => "1")
        """;

    private const string Nginx = """
        daemon off;
        @USER@
        worker_processes 1;
        pid @RUN@/nginx.pid;
        error_log @RUN@/error.log;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path @RUN@/body;
          fastcgi_temp_path @RUN@/fastcgi;
          proxy_temp_path @RUN@/proxy;
          uwsgi_temp_path @RUN@/uwsgi;
          scgi_temp_path @RUN@/scgi;
          server {
            listen 127.0.0.1:@PORT@;
            location / {
              fastcgi_param SCRIPT_FILENAME @BACKEND@;
              fastcgi_param GIT_PROJECT_ROOT @ROOT@;
              fastcgi_param GIT_HTTP_EXPORT_ALL 1;
              fastcgi_param PATH_INFO $uri;
              fastcgi_param QUERY_STRING $query_string;
              fastcgi_param REQUEST_METHOD $request_method;
              fastcgi_param CONTENT_TYPE $content_type;
              fastcgi_param CONTENT_LENGTH $content_length;
              fastcgi_param GIT_PROTOCOL $http_git_protocol;
              fastcgi_buffering off;
              fastcgi_pass unix:@RUN@/s;
            }
          }
        }
        """;

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Lighttpd_serves_listings_trees_and_histories()
    {
        using var run = new TemporaryFolder();
        using var sample = Sample();
        var (address, configuration) = Configure(run, sample, Lighttpd);
        using var server = Start("lighttpd", "-D", "-f", configuration);

        await WorksAsync(sample, await ReadyAsync(server, address));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Nginx_with_fcgiwrap_serves_listings_trees_and_histories()
    {
        using var run = new TemporaryFolder();
        using var sample = Sample();
        var (address, configuration) = Configure(run, sample, Nginx);
        using var backend = Start("fcgiwrap", "-c", "4", "-s", $"unix:{run.Path}/s");
        using var server = Start("nginx", "-c", configuration, "-e", run.At("error.log"));

        await WorksAsync(sample, await ReadyAsync(server, address));
    }

    private static async Task WorksAsync(GitSample sample, Uri address)
    {
        using var client = Client(address);
        var remote = GitRemote.Create(address, "o/r", true);
        var (first, last) = (sample.Git("rev-parse", "HEAD~1"), sample.Git("rev-parse", "HEAD"));

        Assert.AreEqual(last, (await client.ListRefsAsync(remote, ["refs/heads/"], default)).Find("refs/heads/main")!.Commit);
        Assert.AreEqual(Reach.Reachable, await client.ReachAsync(remote, last, default));
        Assert.AreEqual(Reach.Reachable, await client.ReachAsync(remote, first, default));
        Assert.AreEqual(Reach.NotReachable, await client.ReachAsync(remote, sample.Git("rev-parse", "refs/pull/1/head"), default));
        Assert.AreEqual(Reach.Absent, await client.ReachAsync(remote, GitServerAnswers.Commit, default));
        using var tree = await client.FetchAsync(remote, first, default);
        Assert.AreEqual("one", System.Text.Encoding.UTF8.GetString((await tree.ReadAsync("a", 10, default))!));
        Assert.HasCount(301, tree.Entries);
        var failure = await Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(GitRemote.Create(address, "o/gone", true), [], default));
        Assert.AreEqual(TransportFailure.NotFound, failure.Failure);
    }

    private static GitSample Sample()
    {
        var sample = new GitSample(root: "o/r");
        foreach (var i in Enumerable.Range(0, 300))
        {
            sample.Write($"f/{i}", $"{i}");
        }

        sample.Write("a", "one").Commit();
        sample.Write("a", "two").Commit();
        sample.Write("a", "evil").Commit();
        sample.Git("update-ref", "refs/pull/1/head", "HEAD");
        sample.Git("reset", "-q", "--hard", "HEAD~1");
        return sample;
    }

    private static GitClient Client(Uri address) => new(new GitClientOptions
    {
        Root = AppContext.BaseDirectory,
        Servers = GitServers.From(address.AbsoluteUri),
        Environment = _ => null,
    });

    private static (Uri Address, string Path) Configure(TemporaryFolder run, GitSample sample, string text)
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var configuration = text
            .Replace("@ROOT@", sample.Base, StringComparison.Ordinal)
            .Replace("@RUN@", run.Path, StringComparison.Ordinal)
            .Replace("@PORT@", port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@BACKEND@", Path.Combine(sample.Git("--exec-path"), "git-http-backend"), StringComparison.Ordinal)
            .Replace("@USER@", Environment.UserName == "root" ? "user root;" : string.Empty, StringComparison.Ordinal);
        return (new Uri($"http://127.0.0.1:{port}"), run.File("server.conf", configuration));
    }

    private static ServerProcess Start(string name, params string[] arguments)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/local/sbin").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.Inconclusive($"{name} is not on this machine.");
        }

        return new ServerProcess(Process.Start(new ProcessStartInfo(path!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!);
    }

    private static async Task<Uri> ReadyAsync(ServerProcess server, Uri address)
    {
        while (true)
        {
            Assert.IsFalse(server.Process.HasExited, server.Process.HasExited ? await server.Process.StandardError.ReadToEndAsync() : string.Empty);
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, address.Port);
                return address;
            }
            catch (SocketException)
            {
                await Task.Delay(10);
            }
        }
    }

    // With the processes that it starts.
    private sealed record ServerProcess(Process Process) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
            Process.Dispose();
        }
    }
}
