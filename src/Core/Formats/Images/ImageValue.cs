using Hardening.Inputs;

namespace Hardening.Formats.Images;

/// <summary>Where a file names a container image.</summary>
public enum ImagePlace
{
    /// <summary><c>FROM</c> of a Dockerfile.</summary>
    From,

    /// <summary><c>COPY --from</c> or <c>ADD --from</c>, also behind <c>ONBUILD</c>.</summary>
    CopyFrom,

    /// <summary><c>RUN --mount=…,from=</c>, also behind <c>ONBUILD</c>.</summary>
    MountFrom,

    /// <summary>The frontend that a directive <c>syntax</c> of a Dockerfile names: it reads the rest of the file.</summary>
    Syntax,

    /// <summary>A workflow or action of GitHub Actions.</summary>
    Workflow,
}

/// <summary>A place in a file that names a container image.</summary>
/// <param name="Place">What kind of place.</param>
/// <param name="Value">The name as it counts: variables expanded, quotes and escapes taken away, as in <c>alpine:3.19</c>.</param>
/// <param name="Span">Where it stands, quotes included where they are a part of the word.</param>
/// <param name="Raw">The text at the span, variables and all.</param>
public sealed record ImageValue(ImagePlace Place, string Value, SourceSpan Span, string Raw)
{
    /// <summary>The 1-based line on which the instruction begins that the name stands in, as the builder counts and reports it; 0 where that is the line of the name.</summary>
    public int InstructionLine { get; init; }

    /// <summary>
    /// What an edit replaces to pin the image: the digest that is written, from its <c>@</c> on, or the empty place behind the tag. It may lie elsewhere than
    /// <see cref="Span"/>, in the default of an <c>ARG</c>. Null where no edit can be made safely.
    /// </summary>
    public TextEdit? Pin { get; init; }

    /// <summary>Why there is no <see cref="Pin"/>, as the end of a sentence that begins with "it"; empty where there is one.</summary>
    public string Obstacle { get; init; } = string.Empty;
}
