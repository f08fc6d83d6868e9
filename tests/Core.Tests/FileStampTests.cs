using Hardening.Files;

namespace Hardening.Tests;

[TestClass]
public sealed class FileStampTests
{
    [TestMethod]
    public void Stamps_are_trustworthy_where_tests_run() => Assert.IsTrue(FileStamp.IsTrustworthy);

    [TestMethod]
    public void Nothing_has_no_stamp()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("file");

        Assert.IsNull(FileStamp.Of(folder.At("none")));
        Assert.IsNull(FileStamp.Of(folder.At("none/none")));
        Assert.IsNull(FileStamp.Of(Path.Combine(file, "below")));
    }

    [TestMethod]
    public void Files_and_folders_are_told_apart()
    {
        using var folder = new TemporaryFolder();

        var file = FileStamp.Of(folder.File("file", "12345"))!.Value;
        Assert.AreEqual((5L, false, false), (file.Size, file.IsLink, file.IsDirectory));
        var directory = FileStamp.Of(folder.Path)!.Value;
        Assert.AreEqual((false, true), (directory.IsLink, directory.IsDirectory));
        Assert.AreEqual(file, FileStamp.Of(folder.At("file")));
    }

    [TestMethod]
    public void Another_size_is_seen()
    {
        using var folder = new TemporaryFolder();
        var before = FileStamp.Of(folder.File("file", "1"));

        Assert.AreNotEqual(before, FileStamp.Of(folder.File("file", "12")));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_change_is_seen_although_size_and_write_time_were_set_back()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("file", "good");
        var time = File.GetLastWriteTimeUtc(path);
        var before = FileStamp.Of(path)!.Value;
        folder.WaitForAnotherTick();

        File.WriteAllText(path, "evil");
        File.SetLastWriteTimeUtc(path, time);

        Assert.AreEqual(time, File.GetLastWriteTimeUtc(path));
        var after = FileStamp.Of(path)!.Value;
        Assert.AreEqual(before.Size, after.Size);
        Assert.IsGreaterThan(before.ChangeTime, after.ChangeTime);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_file_moved_over_another_is_seen()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("file", "good");
        var other = folder.File("other", "evil");
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(path));
        var before = FileStamp.Of(path);
        folder.WaitForAnotherTick();

        File.Move(other, path, overwrite: true);

        Assert.AreNotEqual(before, FileStamp.Of(path));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_link_is_itself_and_not_what_it_leads_to()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("file", "12345");
        foreach (var target in new[] { file, folder.Path, folder.At("none"), "link" })
        {
            File.CreateSymbolicLink(folder.At("link"), target);
            var stamp = FileStamp.Of(folder.At("link"))!.Value;
            Assert.AreEqual((true, false), (stamp.IsLink, stamp.IsDirectory), target);
            File.Delete(folder.At("link"));
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_pipe_counts_as_a_link_so_that_nobody_waits_for_it()
    {
        using var folder = new TemporaryFolder();
        Posix.MakePipe(folder.At("pipe"));

        Assert.IsTrue(FileStamp.Of(folder.At("pipe"))!.Value.IsLink);
        Assert.IsTrue(FileStamp.Of("/dev/null")!.Value.IsLink);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_file_system_that_refuses_is_an_error_and_not_an_absence()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.At("circle"), "circle");

        Assert.ThrowsExactly<IOException>(() => FileStamp.Of(folder.At("circle/below")));
        Assert.ThrowsExactly<IOException>(() => FileStamp.Of(folder.At(new string('a', 300))));
    }
}
