using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Logs one finding that a project handed over.</summary>
[MSBuildMultiThreadableTask]
public sealed class ReportFinding : HardeningTask
{
    /// <summary>The finding, as other tasks put it out.</summary>
    [Required]
    public string Finding { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Run() => Report(FindingItem.Parse(Finding));
}
