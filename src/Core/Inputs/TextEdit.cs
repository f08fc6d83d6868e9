namespace Hardening.Inputs;

/// <summary>One change of a text: what stands at a span, and what is to stand there. Nothing else changes.</summary>
/// <param name="Span">Where; empty where something is put in.</param>
/// <param name="Expected">The text that was found at the span; if another stands there now, the edit is refused.</param>
/// <param name="Replacement">The text to write.</param>
public sealed record TextEdit(SourceSpan Span, string Expected, string Replacement);
