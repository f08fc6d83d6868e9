using Hardening.Formats.Images;
using Hardening.Formats;
using Hardening.Formats.Workflows;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Actions;

/// <summary>What one place of a workflow or action uses.</summary>
/// <param name="Value">The value, with its place in the text.</param>
/// <param name="Uses">The value taken apart; an image also where a container or service names it.</param>
public sealed record WorkflowUse(WorkflowValue Value, UsesText Uses)
{
    /// <summary>The reference; null of what is in the repository itself.</summary>
    public InputReference? Reference { get; } = ReferenceOf(Value, Uses);

    /// <summary>Takes a value apart by the place where it stands.</summary>
    public static WorkflowUse Of(WorkflowValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new WorkflowUse(value, value.Place is WorkflowPlace.Container or WorkflowPlace.Service ? ImageOf(value.Value) : UsesText.Parse(value.Value));
    }

    private static UsesText ImageOf(string image) =>
        image.Contains("${{", StringComparison.Ordinal) ? new UsesText(UsesForm.Expression)
        : UsesText.Parse(image.StartsWith("docker://", StringComparison.OrdinalIgnoreCase) ? image : "docker://" + image);

    private static InputReference? ReferenceOf(WorkflowValue value, UsesText uses)
    {
        var kind = value.Place switch
        {
            WorkflowPlace.Step or WorkflowPlace.Job when uses.Form == UsesForm.Image || value.Value.StartsWith("docker://", StringComparison.OrdinalIgnoreCase) => InputKind.Image,
            WorkflowPlace.Step => InputKind.Action,
            WorkflowPlace.Job => InputKind.ReusableWorkflow,
            _ => InputKind.Image,
        };
        if (uses.Form == UsesForm.Image)
        {
            var image = ImageText.Parse(uses.Text);
            return new InputReference(kind, image.Name, image.Tag, value.Span, value.Raw) { Pin = image.Digest };
        }

        return uses.Form switch
        {
            UsesForm.Local => null,
            UsesForm.Repository => new InputReference(kind, uses.Path.Length == 0 ? uses.Name : $"{uses.Name}/{uses.Path}", uses.IsPinned ? string.Empty : uses.Ref, value.Span, value.Raw)
            {
                Pin = uses.IsPinned ? uses.Ref.ToLowerInvariant() : string.Empty,
            },
            _ => new InputReference(kind, value.Value, string.Empty, value.Span, value.Raw),
        };
    }
}
