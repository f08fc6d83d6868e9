using Hardening.Formats.Workflows;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>A reference with its place.</summary>
/// <param name="Uses">The value of <c>uses</c>, taken apart.</param>
/// <param name="Place">Where it stands.</param>
public sealed record PlacedUses(UsesText Uses, SourcePlace Place);

/// <summary>What a workflow names.</summary>
/// <param name="Path">The workflow, relative to the repository root with <c>/</c>.</param>
/// <param name="Direct">Its references: those of steps and those of jobs.</param>
public sealed record WorkflowUses(string Path, IReadOnlyList<PlacedUses> Direct)
{
    /// <summary>Whether the file is there but could not be read, so that nobody can say what it names.</summary>
    public bool IsUnreadable { get; init; }
}

/// <summary>What an action of the same repository names.</summary>
/// <param name="Folder">Its folder, relative to the repository root with <c>/</c>; empty: the root.</param>
/// <param name="Direct">Its references.</param>
public sealed record LocalActionUses(string Folder, IReadOnlyList<PlacedUses> Direct);

/// <summary>What the workflows and actions of a repository name.</summary>
/// <param name="Workflows">The workflows.</param>
/// <param name="LocalActions">The actions that they can use as <c>./folder</c> or <c>$/folder</c>.</param>
public sealed record RepositoryUses(IReadOnlyList<WorkflowUses> Workflows, IReadOnlyList<LocalActionUses> LocalActions);
