using System.Text.RegularExpressions;
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
public sealed partial record BuildPropsFacts
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

    /// <summary>What it defines that is a part of Hardening.Sdk, as the rest of a sentence that begins with the file; empty if nothing.</summary>
    public string Replaces { get; init; } = string.Empty;

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
                ImportsOuter = project.Imports.Any(i => i.Condition.Length == 0 && i.Sdk.Length == 0 && Outer().IsMatch(i.Project.Value)),
                Replaces = HardenedProjects.Replaces(string.Empty, project)?.Reason ?? string.Empty,
            };
        }
        catch (InvalidDataException e)
        {
            return facts with { Problem = e.Message };
        }
    }

    // One further up, and no other of that name: ../Directory.Build.props, or the nearest from the folder above on.
    [GeneratedRegex(@"^\s*(?:(?:\$\(MSBuildThisFileDirectory\)[\\/]?)?(?:\.\.[\\/])+Directory\.Build\.props|\$\(\[MSBuild\]::GetPathOfFileAbove\(\s*(?<q>['""`]?)(?:Directory\.Build\.props|\$\(MSBuildThisFile\))\k<q>\s*,\s*(?<p>['""`]?)\$\(MSBuildThisFileDirectory\)[\\/]?\.\.(?:[\\/]\.\.)*[\\/]?\k<p>\s*\)\)|\$\(\[MSBuild\]::GetDirectoryNameOfFileAbove\(\s*(?<p>['""`]?)\$\(MSBuildThisFileDirectory\)[\\/]?\.\.(?:[\\/]\.\.)*[\\/]?\k<p>\s*,\s*(?<q>['""`]?)(?:Directory\.Build\.props|\$\(MSBuildThisFile\))\k<q>\s*\)\)[\\/]Directory\.Build\.props)\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Outer();
}
