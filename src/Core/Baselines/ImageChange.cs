using System.Text.Json;
using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <summary>What a change of the lockfile does to one image.</summary>
/// <param name="Text">The image, its tags and digests, for people.</param>
/// <param name="IsRemoved">Whether nothing new comes with it.</param>
internal sealed record ImageChange(string Text, bool IsRemoved)
{
    private const int DigestDigits = 12;

    /// <summary>All changes.</summary>
    internal static IReadOnlyList<ImageChange> Between(ImagesSection before, ImagesSection after)
    {
        var then = before.Digests.Values.ToLookup(e => e.Name, StringComparer.Ordinal);
        var now = after.Digests.Values.ToLookup(e => e.Name, StringComparer.Ordinal);
        return [.. then.Select(g => g.Key).Union(now.Select(g => g.Key), StringComparer.Ordinal).SelectMany(name => Of(name, [.. then[name]], [.. now[name]]))];
    }

    /// <summary>What projects publish their containers on otherwise than before.</summary>
    internal static IEnumerable<string> OfBases(ImagesSection before, ImagesSection after) =>
        from project in before.Bases.Keys.Union(after.Bases.Keys, StringComparer.Ordinal)
        let then = Described(before, project)
        let now = Described(after, project)
        where then != now
        select $"{project}: {then} -> {now}";

    private static IEnumerable<ImageChange> Of(string name, IReadOnlyList<ImageEntry> then, IReadOnlyList<ImageEntry> now)
    {
        var added = now.ExceptBy(then.Select(e => e.Key), e => e.Key).ToList();
        var removed = then.ExceptBy(now.Select(e => e.Key), e => e.Key).ToList();
        foreach (var entry in now.Except(added))
        {
            var what = Differences(then.First(e => e.Key == entry.Key), entry).ToList();
            if (what.Count > 0)
            {
                yield return new ImageChange($"{name} {Described([entry])}, the same digest with other {string.Join(", ", what)}", false);
            }
        }

        if (added.Count > 0)
        {
            yield return new ImageChange(
                removed.Count > 0 ? $"{name} {Described(removed)} -> {Described(added)}"
                : then.Count > 0 ? $"{name} {Described(added)}, beside {Described(then)}"
                : $"{name} {Described(added)}, new",
                false);
        }
        else if (removed.Count > 0)
        {
            yield return new ImageChange($"{name} {Described(removed)}", true);
        }
    }

    // A tag is what the lockfile claims of a digest, so both are said.
    private static string Described(IEnumerable<ImageEntry> entries) => string.Join(" and ", entries.OrderBy(e => e.Digest, StringComparer.Ordinal)
        .Select(e => e.Tags.Count == 0 ? Short(e.Digest) : $"{string.Join(", ", e.Tags)} ({Short(e.Digest)})"));

    private static string Described(ImagesSection section, string project) => section.Bases.TryGetValue(project, out var bases) && bases.Count > 0
        ? string.Join(" and ", bases.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key} ({Short(b.Value[(b.Value.LastIndexOf('@') + 1)..])})"))
        : "none";

    // Enough for a person to compare, with what hash it is.
    private static string Short(string digest) => digest[..Math.Min(digest.IndexOf(':', StringComparison.Ordinal) + 1 + DigestDigits, digest.Length)];

    private static IEnumerable<string> Differences(ImageEntry old, ImageEntry found)
    {
        if (!old.Tags.Order(StringComparer.Ordinal).SequenceEqual(found.Tags.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            yield return "tags";
        }

        if (old.MediaType != found.MediaType)
        {
            yield return "media type";
        }

        if (old.Platforms.Count != found.Platforms.Count || old.Platforms.Any(p => found.Platforms.GetValueOrDefault(p.Key) != p.Value))
        {
            yield return "platforms";
        }

        foreach (var name in old.Unknown.Keys.Union(found.Unknown.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!old.Unknown.TryGetValue(name, out var left) || !found.Unknown.TryGetValue(name, out var right) || !JsonElement.DeepEquals(left, right))
            {
                yield return name;
            }
        }
    }
}
