using Hardening.Tests;

namespace Hardening.EndToEnd.Tests;

/// <summary>Container images in real updates, builds and publishes, against a registry on loopback.</summary>
[TestClass]
public sealed class ImagesTests : EndToEndTest
{
    private const string Container = "<EnableSdkContainerSupport>true</EnableSdkContainerSupport>";

    [TestMethod]
    public async Task A_moved_tag_passes_the_offline_build_and_fails_the_upstream_check()
    {
        await using var registry = await OciRegistry.StartAsync();
        var first = registry.Push("lib/app", "1.0", "first", "linux/amd64", "linux/arm64");
        var image = $"{registry.Host}/lib/app";
        var repository = NewRepository().Project("app/app.csproj").Write("Dockerfile", $"ARG TAG=1.0\r\nFROM {image}:$TAG AS build # no comment\r\n");
        repository.Update("app").FailsWith("HRD3008");
        repository.Write("Dockerfile", $"ARG TAG=1.0\r\nFROM --platform=linux/amd64 {image}:$TAG AS build\r\nCOPY --from={image}:1.0 /hello /x\r\n");

        repository.Update("app").Succeeds().Says($"+ {image} 1.0 is {first}").Says("1 image.");
        var build = repository.Build("app").Succeeds().Says("Dockerfile(2,29): warning HRD3003: ");
        CollectionAssert.AreEqual(new[] { "HRD3003" }, build.Warnings.Distinct().ToArray(), build.Output);
        Pin(repository).Succeeds().Says("2 places of images were edited");
        Assert.AreEqual($"ARG TAG=1.0@{first}\r\nFROM --platform=linux/amd64 {image}:$TAG AS build\r\nCOPY --from={image}:1.0@{first} /hello /x\r\n", repository.Read("Dockerfile"));
        Assert.IsEmpty(repository.Build("app").Succeeds().Warnings);
        Pin(repository).Succeeds().Says("0 places of images were edited");
        repository.Build("app", "-p:HardeningCheckUpstream=true").Succeeds().Says("1 images were compared with their registries");

        var second = registry.Push("lib/app", "1.0", "second", "linux/amd64", "linux/arm64");
        Assert.IsEmpty(repository.Build("app").Succeeds().Warnings);
        repository.Build("app", "-p:HardeningCheckUpstream=true").FailsWith("HRD3014").Says(first).Says(second).Says("2026-01-02 03:04 UTC");

        // A pull request that follows the tag is refused by the build, until somebody accepts it.
        repository.Write("Dockerfile", repository.Read("Dockerfile").Replace(first, second, StringComparison.Ordinal));
        repository.Build("app").FailsWith("HRD3002").Says($"{image}:1.0 is pinned to {second}, but the lockfile has {first} (1.0).");
        repository.Write("Dockerfile", repository.Read("Dockerfile").Replace(second, first, StringComparison.Ordinal));
        repository.Update("app").Succeeds();
        Assert.Contains(first, repository.Read("Dockerfile"));
        repository.Update("app", $"-p:HardeningImages={image}").Succeeds().Says($"+ {image} 1.0 is {second}").Says($"- {image} {first} is no longer used");
        Assert.DoesNotContain(first, repository.Read("Dockerfile"));
        Assert.IsEmpty(repository.Build("app", "-p:HardeningCheckUpstream=true").Succeeds().Warnings);

        registry.Delete("lib/app", second);
        repository.Build("app", "-p:HardeningCheckUpstream=true").FailsWith("HRD3015", "HRD3016");
    }

    [TestMethod]
    public async Task A_container_is_published_on_the_locked_image_though_the_tag_moved()
    {
        await using var registry = await OciRegistry.StartAsync();
        var first = registry.Push("base", "1.0", "first");
        var repository = NewRepository().Project("app/app.csproj", properties: $"{Container}<ContainerBaseImage>{registry.Host}/base:1.0</ContainerBaseImage>");
        repository.Environment["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Host;
        repository.Update("app").Succeeds().Says($"+ {registry.Host}/base 1.0 is {first}");
        registry.Push("base", "1.0", "second");

        var before = registry.Requests.Count;
        Publish(repository, registry).Succeeds();
        var asked = registry.Requests.Skip(before).Where(r => r.Contains("/base/manifests/", StringComparison.Ordinal)).ToList();
        Assert.IsTrue(asked.Count > 0 && asked.TrueForAll(r => r.Contains(first, StringComparison.Ordinal)), string.Join(Environment.NewLine, asked));

        // As a check the digest has to be written.
        Publish(repository, registry, "-p:HardeningInjectContainerDigest=false").FailsWith("HRD3013").Says(first);
    }

    [TestMethod]
    public async Task A_container_is_not_published_on_an_image_that_is_not_locked()
    {
        await using var registry = await OciRegistry.StartAsync();
        registry.Push("base", "1.0", "first");
        registry.Push("base", "2.0", "other");
        var repository = NewRepository().Project("app/app.csproj", properties: $"{Container}<ContainerBaseImage>{registry.Host}/base:1.0</ContainerBaseImage>");
        repository.Environment["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Host;
        repository.Update("app").Succeeds();
        var before = registry.Requests.Count;
        Publish(repository, registry, $"-p:ContainerBaseImage={registry.Host}/base:2.0").FailsWith("HRD3012").Says("base:2.0");
        Assert.HasCount(before, registry.Requests);
    }

    [TestMethod]
    public async Task The_policy_decides_where_images_fail()
    {
        await using var registry = await OciRegistry.StartAsync();
        registry.Push("a", "1", "a");
        var repository = NewRepository().Project("app/app.csproj").Write("Dockerfile", $"FROM {registry.Host}/a:1\n");
        repository.Update("app").Succeeds();
        repository.Write("Dockerfile", $"FROM {registry.Host}/a:1\nFROM {registry.Host}/b\n");
        repository.Build("app").FailsWith("HRD3001");
        repository.Write("hardening.yml", "images:\n  enforce: off\n");
        Assert.IsEmpty(repository.Build("app").Succeeds().Warnings);
        repository.Write("hardening.yml", $"images:\n  unpinned: build\n  allow: ['{registry.Host}/b']\n");
        repository.Build("app").FailsWith("HRD3001", "HRD3003", "HRD3005");
    }

    [TestMethod]
    public void A_registry_that_is_not_there_keeps_nobody_from_locking_packages()
    {
        var repository = NewRepository().Project("app/app.csproj").Write("Dockerfile", "FROM 127.0.0.1:1/a:1\n");
        repository.Update("app").FailsWith("HRD3017");
        CollectionAssert.AreEqual(new[] { "HRD3001" }, repository.Build("app").Succeeds().Warnings.ToArray());
    }

    private static CommandResult Pin(TestRepository repository) => repository.Run("msbuild", "app", "-nologo", "-t:HardeningPin");

    private static CommandResult Publish(TestRepository repository, OciRegistry registry, params string[] more) =>
        repository.Run(["publish", "app", "-nologo", "-t:PublishContainer", $"-p:ContainerRegistry={registry.Host}", "-p:ContainerRepository=out", "-p:ContainerRuntimeIdentifier=linux-x64", .. more]);
}
