using Hardening.Formats.Yaml;
using Hardening.Inputs;

namespace Hardening.Formats.Workflows;

/// <summary>
/// What a workflow or an action of GitHub Actions names from outside, with exact spans. Only where the runner looks for it: text that merely looks like it,
/// in a script or a comment, is none. The text is hostile input: whatever it holds, the outcome is values and problems, never an exception.
/// </summary>
/// <param name="Values">In the order of the text; what an alias names stands where its anchor is, once.</param>
/// <param name="Problems">Why the text may hold more than was found, or the runner would refuse it.</param>
/// <param name="MergeKeys">Where merge keys stand. They are followed, though GitHub does not take them.</param>
public sealed record WorkflowText(IReadOnlyList<WorkflowValue> Values, IReadOnlyList<YamlProblem> Problems, IReadOnlyList<SourcePlace> MergeKeys)
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int LargestFile = 4 * 1024 * 1024;

    private static readonly YamlLimits Limits = new(LargestFile, Depth: 100, Nodes: 400_000) { TakesAll = true };

    /// <summary>Reads a workflow.</summary>
    /// <param name="file">The path to name in spans.</param>
    /// <param name="utf8">The bytes, with or without a byte order mark.</param>
    public static WorkflowText OfWorkflow(string file, ReadOnlySpan<byte> utf8) => Read(file, utf8, (walk, root) => walk.Workflow(root));

    /// <summary>Reads an action.yml.</summary>
    /// <param name="file">The path to name in spans.</param>
    /// <param name="utf8">The bytes, with or without a byte order mark.</param>
    public static WorkflowText OfAction(string file, ReadOnlySpan<byte> utf8) => Read(file, utf8, (walk, root) => walk.Action(root));

    /// <summary>Reads a file that some take for a workflow and others for an action.</summary>
    /// <param name="file">The path to name in spans.</param>
    /// <param name="utf8">The bytes, with or without a byte order mark.</param>
    public static WorkflowText OfBoth(string file, ReadOnlySpan<byte> utf8) => Read(file, utf8, (walk, root) =>
    {
        walk.Workflow(root);
        walk.Action(root);
    });

    private static WorkflowText Read(string file, ReadOnlySpan<byte> utf8, Action<WorkflowWalk, YamlNode> walk)
    {
        if (YamlText.Decode(utf8, LargestFile, out var problem) is not { } text)
        {
            return new WorkflowText([], [problem!], []);
        }

        var document = YamlDocument.Read(text, Limits, problem);
        var found = new WorkflowWalk(new SourceText(file, text));
        foreach (var root in document.Root is null ? document.Further : [document.Root, .. document.Further])
        {
            walk(found, root);
        }

        return new WorkflowText([.. found.Values.OrderBy(v => v.Span.Start)], [.. document.Problems.Concat(found.Problems).OrderBy(p => p.Line).ThenBy(p => p.Column)], found.MergeKeys);
    }
}
