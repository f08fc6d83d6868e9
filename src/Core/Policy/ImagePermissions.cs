namespace Hardening.Policies;

/// <summary>Which images a policy permits.</summary>
public sealed class ImagePermissions
{
    private readonly ImagePatterns? allow;
    private readonly ImagePatterns forbid;

    /// <summary>Compiles the lists of a policy.</summary>
    public ImagePermissions(ImagesPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        allow = policy.Allow.Count == 0 ? null : new ImagePatterns(policy.Allow);
        forbid = new ImagePatterns(policy.Forbid);
    }

    /// <summary>Why an image may not be used, as the end of a sentence; null if it may.</summary>
    /// <param name="name">Registry and repository in full.</param>
    public string? FaultOf(string name) =>
        forbid.Matches(name) ? $"is forbidden by {Policy.FileName}"
        : allow?.Matches(name) == false ? $"is not among the images that {Policy.FileName} allows"
        : null;
}
