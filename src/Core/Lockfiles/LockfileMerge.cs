using System.Text.Json;

namespace Hardening.Lockfiles;

/// <summary>Joins the two sides of a merge conflict into what an update can start from.</summary>
public static class LockfileMerge
{
    /// <summary>
    /// Everything of both sides; where both have something else under one key, ours. The result is no baseline yet: an update
    /// observes the repository and keeps of it what is used.
    /// </summary>
    public static Lockfile Merge(Lockfile ours, Lockfile theirs)
    {
        ArgumentNullException.ThrowIfNull(ours);
        ArgumentNullException.ThrowIfNull(theirs);
        return new Lockfile
        {
            Minor = Math.Max(ours.Minor, theirs.Minor),
            Control = Union(ours.Control, theirs.Control),
            Actions = new ActionsSection
            {
                IsBaseline = ours.Actions.IsBaseline || theirs.Actions.IsBaseline,
                Commits = Union(ours.Actions.Commits, theirs.Actions.Commits, (left, right) => left with { Refs = Union(left.Refs, right.Refs), Uses = Union(left.Uses, right.Uses) }),
                Unknown = Union(ours.Actions.Unknown, theirs.Actions.Unknown),
            },
            Images = new ImagesSection
            {
                IsBaseline = ours.Images.IsBaseline || theirs.Images.IsBaseline,
                Bases = Union(ours.Images.Bases, theirs.Images.Bases, (left, right) => Union(left, right)),
                Digests = Union(ours.Images.Digests, theirs.Images.Digests, (left, right) => left with { Tags = [.. left.Tags.Union(right.Tags, StringComparer.Ordinal).Order(StringComparer.Ordinal)] }),
                Unknown = Union(ours.Images.Unknown, theirs.Images.Unknown),
            },
            NuGet = new NuGetSection
            {
                Packages = Union(ours.NuGet.Packages, theirs.NuGet.Packages, (left, right) => left with { Variants = Union(left.Variants, right.Variants) }),
                Projects = Union(ours.NuGet.Projects, theirs.NuGet.Projects),
                MSBuildSdks = Union(ours.NuGet.MSBuildSdks, theirs.NuGet.MSBuildSdks),
                Tools = Union(ours.NuGet.Tools, theirs.NuGet.Tools),
                DotNet = Union(ours.NuGet.DotNet, theirs.NuGet.DotNet),
                Sdks = Union(ours.NuGet.Sdks, theirs.NuGet.Sdks, (left, right) => Union(left, right, (l, r) => Union(l, r))),
                Sources = Union(ours.NuGet.Sources, theirs.NuGet.Sources),
                Unknown = Union(ours.NuGet.Unknown, theirs.NuGet.Unknown),
            },
            Unknown = Union<JsonElement>(ours.Unknown, theirs.Unknown),
        };
    }

    internal static IReadOnlyDictionary<string, T> Union<T>(IReadOnlyDictionary<string, T> ours, IReadOnlyDictionary<string, T> theirs, Func<T, T, T>? join = null)
    {
        var all = new Dictionary<string, T>(theirs, StringComparer.Ordinal);
        foreach (var (key, value) in ours)
        {
            all[key] = join is not null && all.TryGetValue(key, out var other) ? join(value, other) : value;
        }

        return all;
    }
}
