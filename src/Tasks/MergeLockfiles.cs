using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>What git's merge driver runs.</summary>
[MSBuildMultiThreadableTask]
public sealed class MergeLockfiles : HardeningTask
{
    /// <summary>The common ancestor's file.</summary>
    [Required]
    public string Ancestor { get; set; } = string.Empty;

    /// <summary>Our file, which receives the result.</summary>
    [Required]
    public string Ours { get; set; } = string.Empty;

    /// <summary>Their file.</summary>
    [Required]
    public string Theirs { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Run()
    {
        if (LockfileMergeDriver.Merge(Ancestor, Ours, Theirs) is { } conflict)
        {
            Report(new Finding(FindingCodes.LockfileConflict, $"The lockfile could not be merged: {conflict}.", new SourcePlace(Lockfile.FileName), Commands.Update));
        }
    }
}
