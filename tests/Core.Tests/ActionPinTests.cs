using System.Text;
using CsCheck;
using Hardening.Ecosystems.Actions;
using Hardening.Formats;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class ActionPinTests
{
    private const string Sha = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string Other = "0123456789abcdef0123456789abcdef01234567";

    [TestMethod]
    [DataRow("- uses: a/b@v4", "- uses: a/b@SHA # v4.2.2")]
    [DataRow("- uses: a/b@v4   ", "- uses: a/b@SHA # v4.2.2   ")]
    [DataRow("- uses: A/b@v4\t# v4", "- uses: A/b@SHA\t# v4.2.2")]
    [DataRow("- uses: a/b@v4 # needs node", "- uses: a/b@SHA # v4.2.2 # needs node")]
    [DataRow("- uses: a/b@v4 # v4: needs node", "- uses: a/b@SHA # v4.2.2: needs node")]
    [DataRow("- uses: a/b@v4 # tag=v4", "- uses: a/b@SHA # tag=v4.2.2")]
    [DataRow("- uses: a/b@v4 # pin@v4", "- uses: a/b@SHA # pin@v4.2.2")]
    [DataRow("- uses: a/b@v4 # ratchet:a/b@v4", "- uses: a/b@SHA # ratchet:a/b@v4.2.2")]
    [DataRow("- uses: a/b/sub/dir@v4", "- uses: a/b/sub/dir@SHA # v4.2.2")]
    [DataRow("- uses: 'a/b@v4' # x", "- uses: 'a/b@SHA' # v4.2.2 # x")]
    [DataRow("- uses: \"a/b@v4\"", "- uses: \"a/b@SHA\" # v4.2.2")]
    [DataRow("- {uses: a/b@v4, name: x} # v4", "- {uses: a/b@SHA, name: x} # v4")]
    [DataRow("- {uses: \"a/b@v4\"}", "- {uses: \"a/b@SHA\"}")]
    [DataRow("- uses: >-\n          a/b@v4", "- uses: >-\n          a/b@SHA")]
    [DataRow("- uses: &x a/b@v4\n      - uses: *x", "- uses: &x a/b@SHA # v4.2.2\n      - uses: *x")]
    [DataRow("- uses: a/b@SHA # v4.2.2", "- uses: a/b@SHA # v4.2.2")]
    [DataRow("- uses: a/b@SHA # v4", "- uses: a/b@SHA # v4")]
    [DataRow("- uses: a/b@SHA # v3.0.0", "- uses: a/b@SHA # v4.2.2")]
    [DataRow("- uses: a/b@SHA # a note", "- uses: a/b@SHA # a note")]
    [DataRow("- uses: a/b@SHA", "- uses: a/b@SHA")]
    [DataRow("- uses: a/b@refs/tags/v4", "- uses: a/b@SHA # v4.2.2")]
    [DataRow("- uses: \"a/b\\x40v4\"", "- uses: \"a/b\\x40v4\"")]
    public void A_place_is_pinned(string before, string after)
    {
        var (pinned, again) = (Pin(Workflow(before)), Pin(Pin(Workflow(before))));

        Assert.AreEqual(Workflow(after), pinned);
        Assert.AreEqual(pinned, again);
    }

    [TestMethod]
    public void A_branch_without_a_tag_is_named_beside_the_commit() =>
        Assert.AreEqual(Workflow("- uses: a/b@SHA # main"), Pin(Workflow("- uses: a/b@main"), new ActionEntry("a/b", Sha) { Refs = new Dictionary<string, string> { ["refs/heads/main"] = Sha } }));

    [TestMethod]
    public void Another_name_is_written_with_its_commit()
    {
        var use = Uses(Workflow("- uses: a/b/sub@v4 # v4")).Single();
        var edits = ActionPin.Edits(use, Entry, "hard/b/sub");

        Assert.AreEqual(Workflow("- uses: hard/b/sub@SHA # v4.2.2"), Apply(Workflow("- uses: a/b/sub@v4 # v4"), edits));
    }

    [TestMethod]
    public void A_text_that_changed_since_is_not_edited()
    {
        var edits = ActionPin.Edits(Uses(Workflow("- uses: a/b@v4")).Single(), Entry);

        Assert.IsNull(TextSplice.Apply(Encoding.UTF8.GetBytes(Workflow("- uses: a/c@v4")), edits));
        Assert.IsNull(TextSplice.Apply("short"u8, edits));
        Assert.IsNull(TextSplice.Apply([0xff, .. Encoding.UTF8.GetBytes(Workflow("- uses: a/b@v4"))], edits));
    }

    [TestMethod]
    public void In_any_workflow_only_refs_and_comments_change()
    {
        var sample = from name in Gen.OneOfConst("a/b", "a/b/sub", "A/B", "a/b/.github/workflows/x.yml")
                     from tag in Gen.OneOfConst("v4", "v4.2.2", "main", Sha, Other, "refs/heads/main")
                     from form in Gen.OneOfConst("- uses: {0}", "- uses: '{0}'", "- uses: \"{0}\"", "- {{uses: {0}}}", "- uses: >-\n          {0}", "- name: n\n        uses: {0}", "- uses: !!str {0}")
                     from comment in Gen.OneOfConst("", " # v4", " # v9.9.9", " # note", " #😀", "\t# tag=v4 why")
                     select string.Format(System.Globalization.CultureInfo.InvariantCulture, form, $"{name}@{tag}") + (form.Contains('>') ? "" : comment);
        (from steps in sample.List[0, 12]
         from mark in Gen.Bool
         from crlf in Gen.Bool
         from end in Gen.Bool
         select (mark ? "\uFEFF" : "") + Workflow(string.Join("\n      - run: |\n          uses: x/y@v1\n      ", steps)).TrimEnd('\n').Replace("\n", crlf ? "\r\n" : "\n") + (end ? "\n" : ""))
            .Sample(text =>
            {
                var before = Uses(text);
                var pinned = Pin(text);
                var after = Uses(pinned);
                CollectionAssert.AreEqual(before.Select(u => (u.Uses.Name, u.Uses.Path, u.Value.Place)).ToList(), after.Select(u => (u.Uses.Name, u.Uses.Path, u.Value.Place)).ToList());
                Assert.AreEqual(pinned, Pin(pinned));
                Assert.AreEqual(Masked(text), Masked(pinned));
                Assert.IsTrue(after.All(u => u.Uses.IsPinned), pinned);
            });
    }

    // Everything but what stands at references and in the comments beside them.
    private static string Masked(string text)
    {
        var bare = text.TrimStart('\uFEFF');
        var masked = new StringBuilder(text.Length == bare.Length ? string.Empty : "\uFEFF");
        var at = 0;
        foreach (var value in Uses(text).Select(u => u.Value).OrderBy(v => v.Span.Start))
        {
            masked.Append(bare, at, value.Span.Start - at);
            at = value.Span.End;
            if (value.CommentStart >= 0)
            {
                masked.Append(bare[at..value.CommentStart].TrimEnd());
                at = value.CommentStart + value.Comment.Length;
            }
        }

        return masked.Append(bare, at, bare.Length - at).ToString();
    }

    private static readonly ActionEntry Entry = new("a/b", Sha) { Refs = new Dictionary<string, string> { ["refs/tags/v4"] = Other, ["refs/tags/v4.2.2"] = Sha } };

    private static string Workflow(string step) => $"jobs:\n  a:\n    steps:\n      {step}\n".Replace("SHA", Sha);

    private static List<WorkflowUse> Uses(string text) => [.. WorkflowText.OfWorkflow("/r/w.yml", Encoding.UTF8.GetBytes(text)).Values.Select(WorkflowUse.Of)];

    private static string Pin(string text, ActionEntry? entry = null) =>
        Apply(text, Uses(text).Where(u => u.Uses.Ref != Other).SelectMany(u => ActionPin.Edits(u, entry ?? Entry)));

    private static string Apply(string text, IEnumerable<TextEdit> edits) => Encoding.UTF8.GetString(TextSplice.Apply(Encoding.UTF8.GetBytes(text), edits)!);
}
