using System.Text;
using CsCheck;
using Hardening.Baselines;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;
using static Hardening.Tests.BaselineSamples;

namespace Hardening.Tests;

[TestClass]
public sealed class BaselineComparisonTests
{
    private static readonly NuGetSection NuGet = BaselineSamples.Lockfile.NuGet;
    private static readonly PackageContent Other = new(LockfileSamples.OtherHash, LockfileSamples.OtherHash, LockfileSamples.OtherHash);

    private const string Commit = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string OtherCommit = "67a3573c9a986a3f9c594539f4ab511d57bb3ce9";
    private static readonly ActionEntry Setup = new("ours/setup", Commit) { Refs = Refs(Commit, "refs/heads/main"), Uses = Used() };
    private static readonly ActionEntry Checkout = new("actions/checkout", Commit)
    {
        Refs = Refs(Commit, "refs/tags/v4", "refs/tags/v4.2.2"),
        Tree = LockfileSamples.Hash,
        OwnerId = 7,
        RepositoryId = 9,
        Uses = Used((".", "ours/setup@v1", Setup.Key), (".", "docker://alpine:3.22", "")),
    };

    [TestMethod]
    public void The_same_is_not_weaker()
    {
        NoWeakening(Before);
        CollectionAssert.AreEqual(new[] { "Nothing that runs in a build changed, as far as the lock entries say." }, BaselineComparison.Compare(Before, Before).Summary.ToArray());
    }

    [TestMethod]
    public void New_updated_and_removed_packages_are_no_weakening()
        => NoWeakening(With(n => n with { Packages = Packages(Package("Foo", "2.0.0"), Package("New", "1.0.0"), n.Packages["hardening.sdk/1.2.0"]) }));

    [TestMethod]
    public void A_removed_lockfile_is_one() => OneWeakening("hardening.lock.json was removed", Before with { Lockfile = null, Lockfiles = new HashSet<string>() });

    [TestMethod]
    [DataRow("app/hardening.lock.json")]
    [DataRow("app/HARDENING.lock.json")]
    [DataRow("Hardening.Lock.Json")]
    public void A_second_lockfile_takes_projects_away(string path)
        => Assert.Contains($"The lockfile {path} was added, and takes the projects below it away from hardening.lock.json.", Weakened(Before with { Lockfiles = new HashSet<string> { "hardening.lock.json", path } }));

    [TestMethod]
    public void A_lockfile_beside_another_takes_nothing_away()
    {
        var before = Before with { Lockfiles = new HashSet<string> { "a/hardening.lock.json" }, Prefix = "a/", Lockfile = null };
        Assert.IsEmpty(Weakened(before, before with { Lockfiles = new HashSet<string> { "a/hardening.lock.json", "b/hardening.lock.json" } }));
        OneWeakening("a/hardening.lock.json was removed", before, before with { Lockfiles = new HashSet<string> { "b/hardening.lock.json" } });
    }

    [TestMethod]
    public void A_lockfile_in_a_moved_submodule_is_one()
    {
        var after = Before with { Submodules = new Dictionary<string, string> { ["lib"] = "1" }, SubmodulesWithLockfile = new HashSet<string> { "lib" } };
        OneWeakening("submodule lib", after);
        Assert.Contains("  lib: none -> 1", BaselineComparison.Compare(Before, after).Summary);
    }

    [TestMethod]
    public void A_removed_project_that_is_still_there_is_one()
    {
        var after = With(n => n with { Projects = new Dictionary<string, ProjectEntry>() });
        OneWeakening("The entry of app/app.csproj was removed", after);
        NoWeakening(after with { Projects = new HashSet<string>() });
        OneWeakening("The entry of app/app.csproj was removed", With(n => n with { Projects = new Dictionary<string, ProjectEntry> { ["APP/app.csproj"] = NuGet.Projects["app/app.csproj"] } }));
    }

    [TestMethod]
    public void Other_hashes_under_the_same_version_are_one()
    {
        var after = With(n => n with { Packages = Packages([.. n.Packages.Values.Where(p => p.Name != "Foo"), n.Packages["foo/1.0.0"] with { Content = Other }]) });
        OneWeakening("Foo 1.0.0 has other hashes", after);
        var result = BaselineComparison.Compare(Before, after);
        Assert.AreEqual("Foo/1.0.0", result.Findings[0].Input);
        Assert.Contains("  Foo 1.0.0, other hashes under the same version (build/Foo.targets)", result.Summary);
    }

    [TestMethod]
    public void Another_archive_around_the_same_content_is_none()
        => NoWeakening(Changed("Foo", p => p with { Content = p.Content with { Archive = LockfileSamples.OtherHash } }));

    [TestMethod]
    public void A_variant_is_one()
    {
        var after = Changed("Foo", p => p with { Variants = new Dictionary<string, PackageContent> { ["linux-x64"] = Other } });
        OneWeakening("Foo 1.0.0 has a variant for linux-x64", after);
        OneWeakening("Foo 1.0.0 has other hashes in its variant for linux-x64", after, Changed("Foo", p => p with { Variants = new Dictionary<string, PackageContent> { ["linux-x64"] = p.Content } }));
        Assert.IsEmpty(Weakened(after, Before));
    }

    [TestMethod]
    public void The_same_bytes_that_say_less_of_what_they_run_are_one() => OneWeakening("no longer says that it runs build/Foo.targets", Changed("Foo", p => p with { Runs = [] }));

    [TestMethod]
    public void A_lower_minor_is_one()
    {
        OneWeakening("\"minor\" is 0", Before with { Lockfile = BaselineSamples.Lockfile with { Minor = 0 } });
        NoWeakening(Before with { Lockfile = BaselineSamples.Lockfile with { Minor = 2 } });
    }

    [TestMethod]
    public void A_member_that_is_not_known_cannot_be_judged()
    {
        OneWeakening("The member actions", Before with { Lockfile = BaselineSamples.Lockfile with { Unknown = Unknown("actions", "{}") } });
        OneWeakening("The member nuget.own", With(n => n with { Unknown = Unknown("own", "1") }));
        OneWeakening("foo/1.0.0: owner", Changed("Foo", p => p with { Unknown = Unknown("owner", "1") }));
        OneWeakening("app/app.csproj: x", With(n => n with { Projects = n.Projects.ToDictionary(p => p.Key, p => p.Value with { Unknown = Unknown("x", "1") }) }));
        OneWeakening("b/b.csproj: x", With(n => n with { Projects = new Dictionary<string, ProjectEntry>(n.Projects) { ["b/b.csproj"] = new() { Name = "b", Unknown = Unknown("x", "1") } } }));

        var before = Before with { Lockfile = BaselineSamples.Lockfile with { Unknown = Unknown("actions", """{"a": 1, "b": 2}""") } };
        Assert.IsEmpty(Weakened(before, Before with { Lockfile = BaselineSamples.Lockfile with { Unknown = Unknown("actions", """{ "b": 2, "a": 1 }""") } }));
        OneWeakening("The member actions", before, Before);
    }

    [TestMethod]
    public void New_and_removed_actions_are_no_weakening()
    {
        Assert.IsEmpty(Weakened(Locked(Checkout), Locked(Checkout, Setup with { Unknown = Unknown("x", "1") })));
        Assert.IsEmpty(Weakened(Locked(Checkout, Setup), Locked(Checkout)));
        Assert.IsEmpty(Weakened(Locked(Checkout), Before with { Lockfile = BaselineSamples.Lockfile with { Actions = new ActionsSection { IsBaseline = true } } }));
        Assert.IsEmpty(Weakened(Locked(Checkout), Locked(Checkout with { Name = "ACTIONS/Checkout" })));
        Assert.IsEmpty(Weakened(Locked(Checkout), Locked(new ActionEntry("actions/checkout", OtherCommit) { OwnerId = Checkout.OwnerId, RepositoryId = Checkout.RepositoryId, Refs = Refs(OtherCommit, "refs/tags/v4.3.0"), Uses = Checkout.Uses })));
        Assert.IsEmpty(Weakened(Locked(Checkout), Locked(Checkout, new ActionEntry("other/checkout", OtherCommit) { Refs = Refs(OtherCommit, "refs/tags/v4") })));
        NoWeakening(Locked(Checkout));
    }

    [TestMethod]
    public void What_stands_under_the_commit_of_an_action_is_fixed()
    {
        Found("has another hash over its files under the same commit", Checkout with { Tree = LockfileSamples.OtherHash });
        Found("no longer has the hash over its files", Checkout with { Tree = string.Empty });
        Found("has the number 8 of its owner, but origin/main has 7.", Checkout with { OwnerId = 8 });
        Found("no longer has the number of its owner", Checkout with { OwnerId = 0 });
        Found("has the number 10 of its repository, but origin/main has 9.", Checkout with { RepositoryId = 10 });
        Found("no longer has the number of its repository", Checkout with { RepositoryId = 0 });
        Found("no longer says that it was taken from refs/tags/v4,", Checkout with { Refs = Refs(Commit, "refs/tags/v4.2.2") });
        Found($"was taken from refs/tags/v4 as the object {OtherCommit}, but origin/main has {Commit}.", Checkout with { Refs = new Dictionary<string, string>(Checkout.Refs) { ["refs/tags/v4"] = OtherCommit } });
        Found($"{Checkout.Key}: attested was added, changed or removed", Checkout with { Unknown = Unknown("attested", "[]") });

        void Found(string expected, ActionEntry changed)
        {
            OneWeakening(expected, Locked(Checkout, Setup), Locked(changed, Setup));
            Assert.AreEqual($"actions/checkout@{Commit}", BaselineComparison.Compare(Locked(Checkout, Setup), Locked(changed, Setup)).Findings[0].Input);
        }
    }

    [TestMethod]
    public void What_an_action_uses_at_a_commit_is_fixed()
    {
        Found("no longer says that it uses `docker://alpine:3.22`,", Used((".", "ours/setup@v1", Setup.Key)));
        Found("no longer says that it uses `ours/setup@v1`,", Used((".", "docker://alpine:3.22", "")));
        Found($"uses `ours/setup@v1`, which leads to ours/setup@{OtherCommit} now, but origin/main has {Setup.Key}.", Used((".", "ours/setup@v1", $"ours/setup@{OtherCommit}"), (".", "docker://alpine:3.22", "")));
        Same(Used((".", "ours/setup@v1", Setup.Key), (".", "docker://alpine:3.22", ""), ("sub", "a/b@v1", Setup.Key)));
        Same(Used((".", "ours/setup@v1", Setup.Key), (".", "docker://alpine:3.22", ""), (".", "docker://more", "")));

        // What is used nowhere any more is left out; where it is used after all, a build finds that.
        Same(Used());

        var before = Checkout with { Uses = Used(("sub/x", "ours/setup@v1", Setup.Key)) };
        OneWeakening("no longer says that it uses `ours/setup@v1` in sub/x, though", Locked(before), Locked(before with { Uses = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["sub/x"] = new Dictionary<string, string>() } }));

        void Found(string expected, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> uses) => OneWeakening(expected, Locked(Checkout), Locked(Checkout with { Uses = uses }));

        void Same(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> uses) => Assert.IsEmpty(Weakened(Locked(Checkout), Locked(Checkout with { Uses = uses })));
    }

    [TestMethod]
    [DataRow("refs/tags/v4", DisplayName = "the tag")]
    [DataRow("refs/heads/v4", DisplayName = "a branch of the same name, which goes before the tag")]
    public void Another_commit_under_a_ref_of_an_action_is_one(string name)
    {
        var other = new ActionEntry("Actions/Checkout", OtherCommit) { OwnerId = Checkout.OwnerId, RepositoryId = Checkout.RepositoryId, Refs = Refs(OtherCommit, name, "refs/tags/v4.3.0") };
        var expected = $"Actions/Checkout {name} is the commit {OtherCommit}, but origin/main has {Commit} for v4.";
        OneWeakening(expected, Locked(Checkout), Locked(other));
        OneWeakening(expected, Locked(Checkout), Locked(Checkout, other));
        OneWeakening(expected, Locked(Checkout), Locked(Checkout with { Refs = Refs(Commit, "refs/tags/v4.2.2") }, other));
        Assert.IsEmpty(Weakened(Locked(Checkout, other), Locked(Checkout, other)));
        Assert.IsEmpty(Weakened(Locked(Checkout, other), Locked(Checkout)));
    }

    [TestMethod]
    public void Evidence_that_is_added_to_an_action_is_no_weakening()
    {
        var bare = new ActionEntry("actions/checkout", Commit);
        Assert.IsEmpty(Weakened(Locked(bare), Locked(Checkout)));
        Assert.Contains($"  actions/checkout v4.2.2 ({Commit[..12]}), the same commit with other refs, tree, host, uses", BaselineComparison.Compare(Locked(bare), Locked(Checkout)).Summary);
    }

    [TestMethod]
    public void A_member_of_the_section_of_actions_that_is_not_known_cannot_be_judged()
    {
        var after = Before with { Lockfile = BaselineSamples.Lockfile with { Actions = new ActionsSection { Unknown = Unknown("trusted", "[]") } } };
        OneWeakening("The member actions.trusted was added", after);
        OneWeakening("The member actions.trusted was added, changed or removed", after, Before with { Lockfile = BaselineSamples.Lockfile with { Actions = new ActionsSection { IsBaseline = true } } });
        OneWeakening($"{Checkout.Key}: x", Locked(Checkout with { Unknown = Unknown("x", "1") }), Locked(Checkout));
    }

    [TestMethod]
    public void Actions_are_in_the_summary()
    {
        var later = new ActionEntry("actions/checkout", OtherCommit) { Refs = Refs(OtherCommit, "refs/tags/v4.3.0") };
        var untagged = new ActionEntry("x/y", OtherCommit);
        CollectionAssert.AreEqual(
            new[]
            {
                "Nothing that runs in a build changed, as far as the lock entries say.",
                "New or updated actions, which run in workflows:",
                $"  actions/checkout v4.2.2 ({Commit[..12]}) -> v4.3.0 ({OtherCommit[..12]})",
                $"  x/y {OtherCommit[..12]}, new",
                "Removed actions:",
                $"  ours/setup main ({Commit[..12]})",
            },
            BaselineComparison.Compare(Locked(Checkout, Setup), Locked(later, untagged)).Summary.ToArray());
        Assert.Contains($"  actions/checkout v4.3.0 ({OtherCommit[..12]}), beside v4.2.2 ({Commit[..12]})", BaselineComparison.Compare(Locked(Checkout), Locked(Checkout, later)).Summary);
        Assert.Contains($"  ours/setup main ({Commit[..12]}), the same commit with other tree, x", BaselineComparison.Compare(Locked(Setup), Locked(Setup with { Tree = LockfileSamples.OtherHash, Unknown = Unknown("x", "1") })).Summary);
    }

    [TestMethod]
    public void Any_change_of_one_fact_of_an_action_is_a_weakening_or_news()
        => Gen.Select(Gen.Int[0, 6], Gen.Bool).Sample(
            (what, both) =>
            {
                var changed = what switch
                {
                    0 => Checkout with { Tree = LockfileSamples.OtherHash },
                    1 => Checkout with { OwnerId = 1 },
                    2 => Checkout with { RepositoryId = 1 },
                    3 => Checkout with { Refs = Refs(Commit, "refs/tags/v4", "refs/tags/v4.2.2", "refs/tags/more") },
                    4 => Checkout with { Uses = Used((".", "ours/setup@v1", Setup.Key)) },
                    5 => Checkout with { Unknown = Unknown("x", "1") },
                    _ => new ActionEntry(Checkout.Name, OtherCommit),
                };
                var result = BaselineComparison.Compare(Locked(Checkout), both ? Locked(changed, Setup) : Locked(changed));
                Assert.IsGreaterThan(0, result.Findings.Count + result.Summary.Count(line => line.StartsWith("  actions/checkout", StringComparison.Ordinal)));
            },
            iter: 100, threads: 1);

    [TestMethod]
    public void Weaker_sources_are_found()
    {
        OneWeakening("<clear /> was removed", Config(s => s with { Clear = false }));
        OneWeakening("The package source evil (https://evil.example) was added", Config(s => Sourced(s, ("evil", "https://evil.example"))));
        OneWeakening("feed is https://evil.example", Config(s => Sourced(s, ("feed", "https://evil.example"))));
        OneWeakening("Nobody between", Config(s => Sourced(s, ("feed", "http://feed.example/v3"))));
        OneWeakening("FEED is https://evil.example", Config(s => Sourced(s, ("FEED", "https://evil.example"))));
        OneWeakening("nuget.config is no longer in the lockfile", With(n => n with { Sources = new Dictionary<string, SourcesEntry>() }));
        OneWeakening("app/nuget.config is new", With(n => n with { Sources = new Dictionary<string, SourcesEntry>(n.Sources) { ["app/nuget.config"] = Sources(true, ("evil", "https://evil.example")) } }));
    }

    [TestMethod]
    public void Sources_in_another_order_or_fewer_are_no_weakening()
    {
        NoWeakening(Config(s => s with { Sources = s.Sources.Reverse().ToDictionary(), Mapping = s.Mapping.Reverse().ToDictionary() }));
        NoWeakening(Config(s => s with { Sources = s.Sources.Take(1).ToDictionary() }));
    }

    [TestMethod]
    public void A_wider_mapping_is_found()
    {
        OneWeakening("packageSourceMapping was removed", Mapped());
        OneWeakening("lets Foo come from ours", Mapped(("feed", ["*"]), ("ours", ["Ours.*", "Hardening.Sdk", "Foo"])));
        OneWeakening("lets Our* come from ours", Mapped(("feed", ["*"]), ("ours", ["Our*", "Hardening.Sdk"])));
        Assert.Contains("lets * come from ours", string.Join('\n', Weakened(Mapped(("feed", ["*"]), ("ours", ["Ours.*", "Hardening.Sdk", "*"])))));

        // What one source no longer claims falls to the one that takes everything.
        OneWeakening("lets Hardening.Sdk come from feed", Mapped(("feed", ["*"]), ("ours", ["Ours.*"])));
        OneWeakening("lets Hardening.Sdk come from feed", Mapped(("feed", ["*", "hardening.sdk"]), ("ours", ["Ours.*", "Hardening.Sdk"])));
    }

    [TestMethod]
    public void A_narrower_mapping_is_no_weakening()
    {
        NoWeakening(Mapped(("feed", ["Foo*"]), ("ours", ["Ours.*", "Hardening.Sdk"])));
        NoWeakening(Mapped(("FEED", ["*"]), ("OURS", ["OURS.*", "hardening.sdk"])));
        Assert.IsEmpty(Weakened(Mapped(), Before));
    }

    [TestMethod]
    public void Control_files_are_compared()
    {
        OneWeakening("The control file Directory.Build.rsp was changed", Before with { Control = new Dictionary<string, string> { ["Directory.Build.rsp"] = LockfileSamples.OtherHash } });
        OneWeakening("The control file app/Directory.Build.rsp was added", Before with { Control = new Dictionary<string, string>(Before.Control) { ["app/Directory.Build.rsp"] = LockfileSamples.Hash } });
        OneWeakening("no longer in the lockfile, but is still there", Before with { Lockfile = BaselineSamples.Lockfile with { Control = new Dictionary<string, string>() } });
        OneWeakening("another hash for the control file", Before with { Lockfile = BaselineSamples.Lockfile with { Control = new Dictionary<string, string> { ["Directory.Build.rsp"] = LockfileSamples.OtherHash } } });

        var removed = Before with { Control = new Dictionary<string, string>(), Lockfile = BaselineSamples.Lockfile with { Control = new Dictionary<string, string>() } };
        NoWeakening(removed);
        Assert.Contains("  Directory.Build.rsp, removed", BaselineComparison.Compare(Before, removed).Summary);
    }

    [TestMethod]
    public void Links_are_weakenings_where_a_file_or_folder_is_expected()
    {
        var linked = Before with { Links = new Dictionary<string, string> { ["ext"] = "/somewhere" } };
        OneWeakening("ext is a symbolic link to /somewhere", linked);
        Assert.IsEmpty(Weakened(linked, linked));
        OneWeakening("ext is a symbolic link to /elsewhere, but origin/main has /somewhere", linked, Before with { Links = new Dictionary<string, string> { ["ext"] = "/elsewhere" } });
        OneWeakening("was a symbolic link and is a file now", Before with { Links = new Dictionary<string, string> { ["Directory.Build.props"] = "x" }, BuildProps = new Dictionary<string, BuildPropsFacts>() }, Before);
    }

    [TestMethod]
    [DataRow("""{ "version": "10.0.100", "rollForward": "latestPatch", "allowPrerelease": false }""", "asks for the .NET SDK 10.0.100")]
    [DataRow("""{ "version": "10.0.200-preview.1", "rollForward": "latestPatch", "allowPrerelease": false }""", "asks for the .NET SDK 10.0.200-preview.1")]
    [DataRow("""{ "version": "newest", "rollForward": "latestPatch", "allowPrerelease": false }""", "asks for the .NET SDK newest")]
    [DataRow("""{ "version": "10.0.200", "rollForward": "feature", "allowPrerelease": false }""", "rolls forward by feature")]
    [DataRow("""{ "version": "10.0.200", "rollForward": "LATESTMAJOR", "allowPrerelease": false }""", "rolls forward by LATESTMAJOR")]
    [DataRow("""{ "version": "10.0.200", "rollForward": "anything", "allowPrerelease": false }""", "rolls forward by anything")]
    [DataRow("""{ "version": "10.0.200", "rollForward": "latestPatch", "allowPrerelease": true }""", "allows previews")]
    [DataRow("""{ "version": "10.0.200", "rollForward": "latestPatch" }""", "allows previews")]
    [DataRow("""{ "version": "10.0.200", "rollForward": "latestPatch", "allowPrerelease": false, "paths": ["./dotnet"] }""", "takes the .NET SDK from ./dotnet")]
    [DataRow("""{ "version": "10.0.200", "version": "10.0.200", "rollForward": "latestPatch", "allowPrerelease": false }""", "cannot be compared")]
    [DataRow("""{ "version": "10.0.201", "rollForward": "patch", "allowPrerelease": false }""", null)]
    [DataRow("""{ "version": "10.0.200", "rollForward": "disable", "allowPrerelease": false, /* */ "workloadVersion": "1" }""", null)]
    public void The_dotnet_sdk_of_global_json_is_compared(string sdk, string? expected)
    {
        var after = Before with { GlobalJson = new Dictionary<string, GlobalJsonFacts> { ["global.json"] = Global($$"""{ "sdk": {{sdk}}, "msbuild-sdks": { "hardening.SDK": "1.2.0" } }""") } };
        if (expected is null)
        {
            NoWeakening(after);
        }
        else
        {
            OneWeakening(expected, after);
        }
    }

    [TestMethod]
    public void Members_of_global_json_count_only_as_the_host_reads_them()
    {
        var found = Weakened(Before with { GlobalJson = new Dictionary<string, GlobalJsonFacts> { ["global.json"] = Global(GlobalJson.Replace("\"sdk\"", "\"SDK\"", StringComparison.Ordinal)) } });
        Assert.Contains("no longer says which .NET SDK builds", string.Join('\n', found));
    }

    [TestMethod]
    public void A_global_json_further_down_is_compared_with_what_counted_there()
    {
        var after = Before with { GlobalJson = new Dictionary<string, GlobalJsonFacts>(Before.GlobalJson) { ["app/global.json"] = Global("""{ "sdk": { "version": "9.0.100" } }""") } };
        Assert.Contains("app/global.json asks for the .NET SDK 9.0.100", string.Join('\n', Weakened(after)));
        Assert.Contains("app/global.json no longer names Hardening.Sdk", string.Join('\n', Weakened(after)));
        OneWeakening("app/global.json rolls forward by latestPatch, which takes more versions than patch", after, Before);
    }

    [TestMethod]
    [DataRow("1.1.0", "names Hardening.Sdk 1.1.0")]
    [DataRow("1.2.0-rc.1", "names Hardening.Sdk 1.2.0-rc.1")]
    [DataRow("*", "names Hardening.Sdk *")]
    [DataRow("1.2.1", null)]
    [DataRow(null, "no longer names Hardening.Sdk")]
    public void The_version_of_hardening_sdk_is_compared(string? version, string? expected)
    {
        var text = version is null ? GlobalJson.Replace("Hardening.Sdk", "Other.Sdk", StringComparison.Ordinal) : GlobalJson.Replace("1.2.0", version, StringComparison.Ordinal);
        var after = Before with { GlobalJson = new Dictionary<string, GlobalJsonFacts> { ["global.json"] = Global(text) } };
        if (expected is null)
        {
            NoWeakening(after);
        }
        else
        {
            OneWeakening(expected, after);
        }
    }

    [TestMethod]
    [DataRow("<Project />")]
    [DataRow("""<Project><!-- <Sdk Name="Hardening.Sdk" /> --></Project>""")]
    [DataRow("""<Project><Import Project="Sdk.props" Sdk="Hardening.Sdk" Condition="false" /><Import Project="Sdk.targets" Sdk="Hardening.Sdk" /></Project>""")]
    [DataRow("""<Project><ImportGroup Condition="false"><Import Project="Sdk.props" Sdk="Hardening.Sdk" /><Import Project="Sdk.targets" Sdk="Hardening.Sdk" /></ImportGroup></Project>""")]
    [DataRow("""<Project><Import Project="Sdk.props" Sdk="Hardening.Sdk" /></Project>""")]
    [DataRow("""<Project><Target Name="x"><Sdk Name="Hardening.Sdk" /></Target></Project>""")]
    [DataRow("""<Project><Sdk Name="Hardening.Sdk2" /></Project>""")]
    [DataRow("""<Project><ItemGroup><PackageReference Include="Hardening.Sdk" Version="1.2.0" /></ItemGroup></Project>""")]
    public void A_file_that_no_longer_brings_hardening_sdk_is_one(string text)
        => OneWeakening("no longer brings Hardening.Sdk", Before with { BuildProps = new Dictionary<string, BuildPropsFacts> { ["Directory.Build.props"] = Props(text) } });

    [TestMethod]
    [DataRow("""<Project><PropertyGroup /><Sdk Name="hardening.sdk" /></Project>""")]
    [DataRow("""<Project><Sdk Name="Hardening.Sdk" Version="1.2.0" /></Project>""")]
    [DataRow("""<Project Sdk="Hardening.Sdk/1.3.0" />""")]
    [DataRow("""<Project><Import Project="Sdk.props" Sdk="Hardening.Sdk" /><Import Project="Sdk.targets" Sdk="Hardening.Sdk" /></Project>""")]
    public void Other_ways_to_bring_it_are_no_weakening(string text)
        => NoWeakening(Before with { BuildProps = new Dictionary<string, BuildPropsFacts> { ["Directory.Build.props"] = Props(text) } });

    [TestMethod]
    public void A_lower_version_in_a_props_file_is_one()
        => OneWeakening("names Hardening.Sdk 1.0.0, but the global.json of origin/main has 1.2.0", Before with { BuildProps = new Dictionary<string, BuildPropsFacts> { ["Directory.Build.props"] = Props("""<Project><Sdk Name="Hardening.Sdk" Version="1.0.0" /></Project>""") } });

    [TestMethod]
    public void A_nested_props_file_has_to_import_the_outer_one()
    {
        OneWeakening("app/Directory.Build.props no longer brings", Nested("<Project />"));
        OneWeakening("app/Directory.Build.props no longer brings", Nested("""<Project><Import Project="../Directory.Build.props" Condition="false" /></Project>"""));
        OneWeakening("app/Directory.Build.props cannot be compared", Nested("<Project"));
        NoWeakening(Nested("""<Project><Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))" /></Project>"""));
        NoWeakening(Nested("""<Project><Import Project="..\Directory.Build.props" /></Project>"""));
        NoWeakening(Nested("""<Project><Import Project="$(MSBuildThisFileDirectory)../../Directory.Build.props" /></Project>"""));
        NoWeakening(Nested("""<Project><Import Project="$([MSBuild]::GetPathOfFileAbove($(MSBuildThisFile), $(MSBuildThisFileDirectory)..))" /></Project>"""));
        NoWeakening(Nested("""<Project><Import Project="$([MSBuild]::GetDirectoryNameOfFileAbove($(MSBuildThisFileDirectory).., Directory.Build.props))\Directory.Build.props" /></Project>"""));
        foreach (var other in new[] { "empty/Directory.Build.props", "../empty/Directory.Build.props", "Directory.Build.props", "$(X)/../Directory.Build.props", "../Directory.Build.props.txt", "$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../empty'))", "$([MSBuild]::GetPathOfFileAbove('Directory.Build.props'))" })
        {
            OneWeakening("app/Directory.Build.props no longer brings", Nested($"""<Project><Import Project="{other}" /></Project>"""));
        }

        Assert.Contains("no longer brings", string.Join('\n', Weakened(Before with { BuildProps = new Dictionary<string, BuildPropsFacts>() })));

        static BaselineSnapshot Nested(string text) => Before with { BuildProps = new Dictionary<string, BuildPropsFacts>(Before.BuildProps) { ["app/Directory.Build.props"] = Props(text) } };
    }

    [TestMethod]
    public void A_props_file_that_replaces_a_part_of_the_gate_is_one()
    {
        OneWeakening("defines the task VerifyProject, which is a part of Hardening.Sdk", Text("""<UsingTask TaskName="VerifyProject" Override="true" AssemblyFile="x.dll" />"""));
        OneWeakening("defines the target HardeningVerifyProject", Text("""<Target Name="HardeningVerifyProject" />"""));
        NoWeakening(Text("<PropertyGroup><X>1</X></PropertyGroup>"));

        static BaselineSnapshot Text(string text) => Before with { BuildProps = new Dictionary<string, BuildPropsFacts> { ["Directory.Build.props"] = Props($"""<Project><Sdk Name="Hardening.Sdk" />{text}</Project>""") } };
    }

    [TestMethod]
    public void A_name_that_differs_only_in_case_is_one()
        => Assert.Contains("differs from Directory.Build.props only in case", string.Join('\n', Weakened(Before with { BuildProps = new Dictionary<string, BuildPropsFacts>(Before.BuildProps) { ["directory.build.PROPS"] = Props("<Project />") } })));

    [TestMethod]
    public void A_weaker_policy_is_found()
    {
        var strict = new Policy { NuGet = new NuGetPolicy { MinimumAge = TimeSpan.FromDays(3) }, Exceptions = [Exception("HRD1014", "Foo/1.0.0", "src/**", 10)] };
        Found("The policy hardening.yml was removed", null);
        Found("nuget.enforce is warn, but origin/main has build", strict with { NuGet = strict.NuGet with { Enforce = Enforcement.Warn } });
        Found("nuget.implicitPackages is off", strict with { NuGet = strict.NuGet with { ImplicitPackages = Enforcement.Off } });
        Found("actions.enforce is off", strict with { Actions = new ActionsPolicy { Enforce = Enforcement.Off } });
        Found("images.enforce is ci", strict with { Images = new ImagesPolicy { Enforce = Enforcement.Ci } });
        Found("nuget.minimumAge is 1h, but origin/main has 72h", strict with { NuGet = strict.NuGet with { MinimumAge = TimeSpan.FromHours(1) } });
        Found("nuget.own has Foo", strict with { NuGet = strict.NuGet with { Own = ["Foo"] } });
        Found("exclude has **", strict with { Exclude = [new Exclusion("**", "why not")] });
        Found("An exception for HRD1013", strict with { Exceptions = [.. strict.Exceptions, Exception("HRD1013", "", "", 10)] });
        Found("counts until 2026-01-12, but the baseline has 2026-01-11", strict with { Exceptions = [Exception("HRD1014", "Foo/1.0.0", "src/**", 11)] });
        Found("covers more than in the baseline", strict with { Exceptions = [Exception("HRD1014", "Foo", "src/**", 10)] });
        Found("covers more than in the baseline", strict with { Exceptions = [Exception("HRD1014", "Foo/1.0.0", "", 10)] });
        Found("An exception for HRD1014 of Bar", strict with { Exceptions = [Exception("HRD1014", "Bar", "src/**", 1)] });
        Assert.IsEmpty(Weakened(Policed(strict), Policed(strict with { Exceptions = [Exception("HRD1014", "foo/1.0.0", "src/**", 9)], NuGet = strict.NuGet with { MinimumAge = TimeSpan.FromDays(9), ImplicitPackages = Enforcement.Build } })));
        Assert.IsEmpty(Weakened(Policed(strict), Policed(strict with { Exceptions = [] })));

        void Found(string expected, Policy? policy) => OneWeakening(expected, Policed(strict), Policed(policy));
    }

    [TestMethod]
    public void A_weaker_policy_about_actions_is_found()
    {
        var actions = new ActionsPolicy
        {
            Unpinned = Enforcement.Build,
            Allow = ["actions/*", "ours/one"],
            Forbid = ["evil/*", "bad/one"],
            Replace = [new ActionReplacement("theirs/a", "ours/one")],
            MinimumAge = TimeSpan.FromDays(14),
            Update = UpdateRange.Minor,
        };
        Found("actions.unpinned is ci, but origin/main has build", actions with { Unpinned = Enforcement.Ci });
        Found("actions.allow is empty", actions with { Allow = [] });
        Found("actions.allow has evil/new, which origin/main does not permit", actions with { Allow = [.. actions.Allow, "evil/new"] });
        Found("actions.allow has ours/*, which", actions with { Allow = ["actions/*", "ours/*"] });
        Found("actions.allow has https://git.example/actions/*, which", actions with { Allow = ["https://git.example/actions/*"] });
        Found("actions.forbid no longer covers bad/one, which origin/main forbids", actions with { Forbid = ["evil/*"] });
        Found("actions.forbid no longer covers evil/*, which", actions with { Forbid = ["evil/a*", "bad/one"] });
        Found("actions.minimumAge is 0, but origin/main has 336h", actions with { MinimumAge = TimeSpan.Zero });
        Found("actions.update is major, which takes more versions than minor", actions with { Update = UpdateRange.Major });
        Found("actions.replace has nothing in place of theirs/a, but origin/main has ours/one", actions with { Replace = [] });
        Found("actions.replace has actions/a in place of theirs/a, but", actions with { Replace = [new ActionReplacement("Theirs/a", "actions/a")] });
        Same(actions with { Allow = ["ACTIONS/checkout", "actions/setup-*"], Forbid = ["bad/*", "evil/*", "more/*"], Update = UpdateRange.None, MinimumAge = TimeSpan.FromDays(15) });
        Same(actions with { Allow = ["ours/ONE", "actions/*"], Forbid = ["BAD/one", "evil/*"], Replace = [new ActionReplacement("theirs/A", "Ours/one")] });
        Assert.IsEmpty(Weakened(Policed(Policy.Default), Of(actions with { Replace = [], Unpinned = Enforcement.Warn, Update = UpdateRange.None })));
        Assert.HasCount(2, Weakened(Of(actions), Of(actions with { Allow = [], Replace = [] })));

        void Found(string expected, ActionsPolicy weaker) => OneWeakening(expected, Of(actions), Of(weaker));

        void Same(ActionsPolicy other) => Assert.IsEmpty(Weakened(Of(actions), Of(other)));

        static BaselineSnapshot Of(ActionsPolicy policy) => Policed(new Policy { Actions = policy });
    }

    [TestMethod]
    public void An_exception_for_an_action_is_wider_without_its_ref()
    {
        Assert.IsEmpty(Weakened(With("owner/repo"), With("Owner/repo@v4")));
        OneWeakening("covers more than in the baseline", With("owner/repo@v4"), With("owner/repo"));
        OneWeakening("An exception for HRD2004 of owner/repo was added", With("owner"), With("owner/repo"));

        static BaselineSnapshot With(string input) => Policed(new Policy { Exceptions = [Exception("HRD2004", input, "", 1)] });
    }

    [TestMethod]
    public void A_new_policy_is_compared_with_what_counts_without_one()
    {
        OneWeakening("nuget.enforce is off", Policed(new Policy { NuGet = new NuGetPolicy { Enforce = Enforcement.Off } }));
        NoWeakening(Policed(Policy.Default));
    }

    [TestMethod]
    public void A_policy_that_was_changed_and_is_not_understood_is_one()
    {
        OneWeakening("cannot be compared", Before with { PolicyHash = "x" });
        Assert.IsEmpty(Weakened(Before with { PolicyHash = "x" }, Before with { PolicyHash = "x" }));
        OneWeakening("at origin/main", Before with { PolicyHash = "x" }, Policed(Policy.Default));
    }

    [TestMethod]
    public void What_would_run_comes_first_in_the_summary()
    {
        var after = With(n => n with
        {
            Packages = Packages(Package("Foo", "1.1.0", "build/Foo.targets", "tools/"), Package("Bar", "0.9.0"), Package("Hardening.Sdk", "1.2.0", "Sdk/Sdk.props"), Package("New", "3.0.0", "analyzers/New.dll"), Package("Some.Sdk", "1.0.0")),
            MSBuildSdks = new Dictionary<string, string> { ["hardening.sdk"] = "1.2.0", ["some.sdk"] = "1.0.0" },
            Tools = new Dictionary<string, string> { ["tool"] = "2.0.0" },
            Projects = new Dictionary<string, ProjectEntry>(n.Projects) { ["b/b.csproj"] = new() { Name = "b" } },
        });

        CollectionAssert.AreEqual(
            new[]
            {
                "New MSBuild SDKs, which run before everything else, at evaluation:",
                "  some.sdk 1.0.0, new",
                "New code would run in the build:",
                "  Foo 1.0.0 -> 1.1.0 (build/Foo.targets, tools/)",
                "  New 3.0.0, new, transitive (analyzers/New.dll)",
                "New or updated tools, which run when someone calls them:",
                "  tool 2.0.0, new",
                "New or updated packages that run nothing in the build:",
                "  Bar 1.0.0 -> 0.9.0, a lower version, transitive",
                "  Some.Sdk 1.0.0, new",
                "New projects:",
                "  b/b.csproj",
            },
            BaselineComparison.Compare(Before, after).Summary.ToArray());
    }

    [TestMethod]
    public void Lists_are_capped_and_say_how_many_more()
    {
        var summary = BaselineComparison.Compare(Before, With(n => n with { Packages = Packages([.. n.Packages.Values, .. Enumerable.Range(100, 25).Select(i => Package($"P{i}", "1.0.0", [.. Enumerable.Range(0, 9).Select(f => $"build/{f}.targets")]))]) })).Summary;
        Assert.HasCount(22, summary);
        Assert.Contains("  P100 1.0.0, new, transitive (build/0.targets, build/1.targets, build/2.targets, build/3.targets, build/4.targets and 4 more)", summary);
        Assert.AreEqual("  and 5 more", summary[^1]);
    }

    [TestMethod]
    public void A_command_holds_nothing_that_a_shell_would_read_otherwise()
    {
        var after = Before with { Control = new Dictionary<string, string>(Before.Control) { ["$(evil)/Directory.Build.rsp"] = LockfileSamples.Hash } };
        Assert.DoesNotContain("$(evil)", BaselineComparison.Compare(Before, after).Findings.Single().Command);
    }

    [TestMethod]
    public void Any_two_lockfiles_can_be_compared_and_one_is_not_weaker_than_itself()
        => Gen.Select(LockfileSamples.Any, LockfileSamples.Any).Sample(
            pair =>
            {
                var (left, right) = (Before with { Lockfile = pair.Item1, Control = new Dictionary<string, string>() }, Before with { Lockfile = pair.Item2, Control = new Dictionary<string, string>() });
                _ = BaselineComparison.Compare(left, right);
                Assert.IsEmpty(BaselineComparison.Compare(left, left).Findings);
            },
            iter: 200, threads: 1);

    [TestMethod]
    public void Whatever_a_file_holds_there_are_facts()
        => Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, BuildProps.Length - 1], Gen.Int[0, GlobalJson.Length - 1]).Sample(
            sample =>
            {
                _ = BuildPropsFacts.Read(sample.Item1);
                _ = GlobalJsonFacts.Read(sample.Item1);
                _ = Props(BuildProps.Remove(sample.Item2, 1));
                _ = Global(GlobalJson.Remove(sample.Item3, 1));
                _ = BuildPropsFacts.Read([.. Encoding.UTF8.GetBytes(BuildProps[..sample.Item2]), .. sample.Item1]);
                _ = GlobalJsonFacts.Read([.. Encoding.UTF8.GetBytes(GlobalJson[..sample.Item3]), .. sample.Item1]);
            },
            iter: 2000, threads: 1);

    private static BaselineSnapshot Policed(Policy? policy) => Before with { Policy = policy, PolicyHash = policy?.GetHashCode().ToString(System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty };

    private static PolicyException Exception(string code, string input, string path, int day) =>
        new(FindingCodes.All.First(c => c.Id == code), "reason", new DateOnly(2026, 1, 1).AddDays(day)) { Input = input, Path = path, Line = 7 };

    private static BaselineSnapshot Changed(string name, Func<PackageEntry, PackageEntry> change) => With(n => n with { Packages = Packages(n.Packages.Values.Select(p => p.Name == name ? change(p) : p)) });

    private static BaselineSnapshot Config(Func<SourcesEntry, SourcesEntry> change) => With(n => n with { Sources = new Dictionary<string, SourcesEntry> { ["nuget.config"] = change(n.Sources["nuget.config"]) } });

    private static SourcesEntry Sourced(SourcesEntry entry, (string Name, string Address) source) =>
        entry with { Sources = entry.Sources.Where(s => !s.Key.Equals(source.Name, StringComparison.OrdinalIgnoreCase)).Append(KeyValuePair.Create(source.Name, source.Address)).ToDictionary() };

    private static BaselineSnapshot Locked(params IEnumerable<ActionEntry> entries) => Before with { Lockfile = BaselineSamples.Lockfile with { Actions = new ActionsSection { Commits = entries.ToDictionary(e => e.Key) } } };

    private static Dictionary<string, string> Refs(string id, params string[] names) => names.ToDictionary(n => n, _ => id);

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Used(params (string Path, string Words, string Key)[] uses) =>
        uses.GroupBy(u => u.Path).ToDictionary(g => g.Key, IReadOnlyDictionary<string, string> (g) => g.ToDictionary(u => u.Words, u => u.Key));

    private static BaselineSnapshot Mapped(params (string, string[])[] mapping) => Config(s => s with { Mapping = Mapping(mapping) });
}
