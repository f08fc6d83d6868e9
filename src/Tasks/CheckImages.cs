using Hardening.Ecosystems.Images;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Asks the registries whether what is locked of images is still so: tags that moved, images that are gone. Once in a build.</summary>
[MSBuildMultiThreadableTask]
public sealed class CheckImages : ImagesTask
{
    /// <inheritdoc/>
    protected override void Run()
    {
        if (Load() is not var (stored, policy))
        {
            return;
        }

        var mark = $"registries\n{Root}\n{stored.Digest}\n{policy.Digest}";
        if (MarkVerified.IsMarked(BuildEngine4, mark) || Open() is not { } client)
        {
            return;
        }

        using (client)
        {
            var upstream = new ImagesUpstream(stored.Lockfile!.Images, ObserveImages(Root, policy), stored.Path, client);
            Report(policy.Decide(upstream.CheckAsync(Cancellation).GetAwaiter().GetResult()));
        }

        if (!Log.HasLoggedErrors)
        {
            MarkVerified.Mark(BuildEngine4, mark);
            Tell([$"{stored.Lockfile!.Images.Digests.Count} images were compared with their registries."]);
        }
    }
}
