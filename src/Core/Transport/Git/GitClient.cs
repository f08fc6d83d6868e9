namespace Hardening.Transport.Git;

/// <summary>
/// Asks git servers by version 2 of their protocol over HTTP (gitprotocol-v2, gitprotocol-http). Servers and what they answer are hostile:
/// everything is bounded and checked, nothing is run that comes from them, and errors are <see cref="TransportException"/> and nothing else.
/// For one run: what was answered is kept, so that a repository is asked once.
/// </summary>
public sealed class GitClient : IDisposable
{
    private readonly CancellationTokenSource lifetime = new();
    private readonly HttpPipeline pipeline;
    private readonly RefsOfRemotes refs;
    private readonly GitFetch fetch;
    private readonly GitClientOptions options;
    private readonly Shared<(GitRemote, string), Reach> reaches;

    /// <summary>Opens no connection yet.</summary>
    public GitClient(GitClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        pipeline = new HttpPipeline(options.Transport, options.Seams);
        var http = new GitHttp(pipeline, new GitCredentials(options, lifetime.Token));
        var capabilities = new Shared<GitRemote, GitCapabilities>(lifetime.Token);
        refs = new RefsOfRemotes(http, capabilities, options.Git, lifetime.Token);
        fetch = new GitFetch(http, capabilities);
        reaches = new Shared<(GitRemote, string), Reach>(lifetime.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What still runs ends by it, so it is not disposed itself.
        lifetime.Cancel();
        pipeline.Dispose();
    }

    /// <summary>The refs of a repository that begin with one of the prefixes, annotated tags with what they name. One request a repository.</summary>
    /// <param name="remote">The repository.</param>
    /// <param name="prefixes">Beginnings of full names, as in <c>refs/tags/</c>, or whole ones; none for all refs.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ArgumentException">A prefix is the beginning of no name.</exception>
    /// <exception cref="TransportException">The server gave no listing.</exception>
    public Task<GitRefs> ListRefsAsync(GitRemote remote, IReadOnlyList<string> prefixes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ArgumentNullException.ThrowIfNull(prefixes);
        return prefixes.All(GitRefName.IsPrefix) ? refs.ListAsync(remote, prefixes, cancellation) : throw new ArgumentException("A prefix is the beginning of no ref.", nameof(prefixes));
    }

    /// <summary>
    /// Whether a branch or tag of the repository leads to a commit. A commit that is in the repository only for a pull request, or only in a
    /// fork, is not reachable. Costs nothing more than a listing where a branch or tag names it.
    /// </summary>
    /// <param name="remote">The repository.</param>
    /// <param name="commit">The full id of a commit. That it is one is not found out here, but by <see cref="FetchAsync"/>.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ArgumentException">It is no id.</exception>
    /// <exception cref="TransportException">The server gave no answer to it.</exception>
    public Task<Reach> ReachAsync(GitRemote remote, string commit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(remote);
        RequireId(commit);
        return reaches.GetAsync((remote, commit), token => new ReachCheck(fetch, refs, options.Git).AskAsync(remote, commit, token), cancellation);
    }

    /// <summary>Fetches the whole tree of one commit, without its history. git checks here that what came is what was asked for.</summary>
    /// <param name="remote">The repository.</param>
    /// <param name="commit">The full id of a commit, or of an annotated tag that names one.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>To be disposed.</returns>
    /// <exception cref="ArgumentException">It is no id.</exception>
    /// <exception cref="TransportException">There is no such commit (<see cref="TransportFailure.Absent"/>), or it could not be had.</exception>
    public async Task<GitTree> FetchAsync(GitRemote remote, string commit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(remote);
        RequireId(commit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.Token);
        return await fetch.SendAsync(remote, commit, ["deepen 1"], options.Git.PackBytes, (answer, token) => TreeAsync(remote, commit, answer, token), either.Token).ConfigureAwait(false);
    }

    private async Task<GitTree> TreeAsync(GitRemote remote, string commit, FetchAnswer answer, CancellationToken cancellation)
    {
        var repository = await TemporaryRepository.CreateAsync(options, isSha256: commit.Length == 64, cancellation).ConfigureAwait(false);
        try
        {
            await repository.UnpackAsync(answer.Shallow, (stream, token) => answer.CopyToAsync(stream, options.Git.Objects, token), options.Git.PackBytes, remote, cancellation).ConfigureAwait(false);
            return await new TreeReader(repository, remote, options.Git).ReadAsync(commit, cancellation).ConfigureAwait(false);
        }
        catch
        {
            repository.Dispose();
            throw;
        }
    }

    private static void RequireId(string commit)
    {
        if (!GitText.IsObjectId(commit))
        {
            throw new ArgumentException("A commit is given by its full id, in lower case.", nameof(commit));
        }
    }
}
