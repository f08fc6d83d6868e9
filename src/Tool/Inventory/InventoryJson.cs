using System.Text;
using System.Text.Json;

namespace Hardening.Tool.Inventory;

/// <summary>Writes an inventory as JSON: an array of objects with always the same members.</summary>
internal static class InventoryJson
{
    /// <summary>Writes it. Everything but plain ASCII is escaped, so that a terminal may show it.</summary>
    internal static void Write(Stream stream, IReadOnlyList<InventoryEntry> entries)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        writer.WriteStartArray();
        foreach (var entry in entries)
        {
            writer.WriteStartObject();
            Text(writer, "ecosystem"u8, entry.EcosystemName);
            Text(writer, "kind"u8, entry.KindName);
            Text(writer, "name"u8, entry.Name);
            Text(writer, "ref"u8, entry.Ref);
            Text(writer, "pin"u8, entry.Pin);
            Text(writer, "resolved"u8, entry.Resolved);
            Text(writer, "file"u8, entry.File);
            writer.WriteNumber("line"u8, entry.Span.Line);
            writer.WriteNumber("column"u8, entry.Span.Column);
            writer.WriteNumber("start"u8, entry.Span.Start);
            writer.WriteNumber("end"u8, entry.Span.End);
            Text(writer, "raw"u8, entry.Raw);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            writer.WriteNull(name);
        }
        else
        {
            // Escapes in YAML and XML can make half of a surrogate pair, which has no UTF-8: it becomes U+FFFD.
            writer.WriteString(name, Encoding.UTF8.GetBytes(value));
        }
    }
}
