using System.Runtime.Versioning;
using Hardening.Files;

namespace Hardening.Tests;

[TestClass]
public sealed class RepositoryFilesTests
{
    [TestMethod]
    public void Files_are_found_sorted_ordinally()
    {
        using var folder = Sample("b/x.p", "a.p", "B.p", "a/z.p", "a-b/y.p", "a/skip.txt", "\u00E9/\u4E2D.p", ".hidden/x.p", ".hidden.p");

        CollectionAssert.AreEqual(new[] { ".hidden.p", ".hidden/x.p", "B.p", "a-b/y.p", "a.p", "a/z.p", "b/x.p", "\u00E9/\u4E2D.p" }, Find(folder));
    }

    [TestMethod]
    [DataRow(".git")]
    [DataRow(".vs")]
    [DataRow(".idea")]
    [DataRow("node_modules")]
    [DataRow("bin")]
    [DataRow("OBJ")]
    [DataRow("TestResults")]
    [DataRow("artifacts")]
    public void Folders_that_git_editors_and_builds_write_are_not_walked(string name)
    {
        using var folder = Sample($"{name}/a.p", $"src/{name}/a/b.p", $"{name}x/a.p", "z.p");
        if (name == ".git")
        {
            // A .git below makes a repository of its own.
            Directory.Delete(folder.At("src"), recursive: true);
        }

        CollectionAssert.AreEqual(new[] { $"{name}x/a.p", "z.p" }, Find(folder));
    }

    [TestMethod]
    public void Repositories_inside_are_not_walked()
    {
        using var folder = Sample(".git/config", "a.p", "module/.git", "module/a.p", "clone/.git/config", "clone/sub/a.p", "none/.gitignore", "none/a.p");

        CollectionAssert.AreEqual(new[] { "a.p", "none/a.p" }, Find(folder));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void Links_to_folders_are_not_followed_and_links_to_files_are_told()
    {
        using var outside = Sample("secret.p");
        using var folder = Sample("src/a.p");
        Directory.CreateSymbolicLink(folder.At("src/loop"), folder.Path);
        Directory.CreateSymbolicLink(folder.At("out"), outside.Path);
        File.CreateSymbolicLink(folder.At("link.p"), outside.At("secret.p"));
        File.CreateSymbolicLink(folder.At("dangling.p"), folder.At("nothing"));

        CollectionAssert.AreEqual(new[] { "dangling.p", "link.p", "src/a.p" }, Find(folder));
    }

    [TestMethod]
    public void What_is_excluded_is_not_walked()
    {
        using var folder = Sample("a/x.p", "a/b/y.p", "c/x.p", "x.p");
        var asked = new List<string>();
        var found = RepositoryFiles.Find(folder.Path, n => n.EndsWith(".p"), path =>
        {
            asked.Add(path);
            return path is "a" or "c/x.p";
        });

        CollectionAssert.AreEqual(new[] { "x.p" }, found.ToArray());
        CollectionAssert.AreEquivalent(new[] { "a", "c", "x.p", "c/x.p" }, asked);
    }

    [TestMethod]
    public void A_packages_folder_is_not_walked_but_for_what_git_tracks()
    {
        using var sample = new GitSample();
        sample.Write("a.p", "x").Write("packages/tracked/b.p", "x").Write("packages.p", "x").Write("packages-x/c.p", "x").Commit();
        sample.Write("packages/some/1.0.0/build/d.p", "x").Write("e.p", "x");

        CollectionAssert.AreEqual(new[] { "a.p", "e.p", "packages-x/c.p", "packages.p", "packages/tracked/b.p" }, Find("packages/"));
        CollectionAssert.Contains(Find("."), "packages/some/1.0.0/build/d.p");
        CollectionAssert.Contains(Find(".."), "packages/some/1.0.0/build/d.p");

        // What git does not tell is not passed over.
        File.WriteAllText(sample.At(".git/index"), "DIRC");
        CollectionAssert.Contains(Find("packages/"), "packages/some/1.0.0/build/d.p");

        string[] Find(string packages) => [.. RepositoryFiles.Find(sample.Root, n => n.EndsWith(".p"), _ => false, [sample.At(packages)])];
    }

    [TestMethod]
    public void Folders_deeper_than_any_repository_are_refused()
    {
        using var folder = Sample();
        folder.File(string.Concat(Enumerable.Repeat("d/", 128)) + "a.p");
        Assert.HasCount(1, Find(folder));
        folder.File(string.Concat(Enumerable.Repeat("d/", 129)) + "a.p");

        Assert.ThrowsExactly<IOException>(() => Find(folder));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_that_may_not_be_read_is_no_empty_folder()
    {
        using var folder = Sample("a/b.p");
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Inconclusive("Everything may be read by this user.");
        }

        File.SetUnixFileMode(folder.At("a"), UnixFileMode.None);
        try
        {
            Assert.ThrowsExactly<UnauthorizedAccessException>(() => Find(folder));
        }
        finally
        {
            File.SetUnixFileMode(folder.At("a"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [TestMethod]
    public void A_root_that_is_not_there_is_refused()
    {
        using var folder = Sample();

        Assert.Throws<IOException>(() => RepositoryFiles.Find(folder.At("nothing"), _ => true, _ => false));
    }

    private static TemporaryFolder Sample(params string[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var file in files)
        {
            folder.File(file);
        }

        return folder;
    }

    private static string[] Find(TemporaryFolder folder) => [.. RepositoryFiles.Find(folder.Path, n => n.EndsWith(".p"), _ => false)];
}
