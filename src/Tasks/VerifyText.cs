using Hardening.Verification;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Compares what the text of a work tree names with its own lockfile, see <see cref="WrittenCheck"/>.</summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyText : HardeningTask
{
    /// <summary>The repository root of the work tree.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>The folder of the .NET SDK (MSBuildToolsPath).</summary>
    public string ToolsFolder { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Run() => Report(new WrittenCheck(Root, BuiltInSdks.In(ToolsFolder)).Run(Cancellation));
}
