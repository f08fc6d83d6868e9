using CsCheck;
using Hardening.Files;

namespace Hardening.Tests;

[TestClass]
public sealed class GitIndexTests
{
    private static readonly string[] Paths = ["a", "bin/a rather long name that is longer than others/é漢.props", "bin/x.csproj", "bin/y.csproj", "src/app/app.csproj", "z"];

    [TestMethod]
    [DataRow("sha1", "2")]
    [DataRow("sha1", "4")]
    [DataRow("sha256", "2")]
    [DataRow("sha256", "4")]
    public void Every_tracked_path_is_told(string objectFormat, string version)
    {
        using var git = new GitSample(objectFormat);
        git.Git("config", "index.version", version);
        Commit(git);
        git.Git("update-index", "--index-version", version);

        CollectionAssert.AreEqual(Paths, GitIndex.Paths(git.Root, _ => true).ToArray());
        CollectionAssert.AreEqual(new[] { "a" }, GitIndex.Paths(git.Root, path => path.SequenceEqual("a"u8)).ToArray());
    }

    [TestMethod]
    public void What_is_added_and_not_committed_yet_is_told_too()
    {
        using var git = new GitSample();
        git.Write("bin/new.csproj", "<Project />").Write("bin/later.csproj", "<Project />");
        git.Git("add", "-f", "bin/new.csproj");

        // An entry of version 3, with more flags.
        git.Git("add", "-f", "-N", "bin/later.csproj");

        CollectionAssert.AreEqual(new[] { "bin/later.csproj", "bin/new.csproj" }, GitIndex.Paths(git.Root, _ => true).ToArray());
    }

    [TestMethod]
    public void A_work_tree_has_an_index_of_its_own()
    {
        using var git = new GitSample("sha256");
        Commit(git);
        var tree = Path.Combine(git.Base, "tree");
        git.Git("worktree", "add", "-q", tree);
        File.WriteAllText(Path.Combine(tree, "bin", "more.csproj"), string.Empty);
        git.GitIn(tree, "add", "-f", "bin/more.csproj");

        CollectionAssert.Contains(GitIndex.Paths(tree, _ => true).ToArray(), "bin/more.csproj");
        CollectionAssert.AreEqual(Paths, GitIndex.Paths(git.Root, _ => true).ToArray());
    }

    [TestMethod]
    public void Where_there_is_none_or_it_is_damaged_nothing_is_told()
    {
        using var git = new GitSample();
        Assert.IsEmpty(GitIndex.Paths(git.Base, _ => true));
        Assert.IsEmpty(GitIndex.Paths(git.Root, _ => true));
        Commit(git);
        var index = File.ReadAllBytes(git.At(".git/index"));
        Gen.Select(Gen.Int[0, index.Length - 1], Gen.Byte, Gen.Int[0, index.Length]).Sample(
            (at, value, length) =>
            {
                var damaged = index[..length];
                if (at < length)
                {
                    damaged[at] = value;
                }

                File.WriteAllBytes(git.At(".git/index"), damaged);
                _ = GitIndex.Paths(git.Root, _ => true);
            },
            iter: 2000, threads: 1);
    }

    [TestMethod]
    public void A_tracked_project_in_a_folder_that_is_not_walked_is_found()
    {
        using var git = new GitSample();
        Commit(git);
        git.Write("bin/untracked.csproj", string.Empty).Write("obj/untracked.props", string.Empty);

        CollectionAssert.AreEqual(new[] { "bin/x.csproj", "bin/y.csproj", "src/app/app.csproj" }, Find(git.Root, _ => false));
        CollectionAssert.AreEqual(new[] { "src/app/app.csproj" }, Find(git.Root, path => path == "bin"));
        CollectionAssert.AreEqual(new[] { "app/app.csproj" }, Find(git.At("src"), _ => false));
        File.Delete(git.At("bin/x.csproj"));
        CollectionAssert.AreEqual(new[] { "bin/y.csproj", "src/app/app.csproj" }, Find(git.Root, _ => false));
    }

    private static string[] Find(string root, Func<string, bool> excludes) => [.. RepositoryFiles.Find(root, name => name.EndsWith("proj", StringComparison.Ordinal), excludes)];

    private static void Commit(GitSample git)
    {
        foreach (var path in Paths)
        {
            git.Write(path, "<Project />");
        }

        git.Commit();
    }
}
