using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Hardening.EndToEnd.Tests;

/// <summary>A workflow with one job, as it is written.</summary>
internal sealed partial class WorkflowFile
{
    private readonly YamlMappingNode root;

    private WorkflowFile(YamlMappingNode root) => this.root = root;

    /// <summary>The job.</summary>
    internal YamlMappingNode Job => (YamlMappingNode)((YamlMappingNode)root["jobs"]).Children.Single().Value;

    internal IEnumerable<WorkflowStep> Steps => ((YamlSequenceNode)Job["steps"]).Select(step => new WorkflowStep((YamlMappingNode)step));

    internal static WorkflowFile Read(string path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(path);
        stream.Load(reader);
        return new WorkflowFile((YamlMappingNode)stream.Documents.Single().RootNode);
    }

    /// <summary>What every job has unless it says otherwise.</summary>
    internal IReadOnlyDictionary<string, string> Permissions => Map((YamlMappingNode)root["permissions"]);

    internal IReadOnlyDictionary<string, string> JobPermissions => Map((YamlMappingNode)Job["permissions"]);

    /// <summary>What the runner sets for a step: the job's environment and the step's, with every expression replaced.</summary>
    internal Dictionary<string, string?> Environment(WorkflowStep step, IReadOnlyDictionary<string, string> expressions)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var node in new[] { Job, step.Node })
        {
            if (node.Children.TryGetValue("env", out var env))
            {
                foreach (var (name, value) in Map((YamlMappingNode)env))
                {
                    environment[name] = Expression.Replace(value, match => expressions[match.Groups["name"].Value]);
                }
            }
        }

        return environment;
    }

    private static Dictionary<string, string> Map(YamlMappingNode node) => node.Children.ToDictionary(p => p.Key.ToString(), p => p.Value.ToString());

    [GeneratedRegex(@"\$\{\{ *(?<name>[^ }]+) *\}\}")]
    private static partial Regex Expression { get; }
}

/// <summary>A step of a workflow.</summary>
internal sealed record WorkflowStep(YamlMappingNode Node)
{
    /// <summary>The action, or null.</summary>
    internal string? Uses => Node.Children.TryGetValue("uses", out var uses) ? uses.ToString() : null;

    /// <summary>The script, or null.</summary>
    internal string? Run => Node.Children.TryGetValue("run", out var run) ? run.ToString() : null;

    internal string? With(string name) => Node.Children.TryGetValue("with", out var with) && ((YamlMappingNode)with).Children.TryGetValue(name, out var value) ? value.ToString() : null;
}
