using System.Text;
using System.Text.Json;
using CsCheck;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Formats.Workflows;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>The section of actions: read, written, merged.</summary>
[TestClass]
public sealed class LockfileActionsTests
{
    private const string Hash = LockfileSamples.Hash;
    private const string Commit = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string Other = "67a3573c9a986a3f9c594539f4ab511d57bb3ce9";
    private const string Sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Key = "actions/checkout@" + Commit;

    /// <summary>Canonical, with every known member and unknown ones at each level that keeps them.</summary>
    private const string Full = $$"""
        {
          "version": 1,
          "actions": {
            "a": null,
            "commits": {
              "actions/checkout@{{Commit}}": {
                "attested": [
                  "x"
                ],
                "git": {
                  "refs": {
                    "refs/heads/releases/v4": "{{Commit}}",
                    "refs/tags/v4": "{{Other}}",
                    "refs/tags/v4.2.2": "{{Commit}}"
                  },
                  "tree": "{{Hash}}"
                },
                "host": {
                  "owner": 44036562,
                  "repository": 9223372036854775807
                },
                "name": "Actions/Checkout",
                "uses": {
                  ".": {
                    "docker://alpine:3.22": "",
                    "octo-org/.github/setup@v1": "octo-org/.github@{{Other}}"
                  },
                  ".github/workflows/build.yml": {
                    "./nested": "actions/checkout@{{Commit}}"
                  }
                }
              },
              "https://git.example:8443/team/tools@{{Sha256}}": {
                "git": {},
                "name": "https://git.example:8443/Team/tools"
              },
              "octo-org/.github@{{Other}}": {
                "git": {
                  "refs": {
                    "refs/tags/v1": "{{Other}}"
                  }
                },
                "name": "octo-org/.github"
              }
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

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abzABZ019 .-_+/\\\"<>&:;@é漢\u2028\n\t"], 0, 12];

    private static readonly Gen<string> Segment =
        Gen.Select(Gen.Char["abXY09_-"], Gen.String[Gen.Char["abXY09._-"], 0, 8], Gen.Char["abXY09_-"], (first, middle, last) => first + middle + last);

    private static readonly Gen<string> ObjectId = Gen.OneOf(Digits(40), Digits(64));

    private static readonly Gen<string> Name = Gen.Select(Gen.OneOfConst("", "", "https://git.example/", "https://git.example:8443/"), Segment, Segment, (server, owner, repository) => $"{server}{owner}/{repository}");

    private static readonly Gen<string> AnyKey = Gen.Select(Name, ObjectId, ActionEntry.KeyOf);

    private static readonly Gen<string> Folder = Gen.OneOf(Gen.Const(ActionEntry.RootPath), Segment.Array[1, 3].Select(segments => string.Join('/', segments)));

    // What an action uses, with the key of the entry that it leads to.
    private static readonly Gen<(string Words, string Key)> Use = Gen.Select(Name, Segment, ObjectId, Gen.Int[0, 3], (name, text, id, kind) => kind switch
    {
        0 => ($"docker://{text}", string.Empty),
        1 => ($"{name}@{id}", ActionEntry.KeyOf(name, id)),
        _ => ($"{name}/sub@v{text.Length}", ActionEntry.KeyOf(name, id)),
    });

    private static readonly Gen<IReadOnlyDictionary<string, string>> Used =
        Use.Array[0, 4].Select(IReadOnlyDictionary<string, string> (uses) => uses.DistinctBy(u => u.Words).ToDictionary(u => u.Words, u => u.Key));

    private static readonly Gen<ActionEntry> Entry = Gen.Select(
        Gen.Select(Name, ObjectId),
        Segment.Select(s => $"refs/tags/v{s}x").Array[0, 3],
        Gen.OneOf(Gen.Const(string.Empty), Gen.Byte.Array[64].Select(Convert.ToBase64String)),
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, 2]),
        Map(Folder, Used),
        Unknown(),
        (id, refs, tree, host, uses, unknown) => new ActionEntry(id.Item1, id.Item2)
        {
            Refs = refs.Where(UsesText.IsRefName).Distinct().ToDictionary(r => r, _ => id.Item2),
            Tree = tree,
            OwnerId = host.Item1,
            RepositoryId = host.Item2,
            Uses = uses,
            Unknown = unknown,
        });

    private static readonly Gen<ActionsSection> Section = Gen.Select(Entry.Array[0, 4], Unknown(), (entries, unknown) =>
        new ActionsSection { Commits = entries.DistinctBy(e => e.Key).ToDictionary(e => e.Key), Unknown = unknown });

    // Beside sections of every other kind.
    private static readonly Gen<Lockfile> Any = Gen.Select(LockfileSamples.Any, Section, (lockfile, actions) => lockfile with { Actions = actions });

    [TestMethod]
    public void Every_known_member_is_read()
    {
        var actions = LockfileSamples.Read(Full).Actions;

        Assert.HasCount(3, actions.Commits);
        var entry = actions.Commits[Key];
        Assert.AreEqual(("Actions/Checkout", Commit, Key), (entry.Name, entry.Commit, entry.Key));
        Assert.HasCount(3, entry.Refs);
        Assert.AreEqual(Other, entry.Refs["refs/tags/v4"], "the object of an annotated tag");
        Assert.AreEqual(Commit, entry.Refs["refs/tags/v4.2.2"]);
        Assert.AreEqual(Hash, entry.Tree);
        Assert.AreEqual((44036562, long.MaxValue), (entry.OwnerId, entry.RepositoryId));
        Assert.AreEqual($"octo-org/.github@{Other}", entry.Uses[ActionEntry.RootPath]["octo-org/.github/setup@v1"]);
        Assert.AreEqual(string.Empty, entry.Uses[ActionEntry.RootPath]["docker://alpine:3.22"]);
        Assert.AreEqual(Key, entry.Uses[".github/workflows/build.yml"]["./nested"]);
    }

    [TestMethod]
    public void Evidence_that_is_absent_is_empty()
    {
        var entry = LockfileSamples.Read(Full).Actions.Commits[$"https://git.example:8443/team/tools@{Sha256}"];

        Assert.AreEqual(Sha256, entry.Commit);
        Assert.AreEqual("https://git.example:8443/Team/tools", entry.Name);
        Assert.IsEmpty(entry.Refs);
        Assert.IsEmpty(entry.Uses);
        Assert.AreEqual((string.Empty, 0, 0), (entry.Tree, entry.OwnerId, entry.RepositoryId));
    }

    [TestMethod]
    public void Unknown_members_are_kept_in_the_section_and_in_an_entry()
    {
        var actions = LockfileSamples.Read(Full).Actions;

        CollectionAssert.AreEquivalent(new[] { "a", "z" }, actions.Unknown.Keys.ToArray());
        Assert.AreEqual("attested", actions.Commits[Key].Unknown.Single().Key);
    }

    [TestMethod]
    public void A_section_that_is_written_is_a_baseline_even_where_nothing_is_in_it()
    {
        const string Empty = "{\n  \"version\": 1,\n  \"actions\": {\n    \"commits\": {}\n  },\n  \"nuget\": {\n    \"packages\": {},\n    \"projects\": {},\n    \"sdks\": {},\n    \"sources\": {}\n  }\n}\n";

        Assert.IsTrue(LockfileSamples.Read("{\"version\": 1, \"actions\": {\"later\": 1}}").Actions.IsBaseline);
        Assert.IsTrue(LockfileSamples.Read("{\"version\": 1, \"actions\": {}}").Actions.IsBaseline);
        Assert.IsFalse(LockfileSamples.Read("{\"version\": 1}").Actions.IsBaseline);
        Assert.AreEqual(Empty, Text(LockfileSamples.Read(Empty)));
    }

    [TestMethod]
    public void A_canonical_section_is_written_as_it_was_read() => Assert.AreEqual(Full, Text(LockfileSamples.Read(Full)));

    [TestMethod]
    public void A_section_that_is_not_there_is_not_written() => Assert.DoesNotContain("actions", Text(LockfileSamples.Read("{\"version\": 1}")));

    [TestMethod]
    public void The_host_is_written_only_where_it_was_asked()
    {
        var entry = new ActionEntry("a/b", Commit);

        Assert.DoesNotContain("host", Text(Of(entry)));
        Assert.Contains("\"owner\": 7,\n          \"repository\": 0", Text(Of(entry with { OwnerId = 7 })));
        Assert.Contains("\"owner\": 0,\n          \"repository\": 7", Text(Of(entry with { RepositoryId = 7 })));
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
    public void The_order_of_insertion_does_not_matter()
        => Section.Sample(
            section =>
            {
                var backwards = section with
                {
                    Commits = Backwards(section.Commits.ToDictionary(p => p.Key, p => p.Value with
                    {
                        Refs = Backwards(p.Value.Refs),
                        Uses = Backwards(p.Value.Uses.ToDictionary(u => u.Key, IReadOnlyDictionary<string, string> (u) => Backwards(u.Value))),
                        Unknown = Backwards(p.Value.Unknown),
                    })),
                    Unknown = Backwards(section.Unknown),
                };
                return Text(new Lockfile { Actions = section }) == Text(new Lockfile { Actions = backwards });
            },
            iter: 500);

    [TestMethod]
    public void Written_bytes_have_one_fact_a_line_and_no_carriage_return()
        => Section.Sample(
            section =>
            {
                var bytes = LockfileWriter.Write(new Lockfile { Actions = section });
                return !bytes.AsSpan().ContainsAny((byte)'\r', (byte)'\t', (byte)0) && ConflictMarkers.FirstLine(bytes) == 0;
            },
            iter: 500);

    [TestMethod]
    [DataRow("actions/checkout@" + Commit)]
    [DataRow("actions/checkout@" + Sha256)]
    [DataRow("octo-org/.github@" + Commit)]
    [DataRow("a/b.c_d-e@" + Commit)]
    [DataRow("https://git.example/team/tools@" + Commit)]
    [DataRow("https://git.example:8443/team/tools@" + Sha256)]
    public void A_key_is_a_repository_and_a_commit_in_full(string key)
        => Assert.AreEqual(key, LockfileSamples.Read(Entries($"\"{key}\": {{\"name\": \"{key[..key.LastIndexOf('@')]}\"}}")).Actions.Commits.Single().Value.Key);

    [TestMethod]
    // no commit in full
    [DataRow("")]
    [DataRow("@")]
    [DataRow("actions/checkout")]
    [DataRow("actions/checkout@")]
    [DataRow("actions/checkout@v4")]
    [DataRow("actions/checkout@11bd719")]
    [DataRow("actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af68")]
    [DataRow("actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af6830")]
    [DataRow("actions/checkout@e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [DataRow("actions/checkout@e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550")]
    [DataRow("actions/checkout@g1bd71901bbe5b1630ceea73d27597364c9af683")]
    [DataRow("actions/checkout@１1bd71901bbe5b1630ceea73d27597364c9af683")]
    [DataRow("actions/checkout@ 11bd71901bbe5b1630ceea73d27597364c9af68")]
    [DataRow("actions/checkout@" + Commit + "\\n")]
    // upper case, by which one identity would have two keys
    [DataRow("Actions/checkout@" + Commit)]
    [DataRow("actions/Checkout@" + Commit)]
    [DataRow("actions/checkout@11BD71901bbe5b1630ceea73d27597364c9af683")]
    [DataRow("HTTPS://git.example/team/tools@" + Commit)]
    [DataRow("https://Git.example/team/tools@" + Commit)]
    // no repository
    [DataRow("@" + Commit)]
    [DataRow("checkout@" + Commit)]
    [DataRow("actions/@" + Commit)]
    [DataRow("/checkout@" + Commit)]
    [DataRow("actions/checkout/sub@" + Commit)]
    [DataRow("actions//checkout@" + Commit)]
    [DataRow("/actions/checkout@" + Commit)]
    [DataRow("actions/checkout/@" + Commit)]
    [DataRow("actions\\\\checkout@" + Commit)]
    [DataRow("actions/checkout@@" + Commit)]
    [DataRow("actions/checkout@v4@" + Commit)]
    [DataRow("../checkout@" + Commit)]
    [DataRow("actions/..@" + Commit)]
    [DataRow("./actions/checkout@" + Commit)]
    [DataRow("actions/check out@" + Commit)]
    [DataRow("actions/check\\u0000out@" + Commit)]
    [DataRow("actions/check\\nout@" + Commit)]
    [DataRow("actions/checkout\\u200b@" + Commit)]
    [DataRow("actions/chec\u212Aout@" + Commit)]
    [DataRow("аctions/checkout@" + Commit)]
    [DataRow("actions/${{ x }}@" + Commit)]
    [DataRow("docker://alpine/git@" + Commit)]
    // no server
    [DataRow("://team/tools@" + Commit)]
    [DataRow("https:///team/tools@" + Commit)]
    [DataRow("https://git.example/tools@" + Commit)]
    [DataRow("https://git.example//team/tools@" + Commit)]
    [DataRow("https://git.example/team/tools/sub@" + Commit)]
    [DataRow("https://git.example:443/team/tools@" + Commit)]
    [DataRow("https://user@git.example/team/tools@" + Commit)]
    [DataRow("https://user:secret@git.example/team/tools@" + Commit)]
    [DataRow("https://git.example?x/team/tools@" + Commit)]
    [DataRow("https://git.example#x/team/tools@" + Commit)]
    [DataRow("https://git.example\\\\team/tools@" + Commit)]
    [DataRow("ftp://git.example/team/tools@" + Commit)]
    [DataRow("file:///team/tools@" + Commit)]
    [DataRow("ssh://git.example/team/tools@" + Commit)]
    public void A_key_that_is_no_repository_and_commit_is_refused_at_its_line(string key)
    {
        var name = key.Contains('@', StringComparison.Ordinal) ? key[..key.LastIndexOf('@')] : key;
        Refused(Entries($"\"{key}\": {{\"name\": \"{name}\"}}"), "is not a repository and a commit", 5, 1);
    }

    [TestMethod]
    public void A_key_that_is_too_long_is_refused()
        => Refused(Entries($"\"{new string('a', 600)}/{new string('b', 600)}@{Commit}\": {{\"name\": \"a/b\"}}"), "is not a repository and a commit", 5, 1);

    [TestMethod]
    [DataRow("actions/other")]
    [DataRow("actions/checkout ")]
    [DataRow("actions/checkout@v4")]
    [DataRow("https://github.com/actions/checkout")]
    [DataRow("")]
    public void A_key_that_does_not_match_its_name_is_refused(string name)
        => Refused(Entries($"\"{Key}\":\n{{\"name\": \"{name}\"}}"), $"the key \"{Key}\" does not match the name \"{name}\"", 5, 1);

    [TestMethod]
    public void An_entry_needs_a_name()
        => Assert.AreEqual("The lockfile is damaged: \"name\" is missing.", LockfileSamples.Refused(Entries($"\"{Key}\": {{\"git\": {{}}}}")).Message);

    [TestMethod]
    [DataRow("v4", Commit)]
    [DataRow("", Commit)]
    [DataRow("ref/tags/v4", Commit)]
    [DataRow("Refs/tags/v4", Commit)]
    [DataRow(" refs/tags/v4", Commit)]
    [DataRow("HEAD", Commit)]
    [DataRow("refs/tags/v4", "")]
    [DataRow("refs/tags/v4", "v4.2.2")]
    [DataRow("refs/tags/v4", "11bd719")]
    [DataRow("refs/tags/v4", "11BD71901bbe5b1630ceea73d27597364c9af683")]
    [DataRow("refs/tags/v4", Commit + " ")]
    [DataRow("refs/tags/v4", Sha256 + "00")]
    public void A_ref_that_is_none_or_names_no_object_is_refused_at_its_line(string name, string id)
        => Refused(Member($"\"git\": {{\"refs\": {{\n \"{name}\":\n\"{id}\"}}}}"), $"\"{name}\": \"{id}\" is not a branch or tag and the object that it names", 6, 2);

    [TestMethod]
    [DataRow("")]
    [DataRow("sha512-AAAA")]
    [DataRow(Commit)]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [DataRow(Hash + "\\n")]
    [DataRow(" " + Hash)]
    public void A_tree_that_is_no_sha512_is_refused_at_its_line(string tree)
        => Refused(Member($"\"git\": {{\n\"tree\": \"{tree}\"}}"), "expected a SHA-512 hash in base64 (88 characters)", 6, 9);

    [TestMethod]
    [DataRow("-1", "expected a whole number that is not negative")]
    [DataRow("1.0", "expected a whole number that is not negative")]
    [DataRow("1e3", "expected a whole number that is not negative")]
    [DataRow("9223372036854775808", "expected a whole number that is not negative")]
    [DataRow("\"1\"", "expected a number")]
    [DataRow("null", "expected a number")]
    [DataRow("[1]", "expected a number")]
    public void A_number_of_the_host_that_is_none_is_refused_at_its_line(string number, string expected)
    {
        Refused(Member($"\"host\": {{\n\"owner\": {number}}}"), expected, 6, 10);
        Refused(Member($"\"host\": {{\n\"repository\": {number}}}"), expected, 6, 15);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("..")]
    [DataRow("../x")]
    [DataRow("a/../../x")]
    [DataRow("./a")]
    [DataRow("a/.")]
    [DataRow("/etc")]
    [DataRow("a//b")]
    [DataRow("a/")]
    [DataRow("a\\\\b")]
    [DataRow("c:/a")]
    [DataRow("a\\u0000")]
    public void A_path_that_leads_out_of_the_repository_of_the_action_is_refused_at_its_line(string path)
        => Refused(Member($"\"uses\": {{\n \"{path}\": {{}}}}"), "is not a path inside the repository", 6, 2);

    [TestMethod]
    [DataRow("v4")]
    [DataRow("actions/checkout")]
    [DataRow("actions/checkout@v4")]
    [DataRow("Actions/checkout@" + Commit)]
    [DataRow("actions/checkout/sub@" + Commit)]
    [DataRow("../actions@" + Commit)]
    [DataRow(" ")]
    public void What_an_action_uses_has_to_be_the_key_of_an_entry(string key)
    {
        Refused(Member($"\"uses\": {{\n \".\": {{\"actions/checkout@v1\": \"{key}\"}}}}"), $"\"{key}\" is not what an action uses and the entry that it leads to", 6, 8);
        Refused(Member($"\"uses\": {{\".\": {{}},\n \"sub/dir\": {{\"docker://x\": \"\", \"actions/checkout@v1\": \"{key}\"}}}}"), $"\"{key}\" is not what an action uses and the entry that it leads to", 6, 32);
    }

    [TestMethod]
    [DataRow("a/b@v1", "c/d@" + Commit)]
    [DataRow("a/b@v1", "")]
    [DataRow("a/b@" + Commit, "a/b@" + Other)]
    [DataRow("./x", "a/b@" + Commit)]
    [DataRow("docker://alpine:3", "a/b@" + Commit)]
    [DataRow("nothing", "a/b@" + Commit)]
    public void Words_lead_to_the_entry_that_they_name(string words, string key)
        => Assert.Contains(words[0] == '.' ? "does not match" : "is not what an action uses", LockfileSamples.Refused(Member($"\"uses\": {{\n \".\": {{\"{words}\": \"{key}\"}}}}")).Message);

    [TestMethod]
    [DataRow("\"git\": {},\n\"git\": {}")]
    [DataRow("\"host\": {},\n\"host\": {}")]
    [DataRow("\"name\": \"actions/checkout\",\n\"name\": \"actions/checkout\"")]
    [DataRow("\"n\\u0061me\": \"actions/checkout\",\n\"name\": \"actions/checkout\"")]
    [DataRow("\"uses\": {},\n\"uses\": {}")]
    [DataRow("\"x\": 1,\n\"x\": 1")]
    [DataRow("\"git\": {\"refs\": {},\n\"refs\": {}}")]
    [DataRow("\"git\": {\"tree\": \"" + Hash + "\",\n\"tree\": \"" + Hash + "\"}")]
    [DataRow("\"git\": {\"refs\": {\"refs/tags/v4\": \"" + Commit + "\",\n\"refs/tags/v4\": \"" + Other + "\"}}")]
    [DataRow("\"host\": {\"owner\": 1,\n\"owner\": 2}")]
    [DataRow("\"host\": {\"repository\": 1,\n\"repository\": 2}")]
    [DataRow("\"uses\": {\".\": {},\n\".\": {}}")]
    [DataRow("\"uses\": {\"a\": {\"b/c@v1\": \"b/c@" + Other + "\",\n\"b/c@v1\": \"b/c@" + Commit + "\"}}")]
    public void Nothing_may_be_there_twice_in_an_entry(string members) => RefusedAsDouble(Entries($"\"{Key}\": {{{members}}}"), 6);

    [TestMethod]
    public void Nothing_may_be_there_twice_in_the_section()
    {
        var entry = $"\"{Key}\": {{\"name\": \"actions/checkout\"}}";

        RefusedAsDouble(Entries($"{entry},\n{entry}"), 6);
        RefusedAsDouble(InSection("\"commits\": {},\n\"commits\": {}"), 5);
        RefusedAsDouble(InSection("\"x\": {},\n\"x\": {}"), 5);
        RefusedAsDouble("{\"version\": 1, \"actions\": {},\n\"actions\": {}}", 2);
    }

    [TestMethod]
    [DataRow("\"git\": {\"more\": 1}")]
    [DataRow("\"host\": {\"more\": 1}")]
    public void Unknown_members_are_refused_where_they_would_be_lost(string member)
        => Assert.AreEqual("The lockfile is damaged: \"more\" is not known.", LockfileSamples.Refused(Member(member)).Message);

    [TestMethod]
    [DataRow("{\"version\": 1, \"actions\": null}")]
    [DataRow("{\"version\": 1, \"actions\": []}")]
    [DataRow("{\"version\": 1, \"actions\": {\"commits\": []}}")]
    [DataRow("{\"version\": 1, \"actions\": {\"commits\": {\"" + Key + "\": null}}}")]
    [DataRow("{\"version\": 1, \"actions\": {\"commits\": {\"" + Key + "\": {\"git\": []}}}}")]
    [DataRow("{\"version\": 1, \"actions\": {\"commits\": {\"" + Key + "\": {\"git\": {\"refs\": []}}}}}")]
    [DataRow("{\"version\": 1, \"actions\": {\"commits\": {\"" + Key + "\": {\"host\": 1}}}}")]
    [DataRow("{\"version\": 1, \"actions\": {\"commits\": {\"" + Key + "\": {\"uses\": []}}}}")]
    [DataRow("{\"version\": 1, \"actions\": {\"commits\": {\"" + Key + "\": {\"uses\": {\".\": []}}}}}")]
    public void What_holds_members_is_an_object(string text)
        => Assert.AreEqual("The lockfile is damaged: expected an object.", LockfileSamples.Refused(text).Message);

    [TestMethod]
    [DataRow("\"name\": 1")]
    [DataRow("\"name\": null")]
    [DataRow("\"git\": {\"tree\": {}}")]
    [DataRow("\"git\": {\"refs\": {\"refs/tags/v4\": null}}")]
    [DataRow("\"uses\": {\".\": {\"a/b@v1\": null}}")]
    public void What_holds_text_is_a_string(string members)
        => Assert.AreEqual("The lockfile is damaged: expected a string.", LockfileSamples.Refused(Entries($"\"{Key}\": {{{members}}}")).Message);

    [TestMethod]
    public void Whatever_the_text_the_outcome_is_a_lockfile_or_a_finding()
    {
        string[] pieces = ["\"", "{", "}", ",", ":", "@", "/", "..", "null", "1", "-1", "\\ud800", "\"git\": {}", "\"uses\"", "\"refs/\"", "\n<<<<<<< a\n", Commit, Sha256, Hash, "A", "\0", "漢"];
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
    public void A_join_of_two_sides_has_the_entries_refs_and_uses_of_both()
    {
        var ours = new ActionEntry("A/b", Commit) { Refs = Refs("v1"), Tree = Hash, Uses = Uses("x") };
        var theirs = new ActionEntry("a/B", Commit) { Refs = Refs("v1.2"), Tree = LockfileSamples.OtherHash, OwnerId = 7, Uses = Uses("y") };

        var merged = LockfileMerge.Merge(Of(ours, new ActionEntry("c/d", Commit)), Of(theirs, new ActionEntry("c/d", Other))).Actions.Commits;

        CollectionAssert.AreEquivalent(new[] { ours.Key, $"c/d@{Commit}", $"c/d@{Other}" }, merged.Keys.ToArray());
        var entry = merged[ours.Key];
        Assert.AreEqual((ours.Name, ours.Tree, 0), (entry.Name, entry.Tree, entry.OwnerId), "one side's evidence is not mixed with the other's");
        CollectionAssert.AreEquivalent(new[] { "refs/tags/v1", "refs/tags/v1.2" }, entry.Refs.Keys.ToArray());
        CollectionAssert.AreEquivalent(new[] { "x", "y" }, entry.Uses.Keys.ToArray());
    }

    [TestMethod]
    public void A_join_takes_ours_where_both_sides_have_another_object_for_one_ref()
    {
        var ours = new ActionEntry("a/b", Commit) { Refs = new Dictionary<string, string> { ["refs/tags/v1"] = Commit } };
        var theirs = ours with { Refs = new Dictionary<string, string> { ["refs/tags/v1"] = Other } };

        Assert.AreEqual(Commit, LockfileMerge.Merge(Of(ours), Of(theirs)).Actions.Commits[ours.Key].Refs["refs/tags/v1"]);
    }

    [TestMethod]
    public void A_join_of_a_lockfile_with_itself_or_with_nothing_is_the_lockfile()
        => Any.Sample(
            lockfile => LockfileSamples.Same(lockfile, LockfileMerge.Merge(lockfile, lockfile))
                && LockfileSamples.Same(lockfile, LockfileMerge.Merge(lockfile, Lockfile.Empty))
                && LockfileSamples.Same(lockfile, LockfileMerge.Merge(Lockfile.Empty, lockfile)),
            iter: 200);

    [TestMethod]
    public void Both_sides_of_a_conflict_in_the_section_can_be_read()
    {
        var line = $"\"{Key}\": {{\"name\": \"actions/checkout\"}}";
        var conflict = Entries($"<<<<<<< HEAD\n{line}\n=======\n{line.Replace(Commit, Other, StringComparison.Ordinal)}\n>>>>>>> topic");

        Assert.AreEqual(FindingCodes.LockfileConflict, LockfileSamples.Refused(conflict).Code);
        var (ours, theirs) = ConflictMarkers.Split(conflict);
        Assert.AreEqual(Commit, LockfileSamples.Read(ours).Actions.Commits.Single().Value.Commit);
        Assert.AreEqual(Other, LockfileSamples.Read(theirs).Actions.Commits.Single().Value.Commit);
    }

    [TestMethod]
    public void The_merge_driver_takes_entries_that_both_sides_added_and_removed()
    {
        using var folder = new TemporaryFolder();
        var (a, b, c) = (new ActionEntry("a/a", Commit), new ActionEntry("b/b", Commit), new ActionEntry("c/c", Other));

        Assert.AreEqual(Text(Of(a, b)), Merged(folder, Of(b, c), Of(a, b, c), Of(b)));
        Assert.AreEqual(Text(Of(a, b)), Merged(folder, null, Of(a), Of(b)));
        Assert.AreEqual(Text(Of(a, a with { Commit = Other })), Merged(folder, Lockfile.Empty, Of(a), Of(a with { Commit = Other })), "two commits of one repository are two entries");
    }

    [TestMethod]
    public void The_merge_driver_takes_an_entry_from_one_side_as_a_whole_or_reports_a_conflict()
    {
        using var folder = new TemporaryFolder();
        var entry = new ActionEntry("a/b", Commit) { Refs = Refs("v1"), Tree = Hash };
        var tagged = entry with { Refs = Refs("v1", "v1.2") };
        var asked = entry with { OwnerId = 7, RepositoryId = 8 };

        Assert.AreEqual(Text(Of(tagged)), Merged(folder, Of(entry), Of(tagged), Of(entry)));
        Assert.AreEqual(Text(Of(tagged)), Merged(folder, Of(entry), Of(entry), Of(tagged)));
        Assert.AreEqual(Text(Of(tagged)), Merged(folder, Of(entry), Of(tagged), Of(tagged)));
        Assert.IsNull(Merged(folder, Of(entry), Of(tagged), Of(asked)), "members that differ do not mix");
        Assert.AreEqual(Text(Of(tagged)), File.ReadAllText(folder.At("ours")), "a conflict leaves our file as it is");
        Assert.IsNull(Merged(folder, Of(entry), Of(tagged), Of()), "changed here, removed there");
        Assert.IsNull(Merged(folder, null, Of(tagged), Of(asked)), "added here and there");
    }

    [TestMethod]
    public void The_merge_driver_says_which_entry_both_sides_changed()
    {
        using var folder = new TemporaryFolder();
        var entry = new ActionEntry("A/b", Commit);
        var ours = folder.File("ours", LockfileWriter.Write(Of(entry with { OwnerId = 1 })));

        var problem = LockfileMergeDriver.Merge(folder.File("ancestor", LockfileWriter.Write(Of(entry))), ours, folder.File("theirs", LockfileWriter.Write(Of(entry with { OwnerId = 2 }))));

        Assert.AreEqual($"Both sides changed actions.commits.a/b@{Commit}", problem);
    }

    [TestMethod]
    public void The_merge_driver_refuses_a_side_whose_entry_is_damaged()
    {
        using var folder = new TemporaryFolder();
        var right = folder.File("right", LockfileWriter.Write(Of(new ActionEntry("a/b", Commit))));
        var text = Entries($"\"a/b@{Commit}\": {{\"name\": \"c/d\"}}");
        var wrong = folder.File("wrong", text);

        Assert.Contains("does not match the name", LockfileMergeDriver.Merge(right, right, wrong)!);
        Assert.Contains("does not match the name", LockfileMergeDriver.Merge(right, wrong, right)!);
        Assert.AreEqual(text, File.ReadAllText(wrong));
    }

    // A lockfile whose entries begin on line 5.
    private static string Entries(string entries) => InSection("\"commits\": {\n" + entries + "\n}");

    // A lockfile whose section begins on line 4.
    private static string InSection(string members) => "{\n\"version\": 1,\n\"actions\": {\n" + members + "\n}\n}\n";

    // A lockfile with one entry, right but for the member, which begins on line 5.
    private static string Member(string member) => Entries($"\"{Key}\": {{\"name\": \"actions/checkout\", {member}}}");

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

        Assert.AreEqual(FindingCodes.LockfileDamaged, finding.Code);
        Assert.EndsWith("is there twice.", finding.Message);
        Assert.AreEqual(new SourcePlace("hardening.lock.json", line, 1), finding.Place);
    }

    private static string Text(Lockfile lockfile) => Encoding.UTF8.GetString(LockfileWriter.Write(lockfile));

    // The merged text, or null after a conflict.
    private static string? Merged(TemporaryFolder folder, Lockfile? ancestor, Lockfile ours, Lockfile theirs)
    {
        var path = folder.File("ours", LockfileWriter.Write(ours));
        var problem = LockfileMergeDriver.Merge(folder.File("ancestor", ancestor is null ? [] : LockfileWriter.Write(ancestor)), path, folder.File("theirs", LockfileWriter.Write(theirs)));
        return problem is null ? File.ReadAllText(path) : null;
    }

    private static Lockfile Of(params ActionEntry[] entries) => new() { Actions = new ActionsSection { Commits = entries.ToDictionary(e => e.Key) } };

    private static Dictionary<string, string> Refs(params string[] tags) => tags.ToDictionary(tag => $"refs/tags/{tag}", _ => Commit);

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Uses(string folder) => new() { [folder] = new Dictionary<string, string> { ["c/d@v1"] = $"c/d@{Commit}" } };

    private static Dictionary<string, T> Backwards<T>(IReadOnlyDictionary<string, T> map) => map.Reverse().ToDictionary(StringComparer.Ordinal);

    private static Gen<string> Digits(int count) => Gen.Char["0123456789abcdef"].Array[count].Select(digits => new string(digits));

    private static Gen<IReadOnlyDictionary<string, JsonElement>> Unknown() => Map(
        Gen.OneOfConst("", "A", "commits2", "gi", "git2", "Name", "zz", "é"),
        Gen.OneOfConst("null", "true", "0", "1e400", "\"\\ud83d\\ude00 <&'+\"", "[]", "{}", "[[1,{\"b\":2,\"a\":[]}],\"x\"]").Select(json => JsonDocument.Parse(json).RootElement));

    private static Gen<IReadOnlyDictionary<string, T>> Map<T>(Gen<string> key, Gen<T> value) => Gen.Select(key, value, (k, v) => (Key: k, Value: v)).Array[0, 3]
        .Select(IReadOnlyDictionary<string, T> (pairs) => pairs.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));
}
