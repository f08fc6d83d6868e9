using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Actions;

/// <summary>Remembers what workflows were read as, so that a build in which none changed loads no YAML library.</summary>
public sealed class WorkflowMemory : FileMemory<WorkflowFile>
{
    private WorkflowMemory(string folder, string root)
        : base(folder, root)
    {
    }

    /// <summary>Opens the memory of a repository; null where nothing can be remembered.</summary>
    /// <param name="folder">The folder of all memories; null: nothing is remembered.</param>
    /// <param name="root">The repository root.</param>
    public static WorkflowMemory? Open(string? folder, string root) => IsPossible(folder) ? new WorkflowMemory(folder!, root) : null;

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer, WorkflowFile value)
    {
        writer.Write(value.Uses.Count);
        foreach (var use in value.Uses.Select(u => u.Value))
        {
            writer.Write((byte)use.Place);
            writer.Write(use.Value);
            writer.Write(use.Raw);
            writer.Write(use.Span.Line);
            writer.Write(use.Span.Column);
            writer.Write(use.Span.Start);
            writer.Write(use.Span.End);
            writer.Write(use.IsEditable);
            writer.Write(use.CommentStart);
            writer.Write(use.Comment);
        }

        writer.Write(value.Findings.Count);
        foreach (var finding in value.Findings)
        {
            writer.Write(finding.Code == FindingCodes.WorkflowMergeKey);
            writer.Write(finding.Message);
            writer.Write(finding.Place.Line);
            writer.Write(finding.Place.Column);
            writer.Write(finding.Command);
        }
    }

    /// <inheritdoc/>
    protected override WorkflowFile Read(BinaryReader reader, string path, string full)
    {
        var uses = new WorkflowUse[Count(reader)];
        for (var i = 0; i < uses.Length; i++)
        {
            var (place, value, raw) = ((WorkflowPlace)reader.ReadByte(), reader.ReadString(), reader.ReadString());
            var span = new SourceSpan(full, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            uses[i] = WorkflowUse.Of(new WorkflowValue(place, value, span, raw) { IsEditable = reader.ReadBoolean(), CommentStart = reader.ReadInt32(), Comment = reader.ReadString() });
        }

        var findings = new Finding[Count(reader)];
        for (var i = 0; i < findings.Length; i++)
        {
            var code = reader.ReadBoolean() ? FindingCodes.WorkflowMergeKey : FindingCodes.WorkflowUnreadable;
            var message = reader.ReadString();
            var place = new SourcePlace(full, reader.ReadInt32(), reader.ReadInt32());
            findings[i] = new Finding(code, message, place, reader.ReadString());
        }

        return new WorkflowFile(path, uses, findings);
    }
}
