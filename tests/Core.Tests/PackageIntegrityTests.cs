using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class PackageIntegrityTests
{
    private const string Rid = "linux-x64";

    [TestMethod]
    public void A_package_as_it_was_locked_is_right()
    {
        using var sample = new ExtractedSample();

        Assert.IsEmpty(sample.Verify());
        Assert.IsEmpty(sample.Verify(IntegrityLevel.Metadata));
    }

    [TestMethod]
    public void A_package_that_is_not_there_is_right()
    {
        using var sample = new ExtractedSample();

        Assert.IsEmpty(new PackageIntegrity(sample.Lockfile, Rid, IntegrityLevel.Full, PackageMemory.None()).Verify([sample.At("none"), sample.At("empty")], CancellationToken.None));
        Directory.Delete(sample.Package, recursive: true);
        Assert.IsEmpty(sample.Verify());
        Directory.CreateDirectory(sample.Package);
        Assert.IsEmpty(sample.Verify());
    }

    [TestMethod]
    public void What_a_package_runs_beyond_its_lock_entry_is_told()
    {
        using var sample = new ExtractedSample();
        var entry = sample.Lockfile.NuGet.Packages.Values.Single();
        Assert.Contains("build/Some.Package.targets", entry.Runs, StringComparer.OrdinalIgnoreCase);
        var hiding = sample.Lockfile with { NuGet = sample.Lockfile.NuGet with { Packages = new Dictionary<string, PackageEntry> { [entry.Key] = entry with { Runs = [] } } } };

        var finding = new PackageIntegrity(hiding, Rid, IntegrityLevel.Full, PackageMemory.None()).Verify([Path.GetDirectoryName(Path.GetDirectoryName(sample.Package))!], CancellationToken.None).Single();

        Assert.AreEqual((FindingCodes.RunsHidden, $"{entry.Name}/{entry.Version}"), (finding.Code, finding.Input));
        Assert.Contains("build/some.package.targets", finding.Message, StringComparison.OrdinalIgnoreCase);
    }

    [TestMethod]
    public void What_dotnet_tool_restore_leaves_is_right_as_long_as_the_archive_is()
    {
        using var sample = new ExtractedSample();
        var archive = sample.File("some.package.1.2.0-rc.1.nupkg");
        File.Copy(archive, sample.File("Some.Package.nupkg"));
        File.Move(sample.File("some.package.nuspec"), sample.File("Some.Package.nuspec"));
        File.WriteAllText(sample.File(".nupkg.metadata"), $$"""{ "version": 2, "contentHash": "{{LockfileSamples.Hash}}" }""");
        Assert.IsEmpty(sample.Verify());

        File.AppendAllText(sample.File("Some.Package.nupkg"), " ");
        Assert.AreEqual(FindingCodes.PackageBytesDiffer, sample.Verify().Single().Code);
        File.Delete(archive);
        Assert.IsNotEmpty(sample.Verify());
    }

    [TestMethod]
    public void A_changed_file_is_told_with_its_path_and_the_command()
    {
        using var sample = new ExtractedSample();
        File.AppendAllText(sample.File("build/some.package.targets"), " ");

        var finding = sample.Verify().Single();

        Assert.AreEqual(FindingCodes.FileChanged, finding.Code);
        Assert.AreEqual(sample.File("build/some.package.targets"), finding.Place.File);
        Assert.AreEqual($"delete {sample.Package} and run dotnet restore", finding.Command);
        Assert.IsEmpty(sample.Verify(IntegrityLevel.Metadata), "the cheap level sees only the noted hash");
    }

    [TestMethod]
    [DataRow("build/evil.targets")]
    [DataRow("evil")]
    [DataRow(".hidden/evil")]
    [DataRow("BUILD/some.package.targets")]
    [DataRow("some.package.1.2.0-rc.1.nupkg/evil")]
    [DataRow("Some.Package.1.2.0-RC.1.nupkg")]
    [DataRow("other.nupkg")]
    [DataRow("build/.nupkg.metadata")]
    public void An_added_file_is_told(string path)
    {
        using var sample = new ExtractedSample();
        if (path.Contains(".nupkg/", StringComparison.Ordinal))
        {
            File.Delete(sample.File("some.package.1.2.0-rc.1.nupkg"));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(sample.File(path))!);
        File.WriteAllText(sample.File(path), "<Project />");

        // Without an archive the list of files cannot tell which one it is.
        Assert.IsTrue(sample.Verify().Any(f => f.Code == FindingCodes.FileAdded || f.Code == FindingCodes.FileChanged || f.Code == FindingCodes.Unreadable), path);
    }

    [TestMethod]
    public void A_missing_file_is_told()
    {
        using var sample = new ExtractedSample();
        File.Delete(sample.File("lib/net10.0/a.dll"));

        var finding = sample.Verify().Single();

        Assert.AreEqual((FindingCodes.FileMissing, sample.File("lib/net10.0/a.dll")), (finding.Code, finding.Place.File));
    }

    [TestMethod]
    public void A_renamed_file_is_told_twice()
    {
        using var sample = new ExtractedSample();
        File.Move(sample.File("lib/net10.0/a.dll"), sample.File("lib/net10.0/b.dll"));

        CollectionAssert.AreEquivalent(new[] { FindingCodes.FileMissing, FindingCodes.FileAdded }, sample.Verify().Select(f => f.Code).ToArray());
    }

    [TestMethod]
    public void Links_are_told_wherever_they_lead()
    {
        using var sample = new ExtractedSample();
        var same = sample.File("lib/net10.0/a.dll");
        File.Move(same, sample.At("elsewhere"));
        File.CreateSymbolicLink(same, sample.At("elsewhere"));
        Directory.CreateSymbolicLink(sample.File("evil"), sample.At("empty"));
        File.CreateSymbolicLink(sample.File("dangling"), sample.At("nowhere"));

        var findings = sample.Verify();

        CollectionAssert.AreEquivalent(new[] { same, sample.File("evil"), sample.File("dangling") }, findings.Where(f => f.Code == FindingCodes.FileAdded).Select(f => f.Place.File).ToArray());
    }

    [TestMethod]
    public void An_archive_or_its_metadata_that_is_a_link_is_told()
    {
        using var sample = new ExtractedSample();
        foreach (var name in new[] { ".nupkg.metadata", "some.package.1.2.0-rc.1.nupkg" })
        {
            File.Move(sample.File(name), sample.At("moved"));
            File.CreateSymbolicLink(sample.File(name), sample.At("moved"));

            Assert.AreEqual((FindingCodes.FileAdded, sample.File(name)), (sample.Verify().Single().Code, sample.Verify().Single().Place.File));
            File.Delete(sample.File(name));
            File.Move(sample.At("moved"), sample.File(name));
        }
    }

    [TestMethod]
    public void A_package_that_was_exchanged_as_a_whole_is_told()
    {
        using var sample = new ExtractedSample();
        sample.Extract("another content");

        var findings = sample.Verify();

        Assert.IsTrue(findings.Any(f => f.Code == FindingCodes.PackageBytesDiffer && f.Place.File == sample.Package), "the noted hash");
        Assert.IsTrue(findings.Any(f => f.Code == FindingCodes.PackageBytesDiffer && f.Place.File == sample.File("some.package.1.2.0-rc.1.nupkg")), "the archive");
        Assert.Contains(Commands.UpdateOnly("some.package"), findings[0].Command);
        Assert.AreEqual(FindingCodes.PackageBytesDiffer, sample.Verify(IntegrityLevel.Metadata).Single().Code);
    }

    [TestMethod]
    public void Archive_and_files_that_were_exchanged_under_the_old_metadata_are_told()
    {
        using var sample = new ExtractedSample();
        var metadata = File.ReadAllText(sample.File(".nupkg.metadata"));
        sample.Extract("another content");
        File.WriteAllText(sample.File(".nupkg.metadata"), metadata);

        var finding = sample.Verify().Single();

        Assert.AreEqual((FindingCodes.PackageBytesDiffer, sample.File("some.package.1.2.0-rc.1.nupkg")), (finding.Code, finding.Place.File));
    }

    [TestMethod]
    public void Only_the_archive_exchanged_is_told_although_nothing_of_it_runs()
    {
        using var sample = new ExtractedSample();
        File.WriteAllText(sample.File("some.package.1.2.0-rc.1.nupkg"), "no zip");

        Assert.AreEqual(FindingCodes.PackageBytesDiffer, sample.Verify().Single().Code);
    }

    [TestMethod]
    public void An_archive_in_another_wrapping_with_the_same_content_is_right()
    {
        using var sample = new ExtractedSample();
        var archive = PackageArchive.Read(sample.File("some.package.1.2.0-rc.1.nupkg"), CancellationToken.None);
        // As if the locked copy had been signed: other bytes, the same content.
        sample.Lock(archive.Content with { Archive = LockfileSamples.OtherHash });

        Assert.IsEmpty(sample.Verify());
        File.AppendAllText(sample.File("lib/net10.0/a.dll"), " ");
        Assert.AreEqual(FindingCodes.FileChanged, sample.Verify().Single().Code);
    }

    [TestMethod]
    public void A_cache_without_archives_is_right_while_the_files_are()
    {
        using var sample = new ExtractedSample();
        File.Delete(sample.File("some.package.1.2.0-rc.1.nupkg"));
        Assert.IsEmpty(sample.Verify());

        File.AppendAllText(sample.File("lib/net10.0/a.dll"), " ");

        Assert.AreEqual((FindingCodes.FileChanged, sample.Package), (sample.Verify().Single().Code, sample.Verify().Single().Place.File));
    }

    [TestMethod]
    public void A_folder_without_metadata_is_told_since_NuGet_would_extract_over_it()
    {
        using var sample = new ExtractedSample();
        File.Delete(sample.File(".nupkg.metadata"));

        Assert.AreEqual(FindingCodes.FileMissing, sample.Verify(IntegrityLevel.Metadata).Single().Code);
        Assert.AreEqual(FindingCodes.FileMissing, sample.Verify().Single().Code);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("{\"contentHash\": 1}")]
    [DataRow("{\"contentHash\": null}")]
    [DataRow("{\"contentHash\": \"AA==\"}")]
    [DataRow("{\"contentHash\": \"\\u001b[2J\"}")]
    public void Metadata_that_holds_no_hash_is_told_without_its_text(string text)
    {
        using var sample = new ExtractedSample();
        File.WriteAllText(sample.File(".nupkg.metadata"), text);

        var finding = sample.Verify(IntegrityLevel.Metadata).Single();

        Assert.AreEqual(FindingCodes.PackageBytesDiffer, finding.Code);
        Assert.Contains("(unreadable)", finding.Message);
    }

    [TestMethod]
    [DataRow("<Project />")]
    [DataRow("")]
    [DataRow("AA==")]
    public void The_file_of_the_hash_beside_a_package_holds_nothing_else(string text)
    {
        // It is not of the archive, so no lock entry tells its bytes; but MSBuild would import it whatever its name.
        using var sample = new ExtractedSample();
        File.WriteAllText(sample.File("some.package.1.2.0-rc.1.nupkg.sha512"), text);

        Assert.AreEqual((FindingCodes.FileChanged, sample.File("some.package.1.2.0-rc.1.nupkg.sha512")), (sample.Verify().Single().Code, sample.Verify().Single().Place.File));
        File.WriteAllText(sample.File("some.package.1.2.0-rc.1.nupkg.sha512"), new string('A', 2000));
        Assert.AreEqual(FindingCodes.FileChanged, sample.Verify().Single().Code);
    }

    [TestMethod]
    public void A_file_that_cannot_be_read_is_told()
    {
        using var sample = new ExtractedSample();
        File.Delete(sample.File(".nupkg.metadata"));
        Directory.CreateDirectory(sample.File(".nupkg.metadata"));

        Assert.IsTrue(sample.Verify(IntegrityLevel.Metadata).Any(f => f.Code == FindingCodes.Unreadable));
        Assert.IsTrue(sample.Verify().Any(f => f.Code == FindingCodes.Unreadable));
    }

    [TestMethod]
    public void A_lockfile_that_locks_a_malformed_archive_is_told()
    {
        using var sample = new ExtractedSample();
        var path = sample.File("some.package.1.2.0-rc.1.nupkg");
        var content = PackageArchive.Read(path, CancellationToken.None).Content;
        File.WriteAllText(path, "no zip");
        sample.Lock(content with { Archive = Convert.ToBase64String(PackageFileDigest.HashFile(path)), Files = LockfileSamples.OtherHash });

        Assert.AreEqual(FindingCodes.Unreadable, sample.Verify().Single().Code);
    }

    [TestMethod]
    public void Another_sdk_runtime_identifier_may_have_other_hashes()
    {
        using var sample = new ExtractedSample();
        var right = sample.Lockfile.NuGet.Packages.Values.Single();
        var wrong = new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash);
        sample.Lock(wrong, new Dictionary<string, PackageContent> { [Rid] = right.Content });
        Assert.IsEmpty(sample.Verify());

        sample.Lock(right.Content, new Dictionary<string, PackageContent> { [Rid] = wrong });
        Assert.IsNotEmpty(sample.Verify());
    }

    [TestMethod]
    public void Each_folder_is_verified()
    {
        using var sample = new ExtractedSample();
        PackageSamples.Extract(sample.Archive, sample.At("second"));
        File.AppendAllText(sample.At("second/some.package/1.2.0-rc.1/lib/net10.0/a.dll"), " ");

        var findings = new PackageIntegrity(sample.Lockfile, Rid, IntegrityLevel.Full, PackageMemory.None()).Verify([sample.Packages, sample.At("second"), sample.At("second")], CancellationToken.None);

        Assert.AreEqual(sample.At("second/some.package/1.2.0-rc.1/lib/net10.0/a.dll"), findings.Single().Place.File);
    }

    [TestMethod]
    public void What_was_right_is_remembered_until_something_changes()
    {
        using var sample = new ExtractedSample();
        var memory = sample.Memory();
        Assert.AreEqual(FindingCodes.NotVerifiedYet, sample.Verify(IntegrityLevel.Remembered, memory).Single().Code);
        Assert.IsEmpty(sample.Verify(IntegrityLevel.Full, memory));
        memory.Save();
        Assert.IsEmpty(sample.Verify(IntegrityLevel.Remembered, sample.Memory()));
        Assert.IsEmpty(sample.Verify(IntegrityLevel.Full, sample.Memory()));

        sample.WaitForAnotherTick();
        var text = File.ReadAllText(sample.File("lib/net10.0/a.dll"));
        var time = File.GetLastWriteTimeUtc(sample.File("lib/net10.0/a.dll"));
        File.WriteAllText(sample.File("lib/net10.0/a.dll"), new string('x', text.Length));
        File.SetLastWriteTimeUtc(sample.File("lib/net10.0/a.dll"), time);

        var finding = sample.Verify(IntegrityLevel.Remembered, sample.Memory()).Single();
        Assert.AreEqual((FindingCodes.NotVerifiedYet, "dotnet build"), (finding.Code, finding.Command));
        Assert.AreEqual(FindingCodes.FileChanged, sample.Verify(IntegrityLevel.Full, sample.Memory()).Single().Code);
    }

    [TestMethod]
    public void What_was_wrong_is_not_remembered()
    {
        using var sample = new ExtractedSample();
        File.WriteAllText(sample.File("evil"), "");
        var memory = sample.Memory();
        Assert.IsNotEmpty(sample.Verify(IntegrityLevel.Full, memory));
        memory.Save();

        Assert.IsNotEmpty(sample.Verify(IntegrityLevel.Remembered, sample.Memory()));
        Assert.IsNotEmpty(sample.Verify(IntegrityLevel.Full, sample.Memory()));
    }

    [TestMethod]
    public void What_was_remembered_does_not_count_for_another_lockfile()
    {
        using var sample = new ExtractedSample();
        var memory = sample.Memory();
        Assert.IsEmpty(sample.Verify(IntegrityLevel.Full, memory));
        memory.Save();
        sample.Lock(sample.Lockfile.NuGet.Packages.Values.Single().Content with { Content = LockfileSamples.OtherHash });

        Assert.AreEqual(FindingCodes.NotVerifiedYet, sample.Verify(IntegrityLevel.Remembered, sample.Memory()).Single().Code);
        Assert.IsNotEmpty(sample.Verify(IntegrityLevel.Full, sample.Memory()));
    }

    [TestMethod]
    public void The_metadata_level_remembers_nothing()
    {
        using var sample = new ExtractedSample();
        var memory = sample.Memory();
        sample.Verify(IntegrityLevel.Metadata, memory);
        memory.Save();

        Assert.AreEqual(FindingCodes.NotVerifiedYet, sample.Verify(IntegrityLevel.Remembered, sample.Memory()).Single().Code);
    }

    [TestMethod]
    public void Cancelling_ends_the_verification()
    {
        using var sample = new ExtractedSample();

        Assert.ThrowsExactly<OperationCanceledException>(() =>
            new PackageIntegrity(sample.Lockfile, Rid, IntegrityLevel.Full, PackageMemory.None()).Verify([sample.Packages], new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void Cancelling_ends_the_wait_for_another_restore()
    {
        using var sample = new ExtractedSample();
        using var source = new CancellationTokenSource();
        File.Delete(sample.File(".nupkg.metadata"));

        var verification = Task.Run(() => new PackageIntegrity(sample.Lockfile, Rid, IntegrityLevel.Full, PackageMemory.None()).Verify([sample.Packages], source.Token));
        source.Cancel();

        Assert.ThrowsExactly<OperationCanceledException>(() => verification.GetAwaiter().GetResult());
    }

    // A package that NuGet itself extracted, and its lock entry.
    private sealed class ExtractedSample : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public ExtractedSample()
        {
            Archive = PackageSamples.Archive(folder.At("a.nupkg"), Entries("content"));
            Package = PackageSamples.Extract(Archive, Packages);
            folder.Folder("empty");
            Lock(PackageArchive.Read(Archive, CancellationToken.None).Content);
        }

        public string Archive { get; }

        public string Packages => folder.At("packages");

        public string Package { get; }

        public Lockfile Lockfile { get; private set; } = Lockfile.Empty;

        public void Dispose() => folder.Dispose();

        public string At(string path) => folder.At(path);

        public string File(string path) => Path.Combine(Package, path);

        public PackageMemory Memory() => PackageMemory.Open(At("memory"));

        public void WaitForAnotherTick() => folder.WaitForAnotherTick();

        public void Lock(PackageContent content, IReadOnlyDictionary<string, PackageContent>? variants = null)
        {
            var entry = new PackageEntry("Some.Package", "1.2.0-RC.1", content) { Runs = ["build/some.package.targets"], Variants = variants ?? new Dictionary<string, PackageContent>() };
            Lockfile = new Lockfile { NuGet = new NuGetSection { Packages = new Dictionary<string, PackageEntry> { [entry.Key] = entry } } };
        }

        public void Extract(string content)
        {
            Directory.Delete(Package, recursive: true);
            PackageSamples.Extract(PackageSamples.Archive(folder.At("b.nupkg"), Entries(content)), Packages);
        }

        public IReadOnlyList<Finding> Verify(IntegrityLevel level = IntegrityLevel.Full, PackageMemory? memory = null) =>
            new PackageIntegrity(Lockfile, Rid, level, memory ?? PackageMemory.None()).Verify([Packages], CancellationToken.None);

        private static (string, string)[] Entries(string content) =>
            [("Some.Package.nuspec", PackageSamples.Nuspec), ("build/some.package.targets", "<Project />"), ("lib/net10.0/a.dll", content)];
    }
}
