namespace Hardening.Inputs;

/// <summary>An exact piece of a text file.</summary>
/// <param name="File">Full path.</param>
/// <param name="Line">1-based line of the first character.</param>
/// <param name="Column">1-based column of it, in UTF-16 units.</param>
/// <param name="Start">Offset of the first character in UTF-16 units, a byte order mark not counted.</param>
/// <param name="End">Offset after the last character.</param>
public readonly record struct SourceSpan(string File, int Line, int Column, int Start, int End)
{
    /// <summary>Its beginning.</summary>
    public SourcePlace Place => new(File, Line, Column);
}
