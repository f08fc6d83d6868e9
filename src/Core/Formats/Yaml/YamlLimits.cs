namespace Hardening.Formats.Yaml;

/// <summary>How much of a YAML text is read before it is refused.</summary>
/// <param name="Bytes">The largest text, in bytes.</param>
/// <param name="Depth">The deepest nesting of lists and mappings.</param>
/// <param name="Nodes">The most texts, lists and mappings together.</param>
public sealed record YamlLimits(int Bytes, int Depth, int Nodes);
