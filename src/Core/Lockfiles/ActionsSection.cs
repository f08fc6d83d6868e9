using System.Text.Json;

namespace Hardening.Lockfiles;

/// <summary>The section of actions and reusable workflows.</summary>
public sealed record ActionsSection
{
    internal static ActionsSection Empty { get; } = new();

    /// <summary>Entries by <see cref="ActionEntry.Key"/>.</summary>
    public IReadOnlyDictionary<string, ActionEntry> Commits { get; init; } = Map<ActionEntry>.Empty;

    /// <summary>Unknown members, kept.</summary>
    public IReadOnlyDictionary<string, JsonElement> Unknown { get; init; } = Map<JsonElement>.Empty;

    /// <summary>
    /// Whether actions were locked: the section is written, if only to say that none is used. Until then there is nothing to drift from, and findings of this
    /// ecosystem warn.
    /// </summary>
    public bool IsBaseline
    {
        get => field || Commits.Count > 0 || Unknown.Count > 0;
        init;
    }
}

/// <summary>
/// The lock entry of one commit of a repository with actions or reusable workflows. What git's protocol alone proves and what the host's API tells
/// are kept apart: <see cref="Refs"/> and <see cref="Tree"/> are the former, <see cref="OwnerId"/> and <see cref="RepositoryId"/> the latter.
/// </summary>
/// <param name="Name">The repository as its author writes it: <c>owner/repo</c>, or <c>https://host/owner/repo</c> on another server than the default one.</param>
/// <param name="Commit">The commit in full: 40 or 64 lower-case hexadecimal digits.</param>
public sealed record ActionEntry(string Name, string Commit)
{
    /// <summary>The folder of an action at the root of its repository, as <see cref="Uses"/> names it.</summary>
    public const string RootPath = ".";

    /// <summary>The refs it was taken from: full name (<c>refs/tags/v4</c>) → the object it named then; of an annotated tag the tag, else the commit.</summary>
    public IReadOnlyDictionary<string, string> Refs { get; init; } = Map<string>.Empty;

    /// <summary>
    /// SHA-512, base64, over the content of the commit's tree: the sorted lines <c>mode SP path TAB hex(SHA-512) LF</c>; it does not rest on the
    /// collision resistance of git's own hash. Empty where it could not be made.
    /// </summary>
    public string Tree { get; init; } = string.Empty;

    /// <summary>The number of the owner at its host, which no other account can take over as it can the name; 0 where the host was not asked.</summary>
    public long OwnerId { get; init; }

    /// <summary>The number of the repository at its host; 0 where the host was not asked.</summary>
    public long RepositoryId { get; init; }

    /// <summary>
    /// What it uses itself: the folder of each action, or file of each reusable workflow, that is used from here → what it names, as written → the
    /// key of the entry that it was resolved to; empty for a container image. <see cref="RootPath"/> is the root. Nothing but what is here may be used.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Uses { get; init; } = Map<IReadOnlyDictionary<string, string>>.Empty;

    /// <summary>Unknown members, kept.</summary>
    public IReadOnlyDictionary<string, JsonElement> Unknown { get; init; } = Map<JsonElement>.Empty;

    /// <summary>The identity: repository in lower case, as hosts compare names, and commit, as in <c>actions/checkout@11bd…</c>.</summary>
    public string Key => KeyOf(Name, Commit);

    /// <summary>The key of a repository and a commit.</summary>
    public static string KeyOf(string name, string commit) => string.Concat(name.ToLowerInvariant(), "@", commit);
}
