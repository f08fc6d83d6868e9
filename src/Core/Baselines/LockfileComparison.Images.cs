using Hardening.Formats.Images;
using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <content>
/// The entries of images. One for a new image or tag is news, as a package of a new version is; what a tag was locked to changes only with a reviewed baseline, and what
/// stands under a digest is fixed.
/// </content>
internal static partial class LockfileComparison
{
    // A digest is over all that is said of it, so a change is a lie at one of the two sides.
    private static IEnumerable<string> Differences(ImageEntry old, ImageEntry found, string baseline)
    {
        if (old.MediaType.Length > 0 && old.MediaType != found.MediaType)
        {
            yield return found.MediaType.Length == 0
                ? "no longer has its media type, though its digest is the same."
                : $"has the media type {found.MediaType} under the same digest, but {baseline} has {old.MediaType}.";
        }

        foreach (var platform in old.Platforms.Keys.Union(found.Platforms.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (then, now) = (old.Platforms.GetValueOrDefault(platform), found.Platforms.GetValueOrDefault(platform));
            if (then != now)
            {
                yield return $"has {now ?? "nothing"} for {platform} under the same digest, but {baseline} has {then ?? "nothing"}, so another image would be accepted there.";
            }
        }
    }

    // A tag leads to an entry by what the entry says, and by what a project publishes its container on.
    private static IEnumerable<(ImageEntry Entry, string Message)> OtherDigests(ImagesSection then, ImagesSection now, string baseline)
    {
        var before = Tagged(then).ToLookup(t => (t.Entry.Name, t.Tag), t => t.Entry.Digest);
        foreach (var (entry, tag) in Tagged(now).Distinct().OrderBy(t => t.Entry.Key, StringComparer.Ordinal).ThenBy(t => t.Tag, StringComparer.Ordinal))
        {
            var old = before[(entry.Name, tag)].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            if (old.Count > 0 && !old.Contains(entry.Digest, StringComparer.Ordinal))
            {
                yield return (entry, $"{entry.Name}:{tag} is {entry.Digest}, but {baseline} has {string.Join(" and ", old)} for it.");
            }
        }
    }

    // A tag leaves an entry only for another one; without it nobody would notice that it moved.
    private static IEnumerable<(ImageEntry Entry, string Message)> LostTags(ImagesSection then, ImagesSection now)
    {
        var still = Tagged(now).Select(t => (t.Entry.Name, t.Tag)).ToHashSet();
        return from entry in now.Digests.Values
               where then.Digests.ContainsKey(entry.Key)
               from tag in then.Digests[entry.Key].Tags
               where !still.Contains((entry.Name, tag))
               select (entry, $"{entry.Key} no longer says that it was taken from the tag {tag}, so nobody would notice when that moves.");
    }

    // What takes the place of another reference, as that of a later .NET, is news; it has an entry of its own.
    private static IEnumerable<(string Input, string Message)> Bases(ImagesSection then, ImagesSection now, Func<string, bool> isThere, string baseline)
    {
        foreach (var (project, old) in then.Bases.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var found = now.Bases.GetValueOrDefault(project, Map<string>.Empty);
            if (old.Count > 0 && found.Count == 0 && isThere(project))
            {
                yield return (string.Empty, $"The base images of {project} were removed, but the project is still there.");
            }

            foreach (var (reference, key) in old.OrderBy(b => b.Key, StringComparer.Ordinal))
            {
                if (found.TryGetValue(reference, out var other) && other != key)
                {
                    yield return (other, $"{project} publishes its container on {other} for {reference}, but {baseline} has {key}.");
                }
            }
        }
    }

    private static IEnumerable<(ImageEntry Entry, string Tag)> Tagged(ImagesSection section) =>
        section.Digests.Values.SelectMany(e => e.Tags.Select(tag => (e, tag))).Concat(
            from bases in section.Bases.Values
            from used in bases
            where section.Digests.ContainsKey(used.Value)
            select (section.Digests[used.Value], ImageName.Parse(used.Key)?.Tag ?? string.Empty));
}
