using Hardening.Transport;
using Hardening.Transport.Oci;
using Microsoft.AspNetCore.Http;

namespace Hardening.Tests;

[TestClass]
public sealed class OciClientTests
{
    private static readonly string Other = "sha256:" + new string('b', 64);

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_tag_is_asked_by_HEAD_and_an_index_names_its_platforms()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("lib/app", "1", "a", "linux/amd64", "linux/arm/v7");
        using var client = Client();

        Assert.AreEqual(new OciDescriptor(OciRegistry.Index, digest), await client.ResolveAsync(registry.Host, "lib/app", "1", Cancellation));
        CollectionAssert.AreEqual(new[] { "HEAD /v2/lib/app/manifests/1" }, registry.Requests.ToArray());
        var manifest = await client.ManifestAsync(registry.Host, "lib/app", digest, Cancellation);
        CollectionAssert.AreEquivalent(new[] { "linux/amd64", "linux/arm/v7" }, manifest.Platforms.Keys.ToArray());
        Assert.AreEqual(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), await client.CreatedAsync(registry.Host, "lib/app", digest, Cancellation));
    }

    [TestMethod]
    [DataRow("none")]
    [DataRow("short")]
    public async Task Where_HEAD_says_no_digest_it_is_computed(string header)
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("app", "1", "a");
        registry.Fault = async context =>
        {
            if (context.Request.Method == "HEAD")
            {
                context.Response.Headers["Docker-Content-Digest"] = header == "short" ? "sha256:abc" : default;
                return true;
            }

            await Task.CompletedTask;
            return false;
        };
        using var client = Client();
        Assert.AreEqual(digest, (await client.ResolveAsync(registry.Host, "app", "1", Cancellation)).Digest);
    }

    [TestMethod]
    public async Task Other_bytes_than_those_of_the_digest_are_refused()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("app", "1", "a");
        registry.Fault = context => RespondAsync(context, 200, """{"schemaVersion":2,"manifests":[]}""");
        using var client = Client();
        Assert.AreEqual(TransportFailure.Malformed, await FailureAsync(() => client.ManifestAsync(registry.Host, "app", digest, Cancellation)));
    }

    [TestMethod]
    public async Task What_is_gone_and_what_never_was_are_two_things()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("app", "1", "a");
        using var client = Client();
        Assert.AreEqual(OciPresence.Present, await client.PresenceAsync(registry.Host, "app", digest, Cancellation));
        Assert.AreEqual(OciPresence.ManifestGone, await client.PresenceAsync(registry.Host, "app", Other, Cancellation));
        Assert.AreEqual(OciPresence.RepositoryGone, await client.PresenceAsync(registry.Host, "none", Other, Cancellation));
        Assert.AreEqual(TransportFailure.Absent, await FailureAsync(() => client.ResolveAsync(registry.Host, "app", "2", Cancellation)));
        Assert.AreEqual(TransportFailure.NotFound, await FailureAsync(() => client.ResolveAsync(registry.Host, "none", "1", Cancellation)));
    }

    [TestMethod]
    public async Task Two_hundred_questions_need_one_token_for_this_repository_only()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("app", "1", "a");
        registry.WantsToken = true;
        var scopes = new System.Collections.Concurrent.ConcurrentBag<string>();
        registry.Fault = context =>
        {
            if (context.Request.Path == "/token")
            {
                scopes.Add(context.Request.Query["scope"].ToString());
            }

            return Task.FromResult(false);
        };
        using var client = Client();
        var found = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.ResolveAsync(registry.Host, "app", "1", Cancellation)));
        Assert.IsTrue(found.All(f => f.Digest == digest));
        Assert.AreEqual(1, registry.Tokens);
        Assert.AreEqual("repository:app:pull", scopes.Single());
    }

    [TestMethod]
    public async Task Credentials_go_to_the_registry_that_the_configuration_names_and_to_no_other()
    {
        using var folder = new TemporaryFolder();
        await using var registry = await OciRegistry.StartAsync();
        await using var thief = await OciRegistry.StartAsync();
        registry.Push("app", "1", "a");
        registry.WantsToken = true;
        folder.File("config.json", "{\"auths\":{\"" + registry.Host + "\":{\"auth\":\"" + Convert.ToBase64String("user:s3cret"u8) + "\"}}}");
        using (var client = Client(folder.Path))
        {
            await client.ResolveAsync(registry.Host, "app", "1", Cancellation);
        }

        Assert.Contains("GET /token Basic", registry.Requests);
        thief.Push("app", "1", "a");
        thief.WantsToken = true;
        using (var client = Client(folder.Path))
        {
            await client.ResolveAsync(thief.Host, "app", "1", Cancellation);
        }

        Assert.IsFalse(thief.Requests.Any(r => r.Contains("Basic", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("http://example.org/token")]
    [DataRow("https://user:pw@example.org/token")]
    [DataRow("file:///etc/passwd")]
    public async Task A_hostile_realm_is_not_asked(string realm)
    {
        await using var registry = await OciRegistry.StartAsync();
        registry.WantsToken = true;
        registry.Realm = realm;
        using var client = Client();
        Assert.AreEqual(TransportFailure.Refused, await FailureAsync(() => client.ResolveAsync(registry.Host, "app", "1", Cancellation)));
    }

    [TestMethod]
    public async Task A_redirect_is_not_followed()
    {
        await using var registry = await OciRegistry.StartAsync();
        await using var other = await OciRegistry.StartAsync();
        other.Push("app", "1", "a");
        registry.Fault = context =>
        {
            context.Response.Redirect($"http://{other.Host}{context.Request.Path}");
            return Task.FromResult(true);
        };
        using var client = Client();
        Assert.AreEqual(TransportFailure.Redirected, await FailureAsync(() => client.ResolveAsync(registry.Host, "app", "1", Cancellation)));
        Assert.IsEmpty(other.Requests);
    }

    [TestMethod]
    public async Task Too_many_requests_are_tried_again_when_the_registry_says()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("app", "1", "a");
        var count = 0;
        registry.Fault = context =>
        {
            if (Interlocked.Increment(ref count) > 1)
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "0";
            return Task.FromResult(true);
        };
        using var client = Client();
        Assert.AreEqual(digest, (await client.ResolveAsync(registry.Host, "app", "1", Cancellation)).Digest);
    }

    [TestMethod]
    public async Task A_manifest_without_an_end_is_read_up_to_the_limit()
    {
        await using var registry = await OciRegistry.StartAsync();
        registry.Fault = async context =>
        {
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk);
            }

            return true;
        };
        using var client = Client();
        Assert.AreEqual(TransportFailure.TooLarge, await FailureAsync(() => client.ManifestAsync(registry.Host, "app", Other, Cancellation)));
    }

    [TestMethod]
    [DataRow("""{"token":5}""")]
    [DataRow("""{"token":"a b"}""")]
    [DataRow("[]")]
    [DataRow("<html>")]
    public async Task A_token_of_another_shape_is_refused(string answer)
    {
        await using var registry = await OciRegistry.StartAsync();
        registry.WantsToken = true;
        registry.Fault = context => context.Request.Path == "/token" ? RespondAsync(context, 200, answer) : Task.FromResult(false);
        using var client = Client();
        Assert.AreEqual(TransportFailure.Malformed, await FailureAsync(() => client.ResolveAsync(registry.Host, "app", "1", Cancellation)));
    }

    [TestMethod]
    public async Task A_token_that_is_not_taken_is_asked_for_once_more_and_then_given_up()
    {
        await using var registry = await OciRegistry.StartAsync();
        registry.WantsToken = true;
        registry.Fault = context => context.Request.Path == "/token" ? RespondAsync(context, 200, """{"token":"wrong"}""") : Task.FromResult(false);
        using var client = Client();
        Assert.AreEqual(TransportFailure.Unauthorized, await FailureAsync(() => client.ResolveAsync(registry.Host, "app", "1", Cancellation)));
    }

    [TestMethod]
    [DataRow("ftp://x")]
    [DataRow("https://u:p@x")]
    [DataRow("a=b c")]
    public void A_registry_that_is_none_is_refused(string list) => Assert.ThrowsExactly<ArgumentException>(() => OciRegistries.From(list));

    [TestMethod]
    public async Task A_mirror_is_asked_in_place_of_its_registry()
    {
        await using var mirror = await OciRegistry.StartAsync();
        var digest = mirror.Push("library/app", "1", "a");
        using var client = new OciClient(new OciClientOptions { Registries = OciRegistries.From($"docker.io=http://{mirror.Host}"), Environment = _ => null });
        Assert.AreEqual(digest, (await client.ResolveAsync("docker.io", "library/app", "1", Cancellation)).Digest);
    }

    [TestMethod]
    public async Task A_mirror_does_not_get_the_credentials_of_what_it_mirrors()
    {
        using var folder = new TemporaryFolder();
        await using var mirror = await OciRegistry.StartAsync();
        mirror.Push("library/app", "1", "a");
        mirror.WantsToken = true;
        folder.File("config.json", "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + Convert.ToBase64String("user:s3cret"u8) + "\"}}}");
        using var client = new OciClient(new OciClientOptions { Registries = OciRegistries.From($"docker.io=http://{mirror.Host}"), Environment = name => name == "DOCKER_CONFIG" ? folder.Path : null });
        await client.ResolveAsync("docker.io", "library/app", "1", Cancellation);
        Assert.AreEqual(1, mirror.Tokens);
        Assert.IsFalse(mirror.Requests.Any(r => r.Contains("Basic", StringComparison.Ordinal)));
    }

    private static OciClient Client(string? config = null) => new(new OciClientOptions { Environment = name => name == "DOCKER_CONFIG" ? config : null });

    private static async Task<bool> RespondAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = OciRegistry.Index;
        await context.Response.WriteAsync(text);
        return true;
    }

    private static async Task<TransportFailure> FailureAsync(Func<Task> ask) => (await Assert.ThrowsExactlyAsync<TransportException>(ask)).Failure;
}
