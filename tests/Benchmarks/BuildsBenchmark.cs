using System.Globalization;
using System.Text.RegularExpressions;

namespace Hardening.Benchmarks;

/// <summary>
/// Builds a generated solution with and without the SDK, in pairs. Needs the packed SDK in artifacts/packages:
/// <c>dotnet build build/quickstart.proj</c> leaves it there.
/// </summary>
internal static partial class BuildsBenchmark
{
    private const string Props = "Directory.Build.props";

    internal static void Run(int projects, int rounds)
    {
        var root = Directory.CreateTempSubdirectory("hrd-bench-").FullName;
        try
        {
            Make(root, projects, FindFeed());
            Measure.Output(root, "dotnet", "msbuild", "-t:HardeningUpdate", "-nologo", "-v:q");
            Measure.Output(root, "dotnet", "build", "-nologo", "-v:q");
            foreach (var nodes in new[] { "-m:1", "-m:2" })
            {
                Measure.Table($"{projects} projects, incremental build without restore, {nodes}", rounds,
                    ("without the SDK", () => Build(root, null, nodes, "--no-restore")),
                    ("with the SDK", () => Build(root, "<Project><Sdk Name=\"Hardening.Sdk\" /></Project>", nodes, "--no-restore")));
                Attributed(root, projects, nodes);
            }

            Measure.Table($"{projects} projects, restore where nothing changed", rounds,
                ("without the SDK", () => Restore(root, "<Project />")),
                ("with the SDK", () => Restore(root, "<Project><Sdk Name=\"Hardening.Sdk\" /></Project>")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static double Build(string root, string? props, params string[] arguments)
    {
        File.WriteAllText(Path.Combine(root, Props), props ?? "<Project />");
        return Measure.Process(root, "dotnet", ["build", "-nologo", "-v:q", .. arguments]);
    }

    private static double Restore(string root, string props)
    {
        File.WriteAllText(Path.Combine(root, Props), props);
        Measure.Output(root, "dotnet", "restore", "-v:q");
        return Measure.Process(root, "dotnet", "restore", "-v:q");
    }

    // What the engine itself counts for our targets; the time of a task that waits for another project is in it.
    private static void Attributed(string root, int projects, string nodes)
    {
        File.WriteAllText(Path.Combine(root, Props), "<Project><Sdk Name=\"Hardening.Sdk\" /></Project>");
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
        File.WriteAllText(Path.Combine(root, Props), "<Project><Sdk Name=\"Hardening.Sdk\" /></Project>");
        File.WriteAllText(Path.Combine(root, "Directory.Build.targets"), "<Project />");
        var solution = "<Solution>";
        for (var i = 0; i < projects; i++)
        {
            var name = $"P{i:D3}";
            Directory.CreateDirectory(Path.Combine(root, name));
            var references = i < 2 ? string.Empty : $"<ProjectReference Include=\"../P{i / 2:D3}/P{i / 2:D3}.csproj\" />";
            File.WriteAllText(Path.Combine(root, name, name + ".csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="Newtonsoft.Json" Version="13.0.3" />
                    <PackageReference Include="Serilog.Sinks.Console" Version="6.0.0" />
                    {references}
                  </ItemGroup>
                </Project>
                """);
            File.WriteAllText(Path.Combine(root, name, "C.cs"), $"namespace {name}; public static class C {{ public static int Value => {i}; }}");
            solution += $"<Project Path=\"{name}/{name}.csproj\" />";
        }

        File.WriteAllText(Path.Combine(root, "all.slnx"), solution + "</Solution>");
    }

    [GeneratedRegex(@"^\s+(\d+) ms\s+(_?Hardening\w+)\s+(\d+) calls", RegexOptions.Multiline)]
    private static partial Regex TargetLine();
}
