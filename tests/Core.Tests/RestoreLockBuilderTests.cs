using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using static Hardening.Tests.RestoreSamples;

namespace Hardening.Tests;

/// <summary>What a restore found becomes an entry, and the entry becomes the lock file that makes NuGet find the same again.</summary>
[TestClass]
public sealed class RestoreLockBuilderTests
{
    private const string Sdk = "10.0.401";
    private const string Rid = "linux-x64";
    private const string Root = "/repo";

    [TestMethod]
    public void A_project_with_packages_gives_back_the_same_lock_file() => RoundTrip(RestoredSample.Of("src/App/App.csproj",
        Direct("Some.Tool", "1.2.3", "[1.2.0, )", "Other.Content"),
        Direct("Floating", "2.5.0", "[2.*, )"),
        Transitive("Other.Content", "2.0.0-RC.1")));

    [TestMethod]
    public void Several_frameworks_and_runtime_identifiers_give_back_the_same_lock_file() => RoundTrip(
        new RestoredSample("App.csproj")
        {
            Targets =
            {
                ["net10.0"] = [Direct("A", "1.0.0"), Transitive("B", "1.0.0")],
                ["net10.0/linux-x64"] = [Transitive("runtime.native", "3.0.0")],
                ["net10.0/win-x64"] = [],
                ["netstandard2.1"] = [Direct("A", "2.0.0")],
                ["netstandard2.1/linux-x64"] = [],
                ["netstandard2.1/win-x64"] = [],
            },
        },
        "linux-x64", "win-x64");

    [TestMethod]
    public void Central_versions_of_transitive_packages_give_back_the_same_lock_file() => RoundTrip(
        RestoredSample.Of("App.csproj", Direct("A", "1.0.0"), Central("B", "2.0.0", "[2.0.0, )"), Transitive("C", "1.0.0")) with { LockVersion = 2 });

    [TestMethod]
    public void What_the_sdk_implies_is_recorded_for_the_sdk_and_gives_back_the_same_lock_file()
    {
        var sample = RestoredSample.Of("App.csproj",
            Direct("Own", "1.0.0", null, "Shared"),
            Transitive("Shared", "1.0.0"),
            Direct("Microsoft.NET.ILLink.Tasks", "10.0.1", null, "ILLink.Part", "Shared"),
            Transitive("ILLink.Part", "10.0.1"),
            Direct("NETStandard.Library", "2.0.3")) with
        { Implied = ["Microsoft.NET.ILLink.Tasks", "NETStandard.Library"], Downloads = [new("Microsoft.NETCore.App.Ref", "10.0.1"), new("Some.Data", "1.0.0"), new("Some.Data", "0.9.0-B")] };

        var (lockfile, _) = Entries(sample);
        var graph = lockfile.NuGet.Projects["App.csproj"].Graphs["net10.0"];

        Assert.AreEqual("sdk", graph.Resolved["microsoft.net.illink.tasks"]);
        Assert.AreEqual("sdk", graph.Direct["microsoft.net.illink.tasks"]);
        Assert.AreEqual("sdk", graph.Resolved["illink.part"]);
        Assert.AreEqual("1.0.0", graph.Resolved["shared"], "a reference of the project's own leads to it too");
        Assert.AreEqual("2.0.3", graph.Resolved["netstandard.library"], "the same in every SDK");
        Assert.AreEqual("sdk", graph.Downloads["microsoft.netcore.app.ref"]);
        Assert.AreEqual("0.9.0-b;1.0.0", graph.Downloads["some.data"]);
        Assert.AreEqual("10.0.1", lockfile.NuGet.Sdks[Sdk]["net10.0"]["illink.part"]);
        Assert.AreEqual("10.0.1", lockfile.NuGet.Sdks[Sdk]["net10.0"]["microsoft.netcore.app.ref"]);
        RoundTrip(sample);
    }

    [TestMethod]
    public void An_implied_package_that_something_else_holds_at_another_version_is_the_projects_own()
    {
        var sample = RestoredSample.Of("App.csproj", Direct("FSharp.Core", "9.0.0", "[10.0.1, )")) with { Implied = ["FSharp.Core"] };

        var (lockfile, _) = Entries(sample);

        Assert.AreEqual("9.0.0", lockfile.NuGet.Projects["App.csproj"].Graphs["net10.0"].Resolved["fsharp.core"]);
        RoundTrip(sample);
    }

    [TestMethod]
    public void What_flows_from_a_project_gives_back_the_same_lock_file()
    {
        var library = RestoredSample.Of("src/Lib/Lib.fsproj", Direct("FSharp.Core", "10.0.1"), Direct("A", "1.0.0")) with { Implied = ["FSharp.Core"] };
        var app = RestoredSample.Of("src/App/App.csproj", Transitive("A", "1.0.0"), Transitive("FSharp.Core", "10.0.1"), Project("lib", ("A", "[1.0.0, )"), ("FSharp.Core", "[10.0.1, )"))).With("lib", "src/Lib/Lib.fsproj");

        using var update = new UpdateSample();
        update.Package("FSharp.Core", "10.0.1");
        update.Package("A", "1.0.0");
        update.Restored(app);
        update.Restored(library);
        var lockfile = update.Updated(Lockfile.Empty);

        Assert.AreEqual("sdk", lockfile.NuGet.Projects["src/Lib/Lib.fsproj"].Exports["net10.0"]["FSharp.Core"]);
        Assert.AreEqual("[1.0.0, )", lockfile.NuGet.Projects["src/Lib/Lib.fsproj"].Exports["net10.0"]["A"]);
        var made = new RestoreLockBuilder(lockfile, UpdateSample.Sdk, UpdateSample.Rid).Build("src/App/App.csproj", [], SourcePlace.None, []);
        CollectionAssert.AreEquivalent(
            new[] { KeyValuePair.Create("A", "[1.0.0, )"), KeyValuePair.Create("FSharp.Core", "[10.0.1, )") },
            made!.Targets["net10.0"].Single(i => i.Type == RestoreLockItem.Project).Dependencies.ToArray());
    }

    [TestMethod]
    public void Another_sdk_leaves_its_packages_out_and_says_so()
    {
        var (lockfile, _) = Entries(RestoredSample.Of("App.csproj", Direct("Own", "1.0.0"), Direct("Microsoft.NET.ILLink.Tasks", "10.0.1")) with { Implied = ["Microsoft.NET.ILLink.Tasks"] });
        var findings = new List<Finding>();
        var builder = new RestoreLockBuilder(lockfile, "10.0.402", Rid);

        var made = builder.Build("App.csproj", [], SourcePlace.None, findings);

        Assert.IsEmpty(findings);
        Assert.IsTrue(builder.SdkNotLocked);
        CollectionAssert.AreEqual(new[] { "Own" }, made!.Targets["net10.0"].Select(i => i.Id).ToArray());
    }

    [TestMethod]
    public void Hashes_are_those_of_this_sdks_runtime_identifier()
    {
        var (lockfile, _) = Entries(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        var variant = new PackageContent(LockfileSamples.OtherHash, LockfileSamples.OtherHash, LockfileSamples.OtherHash);
        lockfile = lockfile with { NuGet = lockfile.NuGet with { Packages = lockfile.NuGet.Packages.ToDictionary(p => p.Key, p => p.Value with { Variants = new Dictionary<string, PackageContent> { ["osx-arm64"] = variant } }) } };

        Assert.AreEqual(LockfileSamples.Hash, Hash("linux-x64"));
        Assert.AreEqual(LockfileSamples.OtherHash, Hash("osx-arm64"));

        string? Hash(string rid) => new RestoreLockBuilder(lockfile, Sdk, rid).Build("App.csproj", [], SourcePlace.None, [])!.Targets["net10.0"].Single().ContentHash;
    }

    [TestMethod]
    public void A_project_that_is_not_locked_is_a_finding() => Refused(FindingCodes.ProjectNotLocked, Lockfile.Empty, "Other.csproj");

    [TestMethod]
    public void A_runtime_identifier_that_is_not_locked_is_a_finding_with_the_command()
    {
        var (lockfile, _) = Entries(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));

        var finding = Refused(FindingCodes.ReferenceChanged, lockfile, "App.csproj", "win-x64", "linux-x64");

        Assert.AreEqual($"{Commands.Update} -p:HardeningRuntimeIdentifiers=linux-x64%3Bwin-x64", finding.Command);
    }

    [TestMethod]
    public void A_graph_that_names_a_package_without_an_entry_is_a_finding()
    {
        var (lockfile, _) = Entries(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));

        var finding = Refused(FindingCodes.LockfileDamaged, new Lockfile { NuGet = lockfile.NuGet with { Packages = new Dictionary<string, PackageEntry>() } }, "App.csproj");

        Assert.Contains("a 1.0.0", finding.Message);
    }

    [TestMethod]
    public void A_reference_to_a_project_outside_is_invalid_data() => Assert.ThrowsExactly<InvalidDataException>(() =>
        Entries(RestoredSample.Of("App.csproj", Project("lib")).With("lib", "../Lib/Lib.csproj")));

    [TestMethod]
    public void A_framework_that_only_one_of_the_files_has_is_invalid_data()
    {
        using var folder = new TemporaryFolder();
        var sample = RestoredSample.Of("App.csproj");
        var result = RestoreResult.Read(folder.File("a", AssetsOf(Root, "/packages", sample)));
        var other = LockOf(new RestoredSample("App.csproj") { Targets = { ["net9.0"] = [] } });

        Assert.ThrowsExactly<InvalidDataException>(() => new ProjectObservation(Root, result, other).ToEntry(new SdkTable()));
    }

    [TestMethod]
    public void Frameworks_are_the_same_in_every_notation()
    {
        using var folder = new TemporaryFolder();
        var result = RestoreResult.Read(folder.File("a", AssetsOf(Root, "/packages", new RestoredSample("App.csproj") { Targets = { ["netstandard2.1"] = [] } })));
        var restoreLock = LockOf(new RestoredSample("App.csproj") { Targets = { [".NETStandard,Version=v2.1"] = [Direct("A", "1.0.0")] } });

        var entry = new ProjectObservation(Root, result, restoreLock).ToEntry(new SdkTable());

        Assert.AreEqual("1.0.0", entry.Graphs[".NETStandard,Version=v2.1"].Resolved["a"]);
    }

    private static void RoundTrip(RestoredSample sample, params string[] rids)
    {
        var (lockfile, observed) = Entries(sample);
        var findings = new List<Finding>();

        var made = new RestoreLockBuilder(lockfile, Sdk, Rid).Build(sample.Path, rids, SourcePlace.None, findings);

        Assert.IsEmpty(findings);
        Assert.AreEqual(Lines(observed), Lines(made!));
    }

    private static (Lockfile Lockfile, RestoreLock Observed) Entries(RestoredSample sample)
    {
        using var folder = new TemporaryFolder();
        var result = RestoreResult.Read(folder.File("a", AssetsOf(Root, "/packages", sample)));
        var observed = LockOf(sample);
        var table = new SdkTable();
        var observation = new ProjectObservation(Root, result, observed);
        var entry = observation.ToEntry(table);
        var content = new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash);
        var lockfile = new Lockfile
        {
            NuGet = new NuGetSection
            {
                Projects = new Dictionary<string, ProjectEntry> { [observation.Key!] = entry },
                Packages = observation.Packages.Select(p => new PackageEntry(p.Id, p.Version, content)).ToDictionary(p => p.Key),
                Sdks = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> { [Sdk] = table.Versions },
            },
        };
        return (lockfile, observed);
    }

    private static Finding Refused(FindingCode code, Lockfile lockfile, string project, params string[] rids)
    {
        var findings = new List<Finding>();
        Assert.IsNull(new RestoreLockBuilder(lockfile, Sdk, Rid).Build(project, rids, SourcePlace.None, findings));
        Assert.AreEqual(code, findings.Single().Code);
        return findings[0];
    }
}
