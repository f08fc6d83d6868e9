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

    private const int Deepest = 64;

    // What is imported into a project that says nothing of it.
    private static readonly string[] BesideProjects = [PropsName, "Directory.Build.targets", "Directory.Packages.props"];

    // With these a project leaves out or replaces the nearest Directory.Build.props, or the file that imports it.
    private static readonly string[] Leaving =
        ["ImportDirectoryBuildProps", "DirectoryBuildPropsPath", "_DirectoryBuildPropsBasePath", "_DirectoryBuildPropsFile", "AlternateCommonProps", "MSBuildExtensionsPath"];

    private static readonly string[] OfTheSdk = ["HardeningSdkDirectory", "HardeningPhase"];

    // The tasks that run in each project. MSBuild goes by the last part of a name, and the first that says Override wins.
    private static readonly string[] Tasks = ["VerifyProject", "MarkVerified", "OpenRestore", "PrepareRestore", "VerifyRestored", "CheckReferences"];

    // The .NET SDK's own SDKs that import no Directory.Build.props.
    private static readonly string[] Partial = ["FSharp.NET.Sdk", "Microsoft.NET.Sdk.Publish", "Microsoft.NET.Sdk.Web.ProjectSystem"];

    // Where MSBuild's own Microsoft.Common.props and its like lie.
    private static readonly string[] CommonProps =
    [
        "$(MSBuildExtensionsPath)/$(MSBuildToolsVersion)/Microsoft.Common.props", "$(MSBuildExtensionsPath)/Current/Microsoft.Common.props",
        "$(MSBuildToolsPath)/Microsoft.Common.props", "$(MSBuildBinPath)/Microsoft.Common.props", "$(VCTargetsPath)/Microsoft.Cpp.Default.props",
    ];

    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>Where a file takes the whole of Hardening.Sdk as an MSBuild SDK, without a condition; null if it does not.</summary>
    public static InputReference? NamedAsSdk(ProjectText text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // Sdk.props hooks in what Sdk.targets brings; one without the other verifies nothing.
        return text.Sdks.FirstOrDefault(s => s.IsCertain && Is(s.Reference)
            && (s.File.Length == 0 || text.Sdks.Any(t => t.Condition.Length == 0 && Is(t.Reference) && t.File.Equals("Sdk.targets", StringComparison.OrdinalIgnoreCase))))?.Reference;
    }

    /// <summary>Where a file references the whole of Hardening.Sdk as a package, without a condition; null if it does not.</summary>
    public static InputReference? NamedAsPackage(ProjectText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Packages.FirstOrDefault(p => p.IsWhole && Is(p.Reference))?.Reference;
    }

    /// <summary>What in a file replaces a part of Hardening.Sdk itself, which a project comes after: its targets and the properties that lead to them; null if nothing does.</summary>
    public static UnhardenedProject? Replaces(string path, ProjectText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = text.Targets.Select(t => (Name: Uri.UnescapeDataString(t.Value).Trim(), t.Span))
            .Where(t => t.Name.StartsWith("Hardening", StringComparison.OrdinalIgnoreCase) || t.Name.StartsWith("_Hardening", StringComparison.OrdinalIgnoreCase)).Select(t => (What: $"the target {t.Name}", t.Span))
            .Concat(text.Tasks.Where(t => t.Value.Contains('$', StringComparison.Ordinal) || Tasks.Contains(Uri.UnescapeDataString(t.Value).Trim().Split('.', '+')[^1], StringComparer.OrdinalIgnoreCase)).Select(t => (What: $"the task {t.Value}", t.Span)))
            .Concat(text.Properties.Where(p => p.Name.StartsWith("_Hardening", StringComparison.OrdinalIgnoreCase) || OfTheSdk.Contains(p.Name, StringComparer.OrdinalIgnoreCase)).Select(p => (What: $"the property {p.Name}", p.Value.Span)))
            .FirstOrDefault();
        return found.What is null ? null : new UnhardenedProject(path, found.Span.Place, $"defines {found.What}, which is a part of Hardening.Sdk");
    }

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

        if (NamedAsSdk(project) is not null || (NamedAsPackage(project) is not null && !IsPackageChanged(full)))
        {
            // The second best form: in the project itself, or as a package reference.
            return null;
        }

        if (TakesDirectoryProps(project) is not { } taken)
        {
            return new UnhardenedProject(path, place, "uses no SDK and does not import Microsoft.Common.props, so no Directory.Build.props is imported");
        }

        if (Leaves(project, taken, []) is { } leaving)
        {
            return new UnhardenedProject(path, leaving.Span.Place, $"{leaving.Value}, so the Directory.Build.props with Hardening.Sdk is not imported");
        }

        return JudgeFolder(path);
    }

    /// <summary>Whether a file is hardened that is built without a project of its own (a file-based app), by the Directory.Build.props that counts in its folder; null if it is.</summary>
    /// <param name="path">Relative to the root, with <c>/</c>.</param>
    public UnhardenedProject? JudgeFolder(string path)
    {
        var full = Path.Combine(root, path);
        if (ProjectPath.FileAbove(boundary, PropsName, Path.GetDirectoryName(full)!) is not { } nearest)
        {
            return new UnhardenedProject(path, new SourcePlace(full), "has no Directory.Build.props in its folder or above it");
        }

        return Imports(nearest, 0)
            ? null
            : NotImporting(path, nearest);
    }

    /// <summary>The part of Hardening.Sdk that a directive of a file-based app replaces, which becomes a property of its project; null if none does.</summary>
    public static UnhardenedProject? ReplacesByDirective(string path, string full, string text) =>
        ScriptText.Properties(text).FirstOrDefault(p => p.StartsWith("_Hardening", StringComparison.OrdinalIgnoreCase) || OfTheSdk.Contains(p, StringComparer.OrdinalIgnoreCase)) is { } property
            ? new UnhardenedProject(path, new SourcePlace(full), $"defines the property {property}, which is a part of Hardening.Sdk")
            : null;

    /// <summary>The MSBuild SDKs through which a project takes the Directory.Build.props; none where it does so by itself, or names Hardening.Sdk.</summary>
    /// <param name="path">Relative to the root, with <c>/</c>.</param>
    public IReadOnlyList<string> SdksOf(string path)
    {
        if (read(Path.Combine(root, path)) is not { } project || NamedAsSdk(project) is not null || NamedAsPackage(project) is not null || project.Imports.Any(i => i.Sdk.Length == 0 && IsCommonProps(i)))
        {
            return [];
        }

        var imported = project.Imports.Where(i => i.Sdk.Length == 0).Select(i => ProjectPath.Resolve(boundary, project.Text.File, i.Project.Value)).OfType<string>().Select(read).OfType<ProjectText>();
        return [.. imported.Prepend(project).SelectMany(p => p.Sdks).Where(TakesDirectoryProps).Select(s => s.Reference.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private UnhardenedProject NotImporting(string path, string nearest) =>
        new(path, new SourcePlace(nearest), $"takes {RepositoryRoot.Relative(root, nearest) ?? nearest}, which does not import Hardening.Sdk without a condition, nor the Directory.Build.props above it");

    /// <summary>The folders below the root, relative to it, whose own Directory.Build.props leads away from Hardening.Sdk.</summary>
    /// <param name="files">Full paths of files of the repository.</param>
    public IReadOnlyList<string> LeavingFolders(IEnumerable<string> files) =>
        [.. files.Where(f => Path.GetFileName(f) == PropsName && !Imports(f, 0)).Select(f => RepositoryRoot.Relative(root, Path.GetDirectoryName(f)!)).OfType<string>().Where(f => f != RepositoryPath.RootKey).Order(StringComparer.Ordinal)];

    // Whether a file that the project imports, as far as the text tells, changes or removes the package.
    private bool IsPackageChanged(string project)
    {
        var waiting = new Stack<string>(BesideProjects.Select(name => ProjectPath.FileAbove(boundary, name, Path.GetDirectoryName(project)!)).OfType<string>().Append(project));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (waiting.TryPop(out var file))
        {
            if (!seen.Add(file) || read(file) is not { } text)
            {
                continue;
            }

            if (text.ChangesPackage(SdkName))
            {
                return true;
            }

            foreach (var next in text.Imports.Where(i => i.Sdk.Length == 0).Select(i => ProjectPath.Resolve(boundary, file, i.Project.Value)).OfType<string>())
            {
                waiting.Push(next);
            }
        }

        return false;
    }

    // Where in the text of a project the nearest Directory.Build.props is imported; null if nowhere for certain.
    private int? TakesDirectoryProps(ProjectText project)
    {
        var sdks = project.Sdks.Where(TakesDirectoryProps).Select(s => s.File.Length == 0 ? 0 : s.Reference.Span.Start);
        var imports = project.Imports.Where(i => i.Sdk.Length == 0 && (IsCommonProps(i)
            || (ProjectPath.Resolve(boundary, project.Text.File, i.Project.Value) is { } file && file != project.Text.File && Holds(i, project.Text.File, file) && read(file)?.Sdks.Any(TakesDirectoryProps) == true)))
            .Select(i => i.Project.Span.End);
        return sdks.Concat(imports).Select(at => (int?)at).Min();
    }

    private static bool TakesDirectoryProps(ProjectSdk sdk) => sdk.IsCertain && !Partial.Contains(sdk.Reference.Name, StringComparer.OrdinalIgnoreCase);

    private static bool IsCommonProps(ProjectImport import) =>
        CommonProps.Contains(import.Project.Value.Replace('\\', '/'), StringComparer.OrdinalIgnoreCase)
        && (import.Condition.Length == 0 || import.Condition.Trim().Equals($"Exists('{import.Project.Value}')", StringComparison.OrdinalIgnoreCase));

    // What a file, or one that it imports before an offset, says against the import: the reason and its place. A property is looked for in all of it.
    private ProjectValue? Leaves(ProjectText text, int imports, HashSet<string> seen)
    {
        if (text.Properties.FirstOrDefault(p => Leaving.Contains(p.Name, StringComparer.OrdinalIgnoreCase)) is { } property)
        {
            return new ProjectValue($"sets {property.Name}", property.Value.Span);
        }

        foreach (var import in text.Imports.Where(i => i.Project.Span.Start < imports && i.Sdk.Length == 0 && !IsCommonProps(i)))
        {
            var file = ProjectPath.Resolve(boundary, text.Text.File, import.Project.Value);
            if (file is null || seen.Count > Deepest || read(file) is not { } next)
            {
                return new ProjectValue($"imports {import.Project.Value} before its SDK, and what that sets cannot be told from the text", import.Project.Span);
            }

            if (seen.Add(file) && Leaves(next, int.MaxValue, seen) is { } leaving)
            {
                return leaving;
            }
        }

        return null;
    }

    private bool Imports(string file, int depth)
    {
        if (known.TryGetValue(file, out var answer))
        {
            return answer;
        }

        // Of files that import each other none is the first.
        known[file] = false;
        return known[file] = depth < Deepest && read(file) is { } text && (NamedAsSdk(text) is not null || text.Imports.Any(i => i.Sdk.Length == 0
            && ProjectPath.Resolve(boundary, file, i.Project.Value) is { } next && Holds(i, file, next) && Imports(next, depth + 1)));
    }

    private static bool Is(InputReference reference) => reference.Name.Equals(SdkName, StringComparison.OrdinalIgnoreCase);

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
