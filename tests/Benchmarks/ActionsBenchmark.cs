using System.Diagnostics;
using Hardening.Ecosystems.Actions;
using Hardening.Files;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Transport.Git;

namespace Hardening.Benchmarks;

/// <summary>What the workflows of a repository cost in a build, and what asking hosts for them costs.</summary>
internal static class ActionsBenchmark
{
    private const int UsesEach = 11;

    /// <summary>Workflows as a large repository has them, and a lock entry for everything that they use.</summary>
    internal static ActionsSection Generate(string root, int workflows)
    {
        var commits = new Dictionary<string, ActionEntry>(StringComparer.Ordinal);
        for (var i = 0; i < workflows; i++)
        {
            var text = new System.Text.StringBuilder($"name: workflow {i}\non:\n  push:\n    branches: [main]\npermissions: {{}}\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n");
            for (var j = 0; j < UsesEach; j++)
            {
                var entry = new ActionEntry($"owner{j % 5}/action{(i + j) % 40}", System.Security.Cryptography.SHA1.HashData(BitConverter.GetBytes(((i + j) % 40 * 5) + (j % 5))).Aggregate(string.Empty, (s, b) => s + b.ToString("x2", null)))
                {
                    Refs = new Dictionary<string, string> { ["refs/tags/v1.2.3"] = new string('a', 40) },
                    Uses = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["."] = new Dictionary<string, string>() },
                };
                commits[entry.Key] = entry;
                text.Append($"      - name: step {j}\n        uses: {entry.Name}@{entry.Commit} # v1.2.3\n        with:\n          argument: ${{{{ github.sha }}}}\n      - run: |\n          echo \"one line of a script\"\n          dotnet build -c Release\n");
            }

            AtomicFile.Write(Path.Combine(root, ".github/workflows", $"w{i}.yml"), System.Text.Encoding.UTF8.GetBytes(text.ToString()));
        }

        return new ActionsSection { Commits = commits };
    }

    /// <summary>One verification in a process that has done nothing else; the time is written in milliseconds.</summary>
    internal static void Cold(string root, string memory)
    {
        var section = LockfileStore.Load(root).Lockfile!.Actions;
        var watch = Stopwatch.StartNew();
        var findings = Verify(root, section, memory.Length == 0 ? null : WorkflowMemory.Open(memory, root));
        Console.WriteLine($"{watch.Elapsed.TotalMilliseconds:0.0} {findings}");
    }

    internal static void Run(int workflows)
    {
        var folder = Directory.CreateTempSubdirectory("hrd-actions-").FullName;
        try
        {
            var root = Directory.CreateDirectory(Path.Combine(folder, "repo")).FullName;
            var memory = Path.Combine(folder, "memory");
            var section = Generate(root, workflows);
            LockfileStore.Save(root, new Lockfile { Actions = section }, string.Empty, out _);
            Thread.Sleep(200);
            Verify(root, section, WorkflowMemory.Open(memory, root));
            Measure.Table(
                $"{workflows} workflows, {workflows * UsesEach} uses: verify", 15,
                ("warm, every file read", () => Measure.Time(() => Verify(root, section, null))),
                ("warm, nothing changed", () => Measure.Time(() => Verify(root, section, WorkflowMemory.Open(memory, root)))),
                ("fresh process, every file read", () => Fresh(root, string.Empty)),
                ("fresh process, nothing changed", () => Fresh(root, memory)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Repositories that are asked over loopback, against as many <c>git ls-remote</c>.</summary>
    internal static void Resolve(Uri server, string[] repositories)
    {
        var before = Process.GetCurrentProcess().PeakWorkingSet64;
        Measure.Table(
            $"{repositories.Length} repositories resolved, 8 at a time", 5,
            ("this client", () => Measure.Time(() => ListAll(server, repositories).GetAwaiter().GetResult())),
            ("git ls-remote", () => Measure.Time(() => Parallel.ForEach(repositories, new ParallelOptions { MaxDegreeOfParallelism = 8 }, name =>
            {
                using var git = Process.Start(new ProcessStartInfo("git", ["ls-remote", $"{server.GetLeftPart(UriPartial.Authority)}/{name}", "refs/tags/v1"]) { RedirectStandardOutput = true })!;
                git.StandardOutput.ReadToEnd();
                git.WaitForExit();
            }))));
        Console.WriteLine($"peak working set {Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024} MiB ({before / 1024 / 1024} before)");
    }

    private static async Task ListAll(Uri server, string[] repositories)
    {
        var servers = GitServers.From(server.AbsoluteUri);
        using var client = new GitClient(new GitClientOptions { Root = Path.GetTempPath(), Servers = servers, Environment = _ => null });
        await Task.WhenAll(repositories.Select(name => client.ListRefsAsync(servers.Remote(name), ["refs/heads/", "refs/tags/"], default)));
    }

    private static int Verify(string root, ActionsSection section, WorkflowMemory? memory)
    {
        var inputs = WorkflowInputs.Observe(root, RepositoryFiles.Find(root, WorkflowFile.IsWanted, _ => false), memory);
        return ActionsCheck.Verify(root, inputs, section, new ActionsPolicy()).Count;
    }

    private static double Fresh(string root, string memory)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["actions-cold", root, memory]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return said is [var time, "0\n"] ? double.Parse(time, System.Globalization.CultureInfo.InvariantCulture) : throw new InvalidOperationException(string.Join(' ', said));
    }
}
