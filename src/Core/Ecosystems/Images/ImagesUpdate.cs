using Hardening.Findings;
using Hardening.Formats.Images;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Transport;
using Hardening.Transport.Oci;

namespace Hardening.Ecosystems.Images;

/// <summary>What an update of images starts from.</summary>
/// <param name="Inputs">What the files of the repository name.</param>
/// <param name="Policy">The policy.</param>
public sealed record ImagesUpdateRequest(ImageInputs Inputs, ImagesPolicy Policy)
{
    /// <summary>The one name that stands for every image.</summary>
    public const string Everything = "*";

    /// <summary>Names in full of images whose tags may have moved: what they lead to now is accepted, also where a digest is written beside the tag.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>What projects publish their containers on; null: what the previous lockfile says.</summary>
    public IReadOnlyList<ContainerBase>? Bases { get; init; }

    internal bool Accepts(ImageName name) => Accept.Contains(Everything) || Accept.Contains(name.Name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The image that a project publishes its own container on.</summary>
/// <param name="Project">The project, relative to the root, with <c>/</c>.</param>
/// <param name="Image">The image as the .NET SDK computed it, or as the project says.</param>
public sealed record ContainerBase(string Project, string Image);

/// <summary>What an update of images came to.</summary>
/// <param name="Section">The section to write: what could be resolved. What could not has a finding.</param>
/// <param name="Moves">Places with a digest that are to have another one, since the tag beside it was accepted.</param>
/// <param name="Findings">Why something could not be resolved, or was not taken.</param>
/// <param name="News">What changes, a line each.</param>
public sealed record ImagesUpdateResult(ImagesSection Section, IReadOnlyList<ImageMove> Moves, IReadOnlyList<Finding> Findings, IReadOnlyList<string> News);

/// <summary>A place that is to have the digest of an entry.</summary>
/// <param name="Use">The place.</param>
/// <param name="Entry">The entry.</param>
public sealed record ImageMove(ImageUse Use, ImageEntry Entry);

/// <summary>
/// Resolves the images that a repository names to lock entries. What the previous lockfile has is kept without a request; what is new is asked of its registry,
/// concurrently, each image once.
/// </summary>
public sealed class ImagesUpdate
{
    private readonly ImagesUpdateRequest request;
    private readonly ImagesSection previous;
    private readonly OciClient client;
    private readonly LockedImages locked;
    private readonly ImagePermissions permissions;
    private readonly List<Finding> findings = [];
    private readonly Dictionary<ImageName, ImageEntry> resolved = [];
    private readonly HashSet<string> unresolved = new(StringComparer.Ordinal);

    /// <summary>Prepares an update.</summary>
    /// <param name="request">What it starts from.</param>
    /// <param name="previous">The section before.</param>
    /// <param name="client">Asks the registries.</param>
    public ImagesUpdate(ImagesUpdateRequest request, ImagesSection previous, OciClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        this.request = request;
        this.previous = previous;
        this.client = client;
        locked = new LockedImages(previous);
        permissions = new ImagePermissions(request.Policy);
    }

    /// <summary>Resolves everything.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ImagesUpdateResult> RunAsync(CancellationToken cancellation)
    {
        var uses = request.Inputs.Uses.Where(u => u.Name is not null).ToList();
        var bases = Bases();
        var needs = uses.Select(u => (Name: u.Name!, u.Value.Span.Place, IsComputed: false))
            .Concat(bases.Select(b => (b.Name, Place: new SourcePlace(b.Project), IsComputed: true)))
            .Where(n => IsPermitted(n.Name, n.Place)).DistinctBy(n => n.Name).ToList();
        var found = await Task.WhenAll(needs.Select(n => ResolveAsync(n.Name, n.Place, n.IsComputed, cancellation))).ConfigureAwait(false);
        foreach (var (need, entry) in needs.Zip(found))
        {
            if (entry is null)
            {
                unresolved.Add(need.Name.Name);
            }
            else
            {
                resolved[need.Name] = entry;
            }
        }

        var section = Section(uses, bases);
        List<ImageMove> moves = [.. uses.Where(u => u.IsPinned && resolved.TryGetValue(u.Name!, out var entry) && entry.Digest != u.Name!.Digest).Select(u => new ImageMove(u, section.Digests[resolved[u.Name!].Key]))];
        return new ImagesUpdateResult(section, moves, Finding.Sorted(findings), News(section));
    }

    private List<(string Project, ImageName Name)> Bases()
    {
        var bases = request.Bases?.Select(b => (b.Project, Name: ImageName.Parse(b.Image)))
            ?? previous.Bases.SelectMany(p => p.Value.Keys.Select(r => (Project: p.Key, Name: ImageName.Parse(r))));
        return [.. bases.Where(b => b.Name is not null).Select(b => (b.Project, b.Name!)).Distinct()];
    }

    // What may not be used is not asked for either; what was locked of it stays, so that a later update does not accept another one unseen.
    private bool IsPermitted(ImageName name, SourcePlace place)
    {
        if (permissions.FaultOf(name.Name) is not { } fault)
        {
            return true;
        }

        unresolved.Add(name.Name);
        findings.Add(new Finding(FindingCodes.ImageForbidden, $"{name.Name} {fault}.", place, $"use another image; or have {Policy.FileName} permit it") { Input = name.Reference });
        return false;
    }

    private async Task<ImageEntry?> ResolveAsync(ImageName name, SourcePlace place, bool isComputed, CancellationToken cancellation)
    {
        var accepts = request.Accepts(name) && name.EffectiveTag.Length > 0;
        if (!accepts && locked.Find(name) is { } known)
        {
            return known;
        }

        try
        {
            var digest = name.Digest.Length > 0 && !accepts ? name.Digest
                : (await client.ResolveAsync(name.Registry, name.Repository, name.EffectiveTag, cancellation).ConfigureAwait(false)).Digest;
            if (locked.Find(ImageEntry.KeyOf(name.Name, digest)) is { } same)
            {
                return same;
            }

            var manifest = await client.ManifestAsync(name.Registry, name.Repository, digest, cancellation).ConfigureAwait(false);
            return new ImageEntry(name.Name, digest) { MediaType = manifest.Descriptor.MediaType, Platforms = manifest.Platforms };
        }
        catch (TransportException e)
        {
            // A container that nobody publishes must not keep a repository from being locked; who publishes it is stopped before any pull.
            var finding = RegistryFindings.Of(e, name.Digest.Length > 0 ? $"{name.Name}@{name.Digest}" : name.Reference, place);
            lock (findings)
            {
                findings.Add(isComputed ? finding with { SeverityOverride = Severity.Message, Message = $"{finding.Message} A container on it cannot be published until it is locked." } : finding);
            }

            return null;
        }
    }

    // The entries that something still leads to, each with the tags that lead to it. A tag leaves an entry only for another one.
    private ImagesSection Section(List<ImageUse> uses, List<(string Project, ImageName Name)> bases)
    {
        var tags = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var entries = new Dictionary<string, ImageEntry>(StringComparer.Ordinal);
        foreach (var name in uses.Select(u => u.Name!).Concat(bases.Select(b => b.Name)))
        {
            if (resolved.TryGetValue(name, out var entry))
            {
                entries[entry.Key] = entry;
                var known = tags.TryGetValue(entry.Key, out var set) ? set : tags[entry.Key] = new(StringComparer.Ordinal);
                if (name.EffectiveTag.Length > 0)
                {
                    known.Add(name.EffectiveTag);
                }
            }
        }

        foreach (var entry in previous.Digests.Values.Where(e => unresolved.Contains(e.Name)))
        {
            entries.TryAdd(entry.Key, entry);
            tags.TryAdd(entry.Key, new(StringComparer.Ordinal));
        }

        foreach (var entry in entries.Values)
        {
            var others = entries.Values.Where(e => e.Name == entry.Name && e.Key != entry.Key).SelectMany(e => tags[e.Key]).ToHashSet(StringComparer.Ordinal);
            tags[entry.Key].UnionWith(previous.Digests.GetValueOrDefault(entry.Key)?.Tags.Where(t => !others.Contains(t)) ?? []);
        }

        var based = bases.Where(b => resolved.ContainsKey(b.Name)).GroupBy(b => b.Project, StringComparer.Ordinal).ToDictionary(
            g => g.Key, IReadOnlyDictionary<string, string> (g) => g.DistinctBy(b => b.Name.Reference).ToDictionary(b => b.Name.Reference, b => resolved[b.Name].Key, StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (project, images) in previous.Bases.Where(p => bases.Any(b => b.Project == p.Key && !resolved.ContainsKey(b.Name))))
        {
            based[project] = LockfileMerge.Union(based.GetValueOrDefault(project) ?? new Dictionary<string, string>(), images.Where(i => entries.ContainsKey(i.Value)).ToDictionary(StringComparer.Ordinal));
        }

        return new ImagesSection
        {
            // The first time, what could not be resolved is no drift yet.
            IsBaseline = previous.IsBaseline || !findings.Exists(f => f.Severity == Severity.Error),
            Bases = based,
            Digests = entries.ToDictionary(e => e.Key, e => e.Value with { Tags = [.. tags[e.Key]] }, StringComparer.Ordinal),
            Unknown = previous.Unknown,
        };
    }

    private List<string> News(ImagesSection section) =>
    [
        .. section.Digests.Values.Where(e => !previous.Digests.ContainsKey(e.Key)).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"  + {e.Name} {(e.Tags.Count == 0 ? "without a tag" : string.Join(", ", e.Tags))} is {e.Digest}"),
        .. previous.Digests.Values.Where(e => !section.Digests.ContainsKey(e.Key)).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"  - {e.Name} {e.Digest} is no longer used"),
    ];
}
