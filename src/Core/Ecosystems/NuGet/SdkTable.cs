namespace Hardening.Ecosystems.NuGet;

/// <summary>
/// The versions that one .NET SDK implies, by graph (<c>framework</c> or <c>framework/runtime identifier</c>) and id, while an update collects them.
/// </summary>
internal sealed class SdkTable
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> versions = new(StringComparer.Ordinal);

    /// <summary>The table as the lockfile holds it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Versions =>
        versions.ToDictionary(v => v.Key, v => (IReadOnlyDictionary<string, string>)v.Value, StringComparer.Ordinal);

    /// <summary>Whether anything is implied.</summary>
    public bool IsEmpty => versions.Count == 0;

    /// <summary>Records a version. False if another project made the SDK imply another one; then the project's own entry holds it.</summary>
    public bool TryAdd(string graph, string id, string version)
    {
        if (!versions.TryGetValue(graph, out var ids))
        {
            versions[graph] = ids = new(StringComparer.Ordinal);
        }

        return ids.TryAdd(id, version) || ids[id] == version;
    }
}
