using System.Text.Json;
using Hardening.Baselines;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>Snapshots of a repository that is protected.</summary>
internal static class BaselineSamples
{
    public const string GlobalJson = """{ "sdk": { "version": "10.0.200", "rollForward": "latestPatch", "allowPrerelease": false }, "msbuild-sdks": { "Hardening.Sdk": "1.2.0" } }""";
    public const string BuildProps = """<Project><Sdk Name="Hardening.Sdk" /></Project>""";

    public static Lockfile Lockfile { get; } = new()
    {
        Minor = 1,
        Control = new Dictionary<string, string> { ["Directory.Build.rsp"] = LockfileSamples.Hash },
        NuGet = new NuGetSection
        {
            Packages = Packages(Package("Foo", "1.0.0", "build/Foo.targets"), Package("Bar", "1.0.0"), Package("Hardening.Sdk", "1.2.0", "Sdk/Sdk.props")),
            MSBuildSdks = new Dictionary<string, string> { ["hardening.sdk"] = "1.2.0" },
            Projects = new Dictionary<string, ProjectEntry>
            {
                ["app/app.csproj"] = new()
                {
                    Name = "app",
                    Graphs = new Dictionary<string, FrameworkGraph>
                    {
                        ["net10.0"] = new() { Direct = new Dictionary<string, string> { ["foo"] = "[1.0.0, )" }, Resolved = new Dictionary<string, string> { ["foo"] = "1.0.0", ["bar"] = "1.0.0" } },
                    },
                },
            },
            Sources = new Dictionary<string, SourcesEntry> { ["nuget.config"] = Sources(true, ("feed", "https://feed.example/v3"), ("ours", "https://ours.example/v3")) with { Mapping = Mapping(("feed", ["*"]), ("ours", ["Ours.*", "Hardening.Sdk"])) } },
        },
    };

    public static BaselineSnapshot Before { get; } = new()
    {
        Name = "origin/main",
        Top = "/repo",
        Lockfile = Lockfile,
        Lockfiles = new HashSet<string> { "hardening.lock.json" },
        Control = new Dictionary<string, string> { ["Directory.Build.rsp"] = LockfileSamples.Hash },
        GlobalJson = new Dictionary<string, GlobalJsonFacts> { ["global.json"] = GlobalJsonFacts.Read(System.Text.Encoding.UTF8.GetBytes(GlobalJson)) },
        BuildProps = new Dictionary<string, BuildPropsFacts> { ["Directory.Build.props"] = Props(BuildProps) },
        Projects = new HashSet<string> { "app/app.csproj" },
    };

    public static BuildPropsFacts Props(string text) => BuildPropsFacts.Read(System.Text.Encoding.UTF8.GetBytes(text));

    public static GlobalJsonFacts Global(string text) => GlobalJsonFacts.Read(System.Text.Encoding.UTF8.GetBytes(text));

    public static BaselineSnapshot With(Func<NuGetSection, NuGetSection> change) => Before with { Lockfile = Lockfile with { NuGet = change(Lockfile.NuGet) } };

    public static PackageEntry Package(string name, string version, params string[] runs) =>
        new(name, version, new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash)) { Runs = runs };

    public static Dictionary<string, PackageEntry> Packages(params IEnumerable<PackageEntry> packages) => packages.ToDictionary(p => p.Key);

    public static SourcesEntry Sources(bool clear, params (string Name, string Address)[] sources) => new(clear) { Sources = sources.ToDictionary(s => s.Name, s => s.Address) };

    public static Dictionary<string, IReadOnlyList<string>> Mapping(params (string Source, string[] Patterns)[] mapping) =>
        mapping.ToDictionary(m => m.Source, m => (IReadOnlyList<string>)m.Patterns);

    public static Dictionary<string, JsonElement> Unknown(string name, string json) => new() { [name] = JsonDocument.Parse(json).RootElement };

    /// <summary>The messages of what a change weakens; each is an HRD0017 below the top.</summary>
    public static IReadOnlyList<string> Weakened(BaselineSnapshot after) => Weakened(Before, after);

    public static IReadOnlyList<string> Weakened(BaselineSnapshot before, BaselineSnapshot after)
    {
        var findings = BaselineComparison.Compare(before, after).Findings;
        Assert.IsTrue(findings.All(f => f.Code.Id == "HRD0017" && f.Place.File.StartsWith("/repo/", StringComparison.Ordinal) && f.Command.Length > 0));
        return [.. findings.Select(f => f.Message)];
    }

    public static void OneWeakening(string expected, BaselineSnapshot after) => OneWeakening(expected, Before, after);

    public static void OneWeakening(string expected, BaselineSnapshot before, BaselineSnapshot after)
    {
        var found = Weakened(before, after);
        Assert.HasCount(1, found, string.Join('\n', found));
        Assert.Contains(expected, found[0]);
    }

    public static void NoWeakening(BaselineSnapshot after) => Assert.IsEmpty(Weakened(after), string.Join('\n', Weakened(after)));
}
