using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Images;

/// <summary>A place of the repository that names a container image.</summary>
/// <param name="Path">The file, relative to the root, with <c>/</c>.</param>
/// <param name="Value">The place.</param>
public sealed record ImageUse(string Path, ImageValue Value)
{
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
}
