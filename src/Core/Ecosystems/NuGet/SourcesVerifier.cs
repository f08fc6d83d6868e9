using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>Compares the package sources of the repository with the lockfile.</summary>
public static class SourcesVerifier
{
    /// <summary>Verifies the nuget.config files that count for a folder.</summary>
    public static IReadOnlyList<Finding> Verify(string root, string directory, Lockfile lockfile)
    {
        var findings = new List<Finding>();
        foreach (var path in SourcesFile.Find(root, directory))
        {
            var place = new SourcePlace(path);
            SourcesEntry found;
            try
            {
                found = SourcesFile.Read(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                findings.Add(new Finding(FindingCodes.Unreadable, $"nuget.config could not be read: {e.Message}", place));
                continue;
            }

            var key = RepositoryRoot.Relative(root, path, lockfile.NuGet.Sources)!;
            if (!lockfile.NuGet.Sources.TryGetValue(key, out var locked))
            {
                findings.Add(new Finding(FindingCodes.SourcesChanged, $"{key} is not in the lockfile, but decides where packages come from.", place, Commands.Update));
                continue;
            }

            findings.AddRange(Differences(locked, found).Select(d => new Finding(FindingCodes.SourcesChanged, d, place, Commands.Update)));
            if (!found.Clear && key.IndexOf('/', StringComparison.Ordinal) < 0)
            {
                findings.Add(NotCleared(path));
            }
        }

        // In a container layer that holds only some of the files, what is not there was not removed.
        foreach (var key in lockfile.NuGet.Sources.Keys.Where(k => IsAbove(root, k, directory) && !File.Exists(Path.Combine(root, k)) && RepositoryRoot.IsInGit(root)).Order(StringComparer.Ordinal))
        {
            findings.Add(new Finding(FindingCodes.SourcesChanged, $"{key} is in the lockfile, but is not there, so the machine decides where packages come from.", new SourcePlace(Path.Combine(root, key)), $"git checkout -- {key}; if it was removed on purpose: {Commands.Update}"));
        }

        return findings;
    }

    /// <summary>Reads one file; null if that cannot be done, which <see cref="Verify"/> reports.</summary>
    internal static SourcesEntry? TryRead(string path)
    {
        try
        {
            return SourcesFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static bool IsAbove(string root, string key, string directory) =>
        RepositoryRoot.Relative(Path.GetDirectoryName(Path.Combine(root, key))!, directory) is not null;

    /// <summary>The finding that a nuget.config at the root inherits sources of the machine.</summary>
    public static Finding NotCleared(string path) =>
        new(FindingCodes.SourcesNotCleared, "packageSources does not begin with <clear />, so sources of the machine are used as well.", new SourcePlace(path), "add <clear /> as the first element of packageSources");

    /// <summary>What differs between two readings of one nuget.config, one sentence each.</summary>
    public static IEnumerable<string> Differences(SourcesEntry locked, SourcesEntry found)
    {
        if (locked.Clear && !found.Clear)
        {
            yield return "<clear /> was removed from packageSources.";
        }

        if (locked.Other != found.Other)
        {
            yield return "What it says beside sources and mapping (config, trustedSigners, fallbackPackageFolders, …) was changed.";
        }

        foreach (var (name, address) in found.Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (!locked.Sources.TryGetValue(name, out var expected))
            {
                yield return $"The package source {name} ({address}) was added.";
            }
            else if (expected != address)
            {
                yield return $"The package source {name} is {address}, but the lockfile has {expected}.";
            }
        }

        foreach (var name in locked.Sources.Keys.Except(found.Sources.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            yield return $"The package source {name} ({locked.Sources[name]}) was removed.";
        }

        foreach (var name in locked.Mapping.Keys.Union(found.Mapping.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var expected = string.Join(", ", locked.Mapping.GetValueOrDefault(name, []));
            var actual = string.Join(", ", found.Mapping.GetValueOrDefault(name, []));
            if (expected != actual)
            {
                yield return $"The source mapping of {name} is [{actual}], but the lockfile has [{expected}].";
            }
        }
    }
}
