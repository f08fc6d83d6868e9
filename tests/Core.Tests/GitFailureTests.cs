using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Hardening.Transport;
using Hardening.Transport.Git;
using Microsoft.AspNetCore.Http;

namespace Hardening.Tests;

/// <summary>Servers that fail, break off, lie, wait or send us elsewhere.</summary>
[TestClass]
public sealed class GitFailureTests
{
    private static readonly string[] Heads = ["refs/heads/"];

    [TestMethod]
    [DataRow(401, TransportFailure.Unauthorized, 1)]
    [DataRow(403, TransportFailure.Forbidden, 1)]
    [DataRow(451, TransportFailure.Forbidden, 1)]
    [DataRow(404, TransportFailure.NotFound, 1)]
    [DataRow(410, TransportFailure.NotFound, 1)]
    [DataRow(429, TransportFailure.RateLimited, 3)]
    [DataRow(500, TransportFailure.ServerError, 3)]
    [DataRow(502, TransportFailure.ServerError, 3)]
    [DataRow(503, TransportFailure.ServerError, 3)]
    [DataRow(501, TransportFailure.ServerError, 1)]
    [DataRow(204, TransportFailure.Malformed, 2)]
    [DataRow(206, TransportFailure.Malformed, 2)]
    [DataRow(400, TransportFailure.Malformed, 2)]
    [DataRow(304, TransportFailure.Malformed, 2)]
    public async Task A_status_has_a_meaning_and_only_some_are_asked_again(int status, TransportFailure expected, int requests)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        server.Answer = GitServerAnswers.Status(status);

        var failure = await FailsAsync(client, server.Remote());

        Assert.AreEqual(expected, failure.Failure);
        Assert.IsNull(failure.RetryAfter);

        // An answer that is none of the protocol leads to the question what the server can.
        Assert.HasCount(requests, server.Requests);
        Assert.Contains($"{server.Address.Authority}/o/r/", failure.Message);
    }

    [TestMethod]
    public async Task A_server_that_recovers_has_answered()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        var clock = new GitServerClock();
        using var client = server.Client(seams: new TransportSeams { Clock = clock });
        server.Answer = async context => server.Requests.Count switch
        {
            1 => await GitServerAnswers.Status(503, ("Retry-After", "7"))(context),
            2 => BreakOff(context),
            _ => false,
        };

        Assert.HasCount(1, (await client.ListRefsAsync(server.Remote(), Heads, default)).All);
        Assert.AreEqual(TimeSpan.FromSeconds(7), clock.Waits.First());
        Assert.HasCount(2, clock.Waits);
    }

    [TestMethod]
    [DataRow("Retry-After: 1", 3, 1)]
    [DataRow("Retry-After: 40", 2, 40)]
    [DataRow("Retry-After: 3600", 1, 3600)]
    [DataRow("Retry-After: 99999999999", 1, null)]
    [DataRow("Retry-After: 999999999", 1, 86400)]
    [DataRow("Retry-After: Mon, 01 Jan 2001 00:00:00 GMT", 3, 0)]
    [DataRow("Retry-After: Fri, 01 Jan 2100 00:00:00 GMT", 1, 86400)]
    public async Task A_server_is_asked_again_when_it_says_if_that_is_soon(string header, int requests, int? seconds)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        var clock = new GitServerClock();
        using var client = server.Client(seams: new TransportSeams { Clock = clock });
        var parts = header.Split(": ", 2);
        server.Answer = GitServerAnswers.Status(429, (parts[0], parts[1]));

        var failure = await FailsAsync(client, server.Remote());

        Assert.AreEqual(TransportFailure.RateLimited, failure.Failure);
        Assert.AreEqual(seconds, (int?)failure.RetryAfter?.TotalSeconds);
        if (seconds is not null)
        {
            Assert.HasCount(requests, server.Requests);
            Assert.IsTrue(clock.Waits.All(w => w <= TimeSpan.FromSeconds(60)));
        }
    }

    [TestMethod]
    public async Task A_403_with_the_headers_of_a_rate_limit_is_one()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        foreach (var headers in new (string, string)[][]
        {
            [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", DateTimeOffset.UtcNow.AddMinutes(30).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture))],
            [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "9999999999999999999")],
            [("Retry-After", "1800")],
        })
        {
            using var client = server.Client();
            server.Answer = GitServerAnswers.Status(403, headers);
            Assert.AreEqual(TransportFailure.RateLimited, (await FailsAsync(client, server.Remote())).Failure);
        }
    }

    [TestMethod]
    public async Task What_breaks_off_in_the_middle_is_asked_again_and_then_unreachable()
    {
        using var sample = new GitSample(root: "o/r");
        var commit = sample.Write("a", new string('x', 100)).Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        server.Answer = async context =>
        {
            context.Response.ContentType = "application/x-git-upload-pack-result";
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(server.Bodies.Last().Contains("ls-refs", StringComparison.Ordinal) ? "00" : GitServerAnswers.Line("packfile\n") + "0040"));
            await context.Response.Body.FlushAsync();
            return BreakOff(context);
        };
        using var client = server.Client();

        Assert.AreEqual(TransportFailure.Unreachable, (await FailsAsync(client, server.Remote())).Failure);
        Assert.HasCount(3, server.Requests);
        Assert.AreEqual(TransportFailure.Unreachable, (await Assert.ThrowsExactlyAsync<TransportException>(() => client.FetchAsync(server.Remote(), commit, default))).Failure);
    }

    [TestMethod]
    [DataRow("SSH-2.0-x\r\n", TransportFailure.Malformed)]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-result\r\nContent-Length: 5\r\n\r\n0000more", TransportFailure.Malformed)]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-result\r\nContent-Length: 5000\r\n\r\n0000", TransportFailure.Unreachable)]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-result\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", TransportFailure.Malformed)]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-result\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n0000", TransportFailure.Malformed)]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n0000", TransportFailure.Malformed)]
    [DataRow("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", TransportFailure.Malformed)]
    [DataRow("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", TransportFailure.Malformed)]
    [DataRow("HTTP/1.1 302 Found\r\nLocation: http://[::\r\nContent-Length: 0\r\n\r\n", TransportFailure.Malformed)]
    public async Task What_is_no_answer_of_HTTP_is_none(string answer, TransportFailure expected)
    {
        using var server = new GitServerRaw(answer);

        Assert.AreEqual(expected, (await FailsAsync(server)).Failure);
    }

    [TestMethod]
    public async Task Headers_without_end_are_not_read()
    {
        using var server = new GitServerRaw(async stream =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            for (var i = 0; i < 100_000; i++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-{i}: {new string('x', 1000)}\r\n"));
            }
        });

        Assert.AreEqual(TransportFailure.TooLarge, (await FailsAsync(server)).Failure);
    }

    [TestMethod]
    public async Task A_listing_without_end_is_not_read()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client(new GitLimits { RefsBytes = 1_000_000 });
        server.Answer = async context =>
        {
            context.Response.ContentType = "application/x-git-upload-pack-result";
            for (var i = 0; !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.WriteAsync(GitServerAnswers.Line($"{GitServerAnswers.Commit} refs/heads/b{i}\n"));
            }

            return true;
        };

        Assert.AreEqual(TransportFailure.TooLarge, (await FailsAsync(client, server.Remote())).Failure);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("HTTP/1.1 200 OK\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-result\r\nContent-Length: 4\r\n\r\n00")]
    public async Task Who_says_nothing_is_waited_for_once(string begin)
    {
        var gate = new TaskCompletionSource();
        using var server = new GitServerRaw(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(begin));
            await gate.Task;
        });

        var failure = await FailsAsync(server, new TransportLimits { Idle = TimeSpan.FromMilliseconds(200), Connect = TimeSpan.FromMilliseconds(200) });

        Assert.AreEqual(TransportFailure.Timeout, failure.Failure);
        Assert.IsTrue(server.Heard.Count <= 1);
        gate.SetResult();
    }

    [TestMethod]
    public async Task Who_says_a_letter_now_and_then_is_not_waited_for_either()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client(transport: new TransportLimits { Total = TimeSpan.FromMilliseconds(700) });
        server.Answer = async context =>
        {
            context.Response.ContentType = "application/x-git-upload-pack-result";
            for (var i = 0; !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.WriteAsync(GitServerAnswers.Line($"{GitServerAnswers.Commit} refs/heads/b{i}\n"));
                await context.Response.Body.FlushAsync();
                await Task.Delay(10);
            }

            return true;
        };

        Assert.AreEqual(TransportFailure.Timeout, (await FailsAsync(client, server.Remote())).Failure);
    }

    [TestMethod]
    public async Task A_host_that_is_down_is_not_asked_a_thousand_times()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        server.Answer = GitServerAnswers.Status(500);
        using var client = server.Client();

        for (var i = 0; i < 30; i++)
        {
            Assert.IsTrue((await FailsAsync(client, server.Remote($"o/r{i}"))).IsTransient);
        }

        Assert.HasCount(6, server.Requests);
    }

    [TestMethod]
    public async Task Nobody_listens()
    {
        Uri address;
        using (var server = new GitServerRaw(string.Empty))
        {
            address = server.Address;
        }

        using var client = ClientOf(address);

        var failure = await FailsAsync(client, GitRemote.Create(address, "o/r", true));

        Assert.AreEqual(TransportFailure.Unreachable, failure.Failure);
        Assert.Contains("ConnectionRefused", failure.Message);
    }

    [TestMethod]
    public async Task A_name_without_an_address_is_unreachable()
    {
        using var client = ClientOf(new Uri("https://nothing.invalid"), new TransportSeams
        {
            Clock = new GitServerClock(),
            Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound),
        });

        var failure = await FailsAsync(client, GitRemote.Create(new Uri("https://nothing.example.org"), "o/r", false));

        Assert.AreEqual(TransportFailure.Unreachable, failure.Failure);
        Assert.Contains("the name has no address", failure.Message);
    }

    [TestMethod]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_once()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var hellos = 0;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accept = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                hellos++;
                using var tls = new System.Net.Security.SslStream(connection.GetStream());
                try
                {
                    await tls.AuthenticateAsServerAsync(certificate);
                    await tls.CopyToAsync(Stream.Null);
                }
                catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // The client did not like the certificate.
                }
            }
        });
        var address = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var client = ClientOf(address);

        Assert.AreEqual(TransportFailure.Tls, (await FailsAsync(client, GitRemote.Create(address, "o/r", true))).Failure);
        Assert.AreEqual(1, hellos);
        Assert.IsFalse(accept.IsCompletedSuccessfully);
    }

    [TestMethod]
    public async Task No_more_requests_run_at_a_time_than_may()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client(transport: new TransportLimits { Requests = 2 });
        var (now, most) = (0, 0);
        server.Answer = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(20);
            Interlocked.Decrement(ref now);
            return false;
        };

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => client.ListRefsAsync(server.Remote(), [$"refs/heads/{i}"], default)));

        Assert.IsTrue(most <= 2);
        Assert.HasCount(10, server.Requests);
    }

    [TestMethod]
    [DataRow("/o/r.git/git-upload-pack")]
    [DataRow("/O/R/git-upload-pack")]
    public async Task The_same_repository_under_its_other_name_is_followed(string location)
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client(token: "s3cret");
        server.Answer = async context =>
        {
            if (context.Request.Path.Value == "/o/r/git-upload-pack")
            {
                return await GitServerAnswers.Status(301, ("Location", location))(context);
            }

            context.Request.Path = "/o/r/git-upload-pack";
            return false;
        };

        Assert.HasCount(1, (await client.ListRefsAsync(server.Remote(), Heads, default)).All);
        CollectionAssert.AreEqual(new[] { "POST /o/r/git-upload-pack", "POST " + location }, server.Requests.ToArray());
        Assert.IsTrue(server.Authorizations.All(a => a.StartsWith("Basic ", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("/o/r2/git-upload-pack", true)]
    [DataRow("/other/r/git-upload-pack", true)]
    [DataRow("/login?to=/o/r", true)]
    [DataRow("//evil.example/o/r/git-upload-pack", false)]
    [DataRow("https://127.0.0.1/o/r/git-upload-pack", false)]
    [DataRow("http://user:s3cret@127.0.0.2/o/r/git-upload-pack", false)]
    [DataRow("http://127.0.0.1:1/o/r/git-upload-pack", false)]
    public async Task Anywhere_else_is_told_and_not_followed(string location, bool isMoved)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client(token: "s3cret");
        server.Answer = GitServerAnswers.Status(302, ("Location", location));

        var failure = await FailsAsync(client, server.Remote());

        Assert.AreEqual(TransportFailure.Redirected, failure.Failure);
        Assert.AreEqual(isMoved, failure.IsMoved);
        Assert.AreEqual(new Uri(server.Address, location).AbsolutePath, failure.RedirectedTo!.AbsolutePath);
        Assert.AreEqual(string.Empty, failure.RedirectedTo.UserInfo + failure.RedirectedTo.Query);
        Assert.DoesNotContain("s3cret", failure.ToString());
        Assert.HasCount(1, server.Requests);
    }

    [TestMethod]
    public async Task A_redirect_to_another_host_gives_it_no_credential()
    {
        using var sample = new GitSample(root: "o/r");
        await using var other = await GitServer.StartAsync(sample.Base);
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client(token: "s3cret");
        server.Answer = GitServerAnswers.Status(307, ("Location", new Uri(other.Address, "/o/r/git-upload-pack").AbsoluteUri));

        var failure = await FailsAsync(client, server.Remote());

        Assert.IsFalse(failure.IsMoved);
        Assert.AreEqual(other.Address.Authority, failure.RedirectedTo!.Authority);
        Assert.IsEmpty(other.Requests);
        Assert.StartsWith("Basic ", server.Authorizations.Single());
    }

    [TestMethod]
    public async Task Redirects_in_a_circle_come_to_an_end()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        server.Answer = GitServerAnswers.Status(308, ("Location", "/o/r.git/git-upload-pack"));

        Assert.AreEqual(TransportFailure.Redirected, (await FailsAsync(client, server.Remote())).Failure);
        Assert.HasCount(3, server.Requests);
    }

    [TestMethod]
    public async Task Failures_stay_unless_they_can_pass()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        server.Answer = GitServerAnswers.Status(404);
        await FailsAsync(client, server.Remote("o/gone"));
        await FailsAsync(client, server.Remote("o/gone"));
        Assert.HasCount(1, server.Requests);

        server.Answer = GitServerAnswers.Status(429, ("Retry-After", "100"));
        await FailsAsync(client, server.Remote());
        server.Answer = _ => Task.FromResult(false);
        Assert.HasCount(1, (await client.ListRefsAsync(server.Remote(), Heads, default)).All);
    }

    [TestMethod]
    public async Task After_the_end_nothing_is_asked()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        var gate = new TaskCompletionSource();
        server.Answer = async _ =>
        {
            await gate.Task;
            return false;
        };
        var client = server.Client();
        var running = client.ListRefsAsync(server.Remote(), Heads, default);

        client.Dispose();

        await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        gate.SetResult();
    }

    private static GitClient ClientOf(Uri address, TransportSeams? seams = null, TransportLimits? limits = null) => new(new GitClientOptions
    {
        Root = AppContext.BaseDirectory,
        Servers = GitServers.From(address.AbsoluteUri),
        Environment = _ => null,
        Seams = seams ?? new TransportSeams { Clock = new GitServerClock() },
        Transport = limits ?? new TransportLimits(),
    });

    private static async Task<TransportException> FailsAsync(GitServerRaw server, TransportLimits? limits = null)
    {
        using var client = ClientOf(server.Address, limits: limits);
        return await FailsAsync(client, GitRemote.Create(server.Address, "o/r", true));
    }

    private static Task<TransportException> FailsAsync(GitClient client, GitRemote remote)
        => Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(remote, Heads, default));

    private static bool BreakOff(HttpContext context)
    {
        context.Abort();
        return true;
    }
}
