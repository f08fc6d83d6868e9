using Hardening.Ecosystems.Images;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Writes the locked digests into the files that name images. No registry is asked.</summary>
[MSBuildMultiThreadableTask]
public sealed class PinImages : RepositoryTask
{
    /// <inheritdoc/>
    protected override void Run()
    {
        if (Load() is not var (stored, policy))
        {
            return;
        }

        var inputs = ObserveImages(Root, policy);
        var pins = ImagePins.PinAll(Root, inputs, stored.Lockfile!.Images);
        Report(policy.Decide([.. inputs.Findings, .. pins.Findings]));
        Tell(pins.News);
        Tell([$"{pins.News.Count} {(pins.News.Count == 1 ? "place of an image was" : "places of images were")} edited."]);
    }
}
