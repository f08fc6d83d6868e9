namespace Hardening.Transport.Git;

/// <summary>Whether a commit belongs to a repository.</summary>
public enum Reach
{
    /// <summary>A branch or tag of the repository leads to it.</summary>
    Reachable,

    /// <summary>The server has it, but no branch or tag leads to it: it comes from a fork or a pull request, or its branch was deleted.</summary>
    NotReachable,

    /// <summary>The server does not have it.</summary>
    Absent,
}
