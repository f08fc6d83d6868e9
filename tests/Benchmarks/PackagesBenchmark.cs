using System.Security.Cryptography;
using Hardening.Ecosystems.NuGet;
using Hardening.Lockfiles;

namespace Hardening.Benchmarks;

/// <summary>Verifies a synthetic packages folder: seven files a package, three of them NuGet's own, about 60 kB.</summary>
internal static class PackagesBenchmark
{
    internal static void Run(int count)
    {
        var root = Directory.CreateTempSubdirectory("hrd-bench-").FullName;
        try
        {
            Console.WriteLine($"Making {count} packages …");
            var lockfile = Make(Path.Combine(root, "packages"), count);
            Verify(root, lockfile);
            Memory(root, lockfile, count);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Verify(string root, Lockfile lockfile)
    {
        var folder = Path.Combine(root, "packages");
        var memoryPath = Path.Combine(root, "memory");
        var filled = PackageMemory.Open(memoryPath);
        Check(lockfile, folder, IntegrityLevel.Full, filled);
        filled.Save();
        var none = PackageMemory.None();
        Measure.Table($"{lockfile.NuGet.Packages.Count} packages, where nothing changed", 7,
            ("find -printf", () => Measure.Process(folder, "find", ".", "-type", "f", "-printf", "%p %s %C@\\n")),
            ("every file, with memory", () => Measure.Time(() => Check(lockfile, folder, IntegrityLevel.Full, PackageMemory.Open(memoryPath)))),
            ("metadata", () => Measure.Time(() => Check(lockfile, folder, IntegrityLevel.Metadata, none))));
        Measure.Table("every file, without memory", 3,
            ("sha512sum on one core", () => Measure.Process(folder, "sh", "-c", "find . -type f -print0 | xargs -0 sha512sum")),
            ("every file, no memory", () => Measure.Time(() => Check(lockfile, folder, IntegrityLevel.Full, none))));
        var bytes = LockfileWriter.Write(lockfile);
        Measure.Table($"the lockfile, {bytes.Length / 1024} KiB", 7,
            ("read", () => Measure.Time(() => LockfileReader.Read(bytes, "x", out _))),
            ("write", () => Measure.Time(() => LockfileWriter.Write(lockfile))));
    }

    private static void Memory(string root, Lockfile lockfile, int count)
    {
        Console.WriteLine();
        Console.WriteLine("Allocated by a check of every file with memory");
        foreach (var part in new[] { count / 4, count / 2, count })
        {
            var some = lockfile with { NuGet = lockfile.NuGet with { Packages = lockfile.NuGet.Packages.Take(part).ToDictionary() } };
            GC.Collect();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Check(some, Path.Combine(root, "packages"), IntegrityLevel.Full, PackageMemory.Open(Path.Combine(root, "memory")));
            Console.WriteLine($"{part,8} packages {(GC.GetTotalAllocatedBytes(precise: true) - before) / 1024.0 / 1024,8:F1} MiB");
        }
    }

    private static void Check(Lockfile lockfile, string folder, IntegrityLevel level, PackageMemory memory)
    {
        var findings = new PackageIntegrity(lockfile, "linux-x64", level, memory).Verify([folder], CancellationToken.None);
        if (findings.Count > 0)
        {
            throw new InvalidOperationException(findings[0].Message);
        }
    }

    private static Lockfile Make(string folder, int count)
    {
        var random = new Random(1);
        var packages = new Dictionary<string, PackageEntry>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var id = $"synthetic.package{i:D5}";
            var package = PackageFolder.Of(folder, $"{id}/1.0.0");
            Directory.CreateDirectory(Path.Combine(package.Path, "lib", "net10.0"));
            var files = new List<PackageFileHash>();
            foreach (var (name, size) in new[] { ($"{id}.nuspec", 600), ($"lib/net10.0/{id}.dll", 24_000), ($"lib/net10.0/{id}.xml", 12_000), ("README.md", 3_000) })
            {
                files.Add(new PackageFileHash(name, Convert.ToHexStringLower(Write(Path.Combine(package.Path, name), size, random))));
            }

            var archive = Convert.ToBase64String(Write(package.ArchivePath, 20_000, random));
            File.WriteAllText(package.ArchivePath + ".sha512", archive);
            File.WriteAllText(package.MetadataPath, $$"""{ "version": 2, "contentHash": "{{archive}}", "source": "x" }""");
            packages[$"{id}/1.0.0"] = new PackageEntry(id, "1.0.0", new PackageContent(archive, archive, PackageFileDigest.Of(files)));
        }

        return new Lockfile { NuGet = new NuGetSection { Packages = packages } };
    }

    private static byte[] Write(string path, int size, Random random)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        return SHA512.HashData(bytes);
    }
}
