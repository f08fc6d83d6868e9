using System.Globalization;
using System.Text.RegularExpressions;

namespace Hardening.Benchmarks;

/// <summary>
/// Builds a generated solution with and without the SDK, in pairs. Needs the packed SDK in artifacts/packages:
/// <c>dotnet build build/quickstart.proj</c> leaves it there.
/// </summary>
internal static partial class BuildsBenchmark
{
    // Written once: a props file that changes makes every project compile again. What <Sdk Name="Hardening.Sdk" /> imports, under a switch.
    private const string Props = """
        <Project>
          <Import Project="Sdk.props" Sdk="Hardening.Sdk" Condition="'$(WithSdk)' == 'true'" />
          <Import Project="Sdk.targets" Sdk="Hardening.Sdk" Condition="'$(WithSdk)' == 'true'" />
        </Project>
        """;

    internal static void Run(int projects, int rounds)
    {
        var root = Directory.CreateTempSubdirectory("hrd-bench-").FullName;
        try
        {
            Make(root, projects, FindFeed());
            Environment.SetEnvironmentVariable("WithSdk", "true");
            Measure.Output(root, "dotnet", "msbuild", "-t:HardeningUpdate", "-nologo", "-v:q");
            Measure.Output(root, "dotnet", "build", "-nologo", "-v:q");
            foreach (var nodes in new[] { "-m:1", "-m:2" })
            {
                Measure.Table($"{projects} projects, incremental build without restore, {nodes}", rounds,
                    ("without the SDK", () => Run(root, false, "build", "-nologo", "-v:q", nodes, "--no-restore")),
                    ("with the SDK", () => Run(root, true, "build", "-nologo", "-v:q", nodes, "--no-restore")));
                Attributed(root, projects, nodes);
            }

            // The two leave different restore results, so each builds before what counts.
            Measure.Table($"{projects} projects, restore where nothing changed", rounds,
                ("without the SDK", () => Again(root, false)),
                ("with the SDK", () => Again(root, true)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static double Again(string root, bool withSdk)
    {
        Run(root, withSdk, "build", "-v:q");
        return Run(root, withSdk, "restore", "-v:q");
    }

    private static double Run(string root, bool withSdk, params string[] arguments)
    {
        Environment.SetEnvironmentVariable("WithSdk", withSdk ? "true" : "false");
        return Measure.Process(root, "dotnet", arguments);
    }

    // What the engine itself counts for our targets; the time of a task that waits for another project is in it.
    private static void Attributed(string root, int projects, string nodes)
    {
        Environment.SetEnvironmentVariable("WithSdk", "true");
        var summary = Measure.Output(root, "dotnet", "build", "-nologo", "-v:m", "--no-restore", nodes, "-clp:PerformanceSummary");
        var total = 0.0;
        Console.WriteLine($"Counted by the engine, {nodes}:");
        foreach (Match match in TargetLine().Matches(summary[Math.Max(0, summary.IndexOf("Target Performance Summary", StringComparison.Ordinal))..]))
        {
            var milliseconds = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            Console.WriteLine($"  {match.Groups[2].Value,-32} {milliseconds,8:F0} ms {match.Groups[3].Value,6} calls");
            total += milliseconds;
        }

        Console.WriteLine($"  a project: {total / projects:F2} ms");
    }

    private static string FindFeed()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var feed = Path.Combine(folder, "artifacts", "packages");
            if (File.Exists(Path.Combine(folder, "Hardening.Sdk.sln")) && Directory.Exists(feed))
            {
                return feed;
            }
        }

        throw new InvalidOperationException("artifacts/packages is not there: run dotnet build build/quickstart.proj first.");
    }

    private static void Make(string root, int projects, string feed)
    {
        Directory.CreateDirectory(Path.Combine(root, ".git"));
        File.WriteAllText(Path.Combine(root, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><clear /><add key="nuget.org" value="https://api.nuget.org/v3/index.json" /><add key="sdk" value="{feed}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="nuget.org"><package pattern="*" /></packageSource>
                <packageSource key="sdk"><package pattern="Hardening.Sdk" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        var version = Path.GetFileNameWithoutExtension(Directory.GetFiles(feed, "Hardening.Sdk.*.nupkg").OrderBy(File.GetLastWriteTimeUtc).Last())["Hardening.Sdk.".Length..];
        File.WriteAllText(Path.Combine(root, "global.json"), $$"""{ "msbuild-sdks": { "Hardening.Sdk": "{{version}}" } }""");
        File.WriteAllText(Path.Combine(root, "Directory.Build.props"), Props);
        // An import under a condition counts as none, and another file would make everything be built anew. What the text costs has a benchmark of its own.
        File.WriteAllText(Path.Combine(root, "hardening.yml"), "exclude:\n  - path: P*\n    reason: hardened by a switch of this benchmark\n");
        new RepositoryGenerator(root).Tree(projects);
    }

    [GeneratedRegex(@"^\s+(\d+) ms\s+(_?Hardening\w+)\s+(\d+) calls", RegexOptions.Multiline)]
    private static partial Regex TargetLine();
}
