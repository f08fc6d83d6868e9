using Hardening.Files;
using Hardening.Inputs;

namespace Hardening.Formats;

/// <summary>Carries edits out on files of a repository, and only on them: never through a symbolic link, and only if the text is still the one that was read.</summary>
public static class FileEdits
{
    /// <summary>Edits a file. A crash leaves the old file or the new one.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="file">Full path.</param>
    /// <param name="edits">The edits of this file.</param>
    /// <param name="largest">The largest file that is read, in bytes.</param>
    /// <returns>A line for each line that was edited; null if the file is another than the one that was read, and was left as it is.</returns>
    /// <exception cref="IOException">It could not be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static IReadOnlyList<string>? Apply(string root, string file, IReadOnlyList<TextEdit> edits, int largest)
    {
        var path = RepositoryRoot.Relative(root, file);
        if (path is null || SymbolicLinks.On(root, path) is not null || FileStamp.Of(file) is not { IsDirectory: false } || TextSplice.Apply(AtomicFile.ReadAtMost(file, largest), edits) is not { } bytes)
        {
            return null;
        }

        AtomicFile.Write(file, bytes);
        return [.. edits.Distinct().GroupBy(e => e.Span.Line).OrderBy(g => g.Key).Select(g =>
            $"  ~ {path}({g.Key}): {string.Join(' ', g.OrderBy(e => e.Span.Start).Select(e => e.Expected.Length == 0 ? e.Replacement.Trim() : $"{e.Expected} → {e.Replacement}"))}")];
    }
}
