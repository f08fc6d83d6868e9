using System.Text;
using System.Text.Json;
using CsCheck;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>The section of images: read, written, merged.</summary>
[TestClass]
public sealed class LockfileImagesTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Digest = "sha256:" + Hex;
    private const string Other = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    private const string Sha512 = "sha512:" + Hex + Hex;
    private const string Alpine = "docker.io/library/alpine";
    private const string Key = Alpine + "@" + Digest;

    /// <summary>Canonical, with every known member and unknown ones at each level that keeps them.</summary>
    private const string Full = $$"""
        {
          "version": 1,
          "images": {
            "a": null,
            "bases": {
              "src/App/App.csproj": {
                "docker.io/library/alpine:3.22": "docker.io/library/alpine@{{Digest}}"
              }
            },
            "digests": {
              "docker.io/library/alpine@{{Digest}}": {
                "attested": [
                  "x"
                ],
                "mediaType": "application/vnd.oci.image.index.v1+json",
                "platforms": {
                  "linux/amd64": "{{Other}}",
                  "linux/arm/v7": "{{Sha512}}",
                  "windows/amd64:10.0.20348.2700": "{{Digest}}"
                },
                "tags": [
                  "3.22",
                  "RC_1",
                  "latest"
                ]
              },
              "localhost:5000/x@{{Sha512}}": {}
            },
            "z": {
              "kept": true
            }
          },
          "nuget": {
            "packages": {},
            "projects": {},
            "sdks": {},
            "sources": {}
          }
        }

        """;

    private static readonly Gen<string> Name = Gen.Select(Gen.OneOfConst("docker.io/library", "docker.io/a", "mcr.microsoft.com", "localhost:5000/a/b"), Gen.Char["ab01"].Array[1, 5], (path, name) => $"{path}/{new string(name)}");

    private static readonly Gen<string> AnyDigest = Gen.OneOf(
        Gen.Char["0123456789abcdef"].Array[64].Select(d => "sha256:" + new string(d)), Gen.Char["0123456789abcdef"].Array[128].Select(d => "sha512:" + new string(d)));

    private static readonly Gen<string> Tag = Gen.Select(Gen.Char["abXY09_"], Gen.String[Gen.Char["abXY09._-"], 0, 8], (first, rest) => first + rest);

    private static readonly Gen<ImageEntry> Entry = Gen.Select(
        Name, AnyDigest, Tag.Array[0, 4], Gen.OneOfConst("", "application/vnd.oci.image.manifest.v1+json", "a/b"), Map(Gen.OneOfConst("linux/amd64", "linux/arm/v7", "unknown/unknown", "windows/amd64:10.0.1"), AnyDigest), Unknown(),
        (name, digest, tags, mediaType, platforms, unknown) => new ImageEntry(name, digest)
        {
            Tags = [.. tags.Distinct().Order(StringComparer.Ordinal)],
            MediaType = mediaType,
            Platforms = platforms,
            Unknown = unknown,
        });

    private static readonly Gen<ImagesSection> Section = Gen.Select(Entry.Array[0, 4], Gen.OneOfConst("a.csproj", "src/b/b.csproj"), Tag, Unknown(), (entries, project, tag, unknown) =>
        new ImagesSection
        {
            Digests = entries.DistinctBy(e => e.Key).ToDictionary(e => e.Key),
            Bases = entries.Length < 2 ? new Dictionary<string, IReadOnlyDictionary<string, string>>()
                : new Dictionary<string, IReadOnlyDictionary<string, string>> { [project] = entries.DistinctBy(e => e.Name).ToDictionary(e => $"{e.Name}:{tag}", e => e.Key) },
            Unknown = unknown,
        });

    // Beside sections of every other kind.
    private static readonly Gen<Lockfile> Any = Gen.Select(LockfileSamples.Any, Section, (lockfile, images) => lockfile with { Images = images });

    [TestMethod]
    public void Every_known_member_is_read()
    {
        var images = LockfileSamples.Read(Full).Images;

        Assert.HasCount(2, images.Digests);
        var entry = images.Digests[Key];
        Assert.AreEqual((Alpine, Digest, Key), (entry.Name, entry.Digest, entry.Key));
        CollectionAssert.AreEqual(new[] { "3.22", "RC_1", "latest" }, entry.Tags.ToArray());
        Assert.AreEqual("application/vnd.oci.image.index.v1+json", entry.MediaType);
        Assert.AreEqual((Other, Sha512, Digest), (entry.Platforms["linux/amd64"], entry.Platforms["linux/arm/v7"], entry.Platforms["windows/amd64:10.0.20348.2700"]));
        Assert.AreEqual(Key, images.Bases["src/App/App.csproj"]["docker.io/library/alpine:3.22"]);
        CollectionAssert.AreEquivalent(new[] { "a", "z" }, images.Unknown.Keys.ToArray());
        Assert.AreEqual("attested", entry.Unknown.Single().Key);
        var bare = images.Digests[$"localhost:5000/x@{Sha512}"];
        Assert.AreEqual((0, 0, string.Empty), (bare.Tags.Count, bare.Platforms.Count, bare.MediaType));
    }

    [TestMethod]
    public void A_section_that_is_written_is_a_baseline_even_where_nothing_is_in_it()
    {
        const string Empty = "{\n  \"version\": 1,\n  \"images\": {\n    \"digests\": {}\n  },\n  \"nuget\": {\n    \"packages\": {},\n    \"projects\": {},\n    \"sdks\": {},\n    \"sources\": {}\n  }\n}\n";

        Assert.IsTrue(LockfileSamples.Read("{\"version\": 1, \"images\": {\"later\": 1}}").Images.IsBaseline);
        Assert.IsTrue(LockfileSamples.Read("{\"version\": 1, \"images\": {}}").Images.IsBaseline);
        Assert.IsFalse(LockfileSamples.Read("{\"version\": 1}").Images.IsBaseline);
        Assert.AreEqual(Empty, Text(LockfileSamples.Read(Empty)));
        Assert.DoesNotContain("images", Text(LockfileSamples.Read("{\"version\": 1}")));
    }

    [TestMethod]
    public void A_canonical_section_is_written_as_it_was_read() => Assert.AreEqual(Full, Text(LockfileSamples.Read(Full)));

    [TestMethod]
    public void Sections_are_sorted()
    {
        var text = Text(new Lockfile
        {
            Minor = 1,
            Control = new Dictionary<string, string> { ["a"] = LockfileSamples.Hash },
            Actions = new ActionsSection { IsBaseline = true },
            Images = new ImagesSection { IsBaseline = true },
        });

        Assert.MatchesRegex("(?s)actions.*control.*images.*minor.*nuget", text);
    }

    [TestMethod]
    public void Whatever_is_written_is_read_again_as_the_same()
        => Any.Sample(
            lockfile =>
            {
                var bytes = LockfileWriter.Write(lockfile);
                var again = LockfileSamples.Read(bytes);
                return LockfileSamples.Same(lockfile, again) && LockfileWriter.Write(again).AsSpan().SequenceEqual(bytes);
            },
            iter: 1_000);

    [TestMethod]
    [DataRow(Alpine + "@" + Digest)]
    [DataRow(Alpine + "@" + Sha512)]
    [DataRow("docker.io/a/b/c@" + Digest)]
    [DataRow("mcr.microsoft.com/dotnet/runtime-deps@" + Digest)]
    [DataRow("localhost/x@" + Digest)]
    [DataRow("host:65000/x__y.z@" + Digest)]
    [DataRow("[::1]:5000/x@" + Digest)]
    public void A_key_is_an_image_in_full_and_a_digest(string key)
        => Assert.AreEqual(key, LockfileSamples.Read(Entries($"\"{key}\": {{}}")).Images.Digests.Single().Value.Key);

    [TestMethod]
    // no digest in full
    [DataRow("")]
    [DataRow("@")]
    [DataRow(Alpine)]
    [DataRow(Alpine + "@")]
    [DataRow(Alpine + ":3")]
    [DataRow(Alpine + "@sha256:")]
    [DataRow(Alpine + "@sha256:0123")]
    [DataRow(Alpine + "@" + Hex)]
    [DataRow(Alpine + "@sha512:" + Hex)]
    [DataRow(Alpine + "@sha256:" + Hex + "0")]
    [DataRow(Alpine + "@sha256:E3B0C44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [DataRow(Alpine + "@SHA256:" + Hex)]
    [DataRow(Alpine + "@md5:d41d8cd98f00b204e9800998ecf8427e")]
    [DataRow(Alpine + "@" + Digest + "\\n")]
    // another spelling, by which one identity would have two keys
    [DataRow("alpine@" + Digest)]
    [DataRow("library/alpine@" + Digest)]
    [DataRow("docker.io/alpine@" + Digest)]
    [DataRow("index.docker.io/library/alpine@" + Digest)]
    [DataRow("Docker.io/library/alpine@" + Digest)]
    [DataRow("INDEX.docker.io/library/alpine@" + Digest)]
    [DataRow(Alpine + ":3.22@" + Digest)]
    [DataRow("docker.io/library/Alpine@" + Digest)]
    [DataRow("docker://docker.io/library/alpine@" + Digest)]
    // no image
    [DataRow("@" + Digest)]
    [DataRow("ghcr.io/@" + Digest)]
    [DataRow("ghcr.io//x@" + Digest)]
    [DataRow("ghcr.io/../x@" + Digest)]
    [DataRow("/x@" + Digest)]
    [DataRow("ghcr.io:443:443/x@" + Digest)]
    [DataRow("user@ghcr.io/x@" + Digest)]
    [DataRow("https://ghcr.io/x@" + Digest)]
    [DataRow("ghcr.io/x y@" + Digest)]
    [DataRow("ghcr.io/\u0430@" + Digest)]
    [DataRow("ghcr.io/x@" + Digest + "@" + Digest)]
    [DataRow("ghcr.io/x\\u0000@" + Digest)]
    [DataRow("${x}/y@" + Digest)]
    public void A_key_that_is_no_image_in_full_and_digest_is_refused_at_its_line(string key)
        => Refused(Entries($"\"{key}\": {{}}"), "is not the name of an image in full and a digest", 5, 1);

    [TestMethod]
    public void A_key_that_is_too_long_is_refused()
        => Refused(Entries($"\"ghcr.io/{new string('a', 300)}@{Digest}\": {{}}"), "is not the name of an image in full and a digest", 5, 1);

    [TestMethod]
    [DataRow("", "is not a tag")]
    [DataRow("-a", "is not a tag")]
    [DataRow(".a", "is not a tag")]
    [DataRow("a b", "is not a tag")]
    [DataRow("a:b", "is not a tag")]
    [DataRow("a/b", "is not a tag")]
    [DataRow("a@b", "is not a tag")]
    [DataRow("a\\n", "is not a tag")]
    [DataRow("\u00E9", "is not a tag")]
    [DataRow("3.22\",\n\"3.22", "the tag \"3.22\" does not come after \"3.22\"")]
    [DataRow("b\",\n\"a", "the tag \"a\" does not come after \"b\"")]
    [DataRow("a\",\n\"B", "the tag \"B\" does not come after \"a\"")]
    public void Tags_that_are_none_or_not_sorted_are_refused(string tags, string expected)
        => Assert.Contains(expected, LockfileSamples.Refused(Member($"\"tags\": [\"{tags}\"]")).Message);

    [TestMethod]
    public void A_tag_has_at_most_128_letters()
    {
        LockfileSamples.Read(Member($"\"tags\": [\"{new string('a', 128)}\"]"));
        LockfileSamples.Refused(Member($"\"tags\": [\"{new string('a', 129)}\"]"));
    }

    [TestMethod]
    [DataRow("linux", Digest)]
    [DataRow("linux/", Digest)]
    [DataRow("/amd64", Digest)]
    [DataRow("linux//v7", Digest)]
    [DataRow("linux/arm/v7/x", Digest)]
    [DataRow("linux/amd64:", Digest)]
    [DataRow("linux/amd64:1:2", Digest)]
    [DataRow("linux/amd64:1/2", Digest)]
    [DataRow("linux/am d64", Digest)]
    [DataRow("linux/amd64\\n", Digest)]
    [DataRow("linux/\u00E9", Digest)]
    [DataRow("linux/amd64", "")]
    [DataRow("linux/amd64", "sha256:0123")]
    [DataRow("linux/amd64", "sha256:E3B0C44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [DataRow("linux/amd64", Key)]
    public void A_platform_that_is_none_or_leads_to_no_digest_is_refused_at_its_line(string platform, string digest)
        => Refused(Member($"\"platforms\": {{\n \"{platform}\": \"{digest}\"}}"), "is not a platform and a digest", 6, 2);

    [TestMethod]
    [DataRow("")]
    [DataRow("application")]
    [DataRow("application/")]
    [DataRow("/json")]
    [DataRow("a/b/c")]
    [DataRow("a/b; charset=utf-8")]
    [DataRow("a/b\\n")]
    public void A_media_type_that_is_none_is_refused(string mediaType)
        => Assert.Contains("expected a media type", LockfileSamples.Refused(Member($"\"mediaType\": \"{mediaType}\"")).Message);

    [TestMethod]
    [DataRow("alpine:3", Key)]
    [DataRow("docker.io/alpine:3", Key)]
    [DataRow(Alpine, Key)]
    [DataRow(Alpine + ":3@" + Digest, Key)]
    [DataRow(Alpine + "@" + Digest, Key)]
    [DataRow("docker.io/library/other:3", Key)]
    [DataRow("evil.io/library/alpine:3", Key)]
    [DataRow(Alpine + ":", Key)]
    [DataRow("", Key)]
    [DataRow(Alpine + ":3", "")]
    [DataRow(Alpine + ":3", Digest)]
    [DataRow(Alpine + ":3", "alpine@" + Digest)]
    public void A_base_image_leads_from_a_tag_in_full_to_an_entry_of_the_same_image(string reference, string key)
        => Refused(InSection($"\"bases\": {{\"a.csproj\": {{\n\"{reference}\": \"{key}\"}}}},\n\"digests\": {{\"{Key}\": {{}}}}"), "is not an image in full with its tag and the entry that it leads to", 5, 1);

    [TestMethod]
    public void A_base_image_without_an_entry_is_refused_wherever_the_entries_stand()
    {
        var bases = $"\"bases\": {{\"a.csproj\": {{\n\"{Alpine}:3\": \"{Alpine}@{Other}\"}}}}";
        const string Expected = "leads to \"" + Alpine + "@" + Other + "\", which has no entry";

        Refused(InSection($"{bases},\n\"digests\": {{\"{Key}\": {{}}}}"), Expected, 5, 1);
        Refused(InSection($"\"digests\": {{\"{Key}\": {{}}}}, {bases}"), Expected, 5, 1);
        Refused(InSection(bases), Expected, 5, 1);
        LockfileSamples.Read(InSection($"{bases},\n\"digests\": {{\"{Alpine}@{Other}\": {{}}}}"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("../a.csproj")]
    [DataRow("/a.csproj")]
    [DataRow("c:/a.csproj")]
    [DataRow("a\\\\b.csproj")]
    [DataRow("a//b.csproj")]
    public void The_project_of_a_base_image_is_in_the_repository(string path)
        => Refused(InSection($"\"bases\": {{\n\"{path}\": {{}}}}"), "is not a path inside the repository", 5, 1);

    [TestMethod]
    [DataRow("\"tags\": [],\n\"tags\": []")]
    [DataRow("\"platforms\": {},\n\"platforms\": {}")]
    [DataRow("\"mediaType\": \"a/b\",\n\"mediaType\": \"a/b\"")]
    [DataRow("\"x\": 1,\n\"x\": 1")]
    [DataRow("\"platforms\": {\"linux/amd64\": \"" + Digest + "\",\n\"linux/amd64\": \"" + Other + "\"}")]
    public void Nothing_may_be_there_twice_in_an_entry(string members) => RefusedAsDouble(Member(members), 6);

    [TestMethod]
    public void Nothing_may_be_there_twice_in_the_section()
    {
        RefusedAsDouble(Entries($"\"{Key}\": {{}},\n\"{Key}\": {{}}"), 6);
        RefusedAsDouble(InSection("\"digests\": {},\n\"digests\": {}"), 5);
        RefusedAsDouble(InSection("\"bases\": {},\n\"bases\": {}"), 5);
        RefusedAsDouble(InSection("\"x\": {},\n\"x\": {}"), 5);
        RefusedAsDouble(InSection("\"bases\": {\"a\": {},\n\"a\": {}}"), 5);
        RefusedAsDouble(InSection($"\"digests\": {{\"{Key}\": {{}}}}, \"bases\": {{\"a\": {{\"{Alpine}:3\": \"{Key}\",\n\"{Alpine}:3\": \"{Key}\"}}}}"), 5);
        RefusedAsDouble("{\"version\": 1, \"images\": {},\n\"images\": {}}", 2);
    }

    [TestMethod]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("{\"digests\": []}")]
    [DataRow("{\"bases\": 1}")]
    [DataRow("{\"bases\": {\"a\": []}}")]
    [DataRow("{\"digests\": {\"" + Key + "\": null}}")]
    [DataRow("{\"digests\": {\"" + Key + "\": {\"platforms\": []}}}")]
    public void What_holds_members_is_an_object(string section)
        => Assert.AreEqual("The lockfile is damaged: expected an object.", LockfileSamples.Refused($"{{\"version\": 1, \"images\": {section}}}").Message);

    [TestMethod]
    [DataRow("\"tags\": \"a\"", "an array")]
    [DataRow("\"tags\": {}", "an array")]
    [DataRow("\"tags\": [1]", "a string")]
    [DataRow("\"tags\": [[\"a\"]]", "a string")]
    [DataRow("\"mediaType\": 1", "a string")]
    [DataRow("\"platforms\": {\"linux/amd64\": null}", "a string")]
    public void A_value_has_its_kind(string member, string expected)
        => Assert.AreEqual($"The lockfile is damaged: expected {expected}.", LockfileSamples.Refused(Member(member)).Message);

    [TestMethod]
    public void Whatever_the_text_the_outcome_is_a_lockfile_or_a_finding()
    {
        string[] pieces = ["\"", "{", "}", "[", "]", ",", ":", "@", "/", "..", "null", "1", "\\ud800", "\"tags\": []", "\"bases\"", "\n<<<<<<< a\n", Digest, Other, Key, Alpine, "A", "\0", "漢"];
        Gen.Select(Gen.Int[0, Full.Length], Gen.Int[0, 60], Gen.OneOfConst(pieces)).Array[1, 2].Sample(
            mutations =>
            {
                var text = mutations.Aggregate(Full, (t, m) => t[..Math.Min(t.Length, m.Item1)] + m.Item3 + t[Math.Min(t.Length, m.Item1 + m.Item2)..]);
                var lockfile = LockfileReader.Read(Encoding.UTF8.GetBytes(text), "hardening.lock.json", out var finding);
                return lockfile is null ? finding is { Place.Line: > 0, Place.Column: > 0 } : finding is null && Text(LockfileSamples.Read(Text(lockfile))) == Text(lockfile);
            },
            iter: 20_000);
    }

    [TestMethod]
    public void A_join_of_two_sides_has_the_entries_tags_and_bases_of_both()
    {
        var ours = new ImageEntry(Alpine, Digest) { Tags = ["3", "3.22"], MediaType = "a/ours", Platforms = Platform(Digest) };
        var theirs = new ImageEntry(Alpine, Digest) { Tags = ["3.22", "3.22.1"], MediaType = "a/theirs", Platforms = Platform(Other) };
        var other = new ImageEntry(Alpine, Other);

        var merged = LockfileMerge.Merge(Of([ours], ("a.csproj", "3", ours)), Of([theirs, other], ("a.csproj", "3", other), ("a.csproj", "4", other), ("b.csproj", "3", theirs))).Images;

        Assert.HasCount(2, merged.Digests);
        CollectionAssert.AreEqual(new[] { "3", "3.22", "3.22.1" }, merged.Digests[Key].Tags.ToArray());
        Assert.AreEqual(("a/ours", Digest), (merged.Digests[Key].MediaType, merged.Digests[Key].Platforms["linux/amd64"]), "one side's evidence is not mixed with the other's");
        Assert.AreEqual((Key, other.Key), (merged.Bases["a.csproj"][$"{Alpine}:3"], merged.Bases["a.csproj"][$"{Alpine}:4"]));
        Assert.AreEqual(Key, merged.Bases["b.csproj"][$"{Alpine}:3"]);
        LockfileSamples.Read(LockfileWriter.Write(new Lockfile { Images = merged }));
    }

    [TestMethod]
    public void A_join_of_a_lockfile_with_itself_or_with_nothing_is_the_lockfile()
        => Any.Sample(
            lockfile => LockfileSamples.Same(lockfile, LockfileMerge.Merge(lockfile, lockfile))
                && LockfileSamples.Same(lockfile, LockfileMerge.Merge(lockfile, Lockfile.Empty))
                && LockfileSamples.Same(lockfile, LockfileMerge.Merge(Lockfile.Empty, lockfile)),
            iter: 200);

    [TestMethod]
    public void The_merge_driver_takes_an_entry_from_one_side_as_a_whole_or_reports_a_conflict()
    {
        using var folder = new TemporaryFolder();
        var entry = new ImageEntry(Alpine, Digest) { Tags = ["3"] };
        var tagged = entry with { Tags = ["3", "3.22"] };
        var described = entry with { Platforms = Platform(Digest) };
        var second = new ImageEntry(Alpine, Other) { Tags = ["4"] };

        Assert.AreEqual(Text(Of([entry, second])), Merged(folder, Of([]), Of([entry]), Of([second])));
        Assert.AreEqual(Text(Of([tagged])), Merged(folder, Of([entry]), Of([tagged]), Of([entry])));
        Assert.AreEqual(Text(Of([tagged])), Merged(folder, Of([entry]), Of([entry]), Of([tagged])));
        Assert.IsNull(Merged(folder, Of([entry]), Of([tagged]), Of([described])), "members that differ do not mix");
        Assert.IsNull(Merged(folder, Of([entry]), Of([tagged]), Of([])), "changed here, removed there");
    }

    [TestMethod]
    public void The_merge_driver_leaves_no_base_image_without_its_entry()
    {
        using var folder = new TemporaryFolder();
        var (entry, second) = (new ImageEntry(Alpine, Digest), new ImageEntry(Alpine, Other));

        var problem = LockfileMergeDriver.Merge(
            folder.File("ancestor", LockfileWriter.Write(Of([entry]))), folder.File("ours", LockfileWriter.Write(Of([entry], ("a.csproj", "3", entry)))), folder.File("theirs", LockfileWriter.Write(Of([second]))));

        Assert.Contains("which has no entry", problem!);
    }

    [TestMethod]
    public void The_merge_driver_says_what_both_sides_changed()
    {
        using var folder = new TemporaryFolder();
        var (one, two, three) = (new ImageEntry(Alpine, Digest), new ImageEntry(Alpine, Other), new ImageEntry(Alpine, Sha512));
        ImageEntry[] all = [one, two, three];

        Assert.AreEqual(
            $"Both sides changed images.bases.a.csproj.{Alpine}:3",
            LockfileMergeDriver.Merge(
                folder.File("ancestor", LockfileWriter.Write(Of(all, ("a.csproj", "3", one)))),
                folder.File("ours", LockfileWriter.Write(Of(all, ("a.csproj", "3", two)))),
                folder.File("theirs", LockfileWriter.Write(Of(all, ("a.csproj", "3", three))))));
    }

    // A lockfile whose entries begin on line 5.
    private static string Entries(string entries) => InSection("\"digests\": {\n" + entries + "\n}");

    // A lockfile whose section begins on line 4.
    private static string InSection(string members) => "{\n\"version\": 1,\n\"images\": {\n" + members + "\n}\n}\n";

    // A lockfile with one entry, right but for the member, which begins on line 5.
    private static string Member(string member) => Entries($"\"{Key}\": {{{member}}}");

    private static void Refused(string text, string expected, int line, int column)
    {
        var finding = LockfileSamples.Refused(text);

        Assert.AreEqual(FindingCodes.LockfileDamaged, finding.Code);
        Assert.Contains(expected, finding.Message);
        Assert.AreEqual(new SourcePlace("hardening.lock.json", line, column), finding.Place);
    }

    private static void RefusedAsDouble(string text, int line)
    {
        var finding = LockfileSamples.Refused(text);

        Assert.EndsWith("is there twice.", finding.Message);
        Assert.AreEqual(new SourcePlace("hardening.lock.json", line, 1), finding.Place);
    }

    private static string Text(Lockfile lockfile) => Encoding.UTF8.GetString(LockfileWriter.Write(lockfile));

    // The merged text, or null after a conflict.
    private static string? Merged(TemporaryFolder folder, Lockfile ancestor, Lockfile ours, Lockfile theirs)
    {
        var path = folder.File("ours", LockfileWriter.Write(ours));
        return LockfileMergeDriver.Merge(folder.File("ancestor", LockfileWriter.Write(ancestor)), path, folder.File("theirs", LockfileWriter.Write(theirs))) is null ? File.ReadAllText(path) : null;
    }

    private static Lockfile Of(IEnumerable<ImageEntry> entries, params (string Project, string Tag, ImageEntry Entry)[] bases) => new()
    {
        Images = new ImagesSection
        {
            IsBaseline = true,
            Digests = entries.ToDictionary(e => e.Key),
            Bases = bases.GroupBy(b => b.Project).ToDictionary(g => g.Key, IReadOnlyDictionary<string, string> (g) => g.ToDictionary(b => $"{b.Entry.Name}:{b.Tag}", b => b.Entry.Key)),
        },
    };

    private static Dictionary<string, string> Platform(string digest) => new() { ["linux/amd64"] = digest };

    private static Gen<IReadOnlyDictionary<string, JsonElement>> Unknown() => Map(
        Gen.OneOfConst("", "A", "digests2", "base", "tag", "zz", "é"),
        Gen.OneOfConst("null", "true", "0", "1e400", "\"\\ud83d\\ude00 <&'+\"", "[]", "{}", "[[1,{\"b\":2,\"a\":[]}],\"x\"]").Select(json => JsonDocument.Parse(json).RootElement));

    private static Gen<IReadOnlyDictionary<string, T>> Map<T>(Gen<string> key, Gen<T> value) => Gen.Select(key, value, (k, v) => (Key: k, Value: v)).Array[0, 3]
        .Select(IReadOnlyDictionary<string, T> (pairs) => pairs.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));
}
