namespace Hardening.Ecosystems.Actions;

/// <summary>The numbers of an owner and a repository at their host.</summary>
/// <param name="Owner">Of the owner.</param>
/// <param name="Repository">Of the repository.</param>
public readonly record struct HostIdentity(long Owner, long Repository);

/// <summary>Asks the default host for the numbers of repositories. One that is not there is not in the answer.</summary>
/// <param name="repositories">As <c>owner/repo</c>.</param>
/// <param name="cancellation">Stops.</param>
/// <exception cref="Transport.TransportException">The host gave no answer.</exception>
public delegate Task<IReadOnlyDictionary<string, HostIdentity>> AskIdentities(IReadOnlyList<string> repositories, CancellationToken cancellation);
