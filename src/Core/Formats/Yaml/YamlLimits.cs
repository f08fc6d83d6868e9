namespace Hardening.Formats.Yaml;

/// <summary>How much of a YAML text is read before it is refused, and what of YAML is taken.</summary>
/// <param name="Bytes">The largest text, in bytes.</param>
/// <param name="Depth">The deepest nesting of lists and mappings.</param>
/// <param name="Nodes">The most texts, lists and mappings together.</param>
public sealed record YamlLimits(int Bytes, int Depth, int Nodes)
{
    /// <summary>
    /// Whether the text is somebody else's format, of which everything is taken that YAML has: anchors, aliases, merge keys, tags, directives and
    /// several documents. An alias is the very node that it names, so whoever walks the nodes meets one many times. What is refused in a strict text
    /// and can be read is then a problem beside the nodes: they count.
    /// </summary>
    public bool TakesAll { get; init; }
}
