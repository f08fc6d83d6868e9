using System.Text;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class LockfileReaderTests
{
    private const string Hash = LockfileSamples.Hash;

    [TestMethod]
    public void Every_known_member_is_read()
    {
        var nuget = LockfileSamples.Read(LockfileSamples.Full).NuGet;

        var package = nuget.Packages["some.package/1.0.0-rc.1"];
        Assert.AreEqual("Some.Package", package.Name);
        Assert.AreEqual("1.0.0-RC.1", package.Version);
        Assert.AreEqual(new PackageContent(Hash, Hash, LockfileSamples.OtherHash), package.Content);
        Assert.AreEqual(package.Content, package.ContentFor("win-x64"));
        Assert.AreEqual(LockfileSamples.OtherHash, package.ContentFor("linux-x64").Archive);
        CollectionAssert.AreEqual(new[] { "build/Some.Package.targets", "tools/" }, package.Runs.ToArray());

        var project = nuget.Projects["src/App/App.csproj"];
        Assert.AreEqual("App", project.Name);
        Assert.AreEqual(2, project.LockVersion);
        Assert.AreEqual("[13.0.3, )", project.Exports["net10.0"]["newtonsoft.json"]);
        Assert.HasCount(2, project.Graphs);
        var graph = project.Graphs["net10.0"];
        Assert.AreEqual("1.0.0", graph.Central["a"]);
        Assert.AreEqual("[13.0.3, )", graph.Direct["newtonsoft.json"]);
        Assert.AreEqual("1.0.0;2.0.0", graph.Downloads["b"]);
        Assert.AreEqual("src/Lib/Lib.csproj", graph.Projects["Lib"]);
        Assert.AreEqual("13.0.3", graph.Resolved["newtonsoft.json"]);

        Assert.AreEqual("10.0.0", nuget.Sdks["10.0.100"]["net10.0"]["microsoft.netcore.app.ref"]);
        Assert.IsTrue(nuget.Sources["nuget.config"].Clear);
        Assert.AreEqual("https://api.nuget.org/v3/index.json", nuget.Sources["nuget.config"].Sources["nuget.org"]);
        CollectionAssert.AreEqual(new[] { "*", "Contoso.*" }, nuget.Sources["nuget.config"].Mapping["nuget.org"].ToArray());
    }

    [TestMethod]
    public void Unknown_members_are_kept_where_a_newer_minor_version_may_add_them()
    {
        var lockfile = LockfileSamples.Read(LockfileSamples.Full);

        Assert.AreEqual("agents", lockfile.Unknown.Single().Key);
        Assert.AreEqual("unknown", lockfile.NuGet.Unknown.Single().Key);
        Assert.AreEqual("owner", lockfile.NuGet.Packages["some.package/1.0.0-rc.1"].Unknown.Single().Key);
        Assert.AreEqual("note", lockfile.NuGet.Projects["src/App/App.csproj"].Unknown.Single().Key);
    }

    [TestMethod]
    [DataRow("""
        "packages": {"a/1.0": {%, "variants": {"linux-x64": {"more": 1}}}}
        """, "\"more\" is not a member of a variant")]
    [DataRow("""
        "projects": {"a.csproj": {"name": "a", "graphs": {"net10.0": {"more": {}}}}}
        """, "\"more\" is not a member of a graph")]
    [DataRow("""
        "sources": {"nuget.config": {"clear": true, "sources": {}, "more": {}}}
        """, "\"more\" is not a member of a source")]
    public void Unknown_members_are_refused_where_they_would_be_lost(string members, string expected)
        => Assert.AreEqual($"The lockfile is damaged: {expected}.", LockfileSamples.Refused(Nuget(members)).Message);

    [TestMethod]
    public void An_empty_lockfile_needs_nothing_but_the_version()
        => Assert.IsTrue(LockfileSamples.Same(Lockfile.Empty, LockfileSamples.Read("{\"version\": 1}")));

    [TestMethod]
    [DataRow("{\"version\": 2}")]
    [DataRow("{\"version\": 2, \"version\": 1}")]
    [DataRow("{\"version\": 2147483647, nonsense")]
    public void A_newer_major_version_is_refused_by_name(string text)
    {
        var finding = LockfileSamples.Refused(text);

        Assert.AreEqual(FindingCodes.LockfileTooNew, finding.Code);
        Assert.AreEqual(new SourcePlace("hardening.lock.json", 1, 13), finding.Place);
        Assert.Contains("reads version 1", finding.Message);
        Assert.AreNotEqual(Commands.Update, finding.Command);
    }

    [TestMethod]
    [DataRow("{}")]
    [DataRow("{\"version\": 0}")]
    [DataRow("{\"version\": -1}")]
    [DataRow("{\"version\": 1.0}")]
    [DataRow("{\"version\": 1e0}")]
    [DataRow("{\"version\": 4294967297}")]
    [DataRow("{\"version\": 18446744073709551617}")]
    [DataRow("{\"version\": \"1\"}")]
    [DataRow("{\"version\": null}")]
    [DataRow("{\"Version\": 1}")]
    public void A_version_that_is_none_is_damage(string text) => Assert.AreEqual(FindingCodes.LockfileDamaged, LockfileSamples.Refused(text).Code);

    [TestMethod]
    // the frame
    [DataRow("{\"version\": 1,\n\"version\": 1}", "version", 2, 1)]
    [DataRow("{\"version\": 0,\n\"version\": 1}", "version", 2, 1)]
    [DataRow("{\"version\": 1,\n\"ver\\u0073ion\": 1}", "version", 2, 1)]
    [DataRow("{\"version\": 1, \"nuget\": {},\n  \"nuget\": {}}", "nuget", 2, 3)]
    [DataRow("{\"version\": 1, \"x\": {},\n \"x\": {\n\"a\": [\n]}}", "x", 2, 2)]
    public void A_member_that_is_there_twice_is_found_at_its_name(string text, string name, int line, int column)
    {
        var finding = LockfileSamples.Refused(text);

        Assert.AreEqual(FindingCodes.LockfileDamaged, finding.Code);
        Assert.AreEqual($"The lockfile is damaged: \"{name}\" is there twice.", finding.Message);
        Assert.AreEqual(new SourcePlace("hardening.lock.json", line, column), finding.Place);
    }

    [TestMethod]
    [DataRow("\"packages\": {},\n\"packages\": {}")]
    [DataRow("\"unknown\": 1,\n\"unknown\": 1")]
    [DataRow("\"packages\": {\"a/1.0\": {%},\n\"a/1.0\": {%}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%,\n\"name\": \"A\"}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%,\n\"version\": \"1.0\"}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%,\n\"archive\": \"#\"}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%,\n\"content\": \"#\"}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%,\n\"files\": \"#\"}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%, \"runs\": [],\n\"runs\": []}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%, \"variants\": {},\n\"variants\": {}}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%, \"x\": 1,\n\"x\": {\n}}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%, \"variants\": {\"r\": {\"archive\": \"#\",\n\"archive\": \"#\"}}}}")]
    [DataRow("\"packages\": {\"a/1.0\": {%, \"variants\": {\"r\": {\"archive\": \"#\", \"content\": \"#\", \"files\": \"#\"},\n\"r\": {\"archive\": \"#\", \"content\": \"#\", \"files\": \"#\"}}}}")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\"},\n\"p\": {\"name\": \"p\"}}")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\",\n\"name\": \"p\"}}")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\", \"lockVersion\": 1,\n\"lockVersion\": 1}}")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\", \"x\": 1,\n\"x\": 1}}")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\", \"graphs\": {\"f\": {},\n\"f\": {}}}}")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\", \"graphs\": {\"f\": {\"direct\": {},\n\"direct\": {}}}}}")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\", \"graphs\": {\"f\": {\"direct\": {\"a\": \"1\",\n\"a\": \"1\"}}}}}")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\", \"exports\": {\"f\": {},\n\"f\": {}}}}")]
    [DataRow("\"sdks\": {\"10\": {},\n\"10\": {}}")]
    [DataRow("\"sdks\": {\"10\": {\"f\": {},\n\"f\": {}}}")]
    [DataRow("\"sources\": {\"s\": {\"clear\": true, \"sources\": {}},\n\"s\": {\"clear\": true, \"sources\": {}}}")]
    [DataRow("\"sources\": {\"s\": {\"clear\": true,\n\"clear\": true}}")]
    [DataRow("\"sources\": {\"s\": {\"clear\": true, \"sources\": {},\n\"sources\": {}}}")]
    [DataRow("\"sources\": {\"s\": {\"clear\": true, \"sources\": {\"o\": \"\",\n\"o\": \"\"}}}")]
    [DataRow("\"sources\": {\"s\": {\"clear\": true, \"mapping\": {\"o\": [],\n\"o\": []}}}")]
    public void Nothing_may_be_there_twice_anywhere(string members)
    {
        var finding = LockfileSamples.Refused(Nuget(members));

        Assert.AreEqual(FindingCodes.LockfileDamaged, finding.Code);
        Assert.EndsWith("is there twice.", finding.Message);
        Assert.AreEqual(new SourcePlace("hardening.lock.json", 5, 1), finding.Place);
    }

    [TestMethod]
    [DataRow("{\"version\": 1, \"x\": {\"a\": 1, \"a\": 2}}")]
    [DataRow("{\"version\": 1, \"x\": {\"a\": 1, \"\\u0061\": 2}}")]
    [DataRow("{\"version\": 1, \"x\": [[{\"a\": [{\"b\": 1, \"b\": 1}]}]]}")]
    public void Nothing_may_be_there_twice_in_what_is_only_kept(string text)
        => Assert.AreEqual("The lockfile is damaged: \"x\" holds a name twice.", LockfileSamples.Refused(text).Message);

    [TestMethod]
    [DataRow("")]
    [DataRow("AAAA")]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA== ")]
    [DataRow(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [DataRow("____AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [DataRow("cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")]
    public void A_hash_of_another_length_or_alphabet_is_damage(string hash)
    {
        foreach (var member in new[] { "archive", "content", "files" })
        {
            var entry = LockfileSamples.Package_1_0.Replace($"\"{member}\": \"{Hash}\"", $"\n\"{member}\": \"{hash}\"", StringComparison.Ordinal);
            var finding = LockfileSamples.Refused(LockfileSamples.WithNuGet($"\"packages\": {{\"a/1.0\": {{{entry}}}}}"));
            Assert.AreEqual("The lockfile is damaged: expected a SHA-512 hash in base64 (88 characters).", finding.Message, member);
            Assert.AreEqual((5, member.Length + 5), (finding.Place.Line, finding.Place.Column), member);
        }
    }

    [TestMethod]
    [DataRow("name")]
    [DataRow("version")]
    [DataRow("archive")]
    [DataRow("content")]
    [DataRow("files")]
    public void A_package_needs_its_name_version_and_hashes(string member)
    {
        var entry = LockfileSamples.Package_1_0.Replace($"\"{member}\"", "\"other\"", StringComparison.Ordinal);
        Assert.AreEqual($"The lockfile is damaged: \"{member}\" is missing.", LockfileSamples.Refused(LockfileSamples.WithNuGet($"\"packages\": {{\"a/1.0\": {{{entry}}}}}")).Message);
    }

    [TestMethod]
    [DataRow("\"sources\": {\"s\": {\"sources\": {}}}", "\"clear\" is missing")]
    [DataRow("\"sources\": {\"s\": {\"clear\": true}}", "\"sources\" is missing")]
    [DataRow("\"sources\": {\"s\": {\"clear\": 1, \"sources\": {}}}", "expected true or false")]
    [DataRow("\"projects\": {\"p\": {}}", "a project needs \"name\" and a \"lockVersion\" of 1 or 2")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"\"}}", "a project needs \"name\" and a \"lockVersion\" of 1 or 2")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\", \"lockVersion\": 3}}", "a project needs \"name\" and a \"lockVersion\" of 1 or 2")]
    [DataRow("\"projects\": {\"p\": {\"name\": \"p\", \"lockVersion\": 99999999999}}", "expected a small whole number")]
    [DataRow("\"projects\": {\"p\": {\"name\": null}}", "expected a string")]
    [DataRow("\"projects\": {\"p\": []}", "expected an object")]
    [DataRow("\"projects\": null", "expected an object")]
    [DataRow("\"packages\": {\"a/1.0\": {%, \"runs\": {}}}", "expected an array")]
    [DataRow("\"packages\": {\"a/1.0\": {%, \"runs\": [\"a\", 1]}}", "expected a string")]
    [DataRow("\"packages\": {\"a/1.0\": {%, \"runs\": [[]]}}", "expected a string")]
    [DataRow("\"sdks\": {\"10\": {\"f\": {\"id\": {}}}}", "expected a string")]
    public void A_value_of_another_kind_is_damage(string members, string expected)
        => Assert.AreEqual($"The lockfile is damaged: {expected}.", LockfileSamples.Refused(Nuget(members)).Message);

    [TestMethod]
    [DataRow("..", "1.0")]
    [DataRow("a", "..")]
    [DataRow(".", "1.0")]
    [DataRow("a", ".")]
    [DataRow("...", "1.0")]
    [DataRow("a.", "1.0")]
    [DataRow(".a", "1.0")]
    [DataRow("", "1.0")]
    [DataRow("a", "")]
    [DataRow("a/b", "1.0")]
    [DataRow("a", "1.0/b")]
    [DataRow("../../etc", "passwd")]
    [DataRow("/a", "1.0")]
    [DataRow("/", "1.0")]
    [DataRow("a\\\\b", "1.0")]
    [DataRow("..\\\\..\\\\a", "1.0")]
    [DataRow("c:", "1.0")]
    [DataRow("c:\\\\a", "1.0")]
    [DataRow("a", "1.0:stream")]
    [DataRow("a b", "1.0")]
    [DataRow("a", "1.0\\u0000")]
    [DataRow("a\\n", "1.0")]
    [DataRow("é", "1.0")]
    [DataRow("a*", "1.0")]
    [DataRow("~", "1.0")]
    [DataRow("%2e%2e", "1.0")]
    [DataRow("$(a)", "1.0")]
    public void A_package_key_that_is_no_id_and_version_is_refused(string id, string version)
    {
        var finding = LockfileSamples.Refused(LockfileSamples.WithNuGet($"\"packages\": {{\n \"{id}/{version}\": {{\"name\": \"{id}\", \"version\": \"{version}\", \"archive\": \"{Hash}\", \"content\": \"{Hash}\", \"files\": \"{Hash}\"}}}}"));

        Assert.EndsWith("is not a package id and version.", finding.Message);
        Assert.AreEqual((5, 2), (finding.Place.Line, finding.Place.Column));
    }

    [TestMethod]
    [DataRow("b/1.0")]
    [DataRow("a/1.0.0")]
    [DataRow("A/1.0")]
    [DataRow("a/1.0-x")]
    public void A_package_key_that_does_not_match_its_entry_is_refused(string key)
        => Assert.Contains("does not match the name and version \"A/1.0\"", LockfileSamples.Refused(Nuget($"\"packages\": {{\"{key}\": {{%}}}}")).Message);

    [TestMethod]
    public void A_name_that_only_folds_into_its_key_is_refused()
    {
        // The Kelvin sign is a k in lower case.
        var entry = LockfileSamples.Package_1_0.Replace("\"A\"", "\"\u212A\"", StringComparison.Ordinal);
        Assert.Contains("does not match", LockfileSamples.Refused(LockfileSamples.WithNuGet($"\"packages\": {{\"k/1.0\": {{{entry}}}}}")).Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(".")]
    [DataRow("..")]
    [DataRow("/etc/passwd")]
    [DataRow("../a.csproj")]
    [DataRow("a/../../b.csproj")]
    [DataRow("a/..")]
    [DataRow("a/./b")]
    [DataRow("./a")]
    [DataRow("a//b")]
    [DataRow("a/")]
    [DataRow("a\\\\b.csproj")]
    [DataRow("..\\\\a.csproj")]
    [DataRow("C:/a.csproj")]
    [DataRow("C:a.csproj")]
    [DataRow("a.csproj:stream")]
    [DataRow("a\\u0000b")]
    public void A_path_outside_the_repository_is_refused(string path)
    {
        foreach (var (section, value) in new[] { ("projects", "{\"name\": \"p\"}"), ("sources", "{\"clear\": true, \"sources\": {}}") })
        {
            var finding = LockfileSamples.Refused(LockfileSamples.WithNuGet($"\"{section}\": {{\n  \"{path}\": {value}}}"));
            Assert.EndsWith("is not a path inside the repository.", finding.Message, section);
            Assert.AreEqual((5, 3), (finding.Place.Line, finding.Place.Column), section);
        }
    }

    [TestMethod]
    [DataRow("a.csproj")]
    [DataRow("src/..a/b..csproj")]
    [DataRow("src/.hidden/...")]
    [DataRow("Ünïcode dir/漢.csproj")]
    public void A_path_inside_the_repository_is_read(string path)
        => Assert.AreEqual(path, LockfileSamples.Read(LockfileSamples.WithNuGet($"\"projects\": {{\"{path}\": {{\"name\": \"p\"}}}}")).NuGet.Projects.Single().Key);

    [TestMethod]
    public void A_file_cut_off_anywhere_is_damage_at_a_line_of_the_file()
    {
        var bytes = Encoding.UTF8.GetBytes(LockfileSamples.Full);
        var lines = LockfileSamples.Full.Split('\n');
        // The last byte is a line end, and what is left without it is whole.
        for (var length = 0; length < bytes.Length - 1; length++)
        {
            var finding = LockfileSamples.Refused(bytes.AsSpan(0, length));
            Assert.AreEqual(FindingCodes.LockfileDamaged, finding.Code);
            Assert.IsInRange(1, lines.Length, finding.Place.Line);
            Assert.IsInRange(1, lines[finding.Place.Line - 1].Length + 1, finding.Place.Column);
        }
    }

    [TestMethod]
    [DataRow("{\"version\": 1} {}")]
    [DataRow("{\"version\": 1}\n\nx")]
    [DataRow("{\"version\": 1,}")]
    [DataRow("{\"version\": 1 /* */}")]
    [DataRow("// \n{\"version\": 1}")]
    [DataRow("[]")]
    [DataRow("1")]
    [DataRow("null")]
    [DataRow("")]
    [DataRow(" \n")]
    [DataRow("\0")]
    [DataRow("{\"version\": 1, \"x\": NaN}")]
    [DataRow("{\"version\": 1, \"x\": 01}")]
    [DataRow("{\"version\": 1, \"x\": \"\t\"}")]
    [DataRow("{'version': 1}")]
    public void What_is_not_one_json_object_is_damage(string text)
    {
        var finding = LockfileSamples.Refused(text);

        Assert.AreEqual(FindingCodes.LockfileDamaged, finding.Code);
        Assert.IsGreaterThan(0, finding.Place.Line);
        Assert.IsGreaterThan(0, finding.Place.Column);
        Assert.Contains(Commands.Update, finding.Command);
        Assert.DoesNotContain("LineNumber", finding.Message);
    }

    [TestMethod]
    [DataRow("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> branch\n", 1)]
    [DataRow("{\n\"version\": 1,\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"b\": 1\n>>>>>>> branch\n}\n", 3)]
    [DataRow("{\r\n\"version\": 1,\r\n<<<<<<< HEAD\r\n=======\r\n>>>>>>> branch\r\n}\r\n", 3)]
    [DataRow("\uFEFF<<<<<<< HEAD\n", 1)]
    [DataRow("{\"version\": 1}\n>>>>>>> branch", 2)]
    public void Merge_conflict_markers_are_found_at_their_line(string text, int line)
    {
        var finding = LockfileSamples.Refused(text);

        Assert.AreEqual(FindingCodes.LockfileConflict, finding.Code);
        Assert.AreEqual(new SourcePlace("hardening.lock.json", line, 1), finding.Place);
        Assert.AreEqual(Commands.Update, finding.Command);
    }

    [TestMethod]
    public void What_looks_like_a_marker_inside_a_string_is_text()
        => Assert.AreEqual("<<<<<<< HEAD", LockfileSamples.Read("{\"version\": 1,\n\"x\":\n\"<<<<<<< HEAD\"}").Unknown["x"].GetString());

    [TestMethod]
    public void A_byte_order_mark_and_carriage_returns_change_nothing()
    {
        var windows = "\uFEFF" + LockfileSamples.Full.Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.AreEqual(LockfileSamples.Full, Encoding.UTF8.GetString(LockfileWriter.Write(LockfileSamples.Read(windows))));
    }

    [TestMethod]
    public void A_second_byte_order_mark_is_damage()
        => Assert.AreEqual((1, 1), PlaceOf("\uFEFF\uFEFF{\"version\": 1}"));

    [TestMethod]
    // found by the JSON reader
    [DataRow("{\"version\": 1, ?}", 1, 16)]
    [DataRow("\uFEFF{\"version\": 1, ?}", 1, 16)]
    [DataRow("{\r\n  \"version\": ?\r\n}", 2, 14)]
    [DataRow("{\"é漢\U0001F600\": ?}", 1, 10)]
    [DataRow("{\n\n\"é\": 1, \"漢\": ?}", 3, 14)]
    // found by the lockfile reader
    [DataRow("{\"version\": true}", 1, 13)]
    [DataRow("\uFEFF{\"version\": true}", 1, 13)]
    [DataRow("{\r\n  \"version\": true\r\n}", 2, 14)]
    [DataRow("{\"é漢\U0001F600\": 1, \"version\": true}", 1, 24)]
    public void Lines_and_columns_count_from_one_in_utf16_units(string text, int line, int column)
        => Assert.AreEqual((line, column), PlaceOf(text));

    [TestMethod]
    [DataRow("{\"version\": 1, \"x\": \"\\ud800\"}", 21)]
    [DataRow("{\"version\": 1, \"x\": \"\\udc00\\ud800\"}", 21)]
    [DataRow("{\"version\": 1, \"x\": \"\\ud800\\u0061\"}", 21)]
    [DataRow("{\"version\": 1, \"x\": [[\"\\ud800\"]]}", 23)]
    [DataRow("{\"version\": 1, \"x\": {\"\\ud800\": 1}}", 22)]
    [DataRow("{\"version\": 1, \"\\ud800\": 1}", 16)]
    [DataRow("{\"version\": 1, \"nuget\": {\"sdks\": {\"\\ud800\": {}}}}", 35)]
    [DataRow("{\"version\": 1, \"nuget\": {\"sdks\": {\"a\": {\"b\": {\"c\": \"\\ud800\"}}}}}", 52)]
    public void Half_of_a_surrogate_pair_is_damage_also_in_what_is_only_kept(string text, int column)
    {
        Assert.AreEqual("The lockfile is damaged: a string holds half of a surrogate pair.", LockfileSamples.Refused(text).Message);
        Assert.AreEqual((1, column), PlaceOf(text));
    }

    [TestMethod]
    [DataRow("{\"version\": 1, \"x\": \"?\"}")]
    [DataRow("{\"version\": 1, \"x\": {\"?\": 1}}")]
    [DataRow("{\"version\": 1, \"?\": 1}")]
    [DataRow("{\"version\": 1, \"nuget\": {\"sdks\": {\"a\": {\"b\": {\"c\": \"?\"}}}}}")]
    public void Bytes_that_are_not_utf8_are_damage_also_in_what_is_only_kept(string text)
    {
        byte[][] wrong = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80]];
        foreach (var bytes in wrong)
        {
            var at = text.IndexOf('?', StringComparison.Ordinal);
            byte[] all = [.. Encoding.UTF8.GetBytes(text[..at]), .. bytes, .. Encoding.UTF8.GetBytes(text[(at + 1)..])];
            var finding = LockfileSamples.Refused(all);
            Assert.AreEqual("The lockfile is damaged: the text is not valid UTF-8.", finding.Message);
            Assert.AreEqual(new SourcePlace("hardening.lock.json", 1, at + 1), finding.Place);
        }
    }

    [TestMethod]
    public void Deep_nesting_is_damage_and_no_stack_overflow()
    {
        Assert.IsNotNull(LockfileSamples.Read($"{{\"version\": 1, \"x\": {new string('[', 31)}{new string(']', 31)}}}"));
        Assert.AreEqual(FindingCodes.LockfileDamaged, LockfileSamples.Refused($"{{\"version\": 1, \"x\": {new string('[', 32)}{new string(']', 32)}}}").Code);
        Assert.AreEqual(FindingCodes.LockfileDamaged, LockfileSamples.Refused($"{{\"version\": 1, \"x\": {new string('[', 1_000_000)}").Code);
        Assert.AreEqual(FindingCodes.LockfileDamaged, LockfileSamples.Refused(new string('[', 1_000_000)).Code);
    }

    [TestMethod]
    public void A_file_over_the_limit_is_not_parsed()
    {
        var bytes = new byte[LockfileReader.LargestFile + 1];
        bytes.AsSpan().Fill((byte)' ');
        "{\"version\": 1}"u8.CopyTo(bytes);

        var finding = LockfileSamples.Refused(bytes);

        Assert.AreEqual(FindingCodes.LockfileDamaged, finding.Code);
        Assert.AreEqual(SourcePlace.None with { File = "hardening.lock.json" }, finding.Place);
        Assert.Contains("larger than 67108864 bytes", finding.Message);
        Assert.IsNotNull(LockfileReader.Read(bytes.AsSpan(0, LockfileReader.LargestFile), "", out _));
    }

    [TestMethod]
    public void A_large_text_of_half_markers_is_searched_once()
    {
        // Seconds at worst where each mark is passed over once; hours where each begins a search to the end.
        var bytes = new byte[LockfileReader.LargestFile];
        for (var i = 0; i < bytes.Length; i += 8)
        {
            "<<<<<<< "u8.CopyTo(bytes.AsSpan(i));
        }

        bytes[0] = (byte)' ';

        Assert.AreEqual((1, 2), (LockfileSamples.Refused(bytes).Place.Line, LockfileSamples.Refused(bytes).Place.Column));
    }

    private static (int Line, int Column) PlaceOf(string text)
    {
        var place = LockfileSamples.Refused(text).Place;
        return (place.Line, place.Column);
    }

    // % stands for the members of a package a/1.0, # for a hash.
    private static string Nuget(string members)
        => LockfileSamples.WithNuGet(members.Replace("%", LockfileSamples.Package_1_0, StringComparison.Ordinal).Replace("#", Hash, StringComparison.Ordinal));
}
