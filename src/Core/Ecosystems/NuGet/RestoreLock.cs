using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hardening.Ecosystems.NuGet;

/// <summary>One line of NuGet's own lock file.</summary>
/// <param name="Id">The package id or project name as NuGet writes it.</param>
/// <param name="Type"><c>Direct</c>, <c>Transitive</c>, <c>CentralTransitive</c> or <c>Project</c>.</param>
public sealed record RestoreLockItem(string Id, string Type)
{
    /// <summary>The type of a package that the project references.</summary>
    public const string Direct = "Direct";

    /// <summary>The type of a package that another package brings.</summary>
    public const string Transitive = "Transitive";

    /// <summary>The type of a transitive package whose version is managed centrally.</summary>
    public const string CentralTransitive = "CentralTransitive";

    /// <summary>The type of a referenced project.</summary>
    public const string Project = "Project";

    /// <summary>The requested range, or null.</summary>
    public string? Requested { get; init; }

    /// <summary>The resolved version, or null.</summary>
    public string? Resolved { get; init; }

    /// <summary>NuGet's content hash, or null.</summary>
    public string? ContentHash { get; init; }

    /// <summary>What it depends on: id → range or lowest version.</summary>
    public IReadOnlyDictionary<string, string> Dependencies { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// NuGet's own lock file (<c>packages.lock.json</c>), which this engine never keeps but generates into obj, so that NuGet itself refuses
/// bytes that differ from the lockfile (the file's format is described at https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies).
/// </summary>
/// <param name="Version">The format's version: 1, or 2 with centrally managed transitive versions.</param>
/// <param name="Targets">Items by <c>framework</c> or <c>framework/runtime identifier</c>, as NuGet writes them.</param>
public sealed record RestoreLock(int Version, IReadOnlyDictionary<string, IReadOnlyList<RestoreLockItem>> Targets)
{
    private const int LargestFile = 64 * 1024 * 1024;

    /// <summary>Reads a file that NuGet wrote.</summary>
    /// <exception cref="InvalidDataException">Not such a file.</exception>
    /// <exception cref="IOException">Not readable, or larger than 64 MiB.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static RestoreLock Read(string path)
    {
        try
        {
            var bytes = Files.AtomicFile.ReadAtMost(path, LargestFile).AsMemory();
            using var document = JsonDocument.Parse(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var targets = new Dictionary<string, IReadOnlyList<RestoreLockItem>>(StringComparer.Ordinal);
            foreach (var target in document.RootElement.GetProperty("dependencies").EnumerateObject())
            {
                targets[target.Name] = [.. target.Value.EnumerateObject().Select(Item)];
            }

            return new RestoreLock(document.RootElement.GetProperty("version").GetInt32(), targets);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The bytes for NuGet to read.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, Version);
            json.WriteStartObject("dependencies"u8);
            foreach (var (name, items) in Targets.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(name);
                foreach (var item in items)
                {
                    Write(json, item);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, RestoreLockItem item)
    {
        json.WriteStartObject(item.Id);
        json.WriteString("type"u8, item.Type);
        WriteOptional(json, "requested", item.Requested);
        WriteOptional(json, "resolved", item.Resolved);
        WriteOptional(json, "contentHash", item.ContentHash);
        if (item.Dependencies.Count > 0)
        {
            json.WriteStartObject("dependencies"u8);
            foreach (var (id, range) in item.Dependencies.OrderBy(d => d.Key, StringComparer.Ordinal))
            {
                json.WriteString(id, range);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static RestoreLockItem Item(JsonProperty property) => new(property.Name, property.Value.GetProperty("type").GetString() ?? string.Empty)
    {
        Requested = Optional(property.Value, "requested"),
        Resolved = Optional(property.Value, "resolved"),
        ContentHash = Optional(property.Value, "contentHash"),
        Dependencies = property.Value.TryGetProperty("dependencies", out var dependencies)
            ? dependencies.EnumerateObject().ToDictionary(d => d.Name, d => d.Value.GetString() ?? string.Empty, StringComparer.Ordinal)
            : new Dictionary<string, string>(),
    };

    private static string? Optional(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
