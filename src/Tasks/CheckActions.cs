using Hardening.Ecosystems.Actions;
using Hardening.Lockfiles;
using Hardening.Policies;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Asks the hosts whether what is locked of actions is still so: tags that moved, commits that belong to nobody. Once in a build.</summary>
[MSBuildMultiThreadableTask]
public sealed class CheckActions : ActionsTask
{
    /// <inheritdoc/>
    protected override void Run()
    {
        var stored = LockfileStore.Load(Root);
        if (stored.Lockfile is not { } lockfile)
        {
            Report(stored.Finding!);
            return;
        }

        var policy = RepositoryPolicy.Of(Root);
        var mark = $"upstream\n{Root}\n{stored.Digest}\n{policy.Digest}";
        if (MarkVerified.IsMarked(BuildEngine4, mark) || Open() is not { } hosts)
        {
            return;
        }

        using (hosts)
        {
            var upstream = new ActionsUpstream(lockfile.Actions, Observe(Root, policy), stored.Path, hosts.Servers, hosts.Client, hosts.Identities);
            Report(policy.Decide(upstream.CheckAsync(Cancellation).GetAwaiter().GetResult()));
        }

        if (!Log.HasLoggedErrors)
        {
            MarkVerified.Mark(BuildEngine4, mark);
            Tell([$"{lockfile.Actions.Commits.Count} commits of actions were compared with their hosts."]);
        }
    }
}
