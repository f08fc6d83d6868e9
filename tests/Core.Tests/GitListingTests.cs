using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>Listings of refs from a real server, and from ones that do what they want.</summary>
[TestClass]
public sealed class GitListingTests
{
    private static readonly string[] HeadsAndTags = ["refs/heads/", "refs/tags/"];

    [TestMethod]
    [DataRow("sha1")]
    [DataRow("sha256")]
    public async Task Tags_are_told_with_what_they_name(string format)
    {
        using var sample = new GitSample(format, "o/r");
        var commit = sample.Commit();
        sample.Git("tag", "light");
        sample.Git("tag", "-a", "-m", "x", "annotated");
        sample.Git("tag", "-a", "-m", "x", "nested", "annotated");
        sample.Git("tag", "tree", "HEAD^{tree}");
        sample.Git("tag", "-a", "-m", "x", "tree-annotated", "HEAD^{tree}");
        sample.Git("branch", "light");
        sample.Git("branch", "gone");
        sample.Git("branch", "-D", "gone");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        var refs = await client.ListRefsAsync(server.Remote(), [], default);

        CollectionAssert.AreEqual(
            new[] { "HEAD", "refs/heads/light", "refs/heads/main", "refs/tags/annotated", "refs/tags/light", "refs/tags/nested", "refs/tags/tree", "refs/tags/tree-annotated" },
            refs.All.Select(r => r.Name).ToArray());
        Assert.AreEqual(new GitRef("HEAD", commit, null, "refs/heads/main"), refs.Find("HEAD"));
        Assert.AreEqual(new GitRef("refs/tags/light", commit, null, null), refs.Find("refs/tags/light"));
        Assert.AreEqual(new GitRef("refs/tags/annotated", sample.Git("rev-parse", "annotated"), commit, null), refs.Find("refs/tags/annotated"));
        Assert.AreEqual(new GitRef("refs/tags/nested", sample.Git("rev-parse", "nested"), commit, null), refs.Find("refs/tags/nested"));
        Assert.AreEqual(sample.Git("rev-parse", "HEAD^{tree}"), refs.Find("refs/tags/tree-annotated")!.Commit);
        Assert.AreEqual(commit, refs.Find("refs/tags/nested")!.Commit);
        Assert.IsNull(refs.Find("refs/heads/gone"));
        Assert.IsNull(refs.Find("light"));
    }

    [TestMethod]
    public async Task A_prefix_is_exact_whatever_the_server_makes_of_it()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        sample.Git("tag", "v1");
        sample.Git("tag", "v1.1");
        sample.Git("tag", "x");
        sample.Git("branch", "v1");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        var refs = await client.ListRefsAsync(server.Remote(), ["refs/tags/v1", "refs/heads/v1"], default);
        CollectionAssert.AreEqual(new[] { "refs/heads/v1", "refs/tags/v1", "refs/tags/v1.1" }, refs.All.Select(r => r.Name).ToArray());

        server.Answer = GitServerAnswers.Give(GitServerAnswers.Line($"{GitServerAnswers.Commit} refs/tags/v1\n") + GitServerAnswers.Line($"{GitServerAnswers.Commit} refs/tags/other\n") + "0000");
        using var second = server.Client();
        Assert.AreEqual("refs/tags/v1", (await second.ListRefsAsync(server.Remote(), ["refs/tags/v1"], default)).All.Single().Name);
    }

    [TestMethod]
    public async Task Names_need_not_be_ASCII_and_not_even_text()
    {
        using var sample = new GitSample(root: "o/r");
        var commit = sample.Commit();
        sample.Git("tag", "größe-漢");
        sample.Git("pack-refs", "--all");
        var packed = File.ReadAllBytes(sample.At(".git/packed-refs"));
        File.WriteAllBytes(sample.At(".git/packed-refs"), [.. packed, .. System.Text.Encoding.ASCII.GetBytes(commit + " refs/tags/x"), 0xE9, (byte)'\n']);
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        var refs = await client.ListRefsAsync(server.Remote(), ["refs/tags/"], default);

        CollectionAssert.AreEqual(new[] { "refs/tags/größe-漢", "refs/tags/x\uDCE9" }, refs.All.Select(r => r.Name).ToArray());
        Assert.AreEqual(commit, (await client.ListRefsAsync(server.Remote(), ["refs/tags/größe"], default)).All.Single().Commit);
    }

    [TestMethod]
    public async Task Seven_thousand_refs_are_one_request()
    {
        using var sample = new GitSample(root: "o/r");
        var commit = sample.Commit();
        File.AppendAllText(sample.At(".git/packed-refs"), string.Concat(Enumerable.Range(1000, 7000).Select(i => $"{commit} refs/tags/v{i}\n")));
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        var listings = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.ListRefsAsync(server.Remote(), HeadsAndTags, default)));
        var narrower = await client.ListRefsAsync(server.Remote(), ["refs/tags/v123"], default);

        Assert.IsTrue(listings.All(l => l.All.Count == 7001));
        Assert.HasCount(10, narrower.All);
        CollectionAssert.AreEqual(new[] { "POST /o/r/git-upload-pack" }, server.Requests.ToArray());
        using var strict = server.Client(new GitLimits { Refs = 7000 });
        Assert.AreEqual(TransportFailure.TooLarge, (await FailsAsync(strict, server)).Failure);
        using var small = server.Client(new GitLimits { RefsBytes = 100_000 });
        Assert.AreEqual(TransportFailure.TooLarge, (await FailsAsync(small, server)).Failure);
        Assert.HasCount(10, (await small.ListRefsAsync(server.Remote(), ["refs/tags/v123"], default)).All);
    }

    [TestMethod]
    public async Task One_who_gives_up_takes_nothing_from_the_others()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        var gate = new TaskCompletionSource();
        server.Answer = async _ =>
        {
            await gate.Task;
            return false;
        };
        using var impatient = new CancellationTokenSource();

        var first = client.ListRefsAsync(server.Remote(), HeadsAndTags, impatient.Token);
        var second = client.ListRefsAsync(server.Remote(), HeadsAndTags, default);
        await impatient.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.HasCount(1, (await second).All);
        Assert.HasCount(1, server.Requests);
    }

    [TestMethod]
    [DataRow("", "it ends too early")]
    [DataRow("0", "it ends in the middle of a line")]
    [DataRow("zzzz", "a line of it has no length")]
    [DataRow("0003", "a line of it has no length")]
    [DataRow("+001", "a line of it has no length")]
    [DataRow("ffff", "a line of it has no length")]
    [DataRow("0100abc", "it ends in the middle of a line")]
    [DataRow("00001", "something follows its end")]
    [DataRow("00000000", "something follows its end")]
    [DataRow("0001", "the list of refs has no end")]
    [DataRow("0002", "the list of refs has no end")]
    [DataRow("0004", "a line of it is no ref")]
    [DataRow("0009hello0000", "a line of it is no ref")]
    [DataRow("0009ERR a0000", "the server refuses: a.")]
    [DataRow("<html>", "a line of it has no length")]
    public async Task What_is_no_listing_is_refused(string answer, string expected)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        server.Answer = GitServerAnswers.Give(answer);

        var failure = await FailsAsync(client, server);

        Assert.AreEqual(TransportFailure.Malformed, failure.Failure);
        Assert.Contains(expected, failure.Message);
        Assert.Contains(server.Address.Authority, failure.Message);
    }

    [TestMethod]
    [DataRow("HEAD\n")]
    [DataRow(" refs/heads/a\n")]
    [DataRow("X11111111111111111111111111111111111111 refs/heads/a")]
    [DataRow("1111111111111111111111111111111111111111 refs/heads/../a")]
    [DataRow("1111111111111111111111111111111111111111 --upload-pack")]
    [DataRow("1111111111111111111111111111111111111111 refs/heads/a\u0001")]
    [DataRow("1111111111111111111111111111111111111111 refs/heads/a\0b")]
    [DataRow("111111111111111111111111111111111111111 refs/heads/a")]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA refs/heads/a")]
    [DataRow("1111111111111111111111111111111111111111 refs/heads/a peeled:1")]
    [DataRow("1111111111111111111111111111111111111111  refs/heads/a")]
    public async Task What_is_no_ref_is_refused(string line)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        server.Answer = GitServerAnswers.Give(GitServerAnswers.Line(line) + "0000");

        Assert.Contains("a line of it is no ref", (await FailsAsync(client, server)).Message);
    }

    [TestMethod]
    public async Task A_name_is_there_once_and_all_ids_are_of_one_kind()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        foreach (var second in new[] { $"{new string('2', 40)} refs/heads/a", $"{new string('2', 64)} refs/heads/b" })
        {
            using var client = server.Client();
            server.Answer = GitServerAnswers.Give(GitServerAnswers.Line($"{GitServerAnswers.Commit} refs/heads/a\n") + GitServerAnswers.Line(second) + "0000");
            Assert.Contains("is there twice, or has another kind of id", (await FailsAsync(client, server)).Message);
        }
    }

    [TestMethod]
    public async Task An_older_protocol_is_called_by_its_name()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();
        server.SpeaksVersion2 = false;

        var failure = await FailsAsync(client, server);

        Assert.AreEqual(TransportFailure.Malformed, failure.Failure);
        Assert.Contains("does not speak version 2", failure.Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("-x")]
    [DataRow("/")]
    [DataRow("refs/heads/a b")]
    [DataRow("refs/heads/a\n0000")]
    [DataRow("refs/../x")]
    public async Task What_begins_no_ref_is_not_asked(string prefix)
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await client.ListRefsAsync(server.Remote(), [prefix], default));
        Assert.IsEmpty(server.Requests);
    }

    private static Task<TransportException> FailsAsync(GitClient client, GitServer server)
        => Assert.ThrowsExactlyAsync<TransportException>(() => client.ListRefsAsync(server.Remote(), HeadsAndTags, default));
}
