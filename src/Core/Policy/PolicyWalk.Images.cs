using Hardening.Formats.Yaml;

namespace Hardening.Policies;

/// <summary>The part about container images.</summary>
internal sealed partial class PolicyWalk
{
    private ImagesPolicy Images(YamlNode node)
    {
        const string Section = PolicyKeys.Images;
        var fields = Fields(node, Section, PolicyKeys.OfImages);
        var defaults = new ImagesPolicy();
        return defaults with
        {
            Enforce = Word(fields, Section, PolicyKeys.Enforce, PolicyKeys.Enforcements, defaults.Enforce),
            Unpinned = Word(fields, Section, PolicyKeys.Unpinned, PolicyKeys.Enforcements, defaults.Unpinned),
        };
    }
}
