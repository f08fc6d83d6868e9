namespace Hardening.Transport.Git;

/// <summary>What a <see cref="GitClient"/> works with. No record, for those show what they hold.</summary>
public sealed class GitClientOptions
{
    /// <summary>The repository that is worked on: no program that lies in it is run.</summary>
    public required string Root { get; init; }

    /// <summary>The servers that the user's environment names.</summary>
    public GitServers Servers { get; init; } = GitServers.From(null);

    /// <summary>Limits of the network.</summary>
    public TransportLimits Transport { get; init; } = new();

    /// <summary>Limits of a repository.</summary>
    public GitLimits Git { get; init; } = new();

    /// <summary>Whether credentials may go over plain http to this machine itself.</summary>
    public bool CredentialsOverLoopback { get; init; }

    /// <summary>Gives a variable of the environment: GITHUB_TOKEN, GH_TOKEN.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    internal TransportSeams Seams { get; init; } = new();
}
