using System.Text;
using CsCheck;
using Hardening.Transport;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>Whatever a server answers, the outcome is what was asked for or the one exception that is documented.</summary>
[TestClass]
public sealed class GitFuzzTests
{
    [TestMethod]
    public async Task No_listing_has_another_outcome()
    {
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        var good = Encoding.ASCII.GetBytes(string.Concat(new[] { "HEAD symref-target:refs/heads/a\n", "refs/heads/a\n", "refs/tags/b peeled:" + GitServerAnswers.Commit + "\n" }
            .Select(text => GitServerAnswers.Line($"{GitServerAnswers.Commit} {text}"))) + "0000");

        foreach (var answer in Damaged(good, 400))
        {
            server.Answer = GitServerAnswers.Give(answer);
            await OutcomeAsync(server, client => client.ListRefsAsync(server.Remote(), [], default));
        }
    }

    [TestMethod]
    public async Task No_tree_has_another_outcome()
    {
        var pack = new GitServerPack();
        var tree = pack.Add("tree", GitServerPack.Entry("100644", "a", pack.Add("blob", "content"u8.ToArray())));
        var commit = pack.Add("commit", GitServerPack.Commit(tree));
        using var sample = new GitSample(root: "o/r");
        await using var server = await GitServer.StartAsync(sample.Base);
        string? digest = null;

        foreach (var answer in Damaged(GitServerPack.Answer(pack.Bytes(), commit), 100).Prepend(GitServerPack.Answer(pack.Bytes())))
        {
            server.Answer = GitServerAnswers.Give(answer);
            await OutcomeAsync(server, async client =>
            {
                using var read = await client.FetchAsync(server.Remote(), commit, default);
                digest ??= read.Digest;
                Assert.AreEqual(digest, read.Digest);
            });
        }

        Assert.IsNotNull(digest);
    }

    private static async Task OutcomeAsync(GitServer server, Func<GitClient, Task> ask)
    {
        using var client = server.Client();
        try
        {
            await ask(client);
        }
        catch (TransportException)
        {
            // As documented.
        }
    }

    private static byte[][] Damaged(byte[] good, int count)
        => Gen.Select(Gen.Int[0, good.Length - 1], Gen.OneOf(Gen.Byte, Gen.OneOfConst("0123456789abcdef \n\0"u8.ToArray())), Gen.Int[0, good.Length], Gen.Bool, (at, value, length, cuts) =>
        {
            var damaged = good.ToArray();
            damaged[at] = value;
            return cuts ? damaged[..length] : damaged;
        }).Array[count].Single();
}
