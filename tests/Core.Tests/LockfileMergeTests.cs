using CsCheck;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class LockfileMergeTests
{
    private static readonly Gen<(Lockfile Ours, Lockfile Theirs)> Two = Gen.Select(LockfileSamples.Any, LockfileSamples.Any);

    [TestMethod]
    public void Merged_with_itself_or_with_nothing_a_lockfile_stays() => LockfileSamples.Any.Sample(
        lockfile =>
        {
            Assert.IsTrue(LockfileSamples.Same(lockfile, LockfileMerge.Merge(lockfile, lockfile)));
            Assert.IsTrue(LockfileSamples.Same(lockfile, LockfileMerge.Merge(lockfile, Lockfile.Empty)));
            Assert.IsTrue(LockfileSamples.Same(lockfile, LockfileMerge.Merge(Lockfile.Empty, lockfile)));
        },
        iter: 200);

    [TestMethod]
    public void A_merge_has_the_keys_of_both_sides() => Two.Sample(
        sides =>
        {
            var merged = LockfileMerge.Merge(sides.Ours, sides.Theirs);
            foreach (var keys in new Func<Lockfile, IEnumerable<string>>[] { l => l.NuGet.Packages.Keys, l => l.NuGet.Projects.Keys, l => l.NuGet.Sources.Keys, l => l.NuGet.Sdks.Keys, l => l.NuGet.Unknown.Keys, l => l.Unknown.Keys })
            {
                CollectionAssert.AreEquivalent(keys(sides.Ours).Union(keys(sides.Theirs)).ToArray(), keys(merged).ToArray());
            }
        },
        iter: 200);

    [TestMethod]
    public void Where_both_sides_have_something_else_ours_wins() => Two.Sample(
        sides =>
        {
            var merged = LockfileMerge.Merge(sides.Ours, sides.Theirs);
            foreach (var (key, ours) in sides.Ours.NuGet.Packages)
            {
                Assert.AreEqual(ours.Content, merged.NuGet.Packages[key].Content);
                Assert.IsTrue(ours.Variants.All(v => merged.NuGet.Packages[key].Variants[v.Key] == v.Value));
            }

            Assert.IsTrue(sides.Ours.NuGet.Projects.All(p => ReferenceEquals(p.Value, merged.NuGet.Projects[p.Key])));
            Assert.IsTrue(sides.Ours.NuGet.Sources.All(p => ReferenceEquals(p.Value, merged.NuGet.Sources[p.Key])));
            Assert.IsTrue(sides.Ours.NuGet.Sdks.All(s => s.Value.All(f => f.Value.All(id => merged.NuGet.Sdks[s.Key][f.Key][id.Key] == id.Value))));
            Assert.IsTrue(LockfileSamples.Same(merged, LockfileMerge.Merge(merged, sides.Theirs)), "again");
            Assert.IsTrue(LockfileSamples.Same(merged, LockfileMerge.Merge(sides.Ours, merged)), "from the other side");
        },
        iter: 200);

    [TestMethod]
    public void What_both_sides_know_of_one_sdk_and_one_package_is_joined()
    {
        var merged = LockfileMerge.Merge(Of("a", "linux-x64"), Of("b", "osx-arm64"));

        CollectionAssert.AreEquivalent(new[] { "a", "b" }, merged.NuGet.Sdks["10.0.100"]["net10.0"].Keys.ToArray());
        CollectionAssert.AreEquivalent(new[] { "linux-x64", "osx-arm64" }, merged.NuGet.Packages["p/1.0"].Variants.Keys.ToArray());

        static Lockfile Of(string id, string rid)
        {
            var content = new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash);
            return new Lockfile
            {
                NuGet = new NuGetSection
                {
                    Packages = new Dictionary<string, PackageEntry> { ["p/1.0"] = new("P", "1.0", content) { Variants = new Dictionary<string, PackageContent> { [rid] = content } } },
                    Sdks = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>
                    {
                        ["10.0.100"] = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["net10.0"] = new Dictionary<string, string> { [id] = "1.0" } },
                    },
                },
            };
        }
    }
}
