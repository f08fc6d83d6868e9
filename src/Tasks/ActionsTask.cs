using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.NuGet;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Reporting;
using Hardening.Policies;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>A task over the actions and workflows of a repository.</summary>
public abstract class ActionsTask : HardeningTask
{
    /// <summary>The repository root.</summary>
    [Required]
    public string Root { get; set; } = string.Empty;

    /// <summary>The host of actions that are named without one, as <c>https://host</c>; of the command line or the environment.</summary>
    public string GitHubServer { get; set; } = string.Empty;

    /// <summary>What the repository uses.</summary>
    private protected static WorkflowInputs Observe(string root, RepositoryPolicy policy) =>
        WorkflowInputs.Observe(root, RepositoryFiles.Find(root, WorkflowFile.IsWanted, policy.Excludes, NuGetSettings.PackageFolders(root)));

    /// <summary>What asks the hosts; null where the server that the user names is none.</summary>
    private protected ActionHosts? Open()
    {
        try
        {
            return new ActionHosts(Root, GitHubServer);
        }
        catch (ArgumentException e)
        {
            Report(new Finding(FindingCodes.GitAddressRefused, $"HardeningGitHubServer or GITHUB_SERVER_URL: {e.Message}", SourcePlace.None, "-p:HardeningGitHubServer=https://host"));
            return null;
        }
    }

    /// <summary>Logs what happened, a line each.</summary>
    private protected void Tell(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Log.LogMessage(MessageImportance.High, "{0}", SinkText.ForLog(line));
        }
    }
}
