using System.Runtime.CompilerServices;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Files;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Tool.Inventory;

/// <summary>Finds what a lockfile has for references of NuGet.</summary>
/// <param name="root">The repository root.</param>
/// <param name="section">The section of NuGet.</param>
internal sealed class LockedVersions(string root, NuGetSection section)
{
    private readonly Lazy<ILookup<string, string>> versions = new(() =>
        section.Packages.Keys.Select(k => k.Split('/')).Where(k => k.Length == 2).ToLookup(k => k[0], k => k[1], StringComparer.Ordinal));

    /// <summary>The versions, separated by <c>;</c>; null if there are none.</summary>
    internal string? Of(InputReference reference)
    {
        var id = reference.Name.ToLowerInvariant();
        return reference.Kind switch
        {
            InputKind.MSBuildSdk => Written(reference, section.MSBuildSdks.GetValueOrDefault(id)),
            InputKind.Tool => Written(reference, section.Tools.GetValueOrDefault(id)),
            InputKind.DotNetSdk => RootedIn(reference, section.DotNet) is { } sdk ? sdk.GetValueOrDefault("version") : null,
            _ => OfPackage(reference, id),
        };
    }

    // In a project that which its restore resolves; elsewhere the version that is written there, if it is locked.
    private string? OfPackage(InputReference reference, string id)
    {
        if (RootedIn(reference, section.Projects) is { } project)
        {
            var resolved = project.Graphs.Values.SelectMany(g => Versions(g, id)).Where(v => v != FrameworkGraph.SdkImplied).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            return resolved.Count == 0 ? null : string.Join(';', resolved);
        }

        return versions.Value[id].Any() ? Written(reference, string.Join(';', versions.Value[id].Order(StringComparer.Ordinal))) : null;
    }

    private static IEnumerable<string> Versions(FrameworkGraph graph, string id) =>
        (graph.Resolved.TryGetValue(id, out var resolved) ? [resolved] : Array.Empty<string>()).Concat(graph.Downloads.GetValueOrDefault(id)?.Split(';') ?? []);

    // Of several locked versions the one that is written; all of them where no version is written.
    private static string? Written(InputReference reference, string? locked)
    {
        if (locked is null || reference.Version.Length == 0)
        {
            return locked;
        }

        var written = reference.Version.Trim('[', ']', ' ');
        return locked.Split(';').FirstOrDefault(v => v.Equals(written, StringComparison.OrdinalIgnoreCase)) ?? Normalized(reference with { Version = written }, locked);
    }

    // Only this loads NuGet's library.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Normalized(InputReference reference, string locked)
    {
        var version = WrittenVerifier.KeyOf(reference)[(reference.Name.Length + 1)..];
        return locked.Split(';').FirstOrDefault(v => v.Equals(version, StringComparison.OrdinalIgnoreCase));
    }

    private T? RootedIn<T>(InputReference reference, IReadOnlyDictionary<string, T> section)
        where T : class => RepositoryRoot.Relative(root, reference.Span.File, section) is { } key ? section.GetValueOrDefault(key) : null;
}
