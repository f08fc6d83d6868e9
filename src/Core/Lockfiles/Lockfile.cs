using System.Text.Json;

namespace Hardening.Lockfiles;

/// <summary>
/// The baseline: what the repository was found to take from outside when a person last accepted it.
/// Immutable; the format is described in docs/lockfile.md.
/// </summary>
public sealed record Lockfile
{
    /// <summary>The name of the file at the repository root.</summary>
    public const string FileName = "hardening.lock.json";

    /// <summary>The major version that this engine reads and writes.</summary>
    public const int Version = 1;

    /// <summary>The minor version of the format that this engine writes. A code that came with it counts as a warning until the lockfile has it too.</summary>
    public const int CurrentMinor = 0;

    /// <summary>A lockfile with nothing in it.</summary>
    public static Lockfile Empty { get; } = new();

    /// <summary>The minor version of the Hardening.Sdk that wrote it; 0 where the member is absent.</summary>
    public int Minor { get; init; }

    /// <summary>
    /// Control files, which decide over a build without being part of a project: path relative to the root with <c>/</c> → SHA-512, base64,
    /// over the text with LF line ends.
    /// </summary>
    public IReadOnlyDictionary<string, string> Control { get; init; } = Map<string>.Empty;

    /// <summary>The section of actions and reusable workflows.</summary>
    public ActionsSection Actions { get; init; } = ActionsSection.Empty;

    /// <summary>The section of container images.</summary>
    public ImagesSection Images { get; init; } = ImagesSection.Empty;

    /// <summary>The NuGet section.</summary>
    public NuGetSection NuGet { get; init; } = NuGetSection.Empty;

    /// <summary>Members that this engine does not know (of a newer minor version, or another ecosystem); they survive a rewrite.</summary>
    public IReadOnlyDictionary<string, JsonElement> Unknown { get; init; } = Map<JsonElement>.Empty;
}

/// <summary>The NuGet section of the lockfile.</summary>
public sealed record NuGetSection
{
    internal static NuGetSection Empty { get; } = new();

    /// <summary>Package entries by <see cref="PackageEntry.Key"/>.</summary>
    public IReadOnlyDictionary<string, PackageEntry> Packages { get; init; } = Map<PackageEntry>.Empty;

    /// <summary>Project graphs by path of the project, relative to the root, with <c>/</c>.</summary>
    public IReadOnlyDictionary<string, ProjectEntry> Projects { get; init; } = Map<ProjectEntry>.Empty;

    /// <summary>What a .NET SDK implies: SDK version → framework → package id (lower case) → version.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> Sdks { get; init; } =
        Map<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>.Empty;

    /// <summary>MSBuild SDKs that come as packages: id (lower case) → versions, separated by <c>;</c>.</summary>
    public IReadOnlyDictionary<string, string> MSBuildSdks { get; init; } = Map<string>.Empty;

    /// <summary>dotnet tools, and the packages for a runtime identifier that they consist of: id (lower case) → versions, separated by <c>;</c>.</summary>
    public IReadOnlyDictionary<string, string> Tools { get; init; } = Map<string>.Empty;

    /// <summary>What each global.json says of the .NET SDK: path relative to the root with <c>/</c> → member (<c>version</c>, <c>rollForward</c>, …) → value.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> DotNet { get; init; } = Map<IReadOnlyDictionary<string, string>>.Empty;

    /// <summary>Package sources by path of the nuget.config, relative to the root, with <c>/</c>.</summary>
    public IReadOnlyDictionary<string, SourcesEntry> Sources { get; init; } = Map<SourcesEntry>.Empty;

    /// <summary>Unknown members, kept.</summary>
    public IReadOnlyDictionary<string, JsonElement> Unknown { get; init; } = Map<JsonElement>.Empty;
}

/// <summary>The hashes of one package. All are SHA-512, base64.</summary>
/// <param name="Archive">Over the .nupkg file as it was downloaded; evidence (it differs between a signed and an unsigned copy).</param>
/// <param name="Content">NuGet's content hash (the archive without its signature): the identity.</param>
/// <param name="Files">Over the lines <c>hex(SHA-512) two spaces path LF</c> of every extracted file, sorted ordinally by path.</param>
public sealed record PackageContent(string Archive, string Content, string Files);

/// <summary>A lock entry of one package version.</summary>
/// <param name="Name">The id as its author writes it.</param>
/// <param name="Version">The normalized version.</param>
/// <param name="Content">The hashes.</param>
public sealed record PackageEntry(string Name, string Version, PackageContent Content)
{
    /// <summary>Other hashes of the same version, each bound to the runtime identifier of the .NET SDK it was found with (dotnet/sdk#51675).</summary>
    public IReadOnlyDictionary<string, PackageContent> Variants { get; init; } = Map<PackageContent>.Empty;

    /// <summary>What the package can run in a build: MSBuild files, analyzers, tools. Paths in the package, sorted.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>Unknown members, kept.</summary>
    public IReadOnlyDictionary<string, JsonElement> Unknown { get; init; } = Map<JsonElement>.Empty;

    /// <summary>The identity: id and version in lower case, as in <c>newtonsoft.json/13.0.3</c>.</summary>
    public string Key => KeyOf(Name, Version);

    /// <summary>The key of an id and a version.</summary>
    public static string KeyOf(string id, string version) => string.Concat(id.ToLowerInvariant(), "/", version.ToLowerInvariant());

    /// <summary>The hashes that count on a machine whose .NET SDK has this runtime identifier.</summary>
    public PackageContent ContentFor(string runtimeIdentifier) => Variants.GetValueOrDefault(runtimeIdentifier, Content);
}

/// <summary>What restore resolves for one project.</summary>
public sealed record ProjectEntry
{
    /// <summary>The name that NuGet gives the project in other projects' graphs.</summary>
    public required string Name { get; init; }

    /// <summary>The version of NuGet's own lock file format that this project needs (1, or 2 with central versions).</summary>
    public int LockVersion { get; init; } = 1;

    /// <summary>Graphs by <c>framework</c> or <c>framework/runtime identifier</c>; the latter hold only what differs, as in NuGet's lock files.</summary>
    public IReadOnlyDictionary<string, FrameworkGraph> Graphs { get; init; } = Map<FrameworkGraph>.Empty;

    /// <summary>What flows from this project to one that references it: the referencing framework → id → range.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Exports { get; init; } = Map<IReadOnlyDictionary<string, string>>.Empty;

    /// <summary>Unknown members, kept.</summary>
    public IReadOnlyDictionary<string, JsonElement> Unknown { get; init; } = Map<JsonElement>.Empty;
}

/// <summary>The packages of one project for one framework. Ids are lower case.</summary>
public sealed record FrameworkGraph
{
    /// <summary>Stands for the version that the .NET SDK in use implies, see <see cref="NuGetSection.Sdks"/>.</summary>
    public const string SdkImplied = "sdk";

    /// <summary>Packages that the project references: id → requested range, or <see cref="SdkImplied"/>.</summary>
    public IReadOnlyDictionary<string, string> Direct { get; init; } = Map<string>.Empty;

    /// <summary>Transitive packages whose version is managed centrally: id → central range.</summary>
    public IReadOnlyDictionary<string, string> Central { get; init; } = Map<string>.Empty;

    /// <summary>Every package of the graph: id → resolved version, or <see cref="SdkImplied"/>.</summary>
    public IReadOnlyDictionary<string, string> Resolved { get; init; } = Map<string>.Empty;

    /// <summary>Packages that are downloaded without being referenced (PackageDownload): id → versions, separated by <c>;</c>.</summary>
    public IReadOnlyDictionary<string, string> Downloads { get; init; } = Map<string>.Empty;

    /// <summary>Projects of the graph: NuGet's name → path relative to the root.</summary>
    public IReadOnlyDictionary<string, string> Projects { get; init; } = Map<string>.Empty;
}

/// <summary>The package sources that one nuget.config names, as written there.</summary>
/// <param name="Clear">Whether its packageSources begin with <c>&lt;clear/&gt;</c>.</param>
public sealed record SourcesEntry(bool Clear)
{
    /// <summary>Source name → address, exactly as written.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = Map<string>.Empty;

    /// <summary>
    /// SHA-512, base64, over what else the file says of NuGet: <c>config</c>, <c>trustedSigners</c>, <c>fallbackPackageFolders</c>, …, without credentials;
    /// empty if there is nothing.
    /// </summary>
    public string Other { get; init; } = string.Empty;

    /// <summary>Source name → package id patterns, sorted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Mapping { get; init; } = Map<IReadOnlyList<string>>.Empty;
}

internal static class Map<T>
{
    internal static readonly IReadOnlyDictionary<string, T> Empty = new Dictionary<string, T>(StringComparer.Ordinal);
}
