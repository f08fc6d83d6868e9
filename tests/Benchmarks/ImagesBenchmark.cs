using System.Diagnostics;
using Hardening.Ecosystems.Images;
using Hardening.Files;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Tests;
using Hardening.Transport.Oci;

namespace Hardening.Benchmarks;

/// <summary>What the Dockerfiles of a repository cost in a build, and what asking a registry for their images costs.</summary>
internal static class ImagesBenchmark
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    internal static void Run(int dockerfiles)
    {
        var folder = Directory.CreateTempSubdirectory("hrd-images-").FullName;
        try
        {
            var root = Directory.CreateDirectory(Path.Combine(folder, "repo")).FullName;
            var memory = Path.Combine(folder, "memory");
            LockfileStore.Save(root, new Lockfile { Images = Generate(root, dockerfiles) }, string.Empty, out _);
            Thread.Sleep(200);
            var section = LockfileStore.Load(root).Lockfile!.Images;
            Verify(root, section, ImageMemory.Open(memory, root));
            Measure.Table(
                $"{dockerfiles} Dockerfiles: verify", 15,
                ("warm, every file read", () => Measure.Time(() => Verify(root, section, null))),
                ("warm, nothing changed", () => Measure.Time(() => Verify(root, section, ImageMemory.Open(memory, root)))),
                ("fresh process, every file read", () => Fresh(root, string.Empty)),
                ("fresh process, nothing changed", () => Fresh(root, memory)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One verification in a process that has done nothing else; the time is written in milliseconds.</summary>
    internal static void Cold(string root, string memory)
    {
        var section = LockfileStore.Load(root).Lockfile!.Images;
        var watch = Stopwatch.StartNew();
        var findings = Verify(root, section, memory.Length == 0 ? null : ImageMemory.Open(memory, root));
        Console.WriteLine($"{watch.Elapsed.TotalMilliseconds:0.0} {findings}");
    }

    /// <summary>Lookups of one repository at a registry in this process that wants a token.</summary>
    internal static async Task RegistryAsync(int lookups)
    {
        await using var registry = await OciRegistry.StartAsync();
        registry.Push("lib/app", "1", "a", "linux/amd64", "linux/arm64");
        registry.WantsToken = true;
        var given = registry.Tokens;
        Measure.Table($"{lookups} lookups, 8 at a time", 7, ("this client, a new one each time", () => Measure.Time(() => AskAsync(registry.Host, lookups).GetAwaiter().GetResult())));
        Console.WriteLine($"{registry.Tokens - given} tokens in all; peak working set {Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024} MiB, the registry included");
    }

    private static async Task AskAsync(string host, int lookups)
    {
        using var client = new OciClient(new OciClientOptions { Environment = _ => null });
        await Task.WhenAll(Enumerable.Range(0, lookups).Select(_ => client.ResolveAsync(host, "lib/app", "1", default)));
    }

    private static ImagesSection Generate(string root, int dockerfiles)
    {
        var entries = new Dictionary<string, ImageEntry>(StringComparer.Ordinal);
        for (var i = 0; i < dockerfiles; i++)
        {
            var (sdk, runtime) = (new ImageEntry($"mcr.microsoft.com/dotnet/sdk{i % 50}", Digest) { Tags = ["10.0"] }, new ImageEntry($"mcr.microsoft.com/dotnet/aspnet{i % 50}", Digest) { Tags = ["10.0-alpine"] });
            (entries[sdk.Key], entries[runtime.Key]) = (sdk, runtime);
            AtomicFile.Write(Path.Combine(root, $"src/App{i}/Dockerfile"), System.Text.Encoding.UTF8.GetBytes($"""
                # syntax=docker/dockerfile:1@{Digest}
                ARG TAG=10.0
                FROM --platform=$BUILDPLATFORM {sdk.Name}:10.0@{Digest} AS build
                WORKDIR /src
                COPY --link *.csproj .
                RUN --mount=type=cache,target=/root/.nuget \
                    dotnet restore
                COPY . .
                RUN <<EOF
                dotnet publish -c Release -o /app
                EOF
                FROM {runtime.Name}:10.0-alpine@{Digest}
                WORKDIR /app
                COPY --from=build /app .
                USER $APP_UID
                ENTRYPOINT ["./App"]
                """));
        }

        var frontend = new ImageEntry("docker.io/docker/dockerfile", Digest) { Tags = ["1"] };
        entries[frontend.Key] = frontend;
        return new ImagesSection { Digests = entries };
    }

    private static int Verify(string root, ImagesSection section, ImageMemory? memory) =>
        ImagesCheck.Verify(ImageInputs.Observe(root, RepositoryFiles.Find(root, ImageInputs.IsWanted, _ => false), [], memory), section, new ImagesPolicy()).Count;

    private static double Fresh(string root, string memory)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["images-cold", root, memory]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
