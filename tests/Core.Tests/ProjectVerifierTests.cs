using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Lockfiles;
using static Hardening.Tests.RestoreSamples;

namespace Hardening.Tests;

[TestClass]
public sealed class ProjectVerifierTests
{
    private const string Sdk = "10.0.401";

    private static readonly RestoredSample Tool = RestoredSample.Of("src/App/App.csproj", Direct("Some.Tool", "1.2.3", null, "Other.Content"), Transitive("Other.Content", "2.0.0-RC.1"));

    [TestMethod]
    public void Restore_results_that_hold_only_what_is_locked_are_right()
    {
        using var sample = new ObjSample(Tool);

        Assert.IsEmpty(sample.Verify(out var folders));
        CollectionAssert.AreEqual(new[] { sample.Packages }, folders.ToArray());
    }

    [TestMethod]
    public void No_restore_results_are_right()
    {
        using var sample = new ObjSample(Tool);
        Directory.Delete(sample.Obj, recursive: true);

        Assert.IsEmpty(sample.Verify(out var folders));
        Assert.IsEmpty(folders);
        Assert.IsEmpty(ProjectVerifier.ChangedImports(sample.Obj, "App.csproj"));
    }

    [TestMethod]
    [DataRow("App.csproj.evil.targets", true)]
    [DataRow("App.csproj.evil.props", true)]
    [DataRow("app.CSPROJ.Evil.TARGETS", true)]
    [DataRow("App.csproj.NUGET.g.props", true)]
    [DataRow("APP.csproj.nuget.g.targets", true)]
    [DataRow("App.csproj.nuget.g.evil.targets", true)]
    [DataRow("App.csproj..targets", true)]
    [DataRow("App.csproj.nuget.g.props", false)]
    [DataRow("App.csproj.nuget.g.targets", false)]
    [DataRow("App.csproj.nuget.dgspec.json", false)]
    [DataRow("App.csproj.targets.bak", false)]
    [DataRow("Lib.csproj.evil.targets", false)]
    [DataRow("evil.targets", false)]
    public void What_MSBuild_would_import_and_NuGet_did_not_write_is_foreign(string name, bool foreign)
    {
        if (!OperatingSystem.IsLinux() && name.Contains("nuget.g.", StringComparison.OrdinalIgnoreCase))
        {
            // Where case does not count these are NuGet's own files.
            return;
        }

        using var folder = new TemporaryFolder();
        var path = folder.File(name);

        CollectionAssert.AreEqual(foreign ? [path] : Array.Empty<string>(), ProjectVerifier.ForeignImports(folder.Path, "App.csproj").ToArray());
    }

    [TestMethod]
    public void A_foreign_import_is_told_with_the_command()
    {
        using var sample = new ObjSample(Tool);
        var path = sample.Write("App.csproj.evil.targets", "<Project />");
        File.CreateSymbolicLink(Path.Combine(sample.Obj, "App.csproj.link.props"), "/nowhere");

        var findings = sample.Verify();

        CollectionAssert.AreEqual(new[] { FindingCodes.ForeignImport, FindingCodes.ForeignImport }, findings.Select(f => f.Code).ToArray());
        Assert.AreEqual((path, $"delete {path}"), (findings[0].Place.File, findings[0].Command));
    }

    [TestMethod]
    public void A_package_that_is_not_locked_for_the_project_is_told()
    {
        using var sample = new ObjSample(Tool);
        sample.Restored(Tool with { Targets = new() { ["net10.0"] = [.. Tool.Targets["net10.0"], Transitive("Evil", "1.0.0")] } });

        var finding = sample.Verify().Single();

        Assert.AreEqual((FindingCodes.PackageNotLocked, Commands.Update), (finding.Code, finding.Command));
        Assert.Contains("Evil 1.0.0", finding.Message);
    }

    [TestMethod]
    public void A_locked_package_in_another_version_is_told()
    {
        using var sample = new ObjSample(Tool);
        sample.Restored(RestoredSample.Of(Tool.Path, Direct("Some.Tool", "1.2.4"), Transitive("Other.Content", "2.0.0-rc.1")));

        Assert.AreEqual(FindingCodes.PackageNotLocked, sample.Verify().First().Code);
    }

    [TestMethod]
    public void A_package_of_the_graph_without_an_entry_is_told()
    {
        using var sample = new ObjSample(Tool);
        sample.Lockfile = sample.Lockfile with { NuGet = sample.Lockfile.NuGet with { Packages = sample.Lockfile.NuGet.Packages.Where(p => p.Key.StartsWith('s')).ToDictionary() } };

        Assert.IsTrue(sample.Verify().Any(f => f.Code == FindingCodes.PackageNotLocked));
    }

    [TestMethod]
    public void A_download_counts_as_a_package_does()
    {
        using var sample = new ObjSample(Tool);
        sample.Restored(Tool with { Downloads = [new("Evil", "1.0.0"), new("Microsoft.NETCore.App.Ref", "10.0.1")] });

        CollectionAssert.AreEquivalent(new[] { FindingCodes.PackageNotLocked, FindingCodes.SdkNotLocked }, sample.Verify().Select(f => f.Code).ToArray());
    }

    [TestMethod]
    public void The_results_of_another_project_are_told()
    {
        using var sample = new ObjSample(Tool);
        sample.Restored(RestoredSample.Of("src/Lib/Lib.csproj"));

        Assert.AreEqual(FindingCodes.NotRestoredLocked, sample.Verify().First().Code);
    }

    [TestMethod]
    public void A_project_that_is_not_locked_for_the_project_is_told()
    {
        using var sample = new ObjSample(Tool);
        sample.Restored(Tool.With("evil", "src/Evil/Evil.csproj") with { Targets = new() { ["net10.0"] = [.. Tool.Targets["net10.0"], Project("evil")] } });

        Assert.AreEqual(FindingCodes.NotRestoredLocked, sample.Verify().Single().Code);
    }

    [TestMethod]
    public void A_project_that_is_not_locked_is_told()
    {
        using var sample = new ObjSample(Tool);
        sample.Lockfile = Lockfile.Empty;

        Assert.IsTrue(sample.Verify().Any(f => f.Code == FindingCodes.ProjectNotLocked));
    }

    [TestMethod]
    public void An_unknown_sdk_is_one_finding_for_all_packages_that_it_implies()
    {
        var implied = RestoredSample.Of("src/App/App.csproj", Direct("Microsoft.NET.ILLink.Tasks", "10.0.1"), Direct("FSharp.Core", "10.0.1")) with
        { Implied = ["Microsoft.NET.ILLink.Tasks", "FSharp.Core"], Downloads = [new("Microsoft.NETCore.App.Ref", "10.0.1")] };
        using var sample = new ObjSample(implied);
        Assert.IsEmpty(sample.Verify());
        sample.Restored(RestoredSample.Of(implied.Path, Direct("Microsoft.NET.ILLink.Tasks", "10.0.2"), Direct("FSharp.Core", "10.0.2")) with
        { Implied = implied.Implied, Downloads = [new("Microsoft.NETCore.App.Ref", "10.0.2"), new("Microsoft.NETCore.App.Runtime.linux-x64", "10.0.2")] });
        Assert.HasCount(4, sample.Verify(), "the known SDK implies other versions");

        foreach (var severity in new[] { Severity.Warning, Severity.Error })
        {
            var finding = sample.Verify(out _, "10.0.402", severity).Single();
            Assert.AreEqual((FindingCodes.SdkNotLocked, severity), (finding.Code, finding.Severity));
        }
    }

    [TestMethod]
    public void An_unknown_sdk_excuses_no_other_package()
    {
        using var sample = new ObjSample(RestoredSample.Of("src/App/App.csproj", Direct("FSharp.Core", "10.0.1")) with { Implied = ["FSharp.Core"] });
        sample.Restored(RestoredSample.Of("src/App/App.csproj", Direct("FSharp.Core", "10.0.2"), Direct("Evil", "1.0.0")) with { Implied = ["FSharp.Core", "Evil"] });

        CollectionAssert.AreEquivalent(new[] { FindingCodes.SdkNotLocked, FindingCodes.PackageNotLocked }, sample.Verify(out _, "10.0.402").Select(f => f.Code).ToArray());
    }

    [TestMethod]
    [DataRow("{")]
    [DataRow("{}")]
    [DataRow("{\"libraries\":{},\"targets\":{},\"packageFolders\":{},\"project\":{\"restore\":{\"projectPath\":\"\",\"projectName\":\"\"},\"frameworks\":{}}}")]
    public void An_assets_file_that_NuGet_does_not_write_is_told(string text)
    {
        using var sample = new ObjSample(Tool);
        sample.Write(RestoreResult.FileName, text);

        Assert.AreEqual(FindingCodes.NotRestoredLocked, sample.Verify()[0].Code);
        Assert.IsEmpty(ProjectVerifier.ChangedImports(sample.Obj, "App.csproj"), "the restore writes both anew");
    }

    [TestMethod]
    public void Imports_of_a_package_that_is_not_locked_are_told()
    {
        using var sample = new ObjSample(Tool);
        sample.Change("App.csproj.nuget.g.targets", "some.tool/1.2.3/build/Some.Tool.targets\"", "evil/1.0/build/evil.targets\"");
        var finding = sample.Verify().Single();
        Assert.AreEqual(FindingCodes.ImportOutsidePackages, finding.Code);
        Assert.Contains("evil/1.0", finding.Message);
    }

    [TestMethod]
    public void A_package_whose_code_would_be_compiled_has_to_be_locked()
    {
        using var sample = new ObjSample(Tool);
        sample.Change("App.csproj.nuget.g.props", "<Compile Include=\"$(NuGetPackageRoot)/other.content/2.0.0-rc.1/", "<Compile Include=\"$(NuGetPackageRoot)/evil/1.0/");

        Assert.AreEqual(FindingCodes.ImportOutsidePackages, sample.Verify().Single().Code);
    }

    [TestMethod]
    [DataRow("some.tool/1.2.3/build/Some.Tool.targets\"", "SOME.TOOL/1.2.3/build/Some.Tool.targets\"")]
    [DataRow("$(NuGetPackageRoot)/some.tool", "$(NuGetPackageRoot)some.tool")]
    [DataRow("$(NuGetPackageRoot)/some.tool", "/tmp/evil/some.tool")]
    [DataRow("<ImportGroup", "<Target Name=\"Evil\" /><ImportGroup")]
    public void Whatever_leads_to_another_folder_than_the_verified_one_is_told(string text, string instead)
    {
        using var sample = new ObjSample(Tool);
        sample.Change("App.csproj.nuget.g.targets", text, instead);

        Assert.AreEqual(FindingCodes.ImportOutsidePackages, sample.Verify().Single().Code);
    }

    [TestMethod]
    [DataRow("/tmp/evil")]
    [DataRow("@PACKAGES@-evil")]
    [DataRow("@PACKAGES@/../evil")]
    public void Another_root_is_told(string root)
    {
        using var sample = new ObjSample(Tool);
        sample.Change("App.csproj.nuget.g.props", $"\">{sample.Packages}</NuGetPackageRoot>", $"\">{root.Replace("@PACKAGES@", sample.Packages, StringComparison.Ordinal)}</NuGetPackageRoot>");

        Assert.AreEqual(FindingCodes.ImportOutsidePackages, sample.Verify().Single().Code);
    }

    [TestMethod]
    public void Imports_without_a_root_lead_to_obj_and_are_told()
    {
        using var sample = new ObjSample(Tool);
        var line = $"<NuGetPackageRoot Condition=\" '$(NuGetPackageRoot)' == '' \">{sample.Packages}</NuGetPackageRoot>";
        sample.Change("App.csproj.nuget.g.props", line, "");
        Assert.AreEqual(FindingCodes.ImportOutsidePackages, sample.Verify().Single().Code);

        File.Delete(Path.Combine(sample.Obj, "App.csproj.nuget.g.props"));
        Assert.AreEqual(FindingCodes.ImportOutsidePackages, sample.Verify().Single().Code);
    }

    [TestMethod]
    public void Imports_without_restore_results_are_told()
    {
        using var sample = new ObjSample(Tool);
        File.Delete(Path.Combine(sample.Obj, RestoreResult.FileName));

        Assert.IsTrue(sample.Verify().All(f => f.Code == FindingCodes.ImportOutsidePackages));
        Assert.IsNotEmpty(sample.Verify());
    }

    [TestMethod]
    public void Before_a_restore_only_what_NuGet_would_not_write_counts()
    {
        using var sample = new ObjSample(Tool);
        sample.Lockfile = Lockfile.Empty;
        Assert.IsEmpty(ProjectVerifier.ChangedImports(sample.Obj, "App.csproj"));

        var path = sample.Change("App.csproj.nuget.g.targets", "$(NuGetPackageRoot)/some.tool", "/tmp/evil/some.tool");
        Assert.AreEqual((FindingCodes.ImportOutsidePackages, path), (ProjectVerifier.ChangedImports(sample.Obj, "App.csproj").Single().Code, ProjectVerifier.ChangedImports(sample.Obj, "App.csproj").Single().Place.File));
    }

    [TestMethod]
    public void Before_a_restore_files_that_cannot_be_read_are_told()
    {
        using var sample = new ObjSample(Tool);
        using (var file = File.OpenWrite(Path.Combine(sample.Obj, "App.csproj.nuget.g.targets")))
        {
            file.SetLength(17 * 1024 * 1024);
        }

        Assert.AreEqual(FindingCodes.ImportOutsidePackages, ProjectVerifier.ChangedImports(sample.Obj, "App.csproj").Single().Code);
        Assert.AreEqual(FindingCodes.ImportOutsidePackages, sample.Verify().Single().Code);
    }

    // The obj folder of a project after a locked restore.
    private sealed class ObjSample : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public ObjSample(RestoredSample project)
        {
            Restored(project);
            var table = new SdkTable();
            var result = RestoreResult.Read(Path.Combine(Obj, RestoreResult.FileName));
            var observation = new ProjectObservation(folder.Path, result, LockOf(project));
            var content = new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash);
            Lockfile = new Lockfile
            {
                NuGet = new NuGetSection
                {
                    Projects = new Dictionary<string, ProjectEntry> { [project.Path] = observation.ToEntry(table) },
                    Packages = observation.Packages.Select(p => new PackageEntry(p.Id, p.Version, content)).ToDictionary(p => p.Key),
                    Sdks = table.IsEmpty ? new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>() : new() { [Sdk] = table.Versions },
                },
            };
            if (project == Tool)
            {
                Write("App.csproj.nuget.g.props", Props.Replace("@PACKAGES@", Packages, StringComparison.Ordinal));
                Write("App.csproj.nuget.g.targets", RestoreSamples.Targets.Replace("@PACKAGES@", Packages, StringComparison.Ordinal));
            }
        }

        public Lockfile Lockfile { get; set; }

        public string Packages => folder.At("packages");

        public string Obj => folder.At("src/App/obj");

        public void Dispose() => folder.Dispose();

        public void Restored(RestoredSample project) => RestoreSamples.Write(Obj, folder.Path, Packages, project);

        public string Write(string name, string text) => folder.File("src/App/obj/" + name, text);

        public string Change(string name, string text, string instead)
        {
            var before = File.ReadAllText(Path.Combine(Obj, name));
            Assert.Contains(text, before);
            return Write(name, before.Replace(text, instead, StringComparison.Ordinal));
        }

        public IReadOnlyList<Finding> Verify() => Verify(out _);

        public IReadOnlyList<Finding> Verify(out IReadOnlyList<string> packageFolders, string sdk = Sdk, Severity drift = Severity.Warning) =>
            new ProjectVerifier(folder.Path, Lockfile, sdk, drift).Verify(folder.At("src/App/App.csproj"), Obj, out packageFolders);
    }
}
