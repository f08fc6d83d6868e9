namespace Hardening.Baselines;

/// <summary>What an entry of a git tree or index is.</summary>
public enum GitEntryKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A symbolic link; the object is the text of its target.</summary>
    Link,

    /// <summary>A submodule; the object is a commit of another repository.</summary>
    Submodule,
}

/// <summary>An entry of a git tree or index.</summary>
/// <param name="Path">Relative to the git root, with <c>/</c>; bytes that are no UTF-8 are replaced.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The object, in hexadecimal; empty for what git does not track.</param>
public readonly record struct GitEntry(string Path, GitEntryKind Kind, string Id)
{
    /// <summary>Parses the mode as git writes it (git-ls-tree, "Output format"); null for what holds no content, such as a tree.</summary>
    internal static GitEntryKind? KindOf(ReadOnlySpan<char> mode) => mode switch
    {
        "120000" => GitEntryKind.Link,
        "160000" => GitEntryKind.Submodule,
        _ when mode.StartsWith("100") => GitEntryKind.File,
        _ => null,
    };
}
