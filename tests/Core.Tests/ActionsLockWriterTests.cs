using System.Text;
using CsCheck;
using Hardening.Ecosystems.Actions.GitHubLock;

namespace Hardening.Tests;

[TestClass]
public sealed class ActionsLockWriterTests
{
    private static readonly Gen<string> Names = Gen.Char["abcXYZ019-_."].Array[1, 8].Select(c => "n" + new string(c));
    private static readonly Gen<string> Written = Gen.OneOf(
        Gen.Char["abcvXYZ019.-_/@'\"#!&*%,[]{}|>`~?\u00E9\u4E2D\uE000"].Array[1, 12].Select(c => new string(c)),
        Gen.Char["0123456789abcdef"].Array[40].Select(c => new string(c)),
        Gen.OneOfConst("v4", "1.0", "no", "~", "null", "2026-01-31", "predicate@1.1.4", "\U0001F600", "-", "#x"));

    private static readonly Gen<PinKey> Keys = Gen.Select(Names, Names, Written, (owner, repository, written) => new PinKey($"{owner}/{repository}".ToLowerInvariant(), written));
    private static readonly Gen<string> Paths = Gen.Char["abc 'X01._-/\u00E9\uE000"].Array[1, 12].Select(c => ".github/workflows/x" + new string(c) + ".yml").Where(p => !p.Split('/').Contains(".."));

    /// <summary>Locks without circles: each dependency uses only later ones.</summary>
    internal static readonly Gen<ActionsLock> Locks = Gen.Select(Keys.Array[0, 8], Paths.Array[0, 4], Gen.Int[0, int.MaxValue], Gen.Bool, (keys, paths, seed, isThird) =>
    {
        var random = new Random(seed);
        PinKey[] distinct = [.. keys.Distinct()];
        var dependencies = distinct.Select((key, i) => new ActionsLockDependency(key, key.IsCommit ? "v" + i : key.Ref, key.IsCommit ? key.Ref : Digits(random), random.NextInt64(1, long.MaxValue), random.NextInt64(1, 100))
        {
            HostName = isThird && random.Next(2) == 0 ? "github.com" : string.Empty,
            Uses = Some(distinct[(i + 1)..], random),
        });
        return new ActionsLock
        {
            Version = isThird ? ActionsLock.Version3 : ActionsLock.Version2,
            Workflows = paths.Distinct().ToDictionary(p => p, p => new ActionsLockWorkflow(p, Some(distinct, random))),
            Dependencies = dependencies.ToDictionary(d => d.Key),
        };
    });

    [TestMethod]
    public void A_file_in_the_canonical_form_is_written_as_it_was_read()
        => Assert.AreEqual(ActionsLockSamples.Full, Encoding.UTF8.GetString(ActionsLockWriter.Write(ActionsLockSamples.Read(ActionsLockSamples.Full))));

    [TestMethod]
    public void What_is_written_is_read_as_the_same_and_written_as_it_stands()
        => Locks.Sample(actionsLock =>
        {
            var bytes = ActionsLockWriter.Write(actionsLock);
            var read = ActionsLockSamples.Read(Encoding.UTF8.GetString(bytes));

            Assert.AreEqual(ActionsLockSamples.Content(actionsLock), ActionsLockSamples.Content(read));
            Assert.IsTrue(bytes.AsSpan().SequenceEqual(ActionsLockWriter.Write(read)));
        }, iter: 3_000);

    [TestMethod]
    public void The_first_schema_is_written_as_the_second()
    {
        var old = ActionsLockSamples.Read("version: v0.0.1\nworkflows: { a.yml: ['O/R@v1:sha1-" + ActionsLockSamples.Checkout + "'] }\ndependencies: { 'O/R@v1:sha1-" + ActionsLockSamples.Checkout + "': { tag: v1, commit: SHA1-" + ActionsLockSamples.Checkout.ToUpperInvariant() + ", owner_id: 1, repo_id: 2 } }");

        Assert.EndsWith($"version: 'v0.0.2'\nworkflows:\n    'a.yml':\n        - 'o/r@v1'\ndependencies:\n    'o/r@v1':\n        ref: 'v1'\n        commit: 'sha1-{ActionsLockSamples.Checkout}'\n        owner_id: 1\n        repo_id: 2\n", Encoding.UTF8.GetString(ActionsLockWriter.Write(old)));
    }

    [TestMethod]
    public void What_is_empty_is_left_out_and_hosts_come_first()
    {
        Assert.EndsWith("version: 'v0.0.2'\n", Encoding.UTF8.GetString(ActionsLockWriter.Write(new ActionsLock())));
        var third = new ActionsLock { Dependencies = new[] { new ActionsLockDependency(new PinKey("o/r", "it's"), "it's", new string('a', 64), 1, 2) { HostName = "octo.ghe.com" } }.ToDictionary(d => d.Key) };
        Assert.EndsWith($"version: 'v0.0.3'\ndependencies:\n    'o/r@it''s':\n        hostname: 'octo.ghe.com'\n        ref: 'it''s'\n        commit: 'sha256-{new string('a', 64)}'\n        owner_id: 1\n        repo_id: 2\n", Encoding.UTF8.GetString(ActionsLockWriter.Write(third)));
    }

    [TestMethod]
    public void Keys_are_sorted_by_their_bytes()
    {
        // U+1F600 comes after U+E000 in UTF-8 and before it in UTF-16.
        string[] expected = ["a.yml", "a/b.yml", "ab.yml", "\uE000.yml", "\U0001F600.yml"];
        var text = Encoding.UTF8.GetString(ActionsLockWriter.Write(new ActionsLock { Workflows = expected.Reverse().ToDictionary(p => p, p => new ActionsLockWorkflow(p, [])) }));

        CollectionAssert.AreEqual(expected, text.Split('\n').Where(l => l.EndsWith(" []", StringComparison.Ordinal)).Select(l => l.Trim()[1..^5]).ToList());
    }

    [TestMethod]
    [DataRow("o/r", "a:b", "a:b", 1)]
    [DataRow("o", "v1", "v1", 1)]
    [DataRow("O/r", "v1", "v1", 1)]
    [DataRow("o/r", "v1", "v2", 1)]
    [DataRow("o/r", "v1\n", "v1\n", 1)]
    [DataRow("o/r", "v1", "v1", 0)]
    public void What_the_reader_refuses_is_not_written(string repository, string written, string named, long owner)
    {
        var key = new PinKey(repository, written);
        var actionsLock = new ActionsLock { Dependencies = new Dictionary<PinKey, ActionsLockDependency> { [key] = new(key, named, ActionsLockSamples.Checkout, owner, 1) } };

        Assert.ThrowsExactly<ArgumentException>(() => ActionsLockWriter.Write(actionsLock));
        Assert.ThrowsExactly<ArgumentException>(() => ActionsLockWriter.Write(new ActionsLock { Workflows = new Dictionary<string, ActionsLockWorkflow> { ["../a.yml"] = new("../a.yml", []) } }));
    }

    private static string Digits(Random random) => string.Concat(Enumerable.Range(0, random.Next(2) == 0 ? 40 : 64).Select(_ => "0123456789abcdef"[random.Next(16)]));

    private static List<ActionsLockPin> Some(PinKey[] keys, Random random) => [.. keys.Where(_ => random.Next(2) == 0).Select(k => new ActionsLockPin(k))];
}
