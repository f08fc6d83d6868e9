namespace Hardening.Policies;

/// <summary>Decides which repositories with actions a policy permits, compiled once for many questions.</summary>
public sealed class ActionPermissions
{
    private const string Plain = "http://";
    private const string Encrypted = "https://";

    private readonly RepositoryPatterns allow;
    private readonly RepositoryPatterns forbid;
    private readonly string defaultServer;

    /// <summary>Compiles what a policy says.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="defaultServer">The server of names and patterns without one, as <c>https://host</c>; with its address they mean the same. Empty if it is not known.</param>
    /// <exception cref="ArgumentException">A pattern has a fault; one that was read has none.</exception>
    public ActionPermissions(ActionsPolicy policy, string defaultServer = "")
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(defaultServer);
        this.defaultServer = defaultServer.TrimEnd('/');
        allow = new RepositoryPatterns(policy.Allow.Select(pattern => WithoutDefault(pattern, this.defaultServer)));
        forbid = new RepositoryPatterns(policy.Forbid.Select(pattern => WithoutDefault(pattern, WithEncryption(this.defaultServer))));
    }

    /// <summary>Why a repository may not be used, as the end of a sentence that begins with it; null if it may.</summary>
    /// <param name="name">The repository, as <c>owner/repo</c> or <c>https://host/owner/repo</c>.</param>
    public string? FaultOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (allow.IsEmpty && forbid.IsEmpty)
        {
            return null;
        }

        return !RepositoryPatterns.IsName(name) ? "is no name of a repository, so neither `allow` nor `forbid` can speak of it"
            : forbid.Find(Canonical(name)) is { } pattern ? $"is forbidden by `{pattern}`"
            : allow.IsEmpty || allow.Matches(WithoutDefault(name, defaultServer)) ? null
            : "is on no allow-list entry";
    }

    // What is forbidden is so however it is spelled: git serves owner/repo.git, and the address without encryption, as the same repository.
    private string Canonical(string name)
    {
        var bare = name.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? name[..^".git".Length] : name;
        return WithoutDefault(WithEncryption(bare), WithEncryption(defaultServer));
    }

    private static string WithEncryption(string address) => address.StartsWith(Plain, StringComparison.OrdinalIgnoreCase) ? Encrypted + address[Plain.Length..] : address;

    private static string WithoutDefault(string name, string server) =>
        server.Length > 0 && name.Length > server.Length && name[server.Length] == '/' && name.StartsWith(server, StringComparison.OrdinalIgnoreCase) ? name[(server.Length + 1)..] : name;
}
