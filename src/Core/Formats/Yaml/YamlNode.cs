namespace Hardening.Formats.Yaml;

/// <summary>A value of a YAML document with the place where it begins.</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public abstract record YamlNode(int Line, int Column);

/// <summary>How a text is written.</summary>
public enum YamlStyle
{
    /// <summary>Without quotes.</summary>
    Plain,

    /// <summary>In single quotes.</summary>
    SingleQuoted,

    /// <summary>In double quotes.</summary>
    DoubleQuoted,

    /// <summary>As a block after <c>|</c> or <c>&gt;</c>.</summary>
    Block,
}

/// <summary>A text. What it means (a number, a date) is for the reader of the format to say.</summary>
/// <param name="Value">The text after quotes and escapes are taken away.</param>
/// <param name="Style">How it is written; an empty plain one means that no value was written.</param>
/// <param name="Start">Offset where it begins in UTF-16 units, a byte order mark not counted: at an anchor or tag, a quote or the sign of a block where it has one.</param>
/// <param name="End">Offset after it.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlScalar(string Value, YamlStyle Style, int Start, int End, int Line, int Column) : YamlNode(Line, Column)
{
    /// <summary>Whether it stands without quotes and is no block.</summary>
    public bool IsPlain => Style == YamlStyle.Plain;

    /// <summary>Whether it stands in brackets or braces.</summary>
    public bool IsInFlow { get; init; }
}

/// <summary>A list.</summary>
/// <param name="Items">Its items in order.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlSequence(IReadOnlyList<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column);

/// <summary>A mapping. A key that is there twice is a problem of the document, and the second one is left out of a strict one.</summary>
/// <param name="Entries">Its entries in order.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlMapping(IReadOnlyList<YamlEntry> Entries, int Line, int Column) : YamlNode(Line, Column);

/// <summary>A key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);

/// <summary>Stands where an alias stood that is not taken. The document has a problem that says so, so a reader says nothing more about it.</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column in UTF-16 units.</param>
public sealed record YamlRefused(int Line, int Column) : YamlNode(Line, Column);
