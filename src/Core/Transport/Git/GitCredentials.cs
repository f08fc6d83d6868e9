namespace Hardening.Transport.Git;

/// <summary>Which credential goes to which repository.</summary>
internal sealed class GitCredentials(GitClientOptions options)
{
    private const string TokenUser = "x-access-token";

    /// <summary>What is there without asking anyone; null if nothing.</summary>
    internal GitCredential? Known(GitRemote remote)
    {
        if (!MayHave(remote))
        {
            return null;
        }

        return GitServers.IsSame(remote.Server, options.Servers.Default) && Token() is { } token ? new GitCredential(TokenUser, token) : null;
    }

    // The token belongs to one server: the one that the user's environment calls the default.
    private string? Token() => new[] { "GITHUB_TOKEN", "GH_TOKEN" }.Select(name => options.Environment(name)?.Trim()).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private bool MayHave(GitRemote remote) => remote.Server.Scheme == "https" || (remote.IsNamedByUser && options.CredentialsOverLoopback);
}
