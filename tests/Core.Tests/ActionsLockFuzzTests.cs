using System.Text;
using CsCheck;
using Hardening.Ecosystems.Actions.GitHubLock;
using Hardening.Findings;

namespace Hardening.Tests;

[TestClass]
public sealed class ActionsLockFuzzTests
{
    private static readonly string First = $"""
        version: v0.0.1
        workflows:
          .github/workflows/ci.yml:
          - actions/checkout@v4:sha1-{ActionsLockSamples.Checkout}
        dependencies:
          actions/checkout@v4:sha1-{ActionsLockSamples.Checkout}:
            tag: v4.2.2
            branch: main
            commit: sha1-{ActionsLockSamples.Checkout}
            owner_id: 1
            repo_id: 2
        """;

    private static readonly string[] Tokens =
    [
        "version", "workflows", "dependencies", "ref", "tag", "branch", "commit", "owner_id", "repo_id", "uses", "hostname", "v0.0.1", "v0.0.2", "v0.0.3", "v9.0.0", "github.com", "octo.ghe.com",
        "sha1-", "sha256-", "sha1-" + ActionsLockSamples.Checkout, "actions/checkout@v4", "acme/cover@v7", "Octo/Shared@main", "octo/shared@" + ActionsLockSamples.Shared, "o/r/s@v1", "@", "/", "..", "\\", "0", "-1", "99999999999999999999",
        ": ", ":", "- ", "? ", "[", "]", "[]", "{", "}", "{}", ",", "\n", "\r\n", "\r", "    ", "\t", "#", " #", "&a ", "*a", "<<", "!!str ", "%YAML 1.1\n", "---\n", "...\n", "|\n", ">-\n", "'", "\"", "''", "\\u0000", "\\ud800",
        "\0", "\u0085", "\u2028", "\uFEFF", "\u202E", "\U0001F600", "~", "null", "\n<<<<<<< HEAD\n",
    ];

    [TestMethod]
    public void Whatever_the_bytes_the_outcome_is_a_lock_or_findings_in_the_text()
        => Gen.Byte.Array[0, 200].Sample(Judge, iter: 10_000);

    [TestMethod]
    public void Whatever_is_changed_in_a_file_the_outcome_is_a_lock_or_findings_in_the_text()
    {
        var edits = Gen.Select(Gen.Double.Unit, Gen.Int[0, 20], Gen.OneOfConst(Tokens)).Array[1, 4];
        var texts = Gen.OneOf(Gen.Const(ActionsLockSamples.Full), Gen.Const(First), ActionsLockWriterTests.Locks.Select(l => Encoding.UTF8.GetString(ActionsLockWriter.Write(l))));
        Gen.Select(texts, edits).Sample((text, changes) =>
        {
            foreach (var (where, length, token) in changes)
            {
                var at = (int)(where * text.Length);
                text = text[..at] + token + text[Math.Min(text.Length, at + length)..];
            }

            Judge(Encoding.UTF8.GetBytes(text));
        }, iter: 50_000);
    }

    [TestMethod]
    public void Whatever_tokens_stand_together_the_outcome_is_a_lock_or_findings_in_the_text()
        => Gen.OneOfConst(Tokens).Array[0, 30].Sample(tokens => Judge(Encoding.UTF8.GetBytes(string.Concat(tokens))), iter: 30_000);

    private static void Judge(byte[] bytes)
    {
        var read = ActionsLockReader.Read(bytes, ActionsLockSamples.File, out var findings);
        Assert.AreEqual(read is null, findings.Any(f => f.Code == FindingCodes.ActionsLockInvalid));
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        var said = read is null ? [] : ActionsLockVerifier.Verify(read, ActionsLockSamples.Repository, ActionsLockSamples.Section);
        foreach (var finding in findings.Concat(said.Where(f => f.Place.File == ActionsLockSamples.File)))
        {
            Assert.IsTrue(finding.Code.Id is "HRD2013" or "HRD2014" or "HRD2015" or "HRD2016", finding.Code.Id);
            Assert.IsInRange(1, lines.Length, finding.Place.Line, finding.Message);
            Assert.IsInRange(1, lines[finding.Place.Line - 1].Length + 1, finding.Place.Column, finding.Message);
            Assert.IsLessThan(1500, finding.Message.Length);
        }

        if (read is not null && findings.Count == 0)
        {
            // What was read can be written, and what is written says the same.
            var again = ActionsLockSamples.Read(Encoding.UTF8.GetString(ActionsLockWriter.Write(read)));
            var second = read.Version == ActionsLock.Version1 ? read.Dependencies.ToDictionary(d => d.Key, d => d.Value with { Ref = again.Dependencies[d.Key].Ref }) : read.Dependencies;
            Assert.AreEqual(ActionsLockSamples.Content(read with { Version = again.Version, Dependencies = second }), ActionsLockSamples.Content(again));
        }
    }
}
