using Hardening.Files;
using Hardening.Findings;

namespace Hardening.Policies;

/// <summary>The policy of a repository as this machine and this day take it.</summary>
public sealed class RepositoryPolicy
{
    private readonly StoredPolicy stored;
    private readonly string root;
    private readonly Lazy<PathPatterns> excluded;

    private RepositoryPolicy(string root)
    {
        this.root = root;
        stored = PolicyStore.Load(root, BuildServer.IsHere ? null : PolicyStore.DefaultCacheFolder);
        Policy = stored.Policy ?? Policy.Default;
        excluded = new(() => new PathPatterns(Policy.Exclude.Select(e => e.Path), PathRules.Here.Comparison));
    }

    /// <summary>What it says; the default if it is not valid, which <see cref="Findings"/> tells.</summary>
    public Policy Policy { get; }

    /// <summary>Why it is not valid.</summary>
    public IReadOnlyList<Finding> Findings => stored.Findings;

    /// <summary>SHA-256 over its bytes; empty without one.</summary>
    public string Digest => stored.Digest;

    /// <summary>Whether findings about NuGet fail this build.</summary>
    public bool EnforcesNuGet => Policy.NuGet.Enforce == Enforcement.Build || (Policy.NuGet.Enforce == Enforcement.Ci && BuildServer.IsHere);

    /// <summary>Loads the policy of a repository, see <see cref="PolicyStore.Load"/>.</summary>
    /// <param name="root">The repository root.</param>
    public static RepositoryPolicy Of(string root) => new(root);

    /// <summary>Whether a path relative to the root is not hardened.</summary>
    public bool Excludes(string path) => Policy.Exclude.Count > 0 && excluded.Value.Matches(path);

    /// <summary>What is left of findings of a build, each with the severity that counts.</summary>
    public IReadOnlyList<Finding> Decide(IEnumerable<Finding> findings) =>
        PolicyDecision.Apply(findings, Policy, root, BuildServer.IsHere, DateOnly.FromDateTime(DateTime.UtcNow));

    /// <summary>The same for an update: what it accepts is the baseline of builds that are enforced later, so only exceptions count.</summary>
    public IReadOnlyList<Finding> DecideUpdate(IEnumerable<Finding> findings) => PolicyDecision.Apply(
        findings, Policy with { NuGet = Policy.NuGet with { Enforce = Enforcement.Build } }, root, BuildServer.IsHere, DateOnly.FromDateTime(DateTime.UtcNow));
}
