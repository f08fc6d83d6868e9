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

/// <summary>What one framework of a project asks for, as evaluation found it.</summary>
/// <param name="References">Packages that it references.</param>
/// <param name="ImpliedIds">Ids of packages that the .NET SDK references by itself.</param>
/// <param name="Downloads">Packages that are downloaded without being referenced.</param>
/// <param name="Projects">Keys of the projects that it references and whose packages flow to it.</param>
public sealed record DeclaredReferences(
    IReadOnlyCollection<DeclaredReference> References, IReadOnlyCollection<string> ImpliedIds, IReadOnlyCollection<DeclaredReference> Downloads, IReadOnlyCollection<string> Projects);

/// <summary>
/// Compares what a project asks for with the lockfile before NuGet starts, so that the refusal names the file, the line and the command.
/// NuGet's locked mode would refuse the same.
/// </summary>
/// <param name="lockfile">The baseline.</param>
/// <param name="projectKey">The project's key in it.</param>
/// <param name="projectPath">The project's full path.</param>
/// <param name="targetFramework">The framework as the project writes it; empty for the only one.</param>
public sealed class ReferenceVerifier(Lockfile lockfile, string projectKey, string projectPath, string targetFramework)
{
    private const int LargestFile = 16 * 1024 * 1024;

    private readonly ProjectEntry project = lockfile.NuGet.Projects[projectKey];

    /// <summary>Verifies what one framework asks for.</summary>
    public IReadOnlyList<Finding> Verify(DeclaredReferences declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        if (Graph() is not { } graph)
        {
            return targetFramework.Length == 0 ? [] : [Changed($"{projectKey} targets {targetFramework}, which the lockfile does not hold for it.", new SourcePlace(projectPath))];
        }

        return [.. Packages(graph, declared), .. Removed(graph, declared), .. Downloads(graph, declared), .. Projects(graph, declared)];
    }

    private IEnumerable<Finding> Packages(FrameworkGraph graph, DeclaredReferences declared)
    {
        foreach (var reference in declared.References)
        {
            if (!graph.Direct.TryGetValue(reference.Id.ToLowerInvariant(), out var locked))
            {
                yield return NotLocked($"{projectKey} references {Shown(reference)}, which is not in the lockfile.", PlaceOf(reference.File, reference.Id));
            }
            else if (locked != FrameworkGraph.SdkImplied && reference.Version.Length > 0 && !SameRange(reference.Version, locked))
            {
                yield return Changed($"{projectKey} references {Shown(reference)}, but the lockfile has {locked}.", PlaceOf(reference.VersionFile, reference.Id));
            }
        }
    }

    private IEnumerable<Finding> Removed(FrameworkGraph graph, DeclaredReferences declared)
    {
        var ids = declared.References.Select(r => r.Id).Concat(declared.ImpliedIds).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return graph.Direct.Where(d => d.Value != FrameworkGraph.SdkImplied && !ids.Contains(d.Key)).OrderBy(d => d.Key, StringComparer.Ordinal)
            .Select(d => Changed($"{projectKey} no longer references {d.Key}, but the lockfile has {d.Value}.", new SourcePlace(projectPath)));
    }

    private IEnumerable<Finding> Downloads(FrameworkGraph graph, DeclaredReferences declared) =>
        from download in declared.Downloads
        let id = download.Id.ToLowerInvariant()
        where !ImpliedPackages.IsSdkDownload(id) && !(graph.Downloads.TryGetValue(id, out var locked) && locked.Split(';').Contains(Exact(download.Version), StringComparer.OrdinalIgnoreCase))
        select NotLocked($"{projectKey} downloads {Shown(download)}, which is not in the lockfile.", PlaceOf(download.File, download.Id));

    // A project that the lockfile does not know speaks for itself.
    private IEnumerable<Finding> Projects(FrameworkGraph graph, DeclaredReferences declared) =>
        declared.Projects.Where(p => lockfile.NuGet.Projects.ContainsKey(p) && !graph.Projects.Values.Contains(p, PathRules.Here.Comparer))
            .Select(p => Changed($"{projectKey} references the project {p}, which it did not when it was locked.", PlaceOf(projectPath, Path.GetFileName(p))));

    private static Finding NotLocked(string message, SourcePlace place) => new(FindingCodes.PackageNotLocked, message, place, Commands.Update);

    private static Finding Changed(string message, SourcePlace place) => new(FindingCodes.ReferenceChanged, message, place, Commands.Update);

    private static string Shown(DeclaredReference reference) => reference.Version.Length > 0 ? $"{reference.Id} {reference.Version}" : reference.Id;

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

    // PackageDownload takes exact versions only: "[1.0]", "[1.0.0, 1.0.0]".
    private static string Exact(string written) => VersionRange.TryParse(written, out var range) && range.MinVersion is { } version ? version.ToNormalizedString() : written;

    private static bool SameRange(string written, string locked) => locked == $"[{written}, )"
        || (VersionRange.TryParse(written, out var range) && (range.ToNormalizedString() == locked || (VersionRange.TryParse(locked, out var other) && range.Equals(other))));

    // The first place in the file where the name is an attribute's value or one of its parts; evaluation does not tell lines.
    private static SourcePlace PlaceOf(string file, string id)
    {
        try
        {
            var lines = System.Text.Encoding.UTF8.GetString(AtomicFile.ReadAtMost(file, LargestFile)).Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                for (var column = 0; (column = lines[i].IndexOf(id, column, StringComparison.OrdinalIgnoreCase)) >= 0; column++)
                {
                    if (column > 0 && lines[i][column - 1] is '"' or '\'' or '/' or '\\' or ';' && lines[i].AsSpan(column + id.Length) is ['"' or '\'' or ';', ..])
                    {
                        return new SourcePlace(file, i + 1, column + 1);
                    }
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
