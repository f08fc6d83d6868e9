using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Formats.Workflows;

/// <summary>The container images that workflows and actions name, as every other file's are seen.</summary>
public static class WorkflowImages
{
    private const string Scheme = "docker://";

    /// <summary>The image that a value names; null if it names something else.</summary>
    public static ImageValue? Of(WorkflowValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var hasScheme = value.Value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        var isContainer = value.Place is WorkflowPlace.Container or WorkflowPlace.Service;
        if (value.Value.Length == 0 || (!hasScheme && !isContainer))
        {
            return null;
        }

        var image = hasScheme ? value.Value[Scheme.Length..] : value.Value;
        return new ImageValue(ImagePlace.Workflow, image, value.Span, value.Raw)
        {
            Pin = value.IsEditable && ImageName.Parse(image) is not null ? PinOf(value) : null,
            Obstacle = "is written in a way that is not edited",
        };
    }

    private static TextEdit PinOf(WorkflowValue value)
    {
        var at = value.Raw.IndexOf('@', StringComparison.Ordinal);
        var start = value.Span.Start + (at < 0 ? value.Raw.Length : at);
        return new TextEdit(value.Span with { Start = start, Column = value.Span.Column + start - value.Span.Start }, at < 0 ? string.Empty : value.Raw[at..], string.Empty);
    }
}
