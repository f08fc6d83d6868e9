namespace Hardening.Transport.Git;

/// <summary>
/// The servers that the user's own environment names: the one that actions come from, and github.com. Only they may lie in a private network,
/// and only the first gets the token of the environment.
/// </summary>
public sealed record GitServers
{
    private static readonly Uri GitHub = new("https://github.com");

    private GitServers(Uri @default) => Default = @default;

    /// <summary>Where a repository is that is named without a server.</summary>
    public Uri Default { get; }

    /// <summary>
    /// The server that was named on the command line or in the environment (HardeningGitHubServer), else that of a GitHub runner
    /// (GITHUB_SERVER_URL), else github.com.
    /// </summary>
    /// <param name="named">What the user named, never what a file of the repository says; null or empty if nothing.</param>
    /// <param name="environment">Gives a variable of the environment.</param>
    /// <exception cref="ArgumentException">It is no address of a server; the message says why.</exception>
    public static GitServers From(string? named, Func<string, string?>? environment = null)
    {
        var variable = string.IsNullOrWhiteSpace(named) ? (environment ?? Environment.GetEnvironmentVariable)("GITHUB_SERVER_URL") : named;
        if (string.IsNullOrWhiteSpace(variable))
        {
            return new GitServers(GitHub);
        }

        var server = Uri.TryCreate(variable.Trim(), UriKind.Absolute, out var uri) ? uri : throw new ArgumentException("The server is no https address.");
        return new GitServers(GitRemote.Create(server, "owner/repo", isNamedByUser: true).Server);
    }

    /// <summary>Whether the user's environment names this server.</summary>
    public bool Contains(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return IsSame(server, Default) || IsSame(server, GitHub);
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

    internal static bool IsSame(Uri one, Uri other)
        => one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
}
