namespace Hardening.Formats.Yaml;

/// <summary>What is wrong with a YAML text, without a word on what it means for the repository.</summary>
/// <param name="Message">What was found and what was expected; may hold text of the file.</param>
/// <param name="Remedy">What to type.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlProblem(string Message, string Remedy, int Line, int Column);
