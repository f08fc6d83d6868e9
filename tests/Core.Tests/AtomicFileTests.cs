using System.Text;
using Hardening.Files;

namespace Hardening.Tests;

[TestClass]
public sealed class AtomicFileTests
{
    [TestMethod]
    public void A_file_is_written_with_the_folders_around_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a/b/c.txt");

        AtomicFile.Write(path, "one"u8);
        AtomicFile.Write(path, "two!"u8);
        AtomicFile.Write(path, ""u8);
        AtomicFile.Write(path, "three"u8);

        Assert.AreEqual("three", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFileSystemEntries(folder.At("a/b")));
    }

    [TestMethod]
    public void A_write_that_fails_leaves_the_target_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var target = folder.Folder("a/target");
        folder.File("a/target/kept");

        Assert.Throws<Exception>(() => AtomicFile.Write(target, "x"u8), e => $"{e is IOException or UnauthorizedAccessException}");

        Assert.IsTrue(File.Exists(folder.At("a/target/kept")));
        CollectionAssert.AreEqual(new[] { target }, Directory.GetFileSystemEntries(folder.At("a")));
    }

    [TestMethod]
    public void A_folder_that_is_a_file_is_an_io_error()
    {
        using var folder = new TemporaryFolder();
        folder.File("a", "kept");

        Assert.Throws<IOException>(() => AtomicFile.Write(folder.At("a/b"), "x"u8));

        Assert.AreEqual("kept", File.ReadAllText(folder.At("a")));
        Assert.Throws<IOException>(() => AtomicFile.Write(Path.GetPathRoot(folder.Path)!, "x"u8));
    }

    [TestMethod]
    public void A_name_without_a_folder_is_written_to_the_current_one()
    {
        var name = $"{Guid.NewGuid():N}.txt";
        try
        {
            AtomicFile.Write(name, "x"u8);
            Assert.IsTrue(File.Exists(Path.Combine(Environment.CurrentDirectory, name)));
        }
        finally
        {
            File.Delete(name);
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_link_is_replaced_and_not_followed()
    {
        using var folder = new TemporaryFolder();
        var outside = folder.File("outside", "kept");
        var link = folder.At("link");
        File.CreateSymbolicLink(link, outside);

        AtomicFile.Write(link, "new"u8);

        Assert.AreEqual("kept", File.ReadAllText(outside));
        Assert.AreEqual("new", File.ReadAllText(link));
        Assert.IsNull(new FileInfo(link).LinkTarget);
    }

    [TestMethod]
    public void Equal_content_is_not_written_again()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a.txt");
        Assert.IsTrue(AtomicFile.WriteIfChanged(path, "one"u8));
        var before = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, before);

        Assert.IsFalse(AtomicFile.WriteIfChanged(path, "one"u8));
        Assert.AreEqual(before, File.GetLastWriteTimeUtc(path));

        Assert.IsTrue(AtomicFile.WriteIfChanged(path, "two"u8));
        Assert.AreNotEqual(before, File.GetLastWriteTimeUtc(path));
        Assert.AreEqual("two", File.ReadAllText(path));
    }

    [TestMethod]
    public void A_file_is_read_up_to_the_limit()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.txt", "12345");

        Assert.AreEqual("12345", Encoding.UTF8.GetString(AtomicFile.ReadAtMost(path, 5)));
        var e = Assert.ThrowsExactly<IOException>(() => AtomicFile.ReadAtMost(path, 4));
        Assert.Contains("larger than 4 bytes", e.Message);
        Assert.IsEmpty(AtomicFile.ReadAtMost(folder.File("empty"), 0));
    }

    [TestMethod]
    public void What_is_not_there_or_no_file_is_an_error_that_callers_expect()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<FileNotFoundException>(() => AtomicFile.ReadAtMost(folder.At("none"), 5));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => AtomicFile.ReadAtMost(folder.At("none/none"), 5));
        Assert.ThrowsExactly<UnauthorizedAccessException>(() => AtomicFile.ReadAtMost(folder.Path, 5));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("/dev/zero")]
    [DataRow("/dev/null")]
    [DataRow("/dev/urandom")]
    [DataRow("/proc/self/maps")]
    public void A_link_to_what_never_ends_is_empty_or_an_io_error(string target)
    {
        using var folder = new TemporaryFolder();
        var link = folder.At("link");
        File.CreateSymbolicLink(link, target);

        try
        {
            Assert.IsEmpty(AtomicFile.ReadAtMost(link, 1_000));
        }
        catch (IOException)
        {
            // As good: the caller reports it.
        }
    }
}
