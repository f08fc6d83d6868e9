using Hardening.Formats.Workflows;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>Finds what the runner looks up in actions.lock for a workflow.</summary>
internal sealed class WorkflowReferences(RepositoryUses uses)
{
    private readonly ILookup<string, LocalActionUses> actions = uses.LocalActions.ToLookup(a => a.Folder, StringComparer.Ordinal);

    /// <summary>
    /// The references of a workflow to other repositories and those of the actions of its own repository that it uses, each with the place where it stands,
    /// and the workflows of its own repository that it calls. An action of the same repository comes with the commit that runs and needs no entry itself.
    /// </summary>
    internal List<PlacedUses> Of(WorkflowUses workflow)
    {
        var found = new List<PlacedUses>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var files = new Queue<IReadOnlyList<PlacedUses>>([workflow.Direct]);
        while (files.TryDequeue(out var file))
        {
            foreach (var use in file)
            {
                if (use.Uses.Form == UsesForm.Repository || IsLocalWorkflow(use))
                {
                    found.Add(use);
                }
                else if (use.Uses.Form == UsesForm.Local && seen.Add(use.Uses.Path))
                {
                    foreach (var action in actions[use.Uses.Path])
                    {
                        files.Enqueue(action.Direct);
                    }
                }
            }
        }

        return found;
    }

    internal static bool IsLocalWorkflow(PlacedUses use) => use.Uses.Form == UsesForm.Local && use.Uses.IsWorkflow;
}
