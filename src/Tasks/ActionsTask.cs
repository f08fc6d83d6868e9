using Hardening.Ecosystems.Actions;
using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Tasks;

/// <summary>What the tasks have in common that ask the hosts of actions.</summary>
public abstract class ActionsTask : RepositoryTask
{
    /// <summary>The host of actions that are named without one, as <c>https://host</c>; of the command line or the environment.</summary>
    public string GitHubServer { get; set; } = string.Empty;

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
}
