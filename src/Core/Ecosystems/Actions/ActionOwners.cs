using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Ecosystems.Actions;

/// <summary>
/// Compares the numbers that hosts give owners and repositories. A name can be given up and taken by somebody else, a number cannot; so they belong to the
/// name and not to a commit: what they were is expected of each new commit.
/// </summary>
internal sealed class ActionOwners(ActionsUpdateRequest request, LockedActions locked, AskIdentities? identities)
{
    /// <summary>What was found.</summary>
    internal List<Finding> Findings { get; } = [];

    /// <summary>Asks for the numbers of what is new or has none, in batches. Where they are not those that the previous lockfile has for the name, the entries are left out.</summary>
    /// <param name="entries">The entries by key; completed.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The repositories whose entries were left out.</returns>
    internal async Task<IReadOnlyCollection<string>> IdentifyAsync(Dictionary<string, ActionEntry> entries, CancellationToken cancellation)
    {
        Inherit(entries);
        var asked = entries.Values.Where(e => !e.Name.Contains("://", StringComparison.Ordinal) && (e.OwnerId == 0 || locked.Find(e.Key) is null)).ToList();
        var refused = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (identities is null || asked.Count == 0)
        {
            return refused;
        }

        try
        {
            var names = asked.Select(e => e.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            var ids = new Dictionary<string, GitHubIds>(await identities(names, cancellation).ConfigureAwait(false), StringComparer.OrdinalIgnoreCase);
            foreach (var entry in asked)
            {
                if (ids.TryGetValue(entry.Name, out var id) && !Identify(entries, entry, id))
                {
                    refused.Add(entry.Name);
                }
            }
        }
        catch (TransportException e)
        {
            // What git proves stands without them; the next update asks again.
            Findings.Add(TransportFindings.Of(e, "The numbers of owners and repositories", SourcePlace.None) with { SeverityOverride = Severity.Warning });
        }

        return refused;
    }

    // So that they are not lost where nobody can be asked.
    private void Inherit(Dictionary<string, ActionEntry> entries)
    {
        foreach (var entry in entries.Values.Where(e => e.OwnerId == 0 && !request.Accepts(e.Name)).ToList())
        {
            if (locked.OfRepository(entry.Name).FirstOrDefault(e => e.OwnerId != 0) is { } before)
            {
                entries[entry.Key] = entry with { OwnerId = before.OwnerId, RepositoryId = before.RepositoryId };
            }
        }
    }

    private bool Identify(Dictionary<string, ActionEntry> entries, ActionEntry entry, GitHubIds id)
    {
        var isCalledSo = id.Name.Equals(entry.Name, StringComparison.OrdinalIgnoreCase);
        if (request.Accepts(entry.Name) || (isCalledSo && (entry.OwnerId == 0 || (entry.OwnerId == id.Owner && entry.RepositoryId == id.Repository))))
        {
            entries[entry.Key] = entry with { OwnerId = id.Owner, RepositoryId = id.Repository };
            return true;
        }

        entries.Remove(entry.Key);
        var (message, command) = isCalledSo
            ? ($"{entry.Name} is the repository {id.Repository} of the owner {id.Owner} now, but the lockfile has {entry.RepositoryId} of {entry.OwnerId}: somebody else may have taken the name over.", $"see who owns it; to accept it: {Commands.UpdateAction(entry.Name)}")
            : ($"{entry.Name} is called {id.Name} now. Its old name is free for anyone who wants to be taken for it.", $"write {id.Name} in the workflow; to stay with the old name: {Commands.UpdateAction(entry.Name)}");
        Findings.Add(new Finding(FindingCodes.ActionRepositoryMoved, message, SourcePlace.None, command) { Input = entry.Name });
        return false;
    }
}
