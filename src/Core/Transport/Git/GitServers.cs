namespace Hardening.Transport.Git;

/// <summary>
/// The servers that the user's own environment names. They may lie in a private network, and git's credential helpers may be asked about them;
/// the token of the environment goes to the first of them and to no other.
/// </summary>
public sealed class GitServers
{
    private static readonly Uri GitHub = new("https://github.com");

    private readonly Uri[] named;

    private GitServers(Uri[] named) => this.named = named;

    /// <summary>Where a repository is that is named without a server.</summary>
    public Uri Default => named[0];

    /// <summary>
    /// The server that was named on the command line or in the environment (HardeningGitHubServer), and that of a GitHub runner
    /// (GITHUB_SERVER_URL); github.com if there is neither.
    /// </summary>
    /// <param name="named">What the user named, never what a file of the repository says; null or empty if nothing.</param>
    /// <param name="environment">Gives a variable of the environment.</param>
    /// <exception cref="ArgumentException">One is no address of a server; the message says why.</exception>
    public static GitServers From(string? named, Func<string, string?>? environment = null)
    {
        var runner = (environment ?? Environment.GetEnvironmentVariable)("GITHUB_SERVER_URL");
        Uri[] servers = [.. new[] { named, runner }.Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => Server(text!.Trim()))];
        return new GitServers(servers.Length > 0 ? servers : [GitHub]);
    }

    /// <summary>Whether the user's environment names this server.</summary>
    public bool Contains(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return named.Any(n => IsSame(n, server));
    }

    /// <summary>A repository on the default server, or on another one that a file of the repository names.</summary>
    /// <param name="path"><c>owner/repo</c>.</param>
    /// <param name="server">The server that the file names; null if none.</param>
    /// <exception cref="ArgumentException">It cannot be one; the message says why.</exception>
    public GitRemote Remote(string path, Uri? server = null)
    {
        var at = server ?? Default;
        return GitRemote.Create(at, path, Contains(at));
    }

    private static Uri Server(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var server) ? GitRemote.Create(server, "owner/repo", isNamedByUser: true).Server : throw new ArgumentException("The server is no https address.");

    internal static bool IsSame(Uri one, Uri other)
        => one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
}
