using System.Text.Json;
using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <summary>What a change of the lockfile weakens: which ones there are, and in the root's what must not change without a new version.</summary>
internal static partial class LockfileComparison
{
    internal static void Compare(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        Places(before, after, weakenings);
        if (before.Lockfile is not { } then || after.Lockfile is not { } now)
        {
            return;
        }

        var path = after.AtRoot(Lockfile.FileName);
        if (now.Minor < then.Minor)
        {
            weakenings.Add(path, $"\"minor\" is {now.Minor}, but {before.Name} has {then.Minor}; codes that came since would only be warnings.");
        }

        Unknown(then.Unknown, now.Unknown, string.Empty);
        Unknown(then.NuGet.Unknown, now.NuGet.Unknown, "nuget.");
        Projects(then.NuGet.Projects, now.NuGet.Projects);
        foreach (var (key, entry) in now.NuGet.Packages)
        {
            if (then.NuGet.Packages.TryGetValue(key, out var old))
            {
                Package(old, entry);
            }
        }

        Unknown(then.Actions.Unknown, now.Actions.Unknown, "actions.");
        Actions(then.Actions, now.Actions);
        Unknown(then.Images.Unknown, now.Images.Unknown, "images.");
        Images(then.Images, now.Images);

        // A member that this version does not know can mean anything to a newer one, which the same pull request may bring.
        void Unknown(IReadOnlyDictionary<string, JsonElement> old, IReadOnlyDictionary<string, JsonElement> found, string at, string input = "")
        {
            foreach (var name in old.Keys.Union(found.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                if (!old.TryGetValue(name, out var left) || !found.TryGetValue(name, out var right) || !JsonElement.DeepEquals(left, right))
                {
                    weakenings.Add(path, $"The member {at}{name} was added, changed or removed, and this Hardening.Sdk does not know it, so it cannot tell what that means.", input);
                }
            }
        }

        void Projects(IReadOnlyDictionary<string, ProjectEntry> old, IReadOnlyDictionary<string, ProjectEntry> found)
        {
            foreach (var (project, entry) in old)
            {
                if (found.TryGetValue(project, out var same))
                {
                    Unknown(entry.Unknown, same.Unknown, $"{project}: ");
                }
                else if (after.Projects.Contains(after.AtRoot(project)))
                {
                    weakenings.Add(path, $"The entry of {project} was removed, but the project is still there.");
                }
            }

            foreach (var (project, entry) in found.Where(p => !old.ContainsKey(p.Key)))
            {
                Unknown(Map<JsonElement>.Empty, entry.Unknown, $"{project}: ");
            }
        }

        void Package(PackageEntry old, PackageEntry found)
        {
            var input = $"{found.Name}/{found.Version}";
            foreach (var what in Differences(old, found))
            {
                weakenings.Add(path, $"{found.Name} {found.Version} {what}", input);
            }

            Unknown(old.Unknown, found.Unknown, $"{found.Key}: ", input);
        }

        void Actions(ActionsSection old, ActionsSection found)
        {
            if (old.IsBaseline && !found.IsBaseline)
            {
                weakenings.Add(path, "The section \"actions\" was removed, without which findings about actions are only warnings.");
            }

            foreach (var (entry, message) in OtherCommits(old, found, before.Name).Concat(LostRefs(old, found)).Concat(OtherOwners(old, found, before.Name)))
            {
                weakenings.Add(path, message, $"{entry.Name}@{entry.Commit}");
            }

            foreach (var (key, entry) in found.Commits.Where(c => old.Commits.ContainsKey(c.Key)))
            {
                var input = $"{entry.Name}@{entry.Commit}";
                foreach (var what in Differences(old.Commits[key], entry, before.Name))
                {
                    weakenings.Add(path, $"{entry.Name} {entry.Commit} {what}", input);
                }

                Unknown(old.Commits[key].Unknown, entry.Unknown, $"{key}: ", input);
            }
        }

        void Images(ImagesSection old, ImagesSection found)
        {
            if (old.IsBaseline && !found.IsBaseline)
            {
                weakenings.Add(path, "The section \"images\" was removed, without which findings about images are only warnings.");
            }

            foreach (var (entry, message) in OtherDigests(old, found, before.Name).Concat(LostTags(old, found)))
            {
                weakenings.Add(path, message, entry.Key);
            }

            foreach (var (input, message) in Bases(old, found, project => after.Projects.Contains(after.AtRoot(project)), before.Name))
            {
                weakenings.Add(path, message, input);
            }

            foreach (var (key, entry) in found.Digests.Where(d => old.Digests.ContainsKey(d.Key)))
            {
                foreach (var what in Differences(old.Digests[key], entry, before.Name))
                {
                    weakenings.Add(path, $"{key} {what}", key);
                }

                Unknown(old.Digests[key].Unknown, entry.Unknown, $"{key}: ", key);
            }
        }
    }

    private static IEnumerable<string> Differences(PackageEntry old, PackageEntry found)
    {
        if (old.Content.Content != found.Content.Content || old.Content.Files != found.Content.Files)
        {
            yield return "has other hashes under the same version, so other bytes would be accepted.";
        }
        else if (old.Runs.Except(found.Runs, StringComparer.Ordinal).FirstOrDefault() is { } hidden)
        {
            yield return $"no longer says that it runs {hidden} in the build, though its bytes are the same.";
        }

        foreach (var (rid, content) in found.Variants.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!old.Variants.TryGetValue(rid, out var variant))
            {
                yield return $"has a variant for {rid} that was not there, so other bytes would be accepted there.";
            }
            else if (variant.Content != content.Content || variant.Files != content.Files)
            {
                yield return $"has other hashes in its variant for {rid}, so other bytes would be accepted there.";
            }
        }
    }

    // The nearest lockfile speaks for a project, so one more can take projects away from the one that was reviewed.
    private static void Places(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        foreach (var path in before.Lockfiles.Except(after.Lockfiles, StringComparer.Ordinal))
        {
            weakenings.Add(path, $"The lockfile {path} was removed.");
        }

        foreach (var path in after.Lockfiles.Except(before.Lockfiles, StringComparer.Ordinal))
        {
            if (before.Lockfiles.FirstOrDefault(outer => IsIn(path, BaselineSnapshot.FolderOf(outer))) is { } above)
            {
                weakenings.Add(path, $"The lockfile {path} was added, and takes the projects below it away from {above}.");
            }
        }

        foreach (var path in after.SubmodulesWithLockfile.Where(p => before.Lockfiles.Any(outer => IsIn(p, BaselineSnapshot.FolderOf(outer)))))
        {
            weakenings.Add(path, $"The submodule {path} was added or moved, and a lockfile in it speaks for its projects; that one was not compared.");
        }
    }

    private static bool IsIn(string path, string folder) => folder.Length == 0 || path.StartsWith(folder + "/", StringComparison.OrdinalIgnoreCase);
}
