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
        if (Load() is not var (stored, policy))
        {
            return;
        }

        var mark = $"upstream\n{Root}\n{stored.Digest}\n{policy.Digest}";
        if (MarkVerified.IsMarked(BuildEngine4, mark) || Open() is not { } hosts)
        {
            return;
        }

        using (hosts)
        {
            var upstream = new ActionsUpstream(stored.Lockfile!.Actions, ObserveWorkflows(Root, policy), stored.Path, hosts.Servers, hosts.Client, hosts.Identities);
            Report(policy.Decide(upstream.CheckAsync(Cancellation).GetAwaiter().GetResult()));
        }

        if (!Log.HasLoggedErrors)
        {
            MarkVerified.Mark(BuildEngine4, mark);
            Tell([$"{stored.Lockfile!.Actions.Commits.Count} commits of actions were compared with their hosts."]);
        }
    }
}
