using System.Text;
using Hardening.Findings;
using Hardening.Formats;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class LockfileStoreTests
{
    private static readonly Lockfile Full = LockfileSamples.Read(LockfileSamples.Full);

    [TestMethod]
    public void No_lockfile_is_an_error_for_a_build_and_a_message_for_an_update()
    {
        using var folder = new TemporaryFolder();

        var stored = LockfileStore.Load(folder.Path);
        var lockfile = LockfileStore.LoadForUpdate(folder.Path, out var digest, out var notice);

        Assert.IsNull(stored.Lockfile);
        Assert.AreEqual((FindingCodes.LockfileMissing, Severity.Error, Commands.Update), (stored.Finding!.Code, stored.Finding.Severity, stored.Finding.Command));
        Assert.AreEqual((FindingCodes.LockfileMissing, Severity.Message), (notice!.Code, notice.Severity));
        Assert.AreEqual(string.Empty, digest);
        Assert.IsTrue(LockfileSamples.Same(Lockfile.Empty, lockfile));
    }

    [TestMethod]
    public void What_is_saved_is_loaded_and_written_once()
    {
        using var folder = new TemporaryFolder();
        Assert.IsNull(LockfileStore.Save(folder.Path, Full, string.Empty, out var written));
        Assert.IsTrue(written);

        var loaded = LockfileStore.LoadForUpdate(folder.Path, out var digest, out var notice);

        Assert.IsNull(notice);
        Assert.IsTrue(LockfileSamples.Same(Full, loaded));
        Assert.AreEqual(LockfileStore.Load(folder.Path).Digest, digest);
        Assert.AreEqual(LockfileSamples.Full.ReplaceLineEndings("\n"), File.ReadAllText(folder.At(Lockfile.FileName)));
        Assert.IsNull(LockfileStore.Save(folder.Path, loaded, digest, out written));
        Assert.IsFalse(written);
        CollectionAssert.AreEqual(new[] { folder.At(Lockfile.FileName) }, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    [DataRow("t/-p:X=1.cs.csproj")]
    [DataRow("../a.csproj")]
    public void What_a_build_would_not_read_is_not_written(string path)
    {
        using var folder = new TemporaryFolder();
        Assert.IsNull(LockfileStore.Save(folder.Path, Full, string.Empty, out _));
        var before = File.ReadAllBytes(folder.At(Lockfile.FileName));
        LockfileStore.LoadForUpdate(folder.Path, out var digest, out _);
        var finding = LockfileStore.Save(folder.Path, Full with { Control = new Dictionary<string, string> { [path] = NormalizedText.Hash("x"u8) } }, digest, out var written);

        Assert.AreEqual(FindingCodes.UpdateIncomplete, finding!.Code);
        Assert.Contains(path, finding.Message);
        Assert.IsFalse(written);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder.At(Lockfile.FileName)));
    }

    [TestMethod]
    public void A_lockfile_is_parsed_once_until_it_is_written()
    {
        using var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName, LockfileSamples.Full);
        var first = LockfileStore.Load(folder.Path);
        Assert.AreSame(first, LockfileStore.Load(folder.Path));

        folder.WaitForAnotherTick();
        folder.File(Lockfile.FileName, LockfileSamples.Full);
        var second = LockfileStore.Load(folder.Path);
        Assert.AreNotSame(first, second);
        Assert.AreEqual(first.Digest, second.Digest);

        File.Delete(folder.At(Lockfile.FileName));
        Assert.AreEqual(FindingCodes.LockfileMissing, LockfileStore.Load(folder.Path).Finding!.Code);
    }

    [TestMethod]
    public void A_link_is_refused_and_an_update_replaces_it_and_not_its_target()
    {
        using var folder = new TemporaryFolder();
        var target = folder.File("elsewhere/lock.json", LockfileSamples.Full);
        var path = Path.Combine(folder.Folder("repo"), Lockfile.FileName);
        File.CreateSymbolicLink(path, target);
        Assert.AreEqual(FindingCodes.LockfileDamaged, LockfileStore.Load(folder.At("repo")).Finding!.Code);

        var lockfile = LockfileStore.LoadForUpdate(folder.At("repo"), out var digest, out var notice);
        Assert.AreEqual(Severity.Warning, notice!.Severity);
        Assert.IsNull(LockfileStore.Save(folder.At("repo"), lockfile, digest, out var written));

        Assert.IsTrue(written);
        Assert.IsNull(LockfileStore.Load(folder.At("repo")).Finding);
        Assert.AreEqual(LockfileSamples.Full, File.ReadAllText(target));
    }

    [TestMethod]
    public void A_link_to_what_would_be_written_is_replaced_too()
    {
        using var folder = new TemporaryFolder();
        var target = folder.File("elsewhere/lock.json", LockfileWriter.Write(Full));
        var path = Path.Combine(folder.Folder("repo"), Lockfile.FileName);
        File.CreateSymbolicLink(path, target);

        Assert.IsNull(LockfileStore.Save(folder.At("repo"), Full, string.Empty, out _));

        Assert.IsNull(new FileInfo(path).LinkTarget);
    }

    [TestMethod]
    public void A_lockfile_that_cannot_be_read_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        folder.Folder(Lockfile.FileName);

        Assert.AreEqual(FindingCodes.Unreadable, LockfileStore.Load(folder.Path).Finding!.Code);
        LockfileStore.LoadForUpdate(folder.Path, out var digest, out var notice);

        Assert.AreEqual(Severity.Error, notice!.Severity);
        var finding = LockfileStore.Save(folder.Path, Full, digest, out var written);
        Assert.AreEqual(FindingCodes.LockfileBusy, finding!.Code);
        Assert.IsFalse(written);
    }

    [TestMethod]
    [DataRow("{\"version\": 2}", "HRD0004", "Error")]
    [DataRow("{", "HRD0002", "Warning")]
    [DataRow("{}", "HRD0002", "Warning")]
    [DataRow("", "HRD0002", "Warning")]
    public void A_damaged_lockfile_is_mended_by_an_update_and_a_newer_one_is_left_alone(string text, string code, string severity)
    {
        using var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName, text);

        var lockfile = LockfileStore.LoadForUpdate(folder.Path, out var digest, out var notice);

        Assert.AreEqual((code, severity), (notice!.Code.Id, notice.Severity.ToString()));
        Assert.IsTrue(LockfileSamples.Same(Lockfile.Empty, lockfile));
        if (notice.Severity != Severity.Error)
        {
            Assert.IsNull(LockfileStore.Save(folder.Path, Full, digest, out var written));
            Assert.IsTrue(written);
            Assert.IsNull(LockfileStore.Load(folder.Path).Finding);
        }
    }

    [TestMethod]
    public void Of_a_conflict_an_update_takes_both_sides()
    {
        using var folder = new TemporaryFolder();
        var frame = "{\n\"version\": 1,\n\"nuget\": {\"packages\": {\n<<<<<<< HEAD\n" + Entry("A") + "\n=======\n" + Entry("B") + "\n>>>>>>> other\n}}\n}\n";
        folder.File(Lockfile.FileName, frame);
        Assert.AreEqual(FindingCodes.LockfileConflict, LockfileStore.Load(folder.Path).Finding!.Code);

        var lockfile = LockfileStore.LoadForUpdate(folder.Path, out var digest, out var notice);

        Assert.AreEqual((FindingCodes.LockfileConflict, Severity.Message), (notice!.Code, notice.Severity));
        CollectionAssert.AreEquivalent(new[] { "a/1.0", "b/1.0" }, lockfile.NuGet.Packages.Keys.ToArray());
        Assert.IsNull(LockfileStore.Save(folder.Path, lockfile, digest, out _));
        Assert.IsNull(LockfileStore.Load(folder.Path).Finding);

        static string Entry(string name) => $"\"{name.ToLowerInvariant()}/1.0\": {{{LockfileSamples.Package_1_0.Replace("\"A\"", $"\"{name}\"", StringComparison.Ordinal)}}}";
    }

    [TestMethod]
    public void Of_a_conflict_with_one_damaged_side_the_other_counts()
    {
        using var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName, "<<<<<<< HEAD\n{\n=======\n" + LockfileSamples.Full + ">>>>>>> other\n");

        Assert.IsTrue(LockfileSamples.Same(Full, LockfileStore.LoadForUpdate(folder.Path, out _, out _)));
    }

    [TestMethod]
    [DataRow("{\"version\": 1}")]
    [DataRow(null)]
    public void A_lockfile_that_was_changed_meanwhile_is_not_overwritten(string? now)
    {
        using var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName, LockfileSamples.Full);
        LockfileStore.LoadForUpdate(folder.Path, out var digest, out _);
        File.Delete(folder.At(Lockfile.FileName));
        if (now is not null)
        {
            folder.File(Lockfile.FileName, now);
        }

        var finding = LockfileStore.Save(folder.Path, Lockfile.Empty, digest, out var written);

        Assert.AreEqual((FindingCodes.LockfileBusy, Commands.Update), (finding!.Code, finding.Command));
        Assert.IsFalse(written);
        Assert.AreEqual(now, File.Exists(folder.At(Lockfile.FileName)) ? File.ReadAllText(folder.At(Lockfile.FileName)) : null);
    }

    [TestMethod]
    public void Of_updates_that_began_at_the_same_lockfile_one_is_written()
    {
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 20; round++)
        {
            LockfileStore.LoadForUpdate(folder.Path, out var digest, out _);
            var outcomes = new (Finding? Finding, bool Written)[8];
            Parallel.For(0, outcomes.Length, new ParallelOptions { MaxDegreeOfParallelism = outcomes.Length }, i =>
            {
                outcomes[i].Finding = LockfileStore.Save(folder.Path, With($"r{round}-{i}"), digest, out outcomes[i].Written);
            });

            var written = Array.FindIndex(outcomes, o => o.Written);
            Assert.AreEqual(1, outcomes.Count(o => o.Written));
            Assert.IsTrue(outcomes.All(o => o.Written || o.Finding?.Code == FindingCodes.LockfileBusy));
            Assert.AreEqual(Encoding.UTF8.GetString(LockfileWriter.Write(With($"r{round}-{written}"))), File.ReadAllText(folder.At(Lockfile.FileName)));
        }

        static Lockfile With(string name) => Full with { NuGet = Full.NuGet with { Projects = new Dictionary<string, ProjectEntry> { [name] = new() { Name = name } } } };
    }
}
