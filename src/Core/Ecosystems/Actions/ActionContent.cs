using Hardening.Formats.Workflows;
using Hardening.Lockfiles;
using Hardening.Transport.Git;

namespace Hardening.Ecosystems.Actions;

/// <summary>What an action or reusable workflow at a commit uses itself.</summary>
/// <param name="Uses">What it uses, taken apart, and as it is written there.</param>
/// <param name="Refused">What it uses and nobody can lock.</param>
/// <param name="Problem">Why it could not be read, as the end of a sentence; null if it could.</param>
internal sealed record ActionContent(IReadOnlyList<(UsesText Uses, string Words)> Uses, IReadOnlyList<string> Refused, string? Problem)
{
    private const string ImagePrefix = "docker://";
    private const int MostUses = 500;

    /// <summary>Reads it from the tree of the commit.</summary>
    internal static async Task<ActionContent> ReadAsync(GitTree tree, ActionEntry entry, string path, bool isWorkflow, CancellationToken cancellation)
    {
        var folder = path == ActionEntry.RootPath ? string.Empty : path + "/";
        string[] candidates = isWorkflow ? [path] : [folder + "action.yml", folder + "action.yaml"];
        foreach (var candidate in candidates)
        {
            if (tree.Find(candidate) is { IsFile: false })
            {
                return new ActionContent([], [], $"has no plain file {candidate}");
            }

            if (await tree.ReadAsync(candidate, WorkflowText.LargestFile, cancellation).ConfigureAwait(false) is { } bytes)
            {
                return Of(isWorkflow ? WorkflowText.OfWorkflow(candidate, bytes) : WorkflowText.OfAction(candidate, bytes), entry, candidate);
            }
        }

        return !isWorkflow && (tree.Find(folder + "Dockerfile") ?? tree.Find(folder + "dockerfile")) is { IsFile: true }
            ? new ActionContent([], [], null)
            : new ActionContent([], [], $"has no file {string.Join(" or ", candidates)}");
    }

    /// <summary>Takes apart what a commit uses: what it names by path lies in the same commit.</summary>
    internal static UsesText Read(ActionEntry entry, string words)
    {
        var uses = UsesText.Parse(words);
        return uses.Form == UsesForm.Local ? UsesText.Parse($"{entry.Name}{(uses.Path.Length == 0 ? string.Empty : "/" + uses.Path)}@{entry.Commit}") : uses;
    }

    private static ActionContent Of(WorkflowText text, ActionEntry entry, string file)
    {
        if (text.Problems.Count > 0 || text.Values.Count > MostUses)
        {
            return new ActionContent([], [], text.Problems.Count > 0 ? $"has a file {file} that could not be read ({text.Problems[0].Message})" : $"has a file {file} that uses more than {MostUses} others");
        }

        var uses = new Dictionary<string, UsesText>(StringComparer.Ordinal);
        var refused = new List<string>();
        foreach (var use in text.Values.Select(WorkflowUse.Of))
        {
            switch (use.Uses.Form)
            {
                case UsesForm.Image:
                    uses[ImagePrefix + use.Uses.Text] = use.Uses;
                    break;
                case UsesForm.Repository:
                    uses[use.Value.Value] = use.Uses;
                    break;
                case UsesForm.Local when (use.Value.Place == WorkflowPlace.Job || use.Value.Value[0] == '$') && Read(entry, use.Value.Value).Form == UsesForm.Repository:
                    uses[use.Value.Value] = Read(entry, use.Value.Value);
                    break;
                case UsesForm.Local when use.Value.Place != WorkflowPlace.Job && use.Value.Value[0] != '$':
                    // A step's path leads into what the caller has checked out, which is the caller's.
                    break;
                case UsesForm.Expression when use.Value.Place is WorkflowPlace.Container or WorkflowPlace.Service:
                    // An image that is known only when the job runs has nothing that could be locked.
                    break;
                default:
                    refused.Add(use.Value.Value);
                    break;
            }
        }

        return new ActionContent([.. uses.Select(u => (u.Value, u.Key))], refused, null);
    }
}
