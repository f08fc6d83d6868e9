using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class LockfileMergeDriverTests
{
    private static readonly Gen<(Lockfile A, Lockfile B)> Two = Gen.Select(LockfileSamples.Any, LockfileSamples.Any);

    [TestMethod]
    public void What_one_side_changed_is_taken()
    {
        using var folder = new TemporaryFolder();
        Two.Sample(
            sides =>
            {
                AssertSame(Text(sides.B), Merged(folder, sides.A, sides.A, sides.B));
                AssertSame(Text(sides.B), Merged(folder, sides.A, sides.B, sides.A));
                AssertSame(Text(sides.B), Merged(folder, sides.A, sides.B, sides.B));
            },
            iter: 60, threads: 1);
    }

    [TestMethod]
    public void Both_sides_merge_to_the_same_or_neither_merges()
    {
        using var folder = new TemporaryFolder();
        Two.Sample(sides => AssertSame(Merged(folder, Lockfile.Empty, sides.A, sides.B), Merged(folder, Lockfile.Empty, sides.B, sides.A)), iter: 60, threads: 1);
    }

    [TestMethod]
    public void Packages_that_both_sides_added_and_removed_merge()
    {
        using var folder = new TemporaryFolder();

        Assert.AreEqual(Text(Of(("a", '2'), ("b", '1'))), Merged(folder, Of(("b", '1'), ("c", '1')), Of(("a", '2'), ("b", '1'), ("c", '1')), Of(("b", '1'))));
        Assert.AreEqual(Text(Of(("a", '1'), ("b", '2'))), Merged(folder, null, Of(("a", '1')), Of(("b", '2'))));
    }

    [TestMethod]
    public void An_entry_is_taken_from_one_side_as_a_whole_or_is_a_conflict()
    {
        using var folder = new TemporaryFolder();

        Assert.IsNull(Merged(folder, Of(("a", '1')), Of(("a", '2')), Of(("a", '3'))));
        Assert.IsNull(Merged(folder, Of(("a", '1')), Of(("a", '2')), Of()), "changed here, removed there");
        Assert.AreEqual(Text(Of(("a", '2'))), File.ReadAllText(folder.At("ours")), "a conflict leaves our file as it is");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("{\"version\": 2}")]
    [DataRow("<<<<<<< HEAD\n")]
    public void A_side_that_is_no_lockfile_is_not_merged(string text)
    {
        using var folder = new TemporaryFolder();
        var right = folder.File("right", LockfileWriter.Write(Of(("a", '1'))));
        var wrong = folder.File("wrong", text);

        Assert.IsNotNull(LockfileMergeDriver.Merge(right, right, wrong));
        Assert.IsNotNull(LockfileMergeDriver.Merge(right, wrong, right));
        Assert.AreEqual(text, File.ReadAllText(wrong));
    }

    // Members that this engine does not know may hold one number in two notations.
    private static void AssertSame(string? expected, string? actual) =>
        Assert.IsTrue(expected is null ? actual is null : actual is not null && JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"{expected}\n{actual}");

    private static string Text(Lockfile lockfile) => Encoding.UTF8.GetString(LockfileWriter.Write(lockfile));

    // The merged text, or null after a conflict.
    private static string? Merged(TemporaryFolder folder, Lockfile? ancestor, Lockfile ours, Lockfile theirs)
    {
        var path = folder.File("ours", LockfileWriter.Write(ours));
        var problem = LockfileMergeDriver.Merge(folder.File("ancestor", ancestor is null ? [] : LockfileWriter.Write(ancestor)), path, folder.File("theirs", LockfileWriter.Write(theirs)));
        return problem is null ? File.ReadAllText(path) : null;
    }

    private static Lockfile Of(params (string Id, char Hash)[] packages)
    {
        return new Lockfile { NuGet = new NuGetSection { Packages = packages.Select(p => new PackageEntry(p.Id, "1.0", Content(p.Hash))).ToDictionary(p => p.Key) } };

        static PackageContent Content(char hash)
        {
            var text = Convert.ToBase64String(Enumerable.Repeat((byte)hash, 64).ToArray());
            return new PackageContent(text, text, text);
        }
    }
}
