using Hardening.Formats.Workflows;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>
/// How actions.lock names what a <c>uses</c> asks for: a repository and the ref as it is written, for the runner downloads a repository once for each ref,
/// whatever folder of it is used.
/// </summary>
/// <param name="Repository"><c>owner/repo</c> in lower case, as hosts compare names.</param>
/// <param name="Ref">The tag, branch or commit, letter by letter.</param>
public readonly record struct PinKey(string Repository, string Ref) : IComparable<PinKey>
{
    /// <summary>Whether the ref is a commit in full.</summary>
    public bool IsCommit => UsesText.IsCommit(Ref);

    /// <summary>The key of a reference of the form <see cref="UsesForm.Repository"/>.</summary>
    public static PinKey Of(UsesText uses) => new(uses.Repository.ToLowerInvariant(), uses.Ref);

    /// <summary>Reads <c>owner/repo@ref</c>, by the pattern of the schema. White space, which no ref can have, is refused, and so is what is read otherwise than it is shown.</summary>
    public static bool TryParse(string text, out PinKey key)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var isKey = slash > 0 && at > slash + 1 && text.LastIndexOf('/', at) == slash && ActionsLockText.IsRef(text[..at]) && ActionsLockText.IsRef(text[(at + 1)..]);
        key = isKey ? new PinKey(text[..at].ToLowerInvariant(), text[(at + 1)..]) : default;
        return isKey;
    }

    /// <inheritdoc/>
    public int CompareTo(PinKey other) => Utf8Order.Instance.Compare(ToString(), other.ToString());

    /// <summary>The key as it stands in the file.</summary>
    public override string ToString() => $"{Repository}@{Ref}";
}
