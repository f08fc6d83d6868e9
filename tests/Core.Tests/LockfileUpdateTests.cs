using System.Text;
using CsCheck;
using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Lockfiles;
using static Hardening.Tests.RestoreSamples;

namespace Hardening.Tests;

[TestClass]
public sealed class LockfileUpdateTests
{
    private static readonly Gen<RestoredSample[]> Repositories = Gen.Select(Gen.Int[1, 4], Gen.Int, (count, seed) => Repository(count, new Random(seed)));

    [TestMethod]
    public void A_new_package_is_locked_with_its_archives_hashes_and_told_with_what_it_runs()
    {
        using var sample = new UpdateSample();
        sample.Package("Some.Tool", "1.0.0", "build/Some.Tool.targets", "lib/net10.0/a.dll");
        sample.Package("Plain", "2.0.0-RC.1", "lib/net10.0/a.dll");
        sample.Restored(RestoredSample.Of("App/App.csproj", Direct("Some.Tool", "1.0.0", null, "Plain"), Transitive("Plain", "2.0.0-RC.1")));

        var result = sample.Update(Lockfile.Empty);

        Assert.AreEqual(FindingCodes.NewCode, result.Findings.Single().Code);
        Assert.AreEqual("Some.Tool 1.0.0 is new and runs in the build: build/Some.Tool.targets.", result.Findings[0].Message);
        var packages = result.Lockfile!.NuGet.Packages;
        CollectionAssert.AreEquivalent(new[] { "some.tool/1.0.0", "plain/2.0.0-rc.1" }, packages.Keys.ToArray());
        var archive = PackageArchive.Read(PackageFolder.Of(sample.Quarantine.Packages, "some.tool/1.0.0").ArchivePath, CancellationToken.None);
        Assert.AreEqual(archive.Content, packages["some.tool/1.0.0"].Content);
        CollectionAssert.AreEqual(new[] { "build/Some.Tool.targets" }, packages["some.tool/1.0.0"].Runs.ToArray());
        Assert.AreEqual("[1.0.0, )", result.Lockfile.NuGet.Projects["App/App.csproj"].Graphs["net10.0"].Direct["some.tool"]);
        Assert.IsTrue(result.News.Any(n => n.Contains("+ Plain 2.0.0-RC.1", StringComparison.Ordinal)), string.Join('\n', result.News));
        Assert.IsTrue(result.News.Any(n => n.Contains("+ Some.Tool 1.0.0", StringComparison.Ordinal) && n.Contains("build/Some.Tool.targets", StringComparison.Ordinal)), string.Join('\n', result.News));
    }

    [TestMethod]
    public void Hashes_do_not_come_from_the_extracted_files_or_the_noted_hash()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0", "lib/a.dll");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        var before = sample.Updated(Lockfile.Empty);
        var folder = PackageFolder.Of(sample.Quarantine.Packages, "a/1.0.0");
        Directory.CreateDirectory(Path.Combine(folder.Path, "build"));
        File.WriteAllText(Path.Combine(folder.Path, "build", "evil.targets"), "<Project />");
        File.WriteAllText(folder.MetadataPath, $"{{\"contentHash\":\"{LockfileSamples.OtherHash}\"}}");

        AssertSame(before, sample.Updated(Lockfile.Empty));
    }

    [TestMethod]
    public void A_package_that_is_no_longer_used_leaves_the_lockfile()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0");
        sample.Package("B", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0"), Direct("B", "1.0.0")));
        var before = sample.Updated(Lockfile.Empty);
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));

        var result = sample.Update(before);

        CollectionAssert.AreEqual(new[] { "a/1.0.0" }, result.Lockfile!.NuGet.Packages.Keys.ToArray());
        CollectionAssert.Contains(result.News.ToArray(), "  - B 1.0.0 is no longer used");
    }

    [TestMethod]
    public void Other_bytes_for_a_locked_version_are_refused_unless_named()
    {
        using var sample = new UpdateSample();
        sample.Package("Some.Tool", "1.0.0", "lib/a.dll");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("Some.Tool", "1.0.0")));
        var before = sample.Updated(Lockfile.Empty);
        sample.Package("Some.Tool", "1.0.0", "lib/a.dll", "build/Some.Tool.targets");

        var finding = sample.Finding(FindingCodes.Republished, before);
        Assert.AreEqual(Commands.UpdateOnly("Some.Tool"), finding.Command);
        sample.Finding(FindingCodes.Republished, before);

        var after = sample.Updated(before, "SOME.tool");
        Assert.AreNotEqual(before.NuGet.Packages["some.tool/1.0.0"].Content, after.NuGet.Packages["some.tool/1.0.0"].Content);
        AssertSame(after, sample.Updated(after));
    }

    [TestMethod]
    public void Accepted_bytes_count_although_there_was_a_variant_for_this_machine()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0", "lib/a.dll");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        var content = new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash);
        var entry = new PackageEntry("A", "1.0.0", content) { Variants = new Dictionary<string, PackageContent> { [UpdateSample.Rid] = content, ["osx-arm64"] = content } };
        var before = new Lockfile { NuGet = new NuGetSection { Packages = new Dictionary<string, PackageEntry> { [entry.Key] = entry } } };

        var after = sample.Updated(before, "A").NuGet.Packages["a/1.0.0"];

        Assert.AreEqual(after.Content, after.ContentFor(UpdateSample.Rid));
        Assert.AreNotEqual(content, after.Content);
        Assert.AreEqual(content, after.ContentFor("osx-arm64"));
    }

    [TestMethod]
    public void A_pack_that_the_sdk_itself_carries_may_differ_by_machine()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "A", "1.0.0", "/usr/share/dotnet/library-packs", ["lib/a.dll"]);
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        var content = new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash);
        var entry = new PackageEntry("A", "1.0.0", content);
        var before = new Lockfile { NuGet = new NuGetSection { Packages = new Dictionary<string, PackageEntry> { [entry.Key] = entry } } };

        var after = sample.Updated(before);

        Assert.AreEqual(content, after.NuGet.Packages["a/1.0.0"].Content);
        Assert.AreNotEqual(content, after.NuGet.Packages["a/1.0.0"].ContentFor(UpdateSample.Rid));
        AssertSame(after, sample.Updated(after));
    }

    [TestMethod]
    [DataRow("https://example.org/library-packs")]
    [DataRow("library-packs")]
    [DataRow("../library-packs")]
    [DataRow("@ROOT@/feed/library-packs")]
    [DataRow("/usr/share/dotnet/library-packs/other")]
    [DataRow("")]
    public void A_source_that_only_calls_itself_so_is_not_the_sdks(string source)
    {
        using var sample = new UpdateSample();
        sample.Package("A", "A", "1.0.0", source.Replace("@ROOT@", sample.Root, StringComparison.Ordinal), ["lib/a.dll"]);
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        var entry = new PackageEntry("A", "1.0.0", new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash));

        sample.Finding(FindingCodes.Republished, new Lockfile { NuGet = new NuGetSection { Packages = new Dictionary<string, PackageEntry> { [entry.Key] = entry } } });
    }

    [TestMethod]
    public void A_limited_update_changes_nothing_else()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0");
        sample.Package("B", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0"), Direct("B", "1.0.0")));
        var before = sample.Updated(Lockfile.Empty);
        sample.Package("A", "2.0.0");
        sample.Package("B", "2.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "2.0.0"), Direct("B", "2.0.0")));

        var finding = sample.Finding(FindingCodes.UpdateIncomplete, before, "a");

        Assert.Contains("b/1.0.0, b/2.0.0", finding.Message);
        Assert.DoesNotContain("a/", finding.Message);
        sample.Updated(before, "A", "b");
    }

    [TestMethod]
    public void A_limited_update_does_not_remove_or_add_others()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0");
        sample.Package("B", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0"), Direct("B", "1.0.0")));
        var both = sample.Updated(Lockfile.Empty);
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        var one = sample.Updated(both);

        sample.Finding(FindingCodes.UpdateIncomplete, both, "A");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0"), Direct("B", "1.0.0")));
        sample.Finding(FindingCodes.UpdateIncomplete, one, "A");
    }

    [TestMethod]
    public void A_hostile_archive_is_refused()
    {
        using var sample = new UpdateSample();
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        sample.Package("A", "1.0.0", "../../evil");
        sample.Finding(FindingCodes.HostileArchive, Lockfile.Empty);

        var path = PackageFolder.Of(sample.Quarantine.Packages, "a/1.0.0").ArchivePath;
        File.WriteAllText(path, "no zip");
        sample.Finding(FindingCodes.HostileArchive, Lockfile.Empty);

        File.Delete(path);
        sample.Finding(FindingCodes.HostileArchive, Lockfile.Empty);
    }

    [TestMethod]
    public void An_archive_that_is_another_package_is_refused()
    {
        using var sample = new UpdateSample();
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        sample.Package("A", "Evil", "1.0.0", string.Empty, []);

        Assert.Contains("calls itself Evil 1.0.0", sample.Finding(FindingCodes.HostileArchive, Lockfile.Empty).Message);
    }

    [TestMethod]
    public void An_id_with_a_look_alike_letter_is_refused()
    {
        const string Imitation = "Newtonsoft.Js\u043Fn";
        using var sample = new UpdateSample();
        sample.Package(Imitation, "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct(Imitation, "1.0.0")));

        Assert.Contains("U+043F at position 14", sample.Finding(FindingCodes.LookAlikeId, Lockfile.Empty).Message);
    }

    [TestMethod]
    public void A_new_id_that_is_nearly_a_well_known_one_is_a_warning_once()
    {
        using var sample = new UpdateSample();
        sample.Package("Newtonsoft.Jsn", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("Newtonsoft.Jsn", "1.0.0")));

        var result = sample.Update(Lockfile.Empty);

        Assert.AreEqual(FindingCodes.NeighbourId, result.Findings.Single().Code);
        AssertSame(result.Lockfile!, sample.Updated(result.Lockfile!));
    }

    [TestMethod]
    public void A_warning_does_not_keep_a_contradiction_from_being_found()
    {
        // Two passes over one project that resolved one framework differently: the lockfile can hold only one of them.
        using var sample = new UpdateSample();
        sample.Package("Newtonsoft.Jsn", "1.0.0");
        sample.Package("A", "1.0.0");
        sample.Package("A", "2.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("Newtonsoft.Jsn", "1.0.0"), Direct("A", "1.0.0")));
        sample.Restored(RestoredSample.Of("App.csproj", Direct("Newtonsoft.Jsn", "1.0.0"), Direct("A", "2.0.0")), pass: "1");

        var result = sample.Update(Lockfile.Empty);

        Assert.IsNull(result.Lockfile);
        Assert.IsTrue(result.Findings.Any(f => f.Code == FindingCodes.UpdateIncomplete));
    }

    [TestMethod]
    public void A_project_that_was_not_restored_is_kept_and_told_until_it_is_gone()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0");
        sample.Package("B", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        sample.Restored(RestoredSample.Of("Other/Other.csproj", Direct("B", "1.0.0")));
        var before = sample.Updated(Lockfile.Empty);
        sample.Again();
        sample.Package("A", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));

        var result = sample.Update(before);

        AssertSame(before, result.Lockfile!);
        CollectionAssert.Contains(result.News.ToArray(), "  = Other/Other.csproj was not restored now; its entry is kept");

        File.Delete(sample.Project("Other/Other.csproj"));
        var after = sample.Updated(before);
        CollectionAssert.AreEqual(new[] { "App.csproj" }, after.NuGet.Projects.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { "a/1.0.0" }, after.NuGet.Packages.Keys.ToArray());
    }

    [TestMethod]
    public void A_runtime_identifier_that_was_not_asked_for_now_is_kept()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0");
        sample.Package("Runtime.Native", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        sample.Restored(new RestoredSample("App.csproj") { Targets = { ["net10.0"] = [Direct("A", "1.0.0")], ["net10.0/linux-x64"] = [Transitive("Runtime.Native", "1.0.0")] } }, pass: "1");
        var before = sample.Updated(Lockfile.Empty);
        CollectionAssert.AreEquivalent(new[] { "net10.0", "net10.0/linux-x64" }, before.NuGet.Projects["App.csproj"].Graphs.Keys.ToArray());
        sample.Again();
        sample.Package("A", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));

        AssertSame(before, sample.Updated(before));
    }

    [TestMethod]
    public void The_table_of_another_sdk_is_kept_while_something_uses_it()
    {
        using var sample = new UpdateSample();
        sample.Package("Microsoft.NET.ILLink.Tasks", "10.0.1");
        var implied = RestoredSample.Of("App.csproj", Direct("Microsoft.NET.ILLink.Tasks", "10.0.1")) with { Implied = ["Microsoft.NET.ILLink.Tasks"] };
        sample.Restored(implied);
        var first = new LockfileUpdate(new UpdateRequest(sample.Root, sample.Quarantine, "10.0.300", UpdateSample.Rid), Lockfile.Empty).Run(CancellationToken.None).Lockfile!;
        sample.Again();
        sample.Package("Microsoft.NET.ILLink.Tasks", "10.0.2");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("Microsoft.NET.ILLink.Tasks", "10.0.2")) with { Implied = implied.Implied });

        var second = sample.Updated(first);

        CollectionAssert.AreEquivalent(new[] { "10.0.300", UpdateSample.Sdk }, second.NuGet.Sdks.Keys.ToArray());
        CollectionAssert.AreEquivalent(new[] { "microsoft.net.illink.tasks/10.0.1", "microsoft.net.illink.tasks/10.0.2" }, second.NuGet.Packages.Keys.ToArray());
        sample.Restored(RestoredSample.Of("App.csproj"));
        var third = sample.Updated(second);
        Assert.IsEmpty(third.NuGet.Sdks);
        Assert.IsEmpty(third.NuGet.Packages);
    }

    [TestMethod]
    public void A_project_outside_the_repository_is_refused()
    {
        using var sample = new UpdateSample();
        sample.Restored(RestoredSample.Of("../Outside.csproj"));

        Assert.Contains("Outside.csproj", sample.Finding(FindingCodes.UpdateIncomplete, Lockfile.Empty).Message);
    }

    [TestMethod]
    public void A_restore_that_found_nothing_is_refused()
    {
        using var sample = new UpdateSample();

        sample.Finding(FindingCodes.UpdateIncomplete, Lockfile.Empty);
    }

    [TestMethod]
    public void Restore_results_that_cannot_be_read_are_refused()
    {
        using var sample = new UpdateSample();
        sample.Restored(RestoredSample.Of("App.csproj"), folderName: "App");
        sample.Restored(RestoredSample.Of("Lib.csproj"), folderName: "Lib");
        File.WriteAllText(Path.Combine(sample.Quarantine.Path, "obj/0/Lib", RestoreResult.FileName), "{");
        sample.Finding(FindingCodes.UpdateIncomplete, Lockfile.Empty);

        sample.Restored(RestoredSample.Of("Lib.csproj"), folderName: "Lib");
        File.Delete(Path.Combine(sample.Quarantine.Path, "obj/0/Lib", Quarantine.LockFileName));
        sample.Finding(FindingCodes.UpdateIncomplete, Lockfile.Empty);
    }

    [TestMethod]
    public void Sources_are_locked_as_the_repository_writes_them()
    {
        using var sample = new UpdateSample();
        sample.Restored(RestoredSample.Of("src/App/App.csproj"));
        sample.Write("nuget.config", "<configuration><packageSources><clear /><add key=\"a\" value=\"https://a.example/\" /></packageSources></configuration>");
        sample.Write("src/nuget.config", "<configuration><packageSources><add key=\"b\" value=\"https://b.example/\" /></packageSources></configuration>");
        sample.Write("other/nuget.config", "not looked at");
        var before = sample.Updated(Lockfile.Empty);
        CollectionAssert.AreEquivalent(new[] { "nuget.config", "src/nuget.config" }, before.NuGet.Sources.Keys.ToArray());

        File.Delete(sample.Write("src/nuget.config", ""));
        CollectionAssert.AreEquivalent(new[] { "nuget.config" }, sample.Updated(before).NuGet.Sources.Keys.ToArray());

        sample.Write("nuget.config", "<configuration><packageSources><add key=\"a\" value=\"https://a.example/\" /></packageSources></configuration>");
        sample.Finding(FindingCodes.SourcesNotCleared, before);
        sample.Write("nuget.config", "<configuration>");
        sample.Finding(FindingCodes.Unreadable, before);
    }

    [TestMethod]
    public void Cancelling_ends_the_update()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));

        Assert.ThrowsExactly<OperationCanceledException>(() =>
            new LockfileUpdate(new UpdateRequest(sample.Root, sample.Quarantine, UpdateSample.Sdk, UpdateSample.Rid), Lockfile.Empty).Run(new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void A_lockfile_of_another_minor_version_is_updated_and_never_to_an_older_one()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0");
        sample.Restored(RestoredSample.Of("App.csproj", Direct("A", "1.0.0")));
        var before = sample.Updated(Lockfile.Empty);

        Assert.AreEqual(Lockfile.CurrentMinor, before.Minor);
        Assert.AreEqual(Lockfile.CurrentMinor, sample.Updated(before with { Minor = Lockfile.CurrentMinor - 1 }).Minor);
        var newer = LockfileSamples.Read(Encoding.UTF8.GetString(LockfileWriter.Write(before with { Minor = Lockfile.CurrentMinor + 2 })).Replace("\"nuget\": {", "\"later\": { \"x\": 1 },\n  \"nuget\": {\n    \"later\": true,", StringComparison.Ordinal));
        var after = sample.Updated(newer);
        Assert.AreEqual(Lockfile.CurrentMinor + 2, after.Minor);
        Assert.AreEqual("{ \"x\": 1 }", after.Unknown["later"].GetRawText());
        Assert.IsTrue(after.NuGet.Unknown["later"].GetBoolean());
        AssertSame(newer, after);
    }

    [TestMethod]
    public void Unknown_members_survive()
    {
        using var sample = new UpdateSample();
        sample.Package("Newtonsoft.Json", "13.0.3");
        sample.Restored(RestoredSample.Of("src/App/App.csproj", Direct("Newtonsoft.Json", "13.0.3")));
        var full = LockfileSamples.Read(LockfileSamples.Full);

        var after = sample.Update(full, "Newtonsoft.Json", "Some.Package").Lockfile!;

        Assert.AreEqual("kept", after.NuGet.Projects["src/App/App.csproj"].Unknown["note"].GetString());
        Assert.IsTrue(after.Unknown.ContainsKey("agents"));
        Assert.IsTrue(after.NuGet.Unknown.ContainsKey("unknown"));
    }

    [TestMethod]
    public void Whatever_the_repository_the_update_is_the_same_in_any_order_and_changes_nothing_when_repeated() => Repositories.Sample(
        repository =>
        {
            using var sample = new UpdateSample();
            foreach (var (id, version) in repository.SelectMany(r => r.Targets.Values).SelectMany(i => i).Where(i => i.Resolved is not null).Select(i => (i.Id, i.Resolved!)).Distinct())
            {
                sample.Package(id, version, $"lib/{id}.dll");
            }

            foreach (var project in repository)
            {
                sample.Restored(project);
            }

            var once = sample.Updated(Lockfile.Empty);
            AssertSame(once, sample.Updated(once));
            AssertSame(once, sample.Updated(LockfileSamples.Read(LockfileWriter.Write(once))));

            Directory.Delete(Path.Combine(sample.Quarantine.Path, "obj"), recursive: true);
            foreach (var project in repository.Reverse())
            {
                sample.Restored(project);
            }

            AssertSame(once, sample.Updated(Lockfile.Empty));
            AssertSame(once, sample.Updated(once));
        },
        iter: 15, threads: 1);

    // Projects that reference earlier ones, with packages of their own, of the SDK and of those they reference.
    private static RestoredSample[] Repository(int count, Random random)
    {
        var projects = new List<RestoredSample>();
        for (var i = 0; i < count; i++)
        {
            var items = new List<RestoreLockItem>();
            for (var package = 0; package < 4; package++)
            {
                var (id, version) = ($"Contoso.P{package}", $"{1 + random.Next(2)}.0.0");
                items.AddRange(random.Next(3) switch
                {
                    0 => [Direct(id, version)],
                    1 => [Transitive(id, version)],
                    _ => Array.Empty<RestoreLockItem>(),
                });
            }

            string[] implied = random.Next(2) == 0 ? ["Microsoft.NET.ILLink.Tasks"] : [];
            items.AddRange(implied.Select(id => Direct(id, $"10.0.{random.Next(2)}")));
            var references = projects.Where(_ => random.Next(2) == 0).ToDictionary(p => p.Name.ToLowerInvariant(), p => p.Path);
            items.AddRange(references.Keys.Select(name => Project(name, ("Contoso.P0", "[1.0.0, )"))));
            projects.Add(RestoredSample.Of($"src/P{i}/P{i}.csproj", [.. items]) with { Implied = implied, Projects = references });
        }

        return [.. projects];
    }

    private static void AssertSame(Lockfile expected, Lockfile actual) =>
        Assert.AreEqual(Encoding.UTF8.GetString(LockfileWriter.Write(expected)), Encoding.UTF8.GetString(LockfileWriter.Write(actual)));
}
