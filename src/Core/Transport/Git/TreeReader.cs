using System.Globalization;
using System.Text;

namespace Hardening.Transport.Git;

/// <summary>Reads what was unpacked: the commit, the list of its tree, and the hash of each content.</summary>
internal sealed class TreeReader(TemporaryRepository repository, GitRemote remote, GitLimits limits)
{
    private const int LongestPath = 64 * 1024;
    private const long LargestListing = 512L * 1024 * 1024;
    private const long LargestCommit = 16L * 1024 * 1024;

    /// <summary>Reads all of it.</summary>
    /// <param name="id">The commit that was asked for, or an annotated tag.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="TransportException">It is no commit, not what it should be, or too large.</exception>
    internal async Task<GitTree> ReadAsync(string id, CancellationToken cancellation)
    {
        var (exit, _, commit) = await repository.AskAsync(["rev-parse", "--verify", "--quiet", "--end-of-options", id + "^{commit}"], string.Empty, Files.GitProcess.ShortTextAsync, remote, cancellation).ConfigureAwait(false);
        if (exit != 0 || commit.Length != id.Length || !GitText.IsObjectId(commit))
        {
            throw await OtherAsync(id, cancellation).ConfigureAwait(false);
        }

        var facts = await FactsAsync(id, commit, cancellation).ConfigureAwait(false);
        var (listed, error, entries) = await repository.AskAsync(["ls-tree", "-r", "-z", "-l", "--full-tree", commit], string.Empty, EntriesAsync, remote, cancellation).ConfigureAwait(false);
        if (listed != 0)
        {
            throw Malformed(GitText.Quoted(error));
        }

        if (entries.DistinctBy(e => e.Path, StringComparer.Ordinal).Count() != entries.Count)
        {
            throw Malformed("a path is there twice");
        }

        var contents = await HashesAsync(Distinct(entries), cancellation).ConfigureAwait(false);
        return new GitTree(repository, remote, facts, entries, TreeDigest.Of(entries, contents));
    }

    private async Task<TransportException> OtherAsync(string id, CancellationToken cancellation)
    {
        var (exit, _, _) = await repository.AskAsync(["cat-file", "-e", id], string.Empty, Files.GitProcess.ShortTextAsync, remote, cancellation).ConfigureAwait(false);
        return exit == 0 ? new TransportException(TransportFailure.Absent, $"{remote}: what was asked for is no commit.") : Malformed("the server sent something else than was asked for");
    }

    private async Task<CommitFacts> FactsAsync(string id, string commit, CancellationToken cancellation)
    {
        var (_, _, facts) = await repository.AskAsync(["cat-file", "--batch"], $"{id}\n{commit}\n", async (stream, token) =>
        {
            var reader = new ObjectReader(stream, token);
            var (type, asked) = await SmallAsync(reader).ConfigureAwait(false);
            var (_, content) = await SmallAsync(reader).ConfigureAwait(false);
            return new CommitFacts(commit, CommitFacts.DateOf(content, "committer"), type == "tag" ? CommitFacts.DateOf(asked, "tagger") : null);
        }, remote, cancellation).ConfigureAwait(false);
        return facts;
    }

    private async Task<(string Type, byte[] Content)> SmallAsync(ObjectReader reader)
        => await reader.NextAsync().ConfigureAwait(false) is not { } header ? throw Malformed("the commit is not there")
            : header.Size > LargestCommit ? throw TooLarge($"the commit has more than {LargestCommit} bytes")
            : (header.Type, await reader.ContentAsync(header.Size).ConfigureAwait(false));

    private Dictionary<string, long> Distinct(IReadOnlyList<GitTreeEntry> entries)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var entry in entries.Where(e => !e.IsSubmodule && sizes.TryAdd(e.ObjectId, e.Size)))
        {
            total += entry.Size;
            if (entry.Size > limits.FileBytes || total > limits.TreeBytes)
            {
                throw TooLarge($"a file has more than {limits.FileBytes} bytes, or all together more than {limits.TreeBytes}");
            }
        }

        return sizes;
    }

    private async Task<Dictionary<string, byte[]>> HashesAsync(Dictionary<string, long> sizes, CancellationToken cancellation)
    {
        var input = new StringBuilder();
        foreach (var id in sizes.Keys)
        {
            input.Append(id).Append('\n');
        }

        var (_, _, hashes) = await repository.AskAsync(["cat-file", "--batch"], input.ToString(), async (stream, token) =>
        {
            var hashes = new Dictionary<string, byte[]>(sizes.Count, StringComparer.Ordinal);
            var reader = new ObjectReader(stream, token);
            foreach (var (id, size) in sizes)
            {
                // A tree can call a folder a file.
                if (await reader.NextAsync().ConfigureAwait(false) is not ("blob", var told) || told != size)
                {
                    throw Malformed("a file of it is not there, or is none");
                }

                hashes.Add(id, await reader.HashAsync(size).ConfigureAwait(false));
            }

            return hashes;
        }, remote, cancellation).ConfigureAwait(false);
        return hashes;
    }

    // "<mode> <type> <id> <size>\t<path>\0".
    private async Task<List<GitTreeEntry>> EntriesAsync(Stream stream, CancellationToken cancellation)
    {
        var entries = new List<GitTreeEntry>();
        var buffer = new byte[2 * LongestPath];
        var held = 0;
        var total = 0L;
        int count;
        while ((count = await stream.ReadAsync(buffer.AsMemory(held), cancellation).ConfigureAwait(false)) > 0)
        {
            held += count;
            total += count;
            var taken = Take(buffer.AsSpan(0, held), entries);
            if (entries.Count > limits.Entries || total > LargestListing)
            {
                throw TooLarge($"it has more than {limits.Entries} files");
            }

            buffer.AsSpan(taken, held - taken).CopyTo(buffer);
            held -= taken;
            if (held == buffer.Length)
            {
                throw TooLarge($"a path is longer than {LongestPath} bytes");
            }
        }

        return entries;
    }

    private int Take(ReadOnlySpan<byte> buffer, List<GitTreeEntry> entries)
    {
        var taken = 0;
        int end;
        while ((end = buffer[taken..].IndexOf((byte)0)) >= 0)
        {
            entries.Add(Entry(buffer.Slice(taken, end)) ?? throw Malformed("a line of the tree cannot be read"));
            taken += end + 1;
        }

        return taken;
    }

    private static GitTreeEntry? Entry(ReadOnlySpan<byte> line)
    {
        var tab = line.IndexOf((byte)'\t');
        var head = Encoding.ASCII.GetString(line[..Math.Max(tab, 0)]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (head.Length != 4 || !GitText.IsObjectId(head[2]))
        {
            return null;
        }

        var name = line[(tab + 1)..].ToArray();
        var size = 0L;
        return head[0] == "160000" || long.TryParse(head[3], NumberStyles.None, CultureInfo.InvariantCulture, out size)
            ? new GitTreeEntry(GitText.Decode(name), head[0], head[2], size) { Name = name }
            : null;
    }

    private TransportException Malformed(string what) => new(TransportFailure.Malformed, $"{remote}: the tree cannot be read: {what}.");

    private TransportException TooLarge(string what) => new(TransportFailure.TooLarge, $"{remote}: the tree is too large: {what}.");
}
