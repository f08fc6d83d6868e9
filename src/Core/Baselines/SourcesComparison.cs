using Hardening.Ecosystems.NuGet;
using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <summary>What a change of the package sources weakens, as the lockfile has them.</summary>
internal static class SourcesComparison
{
    internal static void Compare(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        if (before.Lockfile is not { } then || after.Lockfile is not { } now)
        {
            return;
        }

        foreach (var key in then.NuGet.Sources.Keys.Except(now.NuGet.Sources.Keys, StringComparer.Ordinal))
        {
            weakenings.Add(after.AtRoot(key), $"{key} is no longer in the lockfile, so the machine or another file decides where packages come from.");
        }

        foreach (var (key, found) in now.NuGet.Sources)
        {
            if (!then.NuGet.Sources.TryGetValue(key, out var old))
            {
                weakenings.Add(after.AtRoot(key), $"{key} is new in the lockfile and decides where packages come from: {string.Join(", ", found.Sources.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}"))}.");
                continue;
            }

            foreach (var what in Differences(old, found).Concat(WiderMapping(old, found)))
            {
                weakenings.Add(after.AtRoot(key), what);
            }
        }
    }

    private static IEnumerable<string> Differences(SourcesEntry old, SourcesEntry found)
    {
        if (old.Clear && !found.Clear)
        {
            yield return "<clear /> was removed from packageSources, so sources of the machine are used as well.";
        }

        if (old.Other != found.Other)
        {
            yield return "What it says beside sources and mapping was changed: where packages lie, whose signatures count, which sources are switched off.";
        }

        foreach (var (name, address) in found.Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            // NuGet disregards the case of a name.
            var addresses = old.Sources.Where(s => s.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(s => s.Value).ToList();
            if (addresses.Count == 0)
            {
                yield return $"The package source {name} ({address}) was added.";
            }
            else if (!addresses.Contains(address, StringComparer.Ordinal))
            {
                yield return $"The package source {name} is {address}, but the baseline has {addresses[0]}.{(IsPlainHttp(address) && !IsPlainHttp(addresses[0]) ? " Nobody between here and there is kept from changing what it serves." : string.Empty)}";
            }
        }
    }

    private static bool IsPlainHttp(string address) => address.TrimStart().StartsWith("http:", StringComparison.OrdinalIgnoreCase);

    // NuGet takes the longest pattern that matches an id. Patterns can be added, removed and moved, so what counts is which sources an id may
    // come from; one id for each pattern, and one for what no pattern names, tell all there is to know.
    private static IEnumerable<string> WiderMapping(SourcesEntry old, SourcesEntry found)
    {
        if (old.Mapping.Count == 0)
        {
            yield break;
        }

        if (found.Mapping.Count == 0)
        {
            yield return "packageSourceMapping was removed, so every package may come from every source.";
            yield break;
        }

        var patterns = old.Mapping.Values.Concat(found.Mapping.Values).SelectMany(p => p).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase);
        foreach (var pattern in patterns)
        {
            var id = pattern.EndsWith('*') ? pattern[..^1] + "\u0001" : pattern;
            var wider = Allowed(found, id).Except(Allowed(old, id), StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
            if (wider.Count > 0)
            {
                yield return $"The source mapping lets {pattern} come from {string.Join(", ", wider)} as well, which the baseline does not.";
            }
        }
    }

    private static IReadOnlyList<string> Allowed(SourcesEntry entry, string id) => SourceMapping.SourcesOf(entry.Mapping.SelectMany(m => m.Value.Select(p => (m.Key, p))), id);
}
