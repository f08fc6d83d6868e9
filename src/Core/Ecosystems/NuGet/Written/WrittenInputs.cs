using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet.Written;

/// <summary>
/// What the text of a repository names beside package references: MSBuild SDKs, dotnet tools, the .NET SDK, control files, and which projects are not
/// hardened. Grade "written": nothing is evaluated, no package is looked at.
/// </summary>
public sealed class WrittenInputs
{
    /// <summary>How the key of a file-based app ends in the lockfile: the .NET SDK makes a project of this name.</summary>
    public const string ScriptProject = ".cs.csproj";

    /// <summary>What the .NET SDK of a global.json is called, where it is a reference.</summary>
    public const string DotNetSdkName = "dotnet-sdk";

    private static readonly string[] NoProjects = [".shproj", ".vdproj"];

    // Xcode's, which has nothing in common with MSBuild but the end of its name. One that is XML is none.
    private const string XcodeProject = ".pbxproj";

    // What a solution calls its shared and setup projects, which MSBuild does not build.
    private static readonly string[] NotBuilt = ["Shared", "D954291E-2A0B-460D-934E-DC6B0785DB48", "54435603-DBB4-11D2-8724-00A0C9A8B90C"];

    private readonly string root;
    private readonly Dictionary<string, ProjectText?> texts = new(StringComparer.Ordinal);
    private readonly List<InputReference> references = [];
    private readonly List<InputReference> named = [];
    private readonly SortedDictionary<string, string> control = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IReadOnlyDictionary<string, string>> dotNet = new(StringComparer.Ordinal);
    private readonly List<UnhardenedProject> unhardened = [];
    private readonly List<(string Path, IReadOnlyList<string> Sdks)> bySdk = [];
    private readonly List<string> packagesConfigs = [];
    private readonly HashSet<string> solved = new(StringComparer.Ordinal);
    private readonly List<string> scripts = [];
    private readonly List<string> lockfiles = [];
    private readonly List<Finding> findings = [];

    private WrittenInputs(string root) => this.root = root;

    /// <summary>MSBuild SDKs and tools with the version that is written at the place; SDKs without a version are the .NET SDK's own, or have it in a global.json.</summary>
    public IReadOnlyList<InputReference> References => references;

    /// <summary>
    /// As <see cref="References"/>, but each with the place of its name, and with what is compared elsewhere: packages of file-based apps, and the .NET SDK
    /// of each global.json, whose place is that of the version. Packages of project files: <see cref="PackageItems"/> reads them from <see cref="Projects"/>.
    /// </summary>
    public IReadOnlyList<InputReference> Named => named;

    /// <summary>The texts of projects, and of all that may be imported into them.</summary>
    public IEnumerable<SourceText> Projects => texts.Values.OfType<ProjectText>().Select(t => t.Text);

    /// <summary>Files of these kinds that are no XML; full paths. Among them are those of <see cref="Findings"/>.</summary>
    public IEnumerable<string> NotXml => texts.Where(t => t.Value is null).Select(t => t.Key);

    /// <summary>Control files: path relative to the root → hash, see <see cref="ControlFiles"/>.</summary>
    public IReadOnlyDictionary<string, string> Control => control;

    /// <summary>What each global.json says of the .NET SDK, see <see cref="NuGetSection.DotNet"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> DotNet => dotNet;

    /// <summary>Projects that do not import Hardening.Sdk.</summary>
    public IReadOnlyList<UnhardenedProject> Unhardened => unhardened;

    /// <summary>Projects that take the Directory.Build.props only through MSBuild SDKs, with the names of these; for a package's SDK the text does not tell whether it does.</summary>
    public IReadOnlyList<(string Path, IReadOnlyList<string> Sdks)> BySdk => bySdk;

    /// <summary>Each packages.config, relative to the root.</summary>
    public IReadOnlyList<string> PackagesConfigs => packagesConfigs;

    /// <summary>File-based apps, relative to the root; only where they were asked for.</summary>
    public IReadOnlyList<string> Scripts => scripts;

    /// <summary>Lockfiles below the root, relative to it.</summary>
    public IReadOnlyList<string> NestedLockfiles => lockfiles;

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Observes a repository.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="excludes">Whether a path relative to the root is not hardened.</param>
    /// <param name="withScripts">Whether to look into C# files for file-based apps, which reads each of them.</param>
    /// <param name="packageFolders">See <see cref="RepositoryFiles.Find"/>.</param>
    /// <param name="knownScripts">File-based apps that are looked at in any case, relative to the root.</param>
    /// <exception cref="IOException">The folders could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static WrittenInputs Observe(string root, Func<string, bool> excludes, bool withScripts, IEnumerable<string>? packageFolders = null, IEnumerable<string>? knownScripts = null) =>
        Observe(root, RepositoryFiles.Find(root, name => IsWanted(name, withScripts), excludes, packageFolders), excludes, withScripts, knownScripts);

    /// <summary>Observes a repository that was walked already.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="paths">The files of the repository, relative to the root and sorted, at least those whose name <see cref="IsWanted"/>; see <see cref="RepositoryFiles.Find"/>.</param>
    /// <param name="excludes">Whether a path relative to the root is not hardened.</param>
    /// <param name="withScripts">Whether to look into C# files for file-based apps, which reads each of them.</param>
    /// <param name="knownScripts">File-based apps that are looked at in any case, relative to the root.</param>
    /// <exception cref="IOException">A folder could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static WrittenInputs Observe(string root, IEnumerable<string> paths, Func<string, bool> excludes, bool withScripts, IEnumerable<string>? knownScripts = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(excludes);
        var written = new WrittenInputs(root);
        var projects = new List<string>();
        foreach (var path in paths.Where(p => IsWanted(Path.GetFileName(p.AsSpan()), withScripts)))
        {
            written.Try(path, () => written.File(path, projects));
        }

        foreach (var path in (withScripts ? null : knownScripts) ?? [])
        {
            var full = Path.Combine(root, path);
            if (System.IO.File.Exists(full) && !excludes(path))
            {
                written.Try(path, () => written.Script(path, full));
            }
        }

        // That of a project which is left out is left out with it.
        var folders = projects.Select(Path.GetDirectoryName).ToHashSet(StringComparer.Ordinal);
        written.packagesConfigs.RemoveAll(path => !folders.Contains(Path.GetDirectoryName(path)) && Directory.EnumerateFiles(Path.GetDirectoryName(Path.Combine(root, path))!).Any(f => IsProject(Path.GetFileName(f.AsSpan()))));
        written.Imported(excludes);
        var hardened = new HardenedProjects(root, RepositoryRoot.GitRoot(root) ?? root, written.Text);
        foreach (var path in projects.Concat(written.solved.Except(projects, StringComparer.Ordinal).Where(p => !excludes(p)).Order(StringComparer.Ordinal)))
        {
            written.Try(path, () =>
            {
                if (hardened.Judge(path) is { } judgement)
                {
                    written.unhardened.Add(judgement);
                }
                else if (hardened.SdksOf(path) is { Count: > 0 } sdks)
                {
                    written.bySdk.Add((path, sdks));
                }
            });
        }

        // To look into every C# file costs much. In most folders a file-based app takes what the projects take.
        foreach (var folder in hardened.LeavingFolders([.. written.texts.Keys]))
        {
            foreach (var path in RepositoryFiles.Find(Path.Combine(root, folder), name => name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase), path => excludes($"{folder}/{path}")).Select(p => $"{folder}/{p}"))
            {
                if (!excludes(path))
                {
                    written.Try(path, () => written.unhardened.AddRange(ScriptAt(Path.Combine(root, path)) is not null && hardened.JudgeFolder(path) is { } judgement && !written.unhardened.Contains(judgement) ? [judgement] : []));
                }
            }
        }

        return written;
    }

    private void Try(string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            findings.Add(new Finding(FindingCodes.Unreadable, $"{path} could not be read: {e.Message}", new SourcePlace(Path.Combine(root, path)), $"mend it, or exclude it in {Policies.Policy.FileName}"));
        }
    }

    // What is imported under a name or from a folder that is not looked for.
    private void Imported(Func<string, bool> excludes)
    {
        var waiting = new Queue<ProjectText>(texts.Values.OfType<ProjectText>());
        while (waiting.TryDequeue(out var text))
        {
            foreach (var import in text.Imports.Where(i => i.Sdk.Length == 0))
            {
                if (ProjectPath.Resolve(root, text.Text.File, import.Project.Value) is { } file && !texts.ContainsKey(file) && RepositoryRoot.Relative(root, file) is { } path && !excludes(path))
                {
                    Try(path, () => Project(path));
                    if (texts.TryGetValue(file, out var next) && next is not null)
                    {
                        waiting.Enqueue(next);
                    }
                }
            }
        }
    }

    /// <summary>Whether a file with this name may hold something.</summary>
    /// <param name="name">The name, without folders.</param>
    /// <param name="withScripts">Whether C# files may be file-based apps.</param>
    public static bool IsWanted(ReadOnlySpan<char> name, bool withScripts) =>
        IsProject(name)
        || name.EndsWith(".props", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".targets", StringComparison.OrdinalIgnoreCase) || name.EndsWith("proj.user", StringComparison.OrdinalIgnoreCase)
        || IsSolution(name)
        || name.Equals("global.json", StringComparison.OrdinalIgnoreCase) || name.Equals("dotnet-tools.json", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Directory.Build.rsp", StringComparison.OrdinalIgnoreCase) || name.Equals("MSBuild.rsp", StringComparison.OrdinalIgnoreCase) || name.Equals("packages.config", StringComparison.OrdinalIgnoreCase)
        || name.Equals(Lockfile.FileName, PathRules.Here.Comparison)
        || (withScripts && name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase));

    private static bool IsSolution(ReadOnlySpan<char> name) => name.EndsWith(".sln", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".slnx", StringComparison.OrdinalIgnoreCase);

    private static bool IsProject(ReadOnlySpan<char> name)
    {
        foreach (var other in NoProjects)
        {
            if (name.EndsWith(other, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return name.EndsWith("proj", StringComparison.OrdinalIgnoreCase) && name.LastIndexOf('.') >= 0;
    }

    private void File(string path, List<string> projects)
    {
        var full = Path.Combine(root, path);
        var name = Path.GetFileName(path);
        if (ControlFiles.IsByName(path))
        {
            control[path] = ControlFiles.Hash(full);
        }

        if (IsProject(name))
        {
            if (!name.EndsWith(XcodeProject, StringComparison.OrdinalIgnoreCase) || Text(full) is not null)
            {
                projects.Add(path);
                Project(path);
            }
        }
        else if (name.EndsWith(".props", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".targets", StringComparison.OrdinalIgnoreCase))
        {
            Project(path);
        }
        else if (ControlFiles.IsUserFile(path))
        {
            if (!ControlFiles.IsOfEditor(SourceText.Read(full)))
            {
                control[path] = ControlFiles.Hash(full);
            }
        }
        else if (IsSolution(name))
        {
            Solution(full);
        }
        else if (name.Equals("global.json", StringComparison.OrdinalIgnoreCase))
        {
            GlobalJson(path, full);
        }
        else if (name.Equals("dotnet-tools.json", StringComparison.OrdinalIgnoreCase))
        {
            ToolManifest(full);
        }
        else if (name.Equals("packages.config", StringComparison.OrdinalIgnoreCase))
        {
            packagesConfigs.Add(path);
        }
        else if (name.Equals(Lockfile.FileName, PathRules.Here.Comparison))
        {
            if (!path.Equals(Lockfile.FileName, PathRules.Here.Comparison))
            {
                lockfiles.Add(path);
            }
        }
        else if (name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
        {
            Script(path, full);
        }
    }

    private void Project(string path)
    {
        if (Text(Path.Combine(root, path)) is not { } text)
        {
            return;
        }

        references.AddRange(text.Sdks.Select(s => s.Reference));
        named.AddRange(text.Sdks.Select(s => s.Reference));
        references.AddRange(text.Packages.Select(p => p.Reference).Where(p => p.Name.Equals(HardenedProjects.SdkName, StringComparison.OrdinalIgnoreCase)));
        unhardened.AddRange(HardenedProjects.Replaces(path, text) is { } replaced ? [replaced] : []);
        foreach (var named in ControlFiles.NamedBy(root, text).Distinct(StringComparer.Ordinal))
        {
            control[named] = ControlFiles.Hash(Path.Combine(root, named));
        }
    }

    // A project may have any name there.
    private void Solution(string full)
    {
        foreach (var project in SolutionText.Projects(ProjectText.Decoded(full).Text))
        {
            var isNamedSo = IsProject(Path.GetFileName(project.Path.Replace('\\', '/')));
            var isOther = Array.Exists(NoProjects, end => project.Path.EndsWith(end, StringComparison.OrdinalIgnoreCase)) && (project.Type.Length == 0 || NotBuilt.Contains(project.Type.Trim('{', '}'), StringComparer.OrdinalIgnoreCase));
            if (!isNamedSo && !isOther && ProjectPath.Resolve(root, full, project.Path) is { } file && RepositoryRoot.Relative(root, file) is { } path)
            {
                solved.Add(path);
            }
        }
    }

    private void GlobalJson(string path, string full)
    {
        var source = SourceText.Read(full);
        var sdk = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var leaf in JsonText.Leaves(source.Text))
        {
            if (leaf.Path is ["msbuild-sdks", var id])
            {
                references.Add(new InputReference(InputKind.MSBuildSdk, id, leaf.Value, source.Span(leaf.NameStart, leaf.NameEnd), source.Text[leaf.NameStart..leaf.NameEnd]));
                named.Add(references[^1]);
            }
            else if (leaf.Path is ["sdk", not "errorMessage", ..])
            {
                // Lists, and names that are there twice, with every value.
                var name = string.Join('.', leaf.Path.Skip(1));
                sdk[name] = sdk.TryGetValue(name, out var before) && before.Length > 0 ? $"{before};{leaf.Value}" : leaf.Value;
                if (name == "version")
                {
                    named.Add(new InputReference(InputKind.DotNetSdk, DotNetSdkName, leaf.Value, source.Span(leaf.At.Start, leaf.At.End), source.Text[leaf.At.Start..leaf.At.End]));
                }
            }
        }

        dotNet[path] = sdk;
    }

    private void ToolManifest(string full)
    {
        var source = SourceText.Read(full);
        foreach (var leaf in JsonText.Leaves(source.Text).Where(l => l.Path is ["tools", _, "version"]))
        {
            references.Add(new InputReference(InputKind.Tool, leaf.Path[1], leaf.Value, source.Span(leaf.NameStart, leaf.NameEnd), source.Text[leaf.NameStart..leaf.NameEnd]));
            named.Add(references[^1] with { Span = source.Span(leaf.Parent.Start, leaf.Parent.End), Raw = source.Text[leaf.Parent.Start..leaf.Parent.End] });
        }
    }

    private void Script(string path, string full)
    {
        if (ScriptAt(full) is { } text)
        {
            scripts.Add(path);
            unhardened.AddRange(HardenedProjects.ReplacesByDirective(path, full, text) is { } leaving ? [leaving] : []);
            var found = ScriptText.References(new SourceText(full, text));
            named.AddRange(found);
            references.AddRange(found.Where(r => r.Kind == InputKind.MSBuildSdk));
        }
    }

    // The beginning of a file-based app; null if it is none.
    private static string? ScriptAt(string full)
    {
        using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var start = new byte[(int)Math.Min(stream.Length, ScriptText.Head)];
        using var reader = new StreamReader(new MemoryStream(start, 0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false), writable: false));
        var text = reader.ReadToEnd();
        return ScriptText.IsScript(text) ? text : null;
    }

    private ProjectText? Text(string file)
    {
        // What cannot be read now is reported once, and is no project then.
        if (!texts.TryGetValue(file, out var text))
        {
            texts[file] = null;
            try
            {
                text = ProjectText.Read(file);
            }
            catch (InvalidDataException)
            {
                // Nothing that MSBuild would import; of a project it is a finding.
            }

            texts[file] = text;
        }

        return text;
    }
}
