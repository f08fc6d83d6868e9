using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>Whose a commit is, against what git itself says.</summary>
[TestClass]
public sealed class GitReachTests
{
    [TestMethod]
    [DataRow("sha1", true, 14_000, 300)]
    [DataRow("sha1", false, 14_000, 100)]
    [DataRow("sha1", true, 3, 100)]
    [DataRow("sha256", true, 14_000, 100)]
    public async Task The_answer_is_that_of_git(string format, bool canFilter, int haves, int count)
    {
        using var sample = new GitSample(format, "o/r");
        sample.Git("config", "uploadpack.allowFilter", canFilter ? "true" : "false");
        var commits = History(sample, new Random(7), count);
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client(new GitLimits { Haves = haves });
        var own = Lines(sample, "rev-list", "--branches", "--tags");

        var answers = await Task.WhenAll(commits.Select(c => client.ReachAsync(server.Remote(), c, default)));

        Assert.IsTrue(own.Count > count / 6 && own.Count < count - 5, own.Count.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < commits.Count; i++)
        {
            Assert.AreEqual(own.Contains(commits[i]) ? Reach.Reachable : Reach.NotReachable, answers[i], commits[i]);
        }
    }

    [TestMethod]
    public async Task A_commit_of_a_fork_or_pull_request_is_not_reachable()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        var impostor = sample.Write("evil", "x").Commit();
        sample.Git("update-ref", "refs/pull/1/head", impostor);
        sample.Git("update-ref", "refs/notes/x", impostor);
        sample.Git("reset", "-q", "--hard", "HEAD~1");
        var unnamed = sample.Write("other", "x").Commit();
        sample.Git("reset", "-q", "--hard", "HEAD~1");
        sample.Git("checkout", "-q", "--orphan", "alone");
        var orphan = sample.Write("orphan", "x").Commit();
        sample.Git("checkout", "-q", "main");
        sample.Git("branch", "-D", "alone");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        foreach (var commit in new[] { impostor, unnamed, orphan })
        {
            Assert.AreEqual(Reach.NotReachable, await client.ReachAsync(server.Remote(), commit, default));
        }

        using var tree = await client.FetchAsync(server.Remote(), impostor, default);
        Assert.AreEqual(impostor, tree.Commit, "that it can be had says nothing");
    }

    [TestMethod]
    public async Task Tags_of_trees_and_files_do_not_disturb()
    {
        using var sample = new GitSample(root: "o/r");
        var first = sample.Write("a", "a").Commit();
        var middle = sample.Write("a", "b").Commit();
        sample.Write("a", "c").Commit();
        sample.Git("tag", "tree", first + "^{tree}");
        sample.Git("tag", "file", first + ":a");
        sample.Git("tag", "-a", "-m", "x", "tree-annotated", middle + "^{tree}");
        sample.Git("tag", "-a", "-m", "x", "file-annotated", middle + ":a");
        sample.Git("tag", "-a", "-m", "x", "deep", middle);
        sample.Git("tag", "-a", "-m", "x", "deeper", "deep");
        sample.Git("checkout", "-q", "--detach");
        var impostor = sample.Commit();
        sample.Git("checkout", "-q", "main");
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        Assert.AreEqual(Reach.Reachable, await client.ReachAsync(server.Remote(), first, default));
        Assert.AreEqual(Reach.Reachable, await client.ReachAsync(server.Remote(), middle, default));
        Assert.AreEqual(Reach.NotReachable, await client.ReachAsync(server.Remote(), impostor, default));
        Assert.AreEqual(Reach.Reachable, await client.ReachAsync(server.Remote(), sample.Git("rev-parse", "deep"), default));
        Assert.AreEqual(Reach.Reachable, await client.ReachAsync(server.Remote(), sample.Git("rev-parse", "deeper"), default));
    }

    [TestMethod]
    public async Task What_is_not_there_is_absent()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        using var empty = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        await using var emptyServer = await GitServer.StartAsync(empty.Base);
        using var client = server.Client();

        Assert.AreEqual(Reach.Absent, await client.ReachAsync(server.Remote(), GitServerAnswers.Commit, default));
        Assert.AreEqual(Reach.Absent, await client.ReachAsync(server.Remote(), new string('1', 64), default));
        Assert.AreEqual(Reach.Absent, await client.ReachAsync(emptyServer.Remote(), GitServerAnswers.Commit, default));
        Assert.AreEqual(Reach.Absent, await client.ReachAsync(emptyServer.Remote(), new string('1', 64), default));
        await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await client.ReachAsync(server.Remote(), "main", default));
    }

    [TestMethod]
    public async Task A_tip_costs_one_request_and_all_others_one_more_each()
    {
        using var sample = new GitSample(root: "o/r");
        var first = sample.Commit();
        var second = sample.Commit();
        var tip = sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        using var client = server.Client();

        Assert.AreEqual(Reach.Reachable, await client.ReachAsync(server.Remote(), tip, default));
        Assert.HasCount(1, server.Requests);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.ReachAsync(server.Remote(), i % 2 == 0 ? first : second, default)));
        Assert.HasCount(4, server.Requests);
    }

    [TestMethod]
    public async Task A_large_answer_is_not_waited_for()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        var gone = new TaskCompletionSource();
        using var client = server.Client();
        server.Answer = async context =>
        {
            if (!server.Bodies.Last().Contains("command=fetch", StringComparison.Ordinal))
            {
                return false;
            }

            await GitServerAnswers.Give(Encoding.ASCII.GetBytes(GitServerAnswers.Line("packfile\n")).Concat(GitServerAnswers.Line([1, .. "PACK\0\0\0\u0002\0\u0001\0\0"u8])).ToArray())(context);
            await context.Response.Body.FlushAsync();
            using var aborted = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return true;
        };

        Assert.AreEqual(Reach.NotReachable, await client.ReachAsync(server.Remote(), GitServerAnswers.Commit, default));
        await gone.Task;
    }

    [TestMethod]
    public async Task A_server_that_lies_about_what_it_can_is_refused()
    {
        using var sample = new GitSample(root: "o/r");
        sample.Commit();
        await using var server = await GitServer.StartAsync(sample.Base);
        foreach (var answer in new[] { "", "0000", GitServerAnswers.Line("version 1\n") + "0000", GitServerAnswers.Line("version 2\n"), GitServerAnswers.Line("version 2\n") + "0001", "001e# service=git-upload-pack\n" })
        {
            using var client = server.Client();
            server.Answer = async context =>
            {
                context.Response.ContentType = "application/x-git-upload-pack-advertisement";
                await context.Response.Body.WriteAsync(context.Request.Method == "GET" ? Encoding.ASCII.GetBytes(answer) : []);
                return context.Request.Method == "GET";
            };
            var failure = await Assert.ThrowsExactlyAsync<TransportException>(() => client.ReachAsync(server.Remote(), GitServerAnswers.Commit, default));
            Assert.AreEqual(TransportFailure.Malformed, failure.Failure, answer);
        }
    }

    // Branches, merges, orphans, tags, and refs of pull requests and deleted branches; by one stream, for it is quick.
    private static List<string> History(GitSample sample, Random random, int count)
    {
        var stream = new StringBuilder();
        for (var i = 1; i <= count; i++)
        {
            stream.Append(CultureInfo.InvariantCulture, $"commit refs/all/{i}\nmark :{i}\ncommitter c <c@c> {1700000000 + i} +0000\ndata 1\nx");
            if (i > 1 && random.Next(20) > 0)
            {
                stream.Append(CultureInfo.InvariantCulture, $"\nfrom :{random.Next(Math.Max(1, i - 12), i)}");
                if (random.Next(4) == 0)
                {
                    stream.Append(CultureInfo.InvariantCulture, $"\nmerge :{random.Next(1, i)}");
                }
            }

            stream.Append(CultureInfo.InvariantCulture, $"\nM 100644 inline f{i % 7}\ndata 3\n{i:D3}\n\n");
        }

        for (var i = 0; i < 8; i++)
        {
            stream.Append(CultureInfo.InvariantCulture, $"reset refs/{(i % 2 == 0 ? "heads" : "tags")}/n{i}\nfrom :{random.Next(1, count)}\n\n");
        }

        var start = new ProcessStartInfo("git", ["fast-import", "--quiet"]) { WorkingDirectory = sample.Root, RedirectStandardInput = true };
        using var git = Process.Start(start)!;
        git.StandardInput.Write(stream);
        git.StandardInput.Close();
        git.WaitForExit();
        Assert.AreEqual(0, git.ExitCode);
        return [.. Lines(sample, "rev-list", "--all")];
    }

    private static HashSet<string> Lines(GitSample sample, params string[] arguments) => [.. sample.Git(arguments).Split('\n')];
}
