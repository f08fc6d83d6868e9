namespace Hardening.Transport.Git;

/// <summary>What stays of a repository on GitHub when names change hands.</summary>
/// <param name="Owner">Of the user or organization; a name that is given up and taken by someone else has another one.</param>
/// <param name="Repository">Of the repository.</param>
/// <param name="Name">The owner/repo that it has now; another one than was asked for if it was renamed.</param>
public sealed record GitHubIds(long Owner, long Repository, string Name);
