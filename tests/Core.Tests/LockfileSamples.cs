using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>Lockfiles for tests: one written by hand that has everything, and generated ones.</summary>
internal static class LockfileSamples
{
    public const string Hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";
    public const string OtherHash = "/+8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";

    /// <summary>Canonical, with every known member and unknown ones at each level that keeps them.</summary>
    public const string Full = $$"""
        {
          "version": 1,
          "agents": {
            "z": [
              1,
              -0.5e3,
              "é\n"
            ],
            "a": null
          },
          "control": {
            "src/Directory.Build.rsp": "{{Hash}}"
          },
          "minor": 3,
          "nuget": {
            "dotnet": {
              "global.json": {
                "rollForward": "latestFeature",
                "version": "10.0.100"
              }
            },
            "msbuildSdks": {
              "some.package": "1.0.0-rc.1"
            },
            "packages": {
              "newtonsoft.json/13.0.3": {
                "archive": "{{OtherHash}}",
                "content": "{{Hash}}",
                "files": "{{Hash}}",
                "name": "Newtonsoft.Json",
                "version": "13.0.3"
              },
              "some.package/1.0.0-rc.1": {
                "archive": "{{Hash}}",
                "content": "{{Hash}}",
                "files": "{{OtherHash}}",
                "name": "Some.Package",
                "owner": true,
                "runs": [
                  "build/Some.Package.targets",
                  "tools/"
                ],
                "variants": {
                  "linux-x64": {
                    "archive": "{{OtherHash}}",
                    "content": "{{OtherHash}}",
                    "files": "{{OtherHash}}"
                  }
                },
                "version": "1.0.0-RC.1"
              }
            },
            "projects": {
              "src/App/App.csproj": {
                "exports": {
                  "net10.0": {
                    "newtonsoft.json": "[13.0.3, )"
                  }
                },
                "graphs": {
                  "net10.0": {
                    "central": {
                      "a": "1.0.0"
                    },
                    "direct": {
                      "newtonsoft.json": "[13.0.3, )"
                    },
                    "downloads": {
                      "b": "1.0.0;2.0.0"
                    },
                    "projects": {
                      "Lib": "src/Lib/Lib.csproj"
                    },
                    "resolved": {
                      "newtonsoft.json": "13.0.3"
                    }
                  },
                  "net10.0/linux-x64": {}
                },
                "lockVersion": 2,
                "name": "App",
                "note": "kept"
              }
            },
            "sdks": {
              "10.0.100": {
                "net10.0": {
                  "microsoft.netcore.app.ref": "10.0.0"
                }
              }
            },
            "sources": {
              "nuget.config": {
                "clear": true,
                "mapping": {
                  "nuget.org": [
                    "*",
                    "Contoso.*"
                  ]
                },
                "sources": {
                  "nuget.org": "https://api.nuget.org/v3/index.json"
                }
              }
            },
            "tools": {
              "newtonsoft.json": "13.0.3"
            },
            "unknown": {}
          }
        }

        """;

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abzABZ019 .-_+/\\\"<>&:;é漢\u2028\u0085\0\n\t"], 0, 12];

    private static readonly Gen<string> Id =
        Gen.Select(Gen.Char["abcXYZ019_"], Gen.String[Gen.Char["abcXYZ019.-_"], 0, 8], Gen.Char["abcXYZ019_"], (first, middle, last) => first + middle + last);

    private static readonly Gen<string> LowerId = Id.Select(id => id.ToLowerInvariant());

    private static readonly Gen<string> LowerIds = LowerId.Array[1, 3].Select(ids => string.Join(';', ids));

    private static readonly Gen<string> RelativePath = Id.Array[1, 4].Select(segments => string.Join('/', segments));

    private static readonly Gen<string> Sha512 = Gen.Byte.Array[64].Select(Convert.ToBase64String);

    private static readonly Gen<PackageContent> Content = Gen.Select(Sha512, Sha512, Sha512, (archive, content, files) => new PackageContent(archive, content, files));

    // Names beside, between and after the known ones.
    private static readonly Gen<IReadOnlyDictionary<string, JsonElement>> Unknown = Map(
        Gen.OneOfConst("", "A", "archived", "noted", "nuget2", "Packages", "zz", "é", "漢"),
        Gen.OneOfConst("null", "true", "0", "-0", "1e400", "123456789012345678901234567890", "\"\"", "\"\\ud83d\\ude00 <&'+\"", "[]", "{}", "[[1,{\"b\":2,\"a\":[]}],\"x\"]")
            .Select(json => JsonDocument.Parse(json).RootElement));

    private static readonly Gen<PackageEntry> Package = Gen.Select(Id, Id, Content, Map(Id, Content), Sorted(Word), Unknown, (name, version, content, variants, runs, unknown) =>
        new PackageEntry(name, version, content) { Variants = variants, Runs = runs, Unknown = unknown });

    private static readonly Gen<FrameworkGraph> Graph = Gen.Select(Map(Word, Word), Map(Word, Word), Map(Word, Word), Map(Word, Word), Map(Word, Word),
        (direct, central, resolved, downloads, projects) => new FrameworkGraph { Direct = direct, Central = central, Resolved = resolved, Downloads = downloads, Projects = projects });

    private static readonly Gen<ProjectEntry> Project = Gen.Select(Id, Gen.Int[1, 2], Map(Word, Graph), Map(Word, Map(Word, Word)), Unknown, (name, version, graphs, exports, unknown) =>
        new ProjectEntry { Name = name, LockVersion = version, Graphs = graphs, Exports = exports, Unknown = unknown });

    private static readonly Gen<SourcesEntry> Source = Gen.Select(Gen.Bool, Map(Word, Word), Map(Word, Sorted(Word)), (clear, sources, mapping) =>
        new SourcesEntry(clear) { Sources = sources, Mapping = mapping });

    private static readonly Gen<NuGetSection> NuGet = Gen.Select(
        Package.Array[0, 3], Map(RelativePath, Project), Map(Word, Map(Word, Map(Word, Word))), Map(RelativePath, Source), Map(LowerId, LowerIds), Map(LowerId, LowerIds), Map(RelativePath, Map(Word, Word)), Unknown, (packages, projects, sdks, sources, msbuildSdks, tools, dotnet, unknown) =>
            new NuGetSection { Packages = packages.DistinctBy(p => p.Key).ToDictionary(p => p.Key), Projects = projects, Sdks = sdks, Sources = sources, MSBuildSdks = msbuildSdks, Tools = tools, DotNet = dotnet, Unknown = unknown });

    /// <summary>Any lockfile that the format can express.</summary>
    public static Gen<Lockfile> Any { get; } = Gen.Select(NuGet, Map(RelativePath, Sha512), Gen.Int[0, 9], Unknown, (nuget, control, minor, unknown) =>
        new Lockfile { NuGet = nuget, Control = control, Minor = minor, Unknown = unknown });

    /// <summary>A lockfile of the format's frame around the members of its NuGet section; that section begins on line 4.</summary>
    public static string WithNuGet(string members) => "{\n\"version\": 1,\n\"nuget\": {\n" + members + "\n}\n}\n";

    /// <summary>The members of a package entry, without the braces.</summary>
    public static string Package_1_0 { get; } = $"\"name\": \"A\", \"version\": \"1.0\", \"archive\": \"{Hash}\", \"content\": \"{Hash}\", \"files\": \"{Hash}\"";

    public static Lockfile Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static Lockfile Read(byte[] utf8)
    {
        var lockfile = LockfileReader.Read(utf8, "hardening.lock.json", out var finding);
        Assert.IsNull(finding, finding?.ToString());
        Assert.IsNotNull(lockfile);
        return lockfile;
    }

    public static Finding Refused(string text) => Refused(Encoding.UTF8.GetBytes(text));

    public static Finding Refused(ReadOnlySpan<byte> utf8)
    {
        Assert.IsNull(LockfileReader.Read(utf8, "hardening.lock.json", out var finding));
        Assert.IsNotNull(finding);
        Assert.AreEqual("hardening.lock.json", finding.Place.File);
        return finding;
    }

    /// <summary>Whether two lockfiles hold the same, seen without the writer.</summary>
    public static bool Same(Lockfile a, Lockfile b) => JsonNode.DeepEquals(JsonSerializer.SerializeToNode(a), JsonSerializer.SerializeToNode(b));

    private static Gen<IReadOnlyDictionary<string, T>> Map<T>(Gen<string> key, Gen<T> value) => Gen.Select(key, value, (k, v) => (Key: k, Value: v)).Array[0, 3]
        .Select(IReadOnlyDictionary<string, T> (pairs) => pairs.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));

    private static Gen<IReadOnlyList<string>> Sorted(Gen<string> item) => item.Array[0, 3].Select(IReadOnlyList<string> (items) => [.. items.Order(StringComparer.Ordinal)]);
}
