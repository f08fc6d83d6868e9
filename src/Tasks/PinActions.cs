using Hardening.Ecosystems.Actions;
using Hardening.Lockfiles;
using Hardening.Policies;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Writes the locked commits into the workflows. No host is asked.</summary>
[MSBuildMultiThreadableTask]
public sealed class PinActions : ActionsTask
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
        Report(policy.Findings);
        if (Log.HasLoggedErrors)
        {
            return;
        }

        var inputs = Observe(Root, policy);
        var pins = ActionPins.PinAll(Root, inputs, lockfile.Actions);
        Report(policy.Decide([.. inputs.Findings, .. pins.Findings]));
        Tell(pins.News);
        Tell([$"{pins.News.Count} {(pins.News.Count == 1 ? "place was" : "places were")} edited."]);
    }
}
