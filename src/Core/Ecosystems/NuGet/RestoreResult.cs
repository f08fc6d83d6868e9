using System.Text.Json;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>A package that a restore chose.</summary>
/// <param name="Id">As NuGet writes it.</param>
/// <param name="Version">Normalized.</param>
public readonly record struct RestoredPackage(string Id, string Version)
{
    /// <summary>See <see cref="PackageEntry.Key"/>.</summary>
    public string Key => PackageEntry.KeyOf(Id, Version);
}

/// <summary>A project that another one references, as a restore found it.</summary>
/// <param name="Name">NuGet's name for it.</param>
/// <param name="Path">Full path.</param>
public readonly record struct RestoredProject(string Name, string Path);

/// <summary>What one framework of a project asks for beyond NuGet's own lock file.</summary>
/// <param name="Framework">The short name, e.g. <c>net10.0</c>; NuGet's <c>framework</c> member.</param>
/// <param name="Implied">Ids (lower case) that the .NET SDK references by itself.</param>
/// <param name="Downloads">Packages that are downloaded without being referenced.</param>
public sealed record RestoredFramework(string Framework, IReadOnlySet<string> Implied, IReadOnlyList<RestoredPackage> Downloads);

/// <summary>
/// What a restore left in obj for one project: <c>project.assets.json</c>, read with System.Text.Json only (it is on the path of every build).
/// The file is hostile input.
/// </summary>
public sealed record RestoreResult
{
    /// <summary>The file's name.</summary>
    public const string FileName = "project.assets.json";

    /// <summary>The names of what a restore leaves of a project and later restores and builds take over.</summary>
    public static IReadOnlyList<string> FilesOf(string projectFile)
    {
        var name = Path.GetFileName(projectFile);
        return ["project.nuget.cache", FileName, name + ".nuget.g.props", name + ".nuget.g.targets"];
    }

    private const int LargestFile = 256 * 1024 * 1024;
    private const string Package = "package";
    private const string Project = "project";

    /// <summary>Full path of the project.</summary>
    public required string ProjectPath { get; init; }

    /// <summary>NuGet's name for it.</summary>
    public required string ProjectName { get; init; }

    /// <summary>Every package of every graph.</summary>
    public required IReadOnlyList<RestoredPackage> Packages { get; init; }

    /// <summary>Every referenced project.</summary>
    public required IReadOnlyList<RestoredProject> Projects { get; init; }

    /// <summary>By framework.</summary>
    public required IReadOnlyList<RestoredFramework> Frameworks { get; init; }

    /// <summary>The package folders in NuGet's order: first its own, then fallback folders. Full paths.</summary>
    public required IReadOnlyList<string> PackageFolders { get; init; }

    /// <summary>The configuration files that took part. Full paths.</summary>
    public required IReadOnlyList<string> ConfigFiles { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">Not such a file.</exception>
    /// <exception cref="IOException">Not readable, or larger than 256 MiB.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static RestoreResult Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(Files.AtomicFile.ReadAtMost(path, LargestFile), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            var restore = root.GetProperty("project").GetProperty("restore");
            var projectPath = Text(restore, "projectPath");
            if (!Path.IsPathFullyQualified(projectPath) || projectPath.Contains('\0', StringComparison.Ordinal))
            {
                throw new FormatException($"projectPath is \"{projectPath}\"");
            }

            var folder = Path.GetDirectoryName(projectPath) ?? projectPath;
            var types = new Dictionary<string, string>(StringComparer.Ordinal);
            var packages = new List<RestoredPackage>();
            var projects = new List<RestoredProject>();
            foreach (var library in root.GetProperty("libraries").EnumerateObject())
            {
                var (id, version) = Split(library.Name);
                var type = Text(library.Value, "type");
                if (!types.TryAdd(PackageEntry.KeyOf(id, version), type))
                {
                    throw new FormatException($"{library.Name} is there twice");
                }

                if (type == Package)
                {
                    var package = new RestoredPackage(id, version);
                    if (Text(library.Value, "path") != package.Key)
                    {
                        throw new FormatException($"the path of {library.Name} is not {package.Key}");
                    }

                    if (library.Value.TryGetProperty("files", out var files))
                    {
                        // The .NET SDK takes analyzers from this list.
                        foreach (var file in files.EnumerateArray())
                        {
                            RefuseEscape(file.GetString() ?? string.Empty);
                        }
                    }

                    packages.Add(package);
                }
                else if (type == Project)
                {
                    var relative = library.Value.TryGetProperty("msbuildProject", out var project) ? project.GetString() : Text(library.Value, "path");
                    projects.Add(new RestoredProject(id, Path.GetFullPath(relative ?? string.Empty, folder)));
                }
                else
                {
                    throw new FormatException($"{library.Name} is a \"{type}\"");
                }
            }

            foreach (var library in root.GetProperty("targets").EnumerateObject().SelectMany(t => t.Value.EnumerateObject()))
            {
                VerifyTarget(library, types);
            }

            return new RestoreResult
            {
                ProjectPath = projectPath,
                ProjectName = Text(restore, "projectName"),
                Packages = packages,
                Projects = projects,
                Frameworks = [.. root.GetProperty("project").GetProperty("frameworks").EnumerateObject().Select(Framework)],
                PackageFolders = [.. root.GetProperty("packageFolders").EnumerateObject().Select(f => Path.GetFullPath(f.Name, folder))],
                ConfigFiles = restore.TryGetProperty("configFilePaths", out var configs) ? [.. configs.EnumerateArray().Select(c => Path.GetFullPath(c.GetString() ?? string.Empty, folder))] : [],
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static RestoredFramework Framework(JsonProperty property)
    {
        var value = property.Value;
        var implied = new HashSet<string>(StringComparer.Ordinal);
        if (value.TryGetProperty("dependencies", out var dependencies))
        {
            foreach (var dependency in dependencies.EnumerateObject())
            {
                if (dependency.Value.TryGetProperty("autoReferenced", out var auto) && auto.ValueKind == JsonValueKind.True)
                {
                    implied.Add(dependency.Name.ToLowerInvariant());
                }
            }
        }

        var downloads = new List<RestoredPackage>();
        if (value.TryGetProperty("downloadDependencies", out var list))
        {
            foreach (var download in list.EnumerateArray())
            {
                var id = Text(download, "name");
                downloads.AddRange(Text(download, "version").Split(';').Select(range => new RestoredPackage(id, ExactVersion(range))));
            }
        }

        return new RestoredFramework(value.TryGetProperty("framework", out var name) ? name.GetString() ?? property.Name : property.Name, implied, downloads);
    }

    // targets → framework → library → kind of asset → file, relative to the package's folder → what is to be done with it, e.g. a path to copy it to.
    // The .NET SDK takes packages from here without a look into libraries. What NuGet did not write is refused.
    private static void VerifyTarget(JsonProperty library, Dictionary<string, string> types)
    {
        var (id, version) = Split(library.Name);
        if (types.GetValueOrDefault(PackageEntry.KeyOf(id, version)) != Text(library.Value, "type"))
        {
            throw new FormatException($"{library.Name} is not the same in targets and libraries");
        }

        foreach (var file in library.Value.EnumerateObject().Where(kind => kind.Value.ValueKind == JsonValueKind.Object).SelectMany(kind => kind.Value.EnumerateObject()))
        {
            RefuseEscape(file.Name);
            if (file.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var use in file.Value.EnumerateObject().Where(use => use.Value.ValueKind == JsonValueKind.String))
                {
                    RefuseEscape(use.Value.GetString()!);
                }
            }
        }
    }

    private static void RefuseEscape(string file)
    {
        var name = file.Replace('\\', '/');
        if (name.StartsWith('/') || name.Contains(':', StringComparison.Ordinal) || name.Split('/').Contains(".."))
        {
            throw new FormatException($"the file {file} leads outside its package");
        }
    }

    // "[1.0.0, 1.0.0]" or "[1.0.0]": PackageDownload takes exact versions only, several of them joined with ';'.
    private static string ExactVersion(string range)
    {
        var inner = range.AsSpan().Trim("[]").ToString();
        var comma = inner.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? inner : inner[..comma];
    }

    private static (string Id, string Version) Split(string library)
    {
        var slash = library.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? (library[..slash], library[(slash + 1)..]) : throw new FormatException($"\"{library}\" is not an id and a version");
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new FormatException($"\"{name}\" is null");
}
