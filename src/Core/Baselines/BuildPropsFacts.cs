using Hardening.Ecosystems.NuGet.Written;
using Hardening.Formats;

namespace Hardening.Baselines;

/// <summary>How a Directory.Build.props brings Hardening.Sdk to the projects below it; from nothing to everything.</summary>
public enum SdkNaming
{
    /// <summary>Not at all, or only under a condition.</summary>
    None,

    /// <summary>As a package, which is not there while restoring.</summary>
    Package,

    /// <summary>As an MSBuild SDK.</summary>
    Sdk,
}

/// <summary>What a Directory.Build.props says of Hardening.Sdk. Nothing is evaluated.</summary>
public sealed record BuildPropsFacts
{
    /// <summary>A hash over the text with LF line ends.</summary>
    public string Hash { get; init; } = string.Empty;

    /// <summary>Why it could not be read; empty if it could.</summary>
    public string Problem { get; init; } = string.Empty;

    /// <summary>How it names Hardening.Sdk itself.</summary>
    public SdkNaming Naming { get; init; }

    /// <summary>The version that it names; empty if that stands in global.json or elsewhere.</summary>
    public string Version { get; init; } = string.Empty;

    /// <summary>Whether it imports a Directory.Build.props further up, without a condition.</summary>
    public bool ImportsOuter { get; init; }

    /// <summary>Reads a text. Whatever it holds, the outcome is facts.</summary>
    public static BuildPropsFacts Read(byte[] text)
    {
        var facts = new BuildPropsFacts { Hash = NormalizedText.Hash(text) };
        try
        {
            var project = ProjectText.Parse(new SourceText(string.Empty, SourceText.Decode(text)));
            var (naming, named) = HardenedProjects.NamedAsSdk(project) is { } sdk ? (SdkNaming.Sdk, sdk) : (SdkNaming.Package, HardenedProjects.NamedAsPackage(project));
            return facts with
            {
                Naming = named is null ? SdkNaming.None : naming,
                Version = named?.Version ?? string.Empty,
                ImportsOuter = project.Imports.Any(i => i.Condition.Length == 0 && i.Project.Value.Contains(WatchedFiles.BuildProps, StringComparison.OrdinalIgnoreCase)),
            };
        }
        catch (InvalidDataException e)
        {
            return facts with { Problem = e.Message };
        }
    }
}
