using System.Net;
using System.Text;
using Hardening.Ecosystems.NuGet;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class PublicationDatesTests
{
    private static readonly DateTime Written = new(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    [TestMethod]
    public async Task A_folder_tells_the_time_of_the_file()
    {
        using var folder = Repository("<add key='feed' value='../feed' />");
        File.SetLastWriteTimeUtc(PackageSamples.Archive(folder.At("feed/A.1.0.0.nupkg"), ("A.nuspec", Nuspec)), Written);
        using var dates = new PublicationDates([folder.At("repo")]);

        Assert.AreEqual(Written, (await dates.AskAsync(Package("A"), folder.At("feed"), CancellationToken.None))!.Value.UtcDateTime);
        Assert.IsNull(await dates.AskAsync(Package("B"), folder.At("feed"), CancellationToken.None));
    }

    [TestMethod]
    [DataRow("<add key='feed' value='../feed' />", "other", "which is no enabled source of this repository's NuGet settings")]
    [DataRow("<add key='feed' value='../feed' />", "feed/../other", "which is no enabled source of this repository's NuGet settings")]
    [DataRow("<add key='feed' value='../feed' /></packageSources><disabledPackageSources><add key='feed' value='true' /></disabledPackageSources><packageSources>", "feed", "which is no enabled source of this repository's NuGet settings")]
    public async Task Only_enabled_sources_are_asked(string sources, string source, string reason)
    {
        using var folder = Repository(sources);
        using var dates = new PublicationDates([folder.At("repo")]);

        var refused = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => dates.AskAsync(Package("A"), Path.Combine(folder.Path, source), CancellationToken.None));
        Assert.Contains(reason, refused.Message);
    }

    [TestMethod]
    public async Task A_source_that_is_not_there_is_told()
    {
        const string Nowhere = "http://127.0.0.1:1/index.json";
        using var folder = Repository($"<add key='feed' value='{Nowhere}' allowInsecureConnections='true' /><add key='gone' value='../gone' />");
        using var dates = new PublicationDates([folder.At("repo")]);

        Assert.StartsWith("feed did not answer: ", (await Assert.ThrowsExactlyAsync<InvalidDataException>(() => dates.AskAsync(Package("A"), Nowhere, CancellationToken.None))).Message);
        Assert.IsNull(await dates.AskAsync(Package("A"), folder.At("gone"), CancellationToken.None));
    }

    [TestMethod]
    public async Task A_password_is_not_repeated()
    {
        using var folder = Repository("<add key='feed' value='../feed' />");
        using var dates = new PublicationDates([folder.At("repo")]);

        Assert.DoesNotContain("secret", (await Assert.ThrowsExactlyAsync<InvalidDataException>(() => dates.AskAsync(Package("A"), "https://me:secret@evil.example/index.json", CancellationToken.None))).Message);
    }

    [TestMethod]
    [DataRow("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z")]
    [DataRow("1900-01-01T00:00:00+00:00", "1900-01-01T00:00:00Z")]
    [DataRow(null, null)]
    public async Task A_server_tells_what_it_published(string? published, string? expected)
    {
        using var server = new Server(published);
        using var folder = Repository($"<add key='feed' value='{server.Index}' allowInsecureConnections='true' />");
        using var dates = new PublicationDates([folder.At("repo")]);
        var date = await dates.AskAsync(Package("A"), server.Index, CancellationToken.None);

        Assert.AreEqual(expected is null ? null : DateTimeOffset.Parse(expected, null), date);
    }

    [TestMethod]
    [DataRow("right", true)]
    [DataRow("wrong", false)]
    public async Task Credentials_of_the_settings_are_used(string password, bool expected)
    {
        using var server = new Server("2026-11-20T10:00:00Z", password: "right");
        using var folder = Repository($"<add key='feed' value='{server.Index}' allowInsecureConnections='true' /></packageSources><packageSourceCredentials><feed><add key='Username' value='me' /><add key='ClearTextPassword' value='{password}' /></feed></packageSourceCredentials><packageSources>");
        using var dates = new PublicationDates([folder.At("repo")]);

        if (expected)
        {
            Assert.AreEqual(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero), await dates.AskAsync(Package("A"), server.Index, CancellationToken.None));
        }
        else
        {
            Assert.StartsWith("feed did not answer: ", (await Assert.ThrowsExactlyAsync<InvalidDataException>(() => dates.AskAsync(Package("A"), server.Index, CancellationToken.None))).Message);
        }
    }

    [TestMethod]
    public async Task A_server_that_does_not_answer_is_not_waited_for()
    {
        using var server = new Server(silent: true);
        using var folder = Repository($"<add key='feed' value='{server.Index}' allowInsecureConnections='true' />");
        using var dates = new PublicationDates([folder.At("repo")], TimeSpan.FromSeconds(1));

        var refused = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => dates.AskAsync(Package("A"), server.Index, CancellationToken.None));
        Assert.AreEqual("feed did not answer within 1 seconds", refused.Message);
        using var stopped = new CancellationTokenSource(TimeSpan.Zero);
        await Assert.ThrowsAsync<OperationCanceledException>(() => dates.AskAsync(Package("A"), server.Index, stopped.Token));
    }

    [TestMethod]
    public void Settings_that_are_none_are_refused()
    {
        using var folder = Repository("<add key='a'");

        Assert.ThrowsExactly<InvalidDataException>(() => new PublicationDates([folder.At("repo")]));
    }

    private const string Nuspec = "<package xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\"><metadata><id>A</id><version>1.0.0</version><authors>a</authors><description>d</description></metadata></package>";

    private static TemporaryFolder Repository(string sources)
    {
        var folder = new TemporaryFolder();
        folder.Folder("feed");
        folder.Folder("other");
        folder.File("repo/nuget.config", $"<configuration><packageSources><clear />{sources}</packageSources></configuration>");
        return folder;
    }

    private static PackageEntry Package(string id) => new(id, "1.0.0", new PackageContent(string.Empty, string.Empty, string.Empty));

    /// <summary>A package source with one version, as NuGet's protocol has it.</summary>
    private sealed class Server : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly string? published;
        private readonly string? authorization;

        internal Server(string? published = null, bool silent = false, string? password = null)
        {
            this.published = published;
            authorization = password is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:" + password));
            for (var port = 20_000 + (Environment.ProcessId % 20_000); ; port++)
            {
                listener.Prefixes.Clear();
                listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                try
                {
                    listener.Start();
                    Root = $"http://127.0.0.1:{port}";
                    break;
                }
                catch (HttpListenerException) when (port < 60_000)
                {
                    // Taken; the next one.
                }
            }

            if (!silent)
            {
                _ = Task.Run(Answer);
            }
        }

        internal string Index => $"{Root}/v3/index.json";

        private string Root { get; }

        public void Dispose() => listener.Close();

        private async Task Answer()
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                var date = published is null ? "null" : $"\"{published}\"";
                var entry = $$"""{ "@id": "{{Root}}/reg/a/1.0.0.json", "catalogEntry": { "@id": "{{Root}}/c", "id": "A", "version": "1.0.0", "published": {{date}}, "authors": "a", "description": "d" }, "packageContent": "{{Root}}/a.nupkg" }""";
                var body = context.Request.Url!.AbsolutePath switch
                {
                    "/v3/index.json" => $$"""{ "version": "3.0.0", "resources": [ { "@id": "{{Root}}/reg/", "@type": "RegistrationsBaseUrl/3.6.0" }, { "@id": "{{Root}}/flat/", "@type": "PackageBaseAddress/3.0.0" } ] }""",
                    "/reg/a/index.json" => $$"""{ "count": 1, "items": [ { "@id": "{{Root}}/reg/a/page", "count": 1, "lower": "1.0.0", "upper": "1.0.0", "items": [ {{entry}} ] } ] }""",
                    _ => null,
                };
                var isPermitted = authorization is null || context.Request.Headers["Authorization"] == authorization;
                context.Response.StatusCode = !isPermitted ? 401 : body is null ? 404 : 200;
                if (!isPermitted)
                {
                    context.Response.AddHeader("WWW-Authenticate", "Basic realm=\"feed\"");
                    body = null;
                }

                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body ?? string.Empty));
                context.Response.Close();
            }
        }
    }
}
