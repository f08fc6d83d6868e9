using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>In the restore phase of each project, first: finds the repository and what is to be done with it.</summary>
[MSBuildMultiThreadableTask]
public sealed class OpenRestore : ProjectTask
{
    /// <summary>Whether the update target asks, outside a restore.</summary>
    public bool ForUpdate { get; set; }

    /// <summary><c>Verify</c>, <c>Update</c> or empty.</summary>
    [Output]
    public string Mode { get; set; } = string.Empty;

    private protected override void Run(Switches switches)
    {
        if (ForUpdate)
        {
            OpenRoot();
            return;
        }

        if (switches.IsOff || switches.IsObserving || !switches.IsRestoring || !OpenRoot())
        {
            return;
        }

        Mode = switches.IsUpdate ? "Update" : "Verify";
    }
}
