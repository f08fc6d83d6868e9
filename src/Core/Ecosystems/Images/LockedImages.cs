using Hardening.Formats.Images;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Images;

/// <summary>Finds lock entries of container images.</summary>
public sealed class LockedImages
{
    private readonly IReadOnlyDictionary<string, ImageEntry> digests;
    private readonly ILookup<string, ImageEntry> byName;

    /// <summary>Over the entries of a lockfile.</summary>
    public LockedImages(ImagesSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        digests = section.Digests;
        byName = digests.Values.OrderBy(e => e.Digest, StringComparer.Ordinal).ToLookup(e => e.Name, StringComparer.Ordinal);
    }

    /// <summary>The entry with this key; null if there is none.</summary>
    public ImageEntry? Find(string key) => digests.GetValueOrDefault(key);

    /// <summary>The entries of a name in full, sorted by digest.</summary>
    public IEnumerable<ImageEntry> OfName(string name) => byName[name];

    /// <summary>The entries that were taken from a tag. There are two while an update is halfway through.</summary>
    public IReadOnlyList<ImageEntry> OfTag(string name, string tag) => [.. byName[name].Where(e => e.Tags.Contains(tag, StringComparer.Ordinal))];

    /// <summary>The entry that a name leads to: by its digest, else by its tag if that is one entry's alone; null if there is none.</summary>
    public ImageEntry? Find(ImageName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Digest.Length > 0 ? Find(ImageEntry.KeyOf(name.Name, name.Digest)) : OfTag(name.Name, name.EffectiveTag) is [var only] ? only : null;
    }
}
