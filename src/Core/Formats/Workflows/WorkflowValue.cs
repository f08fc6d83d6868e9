using Hardening.Inputs;

namespace Hardening.Formats.Workflows;

/// <summary>Where in a workflow or action something from outside is named.</summary>
public enum WorkflowPlace
{
    /// <summary>The <c>uses</c> of a step.</summary>
    Step,

    /// <summary>The <c>uses</c> of a job: a reusable workflow.</summary>
    Job,

    /// <summary>The container of a job.</summary>
    Container,

    /// <summary>A service of a job.</summary>
    Service,

    /// <summary>The image of a Docker action.</summary>
    ActionImage,
}

/// <summary>A value of a workflow or action that names something from outside.</summary>
/// <param name="Place">Where.</param>
/// <param name="Value">The value, after quotes and escapes are taken away.</param>
/// <param name="Span">Where it stands, quotes not counted.</param>
/// <param name="Raw">The text at the span; another than the value where it has escapes or several lines.</param>
public sealed record WorkflowValue(WorkflowPlace Place, string Value, SourceSpan Span, string Raw)
{
    /// <summary>Whether an edit may replace the text at the span: it stands on one line, and nothing of it is written otherwise than it is read.</summary>
    public bool IsEditable { get; init; }

    /// <summary>Where a comment begins on the same line, or where one could be put; -1 where none can: in brackets and in blocks.</summary>
    public int CommentStart { get; init; } = -1;

    /// <summary>The comment after <see cref="CommentStart"/>, with its <c>#</c>; empty if there is none.</summary>
    public string Comment { get; init; } = string.Empty;
}
