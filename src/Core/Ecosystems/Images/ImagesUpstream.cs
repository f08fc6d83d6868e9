using System.Collections.Concurrent;
using System.Globalization;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Formats.Images;
using Hardening.Transport;
using Hardening.Transport.Oci;

namespace Hardening.Ecosystems.Images;

/// <summary>Asks the registries whether what the lockfile says of images is still so: upstream drift.</summary>
public sealed class ImagesUpstream
{
    private readonly ImagesSection section;
    private readonly string lockfile;
    private readonly OciClient client;
    private readonly Dictionary<string, SourcePlace> places = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Finding> findings = [];

    /// <summary>Prepares the questions.</summary>
    /// <param name="section">The lock entries.</param>
    /// <param name="inputs">What the repository names: where a finding is shown.</param>
    /// <param name="lockfile">Full path of the lockfile, for entries that no file names.</param>
    /// <param name="client">Asks the registries.</param>
    public ImagesUpstream(ImagesSection section, ImageInputs inputs, string lockfile, OciClient client)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(inputs);
        this.section = section;
        this.lockfile = lockfile;
        this.client = client;
        var locked = new LockedImages(section);
        foreach (var use in inputs.Uses)
        {
            if (use.Name is { } name && locked.Find(name) is { } entry)
            {
                places.TryAdd(entry.Key, use.Value.Span.Place);
            }
        }
    }

    /// <summary>The findings of all lock entries.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(section.Digests.Values.Select(e => CheckAsync(e, cancellation))).ConfigureAwait(false);
        return Finding.Sorted(findings);
    }

    private async Task CheckAsync(ImageEntry entry, CancellationToken cancellation)
    {
        var name = ImageName.Parse(entry.Key)!;
        try
        {
            switch (await client.PresenceAsync(name.Registry, name.Repository, entry.Digest, cancellation).ConfigureAwait(false))
            {
                case OciPresence.ManifestGone:
                    Report(FindingCodes.ImageGone, entry, $"{entry.Key} is gone from its registry.", $"take another image: {Commands.UpdateImage(entry.Name)}");
                    break;
                case OciPresence.RepositoryGone:
                    Report(FindingCodes.ImageRepositoryGone, entry, $"The registry has no repository {entry.Name}, or shows it only to others.", "see where its images are now, then write it in the files that name it");
                    return;
            }

            foreach (var tag in entry.Tags)
            {
                await TagAsync(entry, name, tag, cancellation).ConfigureAwait(false);
            }
        }
        catch (TransportException e)
        {
            findings.Add(RegistryFindings.Of(e, entry.Name, PlaceOf(entry)));
        }
    }

    private async Task TagAsync(ImageEntry entry, ImageName name, string tag, CancellationToken cancellation)
    {
        try
        {
            var now = await client.ResolveAsync(name.Registry, name.Repository, tag, cancellation).ConfigureAwait(false);
            // Where two entries have the tag, an update is halfway through, and the later one is right.
            if (now.Digest != entry.Digest && section.Digests.GetValueOrDefault(ImageEntry.KeyOf(entry.Name, now.Digest))?.Tags.Contains(tag) != true)
            {
                var (then, later) = (await CreatedAsync(name, entry.Digest, cancellation).ConfigureAwait(false), await CreatedAsync(name, now.Digest, cancellation).ConfigureAwait(false));
                Report(FindingCodes.ImageTagMoved, entry, $"{entry.Name}:{tag} leads to {now.Digest}{later} now, but the lockfile has {entry.Digest}{then}.", $"have the new image reviewed, then accept it: {Commands.UpdateImage(entry.Name)}");
            }
        }
        catch (TransportException e) when (e.Failure is TransportFailure.Absent)
        {
            Report(FindingCodes.ImageRepositoryGone, entry, $"The tag {tag} of {entry.Name} is gone; the lockfile has {entry.Digest} for it.", "write a tag that is there, or the digest alone");
        }
    }

    // As its author claims; a message that lacks it is still right.
    private async Task<string> CreatedAsync(ImageName name, string digest, CancellationToken cancellation)
    {
        try
        {
            return await client.CreatedAsync(name.Registry, name.Repository, digest, cancellation).ConfigureAwait(false) is { } created
                ? string.Create(CultureInfo.InvariantCulture, $" (made {created.UtcDateTime:yyyy-MM-dd HH:mm} UTC)")
                : string.Empty;
        }
        catch (TransportException)
        {
            return string.Empty;
        }
    }

    private SourcePlace PlaceOf(ImageEntry entry) => places.TryGetValue(entry.Key, out var place) ? place : new SourcePlace(lockfile);

    private void Report(FindingCode code, ImageEntry entry, string message, string command) => findings.Add(new Finding(code, message, PlaceOf(entry), command) { Input = entry.Name });
}
