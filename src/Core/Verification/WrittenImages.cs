using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.Images;
using Hardening.Formats.Images;
using Hardening.Formats.Workflows;

namespace Hardening.Verification;

/// <summary>Hands the images that workflows name, which the ecosystem of actions reads, to that of images.</summary>
public static class WrittenImages
{
    /// <summary>The images of a repository.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="paths">The files of the repository, relative to the root, at least those that <see cref="ImageInputs.IsWanted"/>.</param>
    /// <param name="workflows">What its workflows and actions use.</param>
    /// <param name="memory">What files were read as before; null: each is read.</param>
    public static ImageInputs Observe(string root, IEnumerable<string> paths, WorkflowInputs workflows, ImageMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(workflows);
        return ImageInputs.Observe(root, paths, workflows.Files.SelectMany(f => f.Uses).Select(u => WorkflowImages.Of(u.Value)).OfType<ImageValue>(), memory);
    }
}
