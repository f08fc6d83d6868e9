using Hardening.Inputs;
using Hardening.Verification;

namespace Hardening.Tool.Inventory;

/// <summary>A reference with its lock entry.</summary>
/// <param name="Kind">What is named.</param>
/// <param name="Name">The name as written.</param>
/// <param name="Ref">The version, tag or branch as written; null if none is.</param>
/// <param name="Pin">The commit or digest as written; null if none is.</param>
/// <param name="Resolved">What the lockfile has for it: the commit, or the version of a package, several separated by <c>;</c>; null if it has nothing.</param>
/// <param name="File">Relative to the root, with <c>/</c>.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Raw">The text at the span.</param>
internal sealed record InventoryEntry(InputKind Kind, string Name, string? Ref, string? Pin, string? Resolved, string File, SourceSpan Span, string Raw)
{
    /// <summary>The ecosystem as the command line and JSON name it.</summary>
    internal string EcosystemName => EcosystemOf.Kind(Kind) switch
    {
        EcosystemSet.Actions => "actions",
        EcosystemSet.Images => "images",
        _ => "nuget",
    };

    /// <summary>The kind as JSON names it.</summary>
    internal string KindName => Kind switch
    {
        InputKind.Package => "package",
        InputKind.MSBuildSdk => "msbuildSdk",
        InputKind.Tool => "tool",
        InputKind.DotNetSdk => "dotnetSdk",
        InputKind.Action => "action",
        InputKind.ReusableWorkflow => "reusableWorkflow",
        InputKind.Image => "image",
        _ => throw new InvalidOperationException($"{Kind} has no name."),
    };
}
