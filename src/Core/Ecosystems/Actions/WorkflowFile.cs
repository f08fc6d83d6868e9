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
        name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || name.SequenceEqual("actions.lock");

    /// <summary>Whether GitHub takes a file for a workflow: directly in the folder of workflows, which is written in just this case. What ends in <c>.YML</c> counts too.</summary>
    public static bool IsWorkflow(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith(Workflows, StringComparison.Ordinal) && path.IndexOf('/', Workflows.Length) < 0
            && (path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether the runner takes a file for that of an action; on Windows and macOS it finds one in any case of letters.</summary>
    public static bool IsAction(string path) =>
        System.IO.Path.GetFileName(path) is { } name && (name.Equals("action.yml", StringComparison.OrdinalIgnoreCase) || name.Equals("action.yaml", StringComparison.OrdinalIgnoreCase));
}
