using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Hardening.Ecosystems.Actions;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Tests;

/// <summary>What is remembered of workflows between builds changes nothing but the time.</summary>
[TestClass]
public sealed class WorkflowMemoryTests
{
    private const string Path = ".github/workflows/ci.yml";

    private static readonly string[] Texts =
    [
        "jobs:\n  a:\n    steps:\n      - uses: a/b@v1 # v1.0\n",
        "jobs:\n  a:\n    steps:\n      - uses: 'a/b@11bd71901bbe5b1630ceea73d27597364c9af683' # 😀\n      - uses: docker://alpine\n",
        "x: &x {uses: c/d@v1}\njobs:\n  a:\n    container: node:20\n    services: {db: {image: postgres}}\n    steps:\n      - <<: *x\n      - uses: >-\n          e/f@v1\n",
        "jobs:\n  a:\n    uses: o/r/.github/workflows/x.yml@main\n  b:\n    uses: ./.github/workflows/gone.yml\n",
        "jobs:\n  a:\n    steps:\n      - uses: a/b@v1\n        uses: \"c\\x2Fd@v1\"\n",
        "jobs: [\n",
        "",
        "jobs:\n  a:\n    steps:\n      - uses: a/${{ x }}@v1\n      - uses: ./bin/x\n",
    ];

    [TestMethod]
    public void A_file_that_is_the_same_is_not_read_again()
    {
        using var sample = new Sample();
        sample.Write(Path, Texts[2]);
        sample.Settle();
        var first = sample.Observe();

        var memory = sample.Open();
        var stamp = FileStamp.Of(sample.Folder.At(Path))!.Value;

        Assert.IsNotNull(memory.Find(Path, stamp));
        AssertSame(first.Files.Single(), memory.Find(Path, stamp)!);
        AssertSame(sample.Observe(), first);
    }

    [TestMethod]
    public void A_file_that_changed_is_read_again_though_its_size_and_time_are_the_same()
    {
        using var sample = new Sample();
        sample.Write(Path, Texts[0]);
        sample.Settle();
        sample.Observe();
        var time = File.GetLastWriteTimeUtc(sample.Folder.At(Path));

        sample.Write(Path, Texts[0].Replace("a/b@v1", "e/x@v1", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            File.SetLastWriteTimeUtc(sample.Folder.At(Path), time);
        }

        Assert.AreEqual("e/x@v1", sample.Observe().References.Single().Raw);
    }

    [TestMethod]
    public void Another_stamp_or_path_is_not_known()
    {
        using var sample = new Sample();
        sample.Write(Path, Texts[0]);
        sample.Settle();
        sample.Observe();
        var stamp = FileStamp.Of(sample.Folder.At(Path))!.Value;
        var memory = sample.Open();

        Assert.IsNotNull(memory.Find(Path, stamp));
        Assert.IsNull(memory.Find(Path.ToUpperInvariant(), stamp));
        Assert.IsNull(memory.Find("./" + Path, stamp));
        Assert.IsNull(memory.Find(Path, stamp with { Size = stamp.Size + 1 }));
        Assert.IsNull(memory.Find(Path, stamp with { ChangeTime = stamp.ChangeTime + 1 }));
        Assert.IsNull(memory.Find(Path, stamp with { IsLink = true }));
        Assert.IsNull(memory.Find(Path, stamp with { IsDirectory = true }));
    }

    [TestMethod]
    public void A_file_that_was_just_written_is_not_remembered()
    {
        using var sample = new Sample();
        var memory = sample.Open();
        var now = DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1);
        var time = OperatingSystem.IsWindows() ? now.Ticks : (now - DateTimeOffset.UnixEpoch).Ticks * 100;
        memory.Remember(Path, new FileStamp(1, time, false, false), new WorkflowFile(Path, [], []));
        memory.Remember("old.yml", new FileStamp(1, OperatingSystem.IsWindows() ? DateTime.UnixEpoch.Ticks : 1_000_000_000, false, false), new WorkflowFile("old.yml", [], []));
        memory.Save([Path, "old.yml"]);

        Assert.IsNull(sample.Open().Find(Path, new FileStamp(1, time, false, false)));
        Assert.IsNotNull(sample.Open().Find("old.yml", new FileStamp(1, OperatingSystem.IsWindows() ? DateTime.UnixEpoch.Ticks : 1_000_000_000, false, false)));
    }

    [TestMethod]
    public void A_file_that_vanished_is_forgotten()
    {
        using var sample = new Sample();
        sample.Write(Path, Texts[0]);
        sample.Write(".github/workflows/other.yml", Texts[1]);
        sample.Settle();
        sample.Observe();
        var stamp = FileStamp.Of(sample.Folder.At(Path))!.Value;
        File.Delete(sample.Folder.At(Path));

        Assert.HasCount(1, sample.Observe().Files);
        Assert.IsNull(sample.Open().Find(Path, stamp));
    }

    [TestMethod]
    public void What_belongs_to_another_root_is_not_found()
    {
        using var sample = new Sample();
        sample.Write(Path, Texts[0]);
        sample.Settle();
        sample.Observe();
        var stamp = FileStamp.Of(sample.Folder.At(Path))!.Value;
        var theirs = new DirectoryInfo(sample.Folder.At("memory")).GetFiles().Single();
        Assert.IsNull(WorkflowMemory.Open(sample.Folder.At("memory"), "/other")!.Find(Path, stamp));

        File.Copy(theirs.FullName, sample.FileOf("/other"));

        Assert.IsNull(WorkflowMemory.Open(sample.Folder.At("memory"), "/other")!.Find(Path, stamp));
    }

    [TestMethod]
    public void Without_a_folder_there_is_no_memory() => Assert.IsNull(WorkflowMemory.Open(null, "/r"));

    [TestMethod]
    public void A_memory_that_cannot_be_read_or_written_costs_nothing_but_time()
    {
        using var sample = new Sample();
        sample.Write(Path, Texts[0]);
        sample.Settle();
        sample.Folder.File("memory");

        AssertSame(sample.Observe(), sample.Observe());

        File.Delete(sample.Folder.At("memory"));
        Directory.CreateDirectory(sample.FileOf(sample.Folder.Path));
        AssertSame(sample.Observe(), sample.Observe());
    }

    [TestMethod]
    public void A_damaged_memory_is_not_found()
    {
        using var sample = new Sample();
        sample.Write(Path, Texts[2]);
        sample.Settle();
        var expected = sample.Observe();
        var path = sample.FileOf(sample.Folder.Path);
        var good = File.ReadAllBytes(path);
        var stamp = FileStamp.Of(sample.Folder.At(Path))!.Value;
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] ^= 1;
            File.WriteAllBytes(path, bad);
            Assert.IsNull(sample.Open().Find(Path, stamp));
            File.WriteAllBytes(path, good[..i]);
            Assert.IsNull(sample.Open().Find(Path, stamp));
        }

        AssertSame(expected, sample.Observe());
    }

    [TestMethod]
    public void Whatever_stands_behind_a_right_seal_there_is_no_exception()
    {
        using var sample = new Sample();
        sample.Write(Path, Texts[2]);
        sample.Settle();
        sample.Observe();
        var path = sample.FileOf(sample.Folder.Path);
        var good = File.ReadAllBytes(path)[SHA256.HashSizeInBytes..];
        byte[][] numbers = [[0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80], [1, 0, 0, 0], [0, 0, 0, 0]];
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var number in numbers)
            {
                byte[] bad = [.. good[..i], .. number, .. good[Math.Min(good.Length, i + 4)..]];
                File.WriteAllBytes(path, [.. Seal(sample.Folder.Path, bad), .. bad]);
                _ = sample.Open();
            }
        }
    }

    [TestMethod]
    public void With_and_without_a_memory_the_same_is_found_after_any_edits()
    {
        var names = new[] { Path, ".github/workflows/b.yml", ".github/workflows/sub/c.yml", "x/action.yml", "bin/x/action.yml", ".github/workflows/action.yml" };
        var edit = Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[-1, Texts.Length - 1], Gen.Bool);
        using var sample = new Sample();
        edit.Array[1, 5].Array[1, 5].Sample(
            rounds =>
            {
                foreach (var round in rounds)
                {
                    foreach (var (name, text, asAction) in round)
                    {
                        sample.Edit(names[name], text < 0 ? null : asAction ? Texts[text].Replace("jobs:\n  a:", "runs:", StringComparison.Ordinal) : Texts[text]);
                    }

                    // So that some files are remembered and others are not.
                    if (round.Length > 2)
                    {
                        sample.Settle();
                    }

                    AssertSame(sample.Observe(withMemory: false), sample.Observe());
                    AssertSame(sample.Observe(withMemory: false), sample.Observe());
                }
            },
            iter: 15, threads: 1);
    }

    private static byte[] Seal(string root, byte[] values) =>
        SHA256.HashData([.. typeof(WorkflowMemory).Module.ModuleVersionId.ToByteArray(), .. Encoding.UTF8.GetBytes(typeof(WorkflowFile).FullName!), 0, .. Encoding.UTF8.GetBytes(root), 0, .. values]);

    private static void AssertSame(WorkflowInputs expected, WorkflowInputs found)
    {
        CollectionAssert.AreEqual(expected.Findings.ToList(), found.Findings.ToList());
        CollectionAssert.AreEqual(expected.References.ToList(), found.References.ToList());
        CollectionAssert.AreEqual(Verified(expected), Verified(found));
        foreach (var (left, right) in expected.Files.Zip(found.Files))
        {
            AssertSame(left, right);
        }

        Assert.HasCount(expected.Files.Count, found.Files);
    }

    private static void AssertSame(WorkflowFile expected, WorkflowFile found)
    {
        Assert.AreEqual(expected.Path, found.Path);
        CollectionAssert.AreEqual(expected.Uses.ToList(), found.Uses.ToList());
        CollectionAssert.AreEqual(expected.Findings.ToList(), found.Findings.ToList());
    }

    private static List<Finding> Verified(WorkflowInputs inputs) => [.. new ActionsVerifier(new ActionsSection(), new ActionsPolicy()).Verify(inputs)];

    private sealed class Sample : IDisposable
    {
        internal TemporaryFolder Folder { get; } = new();

        internal void Write(string path, string text) => Folder.File(path, text);

        internal void Edit(string path, string? text)
        {
            if (text is not null)
            {
                Write(path, text);
            }
            else if (File.Exists(Folder.At(path)))
            {
                File.Delete(Folder.At(path));
            }
        }

        internal WorkflowMemory Open() => WorkflowMemory.Open(Folder.At("memory"), Folder.Path)!;

        internal WorkflowInputs Observe(bool withMemory = true)
        {
            var paths = RepositoryFiles.Find(Folder.Path, WorkflowFile.IsWanted, path => path == "memory");
            return WorkflowInputs.Observe(Folder.Path, paths, withMemory ? Open() : null);
        }

        internal string FileOf(string root) => System.IO.Path.Combine(Folder.At("memory"), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 16)));

        /// <summary>Returns when what was written before is old enough to be remembered, by the clock that decides it.</summary>
        internal void Settle()
        {
            var probe = Folder.File("probe");
            var stamp = FileStamp.Of(probe)!.Value;
            var memory = WorkflowMemory.Open(Folder.At("probes"), Folder.Path)!;
            var file = new WorkflowFile("probe", [], []);
            while (WorkflowMemory.Open(Folder.At("probes"), Folder.Path)!.Find("probe", stamp) is null)
            {
                memory.Remember("probe", stamp, file);
                memory.Save(["probe"]);
            }

            Directory.Delete(Folder.At("probes"), recursive: true);
            File.Delete(probe);
        }

        public void Dispose() => Folder.Dispose();
    }
}
