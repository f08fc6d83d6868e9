using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Ecosystems.NuGet;

/// <summary>The package versions that an update would take and the previous lockfile does not hold.</summary>
/// <param name="Root">The repository root.</param>
/// <param name="Quarantine">Where they lie.</param>
/// <param name="Packages">The versions, sorted by key.</param>
/// <param name="ConfigFolders">The folders whose NuGet settings took part, the root among them; full paths.</param>
public sealed record NewPackages(string Root, Quarantine Quarantine, IReadOnlyList<PackageEntry> Packages, IReadOnlyList<string> ConfigFolders)
{
    private const int AtOnce = 8;

    /// <summary>Asks when each was published, some at a time, and judges it. What the .NET SDK brings along and what the policy calls the repository's own are not asked for.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="dotNetSdkPacks">The folder of packages that the .NET SDK brings along; empty if it is not known.</param>
    /// <param name="now">The moment of the update.</param>
    /// <param name="published">When a version was published, by the address of a source that <see cref="PackageOrigin"/> told; null if the source says nothing.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Findings of <see cref="FindingCodes.TooYoung"/>, in the order of the packages.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<IReadOnlyList<Finding>> JudgeAsync(
        NuGetPolicy policy, string dotNetSdkPacks, DateTimeOffset now, Func<PackageEntry, string, CancellationToken, Task<DateTimeOffset?>> published, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(published);
        if (policy.MinimumAge <= TimeSpan.Zero)
        {
            return [];
        }

        var age = new MinimumAge(policy.MinimumAge, now, Root);
        var findings = new Finding?[Packages.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, Packages.Count), new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = AtOnce }, async (i, token) =>
        {
            var package = Packages[i];
            if (policy.Own.Contains(package.Name, StringComparer.OrdinalIgnoreCase))
            {
                return;
            }

            var source = PackageOrigin.Of(Quarantine, package.Key);
            if (source is not null && PackageOrigin.AreSame(source, dotNetSdkPacks))
            {
                return;
            }

            try
            {
                findings[i] = source is null
                    ? age.NotJudged(package, "NuGet did not note which source it came from")
                    : age.Judge(package, await published(package, source, token).ConfigureAwait(false));
            }
            catch (InvalidDataException e)
            {
                findings[i] = age.NotJudged(package, e.Message);
            }
        }).ConfigureAwait(false);
        return [.. findings.OfType<Finding>()];
    }
}
