using System.Runtime.CompilerServices;
using Hardening.Findings;
using Hardening.Formats.Yaml;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>
/// Reads GitHub's actions.lock in its schemas v0.0.1 to v0.0.3. The text is hostile input: whatever it holds, the outcome is a lock or findings with line and
/// column, never an exception. Nothing is read that GitHub's own readers refuse, since GitHub says nothing of such a file and runs as if there were none.
/// </summary>
public static class ActionsLockReader
{
    /// <summary>The largest file that is read, in bytes, as GitHub has it.</summary>
    public const int LargestFile = 1024 * 1024;

    private static readonly YamlLimits Limits = new(LargestFile, Depth: 8, Nodes: 100_000);

    /// <summary>Parses the bytes of an actions.lock. Only this loads the YAML library.</summary>
    /// <param name="utf8">The bytes, with or without a byte order mark.</param>
    /// <param name="file">The path to name in findings.</param>
    /// <param name="findings">
    /// What is wrong, sorted by place: HRD2013 where the file is broken, HRD2014 where it names a dependency that it has no entry for.
    /// </param>
    /// <returns>The lock, with keys in their canonical form; null if it is broken.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ActionsLock? Read(ReadOnlySpan<byte> utf8, string file, out IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(file);
        var conflict = utf8.Length > LargestFile ? 0 : ConflictMarkers.FirstLine(utf8);
        if (conflict > 0)
        {
            findings = [Broken(file, new YamlProblem("The file has merge-conflict markers.", $"solve the conflict, or {ActionsLockWalk.Anew}", conflict, 1))];
            return null;
        }

        var document = YamlDocument.Read(utf8, Limits);
        var walk = new ActionsLockWalk(file);
        var read = walk.Lock(document);
        var problems = document.Problems.Concat(walk.Problems).ToList();
        if (read is null || problems.Count > 0)
        {
            findings = LimitedFindings.Of(problems.Select(p => Broken(file, p)));
            return null;
        }

        findings = LimitedFindings.Of(walk.Missing);
        return read;
    }

    private static Finding Broken(string file, YamlProblem problem) =>
        new(FindingCodes.ActionsLockInvalid, problem.Message, new SourcePlace(file, problem.Line, problem.Column), problem.Remedy);
}
