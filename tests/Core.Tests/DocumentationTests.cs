using System.Text;
using System.Text.RegularExpressions;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>Holds the table of codes, the pages in docs and the tests together.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    internal static readonly string Root = FindRoot();
    private static readonly string Docs = Path.Combine(Root, "docs");

    [TestMethod]
    public void Every_code_has_a_page_under_its_title()
    {
        foreach (var code in FindingCodes.All)
        {
            Assert.AreEqual($"# {code.Id}: {code.Title}", Lines($"{code.Id}.md")[0]);
        }
    }

    [TestMethod]
    public void Every_page_is_that_of_a_code()
        => CollectionAssert.AreEqual(
            FindingCodes.All.Select(code => code.Id).ToList(),
            Directory.EnumerateFiles(Docs, "HRD*").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal).ToList());

    [TestMethod]
    public void Every_page_says_what_it_means_why_it_matters_how_to_mend_it_and_how_severe_it_is()
    {
        foreach (var code in FindingCodes.All)
        {
            var lines = Lines($"{code.Id}.md");
            CollectionAssert.AreEqual(
                new[] { "## What it means", "## Why it matters", "## How to mend it", "## Severity" },
                lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).ToArray(),
                code.Id);

            var severity = lines[Array.IndexOf(lines, "## Severity") + 2];
            Assert.MatchesRegex($"^{code.Severity}\\b", severity, code.Id);
        }
    }

    [TestMethod]
    public void The_index_has_every_code_once_in_order()
        => CollectionAssert.AreEqual(
            FindingCodes.All.Select(code => $"| [{code.Id}]({code.Id}.md) | {code.Severity.ToString().ToLowerInvariant()} | {code.Title} |").ToList(),
            Lines("README.md").Where(line => line.StartsWith("| [HRD", StringComparison.Ordinal)).ToList());

    [TestMethod]
    public void Links_between_pages_lead_somewhere()
    {
        foreach (var path in Directory.EnumerateFiles(Docs, "*.md"))
        {
            foreach (Match link in Link.Matches(File.ReadAllText(path)))
            {
                var page = Path.Combine(Docs, link.Groups["page"].Value);
                Assert.IsTrue(File.Exists(page), $"{Path.GetFileName(path)}: {link.Value}");

                var anchor = link.Groups["anchor"].Value;
                Assert.IsTrue(anchor.Length == 0 || Lines(page).Any(line => AnchorOf(line) == anchor), $"{Path.GetFileName(path)}: {link.Value}");
            }
        }
    }

    [TestMethod]
    public void The_example_of_a_lockfile_is_one()
    {
        var example = Example.Match(File.ReadAllText(Path.Combine(Docs, "lockfile.md"))).Groups["json"].Value;

        Assert.AreEqual(example, Encoding.UTF8.GetString(LockfileWriter.Write(LockfileSamples.Read(example))));
    }

    [TestMethod]
    public void Every_code_is_tested()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != $"{nameof(DocumentationTests)}.cs" && !path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"))
            .Select(File.ReadAllText)
            .ToList();
        var members = typeof(FindingCodes).GetFields().Where(field => field.FieldType == typeof(FindingCode)).ToDictionary(field => ((FindingCode)field.GetValue(null)!).Id, field => field.Name);
        var untested = FindingCodes.All.Select(code => code.Id)
            .Where(id => !tests.Exists(text => Regex.IsMatch(text, $@"\b({id}|{nameof(FindingCodes)}\.{members[id]})\b")))
            .ToList();

        Assert.IsEmpty(untested, "without a test: " + string.Join(", ", untested));
    }

    private static string[] Lines(string page) => File.ReadAllLines(Path.Combine(Docs, page));

    // As GitHub makes it of a heading.
    private static string AnchorOf(string line) => line.StartsWith('#')
        ? NotInAnchor.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-')
        : string.Empty;

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Hardening.Sdk.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException($"Hardening.Sdk.sln is not above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex(@"\]\((?<page>[A-Za-z0-9.-]+\.md)(#(?<anchor>[a-z0-9-]+))?\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"```json\r?\n(?<json>\{\n  ""version"".*?)```", RegexOptions.Singleline)]
    private static partial Regex Example { get; }

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotInAnchor { get; }
}
