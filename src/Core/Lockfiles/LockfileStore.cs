using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Lockfiles;

/// <summary>A lockfile as it lies in a repository.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Lockfile">Its content; null if there is a finding.</param>
/// <param name="Digest">SHA-256 over its bytes, lower-case hexadecimal; empty if there is none.</param>
/// <param name="Finding">Why there is no content, or null.</param>
public sealed record StoredLockfile(string Path, Lockfile? Lockfile, string Digest, Finding? Finding);

/// <summary>Loads and saves the lockfile of a repository.</summary>
public static class LockfileStore
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, (FileStamp Stamp, StoredLockfile Stored)> Cache = new(StringComparer.Ordinal);

    /// <summary>Loads the lockfile below a root. Parsed once per process and content.</summary>
    public static StoredLockfile Load(string root)
    {
        var path = System.IO.Path.Combine(root, Lockfile.FileName);
        try
        {
            if (FileStamp.Of(path) is not { } stamp)
            {
                return new StoredLockfile(path, null, string.Empty, new Finding(FindingCodes.LockfileMissing, $"{Lockfile.FileName} is not in {root}.", new SourcePlace(path), Commands.Update));
            }

            if (stamp.IsLink)
            {
                return new StoredLockfile(path, null, string.Empty, new Finding(FindingCodes.LockfileDamaged, "The lockfile is a symbolic link, so whoever owns its target would own the baseline.", new SourcePlace(path), "replace the link by the file"));
            }

            if (FileStamp.IsTrustworthy && Cache.TryGetValue(path, out var known) && known.Stamp == stamp)
            {
                return known.Stored;
            }

            var bytes = AtomicFile.ReadAtMost(path, LockfileReader.LargestFile);
            var stored = new StoredLockfile(path, LockfileReader.Read(bytes, path, out var finding), Convert.ToHexStringLower(SHA256.HashData(bytes)), finding);
            Cache[path] = (stamp, stored);
            return stored;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StoredLockfile(path, null, string.Empty, new Finding(FindingCodes.Unreadable, $"The lockfile could not be read: {e.Message}", new SourcePlace(path)));
        }
    }

    /// <summary>
    /// Loads what an update starts from. It mends every damage, so a damaged lockfile is an empty one, and of one with conflict
    /// markers both sides count; only one of a newer version is left alone.
    /// </summary>
    /// <param name="root">The repository root.</param>
    /// <param name="digest">The digest of the file's bytes, to hand to <see cref="Save"/>; empty if there is no file.</param>
    /// <param name="notice">What was wrong with it; null if nothing. An error must not be overwritten.</param>
    public static Lockfile LoadForUpdate(string root, out string digest, out Finding? notice)
    {
        var stored = Load(root);
        digest = stored.Digest;
        notice = stored.Finding;
        if (stored.Lockfile is { } lockfile)
        {
            return lockfile;
        }

        if (notice!.Code == FindingCodes.LockfileConflict)
        {
            var (ours, theirs) = ConflictMarkers.Split(Encoding.UTF8.GetString(AtomicFile.ReadAtMost(stored.Path, LockfileReader.LargestFile)));
            var left = LockfileReader.Read(Encoding.UTF8.GetBytes(ours), stored.Path, out _);
            var right = LockfileReader.Read(Encoding.UTF8.GetBytes(theirs), stored.Path, out _);
            notice = notice with { SeverityOverride = Severity.Message };
            return LockfileMerge.Merge(left ?? Lockfile.Empty, right ?? Lockfile.Empty);
        }

        if (notice.Code == FindingCodes.LockfileMissing || notice.Code == FindingCodes.LockfileDamaged)
        {
            notice = notice with { SeverityOverride = notice.Code == FindingCodes.LockfileMissing ? Severity.Message : Severity.Warning };
        }

        return Lockfile.Empty;
    }

    /// <summary>Writes the lockfile if its bytes change, atomically and while no other process writes it.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="lockfile">The content.</param>
    /// <param name="digest">The digest that <see cref="LoadForUpdate"/> gave.</param>
    /// <param name="written">Whether the file was written.</param>
    /// <returns>A finding if it could not be written; the old file is untouched then.</returns>
    public static Finding? Save(string root, Lockfile lockfile, string digest, out bool written)
    {
        written = false;
        var path = System.IO.Path.Combine(root, Lockfile.FileName);
        try
        {
            using var gate = Enter(root);
            // A link is no lockfile, see Load: it is replaced, and what it leads to is left alone.
            var stamp = FileStamp.Of(path);
            var before = stamp is null or { IsLink: true } ? string.Empty : Convert.ToHexStringLower(SHA256.HashData(AtomicFile.ReadAtMost(path, LockfileReader.LargestFile)));
            if (before != digest)
            {
                return new Finding(FindingCodes.LockfileBusy, "The lockfile was changed while the update ran.", new SourcePlace(path), Commands.Update);
            }

            var bytes = LockfileWriter.Write(lockfile);
            if (LockfileReader.Read(bytes, path, out var refused) is null)
            {
                // Names of files and folders are what people make of them. The next build would not read it.
                return new Finding(FindingCodes.UpdateIncomplete, $"What was found cannot be kept in a lockfile. {refused!.Message}", new SourcePlace(path), $"rename what it names, or exclude it in {Policies.Policy.FileName}");
            }

            if (stamp is { IsLink: true })
            {
                File.Delete(path);
            }

            written = AtomicFile.WriteIfChanged(path, bytes);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding(FindingCodes.LockfileBusy, $"The lockfile could not be written: {e.Message}", new SourcePlace(path), Commands.Update);
        }
    }

    // A lock file beside the lockfile would be in the way of git; the temporary folder is the same for all processes of a user.
    // It stays there: one that is deleted can be held by a process that opened it just before, while the next creates another.
    private static FileStream Enter(string root)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 16));
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hardening-{Environment.UserName}-{name}.lock");
        for (var started = Environment.TickCount64; ; Thread.Sleep(50))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException) when (Environment.TickCount64 - started < LongestWait.TotalMilliseconds)
            {
                // Another update is writing.
            }
        }
    }
}
