using Hardening.Ecosystems.NuGet;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class PackageMemoryTests
{
    private static readonly PackageContent Content = new(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash);

    [TestMethod]
    public void What_was_remembered_is_known_after_it_was_saved()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("memory/a");
        Remember(path, ("/packages/a/1.0", Content, "print 1"), ("/packages/b/1.0", Content, "print 2"));

        var memory = PackageMemory.Open(path);

        Assert.IsTrue(memory.Knows("/packages/a/1.0", Content, "print 1"));
        Assert.IsTrue(memory.Knows("/packages/b/1.0", Content, "print 2"));
    }

    [TestMethod]
    public void Another_folder_fingerprint_or_content_is_not_known()
    {
        using var folder = new TemporaryFolder();
        Remember(folder.At("a"), ("/packages/a/1.0", Content, "print"));

        var memory = PackageMemory.Open(folder.At("a"));

        Assert.IsFalse(memory.Knows("/packages/a/1.0", Content, "print2"));
        Assert.IsFalse(memory.Knows("/packages/a/1.0", Content, "prin"));
        Assert.IsFalse(memory.Knows("/packages/a/1.0", Content, ""));
        Assert.IsFalse(memory.Knows("/packages/a/1.0.0", Content, "print"));
        Assert.IsFalse(memory.Knows("/Packages/a/1.0", Content, "print"));
        Assert.IsFalse(memory.Knows("/packages/a/1.0", Content with { Files = LockfileSamples.OtherHash }, "print"));
        Assert.IsFalse(memory.Knows("/packages/a/1.0", Content with { Content = LockfileSamples.OtherHash }, "print"));
        Assert.IsTrue(memory.Knows("/packages/a/1.0", Content, "print"));
    }

    [TestMethod]
    public void A_package_folder_is_forgotten_when_one_of_its_files_changes()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("packages/a/1.0/build/a.targets", "good");
        var package = PackageFolder.Of(folder.At("packages"), "a/1.0");
        Remember(folder.At("memory"), (package.Path, Content, PackageFolder.Fingerprint(package.List())));
        Assert.IsTrue(PackageMemory.Open(folder.At("memory")).Knows(package.Path, Content, PackageFolder.Fingerprint(package.List())));

        folder.WaitForAnotherTick();
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "evil");
        if (!OperatingSystem.IsWindows())
        {
            File.SetLastWriteTimeUtc(file, time);
        }

        Assert.IsFalse(PackageMemory.Open(folder.At("memory")).Knows(package.Path, Content, PackageFolder.Fingerprint(package.List())));
    }

    [TestMethod]
    public void Only_what_a_run_confirmed_is_kept()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a");
        Remember(path, ("/a/1.0", Content, "print"), ("/b/1.0", Content, "print"));

        var memory = PackageMemory.Open(path);
        Assert.IsTrue(memory.Knows("/a/1.0", Content, "print"));
        Assert.IsFalse(memory.Knows("/b/1.0", Content, "changed"));
        memory.Save();

        Assert.IsTrue(PackageMemory.Open(path).Knows("/a/1.0", Content, "print"));
        Assert.IsFalse(PackageMemory.Open(path).Knows("/b/1.0", Content, "print"));
    }

    [TestMethod]
    public void What_is_unchanged_is_not_written_again()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a");
        Remember(path, ("/a/1.0", Content, "print"));
        var before = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, before);

        var memory = PackageMemory.Open(path);
        Assert.IsTrue(memory.Knows("/a/1.0", Content, "print"));
        memory.Save();

        Assert.AreEqual(before, File.GetLastWriteTimeUtc(path));
    }

    [TestMethod]
    public void The_file_is_the_same_whatever_the_order()
    {
        using var folder = new TemporaryFolder();
        Remember(folder.At("a"), ("/a/1.0", Content, "1"), ("/b/1.0", Content, "2"));
        Remember(folder.At("b"), ("/b/1.0", Content, "2"), ("/a/1.0", Content, "1"));

        CollectionAssert.AreEqual(File.ReadAllBytes(folder.At("a")), File.ReadAllBytes(folder.At("b")));
    }

    [TestMethod]
    public void A_garbled_memory_remembers_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a");
        Remember(path, ("/a/1.0", Content, "print"));
        var good = File.ReadAllText(path);
        foreach (var garbled in new[]
        {
            "", "\n", "\0", "\uFFFD", "hardening-memory 2" + good[good.IndexOf('\n', StringComparison.Ordinal)..], " " + good, good.Replace("\t", " ", StringComparison.Ordinal),
            good.Replace("print", "", StringComparison.Ordinal), good[..^2], good.Replace(LockfileSamples.Hash, LockfileSamples.Hash[1..], StringComparison.Ordinal), good[..good.IndexOf('\t', StringComparison.Ordinal)],
        })
        {
            File.WriteAllText(path, garbled);
            var memory = PackageMemory.Open(path);
            Assert.IsFalse(memory.Knows("/a/1.0", Content, "print"), garbled);
            Assert.IsFalse(memory.Knows("/a/1.0", Content, ""), garbled);
        }

        File.WriteAllText(path, good.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.IsTrue(PackageMemory.Open(path).Knows("/a/1.0", Content, "print"));
    }

    [TestMethod]
    public void Every_cut_and_flipped_byte_is_forgotten_or_harmless()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a");
        Remember(path, ("/a/1.0", Content, "print"));
        var good = File.ReadAllBytes(path);
        for (var i = 0; i < good.Length - 1; i++)
        {
            File.WriteAllBytes(path, good[..i]);
            Assert.IsFalse(PackageMemory.Open(path).Knows("/a/1.0", Content, "print"), $"cut at {i}");

            var flipped = good.ToArray();
            flipped[i] ^= 0x81;
            File.WriteAllBytes(path, flipped);
            Assert.IsFalse(PackageMemory.Open(path).Knows("/a/1.0", Content, "print"), $"flipped at {i}");
        }
    }

    [TestMethod]
    public void A_path_with_a_line_end_cannot_say_what_else_is_known()
    {
        using var folder = new TemporaryFolder();
        foreach (var end in new[] { "\n", "\r", "\r\n", "\f", "\u0085", "\u2028", "\u2029" })
        {
            var path = folder.At("a");
            Remember(path, ("/b/1.0", Content, "print"));
            var line = File.ReadAllLines(path)[1].Replace("/b/", "/c/", StringComparison.Ordinal);

            Remember(path, ("/a" + end + line, Content, "print"));

            Assert.IsFalse(PackageMemory.Open(path).Knows("/c/1.0", Content, "print"), $"U+{(int)end[0]:X4}");
        }
    }

    [TestMethod]
    public void A_memory_that_cannot_be_read_or_written_is_empty_and_no_error()
    {
        using var folder = new TemporaryFolder();
        folder.File("file");
        foreach (var path in new[] { folder.Folder("folder"), folder.At("file/below"), folder.At("none/none") })
        {
            var memory = PackageMemory.Open(path);
            Assert.IsFalse(memory.Knows("/a/1.0", Content, "print"));
            memory.Save();
        }

        Remember(folder.At("file/below"), ("/a/1.0", Content, "print"));
        Remember(folder.At("folder"), ("/a/1.0", Content, "print"));
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.At("folder")));
    }

    [TestMethod]
    public void Without_a_memory_nothing_is_known_or_written()
    {
        foreach (var memory in new[] { PackageMemory.None(), PackageMemory.Open(null) })
        {
            memory.Remember("/a/1.0", Content, "print");
            memory.Save();

            Assert.IsNull(memory.Path);
            Assert.IsFalse(memory.Knows("/a/1.0", Content, "print"));
        }
    }

    [TestMethod]
    public void Each_repository_has_a_memory_of_its_own_in_the_folder_of_the_user()
    {
        var (one, two) = (PackageMemory.DefaultPath("/a"), PackageMemory.DefaultPath("/b"));
        if (one is not null)
        {
            Assert.AreNotEqual(one, two);
            Assert.AreEqual(one, PackageMemory.DefaultPath("/a"));
            Assert.StartsWith(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), one);
        }
    }

    private static void Remember(string path, params (string Folder, PackageContent Content, string Fingerprint)[] found)
    {
        var memory = PackageMemory.Open(path);
        foreach (var (folder, content, fingerprint) in found)
        {
            memory.Remember(folder, content, fingerprint);
        }

        memory.Save();
    }
}
