using System.Security.Cryptography;
using System.Text;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>Trees from a real server, and from ones that send what they want.</summary>
[TestClass]
public sealed class GitTreeTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    [DataRow("sha1")]
    [DataRow("sha256")]
    public async Task A_tree_is_read_without_its_history(string format)
    {
        using var sample = new GitSample(format, "o/r");
        sample.Write("old.txt", "gone").Commit();
        File.Delete(sample.At("old.txt"));
        sample.Write("action.yml", "runs: 1\n").Write("dist/index.js", "x").Write("größe/漢.txt", "y").Write("run.sh", "#!/bin/sh\n");
        sample.Git("config", "core.fileMode", "false");
        sample.Git("update-index", "--add", "--chmod=+x", "run.sh");
        File.CreateSymbolicLink(sample.At("link.yml"), "action.yml");
        File.CreateSymbolicLink(sample.At("outside"), "/etc");
        var commit = sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        using var tree = await client.FetchAsync(server.Remote(), commit, default);

        Assert.AreEqual(commit, tree.Commit);
        CollectionAssert.AreEqual(
            new[] { "100644 action.yml 8", "100644 dist/index.js 1", "100644 größe/漢.txt 1", "120000 link.yml 10", "120000 outside 4", "100755 run.sh 10" },
            tree.Entries.Select(e => $"{e.Mode} {e.Path} {e.Size}").ToArray());
        Assert.AreEqual(DigestOf(("100644", "action.yml", "runs: 1\n"), ("100644", "dist/index.js", "x"), ("100644", "größe/漢.txt", "y"), ("120000", "link.yml", "action.yml"), ("120000", "outside", "/etc"), ("100755", "run.sh", "#!/bin/sh\n")), tree.Digest);
        Assert.AreEqual("runs: 1\n", await TextAsync(tree, "action.yml"));
        Assert.AreEqual("y", await TextAsync(tree, "größe/漢.txt"));
        foreach (var none in new[] { "old.txt", "link.yml", "outside", "outside/passwd", "dist", "dist/", "/action.yml", "./action.yml", "dist/../action.yml", "Action.yml", "" })
        {
            Assert.IsNull(await tree.ReadAsync(none, 100, default), none);
        }

        Assert.AreEqual(sample.Git("log", "-1", "--format=%ct"), tree.CommitterDate!.Value.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.IsNull(tree.TaggerDate);
        Assert.AreEqual(TransportFailure.TooLarge, (await Assert.ThrowsExactlyAsync<TransportException>(() => tree.ReadAsync("action.yml", 7, default))).Failure);
        if (format == "sha1")
        {
            CollectionAssert.AreEqual(new[] { "POST /o/r/git-upload-pack" }, server.Requests.ToArray());
        }
    }

    [TestMethod]
    public async Task A_tag_gives_its_own_date_and_the_tree_of_its_commit()
    {
        using var sample = new GitSample(root: "o/r");
        var commit = sample.Write("a", "a").Commit();
        sample.Git("-c", "user.name=t", "tag", "-a", "-m", "x", "inner");
        sample.Git("tag", "-a", "-m", "tagger t <t@t> 1 +0000", "outer", "inner");
        sample.Git("tag", "-a", "-m", "x", "tree", "HEAD^{tree}");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        using var tree = await client.FetchAsync(server.Remote(), sample.Git("rev-parse", "outer"), default);

        Assert.AreEqual(commit, tree.Commit);
        Assert.AreEqual(sample.Git("for-each-ref", "refs/tags/outer", "--format=%(taggerdate:unix)"), tree.TaggerDate!.Value.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.AreEqual("a", await TextAsync(tree, "a"));
        foreach (var other in new[] { "HEAD^{tree}", "HEAD:a", "tree" })
        {
            Assert.AreEqual(TransportFailure.Absent, (await FailsAsync(client, server, sample.Git("rev-parse", other))).Failure, other);
        }
    }

    [TestMethod]
    public async Task The_digest_is_of_what_git_stores_whatever_attributes_and_configuration_say()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Write("a.txt", "one\r\ntwo\n").Write("b.txt", "$Id$ x");
        var before = sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        sample.Write(".gitattributes", "* text eol=crlf ident filter=evil export-ignore export-subst\n");
        sample.Git("-c", "core.autocrlf=false", "add", ".gitattributes");
        sample.Git("commit", "-q", "-m", "x");

        using var tree = await client.FetchAsync(server.Remote(), sample.Git("rev-parse", "HEAD"), default);
        using var first = await client.FetchAsync(server.Remote(), before, default);

        Assert.AreEqual(DigestOf(("100644", "a.txt", "one\r\ntwo\n"), ("100644", "b.txt", "$Id$ x")), first.Digest);
        Assert.AreEqual(DigestOf(("100644", ".gitattributes", File.ReadAllText(sample.At(".gitattributes"))), ("100644", "a.txt", "one\r\ntwo\n"), ("100644", "b.txt", "$Id$ x")), tree.Digest);
        Assert.AreEqual("one\r\ntwo\n", await TextAsync(tree, "a.txt"));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task A_link_is_no_action_and_a_submodule_is_its_commit()
    {
        using var sample = new GitSample(root: "o/r");
        File.CreateSymbolicLink(sample.At("action.yml"), "/etc/passwd");
        sample.Git("add", "-A");
        sample.Git("update-index", "--add", "--cacheinfo", $"160000,{GitServerAnswers.Commit},sub");
        sample.Git("commit", "-q", "-m", "x");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        using var tree = await client.FetchAsync(server.Remote(), sample.Git("rev-parse", "HEAD"), default);

        Assert.IsNull(await tree.ReadAsync("action.yml", 1000, default));
        Assert.IsNull(await tree.ReadAsync("sub", 1000, default));
        Assert.IsFalse(tree.Find("action.yml")!.IsFile);
        Assert.IsTrue(tree.Find("sub")!.IsSubmodule);
        Assert.AreEqual(Sha512($"120000 action.yml\t{Hex("/etc/passwd")}\n160000 sub\t{GitServerAnswers.Commit}\n"), tree.Digest);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task No_name_of_a_file_can_stand_for_two_files()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        sample.Write("a", "A").Write("b", "B");
        using var two = await client.FetchAsync(server.Remote(), sample.Commit(), default);
        File.Delete(sample.At("a"));
        File.Delete(sample.At("b"));
        sample.Write($"a\t{Hex("A")}\n100644 b", "B");

        using var one = await client.FetchAsync(server.Remote(), sample.Commit(), default);

        Assert.AreNotEqual(two.Digest, one.Digest);
        Assert.AreEqual(Sha512($"100644 a\\t{Hex("A")}\\n100644 b\t{Hex("B")}\n"), one.Digest);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Paths_need_not_be_text()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Write("x?", "1").Write(@"x\xFF", "2");
        using (Posix.RenamedToNoText(sample.At("x?")))
        {
            sample.Commit();
        }

        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        using var tree = await client.FetchAsync(server.Remote(), sample.Git("rev-parse", "HEAD"), default);

        CollectionAssert.AreEqual(new[] { @"x\xFF", "x\uDCFF" }, tree.Entries.Select(e => e.Path).ToArray());
    }

    [TestMethod]
    public async Task A_commit_that_is_not_there_is_absent()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        using var other = new GitSample("sha256", "o/r");
        var elsewhere = other.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        await using var otherServer = await GitServer.StartAsync(other.Base);
        using var client = server.Client();

        Assert.AreEqual(TransportFailure.Absent, (await FailsAsync(client, server, GitServerAnswers.Commit)).Failure);
        Assert.AreEqual(TransportFailure.Absent, (await FailsAsync(client, server, elsewhere)).Failure);
        Assert.AreEqual(TransportFailure.Absent, (await FailsAsync(client, otherServer, GitServerAnswers.Commit)).Failure);
        foreach (var none in new[] { "main", "", "HEAD", GitServerAnswers.Commit[1..], GitServerAnswers.Commit + "\n0000", new string('A', 40), "--all" })
        {
            await Assert.ThrowsExactlyAsync<ArgumentException>(() => client.FetchAsync(server.Remote(), none, default));
        }
    }

    [TestMethod]
    public async Task Everything_has_a_limit_and_leaves_nothing_behind()
    {
        using var temporary = new TemporaryFolder();
        var variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";
        var before = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, temporary.Path);
        try
        {
            using var sample = new GitSample(root: "o/r");
            sample.Write("a", Convert.ToBase64String(RandomNumberGenerator.GetBytes(600_000))).Write("b", "b").Write("c", "c");
            var commit = sample.Commit();
            await using var server = await GitServer.StartAsync(sample.Base);
            foreach (var limits in new GitLimits[] { new() { PackBytes = 500_000 }, new() { Objects = 4 }, new() { Entries = 2 }, new() { TreeBytes = 800_000 }, new() { FileBytes = 500_000 } })
            {
                using var client = server.Client(limits);
                Assert.AreEqual(TransportFailure.TooLarge, (await FailsAsync(client, server, commit)).Failure, limits.ToString());
            }

            using var enough = server.Client(new GitLimits { PackBytes = 900_000, Objects = 5, Entries = 3, TreeBytes = 900_000 });
            (await enough.FetchAsync(server.Remote(), commit, default)).Dispose();
            Assert.IsEmpty(Directory.GetFileSystemEntries(temporary.Path, "hardening-git-*"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    [TestMethod]
    public async Task A_pack_made_by_hand_is_taken_if_it_is_right()
    {
        var pack = new GitServerPack();
        var blob = pack.Add("blob", "content"u8.ToArray());
        var tree = pack.Add("tree", GitServerPack.Entry("100644", "a", blob));
        var commit = pack.Add("commit", GitServerPack.Commit(tree));

        using var read = await FetchAsync(commit, GitServerPack.Answer(pack.Bytes()));

        Assert.AreEqual(DigestOf(("100644", "a", "content")), read.Digest);
        Assert.AreEqual(DateTimeOffset.FromUnixTimeSeconds(1700000000), read.CommitterDate);
    }

    [TestMethod]
    [DataRow("..")]
    [DataRow(".")]
    [DataRow(".git")]
    [DataRow(".GIT")]
    [DataRow("git~1")]
    [DataRow("a/b")]
    public async Task Names_that_lead_elsewhere_are_refused(string name)
    {
        var pack = new GitServerPack();
        var blob = pack.Add("blob", "content"u8.ToArray());
        var tree = pack.Add("tree", GitServerPack.Entry("100644", name, blob));

        await RefusedAsync(TransportFailure.Malformed, pack.Add("commit", GitServerPack.Commit(tree)), pack.Bytes());
    }

    [TestMethod]
    public async Task Packs_that_lie_are_refused()
    {
        var good = new GitServerPack();
        var blob = good.Add("blob", "content"u8.ToArray());
        var tree = good.Add("tree", GitServerPack.Entry("100644", "a", blob));
        var commit = good.Add("commit", GitServerPack.Commit(tree));
        var bytes = good.Bytes();

        foreach (var length in new[] { 0, 1, 11, 12, 30, bytes.Length - 21, bytes.Length - 1 })
        {
            await RefusedAsync(TransportFailure.Malformed, commit, bytes[..length]);
        }

        await RefusedAsync(TransportFailure.Malformed, commit, [.. bytes, .. "more"u8]);
        await RefusedAsync(TransportFailure.Malformed, commit, [.. "PACK\0\0\0\u0003"u8, .. bytes[8..]]);
        await RefusedAsync(TransportFailure.Malformed, commit, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        foreach (var count in new uint[] { 0, 2, 4, 100_000 })
        {
            good.Count = count;
            await RefusedAsync(TransportFailure.Malformed, commit, good.Bytes());
        }

        good.Count = uint.MaxValue;
        await RefusedAsync(TransportFailure.TooLarge, commit, good.Bytes());
    }

    [TestMethod]
    public async Task Another_commit_than_was_asked_for_is_refused()
    {
        var pack = new GitServerPack();
        pack.Add("commit", GitServerPack.Commit(pack.Add("tree", [])));

        await RefusedAsync(TransportFailure.Malformed, GitServerAnswers.Commit, pack.Bytes());
    }

    [TestMethod]
    public async Task Trees_with_parts_missing_or_of_another_type_are_refused()
    {
        var missing = new GitServerPack();
        await RefusedAsync(TransportFailure.Malformed, missing.Add("commit", GitServerPack.Commit(missing.Add("tree", GitServerPack.Entry("100644", "a", GitServerAnswers.Commit)))), missing.Bytes());

        var folder = new GitServerPack();
        var file = folder.Add("tree", GitServerPack.Entry("100644", "a", folder.Add("tree", [])));
        await RefusedAsync(TransportFailure.Malformed, folder.Add("commit", GitServerPack.Commit(file)), folder.Bytes());

        var headless = new GitServerPack();
        await RefusedAsync(TransportFailure.Malformed, headless.Add("commit", GitServerPack.Commit(GitServerAnswers.Commit)), headless.Bytes());
    }

    [TestMethod]
    public async Task Paths_that_are_there_twice_are_refused()
    {
        var pack = new GitServerPack();
        var one = pack.Add("blob", "1"u8.ToArray());
        var two = pack.Add("blob", "2"u8.ToArray());
        var tree = pack.Add("tree", [.. GitServerPack.Entry("100644", "a", one), .. GitServerPack.Entry("100644", "a", two)]);

        await RefusedAsync(TransportFailure.Malformed, pack.Add("commit", GitServerPack.Commit(tree)), pack.Bytes());
    }

    [TestMethod]
    public async Task A_delta_cannot_fill_the_memory()
    {
        var pack = new GitServerPack();
        var blob = pack.Add("blob", new byte[65535]);
        var tree = pack.Add("tree", GitServerPack.Entry("100644", "a", blob));
        var commit = pack.Add("commit", GitServerPack.Commit(tree));

        // 65,535 bytes, copied 65,536 times, are 4 GiB: lengths as base-128 numbers, then copies of the whole base (offset 0).
        pack.AddDelta(blob, [0xFF, 0xFF, 0x03, 0x80, 0x80, 0xFC, 0xFF, 0x0F, .. Enumerable.Repeat(new byte[] { 0xB0, 0xFF, 0xFF }, 65_536).SelectMany(b => b)]);

        await RefusedAsync(TransportFailure.TooLarge, commit, pack.Bytes());
    }

    [TestMethod]
    public async Task Folders_in_folders_cannot_grow_without_end()
    {
        var pack = new GitServerPack();
        var id = pack.Add("blob", "x"u8.ToArray());
        var mode = "100644";
        for (var level = 0; level < 10; level++)
        {
            id = pack.Add("tree", [.. Enumerable.Range(0, 10).SelectMany(i => GitServerPack.Entry(mode, $"f{i}", id))]);
            mode = "40000";
        }

        await RefusedAsync(TransportFailure.TooLarge, pack.Add("commit", GitServerPack.Commit(id)), pack.Bytes());
    }

    [TestMethod]
    public async Task What_git_works_on_too_long_is_ended()
    {
        var pack = new GitServerPack();
        var commit = pack.Add("commit", GitServerPack.Commit(pack.Add("tree", [])));
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        var gate = new TaskCompletionSource();
        server.Answer = async context =>
        {
            await GitServerAnswers.Give(GitServerPack.Answer(pack.Bytes())[..^30])(context);
            await context.Response.Body.FlushAsync();
            await gate.Task;
            return true;
        };
        using var client = server.Client(new GitLimits { Digestion = TimeSpan.FromMilliseconds(500) });

        Assert.AreEqual(TransportFailure.TooLarge, (await FailsAsync(client, server, commit)).Failure);
        gate.SetResult();
    }

    [TestMethod]
    [DataRow("0000")]
    [DataRow("000dpackfile\n0000")]
    [DataRow("000dpackfile\n0005\u00010000")]
    [DataRow("000dpackfile\n00040000")]
    [DataRow("000dpackfile\n0009PACK\0000")]
    [DataRow("000dpackfile\n0001")]
    [DataRow("000cnothing\n0000")]
    [DataRow("0011shallow-info\n0000")]
    [DataRow("0011shallow-info\n000cshallow 00010000")]
    [DataRow("0011shallow-info\n0035shallow ../../../../../../../../../../../../etc/p\n0001000dpackfile\n0000")]
    [DataRow("000dpackfile\n000e\u0003no memory0000")]
    public async Task What_is_no_answer_to_a_fetch_is_refused(string answer)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        server.Answer = GitServerAnswers.Give(answer);

        Assert.AreEqual(TransportFailure.Malformed, (await FailsAsync(client, server, GitServerAnswers.Commit)).Failure);
    }

    private static async Task<GitTree> FetchAsync(string commit, byte[] answer)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        server.Answer = GitServerAnswers.Give(answer);
        return await client.FetchAsync(server.Remote(), commit, default);
    }

    private static async Task RefusedAsync(TransportFailure expected, string commit, byte[] pack)
        => Assert.AreEqual(expected, (await Assert.ThrowsExactlyAsync<TransportException>(() => FetchAsync(commit, GitServerPack.Answer(pack)))).Failure);

    private static Task<TransportException> FailsAsync(GitClient client, GitServer server, string commit)
        => Assert.ThrowsExactlyAsync<TransportException>(() => client.FetchAsync(server.Remote(), commit, default));

    private static async Task<string?> TextAsync(GitTree tree, string path) => await tree.ReadAsync(path, 1000, default) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static string DigestOf(params (string Mode, string Path, string Content)[] files) => Sha512(string.Concat(files.Select(f => $"{f.Mode} {f.Path}\t{Hex(f.Content)}\n")));

    private static string Sha512(string text) => Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Hex(string content) => Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(content)));
}
