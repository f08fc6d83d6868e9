using System.Text;
using Hardening.Formats.Workflows;

namespace Hardening.Tests;

[TestClass]
public sealed class WorkflowTextTests
{
    private const string File = "/r/.github/workflows/ci.yml";

    [TestMethod]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: a/b@v1\n", "Step a/b@v1", DisplayName = "block")]
    [DataRow("jobs: {a: {steps: [{uses: a/b@v1}, {uses: 'c/d@v2'}]}}", "Step a/b@v1|Step c/d@v2", DisplayName = "flow")]
    [DataRow("{\"jobs\":{\"a\":{\"steps\":[{\"uses\":\"a/b@v1\"}]}}}", "Step a/b@v1", DisplayName = "JSON")]
    [DataRow("jobs:\n  a:\n    uses: o/r/.github/workflows/x.yml@main\n", "Job o/r/.github/workflows/x.yml@main", DisplayName = "reusable workflow")]
    [DataRow("jobs:\n  a:\n    container: node:20\n    services:\n      db:\n        image: postgres:16\n      q: redis\n", "Container node:20|Service postgres:16|Service redis", DisplayName = "images")]
    [DataRow("jobs:\n  a:\n    container:\n      image: ghcr.io/x/y:1\n      options: --init\n", "Container ghcr.io/x/y:1", DisplayName = "image of a mapping")]
    [DataRow("jobs:\n  a:\n    steps:\n      - run: |\n          uses: evil/x@v1\n          - uses: evil/y@v1\n", "", DisplayName = "text of a script")]
    [DataRow("jobs:\n  a:\n    steps:\n      # - uses: evil/x@v1\n      - name: 'uses: evil/x@v1'\n", "", DisplayName = "comments and names")]
    [DataRow("on: push\nenv:\n  uses: evil/x@v1\njobs:\n  a:\n    with: {uses: evil/x@v1}\n    steps:\n      - with:\n          uses: evil/x@v1\n", "", DisplayName = "uses where the runner looks for none")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: >-\n          a/b@v1\n      - uses: |\n          c/d@v2\n", "Step a/b@v1|Step c/d@v2", DisplayName = "folded and literal")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: &x a/b@v1\n      - uses: *x\n      - uses: *x\n", "Step a/b@v1", DisplayName = "an alias is its anchor")]
    [DataRow("jobs:\n  a:\n    steps: &s\n      - uses: a/b@v1\n  b:\n    steps: *s\n", "Step a/b@v1", DisplayName = "steps by alias")]
    [DataRow("x: &u a/b@v1\njobs:\n  a:\n    steps:\n      - uses: *u\n", "Step a/b@v1", DisplayName = "an anchor outside of the jobs")]
    [DataRow("x: &j\n  steps:\n    - uses: a/b@v1\njobs:\n  a:\n    <<: *j\n", "Step a/b@v1", DisplayName = "merge key")]
    [DataRow("x: &j {uses: a/b@v1}\ny: &k {name: n}\njobs:\n  a:\n    steps:\n      - <<: [*k, *j]\n", "Step a/b@v1", DisplayName = "merge of several")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: !!str a/b@v1\n      - uses: &t !!str 'c/d@v2'\n", "Step a/b@v1|Step c/d@v2", DisplayName = "tags")]
    [DataRow("jobs:\n  a:\n    steps: [{uses: a/b@v1}]\n---\njobs:\n  b:\n    steps: [{uses: c/d@v2}]\n", "Step a/b@v1|Step c/d@v2", DisplayName = "two documents")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: \"a/b\\x40v1\"\n", "Step a/b@v1", DisplayName = "escapes")]
    [DataRow("jobs:\r\n  a:\r\n    steps:\r\n      - uses: a/b@v1 # 😀\r\n      - name: 😀\r\n        uses: c/d@v2\r\n", "Step a/b@v1|Step c/d@v2", DisplayName = "CRLF and emoji")]
    [DataRow("\uFEFFjobs:\n  a:\n    steps:\n      - uses: a/b@v1\n", "Step a/b@v1", DisplayName = "byte order mark")]
    [DataRow("jobs:\n  a:\n    steps:\n    - uses:\n        a/b@v1\n", "Step a/b@v1", DisplayName = "value on the next line")]
    [DataRow("jobs:\n  a:\n    steps:\n    - ? uses\n      : a/b@v1\n", "Step a/b@v1", DisplayName = "explicit key")]
    [DataRow("jobs:\n  a:\n    steps:\n    - 'uses': a/b@v1\n    - \"us\\x65s\": c/d@v1\n", "Step a/b@v1|Step c/d@v1", DisplayName = "quoted keys")]
    [DataRow("jobs:\n  a:\n    steps:\n    - uses: a/b@v1\n      uses: c/d@v1\n", "Step a/b@v1|Step c/d@v1", DisplayName = "a key twice")]
    [DataRow("jobs:\n  a:\n    steps:\n    - uses: 'a/b@v1' # with\n    - uses: a/b@${{ matrix.v }}\n", "Step a/b@v1|Step a/b@${{ matrix.v }}", DisplayName = "expression")]
    [DataRow("jobs:\n  a: ${{ fromJSON(x) }}\n  b:\n    services: ${{ x }}\n    container: ${{ y }}\n", "Service ${{ x }}|Container ${{ y }}", DisplayName = "expressions for mappings")]
    [DataRow("", "", DisplayName = "empty")]
    [DataRow("# nothing\n", "", DisplayName = "a comment")]
    public void A_workflow_names(string text, string expected)
    {
        var found = Read(text);

        Assert.AreEqual(expected, string.Join('|', found.Values.Select(v => $"{v.Place} {v.Value}")));
        var source = text.TrimStart('\uFEFF');
        foreach (var value in found.Values)
        {
            Assert.AreEqual(value.Raw, source[value.Span.Start..value.Span.End]);
            Assert.AreEqual(value.IsEditable, value.Raw == value.Value);
            var before = source[..value.Span.Start];
            Assert.AreEqual((before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n')), (value.Span.Line, value.Span.Column));
        }
    }

    [TestMethod]
    [DataRow("runs:\n  using: composite\n  steps:\n    - uses: a/b@v1\n", "Step a/b@v1")]
    [DataRow("runs:\n  using: docker\n  image: docker://alpine:3\n", "ActionImage docker://alpine:3")]
    [DataRow("runs:\n  using: docker\n  image: Dockerfile\n", "")]
    [DataRow("runs:\n  using: node20\n  main: index.js\n", "")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: a/b@v1\n", "")]
    public void An_action_names(string text, string expected) =>
        Assert.AreEqual(expected, string.Join('|', WorkflowText.OfAction("/r/action.yml", Encoding.UTF8.GetBytes(text)).Values.Select(v => $"{v.Place} {v.Value}")));

    [TestMethod]
    [DataRow("a/b@v1", "", true)]
    [DataRow("a/b@v1 ", "", true)]
    [DataRow("a/b@v1 # v1.2", "# v1.2", true)]
    [DataRow("a/b@v1\t#v1.2  ", "#v1.2", true)]
    [DataRow("'a/b@v1'  # x", "# x", true)]
    [DataRow("{ x: y }", "", false)]
    public void The_comment_of_a_line_is_found(string written, string comment, bool takes)
    {
        var value = Read(written[0] == '{' ? "jobs: {a: {steps: [{uses: a/b@v1} # v1\n]}}" : $"jobs:\n  a:\n    steps:\n      - uses: {written}\n").Values.Single();

        Assert.AreEqual(comment, value.Comment);
        Assert.AreEqual(takes, value.CommentStart >= 0);
    }

    [TestMethod]
    [DataRow("jobs:\n  a:\n   steps:\n  - b", 4)]
    [DataRow("- a\n- b\n", 1)]
    [DataRow("jobs:\n  - a\n", 2)]
    [DataRow("jobs:\n  a:\n    steps:\n      uses: x/y@v1\n", 4)]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: [x/y@v1]\n", 4)]
    [DataRow("jobs:\n  a:\n    uses: *nowhere\n", 3)]
    [DataRow("jobs:\n  a: &a\n    b: *a\n", 3)]
    [DataRow("jobs:\n  a:\n    steps:\n      - {uses: x/y@v1\n", 5)]
    [DataRow("jobs:\n\ta: b\n", 2)]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: a/b@v1\n        uses: c/d@v1\n", 5)]
    [DataRow("jobs:\n  a:\n    name: x # \u202e\n    steps: []\n", 3)]
    public void What_is_no_workflow_is_a_problem_at_its_line(string text, int line) =>
        Assert.AreEqual(line, Read(text).Problems[0].Line, string.Join('|', Read(text).Problems));

    [TestMethod]
    public void What_is_behind_a_character_that_hides_it_is_found_all_the_same()
    {
        var found = Read("jobs:\n  a:\n    steps: # nothing here\r      - uses: evil/x@v1\n");

        Assert.HasCount(1, found.Problems);
        Assert.AreEqual("evil/x@v1", found.Values.Single().Value);
    }

    [TestMethod]
    public void A_bomb_of_aliases_is_walked_once()
    {
        var text = new StringBuilder("x0: &x0 [{uses: a/b@v1}]\n");
        for (var i = 1; i < 60; i++)
        {
            text.Append($"x{i}: &x{i} [{string.Join(',', Enumerable.Repeat($"*x{i - 1}", 9))}]\n");
        }

        text.Append("jobs:\n  a:\n    steps: *x0\n  b:\n    steps: *x59\n");

        Assert.HasCount(1, Read(text.ToString()).Values);
    }

    [TestMethod]
    public void Deep_nesting_and_large_files_are_refused()
    {
        Assert.HasCount(1, Read(new string('[', 100_000)).Problems);
        Assert.HasCount(1, Read("jobs: " + string.Concat(Enumerable.Repeat("{a: ", 100_000))).Problems);
        Assert.HasCount(1, WorkflowText.OfWorkflow(File, new byte[50 * 1024 * 1024]).Problems);
    }

    [TestMethod]
    public void Merge_keys_are_told()
    {
        var found = Read("x: &x {uses: a/b@v1}\njobs:\n  a:\n    steps:\n      - <<: *x\n");

        Assert.AreEqual((5, 9), (found.MergeKeys.Single().Line, found.MergeKeys[0].Column));
        Assert.IsEmpty(found.Problems);
    }

    private static WorkflowText Read(string text) => WorkflowText.OfWorkflow(File, Encoding.UTF8.GetBytes(text));
}
