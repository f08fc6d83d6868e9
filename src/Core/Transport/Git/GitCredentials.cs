using System.Collections.Concurrent;

namespace Hardening.Transport.Git;

/// <summary>
/// Which credential goes to which repository. The token of the environment belongs to one server; what git's helpers know is asked for when a
/// server wants credentials, and then only about hosts that the user's own environment or configuration of git names.
/// </summary>
internal sealed class GitCredentials(GitClientOptions options, CancellationToken lifetime)
{
    // What GitHub takes as the user's name beside a token.
    private const string TokenUser = "x-access-token";

    private readonly Shared<GitRemote, GitCredential?> asked = new(lifetime);
    private readonly ConcurrentDictionary<GitRemote, GitCredential> filled = new();
    private readonly CredentialHelpers helpers = new(options.Root);

    /// <summary>What is there without asking anyone; null if nothing.</summary>
    internal GitCredential? Known(GitRemote remote)
        => TokenFor(remote.Server) is { } token ? new GitCredential(TokenUser, token) : filled.GetValueOrDefault(remote);

    /// <summary>Asks git's credential helpers, once a repository; null if they may not be asked or know nothing.</summary>
    internal Task<GitCredential?> FillAsync(GitRemote remote, CancellationToken cancellation)
        => MayHave(remote.Server) ? asked.GetAsync(remote, token => AskAsync(remote, token), cancellation) : Task.FromResult<GitCredential?>(null);

    /// <summary>The token of the environment, if it belongs to this server.</summary>
    internal string? TokenFor(Uri server) => MayHave(server) && GitServers.IsSame(server, options.Servers.Default) ? Token() : null;

    private async Task<GitCredential?> AskAsync(GitRemote remote, CancellationToken cancellation)
    {
        // A helper that answers for every host must not hear of one that a file of the repository names.
        if (!remote.IsNamedByUser && !await helpers.AreConfiguredForAsync(remote, cancellation).ConfigureAwait(false))
        {
            return null;
        }

        if (await helpers.FillAsync(remote, cancellation).ConfigureAwait(false) is not { } credential)
        {
            return null;
        }

        filled[remote] = credential;
        return credential;
    }

    // What is more than letters and signs is no token, and would not fit into a header.
    private string? Token() => new[] { "GITHUB_TOKEN", "GH_TOKEN" }.Select(name => options.Environment(name)?.Trim()).FirstOrDefault(value => !string.IsNullOrEmpty(value) && value.All(c => c is > ' ' and < '\x7f'));

    // Plain http leads to this machine or is no remote at all.
    private bool MayHave(Uri server) => server.Scheme == "https" || (server.IsLoopback && options.CredentialsOverLoopback);
}
