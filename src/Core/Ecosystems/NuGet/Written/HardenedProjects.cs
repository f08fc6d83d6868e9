using Hardening.Files;
using Hardening.Formats;
using Hardening.Inputs;

namespace Hardening.Ecosystems.NuGet.Written;

/// <summary>A project whose build this engine will not be asked about.</summary>
/// <param name="Path">Relative to the root, with <c>/</c>.</param>
/// <param name="Place">Where the reason stands.</param>
/// <param name="Reason">Why, as the rest of a sentence that begins with the project.</param>
public sealed record UnhardenedProject(string Path, SourcePlace Place, string Reason);

/// <summary>
/// Tells from the text whether a project imports Hardening.Sdk. Whatever cannot be told from the text (a condition, a path made of properties) does
/// not count, because a project that is silently not verified is what this looks for.
/// </summary>
/// <param name="root">The repository root.</param>
/// <param name="boundary">See <see cref="ProjectPath.Resolve"/>.</param>
/// <param name="read">Reads a file by its full path; null if it is no XML.</param>
public sealed class HardenedProjects(string root, string boundary, Func<string, ProjectText?> read)
{
    /// <summary>The id of the package.</summary>
    public const string SdkName = "Hardening.Sdk";

    private const string PropsName = "Directory.Build.props";

    // With these a project leaves out or replaces the nearest Directory.Build.props.
    private static readonly string[] Leaving = ["ImportDirectoryBuildProps", "DirectoryBuildPropsPath", "_DirectoryBuildPropsBasePath", "_DirectoryBuildPropsFile"];

    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>Whether a project is hardened; null if it is.</summary>
    /// <param name="path">Relative to the root, with <c>/</c>.</param>
    public UnhardenedProject? Judge(string path)
    {
        var full = Path.Combine(root, path);
        var place = new SourcePlace(full);
        if (read(full) is not { } project)
        {
            return new UnhardenedProject(path, place, "cannot be read as XML");
        }

        if (Names(project))
        {
            // The second best form: in the project itself, or as a package reference.
            return null;
        }

        if (project.Properties.FirstOrDefault(p => Leaving.Contains(p.Name, StringComparer.OrdinalIgnoreCase)) is { } property)
        {
            return new UnhardenedProject(path, property.Value.Span.Place, $"sets {property.Name}, so the Directory.Build.props with Hardening.Sdk is not imported");
        }

        if (!TakesDirectoryProps(project))
        {
            return new UnhardenedProject(path, place, "uses no SDK and does not import Microsoft.Common.props, so no Directory.Build.props is imported");
        }

        if (ProjectPath.FileAbove(boundary, PropsName, Path.GetDirectoryName(full)!) is not { } nearest)
        {
            return new UnhardenedProject(path, place, "has no Directory.Build.props in its folder or above it");
        }

        return Imports(nearest, 0)
            ? null
            : new UnhardenedProject(path, new SourcePlace(nearest), $"takes {RepositoryRoot.Relative(root, nearest) ?? nearest}, which does not import Hardening.Sdk without a condition, nor the Directory.Build.props above it");
    }

    private bool TakesDirectoryProps(ProjectText project) =>
        project.Sdks.Any(s => s.Condition.Length == 0)
        || project.Imports.Any(i => i.Project.Value.Replace('\\', '/') is var value && (value.EndsWith("/Microsoft.Common.props", StringComparison.OrdinalIgnoreCase) || value.EndsWith("/Microsoft.Cpp.Default.props", StringComparison.OrdinalIgnoreCase)))
        || project.Imports.Where(i => i.Sdk.Length == 0).Select(i => ProjectPath.Resolve(boundary, project.Text.File, i.Project.Value)).OfType<string>()
            .Any(p => p != project.Text.File && read(p) is { } imported && imported.Sdks.Any(s => s.Condition.Length == 0));

    private bool Imports(string file, int depth)
    {
        if (known.TryGetValue(file, out var answer))
        {
            return answer;
        }

        // Of files that import each other none is the first.
        known[file] = false;
        const int Deepest = 64;
        return known[file] = depth < Deepest && read(file) is { } text && (Names(text) || text.Imports.Any(i => i.Sdk.Length == 0 && ProjectPath.Resolve(boundary, file, i.Project.Value) is { } next
            && Holds(i, file, next) && Imports(next, depth + 1)));
    }

    private static bool Names(ProjectText text) =>
        NamedAsSdk(text) is not null || (!text.Text.File.EndsWith(".props", StringComparison.OrdinalIgnoreCase) && NamedAsPackage(text) is not null);

    /// <summary>Where a file takes the whole of Hardening.Sdk as an MSBuild SDK, without a condition; null if it does not.</summary>
    public static ProjectReference? NamedAsSdk(ProjectText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Sdks.FirstOrDefault(s => Is(s) && (!s.IsImport || IsWhole(text)));
    }

    /// <summary>Where a file references Hardening.Sdk as a package, without a condition; null if it does not.</summary>
    public static ProjectReference? NamedAsPackage(ProjectText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Packages.FirstOrDefault(Is);
    }

    // Sdk.props hooks in what Sdk.targets brings; one without the other verifies nothing.
    private static bool IsWhole(ProjectText text) =>
        text.Imports.Where(i => i.Condition.Length == 0 && i.Sdk.Equals(SdkName, StringComparison.OrdinalIgnoreCase)).Select(i => i.Project.Value).ToHashSet(StringComparer.OrdinalIgnoreCase).IsSupersetOf(["Sdk.props", "Sdk.targets"]);

    private static bool Is(ProjectReference named) => named.Condition.Length == 0 && named.Reference.Name.Equals(SdkName, StringComparison.OrdinalIgnoreCase);

    // The usual guards of such an import: the file is there, or was found above.
    private bool Holds(ProjectImport import, string file, string next)
    {
        var condition = import.Condition.Trim();
        if (condition.Length == 0)
        {
            return true;
        }

        foreach (var (before, after) in ((string, string)[])[("Exists('", "')"), ("'", "' != ''"), ("'", "'!=''")])
        {
            if (condition.StartsWith(before, StringComparison.OrdinalIgnoreCase) && condition.EndsWith(after, StringComparison.Ordinal) && condition.Length > before.Length + after.Length
                && ProjectPath.Resolve(boundary, file, condition[before.Length..^after.Length]) == next)
            {
                return true;
            }
        }

        return false;
    }
}
