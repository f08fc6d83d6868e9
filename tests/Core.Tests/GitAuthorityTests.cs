using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>
/// A server with a certificate of an own authority, as companies have it. What .NET trusts is read once a process from the environment, so the
/// client is this same test in a process of its own.
/// </summary>
[TestClass]
public sealed class GitAuthorityTests
{
    private const string Variable = "HARDENING_TEST_SERVER";

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task An_own_authority_is_trusted_if_SSL_CERT_FILE_names_it()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } server)
        {
            await AskAsync(new Uri(server));
            return;
        }

        using var folder = new TemporaryFolder();
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        sample.Commit();
        using var authority = Authority();
        using var certificate = Certificate(authority);
        await using var git = await GitServer.StartAsync(sample.Base, certificate);
        var protocols = new ConcurrentQueue<string>();
        git.Answer = context =>
        {
            protocols.Enqueue(context.Request.Protocol);
            return Task.FromResult(false);
        };
        var file = folder.File("authority.pem", authority.ExportCertificatePem());

        Assert.AreEqual(0, await ChildAsync(git.Address, file));
        Assert.AreNotEqual(0, await ChildAsync(git.Address, null));
        Assert.IsTrue(protocols.All(p => p == "HTTP/2"));
        Assert.HasCount(4, git.Requests, "one request each for a listing, capabilities, a history and a tree");
    }

    private static async Task AskAsync(Uri server)
    {
        using var client = new GitClient(new GitClientOptions { Root = AppContext.BaseDirectory, Servers = GitServers.From(server.AbsoluteUri), Environment = _ => null });
        var remote = GitRemote.Create(server, "o/r", isNamedByUser: true);

        var tip = (await client.ListRefsAsync(remote, ["refs/heads/", "refs/tags/"], default)).All.Single().Commit;
        Assert.AreEqual(Reach.Absent, await client.ReachAsync(remote, GitServerAnswers.Commit, default));
        using var tree = await client.FetchAsync(remote, tip, default);
        Assert.AreEqual(tip, tree.Commit);
    }

    private static async Task<int> ChildAsync(Uri server, string? authority)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(typeof(GitAuthorityTests).Assembly.Location, null), ["--filter", $"FullyQualifiedName={typeof(GitAuthorityTests).FullName}.{nameof(An_own_authority_is_trusted_if_SSL_CERT_FILE_names_it)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Variable] = server.AbsoluteUri;
        start.Environment["SSL_CERT_FILE"] = authority;
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync();
        _ = child.StandardError.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.Contains("total: 1", await output);
        return child.ExitCode;
    }

    private static X509Certificate2 Authority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Certificate(X509Certificate2 authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=git", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
        return signed.CopyWithPrivateKey(key);
    }
}
