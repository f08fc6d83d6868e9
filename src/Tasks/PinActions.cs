using Hardening.Ecosystems.Actions;
using Hardening.Lockfiles;
using Hardening.Policies;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Writes the locked commits into the workflows. No host is asked.</summary>
[MSBuildMultiThreadableTask]
public sealed class PinActions : RepositoryTask
{
    /// <inheritdoc/>
    protected override void Run()
    {
        if (Load() is not var (stored, policy))
        {
            return;
        }

        var inputs = ObserveWorkflows(Root, policy);
        var pins = ActionPins.PinAll(Root, inputs, stored.Lockfile!.Actions);
        Report(policy.Decide([.. inputs.Findings, .. pins.Findings]));
        Tell(pins.News);
        Tell([$"{pins.News.Count} {(pins.News.Count == 1 ? "place of an action was" : "places of actions were")} edited."]);
    }
}
