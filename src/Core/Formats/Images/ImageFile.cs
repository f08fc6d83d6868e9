namespace Hardening.Formats.Images;

/// <summary>What one file names of container images.</summary>
/// <param name="Images">In the order of the text.</param>
/// <param name="Problems">Why there may be more, in the order of the text.</param>
public sealed record ImageFile(IReadOnlyList<ImageValue> Images, IReadOnlyList<ImageProblem> Problems)
{
    /// <summary>Paths of Dockerfiles that the file has built, relative to its own folder, with <c>/</c>; they may lie anywhere, and need not exist.</summary>
    public IReadOnlyList<string> Dockerfiles { get; init; } = [];
}
