using Hardening.Findings;
using Hardening.Formats.Images;

namespace Hardening.Policies;

/// <summary>Where a finding of an ecosystem fails.</summary>
public enum Enforcement
{
    /// <summary>Nowhere, and nothing is said.</summary>
    Off,

    /// <summary>Nowhere; it is said as a warning.</summary>
    Warn,

    /// <summary>On a build server; elsewhere it is a warning.</summary>
    Ci,

    /// <summary>In every build.</summary>
    Build,
}

/// <summary>What a repository demands, as <c>hardening.yml</c> at its root says it. Immutable; the format is described in docs/policy.md.</summary>
public sealed record Policy
{
    /// <summary>The name of the file at the repository root.</summary>
    public const string FileName = "hardening.yml";

    /// <summary>The policy of a repository that has no file: everything is enforced, nothing is excepted.</summary>
    public static Policy Default { get; } = new();

    /// <summary>Files and folders that are not hardened.</summary>
    public IReadOnlyList<Exclusion> Exclude { get; init; } = [];

    /// <summary>NuGet packages, MSBuild SDKs, dotnet tools and sources (HRD1xxx).</summary>
    public NuGetPolicy NuGet { get; init; } = new();

    /// <summary>Actions and workflows (HRD2xxx).</summary>
    public ActionsPolicy Actions { get; init; } = new();

    /// <summary>Container images (HRD3xxx).</summary>
    public ImagesPolicy Images { get; init; } = new();

    /// <summary>Findings that a person accepted for a time.</summary>
    public IReadOnlyList<PolicyException> Exceptions { get; init; } = [];
}

/// <summary>What every ecosystem's part of a policy has.</summary>
public record EcosystemPolicy
{
    /// <summary>Where its findings fail.</summary>
    public Enforcement Enforce { get; init; } = Enforcement.Build;
}

/// <summary>The part of a policy about NuGet.</summary>
public sealed record NuGetPolicy : EcosystemPolicy
{
    /// <summary>Where packages fail that the .NET SDK in use implies and the lockfile does not know (HRD1011).</summary>
    public Enforcement ImplicitPackages { get; init; } = Enforcement.Ci;

    /// <summary>How old a version has to be before an update takes it; zero: as young as it likes.</summary>
    public TimeSpan MinimumAge { get; init; }

    /// <summary>Ids of MSBuild SDKs and dotnet tools that this repository builds itself, so that no lock entry can stand for them.</summary>
    public IReadOnlyList<string> Own { get; init; } = [];
}

/// <summary>The part of a policy about actions and workflows.</summary>
public sealed record ActionsPolicy : EcosystemPolicy
{
    /// <summary>Where an action fails that is named by a tag or branch although the lockfile has its commit (HRD2003).</summary>
    public Enforcement Unpinned { get; init; } = Enforcement.Warn;

    /// <summary>Repositories that may be used, as patterns of <see cref="RepositoryPatterns"/>; empty: any.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Repositories that may not be used, written like <see cref="Allow"/>; they win over it.</summary>
    public IReadOnlyList<string> Forbid { get; init; } = [];

    /// <summary>Repositories that others stand in for.</summary>
    public IReadOnlyList<ActionReplacement> Replace { get; init; } = [];

    /// <summary>How old a ref has to be before an update takes it; zero: as young as it likes.</summary>
    public TimeSpan MinimumAge { get; init; }

    /// <summary>How far an update moves a pin.</summary>
    public UpdateRange Update { get; init; } = UpdateRange.None;
}

/// <summary>The part of a policy about container images.</summary>
public sealed record ImagesPolicy : EcosystemPolicy
{
    /// <summary>Where an image fails that is named by a tag, or by none, although the lockfile has its digest (HRD3003, HRD3004).</summary>
    public Enforcement Unpinned { get; init; } = Enforcement.Warn;

    /// <summary>Images that may be used, as patterns of <see cref="ImagePatterns"/>; empty: any.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Images that may not be used, written like <see cref="Allow"/>; they win over it.</summary>
    public IReadOnlyList<string> Forbid { get; init; } = [];

    /// <summary>Images that others have to be used in place of.</summary>
    public IReadOnlyList<ImageReplacement> Replace { get; init; } = [];
}

/// <summary>An image that another is to be used in place of.</summary>
/// <param name="From">Registry and repository in full, as in <c>docker.io/library/node</c>.</param>
/// <param name="To">What is to be used, written like it.</param>
public sealed record ImageReplacement(string From, string To);

/// <summary>How far an update moves a version.</summary>
public enum UpdateRange
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>To a later patch of the same minor version.</summary>
    Patch,

    /// <summary>To a later minor version of the same major version.</summary>
    Minor,

    /// <summary>To any later version.</summary>
    Major,
}

/// <summary>A repository with actions that another stands in for.</summary>
/// <param name="From">The repository, as <c>owner/repo</c>, or <c>https://host/owner/repo</c> on another server than the default one.</param>
/// <param name="To">What stands in for it, written like it.</param>
public sealed record ActionReplacement(string From, string To)
{
    /// <summary>Tag or branch of <see cref="From"/> → that of <see cref="To"/>; <c>*</c> is any other. A ref that is not here keeps its name.</summary>
    public IReadOnlyDictionary<string, string> Refs { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;
}

/// <summary>Files that are not hardened.</summary>
/// <param name="Path">A glob relative to the root, with <c>/</c>.</param>
/// <param name="Reason">Why; not empty.</param>
public sealed record Exclusion(string Path, string Reason);

/// <summary>A finding that a person accepted for a time.</summary>
/// <param name="Code">The code.</param>
/// <param name="Reason">Why; not empty.</param>
/// <param name="Until">The last day on which it counts, UTC.</param>
public sealed record PolicyException(FindingCode Code, string Reason, DateOnly Until)
{
    /// <summary>
    /// The input it is for, without regard to case: <c>id</c>, which is for every version, or <c>id/version</c>; of actions <c>owner/repo</c>, which
    /// is for every ref, or <c>owner/repo@ref</c>; of images <c>registry/repository</c> in full, which is for every tag and digest, or that with one of
    /// them, and the case of a tag counts; empty: any.
    /// </summary>
    public string Input { get; init; } = string.Empty;

    /// <summary>The files it is for, as a glob relative to the root with <c>/</c>; empty: any.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>The line of hardening.yml where it stands.</summary>
    public int Line { get; init; }

    /// <summary>Whether it is for an input that a finding names.</summary>
    internal bool CoversInput(string input) => Input.Length == 0 || Same(Input, input) || Same(Input, WithoutVersion(input));

    /// <summary>Whether it is for every input that another exception for the same code is for.</summary>
    internal bool CoversInputOf(PolicyException other) =>
        Input.Length == 0 || Same(Input, other.Input) || (Same(Input, WithoutVersion(Input)) && Same(Input, WithoutVersion(other.Input)));

    /// <summary>Whether a code is about container images.</summary>
    internal static bool IsOfImages(FindingCode code) => code.Id.StartsWith("HRD3", StringComparison.Ordinal);

    private bool Same(string one, string other) => one.Equals(other, IsOfImages(Code) ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    // With the `/` of packages, an exception for an owner of actions would cover all that is theirs, and for a registry all that is in it.
    private string WithoutVersion(string input)
    {
        if (IsOfImages(Code))
        {
            return ImageText.Parse(input).Name;
        }

        var version = input.LastIndexOf(Code.Id.StartsWith("HRD2", StringComparison.Ordinal) ? '@' : '/');
        return version > 0 ? input[..version] : input;
    }
}
