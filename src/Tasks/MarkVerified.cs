using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Keeps, in one node and for one build, that the repository was verified. Reached only if it was.</summary>
[MSBuildMultiThreadableTask]
public sealed class MarkVerified : Microsoft.Build.Utilities.Task
{
    /// <summary>What was verified, as <see cref="VerifyProject"/> put it out.</summary>
    [Required]
    public string Verdict { get; set; } = string.Empty;

    /// <inheritdoc/>
    public override bool Execute()
    {
        BuildEngine4.RegisterTaskObject(Key(Verdict), Verdict, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        return true;
    }

    internal static bool IsMarked(IBuildEngine4 engine, string verdict) => engine.GetRegisteredTaskObject(Key(verdict), RegisteredTaskObjectLifetime.Build) is not null;

    private static string Key(string verdict) => "hardening-verified:" + verdict;
}
