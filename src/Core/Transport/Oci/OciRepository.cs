namespace Hardening.Transport.Oci;

/// <summary>A repository of a registry, and where that is asked.</summary>
/// <param name="Registry">Host and port as images name it.</param>
/// <param name="Path">The path in it.</param>
/// <param name="Address">Where the registry is asked.</param>
/// <param name="IsNamed">Whether the user's own environment names it.</param>
internal sealed record OciRepository(string Registry, string Path, Uri Address, bool IsNamed)
{
    /// <summary>The registry that is really asked, whose credentials count: a mirror gets those of the mirror and never those of what it mirrors.</summary>
    internal string Asked => Registry == "docker.io" && Address.Host == "registry-1.docker.io" ? Registry : Address.Authority;

    /// <summary>The address of something in the repository.</summary>
    internal Uri At(string rest) => new($"{Address.AbsoluteUri.TrimEnd('/')}/v2/{Path}/{rest}");
}
