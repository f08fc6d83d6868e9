using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Removes the quarantine, also after an error.</summary>
[MSBuildMultiThreadableTask]
public sealed class EndUpdate : HardeningTask
{
    /// <summary>The quarantine's folder; empty if there is none.</summary>
    public string Quarantine { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Run()
    {
        if (Quarantine.Length > 0)
        {
            new Ecosystems.NuGet.Quarantine(Quarantine).Delete();
        }
    }
}
