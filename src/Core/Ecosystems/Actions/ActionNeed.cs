using Hardening.Formats.Workflows;

namespace Hardening.Ecosystems.Actions;

/// <summary>A path of a repository at a ref or commit that has to have a lock entry.</summary>
/// <param name="Uses">What names it.</param>
/// <param name="Origin">The place in the repository that leads to it.</param>
/// <param name="Through">The actions between the place and it, outermost first; empty where the place names it itself.</param>
internal sealed record ActionNeed(UsesText Uses, WorkflowUse Origin, IReadOnlyList<string> Through)
{
    /// <summary>The tag that it was chosen by, which is to stand in the entry; empty if none was.</summary>
    internal string Tag { get; init; } = string.Empty;

    /// <summary>What a finding about it is about.</summary>
    internal string Input => $"{Uses.Name}@{Uses.Ref}";

    /// <summary>What two needs have in common that are the same.</summary>
    internal (string Name, string Path, string Ref) Key => (Uses.Name.ToLowerInvariant(), ActionRefs.PathOf(Uses), Uses.IsPinned ? Uses.Ref.ToLowerInvariant() : Uses.Ref);

    /// <summary>How the place leads to it, as the end of a sentence.</summary>
    internal string Way => Through.Count == 0 ? string.Empty : $" (used through {string.Join(" → ", Through.Select(t => $"`{t}`"))})";
}
