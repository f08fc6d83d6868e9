using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hardening.Lockfiles;

/// <summary>Writes a lockfile as canonical bytes: UTF-8, LF, two spaces, members and keys sorted ordinally, one fact a line.</summary>
public static class LockfileWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // Base64 holds '+', which must stay readable and greppable; nothing here is embedded in HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The bytes of the lockfile, a function of its content only.</summary>
    public static byte[] Write(Lockfile lockfile)
    {
        ArgumentNullException.ThrowIfNull(lockfile);
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, Lockfile.Version);
            Members(json, lockfile.Unknown,
                ("actions", !lockfile.Actions.IsBaseline ? null : () => WriteActions(json, lockfile.Actions)),
                ("control", lockfile.Control.Count == 0 ? null : () => WriteStrings(json, lockfile.Control)),
                ("images", !lockfile.Images.IsBaseline ? null : () => WriteImages(json, lockfile.Images)),
                ("minor", lockfile.Minor == 0 ? null : () => json.WriteNumberValue(lockfile.Minor)),
                ("nuget", () => WriteNuGet(json, lockfile.NuGet)));
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteActions(Utf8JsonWriter json, ActionsSection actions)
    {
        json.WriteStartObject();
        Members(json, actions.Unknown, ("commits", () => WriteMap(json, actions.Commits, WriteAction)));
        json.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter json, ActionEntry entry)
    {
        json.WriteStartObject();
        Members(json, entry.Unknown,
            ("git", () => WriteGit(json, entry)),
            ("host", entry.OwnerId == 0 && entry.RepositoryId == 0 ? null : () => WriteHost(json, entry)),
            ("name", () => json.WriteStringValue(entry.Name)),
            ("uses", entry.Uses.Count == 0 ? null : () => WriteMap(json, entry.Uses, WriteStrings)));
        json.WriteEndObject();
    }

    private static void WriteGit(Utf8JsonWriter json, ActionEntry entry)
    {
        json.WriteStartObject();
        WriteOptional(json, "refs", entry.Refs);
        if (entry.Tree.Length > 0)
        {
            json.WriteString("tree"u8, entry.Tree);
        }

        json.WriteEndObject();
    }

    private static void WriteHost(Utf8JsonWriter json, ActionEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("owner"u8, entry.OwnerId);
        json.WriteNumber("repository"u8, entry.RepositoryId);
        json.WriteEndObject();
    }

    private static void WriteImages(Utf8JsonWriter json, ImagesSection images)
    {
        json.WriteStartObject();
        Members(json, images.Unknown,
            ("bases", images.Bases.Count == 0 ? null : () => WriteMap(json, images.Bases, WriteStrings)),
            ("digests", () => WriteMap(json, images.Digests, WriteImage)));
        json.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter json, ImageEntry entry)
    {
        json.WriteStartObject();
        Members(json, entry.Unknown,
            ("mediaType", entry.MediaType.Length == 0 ? null : () => json.WriteStringValue(entry.MediaType)),
            ("platforms", entry.Platforms.Count == 0 ? null : () => WriteStrings(json, entry.Platforms)),
            ("tags", entry.Tags.Count == 0 ? null : () => WriteList(json, entry.Tags)));
        json.WriteEndObject();
    }

    private static void WriteNuGet(Utf8JsonWriter json, NuGetSection nuget)
    {
        json.WriteStartObject();
        Members(json, nuget.Unknown,
            ("dotnet", nuget.DotNet.Count == 0 ? null : () => WriteMap(json, nuget.DotNet, WriteStrings)),
            ("msbuildSdks", nuget.MSBuildSdks.Count == 0 ? null : () => WriteStrings(json, nuget.MSBuildSdks)),
            ("packages", () => WriteMap(json, nuget.Packages, WritePackage)),
            ("projects", () => WriteMap(json, nuget.Projects, WriteProject)),
            ("sdks", () => WriteMap(json, nuget.Sdks, (j, sdk) => WriteMap(j, sdk, WriteStrings))),
            ("sources", () => WriteMap(json, nuget.Sources, WriteSources)),
            ("tools", nuget.Tools.Count == 0 ? null : () => WriteStrings(json, nuget.Tools)));
        json.WriteEndObject();
    }

    private static void WritePackage(Utf8JsonWriter json, PackageEntry entry)
    {
        json.WriteStartObject();
        Members(json, entry.Unknown,
            ("archive", () => json.WriteStringValue(entry.Content.Archive)),
            ("content", () => json.WriteStringValue(entry.Content.Content)),
            ("files", () => json.WriteStringValue(entry.Content.Files)),
            ("name", () => json.WriteStringValue(entry.Name)),
            ("runs", entry.Runs.Count == 0 ? null : () => WriteList(json, entry.Runs)),
            ("variants", entry.Variants.Count == 0 ? null : () => WriteMap(json, entry.Variants, WriteContent)),
            ("version", () => json.WriteStringValue(entry.Version)));
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, PackageContent content)
    {
        json.WriteStartObject();
        json.WriteString("archive"u8, content.Archive);
        json.WriteString("content"u8, content.Content);
        json.WriteString("files"u8, content.Files);
        json.WriteEndObject();
    }

    private static void WriteProject(Utf8JsonWriter json, ProjectEntry project)
    {
        json.WriteStartObject();
        Members(json, project.Unknown,
            ("exports", project.Exports.Count == 0 ? null : () => WriteMap(json, project.Exports, WriteStrings)),
            ("graphs", () => WriteMap(json, project.Graphs, WriteGraph)),
            ("lockVersion", () => json.WriteNumberValue(project.LockVersion)),
            ("name", () => json.WriteStringValue(project.Name)));
        json.WriteEndObject();
    }

    private static void WriteGraph(Utf8JsonWriter json, FrameworkGraph graph)
    {
        json.WriteStartObject();
        WriteOptional(json, "central", graph.Central);
        WriteOptional(json, "direct", graph.Direct);
        WriteOptional(json, "downloads", graph.Downloads);
        WriteOptional(json, "projects", graph.Projects);
        WriteOptional(json, "resolved", graph.Resolved);
        json.WriteEndObject();
    }

    private static void WriteSources(Utf8JsonWriter json, SourcesEntry sources)
    {
        json.WriteStartObject();
        json.WriteBoolean("clear"u8, sources.Clear);
        if (sources.Mapping.Count > 0)
        {
            json.WritePropertyName("mapping"u8);
            WriteMap(json, sources.Mapping, WriteList);
        }

        if (sources.Other.Length > 0)
        {
            json.WriteString("other"u8, sources.Other);
        }

        json.WritePropertyName("sources"u8);
        WriteStrings(json, sources.Sources);
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count > 0)
        {
            json.WritePropertyName(name);
            WriteStrings(json, map);
        }
    }

    private static void WriteStrings(Utf8JsonWriter json, IReadOnlyDictionary<string, string> map) => WriteMap(json, map, (j, value) => j.WriteStringValue(value));

    private static void WriteList(Utf8JsonWriter json, IReadOnlyList<string> list)
    {
        json.WriteStartArray();
        foreach (var item in list.Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }

    private static void WriteMap<T>(Utf8JsonWriter json, IReadOnlyDictionary<string, T> map, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject();
        foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(key);
            write(json, value);
        }

        json.WriteEndObject();
    }

    // Known and unknown members in one ordinal order, so that a member that becomes known later does not move.
    private static void Members(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> unknown, params (string Name, Action? Write)[] known)
    {
        if (unknown.Count == 0)
        {
            foreach (var (name, write) in known)
            {
                if (write is not null)
                {
                    json.WritePropertyName(name);
                    write();
                }
            }

            return;
        }

        var all = new SortedDictionary<string, Action>(StringComparer.Ordinal);
        foreach (var (name, write) in known)
        {
            if (write is not null)
            {
                all[name] = write;
            }
        }

        foreach (var (name, value) in unknown)
        {
            all.TryAdd(name, () => value.WriteTo(json));
        }

        foreach (var (name, write) in all)
        {
            json.WritePropertyName(name);
            write();
        }
    }
}
