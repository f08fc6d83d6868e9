using Hardening.Ecosystems.NuGet;
using Hardening.Files;

namespace Hardening.Tests;

[TestClass]
public sealed class PackageFolderTests
{
    [TestMethod]
    public void A_key_gives_folder_id_and_version()
    {
        using var folder = new TemporaryFolder();

        var package = PackageFolder.Of(folder.Path, "some.package/1.0.0-rc.1+2");

        Assert.AreEqual(("some.package", "1.0.0-rc.1+2"), (package.Id, package.Version));
        Assert.AreEqual(folder.At("some.package/1.0.0-rc.1+2"), Path.GetFullPath(package.Path));
        Assert.AreEqual("some.package.1.0.0-rc.1+2.nupkg", Path.GetFileName(package.ArchivePath));
        Assert.AreEqual(folder.At("some.package/1.0.0-rc.1+2/.nupkg.metadata"), Path.GetFullPath(package.MetadataPath));
    }

    [TestMethod]
    public void Every_file_is_listed_sorted_by_code_unit_with_its_stamp()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "lib/a.dll", "LIB/b.dll", "lib-a", "a", ".hidden", ".folder/.file", "a/../Z", "é", "build/net10.0/x.targets" })
        {
            folder.File("a/1.0/" + name, name);
        }

        folder.Folder("a/1.0/empty/empty");

        var files = Package(folder).List();

        string[] expected = [".folder/.file", ".hidden", "LIB/b.dll", "Z", "a", "build/net10.0/x.targets", "lib-a", "lib/a.dll", "é"];
        CollectionAssert.AreEqual(OperatingSystem.IsLinux() ? expected : [.. files.Select(f => f.Path)], files.Select(f => f.Path).ToArray());
        foreach (var (path, stamp) in files)
        {
            Assert.AreEqual(FileStamp.Of(folder.At("a/1.0/" + path)), stamp);
        }
    }

    [TestMethod]
    public void A_separator_at_the_end_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        folder.File("a/1.0/lib/a.dll");
        var package = Package(folder);

        CollectionAssert.AreEqual(package.List(), (package with { Path = package.Path + Path.DirectorySeparatorChar }).List());
    }

    [TestMethod]
    public void A_folder_that_is_not_there_is_an_io_error()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<DirectoryNotFoundException>(() => Package(folder).List());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void Links_are_listed_and_not_followed()
    {
        using var folder = new TemporaryFolder();
        folder.File("a/1.0/lib/a.dll");
        folder.File("outside/x/y");
        Directory.CreateSymbolicLink(folder.At("a/1.0/folder"), folder.At("outside"));
        Directory.CreateSymbolicLink(folder.At("a/1.0/lib/circle"), "..");
        File.CreateSymbolicLink(folder.At("a/1.0/file"), folder.At("outside/x/y"));
        File.CreateSymbolicLink(folder.At("a/1.0/dangling"), "none");
        Posix.MakePipe(folder.At("a/1.0/pipe"));

        var files = Package(folder).List();

        CollectionAssert.AreEqual(
            new[] { ("dangling", true), ("file", true), ("folder", true), ("lib/a.dll", false), ("lib/circle", true), ("pipe", true) },
            files.Select(f => (f.Path, f.Stamp.IsLink)).ToArray());
    }

    [TestMethod]
    public void Folders_nested_deeper_than_64_are_an_error_and_not_left_out()
    {
        using var folder = new TemporaryFolder();
        var deepest = string.Join('/', Enumerable.Repeat("d", 64));
        folder.File($"a/1.0/{deepest}/file");
        Assert.AreEqual($"{deepest}/file", Package(folder).List().Single().Path);

        folder.File($"a/1.0/{deepest}/d/file");
        Assert.Contains("deeper than 64", Assert.ThrowsExactly<IOException>(() => Package(folder).List()).Message);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_name_that_is_no_text_is_an_error_and_not_left_out()
    {
        using var folder = new TemporaryFolder();
        using var file = Posix.RenamedToNoText(folder.File("a/1.0/build/file"));
        Assert.Contains("not valid text", Assert.ThrowsExactly<IOException>(() => Package(folder).List()).Message);

        using var directory = Posix.RenamedToNoText(Path.GetDirectoryName(folder.File("b/1.0/build/file"))!);
        Assert.Contains("not valid text", Assert.ThrowsExactly<IOException>(() => PackageFolder.Of(folder.Path, "b/1.0").List()).Message);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_name_that_is_no_text_cannot_hide_behind_one_that_reads_the_same()
    {
        using var folder = new TemporaryFolder();
        folder.File("a/1.0/x\uFFFD/file");
        Assert.AreEqual("x\uFFFD/file", Package(folder).List().Single().Path);

        using var other = Posix.RenamedToNoText(Path.GetDirectoryName(folder.File("a/1.0/other/evil"))!);
        Assert.Contains("not valid text", Assert.ThrowsExactly<IOException>(() => Package(folder).List()).Message);
    }

    [TestMethod]
    public void Only_the_files_that_nuget_adds_are_its_own()
    {
        using var folder = new TemporaryFolder();
        var package = PackageFolder.Of(folder.Path, "some.package/1.0.0");

        foreach (var own in new[] { ".nupkg.metadata", "some.package.1.0.0.nupkg", "some.package.1.0.0.nupkg.sha512" })
        {
            Assert.IsTrue(package.IsWrittenByNuGet(own), own);
            Assert.IsFalse(package.IsWrittenByNuGet("lib/" + own), own);
            Assert.IsFalse(package.IsWrittenByNuGet(own + "x"), own);
            Assert.IsFalse(package.IsWrittenByNuGet(own.ToUpperInvariant()), own);
        }

        foreach (var other in new[] { "", "some.package.nuspec", ".signature.p7s", "some.package.1.0.1.nupkg", "build/some.package.targets" })
        {
            Assert.IsFalse(package.IsWrittenByNuGet(other), other);
        }
    }

    [TestMethod]
    public void What_nuget_writes_beside_the_files_is_known()
    {
        using var folder = new TemporaryFolder();
        var archive = PackageSamples.Archive(folder.At("a.nupkg"), ("a.nuspec", PackageSamples.Nuspec), ("lib/a.dll", "x"));
        PackageSamples.Extract(archive, folder.Folder("packages"));
        var package = PackageFolder.Of(folder.At("packages"), "some.package/1.2.0-rc.1");

        CollectionAssert.AreEqual(
            new[] { ".nupkg.metadata", "some.package.1.2.0-rc.1.nupkg", "some.package.1.2.0-rc.1.nupkg.sha512" },
            package.List().Select(f => f.Path).Where(package.IsWrittenByNuGet).ToArray());
        Assert.IsTrue(File.Exists(package.ArchivePath));
        Assert.IsTrue(File.Exists(package.MetadataPath));
    }

    [TestMethod]
    public void The_fingerprint_is_the_same_while_nothing_changes()
    {
        using var folder = new TemporaryFolder();
        folder.File("a/1.0/lib/a.dll");
        folder.File("a/1.0/b");

        Assert.AreEqual(PackageFolder.Fingerprint(Package(folder).List()), PackageFolder.Fingerprint(Package(folder).List()));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void The_fingerprint_changes_with_every_change()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("a/1.0/lib/a.dll", "good");
        var other = folder.File("a/1.0/lib/b.dll", "good");
        var time = File.GetLastWriteTimeUtc(file);
        var seen = new HashSet<string> { PackageFolder.Fingerprint(Package(folder).List()) };
        Action[] changes =
        [
            () => File.WriteAllText(file, "evil"),
            () => File.SetLastWriteTimeUtc(file, time),
            () => File.SetAttributes(file, FileAttributes.ReadOnly),
            () => File.Move(other, other + "2"),
            () => File.Move(other + "2", file, overwrite: true),
            () => folder.File("a/1.0/build/a.targets"),
            () => File.Delete(folder.At("a/1.0/build/a.targets")),
            () => File.CreateSymbolicLink(folder.At("a/1.0/link"), "lib"),
        ];
        for (var i = 0; i < changes.Length; i++)
        {
            folder.WaitForAnotherTick();
            changes[i]();
            // What deleting undoes is as it was.
            Assert.AreEqual(i != 6, seen.Add(PackageFolder.Fingerprint(Package(folder).List())), $"change {i}");
        }
    }

    [TestMethod]
    public void Every_part_of_a_stamp_is_in_the_fingerprint()
    {
        var stamp = new FileStamp(1, 2, IsLink: false, IsDirectory: false);
        List<(string, FileStamp)>[] lists =
        [
            [],
            [("a", stamp)],
            [("b", stamp)],
            [("a", stamp with { Size = 12 })],
            [("a", stamp with { ChangeTime = 3 })],
            [("a", stamp with { IsLink = true })],
            [("a", stamp), ("b", stamp)],
            [("a\n1 2f\nb", stamp)],
        ];
        CollectionAssert.AllItemsAreUnique(lists.Select(PackageFolder.Fingerprint).ToList());
    }

    private static PackageFolder Package(TemporaryFolder folder) => PackageFolder.Of(folder.Path, "a/1.0");
}
