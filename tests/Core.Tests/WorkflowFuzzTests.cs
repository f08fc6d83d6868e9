using System.Collections.Concurrent;
using System.Text;
using Hardening.Ecosystems.Actions;
using Hardening.Formats;
using Hardening.Formats.Workflows;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>Whatever a workflow holds, the outcome is values and problems with their right places: never an exception, and never an answer that does not come.</summary>
[TestClass]
public sealed class WorkflowFuzzTests
{
    private const int Mutants = 100_000;
    private const string File = "/r/.github/workflows/ci.yml";
    private const string Commit = "11bd71901bbe5b1630ceea73d27597364c9af683";

    private static readonly string[] Corpus =
    [
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@v1\n",
        "jobs:\n  a:\n    steps:\n      - uses: a/b@v1 # v1.0\n      - name: n\n        uses: 'c/d/e@v2'   # note\n        with: {x: y, z: [1, 2]}\n",
        "jobs: {a: {steps: [{uses: a/b@v1}, {uses: 'c/d@v2', name: \"n\"}]}}",
        "{\"jobs\":{\"a\":{\"steps\":[{\"uses\":\"a/b@v1\"},{\"run\":\"x\"}]}}}",
        "jobs:\n  a:\n    uses: o/r/.github/workflows/x.yml@main\n    secrets: inherit\n",
        "jobs:\n  a:\n    container: node:20\n    services:\n      db:\n        image: postgres:16\n        ports: ['1:2']\n      q: redis\n",
        "jobs:\n  a:\n    container:\n      image: ghcr.io/x/y:1\n      options: --init\n    steps: []\n",
        "jobs:\n  a:\n    steps:\n      - run: |\n          uses: r/r@v1\n          - uses: r/r@v2\n      - uses: a/b@v1\n",
        "jobs:\n  a:\n    steps:\n      - uses: >-\n          a/b@v1\n      - uses: |\n          c/d@v2\n      - run: >\n          x\n\n           y\n",
        "jobs:\n  a:\n    steps:\n      - uses: &x a/b@v1 # v1\n      - uses: *x\n      - &s {uses: c/d@v1}\n      - *s\n",
        "x: &j\n  steps:\n    - uses: a/b@v1\njobs:\n  a: *j\n  b:\n    <<: *j\n    name: n\n",
        "jobs:\n  a:\n    steps:\n      - uses: !!str a/b@v1\n      - uses: &t !!str 'c/d@v2'\n",
        "%YAML 1.2\n---\njobs:\n  a:\n    steps:\n    - uses: a/b@v1\n...\n",
        "jobs:\n  a:\n    steps: [{uses: a/b@v1}]\n---\njobs:\n  b:\n    steps: [{uses: c/d@v2}]\n",
        "jobs:\r\n  a:\r\n    steps:\r\n      - uses: a/b@v1 # \U0001F600\r\n      - name: \U0001F600\r\n        uses: c/d@v2\r\n",
        "\uFEFFjobs:\n  a:\n    steps:\n      - uses: a/b@v1",
        "jobs:\n  a:\n    steps:\n    - uses:\n        a/b@v1\n    -\n      uses: c/d@v1\n",
        "jobs:\n  a:\n    steps:\n    - ? uses\n      : a/b@v1\n    - ? \"uses\"\n      : c/d@v1 # x\n",
        "jobs:\n  a:\n    steps:\n    - \"us\\x65s\": \"a/b\\x40v1\"\n    - uses: \"c/\\\n        d@v1\"\n",
        "jobs:\n  a:\n    steps:\n    - uses: a/b@${{ matrix.v }}\n    - uses: ./x\n    - uses: docker://alpine:3\n",
        "jobs:\n  a: &a\n    strategy: {matrix: {v: [1, 2]}}\n    steps:\n    - uses: a/b@" + Commit + " # v1.0.0\n  b: *a\n",
        "name: n\non:\n  push:\n    branches: ['**', \"!x\"]\nenv: {A: b}\njobs:\n  a:\n    if: ${{ !x && y }}\n    steps:\n    - uses: a/b@v1\n      env: &e\n        uses: z\n    - run: x\n      env: *e\n",
        "jobs:\n  a:\n    steps:\n    - parallel:\n      - uses: a/b@v1\n      - run: x\n    - wait-all:\n",
        "runs:\n  using: composite\n  steps:\n    - uses: a/b@v1\n    - run: x\n      shell: bash\n",
        "name: n\ninputs:\n  x:\n    default: y\nruns:\n  using: docker\n  image: docker://alpine:3\n  args: [a, b]\n",
        "jobs:\n  a:\n    steps:\n    - uses: a/b@v1 #\u00A0v1\n    - name: '# no comment'\n      uses: \"c/d@v1\"#x\n",
        "# first\njobs: # j\n  # in\n  a: # a\n    steps: # s\n    # step\n    - # u\n      uses: a/b@v1 # v1 # two\n    # end\n",
        "jobs:\n    a:\n        steps:\n            -   name:   n\n                uses:   a/b@v1\n            -   uses:   c/d@v1\n                with:\n                    k:  |-\n                        v\n",
        "jobs: {a: {steps: [\n  {uses: a/b@v1}, # one\n  {uses: c/d@v1,\n   name: n},\n]}, b: {uses: e/f/g.yml@v1}}\n",
        "jobs:\n  'a':\n    \"steps\":\n    - 'uses': a/b@v1\n      'with': {'x': ''}\n    - \"uses\": ''\n    - uses: ~\n    - uses:\n",
    ];

    private static readonly string[] Pieces =
    [
        "uses: e/f@v1", "\n      - uses: e/f@v2\n", "- ", "  ", "    ", "# ", " #", "&a ", "*a", "*a ", "&a", "!!str ", "! ", "<<: *a\n", "? ", ": ", "|\n", ">-\n", "'", "\"", "''", "\\\n", "\n\n", "---\n", "...\n", "{", "}", "[", "]", ", ", "\t",
        "|2\n", "\\x75", "\\u0000", "*a :", "- - ", "\r\n", "\r", "{uses: e/f@v3}", "\n? uses\n: e/f@v4\n", "?uses: x", ":uses: x", "%TAG ! x:\n", "!<tag:yaml.org,2002:str> ", "\u00A0", "\uFEFF", "\u0085", "\u2028", "\0", "\U0001F600", "\u202E", "${{ x }}", "@v1", "docker://",
    ];

    [TestMethod]
    public void Whatever_a_workflow_holds_there_is_an_answer_with_right_places()
    {
        var pinned = 0;
        var faults = new ConcurrentQueue<string>();
        Parallel.For(0, Mutants, seed =>
        {
            var bytes = Mutant(new Random(seed));
            try
            {
                AssertPlaces(bytes, WorkflowText.OfAction(File, bytes));
                var text = WorkflowText.OfWorkflow(File, bytes);
                AssertPlaces(bytes, text);
                if (text.Problems.Count == 0 && AssertPin(bytes, text))
                {
                    Interlocked.Increment(ref pinned);
                }
            }
            catch (Exception e)
            {
                faults.Enqueue($"{seed}: {e.Message}\n{Encoding.UTF8.GetString(bytes)}");
            }
        });

        Assert.IsEmpty(faults, string.Join("\n\n", faults.Take(5)));
        Assert.IsGreaterThan(Mutants / 20, pinned);
    }

    [TestMethod]
    [DataRow("[")]
    [DataRow("{")]
    [DataRow("{a: ")]
    [DataRow("[[],")]
    [DataRow("- ")]
    [DataRow("? ")]
    [DataRow("? - ")]
    [DataRow("- ? ")]
    [DataRow("&a [")]
    [DataRow("!!seq [")]
    [DataRow("\"")]
    [DataRow("]")]
    [DataRow("}")]
    [DataRow(": ")]
    [DataRow("*a ")]
    [DataRow("&a ")]
    [DataRow("!a ")]
    [DataRow("--- ")]
    [DataRow("%a\n")]
    [DataRow("|\n")]
    public void What_is_nested_100_000_deep_is_answered(string opening)
    {
        foreach (var before in new[] { string.Empty, "jobs: ", "jobs:\n  a:\n    steps:\n    - " })
        {
            _ = Read(before + string.Concat(Enumerable.Repeat(opening, 100_000)));
        }
    }

    [TestMethod]
    public void Indentation_that_never_ends_is_refused()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 2500; i++)
        {
            text.Append(' ', i).Append("a:\n");
        }

        Assert.HasCount(1, Read(text.ToString()).Problems);
        Assert.HasCount(1, Read(string.Concat(Enumerable.Repeat("- ", 100_000)) + "x").Problems);
    }

    [TestMethod]
    public void A_hundred_levels_are_read_and_one_more_is_refused()
    {
        Assert.IsEmpty(Read("x: " + new string('[', 99) + new string(']', 99) + "\njobs: {}\n").Problems);
        Assert.HasCount(1, Read("x: " + new string('[', 100) + new string(']', 100) + "\njobs: {}\n").Problems);
    }

    [TestMethod]
    public void A_text_of_50_MB_is_refused_by_its_size()
    {
        var bytes = new byte[50 * 1024 * 1024];
        Array.Fill(bytes, (byte)'[');

        Assert.Contains("52428800 bytes", WorkflowText.OfWorkflow(File, bytes).Problems.Single().Message);
    }

    [TestMethod]
    public void A_hundred_thousand_anchors_and_aliases_are_read()
    {
        var text = new StringBuilder("x:\n");
        for (var i = 0; i < 100_000; i++)
        {
            text.Append($"- &a{i} {i}\n");
        }

        text.Append("y: [");
        text.AppendJoin(',', Enumerable.Range(0, 100_000).Select(i => $"*a{i}"));
        var found = Read(text.Append("]\njobs:\n  a:\n    steps:\n    - uses: a/b@v1\n").ToString());

        Assert.IsEmpty(found.Problems);
        Assert.AreEqual("a/b@v1", found.Values.Single().Value);
    }

    [TestMethod]
    public void A_bomb_of_aliases_in_every_place_is_walked_once()
    {
        var text = new StringBuilder("s0: &s0 {uses: a/b@v1}\nt0: &t0 [*s0]\n");
        for (var i = 1; i < 60; i++)
        {
            var before = string.Join(',', Enumerable.Repeat($"*s{i - 1}", 9));
            text.Append($"s{i}: &s{i} {{parallel: [{before}], <<: [{before}]}}\nt{i}: &t{i} [*s{i}, *s{i}]\n");
        }

        text.Append("jobs: {a: {steps: *t59}, b: *s59, c: {services: *s59, container: *s59}}\n");

        Assert.AreEqual("a/b@v1", Read(text.ToString()).Values.Select(v => v.Value).Distinct().Single());
    }

    [TestMethod]
    public void Long_lines_names_and_values_are_read()
    {
        var name = new string('a', 1_000_000);

        Assert.HasCount(1, Read($"jobs:\n  a:\n    steps:\n    - name: {name}\n      uses: a/b@v1 # {name}\n").Values);
        Assert.HasCount(1, Read($"jobs:\n  a:\n    steps:\n    - uses: a/{name}@v1\n").Values);
        Assert.IsNotEmpty(Read($"jobs:\n  {name}:\n    steps:\n    - uses: a/b@v1\n").Problems);
        Assert.HasCount(1, Read($"jobs: {{a: {{steps: [{string.Concat(Enumerable.Repeat("{run: x}, ", 50_000))}{{uses: a/b@v1}}]}}}}").Values);
        Assert.HasCount(1, Read($"jobs:\n  a:\n    steps:\n    - uses: {new string(' ', 1_000_000)}a/b@v1\n").Values);
        Assert.HasCount(1, Read($"jobs:\n  a:\n    steps:\n    - uses: a/b@v1{new string(' ', 1_000_000)}#{new string('#', 1_000_000)}\n").Values);
    }

    [TestMethod]
    public void Many_documents_and_lines_are_read()
    {
        Assert.HasCount(1, Read(string.Concat(Enumerable.Repeat("--- {}\n", 50_000)) + "---\njobs:\n  a:\n    steps:\n    - uses: a/b@v1\n").Values);
        Assert.HasCount(1, Read(string.Concat(Enumerable.Repeat("\n", 1_000_000)) + "jobs:\n  a:\n    steps:\n    - uses: a/b@v1\n").Values);
        Assert.HasCount(20_000, Read("jobs:\n  a:\n    steps:\n" + string.Concat(Enumerable.Repeat("    - uses: a/b@v1 # x\n", 20_000))).Values);
    }

    [TestMethod]
    public void A_text_of_the_largest_size_takes_no_more_than_its_length()
    {
        // Each takes hours where something looks through the whole text for each value.
        foreach (var (begin, piece, end) in new[] { ("jobs: {a: {steps: [", "{uses: a},", "]}}"), ("[", "a,", "]"), ("[", "*a,", "]"), ("jobs: {a: {steps: [", "{uses: &a \"a\\u0040\"},", "]}}"), ("jobs:\n  a:\n    steps:\n", "  - uses: |\n     a\n     b\n", ""), ("", "a: b\n", "") })
        {
            var count = Math.Min(WorkflowText.LargestFile / piece.Length, 130_000);
            _ = Read(begin + string.Concat(Enumerable.Repeat(piece, count)) + new string(' ', WorkflowText.LargestFile - (piece.Length * count) - begin.Length - end.Length) + end);
        }
    }

    [TestMethod]
    public void Of_many_faults_a_hundred_are_told()
    {
        Assert.HasCount(101, Read("x: [" + string.Concat(Enumerable.Repeat("*a, ", 1000)) + "]\n").Problems);
        Assert.HasCount(101, Read("jobs:\n  a:\n    steps:\n" + string.Concat(Enumerable.Repeat("    - uses: a/b@v1\n      uses: a/b@v1\n", 10_000))).Problems);
        Assert.HasCount(101, Read("jobs:\n  a:\n    steps: [" + string.Concat(Enumerable.Repeat("x, ", 1000)) + "]\n").Problems);
        Assert.HasCount(101, Read("x: [" + string.Concat(Enumerable.Repeat("*a, ", 101)) + "\n").Problems);
    }

    [TestMethod]
    public void Bytes_that_are_no_UTF_8_are_not_edited()
    {
        // Three bytes of a letter of four, which are three again where they are replaced.
        byte[] cut = [.. "jobs: {a: {uses: a/b@v1}} # "u8, 0xF0, 0x9F, 0x98];

        Assert.HasCount(1, WorkflowText.OfWorkflow(File, cut).Problems);
        Assert.IsNull(TextSplice.Apply(cut, []));
    }

    private static byte[] Mutant(Random random)
    {
        var text = new StringBuilder(Corpus[random.Next(Corpus.Length)]);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            Mutate(text, random);
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (random.Next(20) == 0 && bytes.Length > 0)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 40), text.Length - at);
        switch (random.Next(8))
        {
            case 0 or 1:
                text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                break;
            case 2:
                text.Remove(at, Math.Min(length, random.Next(1, 4)));
                break;
            case 3 when length > 0:
                text[at] = (char)random.Next(0x20, 0x7F);
                break;
            case 4:
                text.Insert(random.Next(text.Length + 1), text.ToString(at, length));
                break;
            case 5:
                Line(text, random);
                break;
            case 6:
                text.Length = random.Next(3) == 0 ? at : text.Length;
                break;
            default:
                text.Insert(at, new string(' ', random.Next(1, 5)));
                break;
        }
    }

    // A line twice, or at another depth.
    private static void Line(StringBuilder text, Random random)
    {
        var lines = text.ToString().Split('\n').ToList();
        var at = random.Next(lines.Count);
        if (random.Next(2) == 0)
        {
            lines.Insert(random.Next(lines.Count + 1), lines[at]);
        }
        else
        {
            lines[at] = random.Next(2) == 0 ? "  " + lines[at] : lines[at].TrimStart(' ');
        }

        text.Clear().AppendJoin('\n', lines);
    }

    private static void AssertPlaces(byte[] bytes, WorkflowText found)
    {
        var text = Text(bytes);
        foreach (var value in found.Values)
        {
            Assert.AreEqual(value.Raw, text[value.Span.Start..value.Span.End]);
            var lines = text[..value.Span.Start].Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
            Assert.AreEqual((lines.Length, lines[^1].Length + 1), (value.Span.Line, value.Span.Column));
            Assert.IsTrue(!value.IsEditable || value.Raw == value.Value);
            Assert.IsTrue(value.CommentStart >= 0 || value.Comment.Length == 0);
            Assert.IsTrue(value.CommentStart < 0 || (value.CommentStart >= value.Span.End && text.AsSpan(value.CommentStart).StartsWith(value.Comment)));
            _ = WorkflowUse.Of(value).Reference;
        }

        var all = text.Split('\n', '\r').Length;
        Assert.IsTrue(found.Problems.All(p => p.Line >= 1 && p.Line <= all && p.Column >= 1 && p.Message.Length > 0 && p.Remedy.Length > 0));
        Assert.IsTrue(found.MergeKeys.All(p => p.Line >= 1 && p.Line <= all));
    }

    // Pinned, a text names the same things, and those that could be edited by the commit; pinned again it stays as it is.
    private static bool AssertPin(byte[] bytes, WorkflowText before)
    {
        var after = Pin(bytes, before);
        var found = WorkflowText.OfWorkflow(File, after);
        Assert.IsEmpty(found.Problems, string.Join('|', found.Problems));
        var (old, now) = (before.Values.Select(WorkflowUse.Of).ToList(), found.Values.Select(WorkflowUse.Of).ToList());
        CollectionAssert.AreEqual(old.Select(Named).ToList(), now.Select(Named).ToList());
        Assert.IsTrue(now.All(u => u.Uses.Form != UsesForm.Repository || !u.Value.IsEditable || u.Uses.Ref.Equals(Commit, StringComparison.OrdinalIgnoreCase)), Text(after));
        CollectionAssert.AreEqual(after, Pin(after, found), Text(after));
        return old.Any(u => u.Uses.Form == UsesForm.Repository && u.Value.IsEditable);
    }

    private static (WorkflowPlace, UsesForm, string, string) Named(WorkflowUse use) => (use.Value.Place, use.Uses.Form, use.Uses.Form == UsesForm.Repository ? use.Uses.Name : use.Value.Value, use.Uses.Path);

    private static byte[] Pin(byte[] bytes, WorkflowText text)
    {
        var edits = text.Values.Select(WorkflowUse.Of).Where(u => u.Uses.Form == UsesForm.Repository)
            .SelectMany(u => ActionPin.Edits(u, new ActionEntry(u.Uses.Name, Commit) { Refs = new Dictionary<string, string> { ["refs/tags/v1"] = Commit, ["refs/tags/v1.0.0"] = Commit } }));
        return TextSplice.Apply(bytes, edits) ?? throw new InvalidOperationException("an edit does not fit");
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');

    private static WorkflowText Read(string text) => WorkflowText.OfWorkflow(File, Encoding.UTF8.GetBytes(text));
}
