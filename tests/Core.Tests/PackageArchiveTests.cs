using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Hardening.Ecosystems.NuGet;
using NuGet.Configuration;
using NuGet.Packaging;

namespace Hardening.Tests;

[TestClass]
public sealed class PackageArchiveTests
{
    private static readonly (string, string) Nuspec = ("Some.Package.nuspec", PackageSamples.Nuspec);

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void Identity_hashes_files_and_runs_are_read()
    {
        using var folder = new TemporaryFolder();
        var path = PackageSamples.Archive(folder.At("a.nupkg"), Nuspec, ("lib/net10.0/a.dll", "code"), ("build/Some.Package.targets", "<Project/>"), ("tools/a.exe", "x"));

        var archive = Read(path);

        Assert.AreEqual("Some.Package", archive.Name);
        Assert.AreEqual("1.2.0-RC.1", archive.Version);
        CollectionAssert.AreEqual(
            new[]
            {
                FileHash("build/Some.Package.targets", "<Project/>"),
                FileHash("lib/net10.0/a.dll", "code"),
                FileHash("some.package.nuspec", PackageSamples.Nuspec),
                FileHash("tools/a.exe", "x"),
            },
            archive.Files.ToArray());
        CollectionAssert.AreEqual(new[] { "build/Some.Package.targets", "tools/" }, archive.Runs.ToArray());
        Assert.AreEqual(Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(path))), archive.Content.Archive);
        Assert.AreEqual(archive.Content.Archive, archive.Content.Content);
        Assert.AreEqual(PackageFileDigest.Of(archive.Files), archive.Content.Files);
    }

    [TestMethod]
    public void The_nuspec_has_the_name_that_nuget_gives_it()
    {
        using var folder = new TemporaryFolder();
        var path = PackageSamples.Archive(folder.At("a.nupkg"), ("OTHER.NuSpec", PackageSamples.Nuspec), ("content/Other.nuspec", "x"));

        AssertAsExtracted(folder, path);
        Assert.IsTrue(Read(path).Files.Any(f => f.Path == "some.package.nuspec"));
    }

    [TestMethod]
    public void Files_are_those_that_nuget_extracts_whatever_their_names()
    {
        using var folder = new TemporaryFolder();
        var path = PackageSamples.Archive(
            folder.At("a.nupkg"),
            Nuspec,
            ("[Content_Types].xml", "x"),
            ("_rels/.rels", "x"),
            ("_RELS/.rels", "x"),
            ("package/services/metadata/core-properties/0.psmdcp", "x"),
            ("PACKAGE/a", "x"),
            ("package2/a", "x"),
            ("a.psmdcp", "x"),
            ("lib/_rels/.rels", "x"),
            ("lib/package/a", "x"),
            ("lib/[Content_Types].xml", "x"),
            ("[content_types].xml.txt", "x"),
            ("a.nupkg", "x"),
            ("lib/b.nupkg", "x"),
            ("a.nupkg.sha512", "x"),
            ("lib/b.nupkg.sha512", "x"),
            ("lib/b.nuspec", "x"),
            ("lib/A.txt", "x"),
            ("lib/empty", ""),
            ("lib/folder/", ""),
            ("lib/a b%20c+d.txt", "x"),
            ("lib/%C3%A9.txt", "x"),
            ("lib/é漢\U0001F600.txt", "x"),
            (".hidden/.file", "x"),
            ("Build/x.TARGETS", "x"),
            ("build\\y.targets", "x"),
            ("build\\z.nuspec.txt", "x"),
            ("lib\\c.nupkg", "x"),
            ("lib\\c.nuspec", "x"),
            (".NUPKG.METADATA", "x"),
            ("lib\\.rels", "x"),
            ("lib\\[Content_Types].xml", "x"),
            ("lib/.RELS", "x"),
            ("lib/[CONTENT_TYPES].xml", "x"),
            ("lib/a.PSMDCP", "x"),
            ("A2.NUPKG", "x"),
            (".nupkg", "x"),
            (".rels", "x"),
            (".psmdcp", "x"),
            (".signature.p7s.txt", "x"),
            (".nupkg.metadata", "x"),
            ("lib/.nupkg.metadata", "x"),
            ("some.package.1.2.0-rc.1.nupkg", "x"),
            ("Some.Package.1.2.0-RC.1.nupkg.SHA512", "x"),
            ("some.package.1.2.0-rc.2.nupkg.sha512", "x"),
            ("lib/some.package.1.2.0-rc.1.nupkg.sha512", "x"));

        AssertAsExtracted(folder, path);
    }

    [TestMethod]
    public void The_packages_of_this_test_run_are_as_restore_extracted_them()
    {
        var packages = SettingsUtility.GetGlobalPackagesFolder(Settings.LoadDefaultSettings(AppContext.BaseDirectory));
        foreach (var key in new[] { "cscheck/4.9.1", "mstest.testframework/4.5.2", "nuget.packaging/8.0.0" })
        {
            var folder = PackageFolder.Of(packages, key);
            var archive = Read(folder.ArchivePath);

            // Signed by nuget.org, so the identity is not the hash of the archive.
            Assert.AreNotEqual(archive.Content.Archive, archive.Content.Content);
            Assert.Contains(archive.Content.Content, File.ReadAllText(folder.MetadataPath));
            CollectionAssert.AreEqual(Extracted(folder), archive.Files.ToArray(), key);
        }
    }

    [TestMethod]
    public void A_signature_is_a_file_but_not_part_of_the_content_hash()
    {
        using var folder = new TemporaryFolder();
        var unsigned = PackageSamples.Archive(folder.At("unsigned.nupkg"), Nuspec, ("lib/a.dll", "code"));
        var signed = folder.At("signed.nupkg");
        File.Copy(unsigned, signed);
        using (var zip = ZipFile.Open(signed, ZipArchiveMode.Update))
        {
            using var stream = zip.CreateEntry(".signature.p7s", CompressionLevel.NoCompression).Open();
            stream.Write("no signature, but in its place"u8);
        }

        var (before, after) = (Read(unsigned), Read(signed));

        Assert.AreEqual(before.Content.Content, after.Content.Content);
        Assert.AreNotEqual(before.Content.Archive, after.Content.Archive);
        Assert.AreEqual(".signature.p7s", after.Files.Except(before.Files).Single().Path);
    }

    [TestMethod]
    [DataRow("../x")]
    [DataRow("lib/../../x")]
    [DataRow("lib/../x")]
    [DataRow("..\\x")]
    [DataRow("lib\\..\\..\\x")]
    [DataRow("/x")]
    [DataRow("//x")]
    [DataRow("\\x")]
    [DataRow("lib//x")]
    [DataRow("./x")]
    [DataRow("lib/./x")]
    [DataRow("%2e%2e/x")]
    [DataRow("..%2Fx")]
    [DataRow("lib/%2E%2E/%2E%2E/x")]
    [DataRow("..%5Cx")]
    public void A_name_that_leads_outside_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var path = PackageSamples.Archive(folder.At("a.nupkg"), Nuspec, (name, "evil"));

        Assert.Contains("leads outside", Assert.ThrowsExactly<InvalidDataException>(() => Read(path)).Message);
    }

    [TestMethod]
    [DataRow("lib/a.dll", "lib/a.dll")]
    [DataRow("lib/a.dll", "lib\\a.dll")]
    [DataRow("lib/a b", "lib/a%20b")]
    [DataRow("build/a.targets", "buil%64/a.targets")]
    public void A_name_that_is_there_twice_is_refused(string one, string two)
    {
        using var folder = new TemporaryFolder();
        var path = PackageSamples.Archive(folder.At("a.nupkg"), Nuspec, (one, "good"), (two, "evil"));

        Assert.Contains("is there twice", Assert.ThrowsExactly<InvalidDataException>(() => Read(path)).Message);
    }

    [TestMethod]
    public void Names_that_differ_only_by_case_are_hashed_as_nuget_extracts_them()
    {
        using var folder = new TemporaryFolder();
        var path = PackageSamples.Archive(folder.At("a.nupkg"), Nuspec, ("lib/a.dll", "good"), ("lib/A.dll", "evil"));

        if (OperatingSystem.IsLinux())
        {
            AssertAsExtracted(folder, path);
        }
        else
        {
            Assert.HasCount(3, Read(path).Files);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("PK")]
    [DataRow("no archive")]
    public void What_is_no_archive_is_refused(string content)
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<InvalidDataException>(() => Read(folder.File("a.nupkg", content)));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("<package>")]
    [DataRow("<package/>")]
    [DataRow("not XML")]
    [DataRow("<package><metadata/></package>")]
    [DataRow("<package><metadata><id>a</id></metadata></package>")]
    [DataRow("<package><metadata><id>a</id><version>x</version></metadata></package>")]
    [DataRow("<package><metadata><version>1.0</version></metadata></package>")]
    [DataRow("<package><metadata><id>../a</id><version>1.0</version></metadata></package>")]
    [DataRow("<package><metadata><id>a/b</id><version>1.0</version></metadata></package>")]
    [DataRow("<package><metadata><id>..</id><version>1.0</version></metadata></package>")]
    [DataRow("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><package><metadata><id>&b;</id><version>1.0</version></metadata></package>")]
    public void A_nuspec_without_an_identity_is_refused(string nuspec)
    {
        using var folder = new TemporaryFolder();
        var path = PackageSamples.Archive(folder.At("a.nupkg"), ("a.nuspec", nuspec));

        Assert.ThrowsExactly<InvalidDataException>(() => Read(path));
    }

    [TestMethod]
    public void No_nuspec_or_two_are_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<InvalidDataException>(() => Read(PackageSamples.Archive(folder.At("none.nupkg"), ("lib/a.nuspec", PackageSamples.Nuspec))));
        Assert.ThrowsExactly<InvalidDataException>(() => Read(PackageSamples.Archive(folder.At("two.nupkg"), Nuspec, ("b.nuspec", PackageSamples.Nuspec))));
    }

    [TestMethod]
    public void A_file_that_is_not_there_is_an_io_error()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<FileNotFoundException>(() => Read(folder.At("none.nupkg")));
    }

    [TestMethod]
    public void Reading_stops_when_cancelled()
    {
        using var folder = new TemporaryFolder();
        var path = PackageSamples.Archive(folder.At("a.nupkg"), Nuspec);

        Assert.Throws<OperationCanceledException>(() => PackageArchive.Read(path, new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void Whatever_the_bytes_the_outcome_is_an_archive_or_invalid_data()
    {
        const int Inputs = 10_000;
        using var folder = new TemporaryFolder();
        var signed = PackageSamples.Archive(folder.At("seed.nupkg"), Nuspec, ("lib/a.dll", new string('a', 500)), ("build/a.targets", "<Project/>"), ("_rels/.rels", "x"), (".signature.p7s", "s"));
        var seed = File.ReadAllBytes(signed);
        var random = new Random(20_260_101);
        var path = folder.At("a.nupkg");
        var read = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = seed.ToArray();
            for (var steps = 1 + random.Next(4); steps > 0; steps--)
            {
                // Most of what a reader trusts stands in the directory at the end.
                var at = random.Next(2) == 0 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 400));
                switch (random.Next(5))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes[at] = 0xFF;
                        break;
                    case 2 when bytes.Length > 100:
                        bytes = bytes[..^random.Next(60)];
                        break;
                    case 3 when at > 0:
                        bytes = [.. bytes[..at], .. bytes[(at / 2)..]];
                        break;
                    default:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                }
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                _ = Read(path);
                read++;
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"Input {i}, in base64 {Convert.ToBase64String(bytes)}: {e}");
            }
        }

        TestContext.WriteLine($"{read} of {Inputs} were read.");
        Assert.IsInRange(Inputs / 100, Inputs * 9 / 10, read);
    }

    private static PackageArchive Read(string path) => PackageArchive.Read(path, CancellationToken.None);

    private static void AssertAsExtracted(TemporaryFolder folder, string archive)
    {
        var extracted = PackageSamples.Extract(archive, folder.Folder("packages"));
        var key = Path.GetRelativePath(folder.At("packages"), extracted).Replace(Path.DirectorySeparatorChar, '/');

        CollectionAssert.AreEqual(Extracted(PackageFolder.Of(folder.At("packages"), key)), Read(archive).Files.ToArray());
    }

    private static PackageFileHash[] Extracted(PackageFolder folder) =>
        [.. folder.List().Where(f => !folder.IsWrittenByNuGet(f.Path)).Select(f => new PackageFileHash(f.Path, Convert.ToHexStringLower(SHA512.HashData(File.ReadAllBytes(Path.Combine(folder.Path, f.Path))))))];

    private static PackageFileHash FileHash(string path, string content) => new(path, Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(content))));
}
