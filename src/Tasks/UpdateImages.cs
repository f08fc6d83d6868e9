using Hardening.Ecosystems.Images;
using Hardening.Files;
using Hardening.Lockfiles;
using Hardening.Policies;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Updates the lock entries of container images, and writes the digests of tags that were accepted.</summary>
[MSBuildMultiThreadableTask]
public sealed class UpdateImages : ImagesTask
{
    /// <summary>Names in full of images whose tags may have moved, separated by <c>;</c>; <c>*</c> is every one.</summary>
    public string Accept { get; set; } = string.Empty;

    /// <summary>What projects publish their containers on: the project, with the metadata <c>Image</c>.</summary>
    public ITaskItem[] Bases { get; set; } = [];

    /// <summary>Whether <see cref="Bases"/> were looked for.</summary>
    public bool HasBases { get; set; }

    /// <inheritdoc/>
    protected override void Run()
    {
        if (LoadForUpdate() is not var (previous, digest, policy) || policy.Policy.Images.Enforce == Enforcement.Off || Open() is not { } client)
        {
            return;
        }

        using (client)
        {
            var inputs = ObserveImages(Root, policy);
            var request = new ImagesUpdateRequest(inputs, policy.Policy.Images)
            {
                Accept = Accept.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                Bases = HasBases ? [.. Bases.Select(BaseOf).OfType<ContainerBase>()] : null,
            };
            var result = new ImagesUpdate(request, previous.Images, client).RunAsync(Cancellation).GetAwaiter().GetResult();
            Report(policy.Decide([.. inputs.Findings, .. result.Findings]));
            Tell(result.News);
            Save(previous with { Images = result.Section }, digest, result);
        }
    }

    private ContainerBase? BaseOf(ITaskItem item) => RepositoryRoot.Relative(Root, item.ItemSpec) is { } project ? new ContainerBase(project, item.GetMetadata("Image")) : null;

    // Files that name another digest are written last: a crash in between is healed by the next update.
    private void Save(Lockfile lockfile, string digest, ImagesUpdateResult result)
    {
        if (LockfileStore.Save(Root, lockfile, digest, out var written) is { } finding)
        {
            Report(finding);
            return;
        }

        var pins = ImagePins.Write(Root, result.Moves);
        Report(pins.Findings);
        Tell(pins.News);
        var count = lockfile.Images.Digests.Count;
        Tell([$"{Path.Combine(Root, Lockfile.FileName)}: {(written ? "written" : "unchanged")}, {count} {(count == 1 ? "image" : "images")}."]);
    }
}
