namespace Hardening.Formats.Images;

/// <summary>What one file names of container images.</summary>
/// <param name="Images">In the order of the text.</param>
/// <param name="Problems">Why there may be more, in the order of the text.</param>
public sealed record ImageFile(IReadOnlyList<ImageValue> Images, IReadOnlyList<ImageProblem> Problems);
