using Hardening.Ecosystems.Actions;
using Hardening.Formats.Workflows;

namespace Hardening.Tests;

[TestClass]
public sealed class KnownBadCommitsTests
{
    [TestMethod]
    [DataRow("0e58ed8671d6b60d0890c21b07f8835ace038e67", "was published by attackers as tj-actions/changed-files (CVE-2025-30066)")]
    [DataRow("f0d342d24037bb11d26b9bd8496e0808ba32e9ec", "was published by attackers as reviewdog/action-setup (CVE-2025-30154)")]
    public void A_commit_of_an_attack_is_known_with_its_advisory(string commit, string expected) => Assert.AreEqual(expected, KnownBadCommits.Find(commit));

    [TestMethod]
    [DataRow("")]
    [DataRow("#")]
    [DataRow("0e58ed8")]
    [DataRow("0e58ed8671d6b60d0890c21b07f8835ace038e6")]
    [DataRow("11bd71901bbe5b1630ceea73d27597364c9af683")]
    public void Any_other_is_not(string commit) => Assert.IsNull(KnownBadCommits.Find(commit));

    [TestMethod]
    public void Every_line_of_the_list_has_a_commit_a_repository_and_an_advisory()
    {
        using var stream = typeof(WorkflowInputs).Assembly.GetManifestResourceStream("Hardening.known-bad-commits.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();

        Assert.IsGreaterThan(2, lines.Count);
        Assert.HasCount(lines.Count, lines.Select(line => line.Split(' ')[0]).Distinct().ToList());
        foreach (var parts in lines.Select(line => line.Split(' ')))
        {
            Assert.HasCount(3, parts);
            Assert.IsTrue(UsesText.IsCommit(parts[0]) && parts[0] == parts[0].ToLowerInvariant() && UsesText.IsRepository(parts[1]), string.Join(' ', parts));
            Assert.IsNotNull(KnownBadCommits.Find(parts[0]));
        }
    }
}
