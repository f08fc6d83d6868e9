using System.Runtime.CompilerServices;
using Hardening.Findings;
using Hardening.Formats.Yaml;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Policies;

/// <summary>
/// Reads hardening.yml. The text is hostile input: whatever it holds, the outcome is a policy or findings with line and column, as many of
/// them at once as can be told, never an exception.
/// </summary>
public static class PolicyReader
{
    /// <summary>The largest policy that is read, in bytes.</summary>
    public const int LargestFile = 1024 * 1024;

    // More tell nobody anything.
    private const int MostFindings = 100;

    private static readonly YamlLimits Limits = new(LargestFile, Depth: 16, Nodes: 20_000);

    /// <summary>Parses the bytes of a policy. Only this loads the YAML library.</summary>
    /// <param name="utf8">The bytes, with or without a byte order mark.</param>
    /// <param name="file">The path to name in findings.</param>
    /// <param name="findings">What is wrong, sorted by place.</param>
    /// <returns>The policy, <see cref="Policy.Default"/> of an empty text, or null if there is a finding.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Policy? Read(ReadOnlySpan<byte> utf8, string file, out IReadOnlyList<Finding> findings)
    {
        var conflict = utf8.Length > LargestFile ? 0 : ConflictMarkers.FirstLine(utf8);
        if (conflict > 0)
        {
            findings = [Invalid(file, conflict, 1, "The policy has merge-conflict markers.", "solve the conflict")];
            return null;
        }

        var document = YamlDocument.Read(utf8, Limits);
        var walk = new PolicyWalk();
        var policy = document.Root is null ? Policy.Default : walk.Policy(document.Root);
        var problems = document.Problems.Concat(walk.Problems).Distinct().OrderBy(p => p.Line).ThenBy(p => p.Column).ToList();
        var found = problems.Take(MostFindings).Select(p => Invalid(file, p.Line, p.Column, p.Message, p.Remedy)).ToList();
        if (problems.Count > MostFindings)
        {
            var (line, column) = (problems[MostFindings].Line, problems[MostFindings].Column);
            found.Add(Invalid(file, line, column, $"There are {problems.Count - MostFindings} more errors from here on.", "mend those before first"));
        }

        findings = found;
        return found.Count == 0 ? policy : null;
    }

    private static Finding Invalid(string file, int line, int column, string message, string remedy) =>
        new(FindingCodes.PolicyInvalid, message, new SourcePlace(file, line, column), remedy);
}
