using System.Runtime.InteropServices;

namespace Hardening.Files;

/// <summary>What the file system says of a file without reading it: enough to see that it was written since, short of a changed clock.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ChangeTime">On Unix the inode change time in nanoseconds, which no program sets; on Windows the last write time in ticks.</param>
/// <param name="IsLink">Whether it is a symbolic link or anything else that is neither a file nor a directory: a pipe, socket or device (on Windows, any reparse point).</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
public readonly partial record struct FileStamp(long Size, long ChangeTime, bool IsLink, bool IsDirectory)
{
    private const int TypeMask = 0xF000;
    private const int Directory = 0x4000;
    private const int RegularFile = 0x8000;
    private const int NoSuchEntry = 2;
    private const int NotADirectory = 20;

    private static readonly bool Native = !OperatingSystem.IsWindows() && NativeAgrees();

    /// <summary>Whether <see cref="ChangeTime"/> is one that a program cannot set back. Without it nothing is remembered between builds.</summary>
    public static bool IsTrustworthy => Native || OperatingSystem.IsWindows();

    /// <summary>Reads the stamp of the path itself, not of what a link leads to; null if nothing is there.</summary>
    /// <exception cref="IOException">The file system did not answer.</exception>
    public static FileStamp? Of(string path)
    {
        if (Native)
        {
            if (LStat(path, out var status) == 0)
            {
                var type = status.Mode & TypeMask;
                return new FileStamp(status.Size, unchecked((status.ChangeTime * 1_000_000_000) + status.ChangeTimeNanoseconds), type is not (RegularFile or Directory), type == Directory);
            }

            return Marshal.GetLastPInvokeError() is var error and not (NoSuchEntry or NotADirectory)
                ? throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}")
                : null;
        }

        var info = new FileInfo(path);
        var attributes = info.Attributes;
        return attributes == (FileAttributes)(-1)
            ? null
            : new FileStamp(
                (attributes & FileAttributes.Directory) == 0 ? info.Length : 0,
                info.LastWriteTimeUtc.Ticks,
                (attributes & FileAttributes.ReparsePoint) != 0,
                (attributes & FileAttributes.Directory) != 0);
    }

    // .NET has no public API for the change time. The runtime's own shim has one; should its layout ever move, this
    // comparison against public API fails and stamps fall back to being of no use for memory.
    private static bool NativeAgrees()
    {
        try
        {
            var file = typeof(FileStamp).Assembly.Location;
            var info = new FileInfo(file);
            return file.Length > 0
                && LStat(file, out var status) == 0
                && status.Size == info.Length
                && (status.Mode & TypeMask) == RegularFile
                && DateTimeOffset.FromUnixTimeSeconds(status.ModifyTime).UtcDateTime == Truncate(info.LastWriteTimeUtc)
                && status.ChangeTimeNanoseconds is >= 0 and < 1_000_000_000
                && status.ChangeTime > 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static DateTime Truncate(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_LStat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LStat(string path, out FileStatus status);

    [StructLayout(LayoutKind.Sequential)]
    private struct FileStatus
    {
        internal int Flags;
        internal int Mode;
        internal uint UserId;
        internal uint GroupId;
        internal long Size;
        internal long AccessTime;
        internal long AccessTimeNanoseconds;
        internal long ModifyTime;
        internal long ModifyTimeNanoseconds;
        internal long ChangeTime;
        internal long ChangeTimeNanoseconds;
        internal long BirthTime;
        internal long BirthTimeNanoseconds;
        internal long Device;
        internal long SpecialDevice;
        internal long Inode;
        internal uint UserFlags;
        internal long Reserved1;
        internal long Reserved2;
    }
}
