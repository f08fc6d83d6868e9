using Hardening.Findings;

namespace Hardening.Ecosystems.Actions;

/// <summary>A workflow, or the file of an action, of the repository.</summary>
/// <param name="Path">Relative to the root, with <c>/</c>.</param>
/// <param name="Uses">What it uses, in the order of the text.</param>
/// <param name="Findings">Why there may be more in it than was found.</param>
public sealed record WorkflowFile(string Path, IReadOnlyList<WorkflowUse> Uses, IReadOnlyList<Finding> Findings)
{
    private const string Workflows = ".github/workflows/";

    /// <summary>Where GitHub expects its own lockfile.</summary>
    public const string ActionsLock = Workflows + "actions.lock";

    /// <summary>Whether a file with this name may be one that matters here.</summary>
    public static bool IsWanted(ReadOnlySpan<char> name) =>
        name.EndsWith(".yml", StringComparison.Ordinal) || name.EndsWith(".yaml", StringComparison.Ordinal) || name.SequenceEqual("actions.lock");

    /// <summary>Whether GitHub takes a file for a workflow: directly in the folder of workflows, in just this case.</summary>
    public static bool IsWorkflow(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith(Workflows, StringComparison.Ordinal) && path.IndexOf('/', Workflows.Length) < 0
            && (path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal));
    }

    /// <summary>Whether the runner takes a file for that of an action.</summary>
    public static bool IsAction(string path) => System.IO.Path.GetFileName(path) is "action.yml" or "action.yaml";
}
