using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Lockfiles;

/// <summary>
/// Reads a lockfile. The text is hostile input: whatever it holds, the outcome is a lockfile or findings with a line, never another exception.
/// </summary>
public static partial class LockfileReader
{
    /// <summary>The largest lockfile that is read, in bytes.</summary>
    public const int LargestFile = 64 * 1024 * 1024;

    private const int DeepestNesting = 32;
    private const int Sha512Base64Length = 88;

    /// <summary>Parses the bytes of a lockfile.</summary>
    /// <param name="utf8">The bytes, with or without a byte order mark.</param>
    /// <param name="file">The path to name in findings.</param>
    /// <param name="finding">What is wrong, or null.</param>
    /// <returns>The lockfile, or null if there is a finding.</returns>
    public static Lockfile? Read(ReadOnlySpan<byte> utf8, string file, out Finding? finding)
    {
        finding = null;
        if (utf8.Length > LargestFile)
        {
            finding = Damaged(file, 0, 0, $"the file is larger than {LargestFile} bytes");
            return null;
        }

        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        var conflict = ConflictMarkers.FirstLine(utf8);
        if (conflict > 0)
        {
            finding = new Finding(FindingCodes.LockfileConflict, "The lockfile has merge-conflict markers.", new SourcePlace(file, conflict, 1), Commands.Update);
            return null;
        }

        if (!Utf8.IsValid(utf8))
        {
            // Members that are only kept are not decoded below, so this is the one check that sees all bytes.
            var (line, column) = PlaceOf(utf8, FirstInvalid(utf8));
            finding = Damaged(file, line, column, "the text is not valid UTF-8");
            return null;
        }

        var cursor = new Cursor(utf8);
        try
        {
            return cursor.Lockfile();
        }
        catch (JsonException e)
        {
            var (line, column) = PlaceOf(utf8, e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
            finding = Damaged(file, line, column, WithoutPosition(e.Message));
        }
        catch (LockfileFormatException e)
        {
            var (line, column) = PlaceOf(utf8, e.Offset);
            finding = e.TooNew
                ? new Finding(FindingCodes.LockfileTooNew, e.Message, new SourcePlace(file, line, column), "update Hardening.Sdk in global.json")
                : Damaged(file, line, column, e.Message);
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader.GetString on an unpaired surrogate escape.
            var (line, column) = PlaceOf(utf8, cursor.Offset);
            finding = Damaged(file, line, column, "a string holds half of a surrogate pair");
        }

        return null;
    }

    private static Finding Damaged(string file, int line, int column, string what) =>
        new(FindingCodes.LockfileDamaged, $"The lockfile is damaged: {what}.", new SourcePlace(file, line, column), $"git checkout -- {Lockfiles.Lockfile.FileName}; if that is damaged too: {Commands.Update}, which accepts everything anew");

    private static string WithoutPosition(string message)
    {
        var at = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (at < 0 ? message : message[..at]).TrimEnd('.', ' ');
    }

    private static (int Line, int Column) PlaceOf(ReadOnlySpan<byte> utf8, long offset)
    {
        var before = utf8[..(int)Math.Clamp(offset, 0, utf8.Length)];
        var line = before.Count((byte)'\n') + 1;
        var start = before.LastIndexOf((byte)'\n') + 1;
        return (line, Encoding.UTF8.GetCharCount(before[start..]) + 1);
    }

    // What the JSON reader calls a position: lines and bytes from zero.
    private static (int Line, int Column) PlaceOf(ReadOnlySpan<byte> utf8, long line, long byteInLine)
    {
        var start = 0;
        for (var i = 0L; i < line; i++)
        {
            start += utf8[start..].IndexOf((byte)'\n') + 1;
        }

        return PlaceOf(utf8, start + byteInLine);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private sealed class LockfileFormatException(string message, long offset, bool tooNew = false) : Exception(message)
    {
        internal long Offset => offset;

        internal bool TooNew => tooNew;
    }

    private ref partial struct Cursor(ReadOnlySpan<byte> utf8)
    {
        private static readonly JsonDocumentOptions ElementOptions = new() { AllowDuplicateProperties = false, MaxDepth = DeepestNesting };

        private Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = DeepestNesting });
        private readonly ReadOnlySpan<byte> text = utf8;
        private long nameOffset;

        internal readonly long Offset => reader.TokenStartIndex;

        internal Lockfile Lockfile()
        {
            Read();
            NuGetSection? nuget = null;
            ActionsSection? actions = null;
            ImagesSection? images = null;
            Dictionary<string, string>? control = null;
            int? version = null, minor = null;
            var unknown = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var name))
            {
                switch (name)
                {
                    case "version":
                        Once(version is not null, name);
                        version = Number();
                        if (version > Lockfiles.Lockfile.Version)
                        {
                            throw new LockfileFormatException($"The lockfile has version {version}; this Hardening.Sdk reads version {Lockfiles.Lockfile.Version}.", Offset, tooNew: true);
                        }

                        break;
                    case "minor":
                        Once(minor is not null, name);
                        minor = Number();
                        break;
                    case "actions":
                        Once(actions is not null, name);
                        actions = Actions();
                        break;
                    case "control":
                        Once(control is not null, name);
                        control = Control();
                        break;
                    case "images":
                        Once(images is not null, name);
                        images = Images();
                        break;
                    case "nuget":
                        Once(nuget is not null, name);
                        nuget = NuGet();
                        break;
                    default:
                        Keep(unknown, name);
                        break;
                }
            }

            if (version != Lockfiles.Lockfile.Version)
            {
                throw Error($"expected \"version\": {Lockfiles.Lockfile.Version}");
            }

            if (reader.Read())
            {
                throw Error("there is text after the end");
            }

            return new Lockfile
            {
                Minor = minor ?? 0,
                Control = control ?? Map<string>.Empty,
                Actions = actions ?? ActionsSection.Empty,
                Images = images ?? ImagesSection.Empty,
                NuGet = nuget ?? NuGetSection.Empty,
                Unknown = unknown,
            };
        }

        private NuGetSection NuGet()
        {
            var section = new NuGetSection();
            var unknown = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var name))
            {
                Once(!seen.Add(name), name);
                switch (name)
                {
                    case "packages":
                        section = section with { Packages = Packages() };
                        break;
                    case "projects":
                        section = section with { Projects = Projects() };
                        break;
                    case "dotnet":
                        section = section with { DotNet = PathMaps() };
                        break;
                    case "msbuildSdks":
                        section = section with { MSBuildSdks = Versions() };
                        break;
                    case "sdks":
                        section = section with { Sdks = Sdks() };
                        break;
                    case "tools":
                        section = section with { Tools = Versions() };
                        break;
                    case "sources":
                        section = section with { Sources = Sources() };
                        break;
                    default:
                        Keep(unknown, name);
                        break;
                }
            }

            return section with { Unknown = unknown };
        }

        private Dictionary<string, PackageEntry> Packages()
        {
            var map = new Dictionary<string, PackageEntry>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                var at = nameOffset;
                if (!IsSafePackageKey(key))
                {
                    throw new LockfileFormatException($"the key \"{key}\" is not a package id and version", at);
                }

                var entry = Package();
                if (entry.Key != key || !IsSafePackageKey($"{entry.Name}/{entry.Version}"))
                {
                    throw new LockfileFormatException($"the key \"{key}\" does not match the name and version \"{entry.Name}/{entry.Version}\"", at);
                }

                Add(at, map, key, entry);
            }

            return map;
        }

        private PackageEntry Package()
        {
            string? name = null, version = null, archive = null, content = null, files = null;
            IReadOnlyList<string>? runs = null;
            Dictionary<string, PackageContent>? variants = null;
            Dictionary<string, JsonElement>? unknown = null;
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var member))
            {
                switch (member)
                {
                    case "archive":
                        Once(archive is not null, member);
                        archive = Hash();
                        break;
                    case "content":
                        Once(content is not null, member);
                        content = Hash();
                        break;
                    case "files":
                        Once(files is not null, member);
                        files = Hash();
                        break;
                    case "name":
                        Once(name is not null, member);
                        name = Text();
                        break;
                    case "version":
                        Once(version is not null, member);
                        version = Text();
                        break;
                    case "runs":
                        Once(runs is not null, member);
                        runs = List();
                        break;
                    case "variants":
                        Once(variants is not null, member);
                        variants = Variants();
                        break;
                    default:
                        Keep(unknown ??= new(StringComparer.Ordinal), member);
                        break;
                }
            }

            return new PackageEntry(
                Required(name, "name"), Required(version, "version"),
                new PackageContent(Required(archive, "archive"), Required(content, "content"), Required(files, "files")))
            {
                Runs = runs ?? [],
                Variants = variants ?? Map<PackageContent>.Empty,
                Unknown = unknown ?? Map<JsonElement>.Empty,
            };
        }

        private Dictionary<string, PackageContent> Variants()
        {
            var map = new Dictionary<string, PackageContent>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                var at = nameOffset;
                string? archive = null, content = null, files = null;
                Expect(JsonTokenType.StartObject, "an object");
                while (Property(out var member))
                {
                    switch (member)
                    {
                        case "archive":
                            Once(archive is not null, member);
                            archive = Hash();
                            break;
                        case "content":
                            Once(content is not null, member);
                            content = Hash();
                            break;
                        case "files":
                            Once(files is not null, member);
                            files = Hash();
                            break;
                        default:
                            throw Error($"\"{member}\" is not a member of a variant");
                    }
                }

                Add(at, map, key, new PackageContent(Required(archive, "archive"), Required(content, "content"), Required(files, "files")));
            }

            return map;
        }

        private Dictionary<string, ProjectEntry> Projects()
        {
            var map = new Dictionary<string, ProjectEntry>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var path))
            {
                Add(RelativePath(path), map, path, Project());
            }

            return map;
        }

        private ProjectEntry Project()
        {
            var project = new ProjectEntry { Name = string.Empty };
            var seen = new HashSet<string>(StringComparer.Ordinal);
            Dictionary<string, JsonElement>? unknown = null;
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var member))
            {
                Once(!seen.Add(member), member);
                switch (member)
                {
                    case "name":
                        project = project with { Name = Text() };
                        break;
                    case "lockVersion":
                        project = project with { LockVersion = Number() };
                        break;
                    case "graphs":
                        project = project with { Graphs = Graphs() };
                        break;
                    case "exports":
                        project = project with { Exports = Maps() };
                        break;
                    default:
                        Keep(unknown ??= new(StringComparer.Ordinal), member);
                        break;
                }
            }

            if (project.Name.Length == 0 || project.LockVersion is not (1 or 2))
            {
                throw Error("a project needs \"name\" and a \"lockVersion\" of 1 or 2");
            }

            return project with { Unknown = unknown ?? Map<JsonElement>.Empty };
        }

        private Dictionary<string, FrameworkGraph> Graphs()
        {
            var map = new Dictionary<string, FrameworkGraph>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                var at = nameOffset;
                var graph = new FrameworkGraph();
                var seen = new HashSet<string>(StringComparer.Ordinal);
                Expect(JsonTokenType.StartObject, "an object");
                while (Property(out var member))
                {
                    Once(!seen.Add(member), member);
                    graph = member switch
                    {
                        "direct" => graph with { Direct = Strings() },
                        "central" => graph with { Central = Strings() },
                        "resolved" => graph with { Resolved = Strings() },
                        "downloads" => graph with { Downloads = Strings() },
                        "projects" => graph with { Projects = Strings() },
                        _ => throw Error($"\"{member}\" is not a member of a graph"),
                    };
                }

                Add(at, map, key, graph);
            }

            return map;
        }

        private Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> Sdks()
        {
            var map = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                Add(nameOffset, map, key, Maps());
            }

            return map;
        }

        private Dictionary<string, SourcesEntry> Sources()
        {
            var map = new Dictionary<string, SourcesEntry>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                var at = RelativePath(key);
                bool? clear = null;
                string? other = null;
                IReadOnlyDictionary<string, string>? sources = null;
                Dictionary<string, IReadOnlyList<string>>? mapping = null;
                Expect(JsonTokenType.StartObject, "an object");
                while (Property(out var member))
                {
                    switch (member)
                    {
                        case "clear":
                            Once(clear is not null, member);
                            clear = Boolean();
                            break;
                        case "sources":
                            Once(sources is not null, member);
                            sources = Strings();
                            break;
                        case "other":
                            Once(other is not null, member);
                            other = Hash();
                            break;
                        case "mapping":
                            Once(mapping is not null, member);
                            mapping = Lists();
                            break;
                        default:
                            throw Error($"\"{member}\" is not a member of a source");
                    }
                }

                Add(at, map, key, new SourcesEntry(clear ?? throw Error("\"clear\" is missing"))
                {
                    Other = other ?? string.Empty,
                    Sources = Required(sources, "sources"),
                    Mapping = mapping ?? Map<IReadOnlyList<string>>.Empty,
                });
            }

            return map;
        }

        private Dictionary<string, string> Control()
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var path))
            {
                Add(RelativePath(path), map, path, Hash());
            }

            return map;
        }

        private Dictionary<string, IReadOnlyDictionary<string, string>> PathMaps()
        {
            var map = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var path))
            {
                Add(RelativePath(path), map, path, Strings());
            }

            return map;
        }

        // Ids and versions that become package keys.
        private Dictionary<string, string> Versions()
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var id))
            {
                var at = nameOffset;
                var versions = Text();
                foreach (var version in versions.Split(';'))
                {
                    if (!IsSafePackageKey($"{id}/{version}") || PackageEntry.KeyOf(id, version) != $"{id}/{version}")
                    {
                        throw new LockfileFormatException($"\"{id}\": \"{versions}\" is not a package id and versions in lower case", at);
                    }
                }

                Add(at, map, id, versions);
            }

            return map;
        }

        private Dictionary<string, IReadOnlyDictionary<string, string>> Maps()
        {
            var map = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                Add(nameOffset, map, key, Strings());
            }

            return map;
        }

        private Dictionary<string, IReadOnlyList<string>> Lists()
        {
            var map = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                Add(nameOffset, map, key, List());
            }

            return map;
        }

        private IReadOnlyDictionary<string, string> Strings()
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                Add(nameOffset, map, key, Text());
            }

            return map;
        }

        private List<string> List()
        {
            var list = new List<string>();
            Expect(JsonTokenType.StartArray, "an array");
            Read();
            while (reader.TokenType != JsonTokenType.EndArray)
            {
                list.Add(Text());
                Read();
            }

            return list;
        }

        private string Text()
        {
            Expect(JsonTokenType.String, "a string");
            return reader.GetString()!;
        }

        private string Hash()
        {
            var value = Text();
            return value.Length == Sha512Base64Length && Base64.IsValid(value, out var length) && length == 64
                ? value
                : throw Error("expected a SHA-512 hash in base64 (88 characters)");
        }

        private int Number()
        {
            Expect(JsonTokenType.Number, "a number");
            return reader.TryGetInt32(out var number) ? number : throw Error("expected a small whole number");
        }

        private long Id()
        {
            Expect(JsonTokenType.Number, "a number");
            return reader.TryGetInt64(out var number) && number >= 0 ? number : throw Error("expected a whole number that is not negative");
        }

        private bool Boolean() => reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.GetBoolean()
            : throw Error("expected true or false");

        private void Keep(Dictionary<string, JsonElement> unknown, string name)
        {
            var start = (int)reader.TokenStartIndex;
            var at = nameOffset;
            var depth = reader.CurrentDepth;
            RefuseHalfPair();
            while (reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                Read();
                RefuseHalfPair();
            }

            var slice = text[start..(int)reader.BytesConsumed];
            try
            {
                using var document = JsonDocument.Parse(slice.ToArray(), ElementOptions);
                Add(at, unknown, name, document.RootElement.Clone());
            }
            catch (JsonException)
            {
                throw new LockfileFormatException($"\"{name}\" holds a name twice", start);
            }
        }

        // A string that is only kept must still be one that can be written again.
        private readonly void RefuseHalfPair()
        {
            if (reader.ValueIsEscaped && reader.TokenType is (JsonTokenType.String or JsonTokenType.PropertyName))
            {
                _ = reader.GetString();
            }
        }

        // Stands on the value of the next member, or returns false at the end of the object.
        private bool Property(out string name)
        {
            Read();
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                name = string.Empty;
                return false;
            }

            nameOffset = Offset;
            name = reader.GetString()!;
            Read();
            return true;
        }

        private void Read()
        {
            if (!reader.Read())
            {
                throw Error("the file ends too early");
            }
        }

        private readonly void Expect(JsonTokenType type, string what)
        {
            if (reader.TokenType != type)
            {
                throw Error($"expected {what}");
            }
        }

        private readonly void Once(bool seen, string name)
        {
            if (seen)
            {
                throw new LockfileFormatException($"\"{name}\" is there twice", nameOffset);
            }
        }

        // The offset of the name is the first parameter so that it is taken before the value is read.
        private static void Add<T>(long at, Dictionary<string, T> map, string key, T value)
        {
            if (!map.TryAdd(key, value))
            {
                throw new LockfileFormatException($"\"{key}\" is there twice", at);
            }
        }

        // The offset of the name, if it is such a path.
        private readonly long RelativePath(string path) =>
            IsSafeRelativePath(path) ? nameOffset : throw new LockfileFormatException($"\"{path}\" is not a path inside the repository", nameOffset);

        private readonly T Required<T>(T? value, string name)
            where T : class => value ?? throw Error($"\"{name}\" is missing");

        private readonly LockfileFormatException Error(string message) => new(message, Offset);

        // Keys become paths below the packages folder, so nothing but an id and a version may stand in them.
        private static bool IsSafePackageKey(string key)
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            return slash > 0 && slash < key.Length - 1 && IsSegment(key.AsSpan(0, slash)) && IsSegment(key.AsSpan(slash + 1));
        }

        private static bool IsSegment(ReadOnlySpan<char> text)
        {
            if (text[0] == '.' || text[^1] == '.' || text.Length > 200)
            {
                return false;
            }

            foreach (var c in text)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or '+'))
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsSafeRelativePath(string path)
        {
            if (path.Length == 0 || path[0] == '/' || path.Contains('\\', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal) || path.Contains(':', StringComparison.Ordinal))
            {
                return false;
            }

            foreach (var segment in path.AsSpan().Split('/'))
            {
                if (path.AsSpan()[segment] is "" or "." or "..")
                {
                    return false;
                }
            }

            return true;
        }
    }
}
