namespace Hardening.Inputs;

/// <summary>Where something stands: a file and, if known, a 1-based line and column (0 means unknown).</summary>
/// <param name="File">Full path of the file, or a path as it is to be shown; empty if there is none.</param>
/// <param name="Line">1-based line, 0 if unknown.</param>
/// <param name="Column">1-based column in UTF-16 units, 0 if unknown.</param>
public readonly record struct SourcePlace(string File, int Line = 0, int Column = 0)
{
    /// <summary>No place at all.</summary>
    public static SourcePlace None => new(string.Empty);
}
