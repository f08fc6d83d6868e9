using Hardening.Findings;
using Hardening.Formats.Images;
using Hardening.Formats.Yaml;

namespace Hardening.Policies;

/// <summary>The part about container images.</summary>
internal sealed partial class PolicyWalk
{
    private const string ImageRemedy = "write registry/repository in full, as in docker.io/library/alpine";

    private ImagesPolicy Images(YamlNode node)
    {
        const string Section = PolicyKeys.Images;
        var fields = Fields(node, Section, PolicyKeys.OfImages);
        var defaults = new ImagesPolicy();
        var before = problems.Count;
        var policy = new ImagesPolicy
        {
            Allow = fields.TryGetValue(PolicyKeys.Allow, out var allow)
                ? ImageNames(allow, $"{Section}.{PolicyKeys.Allow}", "permits every image", "remove `allow`, without which every image is permitted")
                : defaults.Allow,
            Forbid = fields.TryGetValue(PolicyKeys.Forbid, out var forbid)
                ? ImageNames(forbid, $"{Section}.{PolicyKeys.Forbid}", "forbids every image", "remove it; to permit some and no other, list these in `allow`")
                : defaults.Forbid,
        };

        // By lists that are wrong nothing can be judged.
        var permissions = problems.Count == before ? new ImagePermissions(policy) : null;
        return policy with
        {
            Enforce = Word(fields, Section, PolicyKeys.Enforce, PolicyKeys.Enforcements, defaults.Enforce),
            Unpinned = Word(fields, Section, PolicyKeys.Unpinned, PolicyKeys.Enforcements, defaults.Unpinned),
            Replace = fields.TryGetValue(PolicyKeys.Replace, out var replace) ? ImageReplacements(replace, permissions) : defaults.Replace,
        };
    }

    private List<string> ImageNames(YamlNode node, string name, string ofAll, string remedyOfAll) => Names(
        node, name, $"{ImageRemedy}, or docker.io/library/* for all below a path",
        pattern => pattern.Trim('*', '/').Length == 0 ? (ofAll, remedyOfAll) : ImagePatterns.FaultOf(pattern));

    private List<ImageReplacement> ImageReplacements(YamlNode node, ImagePermissions? permissions)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var replacements = new List<ImageReplacement>();
        foreach (var (item, at) in List(node, $"{PolicyKeys.Images}.{PolicyKeys.Replace}"))
        {
            var fields = Fields(item, at, PolicyKeys.OfImageReplacement);
            if (Standing(fields, item, at, "image", "registry/repository", Image, name => permissions?.FaultOf(name), known) is { } pair)
            {
                replacements.Add(new ImageReplacement(pair.From, pair.To));
            }
        }

        return replacements;
    }

    private string? Image(YamlNode? node, string at)
    {
        if (node is null || Text(node, at, ImageRemedy) is not { } text)
        {
            return null;
        }

        if (ImagePatterns.NameFault(text) is { } fault)
        {
            Report(node, $"`{YamlText.Shown(text)}` {fault.Fault}.", fault.Remedy ?? ImageRemedy);
            return null;
        }

        return text;
    }

    // An exception for a short name would cover nothing, and nobody would see it. Of a variable or an expression there is no name.
    private string? ImageInput(FindingCode code, YamlNode node, string input)
    {
        if (code == FindingCodes.ImageVariable || code == FindingCodes.ImageUnpinnable || ImageName.Parse(input) is not { } image)
        {
            return input;
        }

        var full = string.Concat(image.Name, image.Tag.Length > 0 ? ":" + image.Tag : string.Empty, image.Digest.Length > 0 ? "@" + image.Digest : string.Empty);
        if (full == input)
        {
            return input;
        }

        Report(node, $"`{YamlText.Shown(input)}` is a short name, and here images are named in full.", $"write `{full}`");
        return null;
    }
}
