using Hardening.Findings;
using Hardening.Formats.Images;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Ecosystems.Images;

/// <summary>
/// Decides on what the .NET SDK publishes a project's container. Where no file names the image there is none to pin, so the locked digest is handed to the build itself.
/// </summary>
public sealed class ContainerBases
{
    private readonly ImagesSection section;
    private readonly LockedImages locked;
    private readonly ImagePermissions permissions;
    private readonly Dictionary<string, string> replacements;

    /// <summary>By a lockfile and a policy.</summary>
    public ContainerBases(ImagesSection section, ImagesPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(policy);
        this.section = section;
        locked = new LockedImages(section);
        permissions = new ImagePermissions(policy);
        replacements = policy.Replace.ToDictionary(r => r.From, r => r.To, StringComparer.Ordinal);
    }

    /// <summary>The image to publish on, with its digest, or why it may not be published on.</summary>
    /// <param name="project">The project, relative to the root.</param>
    /// <param name="place">Where the project is.</param>
    /// <param name="image">The image as the .NET SDK computed it, or as the project says.</param>
    /// <param name="inject">Whether the digest is put in; else it has to be there.</param>
    /// <returns>The image, null if nothing is to be changed; and what was found.</returns>
    public (string? Image, IReadOnlyList<Finding> Findings) Decide(string project, SourcePlace place, string image, bool inject)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (ImageName.Parse(image) is not { } name)
        {
            return (null, [new Finding(FindingCodes.ContainerBaseNotLocked, $"The container would be published on `{image}`, which is no name of an image.", place, "set ContainerBaseImage to name:tag") { Input = image }]);
        }

        var findings = new List<Finding>();
        if (permissions.FaultOf(name.Name) is { } fault)
        {
            findings.Add(new Finding(FindingCodes.ImageForbidden, $"The container would be published on {name.Name}, which {fault}.", place, $"set ContainerBaseImage to another image; or have {Policy.FileName} permit it") { Input = name.Reference });
        }

        if (replacements.GetValueOrDefault(name.Name) is { } other)
        {
            findings.Add(new Finding(FindingCodes.ImageReplaced, $"The container would be published on {name.Name}, but the policy demands {other} in its place.", place, $"set ContainerBaseImage to {other}, then {Commands.Update}") { Input = name.Reference });
        }

        var entry = section.Bases.GetValueOrDefault(project)?.GetValueOrDefault(name.Reference) is { } key && name.Digest.Length == 0 ? locked.Find(key) : locked.Find(name);
        if (entry is null)
        {
            findings.Add(new Finding(FindingCodes.ContainerBaseNotLocked, $"The container would be published on {image}, which is not in the lockfile.", place, Commands.Update, section.IsBaseline ? null : Severity.Warning) { Input = name.Reference });
            return (null, findings);
        }

        if (name.Digest.Length > 0)
        {
            return (null, findings);
        }

        var pinned = $"{image}@{entry.Digest}";
        if (!inject)
        {
            findings.Add(new Finding(FindingCodes.ContainerBaseNotPinned, $"The container would be published on whatever {image} is now; the lockfile has {entry.Digest}.", place, $"set ContainerBaseImage to {pinned}; or leave out HardeningInjectContainerDigest=false") { Input = name.Reference });
            return (null, findings);
        }

        return (pinned, findings);
    }
}
