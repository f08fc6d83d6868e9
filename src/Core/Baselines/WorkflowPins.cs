using Hardening.Ecosystems.Actions;
using Hardening.Formats.Images;
using Hardening.Formats.Workflows;
using Hardening.Formats.Yaml;

namespace Hardening.Baselines;

/// <summary>What a workflow or action names from outside, as far as a comparison looks at it.</summary>
/// <param name="Path">Relative to the git root.</param>
/// <param name="Uses">Actions, reusable workflows and images, in the order of the text.</param>
/// <param name="Expressions">The lines on which an expression decides what runs.</param>
/// <param name="Problem">Why there may be more in it than was found; null if all was read.</param>
internal sealed record WorkflowPins(string Path, IReadOnlyList<WorkflowPin> Uses, IReadOnlyList<int> Expressions, YamlProblem? Problem)
{
    private static readonly string[] DefaultServers = ["https://github.com", "http://github.com"];

    /// <summary>How many uses are pinned; of one key if one is given.</summary>
    internal int Pinned(string? key = null) => Uses.Count(u => u.IsPinned && (key is null || IsSame(u.Key, key)));

    /// <summary>How many uses of a key are not pinned.</summary>
    internal int Unpinned(string key) => Uses.Count(u => !u.IsPinned && IsSame(u.Key, key));

    /// <summary>Reads a file; whatever it holds, there is an answer.</summary>
    /// <param name="path">Relative to the git root.</param>
    /// <param name="prefix">See <see cref="BaselineSnapshot.Prefix"/>.</param>
    /// <param name="content">The bytes.</param>
    internal static WorkflowPins Read(string path, string prefix, byte[] content)
    {
        // As the build reads it: a workflow may lie where a step takes it for an action, and is run as a workflow all the same.
        var relative = path[prefix.Length..];
        var text = !WorkflowFile.IsAction(relative) ? WorkflowText.OfWorkflow(path, content)
            : WorkflowFile.IsWorkflow(relative) ? WorkflowText.OfBoth(path, content)
            : WorkflowText.OfAction(path, content);
        var uses = text.Values.Select(WorkflowUse.Of).ToList();
        return new WorkflowPins(path, [.. uses.Select(u => Of(path, u)).OfType<WorkflowPin>()], [.. uses.Where(u => u.Uses.Form == UsesForm.Expression).Select(u => u.Value.Span.Line)], text.Problems.Count > 0 ? text.Problems[0] : null);
    }

    private static WorkflowPin? Of(string path, WorkflowUse use)
    {
        if (use.Uses.Form == UsesForm.Repository)
        {
            // The whole repository stands at one commit, so the folder in it makes no difference.
            var key = DefaultServers.Contains(use.Uses.Server, StringComparer.Ordinal) ? use.Uses.Repository : use.Uses.Name;
            return new WorkflowPin(path, key, use.Uses.Name, use.Value.Value, use.Uses.IsPinned, use.Value.Span.Line);
        }

        if (use.Uses.Form == UsesForm.Image)
        {
            var image = ImageText.Parse(use.Uses.Text);
            return new WorkflowPin(path, "docker://" + InFull(image.Name), image.Name, use.Value.Value, image.IsPinned, use.Value.Span.Line);
        }

        return null;
    }

    // One image has several names, and an attacker the choice: alpine, library/alpine, docker.io/alpine. Keys are compared without regard to case.
    private static string InFull(string image) => ImageName.Parse(image.ToLowerInvariant())?.Name ?? image;

    private static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A place of a workflow or action that names something from outside.</summary>
/// <param name="Path">The file, relative to the git root.</param>
/// <param name="Key">What is named, the same for all of its spellings but for case.</param>
/// <param name="Name">The repository or image as it is written.</param>
/// <param name="Text">The value.</param>
/// <param name="IsPinned">Whether it holds a commit or digest in full.</param>
/// <param name="Line">1-based.</param>
internal sealed record WorkflowPin(string Path, string Key, string Name, string Text, bool IsPinned, int Line);
