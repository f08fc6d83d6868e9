using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>What is found in a workflow alone, at its place.</summary>
[TestClass]
public sealed class WorkflowFindingsTests
{
    private const string Sha = "11bd71901bbe5b1630ceea73d27597364c9af683";

    [TestMethod]
    [DataRow("a/b@" + Sha + " # v4.2.2", "")]
    [DataRow("a/b@" + Sha + " # v4", "")]
    [DataRow("a/b@" + Sha + " # whatever", "")]
    [DataRow("a/b@" + Sha + " # v5.0.0", "HRD2005")]
    [DataRow("a/b@" + Sha + " # tag=v4.2.3", "HRD2005")]
    [DataRow("a/b@v4", "HRD2003")]
    [DataRow("a/b@11bd719", "HRD2004")]
    [DataRow("tj-actions/changed-files@0e58ed8671d6b60d0890c21b07f8835ace038e67", "HRD2008")]
    [DataRow("any/fork@0E58ED8671D6B60D0890C21B07F8835ACE038E67", "HRD2008")]
    [DataRow("a/b@${{ matrix.version }}", "HRD2009")]
    [DataRow("a/b", "HRD2009")]
    [DataRow("./nowhere", "HRD2012")]
    [DataRow("a/b@v9", "HRD2001")]
    [DataRow("a/b@0123456789abcdef0123456789abcdef01234567", "HRD2002")]
    [DataRow("a/b/sub@" + Sha, "HRD2032")]
    public async Task A_step_is_found(string uses, string code)
    {
        await using var host = await ActionHost.StartAsync();
        host.Workflow(uses);
        var entry = new ActionEntry("a/b", Sha)
        {
            Refs = new Dictionary<string, string> { ["refs/tags/v4"] = Sha, ["refs/tags/v4.2.2"] = Sha },
            Uses = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["."] = new Dictionary<string, string>() },
        };
        host.Locked = new ActionsSection { Commits = new Dictionary<string, ActionEntry> { [entry.Key] = entry } };

        var findings = host.Verify();

        Assert.AreEqual(code, string.Join(' ', findings.Select(f => f.Code.Id)));
        Assert.IsTrue(findings.All(f => f.Place is { Line: 5, Column: 15 } && f.Command.Length > 0));
    }

    [TestMethod]
    public async Task A_merge_key_is_found()
    {
        await using var host = await ActionHost.StartAsync();
        host.File(".github/workflows/ci.yml", "x: &x {runs-on: ubuntu}\njobs:\n  a:\n    <<: *x\n");

        var finding = host.Verify().Single();

        Assert.AreEqual((FindingCodes.WorkflowMergeKey, 4, 5), (finding.Code, finding.Place.Line, finding.Place.Column));
    }
}
