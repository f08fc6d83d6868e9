namespace Hardening.Inputs;

/// <summary>A place in a file that names an input.</summary>
/// <param name="Kind">What is named.</param>
/// <param name="Name">The name as written.</param>
/// <param name="Version">The version, tag or ref as written; empty if none is written there.</param>
/// <param name="Span">Where the name stands.</param>
/// <param name="Raw">The text at the span.</param>
public sealed record InputReference(InputKind Kind, string Name, string Version, SourceSpan Span, string Raw)
{
    /// <summary>The immutable identity as written: a commit, digest or hash; empty if none is written there.</summary>
    public string Pin { get; init; } = string.Empty;
}
