using System.Collections.Frozen;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>
/// GitHub's <c>.github/workflows/actions.lock</c>: the commits that GitHub's runner takes in place of the refs of a workflow. Schemas v0.0.1 to v0.0.3 of
/// https://github.com/github/actions-lockfile. A workflow that is listed is onboarded: GitHub runs it only if each of its dependencies has an entry. Of a
/// file that it cannot read GitHub's service says nothing and resolves each ref anew; so here that is an error.
/// </summary>
public sealed record ActionsLock
{
    /// <summary>Where the file lies, relative to the repository root.</summary>
    public const string FilePath = ".github/workflows/actions.lock";

    /// <summary>What writes the file anew.</summary>
    public const string UpdateCommand = Commands.Update + " -p:HardeningWriteActionsLock=true";

    /// <summary>The schema with the commit in each key.</summary>
    public const string Version1 = "v0.0.1";

    /// <summary>The schema that is written unless another is asked for.</summary>
    public const string Version2 = "v0.0.2";

    /// <summary>The schema with host names.</summary>
    public const string Version3 = "v0.0.3";

    /// <summary>The schema as the file names it.</summary>
    public string Version { get; init; } = Version2;

    /// <summary>The onboarded workflows by path relative to the repository root, with <c>/</c>, letter by letter.</summary>
    public IReadOnlyDictionary<string, ActionsLockWorkflow> Workflows { get; init; } = FrozenDictionary<string, ActionsLockWorkflow>.Empty;

    /// <summary>What was resolved.</summary>
    public IReadOnlyDictionary<PinKey, ActionsLockDependency> Dependencies { get; init; } = FrozenDictionary<PinKey, ActionsLockDependency>.Empty;

    /// <summary>
    /// Makes the file of what the workflows use and of the lockfile. A workflow that cannot be onboarded, for which there is a finding, is left out, because
    /// GitHub would refuse to run it; the rest is complete. A reusable workflow of another repository gets an entry, but what it uses itself does not: that
    /// is for the actions.lock of its own repository.
    /// </summary>
    /// <param name="uses">The workflows to onboard, with what they use.</param>
    /// <param name="section">The lock entries.</param>
    /// <param name="findings">HRD2014, HRD2016 and HRD2019: what has no entry or no entry that the format can hold; sorted.</param>
    public static ActionsLock FromLockfile(RepositoryUses uses, ActionsSection section, out IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(uses);
        ArgumentNullException.ThrowIfNull(section);
        return new ActionsLockBuilder(uses, section).Build(out findings);
    }
}

/// <summary>An onboarded workflow.</summary>
/// <param name="Path">Its path relative to the repository root.</param>
/// <param name="Pins">
/// What it uses, in the order of the file. GitHub's tool writes only what the workflow itself names, the schema also permits all that is used indirectly.
/// </param>
public sealed record ActionsLockWorkflow(string Path, IReadOnlyList<ActionsLockPin> Pins)
{
    /// <summary>Where its path stands in actions.lock; <see cref="SourcePlace.None"/> unless it was read.</summary>
    public SourcePlace Place { get; init; } = SourcePlace.None;
}

/// <summary>A line that names a dependency.</summary>
/// <param name="Key">What is named.</param>
public sealed record ActionsLockPin(PinKey Key)
{
    /// <summary>Where it stands in actions.lock; <see cref="SourcePlace.None"/> unless it was read.</summary>
    public SourcePlace Place { get; init; } = SourcePlace.None;
}

/// <summary>What a key was resolved to.</summary>
/// <param name="Key">The key.</param>
/// <param name="Ref">The tag or branch that the commit was found by; the ref of the key unless that is a commit.</param>
/// <param name="Commit">The commit in full: 40 or 64 lower-case hexadecimal digits.</param>
/// <param name="OwnerId">The number of the owner at its host; at least 1.</param>
/// <param name="RepositoryId">The number of the repository at its host; at least 1.</param>
public sealed record ActionsLockDependency(PinKey Key, string Ref, string Commit, long OwnerId, long RepositoryId)
{
    /// <summary>The host, as <c>github.com</c> or <c>NAME.ghe.com</c>; empty: the one that the repository itself is on.</summary>
    public string HostName { get; init; } = string.Empty;

    /// <summary>What it uses itself, in the order of the file.</summary>
    public IReadOnlyList<ActionsLockPin> Uses { get; init; } = [];

    /// <summary>Where its key stands in actions.lock; <see cref="SourcePlace.None"/> unless it was read.</summary>
    public SourcePlace Place { get; init; } = SourcePlace.None;

    /// <summary>The commit as the file holds it: <c>sha1-…</c> or <c>sha256-…</c>.</summary>
    public string Digest => (Commit.Length == 40 ? "sha1-" : "sha256-") + Commit;
}
