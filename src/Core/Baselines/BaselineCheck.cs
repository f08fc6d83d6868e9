using Hardening.Findings;

namespace Hardening.Baselines;

/// <summary>Compares the work tree of a repository with one of its revisions: reads both and compares. The one entrance for the build and the tool.</summary>
public static class BaselineCheck
{
    /// <summary>Compares.</summary>
    /// <param name="root">The repository root, see <see cref="Files.RepositoryRoot"/>.</param>
    /// <param name="revision">The protected branch, or any other revision; hostile input.</param>
    /// <param name="parsePolicy">Reads a policy; null: a policy that was changed is a finding, whatever it says.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The findings (HRD0017; HRD0018 alone where the baseline could not be read; what is wrong with the lockfile itself) and the summary.</returns>
    /// <exception cref="IOException">A file of the work tree could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<BaselineResult> RunAsync(string root, string revision, PolicyParser? parsePolicy, CancellationToken cancellation)
    {
        try
        {
            var repository = await GitRepository.OpenAsync(root, cancellation).ConfigureAwait(false);
            var commit = await repository.ResolveAsync(revision, cancellation).ConfigureAwait(false);
            var head = await repository.HeadAsync(cancellation).ConfigureAwait(false);
            var (before, after, findings) = await new SnapshotReader(repository, parsePolicy).ReadAsync(revision, commit, cancellation).ConfigureAwait(false);
            var result = BaselineComparison.Compare(before, after);
            return new BaselineResult(Finding.Sorted(findings.Concat(result.Findings)), [Heading(revision, commit, head), .. result.Summary]);
        }
        catch (BaselineException e)
        {
            return new BaselineResult([e.Finding], []);
        }
    }

    private static string Heading(string revision, string commit, string head) => commit == head
        ? $"Compared with {revision} ({commit[..12]}), which is what is checked out: only what is not committed yet can differ."
        : $"Compared with {revision} ({commit[..12]}):";
}
