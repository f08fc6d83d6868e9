using Hardening.Findings;
using Hardening.Formats.Images;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Ecosystems.Images;

/// <summary>Compares the images that files name with the lockfile and the policy. A pure function: no registry is asked.</summary>
public sealed class ImagesVerifier
{
    private const int MostShown = 3;

    private readonly LockedImages locked;
    private readonly ImagePermissions permissions;
    private readonly Dictionary<string, string> replacements;
    private readonly List<Finding> findings = [];

    /// <summary>Prepares the comparison.</summary>
    public ImagesVerifier(ImagesSection section, ImagesPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        locked = new LockedImages(section);
        permissions = new ImagePermissions(policy);
        replacements = policy.Replace.ToDictionary(r => r.From, r => r.To, StringComparer.Ordinal);
    }

    /// <summary>The findings of everything that is named.</summary>
    public IReadOnlyList<Finding> Verify(ImageInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        findings.AddRange(inputs.Findings);
        foreach (var use in inputs.Uses)
        {
            Verify(use);
        }

        return findings;
    }

    private void Verify(ImageUse use)
    {
        if (use.Name is not { } name)
        {
            Report(FindingCodes.ImageUnpinnable, use, $"`{use.Value.Value}` is no name of an image, or is known only later, so nobody can say what runs.", "write the image with its digest, as in name:tag@sha256:…");
            return;
        }

        Permitted(use, name);
        if (name.Digest.Length > 0)
        {
            Pinned(use, name);
        }
        else
        {
            Unpinned(use, name);
        }
    }

    private void Permitted(ImageUse use, ImageName name)
    {
        if (permissions.FaultOf(name.Name) is { } fault)
        {
            Report(FindingCodes.ImageForbidden, use, $"{name.Name} {fault}.", $"use another image; or have {Policy.FileName} permit it");
        }

        if (replacements.GetValueOrDefault(name.Name) is { } other)
        {
            Report(FindingCodes.ImageReplaced, use, $"{name.Name} is used, but the policy demands {other} in its place.", $"write {other}, then {Commands.Update}");
        }
    }

    private void Pinned(ImageUse use, ImageName name)
    {
        if (locked.Find(name) is not { } entry)
        {
            var others = (name.Tag.Length > 0 ? locked.OfTag(name.Name, name.Tag) : []) is { Count: > 0 } tagged ? tagged : [.. locked.OfName(name.Name)];
            if (others.Count > 0)
            {
                Report(FindingCodes.ImageDigestChanged, use, $"{name.Reference} is pinned to {name.Digest}, but the lockfile has {Shown(others)}.", $"take the change back; or accept it: {Commands.Update}");
            }
            else
            {
                Report(FindingCodes.ImageNotLocked, use, $"{name.Name}@{name.Digest} is not in the lockfile.", Commands.Update);
            }

            return;
        }

        if (name.Tag.Length > 0 && !entry.Tags.Contains(name.Tag, StringComparer.Ordinal))
        {
            var owners = locked.OfTag(name.Name, name.Tag);
            Report(FindingCodes.ImageTagWrong, use, $"The tag says {name.Tag}, but the lockfile has {entry.Digest} of {entry.Name} {(entry.Tags.Count == 0 ? "without a tag" : $"as {string.Join(", ", entry.Tags)}")}{(owners.Count == 0 ? string.Empty : $", and {name.Tag} as {owners[0].Digest}")}.",
                $"write the tag that the digest was taken from; or accept it: {Commands.Update}");
        }
    }

    private void Unpinned(ImageUse use, ImageName name)
    {
        var tag = name.EffectiveTag;
        var entries = locked.OfTag(name.Name, tag);
        if (entries.Count == 0)
        {
            Report(FindingCodes.ImageNotLocked, use, $"{name.Reference} is not in the lockfile.", Commands.Update);
            return;
        }

        var named = name.Tag.Length == 0 ? "by no tag, which is `latest`," : $"by the tag `{tag}`,";
        var command = entries.Count > 1 ? $"choose one: write @ and its digest behind the tag, as in {Written(use, entries[0])}"
            : use.Value.Pin is null ? $"write by hand {Written(use, entries[0])}, since it {use.Value.Obstacle}"
            : Commands.Pin;
        Report(tag == ImageName.DefaultTag ? FindingCodes.ImageLatest : FindingCodes.ImageNotPinned, use, $"{name.Name} is named {named} which its owner can move at any time; the lockfile has {Shown(entries)}.", command);
    }

    /// <summary>What to write at a place for an entry: name and tag as they are written there, and the digest.</summary>
    internal static string Written(ImageUse use, ImageEntry entry) => use.IsPinned ? $"{use.Value.Value[..use.Value.Value.IndexOf('@', StringComparison.Ordinal)]}@{entry.Digest}" : $"{use.Value.Value}@{entry.Digest}";

    private static string Shown(IReadOnlyList<ImageEntry> entries) =>
        string.Join(", ", entries.Take(MostShown).Select(e => e.Tags.Count == 0 ? e.Digest : $"{e.Digest} ({string.Join(", ", e.Tags)})")) + (entries.Count > MostShown ? ", …" : string.Empty);

    private void Report(FindingCode code, ImageUse use, string message, string command) =>
        findings.Add(new Finding(code, message, use.Value.Span.Place, command) { Input = InputOf(use) });

    /// <summary>What a finding about a place is about: the name in full with its tag, or its digest.</summary>
    internal static string InputOf(ImageUse use) => use.Name is not { } name ? use.Value.Value
        : name.EffectiveTag.Length > 0 ? name.Reference
        : $"{name.Name}@{name.Digest}";
}
