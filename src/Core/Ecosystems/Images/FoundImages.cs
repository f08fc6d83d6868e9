using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Images;

/// <summary>A file of the repository that may name container images.</summary>
/// <param name="Path">Relative to the root, with <c>/</c>.</param>
/// <param name="Uses">What it names, in the order of the text.</param>
/// <param name="Problems">Why there may be more.</param>
public sealed record FoundImages(string Path, IReadOnlyList<ImageUse> Uses, IReadOnlyList<ImageProblem> Problems);

/// <summary>A place of the repository that names a container image.</summary>
/// <param name="Value">The place.</param>
/// <param name="Name">The name in full; null where the text is no name of an image, or is known only later.</param>
public sealed record ImageUse(ImageValue Value, ImageName? Name)
{
    /// <summary>Takes the name apart.</summary>
    public static ImageUse Of(ImageValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ImageUse(value, ImageName.Parse(value.Value));
    }

    /// <summary>The reference: the name as it is written, variables expanded, on the line on which the instruction begins, as builders count.</summary>
    public InputReference Reference
    {
        get
        {
            var text = ImageText.Parse(Value.Value);
            var span = Value.InstructionLine > 0 ? Value.Span with { Line = Value.InstructionLine } : Value.Span;
            return new InputReference(InputKind.Image, text.Name, text.Tag, span, Value.Raw) { Pin = text.Digest };
        }
    }

    /// <summary>Whether the digest is written.</summary>
    internal bool IsPinned => Name?.Digest.Length > 0;
}
