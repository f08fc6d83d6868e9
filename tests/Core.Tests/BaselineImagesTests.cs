using Hardening.Baselines;
using Hardening.Lockfiles;
using static Hardening.Tests.BaselineSamples;

namespace Hardening.Tests;

/// <summary>What a pull request can slip into the lock entries of images.</summary>
[TestClass]
public sealed class BaselineImagesTests
{
    private const string Project = "app/app.csproj";
    private const string Alpine = "docker.io/library/alpine";
    private const string Index = "application/vnd.oci.image.index.v1+json";

    private static readonly string Old = "sha256:" + new string('a', 64);
    private static readonly string New = "sha256:" + new string('b', 64);
    private static readonly string Third = "sha256:" + new string('c', 64);
    private static readonly ImageEntry Known = new(Alpine, Old) { Tags = ["3", "3.22"], MediaType = Index, Platforms = Platforms(("linux/amd64", New)) };

    [TestMethod]
    public void A_tag_that_leads_to_another_digest_is_one()
    {
        var evil = new ImageEntry(Alpine, New) { Tags = ["3.22"] };
        var expected = $"{Alpine}:3.22 is {New}, but origin/main has {Old} for it.";

        OneWeakening(expected, Locked(Known), Locked(Known, evil));
        OneWeakening(expected, Locked(Known), Locked(Known with { Tags = ["3"] }, evil));
        Assert.AreEqual(evil.Key, BaselineComparison.Compare(Locked(Known), Locked(Known, evil)).Findings.Single().Input);
    }

    [TestMethod]
    public void A_tag_that_goes_back_to_an_entry_that_is_still_there_is_one()
    {
        var older = new ImageEntry(Alpine, Third) { Tags = ["3.20"] };

        OneWeakening($"{Alpine}:3.22 is {Third}, but origin/main has {Old} for it.", Locked(Known, older), Locked(Known with { Tags = ["3"] }, older with { Tags = ["3.20", "3.22"] }));
    }

    [TestMethod]
    public void A_tag_with_two_digests_may_settle_on_one_of_them()
    {
        var second = new ImageEntry(Alpine, New) { Tags = ["3.22"] };

        Nothing(Locked(Known, second), Locked(Known));
        Nothing(Locked(Known, second), Locked(Known with { Tags = ["3"] }, second));
        OneWeakening($"but origin/main has {Old} and {New} for it", Locked(Known, second), Locked(Known, second, new ImageEntry(Alpine, Third) { Tags = ["3.22"] }));
    }

    [TestMethod]
    public void What_is_new_is_none()
    {
        Nothing(Locked(Known), Locked(Known, new ImageEntry(Alpine, New) { Tags = ["3.23"] }));
        Nothing(Locked(Known), Locked(Known, new ImageEntry("docker.io/evil/alpine", New) { Tags = ["3.22"] }));
        Nothing(Locked(Known), Locked(Known, new ImageEntry(Alpine, New)));
        Nothing(Locked(Known), Locked(Known with { Tags = ["3", "3.22", "latest"] }));
        Nothing(Locked(Known), Locked());
        Nothing(Locked(Known) with { Lockfile = null }, Locked(Known));
        Nothing(Before, Locked(Known));
    }

    [TestMethod]
    public void Tags_are_told_apart_by_case()
        => Nothing(Locked(Known with { Tags = ["RC"] }), Locked(Known with { Tags = ["RC"] }, new ImageEntry(Alpine, New) { Tags = ["rc"] }));

    [TestMethod]
    public void A_tag_that_an_entry_loses_is_one()
    {
        OneWeakening($"{Known.Key} no longer says that it was taken from the tag 3.22, so nobody would notice when that moves.", Locked(Known), Locked(Known with { Tags = ["3"] }));
        OneWeakening("from the tag 3, so", Locked(Known), Locked(Known with { Tags = ["3.22"] }, new ImageEntry("docker.io/library/other", New) { Tags = ["3"] }));
    }

    [TestMethod]
    public void Anything_else_under_the_same_digest_is_one()
    {
        OneWeakening($"{Known.Key} has {Third} for linux/amd64 under the same digest, but origin/main has {New}, so another image would be accepted there.", Locked(Known), Locked(Known with { Platforms = Platforms(("linux/amd64", Third)) }));
        OneWeakening("has nothing for linux/amd64 under the same digest", Locked(Known), Locked(Known with { Platforms = Platforms() }));
        OneWeakening("has " + Third + " for linux/arm64 under the same digest, but origin/main has nothing", Locked(Known), Locked(Known with { Platforms = Platforms(("linux/amd64", New), ("linux/arm64", Third)) }));
        OneWeakening($"{Known.Key} has the media type text/plain under the same digest, but origin/main has {Index}.", Locked(Known), Locked(Known with { MediaType = "text/plain" }));
        OneWeakening($"{Known.Key} no longer has its media type", Locked(Known), Locked(Known with { MediaType = string.Empty }));
        Nothing(Locked(Known with { MediaType = string.Empty }), Locked(Known));
        OneWeakening($"The member {Known.Key}: signed was added, changed or removed", Locked(Known with { Unknown = Unknown("signed", "true") }), Locked(Known));
    }

    [TestMethod]
    public void A_section_that_is_removed_or_has_other_unknown_members_is_one()
    {
        OneWeakening("The section \"images\" was removed, without which findings about images are only warnings.", Locked(Known), Before);
        OneWeakening("The section \"images\" was removed", Locked(), Before);
        OneWeakening("The member images.later was added, changed or removed", Of(new ImagesSection { IsBaseline = true }), Of(new ImagesSection { IsBaseline = true, Unknown = Unknown("later", "1") }));
    }

    [TestMethod]
    public void A_base_image_that_leads_to_another_digest_is_one()
    {
        var (then, evil) = (Based("10.0", Old, Old, New), Based("10.0", New, Old, New));

        OneWeakening($"{Project} publishes its container on {Alpine}@{New} for {Alpine}:10.0, but origin/main has {Alpine}@{Old}.", then, evil, at: 0);
        OneWeakening($"{Alpine}:10.0 is {New}, but origin/main has {Old} for it.", then, evil, at: 1);
        Nothing(then, then);
    }

    [TestMethod]
    public void Another_project_gets_no_other_digest_for_the_same_base_image()
    {
        var then = Based("10.0", Old, Old, New);
        var evil = Of(then.Lockfile!.Images with { Bases = new Dictionary<string, IReadOnlyDictionary<string, string>>(then.Lockfile.Images.Bases) { ["new/new.csproj"] = Uses("10.0", New) } });

        OneWeakening($"{Alpine}:10.0 is {New}, but origin/main has {Old} for it.", then, evil);
    }

    [TestMethod]
    public void A_tag_of_a_base_image_gets_no_other_digest_by_an_entry()
    {
        var then = Based("10.0", Old, Old);
        var evil = Of(then.Lockfile!.Images with { Digests = new Dictionary<string, ImageEntry>(then.Lockfile.Images.Digests) { [$"{Alpine}@{New}"] = new(Alpine, New) { Tags = ["10.0"] } } });

        OneWeakening($"{Alpine}:10.0 is {New}, but origin/main has {Old} for it.", then, evil);
    }

    [TestMethod]
    public void Base_images_that_are_removed_are_one_while_the_project_is_there()
    {
        var then = Based("10.0", Old, Old);
        var without = Of(then.Lockfile!.Images with { Bases = new Dictionary<string, IReadOnlyDictionary<string, string>>() });

        OneWeakening($"The base images of {Project} were removed, but the project is still there.", then, without);
        OneWeakening("were removed", then, Of(then.Lockfile.Images with { Bases = new Dictionary<string, IReadOnlyDictionary<string, string>> { [Project] = new Dictionary<string, string>() } }));
        Nothing(then, without with { Projects = new HashSet<string>(), Lockfile = without.Lockfile! with { NuGet = without.Lockfile.NuGet with { Projects = new Dictionary<string, ProjectEntry>() } } });
    }

    [TestMethod]
    public void A_base_image_of_a_later_version_is_news() => Nothing(Based("10.0", Old, Old), Based("11.0", New, Old, New));

    [TestMethod]
    public void The_summary_says_what_is_new_and_what_is_gone()
    {
        var second = new ImageEntry(Alpine, New) { Tags = ["3.23"] };
        Says("  docker.io/library/alpine 3, 3.22 (sha256:aaaaaaaaaaaa), new", Locked(), Locked(Known));
        Says("  docker.io/library/alpine 3, 3.22 (sha256:aaaaaaaaaaaa) -> 3.23 (sha256:bbbbbbbbbbbb)", Locked(Known), Locked(second));
        Says("  docker.io/library/alpine 3.23 (sha256:bbbbbbbbbbbb), beside 3, 3.22 (sha256:aaaaaaaaaaaa)", Locked(Known), Locked(Known, second));
        Says("  docker.io/library/alpine sha256:cccccccccccc, new", Locked(), Locked(new ImageEntry(Alpine, Third)));
        Says("  docker.io/library/alpine 3 (sha256:aaaaaaaaaaaa), the same digest with other tags, media type, platforms", Locked(Known), Locked(Known with { Tags = ["3"], MediaType = string.Empty, Platforms = Platforms() }));
        Says("Removed container images:", Locked(Known), Locked());
        Says("  app/app.csproj: docker.io/library/alpine:10.0 (sha256:aaaaaaaaaaaa) -> docker.io/library/alpine:11.0 (sha256:bbbbbbbbbbbb)", Based("10.0", Old, Old), Based("11.0", New, Old, New));
        Says("  app/app.csproj: none -> docker.io/library/alpine:10.0 (sha256:aaaaaaaaaaaa)", Before, Based("10.0", Old, Old));
        Assert.IsFalse(BaselineComparison.Compare(Locked(Known), Locked(Known)).Summary.Any(l => l.Contains("image", StringComparison.Ordinal)));
    }

    private static void Says(string line, BaselineSnapshot before, BaselineSnapshot after) => Assert.Contains(line, BaselineComparison.Compare(before, after).Summary);

    private static void Nothing(BaselineSnapshot before, BaselineSnapshot after) => Assert.IsEmpty(Weakened(before, after), string.Join('\n', Weakened(before, after)));

    private static void OneWeakening(string expected, BaselineSnapshot before, BaselineSnapshot after, int? at = null)
    {
        var found = Weakened(before, after);
        Assert.HasCount(at is null ? 1 : 2, found, string.Join('\n', found));
        Assert.Contains(expected, found[at ?? 0]);
    }

    private static BaselineSnapshot Locked(params IEnumerable<ImageEntry> entries) => Of(new ImagesSection { IsBaseline = true, Digests = entries.ToDictionary(e => e.Key) });

    // The project's container is published on the digest; the entries have no tags of their own.
    private static BaselineSnapshot Based(string tag, string digest, params string[] digests) => Of(new ImagesSection
    {
        Bases = new Dictionary<string, IReadOnlyDictionary<string, string>> { [Project] = Uses(tag, digest) },
        Digests = digests.Select(d => new ImageEntry(Alpine, d)).ToDictionary(e => e.Key),
    });

    private static Dictionary<string, string> Uses(string tag, string digest) => new() { [$"{Alpine}:{tag}"] = $"{Alpine}@{digest}" };

    private static BaselineSnapshot Of(ImagesSection images) => Before with { Lockfile = BaselineSamples.Lockfile with { Images = images } };

    private static Dictionary<string, string> Platforms(params (string Platform, string Digest)[] platforms) => platforms.ToDictionary(p => p.Platform, p => p.Digest);
}
