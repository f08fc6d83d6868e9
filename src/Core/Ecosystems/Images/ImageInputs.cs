using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats.Dockerfiles;
using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Images;

/// <summary>The container images that a repository names, in Dockerfiles and in workflows. Grade "written": nothing is built and no registry is asked.</summary>
public sealed class ImageInputs
{
    private readonly string root;
    private readonly ImageMemory? memory;
    private readonly List<ImageUse> inWorkflows = [];
    private FoundImages[] files = [];

    private ImageInputs(string root, ImageMemory? memory)
    {
        this.root = root;
        this.memory = memory;
    }

    /// <summary>The Dockerfiles, sorted by path.</summary>
    public IReadOnlyList<FoundImages> Files => files;

    /// <summary>Every place that names an image, workflows last.</summary>
    public IEnumerable<ImageUse> Uses => files.SelectMany(f => f.Uses).Concat(inWorkflows);

    /// <summary>Why there may be more: files that could not be read or that their builder would refuse, arguments without a value.</summary>
    public IEnumerable<Finding> Findings => files.SelectMany(f => f.Problems.Select(p => FindingOf(Path.Combine(root, f.Path), p)));

    /// <summary>Whether a file with this name may name images.</summary>
    public static bool IsWanted(ReadOnlySpan<char> name) => DockerfileText.IsDockerfile(name);

    /// <summary>Observes a repository.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="paths">The files of the repository, relative to the root, at least those whose name <see cref="IsWanted"/>; see <see cref="RepositoryFiles.Find"/>.</param>
    /// <param name="workflows">The images that workflows and actions name.</param>
    /// <param name="memory">What files were read as before; null: each is read.</param>
    public static ImageInputs Observe(string root, IEnumerable<string> paths, IEnumerable<ImageValue> workflows, ImageMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(workflows);
        var inputs = new ImageInputs(root, memory);
        inputs.inWorkflows.AddRange(workflows.Select(ImageUse.Of));
        var wanted = paths.Where(p => IsWanted(Path.GetFileName(p.AsSpan()))).ToList();
        inputs.files = new FoundImages[wanted.Count];
        Parallel.For(0, wanted.Count, i => inputs.files[i] = inputs.Read(wanted[i]));
        memory?.Save(wanted);
        return inputs;
    }

    private FoundImages Read(string path)
    {
        try
        {
            var full = Path.Combine(root, path);
            if (FileStamp.Of(full) is not { IsDirectory: false } stamp)
            {
                return new FoundImages(path, [], []);
            }

            // Builders follow a link.
            return stamp.IsLink ? Refused(path, $"{path} is a symbolic link or another thing that is no plain file, so what is built is not what is reviewed at this path.")
                : stamp.Size > DockerfileText.LargestFile ? Refused(path, $"{path} has {stamp.Size} bytes, and may have {DockerfileText.LargestFile}.")
                : memory?.Find(path, stamp) ?? Parse(path, full, stamp);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused(path, $"{path} could not be read: {e.Message}");
        }
    }

    private FoundImages Parse(string path, string full, FileStamp stamp)
    {
        var text = DockerfileText.Read(full, AtomicFile.ReadAtMost(full, DockerfileText.LargestFile));
        var file = new FoundImages(path, [.. text.Images.Select(ImageUse.Of)], text.Problems);
        memory?.Remember(path, stamp, file);
        return file;
    }

    private static FoundImages Refused(string path, string message) => new(path, [], [new ImageProblem(ImageProblemKind.Refused, message, 0, 0) { Remedy = "write it as a plain file" }]);

    private static Finding FindingOf(string full, ImageProblem problem) =>
        new(problem.Kind == ImageProblemKind.VariableWithoutValue ? FindingCodes.ImageVariable : FindingCodes.ImageFileUnreadable, problem.Message, new SourcePlace(full, problem.Line, problem.Column), problem.Remedy) { Input = problem.Name };
}
