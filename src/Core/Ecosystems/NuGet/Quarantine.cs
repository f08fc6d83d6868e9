using Hardening.Files;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>
/// A folder of one update, outside the repository and outside every packages folder, into which NuGet downloads while nothing is accepted yet.
/// No build imports from it.
/// </summary>
/// <param name="Path">Full path.</param>
public sealed record Quarantine(string Path)
{
    /// <summary>The name that NuGet's own lock file has in it.</summary>
    public const string LockFileName = "packages.lock.json";

    private const string Prefix = "hardening-";

    /// <summary>The packages folder.</summary>
    public string Packages => System.IO.Path.Combine(Path, "packages");

    /// <summary>Where projects stand that download what no project references.</summary>
    internal string Inputs => System.IO.Path.Combine(Path, "inputs");

    private string Results => System.IO.Path.Combine(Path, "obj");

    private string None => System.IO.Path.Combine(Path, "none");

    private string Seeds => System.IO.Path.Combine(Path, "seeds");

    /// <summary>Creates a new one.</summary>
    public static Quarantine Create()
    {
        var quarantine = new Quarantine(Directory.CreateTempSubdirectory(Prefix).FullName);
        Directory.CreateDirectory(quarantine.Packages);
        Directory.CreateDirectory(quarantine.Seeds);

        // Stands in for the fallback folders of the machine, which may hold anything.
        Directory.CreateDirectory(quarantine.None);
        return quarantine;
    }

    /// <summary>
    /// Puts packages into it that are locked and lie verified on disk, so that they are not downloaded again. Links, no copies;
    /// where the system permits no links they are downloaded.
    /// </summary>
    /// <param name="lockfile">The previous lockfile.</param>
    /// <param name="packageFolders">Where packages lie.</param>
    /// <param name="sdkRuntimeIdentifier">The runtime identifier of the .NET SDK.</param>
    /// <param name="except">Ids whose bytes are to be taken anew from their source.</param>
    /// <param name="memory">What is remembered as verified.</param>
    /// <param name="cancellation">Stops between packages.</param>
    public void Seed(Lockfile lockfile, IReadOnlyList<string> packageFolders, string sdkRuntimeIdentifier, IReadOnlyCollection<string> except, PackageMemory memory, CancellationToken cancellation)
    {
        foreach (var entry in lockfile.NuGet.Packages.Values.Where(e => !except.Contains(e.Name, StringComparer.OrdinalIgnoreCase)))
        {
            var folder = packageFolders.Select(f => PackageFolder.Of(f, entry.Key)).FirstOrDefault(f => File.Exists(f.MetadataPath));
            if (folder.Path is null)
            {
                continue;
            }

            var only = new Lockfile { NuGet = new NuGetSection { Packages = new Dictionary<string, PackageEntry> { [entry.Key] = entry } } };
            if (new PackageIntegrity(only, sdkRuntimeIdentifier, IntegrityLevel.Full, memory).Verify([packageFolders.First(f => folder == PackageFolder.Of(f, entry.Key))], cancellation).Count == 0 && TryLink(folder, entry.Key))
            {
                File.WriteAllText(SeedMark(entry.Key), string.Empty);
            }
        }
    }

    /// <summary>Whether the package of a key was put there by <see cref="Seed"/>.</summary>
    public bool IsSeeded(string key) => File.Exists(SeedMark(key));

    /// <summary>The keys of all packages in it.</summary>
    public IEnumerable<string> Downloaded() => Directory.EnumerateDirectories(Packages).SelectMany(Directory.EnumerateDirectories)
        .Select(folder => $"{System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(folder))}/{System.IO.Path.GetFileName(folder)}");

    /// <summary>The folders with restore results, sorted: of the plain restore first, then of those for runtime identifiers.</summary>
    public IReadOnlyList<string> RestoreResults() => !Directory.Exists(Results) ? [] :
        [.. Directory.EnumerateDirectories(Results).Order(StringComparer.Ordinal).SelectMany(pass => Directory.EnumerateDirectories(pass).Order(StringComparer.Ordinal)).Where(f => File.Exists(System.IO.Path.Combine(f, RestoreResult.FileName)))];

    /// <summary>Removes it.</summary>
    /// <exception cref="InvalidDataException">The folder is none that <see cref="Create"/> made: a name that came from elsewhere must not empty a folder.</exception>
    public void Delete()
    {
        if (Directory.Exists(Path))
        {
            if (!System.IO.Path.GetFileName(Path).StartsWith(Prefix, StringComparison.Ordinal) || !Directory.Exists(Seeds) || !Directory.Exists(None))
            {
                throw new InvalidDataException($"{Path} is no quarantine of an update.");
            }

            foreach (var link in Directory.Exists(Packages) ? Directory.EnumerateDirectories(Packages).SelectMany(Directory.EnumerateDirectories).Where(IsLink).ToList() : [])
            {
                Directory.Delete(link);
            }

            if (!Directory.Exists(Inputs))
            {
                Directory.Delete(Path, recursive: true);
                return;
            }

            // MSBuild makes the folder of a project its current one, and may ask for it until the build ends.
            foreach (var folder in Directory.EnumerateDirectories(Path).Where(f => f != Inputs).ToList())
            {
                Directory.Delete(folder, recursive: true);
            }

            AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteInputs();
        }
    }

    private void DeleteInputs()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A few project files stay in the temporary folder.
        }
    }

    private static bool IsLink(string path) => FileStamp.Of(path) is { IsLink: true };

    private string SeedMark(string key) => System.IO.Path.Combine(Seeds, key.Replace('/', '@'));

    private bool TryLink(PackageFolder folder, string key)
    {
        var link = System.IO.Path.Combine(Packages, key);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(link)!);
            Directory.CreateSymbolicLink(link, folder.Path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
