using Hardening.Findings;

namespace Hardening.Baselines;

/// <summary>What a comparison found.</summary>
/// <param name="Findings">What is weaker than before, one finding each (HRD0017), sorted.</param>
/// <param name="Summary">What is different, for people: one line each, unescaped, the code that would run first.</param>
public sealed record BaselineResult(IReadOnlyList<Finding> Findings, IReadOnlyList<string> Summary);

/// <summary>
/// Compares what protects a repository with what protected it at the baseline. A function of its two arguments: it reads nothing.
/// </summary>
public static class BaselineComparison
{
    /// <summary>Compares.</summary>
    /// <param name="before">The protected branch.</param>
    /// <param name="after">What a pull request would make of it. Places of findings are in its files.</param>
    public static BaselineResult Compare(BaselineSnapshot before, BaselineSnapshot after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var weakenings = new Weakenings(before, after);
        LockfileComparison.Compare(before, after, weakenings);
        SourcesComparison.Compare(before, after, weakenings);
        ControlComparison.Compare(before, after, weakenings);
        BuildFilesComparison.Compare(before, after, weakenings);
        PolicyComparison.Compare(before, after, weakenings);
        WorkflowComparison.Compare(before, after, weakenings);
        return new BaselineResult(weakenings.Sorted, BaselineSummary.Of(before, after));
    }
}
