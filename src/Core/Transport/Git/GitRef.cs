namespace Hardening.Transport.Git;

/// <summary>A ref as a server tells it.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="ObjectId">What it points to, in lower-case hexadecimal: of an annotated tag the tag itself.</param>
/// <param name="Peeled">What an annotated tag, or a chain of them, names in the end; null if it is none.</param>
/// <param name="Target">The ref that a symbolic ref names; null if it is none.</param>
public sealed record GitRef(string Name, string ObjectId, string? Peeled, string? Target)
{
    /// <summary>The commit, if it is one: a tag can name a tree or a file, which a listing does not tell.</summary>
    public string Commit => Peeled ?? ObjectId;
}
