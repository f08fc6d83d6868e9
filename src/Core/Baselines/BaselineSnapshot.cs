using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Baselines;

/// <summary>
/// What protects a repository at one moment: at a revision, or as it lies in the work tree. Immutable. All paths are relative to the git root, with
/// <c>/</c>, except those inside of <see cref="Lockfile"/>.
/// </summary>
public sealed record BaselineSnapshot
{
    /// <summary>What to call it in messages: the revision as it was given, or "the work tree".</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the git root.</summary>
    public required string Top { get; init; }

    /// <summary>The repository root, relative to the git root with <c>/</c> at its end; empty if they are the same.</summary>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>The lockfile of the root; null if there is none.</summary>
    public Lockfile? Lockfile { get; init; }

    /// <summary>Every lockfile in the repository, that of the root too, whatever the case of its name.</summary>
    public IReadOnlySet<string> Lockfiles { get; init; } = Nothing;

    /// <summary>The policy; null if there is no file, or it could not be read.</summary>
    public Policy? Policy { get; init; }

    /// <summary>A hash over the text of the policy; empty if there is no file.</summary>
    public string PolicyHash { get; init; } = string.Empty;

    /// <summary>Every file at the root that is called like the policy, whatever the case of its name.</summary>
    public IReadOnlySet<string> Policies { get; init; } = Nothing;

    /// <summary>Control files: path → hash of the text, as the lockfile writes it.</summary>
    public IReadOnlyDictionary<string, string> Control { get; init; } = Map<string>.Empty;

    /// <summary>Every global.json.</summary>
    public IReadOnlyDictionary<string, GlobalJsonFacts> GlobalJson { get; init; } = Map<GlobalJsonFacts>.Empty;

    /// <summary>Every Directory.Build.props.</summary>
    public IReadOnlyDictionary<string, BuildPropsFacts> BuildProps { get; init; } = Map<BuildPropsFacts>.Empty;

    /// <summary>Workflows, files of actions and actions.lock: path → content.</summary>
    public IReadOnlyDictionary<string, byte[]> Workflows { get; init; } = Map<byte[]>.Empty;

    /// <summary>Projects that one of the two lockfiles names and that exist.</summary>
    public IReadOnlySet<string> Projects { get; init; } = Nothing;

    /// <summary>Submodules: path → commit.</summary>
    public IReadOnlyDictionary<string, string> Submodules { get; init; } = Map<string>.Empty;

    /// <summary>Submodules in whose files a lockfile lies.</summary>
    public IReadOnlySet<string> SubmodulesWithLockfile { get; init; } = Nothing;

    /// <summary>Symbolic links, of the files that are compared and those that lead to a folder: path → target as written.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = Map<string>.Empty;

    private static IReadOnlySet<string> Nothing { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The path of a file of the root, relative to the git root.</summary>
    public string AtRoot(string path) => Prefix + path;

    /// <summary>What the nearest file upward says that has the given name, from the folder of a path on; null if there is none.</summary>
    internal static T? Nearest<T>(IReadOnlyDictionary<string, T> files, string path, string name)
        where T : class
    {
        for (var folder = FolderOf(path); ; folder = FolderOf(folder))
        {
            if (files.TryGetValue(folder.Length == 0 ? name : $"{folder}/{name}", out var facts))
            {
                return facts;
            }

            if (folder.Length == 0)
            {
                return null;
            }
        }
    }

    internal static string FolderOf(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];
}
