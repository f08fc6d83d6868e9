using Hardening.Baselines;
using Hardening.Reporting;
using Hardening.Policies;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Once in a build that names a baseline: compares the lockfile, the policy and the control files with it, and says what is different.</summary>
[MSBuildMultiThreadableTask]
public sealed class CompareBaseline : HardeningTask
{
    /// <summary>The repository root.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>The revision to compare with; not required, so that an empty one is a finding of ours.</summary>
    public string Baseline { get; set; } = string.Empty;

    /// <summary>Whether only findings are wanted, because the differences were said before.</summary>
    public bool Quiet { get; set; }

    /// <inheritdoc/>
    protected override void Run()
    {
        var result = BaselineCheck.RunAsync(Root, Baseline, static (byte[] content, string file, out IReadOnlyList<Findings.Finding> findings) => PolicyReader.Read(content, file, out findings), Cancellation).GetAwaiter().GetResult();
        foreach (var line in Quiet ? [] : result.Summary)
        {
            Log.LogMessage(MessageImportance.High, "{0}", SinkText.ForLog(line));
        }

        Report(result.Findings);
    }
}
