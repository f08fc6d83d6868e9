using System.Globalization;
using System.Text;
using Hardening.Files;

namespace Hardening.Baselines;

/// <summary>
/// Reads the local git repository around a folder as it is at a revision, without network and without running anything that the
/// repository names. Errors are <see cref="BaselineException"/> and nothing else.
/// </summary>
public sealed class GitRepository
{
    private const int MostEntries = 5_000_000;
    private const int LongestName = 250;
    private const long LargestListing = 1024L * 1024 * 1024;
    private const int LongestEntry = 64 * 1024;

    private readonly GitProcess git;
    private readonly bool isShallow;

    private GitRepository(GitProcess git, string top, string prefix, bool isShallow)
    {
        this.git = git;
        this.isShallow = isShallow;
        Top = top;
        Prefix = prefix;
    }

    /// <summary>Full path of the git root: that of a work tree or submodule too.</summary>
    public string Top { get; }

    /// <summary>The folder relative to the git root, with <c>/</c> at its end; empty if it is the git root.</summary>
    public string Prefix { get; }

    /// <summary>Opens the repository around a folder.</summary>
    /// <param name="folder">The repository root in the sense of the lockfile.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="BaselineException">No git, no repository, or git refuses to read it.</exception>
    public static async Task<GitRepository> OpenAsync(string folder, CancellationToken cancellation)
    {
        var start = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var top = start;
        while (!Path.Exists(Path.Combine(top, ".git")))
        {
            top = Path.GetDirectoryName(top) ?? throw NoRepository(start);
        }

        var git = GitProcess.Find(top)
            ?? throw new BaselineException("git is not in PATH, so no revision can be read.", start, "install git, or run where it is installed");
        var (exit, error, output) = await Guarded(top, git.RunAsync(["rev-parse", "--is-inside-git-dir", "--is-shallow-repository"], cancellation)).ConfigureAwait(false);
        if (error.Contains("dubious ownership", StringComparison.Ordinal))
        {
            throw new BaselineException($"git does not read {top}, because it belongs to another user.", start, $"git config --global --add safe.directory {top}");
        }

        var lines = output.Split('\n');
        if (exit != 0 || lines.Length != 2)
        {
            throw NoRepository(start, error);
        }

        // A folder with a broken .git that itself looks like the inside of a repository would be taken for one; its files come from anywhere.
        if (lines[0] != "false")
        {
            throw NoRepository(start);
        }

        var prefix = RepositoryRoot.Relative(top, start)!;
        return new GitRepository(git, top, prefix == "." ? string.Empty : prefix + "/", lines[1] == "true");
    }

    /// <summary>The commit that a revision names.</summary>
    /// <param name="revision">A commit, branch or tag as git reads it (gitrevisions).</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The id in hexadecimal.</returns>
    /// <exception cref="BaselineException">It is no name of a revision, names nothing, or names more than one.</exception>
    public async Task<string> ResolveAsync(string revision, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(revision);
        if (revision.Length is 0 or > LongestName || revision[0] == '-' || revision.Any(char.IsControl))
        {
            throw new BaselineException($"The baseline \"{revision}\" is not the name of a revision.", Top, "-p:HardeningBaseline=origin/main, or whatever the protected branch is called");
        }

        var (exit, error, commit) = await Guarded(Top, git.RunAsync(["rev-parse", "--verify", "--end-of-options", revision + "^{commit}"], cancellation)).ConfigureAwait(false);
        if (error.Contains("is ambiguous", StringComparison.Ordinal))
        {
            throw new BaselineException($"The baseline {revision} names more than one thing in this repository, and one of them could have been put there on purpose.", Top, $"give the full name, as in refs/remotes/{revision}");
        }

        if (exit != 0 || commit.Length is not (40 or 64) || !commit.All(char.IsAsciiHexDigitLower))
        {
            throw new BaselineException(
                $"The baseline {revision} is not in this repository{(isShallow ? ", which was cloned without its history" : string.Empty)}.", Top,
                isShallow ? $"git fetch --depth=1 origin {Branch(revision)}:refs/remotes/origin/{Branch(revision)}; in GitHub Actions: fetch-depth: 0 for actions/checkout" : "git fetch origin, and look at the name: git branch -a");
        }

        return commit;
    }

    /// <summary>The commit that is checked out; empty before the first one.</summary>
    /// <exception cref="BaselineException">git could not be run.</exception>
    public async Task<string> HeadAsync(CancellationToken cancellation)
    {
        var (exit, _, commit) = await Guarded(Top, git.RunAsync(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], cancellation)).ConfigureAwait(false);
        return exit == 0 ? commit : string.Empty;
    }

    /// <summary>The entries of a commit, below all folders.</summary>
    /// <param name="commit">What <see cref="ResolveAsync"/> gave.</param>
    /// <param name="wants">Which entries are kept.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="BaselineException">The commit could not be read; a shallow or partial clone may lack it.</exception>
    public async Task<IReadOnlyList<GitEntry>> EntriesAsync(string commit, Func<GitEntry, bool> wants, CancellationToken cancellation)
        => await ListAsync(["ls-tree", "-r", "-z", "--full-tree", commit], idAt: 2, wants, cancellation).ConfigureAwait(false);

    /// <summary>The entries of the work tree: what the index has, and what it does not and .gitignore does not leave out.</summary>
    /// <param name="wants">Which entries are kept.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="BaselineException">The index could not be read.</exception>
    public async Task<IReadOnlyList<GitEntry>> WorkTreeAsync(Func<GitEntry, bool> wants, CancellationToken cancellation)
    {
        // Said here and not left to the configuration, which could call another folder the work tree.
        var tree = "--work-tree=" + Top;
        var tracked = await ListAsync([tree, "ls-files", "-s", "-z"], idAt: 1, wants, cancellation).ConfigureAwait(false);
        var others = await ListAsync([tree, "ls-files", "--others", "--exclude-standard", "-z"], idAt: -1, wants, cancellation).ConfigureAwait(false);
        return [.. tracked.Concat(others).DistinctBy(e => e.Path, StringComparer.Ordinal)];
    }

    /// <summary>The content of files or links of a commit, by path.</summary>
    /// <param name="entries">Entries that <see cref="EntriesAsync"/> gave.</param>
    /// <param name="limitOf">The largest size of an entry, in bytes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="BaselineException">One is larger, or is not in this clone.</exception>
    public async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(IReadOnlyList<GitEntry> entries, Func<GitEntry, int> limitOf, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(limitOf);
        if (entries.Count == 0)
        {
            return new Dictionary<string, byte[]>(StringComparer.Ordinal);
        }

        var ids = string.Concat(entries.Select(e => e.Id + "\n"));
        var (_, error, contents) = await Guarded(Top, git.RunAsync(["cat-file", "--batch"], ids, (stream, token) => ContentsAsync(stream, entries, limitOf, token), cancellation)).ConfigureAwait(false);
        return contents.Count == entries.Count
            ? contents
            : throw new BaselineException($"{entries[contents.Count].Path} of the baseline is not in this clone{(error.Length > 0 ? $" (git: {FirstLine(error)})" : string.Empty)}.", Top, "git fetch --refetch --no-filter origin, or clone without --filter");
    }

    private async Task<Dictionary<string, byte[]>> ContentsAsync(Stream stream, IReadOnlyList<GitEntry> entries, Func<GitEntry, int> limitOf, CancellationToken cancellation)
    {
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var buffered = new BufferedStream(stream);
        var header = new byte[128];
        foreach (var entry in entries)
        {
            // "<id> blob <size>", the content, a line end; or "<id> missing".
            var parts = Line(buffered, header).Split(' ');
            if (parts.Length != 3 || parts[1] != "blob" || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                return contents;
            }

            if (size > limitOf(entry))
            {
                throw new BaselineException($"{entry.Path} of the baseline is larger than {limitOf(entry)} bytes.", Path.Combine(Top, entry.Path), "make it smaller on the protected branch");
            }

            var content = new byte[size];
            await buffered.ReadExactlyAsync(content, cancellation).ConfigureAwait(false);
            buffered.ReadByte();
            contents[entry.Path] = content;
        }

        return contents;
    }

    private static string Line(BufferedStream stream, byte[] buffer)
    {
        var length = 0;
        int next;
        while ((next = stream.ReadByte()) is not (-1 or '\n') && length < buffer.Length)
        {
            buffer[length++] = (byte)next;
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private async Task<List<GitEntry>> ListAsync(IReadOnlyList<string> arguments, int idAt, Func<GitEntry, bool> wants, CancellationToken cancellation)
    {
        var (exit, error, entries) = await Guarded(Top, git.RunAsync(arguments, string.Empty, (stream, token) => Task.FromResult(Entries(stream, idAt, wants, token)), cancellation)).ConfigureAwait(false);
        return exit == 0 ? entries : throw new BaselineException($"git could not list the files of the repository: {FirstLine(error)}", Top, "git fsck says what is damaged; clone anew");
    }

    // "<mode> <type> <id>\t<path>\0" of a tree, "<mode> <id> <stage>\t<path>\0" of the index, "<path>\0" of what is in neither.
    private static List<GitEntry> Entries(Stream stream, int idAt, Func<GitEntry, bool> wants, CancellationToken cancellation)
    {
        var entries = new List<GitEntry>();
        var buffer = new byte[2 * LongestEntry];
        var held = 0;
        var total = 0L;
        var seen = 0;
        int count;
        while ((count = stream.Read(buffer, held, buffer.Length - held)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            held += count;
            total += count;
            var rest = buffer.AsSpan(0, held);
            int end;
            while ((end = rest.IndexOf((byte)0)) >= 0)
            {
                if (++seen > MostEntries || total > LargestListing)
                {
                    throw new IOException($"the repository has more than {MostEntries} files.");
                }

                if (Entry(rest[..end], idAt) is { } entry && wants(entry))
                {
                    entries.Add(entry);
                }

                rest = rest[(end + 1)..];
            }

            rest.CopyTo(buffer);
            held = rest.Length;
            if (held == buffer.Length)
            {
                throw new IOException($"a path in the repository is longer than {LongestEntry} bytes.");
            }
        }

        return entries;
    }

    private static GitEntry? Entry(ReadOnlySpan<byte> line, int idAt)
    {
        if (idAt < 0)
        {
            return line.Length == 0 ? null : new GitEntry(Encoding.UTF8.GetString(line), GitEntryKind.File, string.Empty);
        }

        var tab = line.IndexOf((byte)'\t');
        var head = Encoding.ASCII.GetString(line[..Math.Max(tab, 0)]).Split(' ');
        return head.Length == 3 && tab + 1 < line.Length && GitEntry.KindOf(head[0]) is { } kind ? new GitEntry(Encoding.UTF8.GetString(line[(tab + 1)..]), kind, head[idAt]) : null;
    }

    private static async Task<T> Guarded<T>(string place, Task<T> task)
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new BaselineException($"git could not be asked: {e.Message}", place, "git --version; git fsck", e);
        }
    }

    private static BaselineException NoRepository(string folder, string error = "") =>
        new($"{folder} is not in a git repository that can be read{(error.Length > 0 ? $" (git: {FirstLine(error)})" : string.Empty)}, so there is no revision to compare with.", folder, "run it in a clone; in a container, copy .git as well");

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd();

    private static string Branch(string revision) => revision[(revision.LastIndexOf('/') + 1)..];
}
