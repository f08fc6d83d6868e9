namespace Hardening.Transport.Git;

/// <summary>A file, symbolic link or submodule of a tree.</summary>
/// <param name="Path">With <c>/</c>. Names that are no UTF-8 are told in a form that is the path of no other.</param>
/// <param name="Mode">As git writes it: 100644 a file, 100755 an executable one, 120000 a symbolic link, 160000 a submodule.</param>
/// <param name="ObjectId">In lower-case hexadecimal: of the content, or the commit of a submodule.</param>
/// <param name="Size">In bytes; of a submodule 0.</param>
public sealed record GitTreeEntry(string Path, string Mode, string ObjectId, long Size)
{
    /// <summary>Whether it is a file with a content of its own.</summary>
    public bool IsFile => Mode.StartsWith("100", StringComparison.Ordinal);

    /// <summary>Whether it is a submodule, whose content is in another repository.</summary>
    public bool IsSubmodule => Mode == "160000";

    // The path as git has it.
    internal byte[] Name { get; init; } = [];
}
