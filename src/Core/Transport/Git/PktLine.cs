namespace Hardening.Transport.Git;

/// <summary>What a pkt-line is: data, or one of the three that are only a length (gitprotocol-common, gitprotocol-v2).</summary>
internal enum PktKind
{
    Data,
    Flush,
    Delimiter,
    ResponseEnd,
}

/// <summary>A pkt-line. Its data stays until the next one is read.</summary>
internal readonly record struct PktLine(PktKind Kind, ReadOnlyMemory<byte> Data)
{
    /// <summary>The data without the line feed that may end it.</summary>
    internal ReadOnlySpan<byte> Text => Data.Span.EndsWith("\n"u8) ? Data.Span[..^1] : Data.Span;
}
