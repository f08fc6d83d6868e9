using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats.Dockerfiles;
using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Images;

/// <summary>The container images that the Dockerfiles of a repository name. Grade "written": nothing is built and no registry is asked.</summary>
public sealed class ImageInputs
{
    private readonly string root;
    private readonly List<ImageUse> uses = [];
    private readonly List<Finding> findings = [];

    private ImageInputs(string root) => this.root = root;

    /// <summary>Every place that names an image, by file and then in the order of the text.</summary>
    public IReadOnlyList<ImageUse> Uses => uses;

    /// <summary>Why there may be more: files that could not be read or that their builder would refuse, arguments without a value.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Whether a file with this name may name images.</summary>
    public static bool IsWanted(ReadOnlySpan<char> name) => DockerfileText.IsDockerfile(name);

    /// <summary>Observes a repository.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="paths">The files of the repository, relative to the root, at least those whose name <see cref="IsWanted"/>; see <see cref="RepositoryFiles.Find"/>.</param>
    public static ImageInputs Observe(string root, IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var inputs = new ImageInputs(root);
        var wanted = paths.Where(p => IsWanted(Path.GetFileName(p.AsSpan()))).ToList();
        var files = new ImageFile[wanted.Count];
        Parallel.For(0, files.Length, i => files[i] = inputs.Read(wanted[i]));
        foreach (var (path, file) in wanted.Zip(files))
        {
            var full = Path.Combine(root, path);
            inputs.uses.AddRange(file.Images.Select(image => new ImageUse(path, image)));
            inputs.findings.AddRange(file.Problems.Select(p => new Finding(FindingCodes.Unreadable, p.Message, new SourcePlace(full, p.Line, p.Column), p.Remedy)));
        }

        return inputs;
    }

    private ImageFile Read(string path)
    {
        try
        {
            var full = Path.Combine(root, path);
            return FileStamp.Of(full) switch
            {
                null or { IsDirectory: true } => new ImageFile([], []),

                // Builders follow a link, so what is built is not what is reviewed at this path.
                { IsLink: true } => Refused($"{path} is a symbolic link or another thing that is no plain file, so what is built is not what is reviewed at this path."),
                { Size: > DockerfileText.LargestFile and var size } => Refused($"{path} has {size} bytes, and may have {DockerfileText.LargestFile}."),
                _ => DockerfileText.Read(full, AtomicFile.ReadAtMost(full, DockerfileText.LargestFile)),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused($"{path} could not be read: {e.Message}");
        }
    }

    private static ImageFile Refused(string message) => new([], [new ImageProblem(ImageProblemKind.Refused, message, 0, 0) { Remedy = "write it as a plain file" }]);
}
