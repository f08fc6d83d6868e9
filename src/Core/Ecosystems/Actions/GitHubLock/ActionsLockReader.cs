using System.Runtime.CompilerServices;
using System.Text;
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

        if (utf8.Length <= LargestFile && ReadOtherwise(utf8) is { } otherwise)
        {
            findings = [Broken(file, otherwise)];
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

    // GitHub's readers stop at these, where the one here goes on; so a file with one would be checked here and ignored there.
    private static YamlProblem? ReadOtherwise(ReadOnlySpan<byte> utf8)
    {
        var tab = utf8.IndexOf((byte)'\t');
        var directive = utf8.StartsWith("%"u8) ? 0 : utf8.IndexOf("\n%"u8) is var before and >= 0 ? before + 1 : -1;
        var at = tab < 0 ? directive : directive < 0 ? tab : Math.Min(tab, directive);
        if (at < 0)
        {
            return null;
        }

        var text = utf8[..at];
        var column = Encoding.UTF8.GetCharCount(text[(text.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return new YamlProblem(at == tab ? "The file has a tab, at which GitHub's readers stop." : "A line begins with `%`, at which GitHub's readers stop.", $"remove it, or {ActionsLockWalk.Anew}", text.Count((byte)'\n') + 1, column);
    }

    private static Finding Broken(string file, YamlProblem problem) =>
        new(FindingCodes.ActionsLockInvalid, problem.Message, new SourcePlace(file, problem.Line, problem.Column), problem.Remedy);
}
