using Hardening.Formats;
using Hardening.Lockfiles;

namespace Hardening.Baselines;

/// <summary>
/// What a global.json says that decides over a build (learn.microsoft.com/dotnet/core/tools/global-json). Names of members count only as
/// written there, as for the host that reads them.
/// </summary>
public sealed record GlobalJsonFacts
{
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
        var facts = new GlobalJsonFacts { Hash = NormalizedText.Hash(utf8) };
        try
        {
            return facts.With(JsonText.Leaves(SourceText.Decode(utf8)));
        }
        catch (InvalidDataException e)
        {
            return facts with { Problem = e.Message };
        }
    }

    private GlobalJsonFacts With(IReadOnlyList<JsonLeaf> leaves)
    {
        var facts = this;
        var sdks = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var leaf in leaves)
        {
            var name = string.Join('\n', leaf.Path);
            if (leaf.Path is ["msbuild-sdks", var id])
            {
                _ = sdks.TryAdd(id.Trim().ToLowerInvariant(), leaf.Value.Trim()) ? 0 : throw new InvalidDataException($"{id} is there twice");
            }
            else if (leaf.Path is ["sdk", "paths"])
            {
                facts = facts with { Paths = facts.Paths.Length == 0 ? leaf.Value : $"{facts.Paths}\n{leaf.Value}" };
            }
            else if (leaf.Path is ["sdk", "version" or "rollForward" or "allowPrerelease"] && !seen.Add(name))
            {
                throw new InvalidDataException($"{leaf.Path[1]} is there twice");
            }

            facts = leaf.Path switch
            {
                ["sdk", "version"] => facts with { Version = leaf.Value },
                ["sdk", "rollForward"] => facts with { RollForward = leaf.Value },
                ["sdk", "allowPrerelease"] => facts with { AllowPrerelease = leaf.Value is "true" or "false" ? leaf.Value == "true" : throw new InvalidDataException("allowPrerelease is neither true nor false") },
                _ => facts,
            };
        }

        return facts with { MSBuildSdks = sdks };
    }
}
