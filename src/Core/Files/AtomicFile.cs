namespace Hardening.Files;

/// <summary>Whole-file reads with a limit, and writes after which either the old file or the new one is there.</summary>
public static class AtomicFile
{
    /// <summary>Writes through a temporary file in the same folder and renames it over the target, whose permissions it takes. Creates the folder.</summary>
    /// <exception cref="IOException">The file could not be written; the old one is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted; the old file is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? throw new IOException($"{path} is not the path of a file.");
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(path))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>As <see cref="Write"/>, but leaves a file alone that already has the content, so that its time stays. True if it wrote.</summary>
    public static bool WriteIfChanged(string path, ReadOnlySpan<byte> content)
    {
        if (File.Exists(path) && new FileInfo(path).Length == content.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            return false;
        }

        Write(path, content);
        return true;
    }

    /// <summary>Reads a file that may not be larger than a limit.</summary>
    /// <exception cref="IOException">Not readable, not a file, or larger than <paramref name="limit"/> bytes.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static byte[] ReadAtMost(string path, int limit)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        if (!stream.CanSeek)
        {
            // A link to a terminal or pipe has no length and may never end.
            throw new IOException($"{path} is not a file.");
        }

        var length = stream.Length;
        if (length > limit)
        {
            throw new IOException($"{path} is larger than {limit} bytes.");
        }

        var content = new byte[length];
        var read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return read == content.Length ? content : content[..read];
    }
}
