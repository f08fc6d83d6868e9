using System.Runtime.InteropServices;
using System.Text;
using Hardening.Files;

namespace Hardening.Tests;

/// <summary>A folder of its own for one test, deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hardening-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>The full path of a path below, written with <c>/</c>.</summary>
    public string At(string relative) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, relative));

    /// <summary>Creates a folder with those around it.</summary>
    public string Folder(string relative) => Directory.CreateDirectory(At(relative)).FullName;

    /// <summary>Writes a file and creates the folders around it.</summary>
    public string File(string relative, string content = "") => File(relative, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes a file and creates the folders around it.</summary>
    public string File(string relative, byte[] content)
    {
        var path = At(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Returns when the file system gives a later change time than it gave before, however coarse its clock is.</summary>
    public void WaitForAnotherTick()
    {
        var probe = File("probe");
        var first = FileStamp.Of(probe)!.Value.ChangeTime;
        while (FileStamp.Of(File("probe"))!.Value.ChangeTime == first)
        {
        }

        System.IO.File.Delete(probe);
    }
}

/// <summary>What only the operating system can make, by names that need not be text.</summary>
internal static class Posix
{
    public static void MakePipe(string path) => Assert.AreEqual(0, mkfifo(Bytes(path), 0x1A4), "mkfifo");

    /// <summary>Renames the last segment of a path to <c>x</c> and a byte that is no UTF-8, until disposed.</summary>
    public static IDisposable RenamedToNoText(string path)
    {
        var to = Bytes(Path.Combine(Path.GetDirectoryName(path)!, "x?"));
        to[^2] = 0xFF;
        Assert.AreEqual(0, rename(Bytes(path), to), "rename");
        return new Renamed(to, Bytes(path));
    }

    // .NET can delete no file of such a name.
    private sealed class Renamed(byte[] now, byte[] before) : IDisposable
    {
        public void Dispose() => _ = rename(now, before);
    }

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc")]
    private static extern int mkfifo(byte[] path, uint mode);

    [DllImport("libc")]
    private static extern int rename(byte[] from, byte[] to);
}
