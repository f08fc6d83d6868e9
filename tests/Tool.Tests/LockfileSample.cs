using Hardening.Lockfiles;

namespace Hardening.Tool.Tests;

/// <summary>The lockfile that belongs to the sample of <see cref="InventoryTests"/>.</summary>
internal static class LockfileSample
{
    private static readonly PackageContent Content = new(Hash, Hash, Hash);

    private const string Hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";

    /// <summary>Makes it; actions/checkout is locked at the commit, as v4.</summary>
    internal static Lockfile Of(string commit) => new()
    {
        Actions = Actions(("actions/checkout", commit, "refs/tags/v4")),
        NuGet = new NuGetSection
        {
            Packages = new[] { ("Central", "2.0.0"), ("Central", "1.0.0"), ("Direct", "1.2.4"), ("Loaded", "4.0.0") }.Select(p => new PackageEntry(p.Item1, p.Item2, Content)).ToDictionary(p => p.Key),
            MSBuildSdks = Map(("my.sdk", "0.9.0;1.0.0"), ("from.json", "5.0.0")),
            Tools = Map(("my.tool", "6.0.0")),
            DotNet = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["global.json"] = Map(("version", "10.0.100")) },
            Projects = new Dictionary<string, ProjectEntry>
            {
                ["app/app.csproj"] = new()
                {
                    Name = "app",
                    Graphs = new Dictionary<string, FrameworkGraph>
                    {
                        ["net10.0"] = new() { Direct = Map(("direct", "[1.2.3, )"), ("central", "[2.0.0, )")), Resolved = Map(("direct", "1.2.4"), ("central", "2.0.0")), Downloads = Map(("loaded", "4.0.0")) },
                    },
                },
            },
        },
    };

    /// <summary>A section of actions whose roots use nothing.</summary>
    internal static ActionsSection Actions(params (string Name, string Commit, string Ref)[] entries) => new()
    {
        Commits = entries.Select(e => new ActionEntry(e.Name, e.Commit)
        {
            Refs = Map((e.Ref, e.Commit)),
            Tree = Hash,
            Uses = new Dictionary<string, IReadOnlyDictionary<string, string>> { [ActionEntry.RootPath] = Map() },
        }).ToDictionary(e => e.Key),
    };

    private static Dictionary<string, string> Map(params (string Key, string Value)[] pairs) => pairs.ToDictionary(p => p.Key, p => p.Value);
}
