using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Baselines;

/// <summary>What a change weakens in files that decide over a build: control files, names that only look alike, and symbolic links.</summary>
internal static class ControlComparison
{
    internal static void Compare(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        var then = Claims(before);
        var now = Claims(after);
        foreach (var path in before.Control.Keys.Union(after.Control.Keys, StringComparer.Ordinal).Union(then.Keys, StringComparer.Ordinal).Union(now.Keys, StringComparer.Ordinal))
        {
            var there = after.Control.TryGetValue(path, out var found);
            if (there && !before.Control.ContainsKey(path))
            {
                weakenings.Add(path, $"The control file {path} was added.");
            }
            else if (there && before.Control[path] != found)
            {
                weakenings.Add(path, $"The control file {path} was changed.");
            }
            else if (there && then.ContainsKey(path) && !now.ContainsKey(path) && after.Lockfile is not null)
            {
                weakenings.Add(path, $"The control file {path} is no longer in the lockfile, but is still there.");
            }
            else if (now.TryGetValue(path, out var claimed) && then.GetValueOrDefault(path, claimed) != claimed)
            {
                weakenings.Add(path, $"The lockfile has another hash for the control file {path}.");
            }
        }

        Links(before, after, weakenings);
        LookAlikes(before, after, weakenings);
    }

    private static Dictionary<string, string> Claims(BaselineSnapshot snapshot) =>
        snapshot.Lockfile?.Control.ToDictionary(c => snapshot.AtRoot(c.Key), c => c.Value, StringComparer.Ordinal) ?? new Dictionary<string, string>(StringComparer.Ordinal);

    private static void Links(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        foreach (var (path, target) in after.Links)
        {
            if (!before.Links.TryGetValue(path, out var old) || old != target)
            {
                weakenings.Add(path, $"{path} is a symbolic link to {target}{(old is null ? string.Empty : $", but {before.Name} has {old}")}, and what a link leads to is not compared.");
            }
        }

        foreach (var path in before.Links.Keys.Where(p => !after.Links.ContainsKey(p) && Files(after).Contains(p)))
        {
            weakenings.Add(path, $"{path} was a symbolic link and is a file now, so there is nothing to compare it with.");
        }
    }

    // On one system such a file is read, on another it is not.
    private static void LookAlikes(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        string[] names = [.. WatchedFiles.Everywhere, Policy.FileName];
        foreach (var path in Files(after).Except(Files(before), StringComparer.Ordinal))
        {
            var name = path[(path.LastIndexOf('/') + 1)..];
            if (names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } exact && exact != name)
            {
                weakenings.Add(path, $"{path} was added, whose name differs from {exact} only in case; systems differ in whether they read it.");
            }
        }
    }

    private static HashSet<string> Files(BaselineSnapshot snapshot) =>
        [.. snapshot.Control.Keys, .. snapshot.GlobalJson.Keys, .. snapshot.BuildProps.Keys, .. snapshot.Lockfiles, .. snapshot.Policies];
}
