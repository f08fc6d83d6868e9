using Hardening.Ecosystems.Images;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Transport.Oci;

namespace Hardening.Tests;

[TestClass]
public sealed class ImagesUpdateTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task What_is_locked_is_kept_without_a_request()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("a", "1", "a", "linux/amd64", "linux/arm64");
        var first = await UpdateAsync($"FROM {registry.Host}/a:1\nCOPY --from={registry.Host}/a:1@{digest} /x /y\n", new ImagesSection());
        var entry = first.Section.Digests.Values.Single();
        Assert.AreEqual($"{registry.Host}/a@{digest}", entry.Key);
        CollectionAssert.AreEqual(new[] { "1" }, entry.Tags.ToArray());
        Assert.HasCount(2, entry.Platforms);

        registry.Push("a", "1", "b");
        var before = registry.Requests.Count;
        var second = await UpdateAsync($"FROM {registry.Host}/a:1\n", first.Section);
        Assert.AreEqual(entry.Key, second.Section.Digests.Keys.Single());
        Assert.HasCount(before, registry.Requests);
        Assert.IsEmpty(second.News);
    }

    [TestMethod]
    public async Task Two_files_may_be_halfway_through_an_update()
    {
        await using var registry = await OciRegistry.StartAsync();
        var old = registry.Push("a", "1", "a");
        var now = registry.Push("a", "1", "b");
        var result = await UpdateAsync($"FROM {registry.Host}/a:1@{old}\nFROM {registry.Host}/a:1@{now}\n", new ImagesSection());
        Assert.HasCount(2, result.Section.Digests);
        Assert.IsTrue(result.Section.Digests.Values.All(e => e.Tags.Single() == "1"));
        Assert.IsEmpty(await CheckAsync(result.Section));
    }

    [TestMethod]
    public async Task What_could_not_be_asked_keeps_its_entry()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("a", "1", "a");
        var first = await UpdateAsync($"FROM {registry.Host}/a:1\n", new ImagesSection());
        var second = await UpdateAsync($"FROM {registry.Host}/a:2\n", first.Section);
        Assert.AreEqual("HRD3016", second.Findings.Single().Code.Id);
        Assert.AreEqual($"{registry.Host}/a@{digest}", second.Section.Digests.Keys.Single());

        // Nor is what the policy forbids forgotten, for a later update would take whatever comes then.
        var third = await UpdateAsync($"FROM {registry.Host}/a:1\n", first.Section, policy: new ImagesPolicy { Forbid = [$"{registry.Host}/a"] });
        Assert.AreEqual("HRD3005", third.Findings.Single().Code.Id);
        Assert.AreEqual($"{registry.Host}/a@{digest}", third.Section.Digests.Keys.Single());
    }

    [TestMethod]
    public async Task The_base_of_a_container_is_locked_by_project_and_what_is_not_there_fails_nothing()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("base", "1", "a");
        var result = await UpdateAsync("FROM scratch\n", new ImagesSection(), bases: [new ContainerBase("a.csproj", $"{registry.Host}/base:1"), new ContainerBase("b.csproj", $"{registry.Host}/none:1")]);
        Assert.AreEqual($"{registry.Host}/base@{digest}", result.Section.Bases["a.csproj"][$"{registry.Host}/base:1"]);
        Assert.IsFalse(result.Section.Bases.ContainsKey("b.csproj"));
        Assert.AreEqual(Severity.Message, result.Findings.Single().Severity);

        // Without a new look at the projects the lockfile says what they are.
        var again = await UpdateAsync("FROM scratch\n", result.Section);
        Assert.AreEqual($"{registry.Host}/base@{digest}", again.Section.Bases["a.csproj"].Values.Single());
    }

    [TestMethod]
    public async Task Each_way_in_which_a_registry_fails_has_its_code()
    {
        await using var registry = await OciRegistry.StartAsync();
        foreach (var (status, code) in new[] { (403, "HRD3018"), (401, "HRD3018"), (429, "HRD3019"), (302, "HRD3021"), (500, "HRD3017") })
        {
            registry.Fault = context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "https://example.org/";
                context.Response.Headers.RetryAfter = status is 429 or 500 ? "600" : default;
                return Task.FromResult(true);
            };
            Assert.AreEqual(code, (await UpdateAsync($"FROM {registry.Host}/a:1\n", new ImagesSection())).Findings.Single().Code.Id, $"{status}");
        }

        registry.Fault = _ => Task.FromResult(false);
        registry.WantsToken = true;
        registry.Realm = "http://example.org/token";
        Assert.AreEqual("HRD3020", (await UpdateAsync($"FROM {registry.Host}/a:1\n", new ImagesSection())).Findings.Single().Code.Id);
    }

    [TestMethod]
    public async Task Upstream_a_moved_tag_a_lost_image_a_lost_repository_and_a_lost_registry_are_four_things()
    {
        await using var registry = await OciRegistry.StartAsync();
        var digest = registry.Push("a", "1", "a");
        var section = (await UpdateAsync($"FROM {registry.Host}/a:1\n", new ImagesSection())).Section;
        Assert.IsEmpty(await CheckAsync(section));

        var moved = registry.Push("a", "1", "b");
        var finding = (await CheckAsync(section)).Single();
        Assert.AreEqual("HRD3014", finding.Code.Id);
        Assert.IsTrue(finding.Message.Contains(digest, StringComparison.Ordinal) && finding.Message.Contains(moved, StringComparison.Ordinal));

        registry.Delete("a", digest);
        CollectionAssert.Contains((await CheckAsync(section)).Select(f => f.Code.Id).ToList(), "HRD3015");
        registry.Delete("a", moved);
        Assert.AreEqual("HRD3016", (await CheckAsync(section)).Single().Code.Id);
        var lost = new ImageEntry("127.0.0.1:1/a", digest) { Tags = ["1"] };
        Assert.AreEqual("HRD3017", (await CheckAsync(new ImagesSection { Digests = new Dictionary<string, ImageEntry> { [lost.Key] = lost } })).Single().Code.Id);
    }

    private async Task<ImagesUpdateResult> UpdateAsync(string text, ImagesSection previous, ImagesPolicy? policy = null, IReadOnlyList<ContainerBase>? bases = null)
    {
        using var folder = new TemporaryFolder();
        folder.File("Dockerfile", text);
        using var client = Client();
        var request = new ImagesUpdateRequest(ImageInputs.Observe(folder.Path, ["Dockerfile"], []), policy ?? new ImagesPolicy()) { Bases = bases };
        return await new ImagesUpdate(request, previous, client).RunAsync(TestContext.CancellationToken);
    }

    private async Task<IReadOnlyList<Finding>> CheckAsync(ImagesSection section)
    {
        using var client = Client();
        return await new ImagesUpstream(section, ImageInputs.Observe("/r", [], []), "/r/hardening.lock.json", client).CheckAsync(TestContext.CancellationToken);
    }

    private static OciClient Client() => new(new OciClientOptions { Environment = _ => null });
}
