using System.Text;
using System.Text.Json;

namespace Hardening.Tool.Tests;

/// <summary>An entry of the JSON that <c>inventory</c> prints.</summary>
internal sealed record InventoryItem(string Ecosystem, string Kind, string Name, string? Ref, string? Pin, string? Resolved, string File, int Line, int Column, int Start, int End, string Raw)
{
    private static readonly string[] Members = ["ecosystem", "kind", "name", "ref", "pin", "resolved", "file", "line", "column", "start", "end", "raw"];
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>What matters of it for most tests.</summary>
    internal string Short => $"{Kind} {Name} {Ref ?? "-"} {Pin ?? "-"}";

    /// <summary>Runs <c>inventory</c>, and checks what holds for every repository.</summary>
    internal static IReadOnlyList<InventoryItem> Of(string root, params string[] options) => Read(ToolProcess.Run(Path.GetTempPath(), ["inventory", "--format", "json", "--root", root, .. options]).Ends(0).IsHarmless(), root);

    /// <summary>Reads what <c>inventory</c> printed, and checks it against the files.</summary>
    internal static IReadOnlyList<InventoryItem> Read(ToolResult result, string root)
    {
        using var document = JsonDocument.Parse(result.Output);
        foreach (var element in document.RootElement.EnumerateArray())
        {
            CollectionAssert.AreEqual(Members, element.EnumerateObject().Select(m => m.Name).ToList());
        }

        var items = document.RootElement.EnumerateArray().Select(e => e.Deserialize<InventoryItem>(Options)!).ToList();
        foreach (var group in items.GroupBy(i => i.File))
        {
            var text = TextOf(Path.Combine(root, group.Key));
            foreach (var item in group)
            {
                Assert.AreEqual(item.Raw, text[item.Start..item.End], item.ToString());
                var place = PlaceOf(text, item.Start);

                // Builders count the line on which an instruction begins.
                Assert.AreEqual((IsDockerfile(item.File) ? Math.Min(item.Line, place.Line) : place.Line, place.Column), (item.Line, item.Column), item.ToString());
            }
        }

        CollectionAssert.AreEqual(items.OrderBy(i => i.File, StringComparer.Ordinal).ThenBy(i => i.Start).ToList(), items);
        return items;
    }

    private static bool IsDockerfile(string file) => file.EndsWith("Dockerfile", StringComparison.Ordinal);

    // By another way than the tool's own.
    private static string TextOf(string file)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static (int Line, int Column) PlaceOf(string text, int offset)
    {
        var before = text[..offset].Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return (before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
