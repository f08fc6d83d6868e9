using Hardening.Transport.Git;

namespace Hardening.Ecosystems.Actions;

/// <summary>Asks the default host for the numbers of repositories. One that is not there is not in the answer.</summary>
/// <param name="repositories">As <c>owner/repo</c>.</param>
/// <param name="cancellation">Stops.</param>
/// <exception cref="Transport.TransportException">The host gave no answer.</exception>
public delegate Task<IReadOnlyDictionary<string, GitHubIds>> AskIdentities(IReadOnlyList<string> repositories, CancellationToken cancellation);
