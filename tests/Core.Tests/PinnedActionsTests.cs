using System.Text.RegularExpressions;

namespace Hardening.Tests;

/// <summary>What this repository runs and recommends is pinned.</summary>
[TestClass]
public sealed partial class PinnedActionsTests
{
    [TestMethod]
    public void Every_action_in_workflows_and_docs_is_a_full_commit_with_its_version()
    {
        var files = new[] { ".github", "docs" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(DocumentationTests.Root, folder), "*", SearchOption.AllDirectories))
            .Where(path => Path.GetExtension(path) is ".yml" or ".yaml" or ".md");
        var uses = files.SelectMany(path => File.ReadLines(path).Where(line => Uses.IsMatch(line)).Select(line => (Path: path, Line: line.Trim()))).ToList();

        Assert.IsGreaterThan(4, uses.Count);
        Assert.IsEmpty(uses.Where(use => !Pinned.IsMatch(use.Line)).ToList());
    }

    [GeneratedRegex(@"^\s*(- )?['""]?uses['""]?\s*:")]
    private static partial Regex Uses { get; }

    [GeneratedRegex(@"^(- )?uses: [\w.-]+/[\w.-]+(/[\w./-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned { get; }
}
