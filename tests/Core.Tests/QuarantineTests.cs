using Hardening.Ecosystems.NuGet;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class QuarantineTests
{
    private const string Key = "some.package/1.2.0-rc.1";

    [TestMethod]
    public void A_quarantine_is_new_and_only_its_owners()
    {
        var first = Quarantine.Create();
        var second = Quarantine.Create();
        try
        {
            Assert.AreNotEqual(first.Path, second.Path);
            Assert.IsEmpty(Directory.GetFileSystemEntries(first.Packages));
            Assert.IsEmpty(first.RestoreResults());
            if (!OperatingSystem.IsWindows())
            {
                Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(first.Path));
            }
        }
        finally
        {
            first.Delete();
            second.Delete();
        }

        Assert.IsFalse(Directory.Exists(first.Path));
        first.Delete();
    }

    [TestMethod]
    public void Verified_packages_are_links_that_survive_the_quarantine()
    {
        using var folder = new TemporaryFolder();
        var (package, lockfile) = Extracted(folder);

        Seeded(folder, lockfile, [], quarantine =>
        {
            Assert.IsTrue(quarantine.IsSeeded(Key));
            Assert.AreEqual(package, new DirectoryInfo(Path.Combine(quarantine.Packages, Key)).LinkTarget);
            Assert.IsTrue(File.Exists(PackageFolder.Of(quarantine.Packages, Key).MetadataPath));
        });

        Assert.IsTrue(File.Exists(Path.Combine(package, "lib/net10.0/a.dll")));
        Assert.IsEmpty(new PackageIntegrity(lockfile, "linux-x64", IntegrityLevel.Full, PackageMemory.None()).Verify([folder.At("packages")], CancellationToken.None));
    }

    [TestMethod]
    public void A_package_that_is_not_as_it_was_locked_is_downloaded_again()
    {
        using var folder = new TemporaryFolder();
        var (package, lockfile) = Extracted(folder);
        File.WriteAllText(Path.Combine(package, "evil.targets"), "<Project />");

        Seeded(folder, lockfile, [], AssertEmpty);
    }

    [TestMethod]
    public void A_package_whose_bytes_are_to_be_taken_anew_is_downloaded_again()
    {
        using var folder = new TemporaryFolder();
        var (_, lockfile) = Extracted(folder);

        Seeded(folder, lockfile, ["SOME.package"], AssertEmpty);
    }

    [TestMethod]
    public void A_package_that_is_not_locked_is_not_taken_over()
    {
        using var folder = new TemporaryFolder();
        Extracted(folder);

        Seeded(folder, Lockfile.Empty, [], AssertEmpty);
    }

    [TestMethod]
    public void Of_several_folders_the_first_that_has_the_package_counts()
    {
        using var folder = new TemporaryFolder();
        var (package, lockfile) = Extracted(folder);
        folder.Folder("first");
        var quarantine = Quarantine.Create();
        try
        {
            quarantine.Seed(lockfile, [folder.At("none"), folder.At("first"), folder.At("packages")], "linux-x64", [], PackageMemory.None(), CancellationToken.None);
            Assert.AreEqual(package, new DirectoryInfo(Path.Combine(quarantine.Packages, Key)).LinkTarget);
        }
        finally
        {
            quarantine.Delete();
        }
    }

    [TestMethod]
    public void What_was_seeded_is_not_read_again_by_an_update()
    {
        using var folder = new TemporaryFolder();
        var (_, lockfile) = Extracted(folder);
        var root = folder.Folder("repo");
        folder.File("repo/App.csproj");

        Seeded(folder, lockfile, [], quarantine =>
        {
            var sample = RestoredSample.Of("App.csproj", RestoreSamples.Direct("Some.Package", "1.2.0-RC.1"));
            RestoreSamples.Write(Path.Combine(quarantine.Path, "obj/0/App"), root, quarantine.Packages, sample);
            File.Delete(PackageFolder.Of(quarantine.Packages, Key).ArchivePath);

            var result = new LockfileUpdate(new UpdateRequest(root, quarantine, "10.0.401", "linux-x64"), lockfile).Run(CancellationToken.None);

            Assert.IsEmpty(result.Findings);
            Assert.AreEqual(lockfile.NuGet.Packages[Key], result.Lockfile!.NuGet.Packages[Key]);
        });
    }

    [TestMethod]
    public void A_folder_that_is_no_quarantine_is_not_removed()
    {
        using var folder = new TemporaryFolder();
        folder.Folder("hardening-x/packages");

        Assert.ThrowsExactly<InvalidDataException>(() => new Quarantine(folder.Path).Delete());
        Assert.ThrowsExactly<InvalidDataException>(() => new Quarantine(folder.At("hardening-x")).Delete());
        Assert.IsTrue(Directory.Exists(folder.At("hardening-x/packages")));
        new Quarantine(folder.At("nothing")).Delete();
    }

    [TestMethod]
    public void Restore_results_are_those_with_an_assets_file_in_the_order_of_the_passes()
    {
        using var folder = new TemporaryFolder();
        var quarantine = new Quarantine(folder.Path);
        foreach (var name in new[] { "1/a", "0/b", "0/a", "0/B" })
        {
            folder.File($"obj/{name}/{RestoreResult.FileName}");
        }

        folder.Folder("obj/0/none");
        folder.File("obj/file");

        CollectionAssert.AreEqual(new[] { "0/B", "0/a", "0/b", "1/a" }, quarantine.RestoreResults().Select(r => Path.GetRelativePath(folder.At("obj"), r)).ToArray());
    }

    private static (string Package, Lockfile Lockfile) Extracted(TemporaryFolder folder)
    {
        var archive = PackageSamples.Archive(folder.At("a.nupkg"), ("Some.Package.nuspec", PackageSamples.Nuspec), ("lib/net10.0/a.dll", "a"));
        var package = PackageSamples.Extract(archive, folder.At("packages"));
        var entry = new PackageEntry("Some.Package", "1.2.0-RC.1", PackageArchive.Read(archive, CancellationToken.None).Content) { Runs = PackageArchive.Read(archive, CancellationToken.None).Runs };
        return (package, new Lockfile { NuGet = new NuGetSection { Packages = new Dictionary<string, PackageEntry> { [entry.Key] = entry } } });
    }

    private static void Seeded(TemporaryFolder folder, Lockfile lockfile, string[] except, Action<Quarantine> test)
    {
        var quarantine = Quarantine.Create();
        try
        {
            quarantine.Seed(lockfile, [folder.At("packages")], "linux-x64", except, PackageMemory.None(), CancellationToken.None);
            test(quarantine);
        }
        finally
        {
            quarantine.Delete();
        }

        Assert.IsFalse(Directory.Exists(quarantine.Path));
    }

    private static void AssertEmpty(Quarantine quarantine)
    {
        Assert.IsFalse(quarantine.IsSeeded(Key));
        Assert.IsEmpty(Directory.GetFileSystemEntries(quarantine.Packages));
    }
}
