using System.Runtime.CompilerServices;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats.Dockerfiles;
using Hardening.Formats.Images;
using Hardening.Formats.Manifests;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Images;

/// <summary>
/// The container images that the files of a repository name: Dockerfiles, those that other files have built wherever they lie, compose files,
/// manifests, and what workflows name. Grade "written": nothing is built and no registry is asked.
/// </summary>
public sealed class ImageInputs
{
    private readonly string root;
    private readonly ImageMemory? memory;
    private readonly ExtraDockerfiles extra;
    private readonly SortedDictionary<string, FoundImages> files = new(StringComparer.Ordinal);
    private readonly List<ImageUse> elsewhere = [];
    private readonly List<Finding> findings = [];

    private ImageInputs(string root, ExtraDockerfiles extra, ImageMemory? memory)
    {
        this.root = root;
        this.extra = extra;
        this.memory = memory;
    }

    /// <summary>The files that name images, or may, sorted by path. Workflows are not among them.</summary>
    public IReadOnlyCollection<FoundImages> Files => files.Values;

    /// <summary>Every place that names an image, workflows included.</summary>
    public IEnumerable<ImageUse> Uses => files.Values.SelectMany(f => f.Uses).Concat(elsewhere);

    /// <summary>What was found while reading: files that cannot be read, or that their builder would refuse; variables without a value.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Whether a file with this name may name images.</summary>
    public static bool IsWanted(ReadOnlySpan<char> name) => DockerfileText.IsDockerfile(name) || ManifestFiles.IsWanted(name);

    /// <summary>Observes a repository.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="paths">The files of the repository, relative to the root, at least those whose name <see cref="IsWanted"/> or <paramref name="extra"/> wants.</param>
    /// <param name="workflows">The images that workflows and actions name.</param>
    /// <param name="extra">Dockerfiles by other names.</param>
    /// <param name="memory">What files were read as before; null: each is read.</param>
    /// <exception cref="IOException">The file system did not answer.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static ImageInputs Observe(string root, IEnumerable<string> paths, IEnumerable<ImageValue> workflows, ExtraDockerfiles? extra = null, ImageMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(workflows);
        var inputs = new ImageInputs(root, extra ?? ExtraDockerfiles.None, memory);
        inputs.elsewhere.AddRange(workflows.Select(ImageUse.Of));
        var all = paths.ToList();
        var charts = all.Where(p => Path.GetFileName(p) == ManifestFiles.Chart).Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        inputs.Read([.. all.Where(inputs.IsRead)], charts);
        inputs.FollowDockerfiles();
        foreach (var file in inputs.files.Values)
        {
            inputs.findings.AddRange(file.Problems.Select(p => FindingOf(Path.Combine(root, file.Path), p)));
        }

        memory?.Save(inputs.files.Keys);
        return inputs;
    }

    private bool IsRead(string path) => IsWanted(Path.GetFileName(path.AsSpan())) || extra.Matches(path);

    private void Read(List<string> paths, HashSet<string> charts)
    {
        var read = new FoundImages[paths.Count];
        Parallel.For(0, paths.Count, i => read[i] = Read(paths[i], extra.Matches(paths[i]), charts));
        foreach (var file in read)
        {
            files[file.Path] = file;
        }
    }

    private FoundImages Read(string path, bool asDockerfile, HashSet<string> charts)
    {
        try
        {
            var full = Path.Combine(root, path);
            if (FileStamp.Of(full) is not { IsDirectory: false } stamp)
            {
                return new FoundImages(path, [], [], []);
            }

            if (stamp.IsLink)
            {
                return Linked(path, full, asDockerfile, charts);
            }

            return memory?.Find(path, stamp) ?? Parse(path, full, stamp, asDockerfile, charts);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused(path, $"{path} could not be read: {e.Message}", string.Empty);
        }
    }

    // Builders follow links. What a link inside the repository leads to is read in its place, by the name of the link.
    private FoundImages Linked(string path, string full, bool asDockerfile, HashSet<string> charts)
    {
        var target = new FileInfo(full).ResolveLinkTarget(returnFinalTarget: true);
        if (target is null || RepositoryRoot.Relative(root, target.FullName) is not { } inside || SymbolicLinks.On(root, inside) is not null)
        {
            return Refused(path, $"{path} is a symbolic link that leads out of the repository, so what is built is not what is reviewed at this path.", "write it as a plain file");
        }

        if (!File.Exists(target.FullName))
        {
            return new FoundImages(path, [], [], []);
        }

        var bytes = AtomicFile.ReadAtMost(target.FullName, ManifestFiles.LargestFile);
        return Of(path, asDockerfile || DockerfileText.IsDockerfile(Path.GetFileName(path.AsSpan())) ? DockerfileText.Read(target.FullName, bytes) : Manifest(path, target.FullName, bytes, charts));
    }

    // Only this loads the YAML library, for files that need it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private FoundImages Parse(string path, string full, FileStamp stamp, bool asDockerfile, HashSet<string> charts)
    {
        if (stamp.Size > ManifestFiles.LargestFile)
        {
            return Refused(path, $"{path} has {stamp.Size} bytes, and may have {ManifestFiles.LargestFile}.", string.Empty);
        }

        var bytes = AtomicFile.ReadAtMost(full, ManifestFiles.LargestFile);
        var file = Of(path, asDockerfile || DockerfileText.IsDockerfile(Path.GetFileName(path.AsSpan())) ? DockerfileText.Read(full, bytes) : Manifest(path, full, bytes, charts));
        memory?.Remember(path, stamp, file);
        return file;
    }

    private static ImageFile Manifest(string path, string full, byte[] bytes, HashSet<string> charts) =>
        ManifestFiles.Read(path, full, bytes, isInChart: charts.Contains(FolderOf(path))) ?? new ImageFile([], []);

    private FoundImages Of(string path, ImageFile file) => new(path, [.. file.Images.Select(ImageUse.Of)], file.Problems, [.. file.Dockerfiles.Select(d => InRoot(path, d)).OfType<string>()]);

    // A Dockerfile that a compose file or devcontainer.json has built is one whatever its name.
    private void FollowDockerfiles()
    {
        foreach (var path in files.Values.SelectMany(f => f.Dockerfiles).Distinct(StringComparer.Ordinal).Where(p => !files.ContainsKey(p) || !DockerfileText.IsDockerfile(Path.GetFileName(p.AsSpan()))).ToList())
        {
            if (Read(path, asDockerfile: true, []) is { } found && (found.Uses.Count > 0 || found.Problems.Count > 0))
            {
                files[path] = found;
            }
        }
    }

    // Null of what leaves the repository: that is not this repository's to lock.
    private string? InRoot(string path, string relative) => RepositoryRoot.Relative(root, Path.GetFullPath(Path.Combine(root, FolderOf(path), relative)));

    private static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];

    private static FoundImages Refused(string path, string message, string remedy) =>
        new(path, [], [new ImageProblem(ImageProblemKind.Refused, message, 0, 0) { Remedy = remedy.Length > 0 ? remedy : $"mend it; or exclude it in {Policies.Policy.FileName}" }], []);

    private static Finding FindingOf(string full, ImageProblem problem) =>
        new(problem.Kind == ImageProblemKind.VariableWithoutValue ? FindingCodes.ImageVariable : FindingCodes.ImageFileUnreadable, problem.Message, new SourcePlace(full, problem.Line, problem.Column), problem.Remedy) { Input = problem.Name };
}
