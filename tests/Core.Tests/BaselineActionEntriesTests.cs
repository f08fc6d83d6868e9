using Hardening.Baselines;
using Hardening.Lockfiles;
using static Hardening.Tests.BaselineSamples;

namespace Hardening.Tests;

/// <summary>What a pull request can slip into the lock entries of actions: another owner behind a name, or a path that nobody has read.</summary>
[TestClass]
public sealed class BaselineActionEntriesTests
{
    private const string Old = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string New = "0123456789abcdef0123456789abcdef01234567";
    private const string Third = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly ActionEntry Known = new("a/b", Old) { OwnerId = 1, RepositoryId = 2 };
    private static readonly ActionEntry Bare = new("a/b", Third);

    [TestMethod]
    [DataRow("a/b", 666, 2, "has the number 666 of its owner, but origin/main has 1 for a/b.", DisplayName = "another owner")]
    [DataRow("a/b", 1, 666, "has the number 666 of its repository, but origin/main has 2 for a/b.", DisplayName = "another repository of the same owner")]
    [DataRow("a/b", 666, 667, "has the number 666 of its owner", DisplayName = "both, in one finding")]
    [DataRow("A/B", 666, 2, "has the number 666 of its owner, but origin/main has 1 for A/B.", DisplayName = "letters in another case")]
    [DataRow("a/b", 0, 0, "has no number of its owner, but origin/main has 1 for a/b; an update with GITHUB_TOKEN", DisplayName = "no numbers")]
    [DataRow("a/b", 1, 0, "has no number of its repository", DisplayName = "half of them")]
    [DataRow("a/b", 0, 2, "has no number of its owner", DisplayName = "the other half")]
    public void A_new_commit_of_another_owner_is_one(string name, int owner, int repository, string expected)
    {
        var evil = new ActionEntry(name, New) { OwnerId = owner, RepositoryId = repository };

        OneWeakening(expected, Locked(Known), Locked(evil));
        OneWeakening(expected, Locked(Known), Locked(Known, evil));
        Assert.AreEqual($"{name}@{New}", BaselineComparison.Compare(Locked(Known), Locked(evil)).Findings[0].Input);
    }

    [TestMethod]
    public void An_old_commit_that_had_no_numbers_gets_those_of_its_repository_only()
    {
        var before = Locked(Known, Bare);

        Nothing(before, before);
        Nothing(before, Locked(Known, Bare with { OwnerId = 1, RepositoryId = 2 }));
        OneWeakening("has the number 666 of its owner, but origin/main has 1", before, Locked(Known, Bare with { OwnerId = 666, RepositoryId = 2 }));
        OneWeakening("has the number 666 of its repository, but origin/main has 2", before, Locked(Bare with { RepositoryId = 666 }));
    }

    [TestMethod]
    public void Numbers_that_are_lost_are_one_and_what_mends_it_is_said()
    {
        var found = Weakened(Locked(Known), Locked(Known with { OwnerId = 0, RepositoryId = 0 }));

        Assert.HasCount(2, found);
        Assert.IsTrue(found.All(m => m.Contains("an update with GITHUB_TOKEN writes it again", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Numbers_are_asked_of_no_other_repository()
    {
        Nothing(Locked(Known), Locked(Known, new ActionEntry("a/bb", New) { OwnerId = 666, RepositoryId = 3 }));
        Nothing(Locked(Known), Locked(Known, new ActionEntry("c/d", New)));
        Nothing(Locked(Bare), Locked(Bare, new ActionEntry("a/b", New) { OwnerId = 1, RepositoryId = 2 }));
        Nothing(Locked(Bare), Locked(new ActionEntry("a/b", New)));
    }

    [TestMethod]
    public void Of_a_baseline_that_has_several_numbers_any_is_right_for_a_new_commit_but_an_old_one_keeps_its_own()
    {
        var second = new ActionEntry("a/b", Third) { OwnerId = 7, RepositoryId = 8 };
        var before = Locked(Known, second);

        Nothing(before, Locked(new ActionEntry("a/b", New) { OwnerId = 7, RepositoryId = 8 }));
        OneWeakening("but origin/main has 1 and 7 for a/b", before, Locked(new ActionEntry("a/b", New) { OwnerId = 666, RepositoryId = 8 }));
        Assert.HasCount(2, Weakened(before, Locked(Known with { OwnerId = 7, RepositoryId = 8 }, second)));
    }

    [TestMethod]
    public void A_path_that_is_added_to_an_old_commit_is_no_weakening_but_said_with_what_it_claims()
    {
        const string Heading = "Paths of locked actions that are used only now; what they use is claimed by the lockfile and compared by -p:HardeningCheckUpstream=true:";
        var before = Known with { Uses = Used(("sub/x", [])) };
        var after = before with { Uses = Used(("sub/x", []), (".", ["docker://b:1", "docker://a:1"]), ("sub/hidden", [])) };

        Nothing(Locked(before), Locked(after));
        var lines = BaselineComparison.Compare(Locked(before), Locked(after)).Summary.SkipWhile(l => l != Heading).Take(3).ToArray();
        CollectionAssert.AreEqual(new[] { Heading, $"  a/b {Old[..12]} at its root: docker://a:1, docker://b:1", $"  a/b {Old[..12]} at sub/hidden: nothing" }, lines);
        Assert.DoesNotContain(Heading, BaselineComparison.Compare(Locked(after), Locked(after)).Summary);
        Assert.DoesNotContain(Heading, BaselineComparison.Compare(Locked(), Locked(after)).Summary);
    }

    private static void Nothing(BaselineSnapshot before, BaselineSnapshot after) => Assert.IsEmpty(Weakened(before, after), string.Join('\n', Weakened(before, after)));

    private static BaselineSnapshot Locked(params IEnumerable<ActionEntry> entries) =>
        Before with { Lockfile = BaselineSamples.Lockfile with { Actions = new ActionsSection { IsBaseline = true, Commits = entries.ToDictionary(e => e.Key) } } };

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Used(params (string Path, string[] Words)[] uses) =>
        uses.ToDictionary(u => u.Path, u => (IReadOnlyDictionary<string, string>)u.Words.ToDictionary(w => w, _ => string.Empty));
}
