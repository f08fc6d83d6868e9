using Hardening.Ecosystems.NuGet.Written;
using Hardening.Findings;
using Hardening.Formats;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>Compares the packages that the evaluation of a project took files from with the lockfile.</summary>
/// <param name="projectFile">Full path of the project.</param>
/// <param name="lockfile">The baseline.</param>
/// <param name="isOwn">Whether the repository itself builds the package of an id, so that no lock entry stands for it.</param>
public sealed class ImportedVerifier(string projectFile, Lockfile lockfile, Func<string, bool> isOwn)
{
    /// <summary>Findings for packages that are not locked. What the files of the others hold is for <see cref="PackageIntegrity"/> to say.</summary>
    public IReadOnlyList<Finding> Verify(IEnumerable<ImportedPackage> packages)
    {
        ArgumentNullException.ThrowIfNull(packages);
        return [.. packages.Where(p => !lockfile.NuGet.Packages.ContainsKey(p.Key) && !isOwn(IdOf(p))).Select(NotLocked)];
    }

    /// <summary>The part of the lockfile about packages.</summary>
    public Lockfile Only(IEnumerable<ImportedPackage> packages) => new()
    {
        NuGet = new NuGetSection
        {
            Packages = packages.Select(p => p.Key).Distinct(StringComparer.Ordinal).Where(lockfile.NuGet.Packages.ContainsKey).ToDictionary(k => k, k => lockfile.NuGet.Packages[k], StringComparer.Ordinal),
        },
    };

    private Finding NotLocked(ImportedPackage package)
    {
        var id = IdOf(package);
        var locked = lockfile.NuGet.MSBuildSdks.GetValueOrDefault(id);
        return new Finding(
            FindingCodes.MSBuildSdkNotLocked, $"{package.Key} is not in the lockfile{(locked is null ? string.Empty : $", which has {locked}")}, but the evaluation of the project imported {package.File}.", Place(id), Commands.Update, WrittenVerifier.SeverityOf(id, locked))
        {
            Input = package.Key,
        };
    }

    // Where the project names it, if it does.
    private SourcePlace Place(string id)
    {
        try
        {
            return ProjectText.Read(projectFile).Sdks.FirstOrDefault(s => s.Reference.Name.Equals(id, StringComparison.OrdinalIgnoreCase))?.Reference.Span.Place ?? new SourcePlace(projectFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // A file-based app has no project file.
            return new SourcePlace(projectFile);
        }
    }

    private static string IdOf(ImportedPackage package) => package.Key[..package.Key.IndexOf('/', StringComparison.Ordinal)];
}
