using Hardening.Files;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class RepositoryRootTests
{
    [TestMethod]
    public void The_folder_with_git_is_the_root()
    {
        using var folder = new TemporaryFolder();
        folder.Folder("repository/.git");
        var inner = folder.Folder("repository/src/App");

        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(inner));
        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(folder.At("repository")));
        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(folder.At("repository/none/none")));
    }

    [TestMethod]
    public void The_nearest_lockfile_comes_before_git()
    {
        using var folder = new TemporaryFolder();
        folder.Folder("repository/.git");
        folder.File($"repository/{Lockfile.FileName}");
        folder.File($"repository/part/{Lockfile.FileName}");
        var inner = folder.Folder("repository/part/src");

        Assert.AreEqual(folder.At("repository/part"), RepositoryRoot.Find(inner));
        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(folder.Folder("repository/other")));
    }

    [TestMethod]
    public void A_folder_named_as_the_lockfile_is_none()
    {
        using var folder = new TemporaryFolder();
        folder.Folder("repository/.git");
        folder.Folder($"repository/src/{Lockfile.FileName}");

        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(folder.At("repository/src")));
    }

    [TestMethod]
    public void Nothing_is_looked_for_above_the_git_root()
    {
        using var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName);
        folder.Folder("repository/.git");

        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(folder.Folder("repository/src")));
    }

    [TestMethod]
    // work trees
    [DataRow("gitdir: /home/a/repository/.git/worktrees/name\n")]
    [DataRow("gitdir: C:/repository/.git/worktrees/name\r\n")]
    [DataRow("gitdir: /home/modules/repository/.git/worktrees/name\n")]
    [DataRow("gitdir: /srv/modules/repository.git/worktrees/name\n")]
    [DataRow("gitdir: /home/a/repository/.git/worktrees/modules\n")]
    // a work tree of a submodule stands outside the repository around the submodule
    [DataRow("gitdir: /home/a/repository/.git/modules/sub/worktrees/name\n")]
    [DataRow("gitdir: /home/a/repository/.git/worktrees/tree/modules/sub/worktrees/name/\n")]
    // git init --separate-git-dir
    [DataRow("gitdir: /srv/modules/repository\n")]
    [DataRow("gitdir: modules\n")]
    [DataRow("gitdir:\n")]
    // no git at all
    [DataRow("")]
    [DataRow("../.git/modules/sub")]
    public void Nothing_is_looked_for_above_a_work_tree(string gitFile)
    {
        using var folder = new TemporaryFolder();
        folder.Folder(".git");
        folder.File(Lockfile.FileName);
        folder.File("tree/.git", gitFile);

        Assert.AreEqual(folder.At("tree"), RepositoryRoot.Find(folder.Folder("tree/src")));
    }

    [TestMethod]
    [DataRow("gitdir: ../.git/modules/sub\n")]
    [DataRow("gitdir: ../.git/modules/group/sub\r\n")]
    [DataRow("gitdir: ../../.git/modules/a/modules/sub")]
    [DataRow("gitdir: C:\\repository\\.git\\modules\\sub\n")]
    [DataRow("gitdir: /home/modules/repository/.git/modules/sub\n")]
    [DataRow("gitdir: /home/a/repository/.git/worktrees/tree/modules/sub\n")]
    [DataRow("gitdir: /srv/repository.git/worktrees/tree/modules/group/sub\n")]
    public void A_submodule_belongs_to_the_repository_around_it_if_that_has_the_lockfile(string gitFile)
    {
        using var folder = new TemporaryFolder();
        folder.Folder("repository/.git");
        folder.File("repository/sub/.git", gitFile);
        var inner = folder.Folder("repository/sub/src");

        Assert.AreEqual(folder.At("repository/sub"), RepositoryRoot.Find(inner));

        folder.File($"repository/{Lockfile.FileName}");
        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(inner));

        folder.File($"repository/sub/{Lockfile.FileName}");
        Assert.AreEqual(folder.At("repository/sub"), RepositoryRoot.Find(inner));
    }

    [TestMethod]
    public void A_submodule_in_a_submodule_of_a_work_tree_belongs_to_the_work_tree()
    {
        using var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName);
        folder.File("tree/.git", "gitdir: /home/a/.git/worktrees/tree");
        folder.File("tree/one/.git", "gitdir: /home/a/.git/worktrees/tree/modules/one");
        folder.File("tree/one/two/.git", "gitdir: /home/a/.git/worktrees/tree/modules/one/modules/two");

        Assert.AreEqual(folder.At("tree/one/two"), RepositoryRoot.Find(folder.At("tree/one/two")));

        folder.File($"tree/{Lockfile.FileName}");
        Assert.AreEqual(folder.At("tree"), RepositoryRoot.Find(folder.At("tree/one/two")));
    }

    [TestMethod]
    public void A_submodule_that_was_moved_out_of_its_repository_stands_alone()
    {
        using var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName);
        folder.File("moved/.git", "gitdir: ../.git/modules/sub");

        // Who can write above it is not who can write the repository.
        var outside = RepositoryRoot.Find(Path.GetDirectoryName(folder.Path)!);
        Assert.IsNull(outside, "this test needs a temporary folder outside any repository");
        Assert.AreEqual(folder.At("moved"), RepositoryRoot.Find(folder.At("moved")));
    }

    [TestMethod]
    public void Without_git_or_lockfile_there_is_no_root()
    {
        using var folder = new TemporaryFolder();

        Assert.AreEqual(RepositoryRoot.Find(Path.GetDirectoryName(folder.Path)!), RepositoryRoot.Find(folder.Folder("a/b")));
    }

    [TestMethod]
    public void A_separator_at_the_end_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        folder.Folder("repository/.git");
        var repository = folder.At("repository") + Path.DirectorySeparatorChar;
        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(repository));

        folder.File($"repository/{Lockfile.FileName}");
        Assert.AreEqual(folder.At("repository"), RepositoryRoot.Find(repository));
        Assert.IsNull(RepositoryRoot.OuterLockfile(repository));
    }

    [TestMethod]
    public void A_second_lockfile_is_found_up_to_the_git_root()
    {
        using var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName);
        folder.Folder("repository/.git");
        folder.File($"repository/part/{Lockfile.FileName}");
        Assert.IsNull(RepositoryRoot.OuterLockfile(folder.At("repository/part")));
        Assert.IsNull(RepositoryRoot.OuterLockfile(folder.At("repository")));

        var outer = folder.File($"repository/{Lockfile.FileName}");
        Assert.AreEqual(outer, RepositoryRoot.OuterLockfile(folder.At("repository/part")));
        Assert.AreEqual(outer, RepositoryRoot.OuterLockfile(folder.Folder("repository/part/") + Path.DirectorySeparatorChar));
        Assert.IsNull(RepositoryRoot.OuterLockfile(folder.At("repository")));
    }

    [TestMethod]
    [DataRow("src/App/App.csproj", "src/App/App.csproj")]
    [DataRow("src/../App.csproj", "App.csproj")]
    [DataRow("..a/b", "..a/b")]
    [DataRow("../other/App.csproj", null)]
    [DataRow("..", null)]
    [DataRow("../repository2/a", null)]
    [DataRow("src/../../other", null)]
    public void A_path_is_told_relative_to_the_root(string path, string? expected)
    {
        using var folder = new TemporaryFolder();
        var root = folder.At("repository");

        Assert.AreEqual(expected, RepositoryRoot.Relative(root, Path.Combine(root, path)));
        Assert.AreEqual(expected, RepositoryRoot.Relative(root + Path.DirectorySeparatorChar, Path.Combine(root, path)));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_backslash_in_a_name_does_not_become_a_separator()
    {
        Assert.AreEqual(@"a\..\..\b", RepositoryRoot.Relative("/r", @"/r/a\..\..\b"));
        Assert.AreEqual(@"src\App.csproj", RepositoryRoot.Relative("/r", @"/r/src\App.csproj"));
        Assert.AreEqual(@"..\b", RepositoryRoot.Relative("/r", @"/r/..\b"));
    }
}
