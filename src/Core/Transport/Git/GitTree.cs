namespace Hardening.Transport.Git;

/// <summary>The whole tree of one commit, as its server sent it and git checked it. Its files are there until it is disposed.</summary>
public sealed class GitTree : IDisposable
{
    private readonly TemporaryRepository repository;
    private readonly Dictionary<string, GitTreeEntry> byPath;

    internal GitTree(TemporaryRepository repository, GitRemote remote, CommitFacts facts, IReadOnlyList<GitTreeEntry> entries, string digest)
    {
        this.repository = repository;
        Remote = remote;
        Commit = facts.Commit;
        CommitterDate = facts.CommitterDate;
        TaggerDate = facts.TaggerDate;
        Entries = entries;
        Digest = digest;
        byPath = entries.ToDictionary(e => e.Path, StringComparer.Ordinal);
    }

    /// <summary>Where it comes from.</summary>
    public GitRemote Remote { get; }

    /// <summary>Its commit; if a tag was asked for, the one that the tag names.</summary>
    public string Commit { get; }

    /// <summary>When the commit says that it was made; null if it does not say so readably. Whoever made it can have written any date.</summary>
    public DateTimeOffset? CommitterDate { get; }

    /// <summary>When the tag says that it was made, if an annotated tag was asked for.</summary>
    public DateTimeOffset? TaggerDate { get; }

    /// <summary>
    /// SHA-512 in base64 over all entries. The text that it is of has a line for each, sorted by the bytes of the path: <c>mode SP path TAB hash LF</c>, with the
    /// SHA-512 of the content in hexadecimal, or the commit of a submodule; <c>\</c>, tab and line feed in a path are written <c>\\</c>, <c>\t</c>, <c>\n</c>.
    /// </summary>
    public string Digest { get; }

    /// <summary>All files, links and submodules, in git's order.</summary>
    public IReadOnlyList<GitTreeEntry> Entries { get; }

    /// <summary>The entry of exactly this path.</summary>
    public GitTreeEntry? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>The content of a file. A path is never followed through a link, nor out of the tree.</summary>
    /// <param name="path">With <c>/</c>, as git has it.</param>
    /// <param name="largest">In bytes.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Null if there is no such file, or it is a link or submodule.</returns>
    /// <exception cref="TransportException">It is larger (<see cref="TransportFailure.TooLarge"/>), or git could not be used.</exception>
    public async Task<byte[]?> ReadAsync(string path, int largest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Find(path) is not { IsFile: true } entry)
        {
            return null;
        }

        if (entry.Size > largest)
        {
            throw new TransportException(TransportFailure.TooLarge, $"{Remote}: {path} is larger than {largest} bytes.");
        }

        var (_, _, content) = await repository.AskAsync(["cat-file", "--batch"], entry.ObjectId + "\n", async (stream, token) =>
        {
            var reader = new ObjectReader(stream, token);
            return await reader.NextAsync().ConfigureAwait(false) is ("blob", var size) && size == entry.Size
                ? await reader.ContentAsync(size).ConfigureAwait(false)
                : throw new TransportException(TransportFailure.Local, $"{Remote}: {path} is not where it was unpacked.");
        }, Remote, cancellation).ConfigureAwait(false);
        return content;
    }

    /// <summary>Deletes what was unpacked.</summary>
    public void Dispose() => repository.Dispose();
}
