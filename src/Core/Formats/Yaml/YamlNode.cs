namespace Hardening.Formats.Yaml;

/// <summary>A value of a YAML document with the place where it begins.</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public abstract record YamlNode(int Line, int Column);

/// <summary>A text. What it means (a number, a date) is for the reader of the format to say.</summary>
/// <param name="Value">The text after quotes and escapes are taken away.</param>
/// <param name="IsPlain">Whether it stands without quotes and is no block; an empty plain one means that no value was written.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlScalar(string Value, bool IsPlain, int Line, int Column) : YamlNode(Line, Column);

/// <summary>A list.</summary>
/// <param name="Items">Its items in order.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlSequence(IReadOnlyList<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column);

/// <summary>A mapping. No key is there twice: a second one is a problem of the document and left out.</summary>
/// <param name="Entries">Its entries in order.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlMapping(IReadOnlyList<YamlEntry> Entries, int Line, int Column) : YamlNode(Line, Column);

/// <summary>A key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);

/// <summary>Stands where an alias stood. The document has a problem that says so, so a reader says nothing more about it.</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlRefused(int Line, int Column) : YamlNode(Line, Column);
