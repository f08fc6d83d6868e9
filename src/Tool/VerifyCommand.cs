using Hardening.Baselines;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Reporting;
using Hardening.Verification;

namespace Hardening.Tool;

/// <summary><c>dotnet hardening verify</c>.</summary>
internal static class VerifyCommand
{
    private const string Grade = "Grade: written. The text was compared with the lockfile; nothing was evaluated or restored, and packages on disk were not looked at.";

    // What says that there is no verdict, not that it is a bad one.
    private static readonly FindingCode[] Undecided = [FindingCodes.Unreadable, FindingCodes.BaselineUnreadable, FindingCodes.WorkflowUnreadable, FindingCodes.ImageFileUnreadable];

    /// <summary>Compares the text of a repository with its lockfile and, if one is named, with a baseline; prints the findings.</summary>
    /// <param name="root">The repository root; null: there is no repository around the current folder.</param>
    /// <param name="baseline">The revision to compare with; null: none. Hostile input.</param>
    /// <param name="ecosystems">What is looked at; the comparison with a baseline is of all.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(string? root, string? baseline, EcosystemSet ecosystems, CancellationToken cancellation)
    {
        if (root is null)
        {
            var here = Environment.CurrentDirectory;
            return Report([new Finding(FindingCodes.NoRepositoryRoot, $"Neither {Lockfile.FileName} nor .git is in {here} or above it, so there is no lockfile to compare with.", SourcePlace.None, "name the root: --root DIR")], [], here);
        }

        var findings = new WrittenCheck(root, BuiltInSdks.In(DotNetSdk.Folder()), ecosystems).Run(cancellation);
        if (baseline is null)
        {
            return Report(findings, [], root);
        }

        var compared = await BaselineCheck.RunAsync(root, baseline, static (byte[] content, string file, out IReadOnlyList<Finding> found) => PolicyReader.Read(content, file, out found), cancellation).ConfigureAwait(false);
        return Report(Finding.Sorted(findings.Concat(compared.Findings)), compared.Summary, root);
    }

    // What is different is said before what is wrong, as a build says it.
    private static int Report(IReadOnlyList<Finding> findings, IReadOnlyList<string> differences, string root)
    {
        if (Terminal.IsRich)
        {
            FindingView.Write(differences, findings, root, Summary(findings));
        }
        else
        {
            // Not Console.Out, which prepares a terminal for what is never sent.
            using var writer = new StreamWriter(Console.OpenStandardOutput());
            foreach (var line in differences.Select(SinkText.ForLog).Concat(findings.Select(f => FindingLine.Of(f, root))).Append(Summary(findings)))
            {
                writer.WriteLine(line);
            }
        }

        var errors = findings.Where(f => f.Severity == Severity.Error).ToList();
        return errors.Count == 0 ? ExitCode.Clean : errors.All(f => Undecided.Contains(f.Code)) ? ExitCode.Undecided : ExitCode.Findings;
    }

    private static string Summary(IReadOnlyList<Finding> findings) =>
        $"{Counted(findings.Count(f => f.Severity == Severity.Error), "error")}, {Counted(findings.Count(f => f.Severity == Severity.Warning), "warning")}. {Grade}";

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
