using Hardening.Files;
using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Images;

/// <summary>Remembers what files were read as, so that a build in which none changed parses nothing.</summary>
public sealed class ImageMemory : FileMemory<FoundImages>
{
    private ImageMemory(string folder, string root)
        : base(folder, root)
    {
    }

    /// <summary>Opens the memory of a repository; null where nothing can be remembered.</summary>
    /// <param name="folder">The folder of all memories; null: nothing is remembered.</param>
    /// <param name="root">The repository root.</param>
    public static ImageMemory? Open(string? folder, string root) => IsPossible(folder) ? new ImageMemory(folder!, root) : null;

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer, FoundImages value)
    {
        writer.Write(value.Uses.Count);
        foreach (var use in value.Uses.Select(u => u.Value))
        {
            writer.Write((byte)use.Place);
            writer.Write(use.Value);
            writer.Write(use.Raw);
            Write(writer, use.Span);
            writer.Write(use.InstructionLine);
            writer.Write(use.Obstacle);
            writer.Write(use.Pin is not null);
            if (use.Pin is { } pin)
            {
                Write(writer, pin.Span);
                writer.Write(pin.Expected);
            }
        }

        writer.Write(value.Problems.Count);
        foreach (var problem in value.Problems)
        {
            writer.Write((byte)problem.Kind);
            writer.Write(problem.Message);
            writer.Write(problem.Line);
            writer.Write(problem.Column);
            writer.Write(problem.Name);
            writer.Write(problem.Remedy);
        }
    }

    /// <inheritdoc/>
    protected override FoundImages Read(BinaryReader reader, string path, string full)
    {
        var uses = new ImageUse[Count(reader)];
        for (var i = 0; i < uses.Length; i++)
        {
            var (place, value, raw, span, line, obstacle) = ((ImagePlace)reader.ReadByte(), reader.ReadString(), reader.ReadString(), Span(reader, full), reader.ReadInt32(), reader.ReadString());
            uses[i] = ImageUse.Of(new ImageValue(place, value, span, raw)
            {
                InstructionLine = line,
                Obstacle = obstacle,
                Pin = reader.ReadBoolean() ? new TextEdit(Span(reader, full), reader.ReadString(), string.Empty) : null,
            });
        }

        var problems = new ImageProblem[Count(reader)];
        for (var i = 0; i < problems.Length; i++)
        {
            problems[i] = new ImageProblem((ImageProblemKind)reader.ReadByte(), reader.ReadString(), reader.ReadInt32(), reader.ReadInt32()) { Name = reader.ReadString(), Remedy = reader.ReadString() };
        }

        return new FoundImages(path, uses, problems);
    }

    private static void Write(BinaryWriter writer, SourceSpan span)
    {
        writer.Write(span.Line);
        writer.Write(span.Column);
        writer.Write(span.Start);
        writer.Write(span.End);
    }

    private static SourceSpan Span(BinaryReader reader, string full) => new(full, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
}
