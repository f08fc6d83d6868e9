using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class LockfileWriterTests
{
    [TestMethod]
    public void A_canonical_lockfile_is_written_as_it_was_read()
        => Assert.AreEqual(LockfileSamples.Full, Encoding.UTF8.GetString(LockfileWriter.Write(LockfileSamples.Read(LockfileSamples.Full))));

    [TestMethod]
    public void An_empty_lockfile_has_all_sections_and_ends_with_a_line_end()
    {
        const string Expected = """
            {
              "version": 1,
              "nuget": {
                "packages": {},
                "projects": {},
                "sdks": {},
                "sources": {}
              }
            }

            """;
        Assert.AreEqual(Expected, Encoding.UTF8.GetString(LockfileWriter.Write(Lockfile.Empty)));
    }

    [TestMethod]
    public void Whatever_is_written_is_read_again_as_the_same()
        => LockfileSamples.Any.Sample(
            lockfile =>
            {
                var bytes = LockfileWriter.Write(lockfile);
                var again = LockfileSamples.Read(bytes);
                return LockfileSamples.Same(lockfile, again) && LockfileWriter.Write(again).AsSpan().SequenceEqual(bytes);
            },
            iter: 2_000);

    [TestMethod]
    public void Written_bytes_are_lines_of_text_without_carriage_returns_or_tabs()
        => LockfileSamples.Any.Sample(
            lockfile =>
            {
                var bytes = LockfileWriter.Write(lockfile);
                return !bytes.AsSpan().ContainsAny((byte)'\r', (byte)'\t', (byte)0) && bytes[^1] == '\n' && bytes[^2] == '}' && ConflictMarkers.FirstLine(bytes) == 0;
            },
            iter: 500);

    [TestMethod]
    public void The_order_of_members_in_the_text_does_not_matter()
    {
        var reversed = Reversed(JsonNode.Parse(LockfileSamples.Full)!, canReverse: true).ToJsonString();
        Assert.AreNotEqual("{\"version\"", reversed[..10]);

        Assert.AreEqual(LockfileSamples.Full, Encoding.UTF8.GetString(LockfileWriter.Write(LockfileSamples.Read(reversed))));
    }

    [TestMethod]
    public void The_order_of_insertion_does_not_matter()
        => LockfileSamples.Any.Sample(
            lockfile =>
            {
                var other = lockfile with
                {
                    NuGet = lockfile.NuGet with
                    {
                        Packages = Backwards(lockfile.NuGet.Packages),
                        Projects = Backwards(lockfile.NuGet.Projects),
                        Sdks = Backwards(lockfile.NuGet.Sdks),
                        Sources = Backwards(lockfile.NuGet.Sources),
                        Unknown = Backwards(lockfile.NuGet.Unknown),
                    },
                    Unknown = Backwards(lockfile.Unknown),
                };
                return LockfileWriter.Write(lockfile).AsSpan().SequenceEqual(LockfileWriter.Write(other));
            },
            iter: 500);

    [TestMethod]
    public void Keys_are_sorted_by_code_unit_and_not_by_any_language()
    {
        var sources = new Dictionary<string, string> { ["é"] = "", ["a"] = "", ["Z"] = "", ["_"] = "", ["a-b"] = "", ["aB"] = "", ["ab"] = "" };
        var written = Encoding.UTF8.GetString(LockfileWriter.Write(new Lockfile
        {
            NuGet = new NuGetSection { Sources = new Dictionary<string, SourcesEntry> { ["nuget.config"] = new(true) { Sources = sources } } },
        }));

        string[] expected = ["Z", "_", "a", "a-b", "aB", "ab", "é"];
        var at = expected.Select(key => written.IndexOf($"\"{key}\": \"\"", StringComparison.Ordinal)).ToList();
        CollectionAssert.AreEqual(at.Order().ToList(), at);
        Assert.IsGreaterThan(0, at[0]);
    }

    [TestMethod]
    public void Base64_stays_readable()
        => Assert.Contains($"\"{LockfileSamples.OtherHash}\"", Encoding.UTF8.GetString(LockfileWriter.Write(LockfileSamples.Read(LockfileSamples.Full))));

    [TestMethod]
    public void Lists_are_sorted()
    {
        var entry = new PackageEntry("A", "1.0", new PackageContent(LockfileSamples.Hash, LockfileSamples.Hash, LockfileSamples.Hash)) { Runs = ["b", "a", "C"] };
        var lockfile = new Lockfile { NuGet = new NuGetSection { Packages = new Dictionary<string, PackageEntry> { [entry.Key] = entry } } };

        CollectionAssert.AreEqual(new[] { "C", "a", "b" }, LockfileSamples.Read(LockfileWriter.Write(lockfile)).NuGet.Packages[entry.Key].Runs.ToArray());
    }

    [TestMethod]
    public void Null_is_refused() => Assert.ThrowsExactly<ArgumentNullException>(() => LockfileWriter.Write(null!));

    private static Dictionary<string, T> Backwards<T>(IReadOnlyDictionary<string, T> map) => map.Reverse().ToDictionary(StringComparer.Ordinal);

    // What is unknown is kept as it stands, so its own members stay in order.
    private static JsonNode Reversed(JsonNode node, bool canReverse) => node is JsonObject map && canReverse
        ? new JsonObject(map.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value is null ? null : Reversed(pair.Value, pair.Key != "agents"))))
        : node.DeepClone();
}
