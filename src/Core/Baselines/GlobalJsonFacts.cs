using System.Text.Json;
using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <summary>
/// What a global.json says that decides over a build (learn.microsoft.com/dotnet/core/tools/global-json). Names of members count only as
/// written there, as for the host that reads them.
/// </summary>
public sealed record GlobalJsonFacts
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>A hash over the text with LF line ends.</summary>
    public string Hash { get; init; } = string.Empty;

    /// <summary>Why it could not be read; empty if it could.</summary>
    public string Problem { get; init; } = string.Empty;

    /// <summary>The version of the .NET SDK; empty if none is asked for.</summary>
    public string Version { get; init; } = string.Empty;

    /// <summary>How far another version may be taken; empty if it does not say.</summary>
    public string RollForward { get; init; } = string.Empty;

    /// <summary>Whether previews count; null if it does not say.</summary>
    public bool? AllowPrerelease { get; init; }

    /// <summary>Where the .NET SDK is looked for, one a line; empty if it does not say.</summary>
    public string Paths { get; init; } = string.Empty;

    /// <summary>MSBuild SDKs: id in lower case → version.</summary>
    public IReadOnlyDictionary<string, string> MSBuildSdks { get; init; } = Map<string>.Empty;

    /// <summary>Reads a text. Whatever it holds, the outcome is facts.</summary>
    public static GlobalJsonFacts Read(byte[] utf8)
    {
        var text = Normalized.Lf(utf8);
        var hash = Normalized.Hash(utf8);
        try
        {
            using var document = JsonDocument.Parse(text.AsMemory(text.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), Options);
            return Facts(document.RootElement) with { Hash = hash };
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair.
            return new GlobalJsonFacts { Hash = hash, Problem = e.Message };
        }
    }

    private static GlobalJsonFacts Facts(JsonElement root)
    {
        var sdks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var sdk in Members(root, "msbuild-sdks"))
        {
            if (!sdks.TryAdd(sdk.Name.Trim().ToLowerInvariant(), Text(sdk.Value).Trim()))
            {
                throw new InvalidDataException($"{sdk.Name} is there twice");
            }
        }

        var facts = new GlobalJsonFacts { MSBuildSdks = sdks };
        foreach (var member in Members(root, "sdk"))
        {
            facts = member.Name switch
            {
                "version" => facts with { Version = Text(member.Value) },
                "rollForward" => facts with { RollForward = Text(member.Value) },
                "allowPrerelease" => facts with { AllowPrerelease = member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.Value.GetBoolean() : throw new InvalidDataException("allowPrerelease is neither true nor false") },
                "paths" => facts with { Paths = string.Join('\n', member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().Select(Text) : throw new InvalidDataException("paths is no array")) },
                _ => facts,
            };
        }

        return facts;
    }

    private static IEnumerable<JsonProperty> Members(JsonElement root, string name) => root.ValueKind != JsonValueKind.Object ? throw new InvalidDataException("it is no object")
        : !root.TryGetProperty(name, out var section) ? []
        : section.ValueKind == JsonValueKind.Object ? section.EnumerateObject() : throw new InvalidDataException($"{name} is no object");

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new InvalidDataException("a value is no string");
}
