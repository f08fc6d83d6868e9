using Hardening.Reporting;

namespace Hardening.Tool.Inventory;

/// <summary>Writes an inventory for people: a line each, in columns.</summary>
internal static class InventoryTable
{
    private const string Gap = "  ";

    // Beyond this a column is not padded: one long name would push all others out of sight.
    private const int Widest = 60;

    private static readonly string[] Heading = ["KIND", "NAME", "WRITTEN", "LOCKED", "PLACE"];

    /// <summary>Writes it. All that files say is escaped.</summary>
    internal static void Write(TextWriter writer, IReadOnlyList<InventoryEntry> entries)
    {
        List<string[]> rows = [Heading, .. entries.Select(Row)];
        var widths = Enumerable.Range(0, Heading.Length).Select(i => Math.Min(Widest, rows.Max(r => r[i].Length))).ToArray();
        foreach (var row in rows)
        {
            writer.WriteLine(string.Join(Gap, row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]))));
        }
    }

    private static string[] Row(InventoryEntry entry) =>
    [
        entry.KindName,
        SinkText.ForLog(entry.Name),
        SinkText.ForLog(entry.Pin ?? entry.Ref ?? "-"),
        SinkText.ForLog(entry.Resolved ?? "-"),
        SinkText.ForLog($"{entry.File}({entry.Span.Line},{entry.Span.Column})"),
    ];
}
