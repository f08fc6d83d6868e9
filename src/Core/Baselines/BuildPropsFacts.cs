using System.Xml;

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
    private const string Id = "Hardening.Sdk";

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };

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
        ArgumentNullException.ThrowIfNull(text);
        var facts = new BuildPropsFacts { Hash = Normalized.Hash(text) };
        try
        {
            var document = new XmlDocument { XmlResolver = null };
            using var reader = XmlReader.Create(new MemoryStream(text, writable: false), Settings);
            document.Load(reader);
            return facts.With(document.DocumentElement!);
        }
        catch (XmlException e)
        {
            return facts with { Problem = e.Message };
        }
    }

    private BuildPropsFacts With(XmlElement project)
    {
        var facts = this;
        foreach (var part in project.GetAttribute("Sdk").Split(';', StringSplitOptions.TrimEntries))
        {
            var slash = part.IndexOf('/', StringComparison.Ordinal);
            if (IsOurs(slash < 0 ? part : part[..slash]))
            {
                facts = facts with { Naming = SdkNaming.Sdk, Version = slash < 0 ? string.Empty : part[(slash + 1)..].Trim() };
            }
        }

        var imported = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var element in Unconditional(project))
        {
            var version = element.GetAttribute("Version") is { Length: > 0 } exact ? exact : element.GetAttribute("MinimumVersion");
            switch (element.LocalName)
            {
                case "Sdk" when IsOurs(element.GetAttribute("Name")):
                    facts = facts with { Naming = SdkNaming.Sdk, Version = version };
                    break;
                case "Import" when IsOurs(element.GetAttribute("Sdk")):
                    imported.Add(element.GetAttribute("Project"));
                    facts = imported.IsSupersetOf(["Sdk.props", "Sdk.targets"]) ? facts with { Naming = SdkNaming.Sdk, Version = version } : facts;
                    break;
                case "Import" when element.GetAttribute("Project").Contains("Directory.Build.props", StringComparison.OrdinalIgnoreCase):
                    facts = facts with { ImportsOuter = true };
                    break;
                case "PackageReference" or "GlobalPackageReference" when IsOurs(element.GetAttribute("Include")) && facts.Naming == SdkNaming.None:
                    facts = facts with { Naming = SdkNaming.Package, Version = version };
                    break;
            }
        }

        return facts;
    }

    private static IEnumerable<XmlElement> Unconditional(XmlElement project)
    {
        foreach (var element in project.ChildNodes.OfType<XmlElement>().Where(e => !e.HasAttribute("Condition")))
        {
            yield return element;
            foreach (var child in element.LocalName is "ImportGroup" or "ItemGroup" ? element.ChildNodes.OfType<XmlElement>().Where(e => !e.HasAttribute("Condition")) : [])
            {
                yield return child;
            }
        }
    }

    private static bool IsOurs(string id) => id.Trim().Equals(Id, StringComparison.OrdinalIgnoreCase);
}
