namespace Hardening.Transport.Git;

/// <summary>
/// Finds out whether a commit is in the history of a branch or tag, by what a server would have to send to someone who has all of these:
/// nothing, if it is. GitHub gives out commits of all forks under the name of each, so that a commit can be had says nothing about whose it is.
/// </summary>
internal sealed class ReachCheck(GitFetch fetch, RefsOfRemotes refs, GitLimits limits)
{
    // What is read of a pack is its header; a few lines may come before it.
    private const long LargestAnswer = 4L * 1024 * 1024;

    // Not refs/pull/: there anyone can put a commit.
    private static readonly string[] Own = ["refs/heads/", "refs/tags/"];

    internal async Task<Reach> AskAsync(GitRemote remote, string commit, CancellationToken cancellation)
    {
        var own = (await refs.ListAsync(remote, Own, cancellation).ConfigureAwait(false)).All;
        if (own.Any(r => r.Commit == commit || r.ObjectId == commit))
        {
            return Reach.Reachable;
        }

        // A commit is named by ids of the kind that the repository has, or it is not in it.
        if (own.Count > 0 && own[0].ObjectId.Length != commit.Length)
        {
            return Reach.Absent;
        }

        var tips = own.Select(r => r.Commit).Distinct(StringComparer.Ordinal).ToList();
        string[] filter = (await fetch.CapabilitiesAsync(remote, cancellation).ConfigureAwait(false)).CanFilter ? ["filter tree:0"] : [];
        for (var first = 0; first == 0 || first < tips.Count; first += limits.Haves)
        {
            var haves = tips.Skip(first).Take(limits.Haves).Select(tip => "have " + tip);
            var reach = await AskAsync(remote, commit, [.. filter, .. haves], cancellation).ConfigureAwait(false);
            if (reach != Reach.NotReachable)
            {
                return reach;
            }
        }

        return Reach.NotReachable;
    }

    private async Task<Reach> AskAsync(GitRemote remote, string commit, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            var count = await fetch.SendAsync(remote, commit, arguments, LargestAnswer, (answer, _) => answer.CountAsync(), cancellation).ConfigureAwait(false);
            return count == 0 ? Reach.Reachable : Reach.NotReachable;
        }
        catch (TransportException e) when (e.Failure == TransportFailure.Absent)
        {
            return Reach.Absent;
        }
    }
}
