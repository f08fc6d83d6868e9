using Hardening.Transport.Git;

namespace Hardening.Ecosystems.Actions;

/// <summary>What asks the hosts of actions in one run.</summary>
public sealed class ActionHosts : IDisposable
{
    private readonly GitHubApi api;

    /// <summary>Opens no connection yet.</summary>
    /// <param name="root">The repository that is worked on.</param>
    /// <param name="server">The server that the user named on the command line or in the environment, as <c>https://host</c>; empty if none.</param>
    /// <exception cref="ArgumentException">It is no address of a server; the message says why.</exception>
    public ActionHosts(string root, string server)
    {
        Servers = GitServers.From(server);
        // A server on this machine is reached by plain http only where the user named it, and then nothing leaves the machine.
        var options = new GitClientOptions { Root = root, Servers = Servers, CredentialsOverLoopback = true };
        Client = new GitClient(options);
        api = new GitHubApi(options);
        Identities = api.CanAsk(Servers.Default) ? AskAsync : null;
    }

    /// <summary>The servers that the user's environment names.</summary>
    public GitServers Servers { get; }

    /// <summary>Asks by git's protocol.</summary>
    public GitClient Client { get; }

    /// <summary>Asks for the numbers of owners and repositories; null where there is no token for it.</summary>
    public AskIdentities? Identities { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        api.Dispose();
    }

    private Task<IReadOnlyDictionary<string, GitHubIds>> AskAsync(IReadOnlyList<string> repositories, CancellationToken cancellation) => api.IdsAsync(Servers.Default, repositories, cancellation);
}
