using System.Text;
using Hardening.Ecosystems.Actions;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Tests;

/// <summary>
/// Ways to have GitHub's runner run what nobody accepted. <c>evil/x@v1</c> stands where the runner takes it for an action, as far as it takes the text at all; so
/// either it is found by name, or the file is refused. Beside it the workflow has nothing to complain of.
/// </summary>
[TestClass]
public sealed class WorkflowAttackTests
{
    private const string Sha = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string Good = "good/a@" + Sha;
    private const string Evil = "evil/x@v1";
    private const string Found = "HRD2001";
    private const string Refused = "HRD2010";

    [TestMethod]
    [DataRow("- parallel:\n  - run: x\n  - uses: EVIL", Found, DisplayName = "steps that run beside each other")]
    [DataRow("- parallel: [{parallel: [{uses: EVIL}]}]", Found, DisplayName = "and those in these")]
    [DataRow("- &s\n  uses: GOOD\n  with: &s\n    uses: EVIL\n- *s", Found, DisplayName = "an anchor of the same name within another")]
    [DataRow("- &s\n  uses: &s GOOD\n- uses: &s EVIL\n- uses: *s", Found, DisplayName = "an anchor that is set again")]
    [DataRow("- ${{ 'uses' }}: EVIL", Refused, DisplayName = "a key by an expression")]
    [DataRow("- \"${{ format('{0}', 'uses') }}\": EVIL", Refused, DisplayName = "a key by another expression")]
    [DataRow("- {?uses: EVIL}", Refused, DisplayName = "the sign of a key without a space")]
    [DataRow("- {?\"uses\": EVIL}", Refused, DisplayName = "and with quotes")]
    [DataRow("- {? uses : EVIL}", Found, DisplayName = "a key with its sign in braces")]
    [DataRow("- ? uses\n  : EVIL", Found, DisplayName = "a key with its sign")]
    [DataRow("- ? |-\n    uses\n  : EVIL", Found, DisplayName = "a key that is a block")]
    [DataRow("- ?\n  : uses\n  ? uses\n  : EVIL", Refused, DisplayName = "an empty key before it")]
    [DataRow("- 'uses': EVIL", Found, DisplayName = "a key in quotes")]
    [DataRow("- \"us\\x65s\": EVIL", Found, DisplayName = "a key with an escape")]
    [DataRow("- \"\\u0075ses\" : EVIL", Found, DisplayName = "a key with another escape")]
    [DataRow("- !!str uses: EVIL", Found, DisplayName = "a key with a tag")]
    [DataRow("- !<tag:yaml.org,2002:str> uses: !!str EVIL", Found, DisplayName = "tags in full")]
    [DataRow("- &k uses: GOOD\n- *k : EVIL", Found, DisplayName = "a key by an alias")]
    [DataRow("- &k: EVIL", Refused, DisplayName = "an anchor with a colon in its name")]
    [DataRow("- {uses : EVIL}", Found, DisplayName = "a space before the colon")]
    [DataRow("- {\"uses\":EVIL}", Found, DisplayName = "no space after the colon, as in JSON")]
    [DataRow("- {name: n, uses:   EVIL , }", Found, DisplayName = "a comma at the end")]
    [DataRow("- [{uses: EVIL}]", Refused, DisplayName = "a list in the list of steps")]
    [DataRow("- uses: GOOD\n  uses: EVIL", Found, DisplayName = "a key twice")]
    [DataRow("- \"uses\": GOOD\n  'uses': EVIL", Found, DisplayName = "a key twice, in other quotes")]
    [DataRow("- uses: [EVIL]", Refused, DisplayName = "a list for a text")]
    [DataRow("- uses: {EVIL: x}", Refused, DisplayName = "a mapping for a text")]
    [DataRow("- uses: >-\n    EVIL", Found, DisplayName = "a folded text")]
    [DataRow("- uses: |\n    EVIL", Found, DisplayName = "a literal text")]
    [DataRow("- uses: |2-\n    EVIL", Found, DisplayName = "a literal text with its indentation")]
    [DataRow("- uses: \"evil/\\\n    x@v1\"", Found, DisplayName = "a text whose line goes on")]
    [DataRow("- uses: \"evil\\/x\\x40v1\"", Found, DisplayName = "a text with escapes")]
    [DataRow("- uses:\n    # good/a\n    EVIL", Found, DisplayName = "a value on a line of its own")]
    [DataRow("-\n  uses: EVIL", Found, DisplayName = "a step on a line of its own")]
    [DataRow("- uses: EVIL#GOOD", "HRD2009", DisplayName = "what looks like a comment")]
    [DataRow("- uses: \"EVIL\" # " + Good, Found, DisplayName = "a comment that looks like the value")]
    [DataRow("- name: n #\r  uses: EVIL", Refused, DisplayName = "a line end that editors do not show")]
    [DataRow("- name: n #\u0085  uses: EVIL", Refused, DisplayName = "U+0085")]
    [DataRow("- name: n #\u2028  uses: EVIL", Refused, DisplayName = "U+2028")]
    [DataRow("- name: n #\u2029  uses: EVIL", Refused, DisplayName = "U+2029")]
    [DataRow("- name: n # \u202E\n  uses: EVIL", Refused, DisplayName = "letters in another order")]
    [DataRow("- name: n\n\uFEFF- uses: EVIL", Refused, DisplayName = "a byte order mark in the middle")]
    [DataRow("- name: n\n  uses: EVIL\0", Refused, DisplayName = "NUL")]
    [DataRow("- name: n\n\tuses: EVIL", Refused, DisplayName = "a tab")]
    [DataRow("- <<: {uses: EVIL}", "HRD2011", DisplayName = "a merge key")]
    [DataRow("- <<: [{name: n}, {uses: EVIL}]", "HRD2011", DisplayName = "a merge key of several")]
    [DataRow("- &m <<: {uses: EVIL}\n- *m : {uses: EVIL}", "HRD2011", DisplayName = "a merge key by an alias")]
    [DataRow("- uses: *nowhere", Refused, DisplayName = "an alias of nothing")]
    [DataRow("- &a [*a]", Refused, DisplayName = "an alias of itself")]
    [DataRow("- ? [uses]\n  : EVIL", Refused, DisplayName = "a key that is a list")]
    [DataRow("- ? {uses: EVIL}\n  : x", Refused, DisplayName = "a key that is a mapping")]
    public void A_step_that_nobody_accepted_does_not_pass(string steps, string code) => Attack("      " + Written(steps).Replace("\n", "\n      ", StringComparison.Ordinal), code);

    [TestMethod]
    [DataRow("\"${{ 'jobs' }}\":\n  a:\n    steps:\n    - uses: EVIL\n", Refused)]
    [DataRow("jobs:\n  a:\n    ${{ 'steps' }}:\n    - uses: EVIL\n", Refused)]
    [DataRow("jobs:\n  a:\n    steps:\n    - uses: GOOD\n---\njobs:\n  a:\n    steps:\n    - uses: EVIL\n", Found)]
    [DataRow("x: y\n...\njobs:\n  a:\n    steps:\n    - uses: EVIL\n", Found)]
    [DataRow("x: &u EVIL\n---\njobs:\n  a:\n    steps:\n    - uses: *u\n", Refused)]
    [DataRow("%YAML 1.1\n---\njobs:\n  a:\n    steps:\n    - uses: EVIL\n", Found)]
    [DataRow("%TAG !e! tag:yaml.org,2002:\n--- !e!map\njobs:\n  a:\n    steps:\n    - !e!str uses: EVIL\n", Found)]
    [DataRow("--- # x\njobs: {a: {steps: [{uses: EVIL}]}}\n", Found)]
    [DataRow("--- {jobs: {a: {steps: [{uses: EVIL}]}}}\n", Found)]
    [DataRow("{\"jobs\":{\"a\":{\"steps\":[{\"uses\":\"EVIL\"}]}}}", Found)]
    [DataRow("? jobs\n: ? a\n  : ? steps\n    : - ? uses\n        : EVIL\n", Found)]
    [DataRow("jobs:\n  a: &a\n    steps:\n    - uses: EVIL\n  b: *a\n", Found)]
    [DataRow("x: &j\n  steps:\n  - uses: EVIL\njobs:\n  a: *j\n", Found)]
    [DataRow("x: &j {a: {steps: [{uses: EVIL}]}}\njobs: *j\n", Found)]
    [DataRow("jobs:\n  a:\n    steps: [{uses: GOOD}]\njobs:\n  a:\n    steps: [{uses: EVIL}]\n", Found)]
    [DataRow("jobs:\n  a:\n    steps: [{uses: GOOD}]\n  a:\n    steps: [{uses: EVIL}]\n", Found)]
    [DataRow("jobs:\n  a: ${{ fromJSON('{}') }}\n", Refused)]
    [DataRow("jobs: ${{ fromJSON('{}') }}\n", Refused)]
    [DataRow("jobs:\n  a:\n    steps: ${{ fromJSON('[]') }}\n", Refused)]
    [DataRow("jobs:\n  a:\n    container: {\"${{ 'image' }}\": EVIL}\n", Refused)]
    [DataRow("jobs:\n  a:\n    services: {\"${{ insert }}\": {}}\n", Refused)]
    [DataRow("jobs:\n  a:\n    uses: EVIL\n    steps:\n    - uses: GOOD\n", Found)]
    [DataRow("- jobs:\n    a:\n      uses: EVIL\n", Refused)]
    [DataRow("jobs\n", Refused)]
    public void A_workflow_that_nobody_accepted_does_not_pass(string text, string code) => Attack(code, (".github/workflows/ci.yml", Encoding.UTF8.GetBytes(Written(text))));

    [TestMethod]
    public void An_action_in_an_unlikely_place_does_not_pass()
    {
        var step = Workflow("      - uses: GOOD\n      - uses: ./x\n");
        var evil = Encoding.UTF8.GetBytes(Written("runs:\n  using: composite\n  steps:\n    - uses: EVIL\n"));

        Attack(Found, (".github/workflows/ci.yml", step), ("x/action.yml", evil));
        Attack(Found, (".github/workflows/ci.yml", step), ("x/action.yaml", evil), ("x/Dockerfile", []));
        Attack(Found, (".github/workflows/ci.yml", step), ("x/ACTION.yml", evil), ("x/Dockerfile", []));
        Attack(Found, (".github/workflows/ci.yml", Workflow("      - uses: ./.github/workflows\n")), (".github/workflows/action.yml", evil));
        Attack(Found, (".github/workflows/ci.yml", Workflow("      - uses: ./bin//x/\n")), ("bin/x/action.yml", evil));
        Attack(Found, (".github/workflows/ci.yml", Workflow("      - uses: .\\bin\\x\n")), ("bin/x/action.yml", evil));
        Attack(Found, (".github/workflows/ci.yml", Workflow("      - uses: $/bin/x\n")), ("bin/x/action.yml", evil));
        Attack(Found, (".github/workflows/ci.yml", Encoding.UTF8.GetBytes("jobs:\n  a:\n    uses: ./.github/workflows/sub/x.yml\n")), (".github/workflows/sub/x.yml", Workflow("      - uses: EVIL\n")));
        Attack(Refused, (".github/workflows/ci.yml", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Written("jobs: {a: {uses: EVIL}}"))]));
        Attack(Refused, (".github/workflows/ci.yml", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Written("jobs: {a: {uses: EVIL}}"))]));
    }

    [TestMethod]
    [DataRow("runs:\n  using: docker\n  image: ${{ 'docker://evil' }}\n", "HRD2009")]
    [DataRow("runs:\n  using: docker\n  ${{ 'image' }}: docker://evil\n", Refused)]
    [DataRow("runs: {using: composite, \"${{ 'steps' }}\": [{uses: EVIL}]}\n", Refused)]
    [DataRow("\"r\\x75ns\": {using: composite, steps: [{uses: EVIL}]}\n", Found)]
    public void An_action_file_that_nobody_accepted_does_not_pass(string text, string code) => Attack(code, ("x/action.yml", Encoding.UTF8.GetBytes(Written(text))));

    [TestMethod]
    [DataRow("- uses: GOOD\n  with:\n    uses: EVIL")]
    [DataRow("- run: |\n    uses: EVIL\n    - uses: EVIL")]
    [DataRow("- name: 'uses: EVIL'\n  env: {uses: EVIL}")]
    [DataRow("# - uses: EVIL")]
    [DataRow("- wait: [a, b]\n- wait-all:\n- cancel: a\n- run: x\n  background: true")]
    [DataRow("- if: ${{ !cancelled() && contains(x, ':') }}\n  run: 'echo \"a: b # c\"'\n- name: a:b#c ?d\n  run: echo ::set-output")]
    [DataRow("- &s {uses: GOOD}\n- *s")]
    [DataRow("- name: Several words\n    on two lines\n  run: x")]
    public void What_is_right_passes(string steps) => Assert.IsEmpty(Verify((".github/workflows/ci.yml", Workflow("      " + Written(steps).Replace("\n", "\n      ", StringComparison.Ordinal) + "\n"))));

    private static string Written(string text) => text.Replace("EVIL", Evil, StringComparison.Ordinal).Replace("GOOD", Good, StringComparison.Ordinal);

    private static byte[] Workflow(string steps) => Encoding.UTF8.GetBytes(Written($"on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}"));

    private static void Attack(string steps, string code) => Attack(code, (".github/workflows/ci.yml", Workflow(steps + "\n")));

    private static void Attack(string code, params (string Path, byte[] Text)[] files)
    {
        var found = Verify(files);
        Assert.IsTrue(found.Any(f => f.Code.Id == code && f.Severity == Severity.Error && (code != Found || f.Message.Contains("evil/x", StringComparison.Ordinal))), string.Join('\n', found));
    }

    private static IReadOnlyList<Finding> Verify(params (string Path, byte[] Text)[] files)
    {
        using var folder = new TemporaryFolder();
        foreach (var (path, text) in files)
        {
            folder.File(path, text);
        }

        var good = new ActionEntry("good/a", Sha) { Uses = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["."] = new Dictionary<string, string>() } };
        var inputs = WorkflowInputs.Observe(folder.Path, RepositoryFiles.Find(folder.Path, WorkflowFile.IsWanted, _ => false));
        return new ActionsVerifier(new ActionsSection { Commits = new Dictionary<string, ActionEntry> { [good.Key] = good } }, new ActionsPolicy()).Verify(inputs);
    }
}
