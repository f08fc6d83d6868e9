using NuGet.Frameworks;
using NuGet.Versioning;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>A package that a project asks for, as evaluation found it.</summary>
/// <param name="Id">As written.</param>
/// <param name="Version">A version or range as written; empty if there is none.</param>
/// <param name="File">Full path of the file that references it.</param>
/// <param name="VersionFile">Full path of the file that sets its version.</param>
public readonly record struct DeclaredReference(string Id, string Version, string File, string VersionFile);

/// <summary>
/// Compares what a project asks for with the lockfile before NuGet starts, so that the refusal names the file, the line and the command.
/// NuGet's locked mode would refuse the same.
/// </summary>
/// <param name="projectKey">The project's key in the lockfile.</param>
/// <param name="project">Its entry.</param>
/// <param name="targetFramework">The framework as the project writes it; empty for the only one.</param>
public sealed class ReferenceVerifier(string projectKey, ProjectEntry project, string targetFramework)
{
    private const int LargestFile = 16 * 1024 * 1024;

    /// <summary>Verifies the references and downloads of one framework.</summary>
    public IReadOnlyList<Finding> Verify(IReadOnlyCollection<DeclaredReference> references, IReadOnlyCollection<DeclaredReference> downloads)
    {
        if (Graph() is not { } graph)
        {
            // A framework that the lockfile does not hold is refused by NuGet's own check of the frameworks.
            return [];
        }

        var findings = new List<Finding>();
        foreach (var reference in references)
        {
            var id = reference.Id.ToLowerInvariant();
            if (!graph.Direct.TryGetValue(id, out var locked))
            {
                findings.Add(new Finding(FindingCodes.PackageNotLocked, $"{projectKey} references {reference.Id} {reference.Version}, which is not in the lockfile.", PlaceOf(reference.File, reference.Id), Commands.Update));
            }
            else if (locked != FrameworkGraph.SdkImplied && reference.Version.Length > 0 && !SameRange(reference.Version, locked))
            {
                findings.Add(new Finding(FindingCodes.ReferenceChanged, $"{projectKey} references {reference.Id} {reference.Version}, but the lockfile has {locked}.", PlaceOf(reference.VersionFile, reference.Id), Commands.Update));
            }
        }

        foreach (var download in downloads.Where(d => !ImpliedPackages.IsSdkDownload(d.Id.ToLowerInvariant())))
        {
            if (!graph.Downloads.TryGetValue(download.Id.ToLowerInvariant(), out var locked) || !locked.Split(';').Contains(download.Version, StringComparer.OrdinalIgnoreCase))
            {
                findings.Add(new Finding(FindingCodes.PackageNotLocked, $"{projectKey} downloads {download.Id} {download.Version}, which is not in the lockfile.", PlaceOf(download.File, download.Id), Commands.Update));
            }
        }

        return findings;
    }

    private FrameworkGraph? Graph()
    {
        var frameworks = project.Graphs.Keys.Where(k => !k.Contains('/', StringComparison.Ordinal)).ToList();
        if (targetFramework.Length == 0)
        {
            return frameworks.Count == 1 ? project.Graphs[frameworks[0]] : null;
        }

        if (project.Graphs.TryGetValue(targetFramework, out var graph))
        {
            return graph;
        }

        var wanted = NuGetFramework.Parse(targetFramework);
        var key = frameworks.FirstOrDefault(k => NuGetFramework.Parse(k).Equals(wanted));
        return key is null ? null : project.Graphs[key];
    }

    private static bool SameRange(string written, string locked) => locked == $"[{written}, )"
        || (VersionRange.TryParse(written, out var range) && (range.ToNormalizedString() == locked || (VersionRange.TryParse(locked, out var other) && range.Equals(other))));

    // The first place in the file where the id stands as a whole attribute value; evaluation does not tell lines.
    private static SourcePlace PlaceOf(string file, string id)
    {
        try
        {
            var lines = System.Text.Encoding.UTF8.GetString(AtomicFile.ReadAtMost(file, LargestFile)).Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                var column = lines[i].IndexOf($"\"{id}\"", StringComparison.OrdinalIgnoreCase);
                if (column >= 0)
                {
                    return new SourcePlace(file, i + 1, column + 2);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The finding stands without a line.
        }

        return new SourcePlace(file);
    }
}
