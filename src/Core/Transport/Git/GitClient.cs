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

    /// <summary>Opens no connection yet.</summary>
    public GitClient(GitClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        pipeline = new HttpPipeline(options.Transport, options.Seams);
        var http = new GitHttp(pipeline, new GitCredentials(options));
        var capabilities = new Shared<GitRemote, GitCapabilities>(lifetime.Token);
        refs = new RefsOfRemotes(http, capabilities, options.Git, lifetime.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lifetime.Cancel();
        pipeline.Dispose();
        lifetime.Dispose();
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
}
