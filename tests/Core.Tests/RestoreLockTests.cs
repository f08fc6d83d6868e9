using System.Text;
using CsCheck;
using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class RestoreLockTests
{
    private const string Written = """
        {
          "version": 2,
          "dependencies": {
            "net10.0": {
              "Some.Tool": {
                "type": "Direct",
                "requested": "[1.2.3, )",
                "resolved": "1.2.3",
                "contentHash": "AA==",
                "dependencies": {
                  "Other": "1.0.0"
                }
              },
              "lib": {
                "type": "Project"
              }
            },
            "net10.0/linux-x64": {}
          }
        }
        """;

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abzAZ09.-_ \"\\<é漢+"], 1, 8];

    private static readonly Gen<RestoreLockItem> Item = Gen.Select(Word, Gen.OneOfConst("Direct", "Transitive", "Project"), Word.Null(), Word.Null(), Word.Null(), Gen.Dictionary(Word, Word)[0, 3],
        (id, type, requested, resolved, hash, dependencies) => new RestoreLockItem(id, type) { Requested = requested, Resolved = resolved, ContentHash = hash, Dependencies = dependencies });

    private static readonly Gen<RestoreLock> Any = Gen.Select(Gen.Int[1, 2], Gen.Dictionary(Word, Item.Array[0, 4].Select(IReadOnlyList<RestoreLockItem> (i) => [.. i.DistinctBy(x => x.Id)]))[0, 3],
        (version, targets) => new RestoreLock(version, targets));

    [TestMethod]
    public void What_NuGet_writes_is_read_and_written_as_it_stands()
    {
        var read = Read(Written);

        Assert.AreEqual(2, read.Version);
        Assert.AreEqual("1.0.0", read.Targets["net10.0"][0].Dependencies["Other"]);
        Assert.IsEmpty(read.Targets["net10.0/linux-x64"]);
        Assert.AreEqual(Written.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(read.Write()));
    }

    [TestMethod]
    public void Whatever_is_written_is_read_as_the_same()
    {
        using var folder = new TemporaryFolder();
        Any.Sample(
            made =>
            {
                var read = RestoreLock.Read(folder.File(Guid.NewGuid().ToString(), made.Write()));
                Assert.AreEqual(RestoreSamples.Lines(made), RestoreSamples.Lines(read));
                Assert.IsTrue(made.Write().AsSpan().SequenceEqual(read.Write()));
            },
            iter: 300);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("{\"version\": 1}")]
    [DataRow("{\"version\": \"1\", \"dependencies\": {}}")]
    [DataRow("{\"version\": 1.5, \"dependencies\": {}}")]
    [DataRow("{\"version\": 1, \"dependencies\": {}, \"dependencies\": {}}")]
    [DataRow("{\"version\": 1, \"dependencies\": {\"net10.0\": []}}")]
    [DataRow("{\"version\": 1, \"dependencies\": {\"net10.0\": {\"a\": {}}}}")]
    [DataRow("{\"version\": 1, \"dependencies\": {\"net10.0\": {\"a\": {\"type\": 1}}}}")]
    [DataRow("{\"version\": 1, \"dependencies\": {\"net10.0\": {\"a\": {\"type\": \"Direct\", \"dependencies\": {\"b\": 1}}}}}")]
    [DataRow("{\"version\": 1, \"dependencies\": {\"net10.0\": {\"a\": {\"type\": \"Direct\", \"dependencies\": {\"b\": \"1\", \"b\": \"2\"}}}}}")]
    [DataRow("{\"version\": 1, \"dependencies\": {\"net10.0\": {\"a\": {\"type\": \"\\ud800\"}}}}")]
    public void What_is_no_lock_file_is_invalid_data(string text) => Assert.ThrowsExactly<InvalidDataException>(() => Read(text));

    private static RestoreLock Read(string text)
    {
        using var folder = new TemporaryFolder();
        return RestoreLock.Read(folder.File("packages.lock.json", text));
    }
}
