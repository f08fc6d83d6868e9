namespace Hardening.Formats.Images;

/// <summary>Why a file may name more images than were found.</summary>
public enum ImageProblemKind
{
    /// <summary>The file is none of its kind, or its builder would refuse it.</summary>
    Refused,

    /// <summary>An image depends on a variable that has no value here; <see cref="ImageProblem.Name"/> is the variable.</summary>
    VariableWithoutValue,
}

/// <summary>A problem with a file that names images.</summary>
/// <param name="Kind">What kind of problem.</param>
/// <param name="Message">What is wrong, as a sentence.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record ImageProblem(ImageProblemKind Kind, string Message, int Line, int Column)
{
    /// <summary>The variable it is about; empty if it is about none.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>What to do about it; empty if the message says it all.</summary>
    public string Remedy { get; init; } = string.Empty;
}
