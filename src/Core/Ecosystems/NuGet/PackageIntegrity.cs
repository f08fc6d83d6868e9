using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>How much of an extracted package is compared with the lockfile.</summary>
public enum IntegrityLevel
{
    /// <summary>Every file: none changed, none added, none missing.</summary>
    Full,

    /// <summary>Only the content hash that NuGet noted when it extracted the package. Sees no change made afterwards.</summary>
    Metadata,

    /// <summary>What is remembered as right, without reading anything: for design-time builds.</summary>
    Remembered,
}

/// <summary>Compares extracted packages with the lockfile; never with a neighbouring file that whoever changed the package could change too.</summary>
public sealed class PackageIntegrity(Lockfile lockfile, string sdkRuntimeIdentifier, IntegrityLevel level, PackageMemory memory)
{
    private const int LargestMetadata = 1024 * 1024;
    private const int LargestHash = 1024;
    private const int ExtractionPolls = 20;
    private static readonly TimeSpan ExtractionPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Verifies every locked package that lies in one of the folders.</summary>
    /// <param name="packageFolders">Folders in which NuGet keeps packages as <c>id/version</c>; full paths. One that is not there holds nothing.</param>
    /// <param name="cancellation">Stops between files.</param>
    public IReadOnlyList<Finding> Verify(IEnumerable<string> packageFolders, CancellationToken cancellation)
    {
        var work = packageFolders.Where(Directory.Exists).Distinct(PathRules.Here.Comparer)
            .SelectMany(folder => lockfile.NuGet.Packages.Values.Select(entry => (Entry: entry, Folder: PackageFolder.Of(folder, entry.Key))))
            .ToList();
        var findings = new List<Finding>[work.Count];
        Parallel.For(0, work.Count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            findings[i] = [];
            Verify(work[i].Entry, work[i].Folder, findings[i], cancellation);
        });
        foreach (var (i, found) in findings.Index())
        {
            findings[i] = found.ConvertAll(f => f with { Input = $"{work[i].Entry.Name}/{work[i].Entry.Version}" });
        }

        return Finding.Sorted(findings.SelectMany(f => f));
    }

    private void Verify(PackageEntry entry, PackageFolder folder, List<Finding> findings, CancellationToken cancellation)
    {
        try
        {
            if (!IsThere(folder, cancellation))
            {
                return;
            }

            var content = entry.ContentFor(sdkRuntimeIdentifier);
            if (level == IntegrityLevel.Metadata && !lockfile.NuGet.Tools.ContainsKey(folder.Id))
            {
                VerifyMetadata(entry, folder, content, findings);
                return;
            }

            var files = folder.List();
            var fingerprint = PackageFolder.Fingerprint(files);
            if (memory.Knows(folder.Path, content, fingerprint))
            {
                return;
            }

            if (level == IntegrityLevel.Remembered)
            {
                findings.Add(Found(FindingCodes.NotVerifiedYet, $"{Shown(entry)} is not remembered as verified: it never was here, or was changed since.", folder.Path) with { Command = "dotnet build" });
                return;
            }

            VerifyFiles(entry, folder, content, files, findings, cancellation);
            if (findings.Count == 0)
            {
                memory.Remember(folder.Path, content, fingerprint);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            findings.Add(Found(FindingCodes.Unreadable, $"{Shown(entry)} could not be read: {e.Message}", folder.Path));
        }
    }

    // NuGet writes the metadata last and takes a package without it for not installed, but it extracts over what lies there: a planted file would stay.
    private static bool IsThere(PackageFolder folder, CancellationToken cancellation)
    {
        for (var attempt = 0; FileStamp.Of(folder.MetadataPath) is null; attempt++)
        {
            if (!Directory.Exists(folder.Path) || !Directory.EnumerateFileSystemEntries(folder.Path).Any())
            {
                return false;
            }

            if (attempt == ExtractionPolls)
            {
                return true;
            }

            // Another restore may be extracting it right now.
            cancellation.WaitHandle.WaitOne(ExtractionPoll);
            cancellation.ThrowIfCancellationRequested();
        }

        return true;
    }

    private static void VerifyMetadata(PackageEntry entry, PackageFolder folder, PackageContent content, List<Finding> findings)
    {
        if (FileStamp.Of(folder.MetadataPath) is null)
        {
            findings.Add(Found(FindingCodes.FileMissing, $"{Shown(entry)} lacks .nupkg.metadata, which NuGet writes when it has extracted a package.", folder.MetadataPath) with { Command = Restore(folder) });
            return;
        }

        var found = NotedContentHash(folder.MetadataPath);
        if (found != content.Content)
        {
            findings.Add(Found(FindingCodes.PackageBytesDiffer, $"{Shown(entry)} has the content hash {found ?? "(unreadable)"}, but the lockfile has {content.Content}.", folder.Path) with { Command = RestoreOrAccept(folder) });
        }
    }

    private static void VerifyFiles(PackageEntry entry, PackageFolder folder, PackageContent content, List<(string Path, FileStamp Stamp)> files, List<Finding> findings, CancellationToken cancellation)
    {
        // For an unsigned tool, dotnet tool restore notes a hash that is none of the package. There the archive has to speak for itself.
        if (!files.Exists(f => IsToolCopy(folder, f.Path)) || FileStamp.Of(folder.ArchivePath) is null)
        {
            VerifyMetadata(entry, folder, content, findings);
        }

        var hashes = new List<PackageFileHash>(files.Count);
        foreach (var (path, stamp) in files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (stamp.IsLink)
            {
                findings.Add(Found(FindingCodes.FileAdded, $"{Shown(entry)} holds {path}, which is no regular file; NuGet extracts no links.", Path.Combine(folder.Path, path)) with { Command = Restore(folder) });
            }
            else if (path == $"{folder.Id}.{folder.Version}.nupkg.sha512")
            {
                if (stamp.Size > LargestHash || !IsHash(Encoding.UTF8.GetString(AtomicFile.ReadAtMost(Path.Combine(folder.Path, path), LargestHash))))
                {
                    findings.Add(Found(FindingCodes.FileChanged, $"{Shown(entry)}: {path} holds no hash; NuGet writes nothing else there.", Path.Combine(folder.Path, path)) with { Command = Restore(folder) });
                }
            }
            else if (IsToolCopy(folder, path))
            {
                VerifyArchive(entry, Path.Combine(folder.Path, path), folder, content, findings, cancellation);
            }
            else if (!folder.IsWrittenByNuGet(path))
            {
                // dotnet tool restore leaves the case of the nuspec's name as it is in the archive; NuGet does not.
                var name = path.Equals($"{folder.Id}.nuspec", StringComparison.OrdinalIgnoreCase) ? $"{folder.Id}.nuspec" : path;
                hashes.Add(new PackageFileHash(name, Convert.ToHexStringLower(PackageFileDigest.HashFile(Path.Combine(folder.Path, path)))));
            }
        }

        var filesRight = PackageFileDigest.Of(hashes) == content.Files;
        if (filesRight)
        {
            VerifyRuns(entry, folder, hashes, findings);
        }

        if (!VerifyArchive(entry, folder.ArchivePath, folder, content, findings, cancellation) || filesRight || findings.Count > 0)
        {
            if (!filesRight && findings.Count == 0)
            {
                findings.Add(Found(FindingCodes.FileChanged, $"The files of {Shown(entry)} are not those that were locked.", folder.Path) with { Command = Restore(folder) });
            }

            return;
        }

        // The archive is the locked one, so its list tells which files differ.
        var locked = PackageArchive.Read(folder.ArchivePath, cancellation).Files.ToDictionary(f => f.Path, f => f.Sha512, StringComparer.Ordinal);
        foreach (var file in hashes)
        {
            var place = Path.Combine(folder.Path, file.Path);
            if (!locked.Remove(file.Path, out var expected))
            {
                findings.Add(Found(FindingCodes.FileAdded, $"{Shown(entry)} holds {file.Path}, which is not in the locked package.", place) with { Command = Restore(folder) });
            }
            else if (expected != file.Sha512)
            {
                findings.Add(Found(FindingCodes.FileChanged, $"{Shown(entry)}: {file.Path} was changed. Found SHA-512 {file.Sha512[..16]}…, locked is {expected[..16]}….", place) with { Command = Restore(folder) });
            }
        }

        findings.AddRange(locked.Keys.Select(missing =>
            Found(FindingCodes.FileMissing, $"{Shown(entry)} lacks {missing}, which is in the locked package.", Path.Combine(folder.Path, missing)) with { Command = Restore(folder) }));
    }

    // A review of the lockfile goes by this list, and whoever writes the lockfile can shorten it.
    private static void VerifyRuns(PackageEntry entry, PackageFolder folder, List<PackageFileHash> files, List<Finding> findings)
    {
        var hidden = PackageRuns.Of(files.Select(f => f.Path)).Except(entry.Runs, StringComparer.Ordinal).ToList();
        if (hidden.Count > 0)
        {
            findings.Add(Found(FindingCodes.RunsHidden, $"{Shown(entry)} runs {string.Join(", ", hidden)} in the build, which \"runs\" in its lock entry does not list.", folder.Path) with { Command = Commands.Update });
        }
    }

    // What dotnet tool restore leaves beside the files: the archive once more. NuGet extracts no file of such a name.
    private static bool IsToolCopy(PackageFolder folder, string path) => path.Equals($"{folder.Id}.nupkg", StringComparison.OrdinalIgnoreCase);

    // True if the archive beside the files is, byte for byte or by NuGet's content hash, the locked one; false with or without a finding if not.
    private static bool VerifyArchive(PackageEntry entry, string path, PackageFolder folder, PackageContent content, List<Finding> findings, CancellationToken cancellation)
    {
        if (FileStamp.Of(path) is null)
        {
            // Some caches keep only the extracted files. Nothing of the archive runs in a build.
            return false;
        }

        if (Convert.ToBase64String(PackageFileDigest.HashFile(path)) == content.Archive)
        {
            return true;
        }

        // Another signature makes another archive of the same content.
        string found;
        try
        {
            found = PackageArchive.Read(path, cancellation).Content.Content;
        }
        catch (InvalidDataException e)
        {
            found = e.Message;
        }

        if (found == content.Content)
        {
            return true;
        }

        findings.Add(Found(FindingCodes.PackageBytesDiffer, $"The archive of {Shown(entry)} has the content hash {found}, but the lockfile has {content.Content}.", path) with { Command = RestoreOrAccept(folder) });
        return false;
    }

    private static string? NotedContentHash(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(AtomicFile.ReadAtMost(path, LargestMetadata));
            var hash = document.RootElement.GetProperty("contentHash").GetString();
            return IsHash(hash) ? hash : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsHash(string? text) => Base64.IsValid(text, out var length) && length == SHA512.HashSizeInBytes;

    private static Finding Found(FindingCode code, string message, string place) => new(code, message, new SourcePlace(place));

    private static string Shown(PackageEntry entry) => $"{entry.Name} {entry.Version}";

    private static string Restore(PackageFolder folder) => $"delete {folder.Path} and run dotnet restore";

    // Other bytes may have been published on purpose, as private feeds permit.
    private static string RestoreOrAccept(PackageFolder folder) => $"{Restore(folder)}; if the new content is meant: delete it and run {Commands.UpdateOnly(folder.Id)}";
}
