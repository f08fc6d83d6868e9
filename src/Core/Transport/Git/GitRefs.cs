namespace Hardening.Transport.Git;

/// <summary>Refs of a repository as its server told them.</summary>
public sealed class GitRefs
{
    private readonly Dictionary<string, GitRef> byName;

    internal GitRefs(GitRemote remote, IEnumerable<GitRef> refs)
    {
        Remote = remote;
        All = [.. refs];
        byName = All.ToDictionary(r => r.Name, StringComparer.Ordinal);
    }

    /// <summary>Whose they are.</summary>
    public GitRemote Remote { get; }

    /// <summary>In the order of the server.</summary>
    public IReadOnlyList<GitRef> All { get; }

    /// <summary>The ref of exactly this full name.</summary>
    public GitRef? Find(string name) => byName.GetValueOrDefault(name);

    internal GitRefs Under(IReadOnlyList<string> prefixes)
        => prefixes.Count == 0 ? this : new GitRefs(Remote, All.Where(r => prefixes.Any(p => r.Name.StartsWith(p, StringComparison.Ordinal))));
}
