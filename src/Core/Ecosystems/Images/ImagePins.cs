using Hardening.Findings;
using Hardening.Formats;
using Hardening.Formats.Dockerfiles;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Images;

/// <summary>Writes locked digests into the files that name images.</summary>
public sealed class ImagePins
{
    // Of whatever names an image.
    private const int LargestFile = WorkflowText.LargestFile > DockerfileText.LargestFile ? WorkflowText.LargestFile : DockerfileText.LargestFile;

    private readonly string root;
    private readonly List<Finding> findings = [];
    private readonly List<string> news = [];

    private ImagePins(string root) => this.root = root;

    /// <summary>What has to be written by hand, and why; files that changed meanwhile.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>What was written, a line each.</summary>
    public IReadOnlyList<string> News => news;

    /// <summary>Pins every place without a digest of which the lockfile has one, and only one.</summary>
    /// <exception cref="IOException">A file could not be written; those before it are.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static ImagePins PinAll(string root, ImageInputs inputs, ImagesSection section)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var locked = new LockedImages(section);
        return Write(root, inputs.Uses.Where(u => u.Name is not null && !u.IsPinned)
            .Select(u => (Use: u, Entry: locked.Find(u.Name!))).Where(p => p.Entry is not null).Select(p => new ImageMove(p.Use, p.Entry!)));
    }

    /// <summary>Lets each place have the digest of an entry.</summary>
    /// <exception cref="IOException">A file could not be written; those before it are.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static ImagePins Write(string root, IEnumerable<ImageMove> moves)
    {
        ArgumentNullException.ThrowIfNull(moves);
        var pins = new ImagePins(root);
        foreach (var file in moves.GroupBy(m => m.Use.Value.Span.File, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            pins.Write(file.Key, [.. file]);
        }

        return pins;
    }

    /// <summary>The edit by which a place has the digest of an entry; null where none can be made.</summary>
    internal static TextEdit? EditOf(ImageMove move) => move.Use.Value.Pin is { } pin
        ? pin with { Replacement = pin.Expected.Length > 0 && !pin.Expected.StartsWith('@') ? move.Entry.Digest : $"@{move.Entry.Digest}" }
        : null;

    private void Write(string file, List<ImageMove> moves)
    {
        var edits = new List<TextEdit>();
        foreach (var move in moves)
        {
            if (EditOf(move) is { } edit)
            {
                edits.Add(edit);
            }
            else
            {
                var value = move.Use.Value;
                findings.Add(new Finding(FindingCodes.ImageUnpinnable, $"`{value.Raw}` {value.Obstacle}, so it is not edited.", value.Span.Place, $"write by hand: {ImagesVerifier.Written(move.Use, move.Entry)}") { Input = ImagesVerifier.InputOf(move.Use) });
            }
        }

        if (edits.Count == 0)
        {
            return;
        }

        if (FileEdits.Apply(root, file, edits, LargestFile) is not { } lines)
        {
            findings.Add(new Finding(FindingCodes.ImageFileUnreadable, "The file changed while it was to be edited; it was left as it is.", new SourcePlace(file), "run the command again"));
            return;
        }

        news.AddRange(lines);
    }
}
