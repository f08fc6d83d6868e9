using System.Text;
using Hardening.Baselines;
using Hardening.Findings;

namespace Hardening.Tests;

[TestClass]
public sealed class GitRepositoryTests
{
    [TestMethod]
    [DataRow("sha1")]
    [DataRow("sha256")]
    public async Task Files_are_read_as_they_were_at_the_revision(string format)
    {
        using var sample = new GitSample(format);
        var commit = sample.Write("a/b.txt", "then").Commit();
        sample.Write("a/b.txt", "now").Commit();

        Assert.AreEqual("then", await ReadAsync(sample.Root, commit, "a/b.txt"));
        Assert.AreEqual("then", await ReadAsync(sample.Root, "main~1", "a/b.txt"));
        Assert.AreEqual("now", await ReadAsync(sample.Root, "HEAD", "a/b.txt"));
        Assert.IsNull(await ReadAsync(sample.Root, "HEAD", "a/c.txt"));
    }

    [TestMethod]
    public async Task A_root_in_a_subfolder_has_a_prefix()
    {
        using var sample = new GitSample();
        sample.Write("sub/dir/a.txt", "a").Commit();

        var repository = await GitRepository.OpenAsync(sample.At("sub/dir"), default);
        Assert.AreEqual("sub/dir/", repository.Prefix);
        Assert.AreEqual(sample.Root, repository.Top);
        Assert.AreEqual(string.Empty, (await GitRepository.OpenAsync(sample.Root, default)).Prefix);
    }

    [TestMethod]
    public async Task A_work_tree_is_a_repository()
    {
        using var sample = new GitSample();
        sample.Write("a.txt", "a").Commit();
        var tree = Path.Combine(sample.Base, "tree");
        sample.Git("worktree", "add", "-q", tree, "-b", "other");

        Assert.AreEqual("a", await ReadAsync(tree, "main", "a.txt"));
    }

    [TestMethod]
    public async Task A_submodule_is_a_repository_of_its_own()
    {
        using var inner = new GitSample();
        inner.Write("a.txt", "inner").Commit();
        using var sample = new GitSample();
        sample.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Root, "lib");
        sample.Commit();

        Assert.AreEqual("inner", await ReadAsync(sample.At("lib"), "HEAD", "a.txt"));
        var outer = await GitRepository.OpenAsync(sample.Root, default);
        var entries = await outer.EntriesAsync(await outer.ResolveAsync("HEAD", default), _ => true, default);
        Assert.AreEqual(new GitEntry("lib", GitEntryKind.Submodule, inner.Git("rev-parse", "HEAD")), entries.Single(e => e.Path == "lib"));
    }

    [TestMethod]
    public async Task The_work_tree_has_what_is_new_and_not_what_is_ignored()
    {
        using var sample = new GitSample();
        sample.Write(".gitignore", "ignored\nforced\n").Write("tracked", "x").Write("forced", "x").Commit();
        sample.Write("new", "x").Write("ignored", "x");

        var repository = await GitRepository.OpenAsync(sample.Root, default);
        CollectionAssert.AreEquivalent(new[] { ".gitignore", "forced", "new", "tracked" }, (await repository.WorkTreeAsync(_ => true, default)).Select(e => e.Path).ToArray());
    }

    [TestMethod]
    public async Task A_shallow_clone_without_the_revision_says_how_to_fetch_it()
    {
        using var sample = new GitSample();
        var first = sample.Write("a", "1").Commit();
        sample.Write("a", "2").Commit();
        var clone = Path.Combine(sample.Base, "clone");
        sample.Git("clone", "-q", "--depth=1", new Uri(sample.Root).AbsoluteUri, clone);

        Assert.AreEqual("2", await ReadAsync(clone, "origin/main", "a"));
        foreach (var revision in new[] { first, "origin/release" })
        {
            var finding = await RefusedAsync(clone, revision);
            Assert.Contains("without its history", finding.Message);
            Assert.Contains("git fetch --depth=1 origin", finding.Command);
            Assert.Contains("fetch-depth: 0", finding.Command);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("--help")]
    [DataRow("-q")]
    [DataRow("a\nb")]
    [DataRow("a\0b")]
    [DataRow("main..main")]
    [DataRow("^main")]
    [DataRow("main^{tree}")]
    [DataRow("nothing")]
    [DataRow("HEAD:a")]
    [DataRow("$(touch mark)")]
    [DataRow("0123456789012345678901234567890123456789")]
    public async Task A_name_of_no_commit_is_refused(string revision)
    {
        using var sample = new GitSample();
        sample.Write("a", "1").Commit();

        Assert.AreEqual(FindingCodes.BaselineUnreadable, (await RefusedAsync(sample.Root, revision)).Code);
    }

    [TestMethod]
    public async Task A_tag_that_is_called_like_the_branch_is_refused()
    {
        using var sample = new GitSample();
        var first = sample.Write("a", "1").Commit();
        sample.Git("update-ref", "refs/remotes/origin/main", sample.Write("a", "2").Commit());
        sample.Git("tag", "origin/main", first);

        Assert.Contains("more than one", (await RefusedAsync(sample.Root, "origin/main")).Message);
        Assert.AreEqual("2", await ReadAsync(sample.Root, "refs/remotes/origin/main", "a"));
    }

    [TestMethod]
    public async Task A_folder_that_is_no_repository_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("not in a git repository", (await Assert.ThrowsExactlyAsync<BaselineException>(() => GitRepository.OpenAsync(folder.Path, default))).Message);
        folder.Folder(".git");
        Assert.Contains("not in a git repository", (await Assert.ThrowsExactlyAsync<BaselineException>(() => GitRepository.OpenAsync(folder.Path, default))).Message);
    }

    [TestMethod]
    public async Task Files_that_look_like_the_inside_of_a_repository_are_not_one()
    {
        using var sample = new GitSample();
        sample.Write("a", "real").Write("sub/a", "real").Commit();
        using var hostile = new GitSample();
        hostile.Write("a", "hostile").Write("sub/a", "hostile").Commit();

        // A pull request may add these files to a subfolder; git would take that for a bare repository.
        foreach (var file in Directory.EnumerateFiles(hostile.At(".git"), "*", SearchOption.AllDirectories))
        {
            var target = sample.At("sub/" + Path.GetRelativePath(hostile.At(".git"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        Assert.AreEqual("real", await ReadAsync(sample.At("sub"), "main", "sub/a"));
        Directory.Move(sample.At("sub"), Path.Combine(sample.Base, "moved"));
        Directory.CreateDirectory(Path.Combine(sample.Base, "moved", ".git"));
        await Assert.ThrowsExactlyAsync<BaselineException>(() => GitRepository.OpenAsync(Path.Combine(sample.Base, "moved"), default));
    }

    [TestMethod]
    public async Task Nothing_that_a_configuration_names_runs()
    {
        using var sample = new GitSample();
        sample.Write("a", "1").Write(".gitattributes", "* filter=evil diff=evil\n").Commit();
        var evil = $"touch {sample.Mark}; false";
        foreach (var (name, value) in new[]
        {
            ("core.fsmonitor", evil), ("core.sshCommand", evil), ("core.pager", evil), ("pager.rev-parse", evil), ("pager.cat-file", evil), ("core.hooksPath", sample.At("hooks")), ("core.alternateRefsCommand", evil),
            ("filter.evil.smudge", evil), ("filter.evil.clean", evil), ("filter.evil.process", evil), ("diff.evil.textconv", evil), ("diff.external", evil), ("core.editor", evil), ("core.askPass", evil),
            ("alias.rev-parse", "!" + evil), ("alias.cat-file", "!" + evil), ("alias.ls-tree", "!" + evil), ("alias.ls-files", "!" + evil), ("core.worktree", "/"), ("core.gitProxy", evil), ("core.bare", "true"),
        })
        {
            sample.Git("config", name, value);
        }

        sample.Write("hooks/post-index-change", "#!/bin/sh\n" + evil);
        var repository = await GitRepository.OpenAsync(sample.Root, default);
        Assert.AreEqual("1", await ReadAsync(sample.Root, "main", "a"));
        Assert.Contains("a", (await repository.WorkTreeAsync(_ => true, default)).Select(e => e.Path));
        Assert.IsFalse(File.Exists(sample.Mark));
    }

    [TestMethod]
    [DataRow("ext::sh -c touch% MARK", "protocol.ext.allow")]
    [DataRow("ssh://localhost/x", "protocol.ssh.allow")]
    public async Task What_a_partial_clone_lacks_is_not_fetched(string url, string allow)
    {
        using var sample = new GitSample();
        sample.Write("a", "1").Commit();
        var id = sample.Git("rev-parse", "HEAD:a");
        var path = sample.At($".git/objects/{id[..2]}/{id[2..]}");
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
        sample.Git("config", "core.repositoryFormatVersion", "1");
        sample.Git("config", "extensions.partialClone", "origin");
        sample.Git("config", "remote.origin.url", url.Replace("MARK", sample.Mark, StringComparison.Ordinal));
        sample.Git("config", "remote.origin.promisor", "true");
        sample.Git("config", allow, "always");
        sample.Git("config", "core.sshCommand", $"touch {sample.Mark}; false");

        var exception = await Assert.ThrowsExactlyAsync<BaselineException>(() => ReadAsync(sample.Root, "main", "a"));
        Assert.Contains("not in this clone", exception.Message);
        Assert.IsFalse(File.Exists(sample.Mark));
    }

    [TestMethod]
    public async Task Replaced_and_grafted_objects_do_not_count()
    {
        using var sample = new GitSample();
        var first = sample.Write("a", "1").Commit();
        var second = sample.Write("a", "2").Commit();
        var third = sample.Write("a", "3").Commit();
        sample.Git("replace", second, first);
        sample.Git("replace", third + "^{tree}", first + "^{tree}");
        sample.Write(".git/info/grafts", $"{third} {first}\n");

        Assert.AreEqual("2", await ReadAsync(sample.Root, second, "a"));
        Assert.AreEqual("3", await ReadAsync(sample.Root, third, "a"));
        Assert.AreEqual("2", await ReadAsync(sample.Root, "main~1", "a"));
    }

    [TestMethod]
    public async Task A_file_that_is_too_large_is_refused()
    {
        using var sample = new GitSample();
        sample.Write("a", "12345").Commit();
        var repository = await GitRepository.OpenAsync(sample.Root, default);
        var entries = await repository.EntriesAsync(await repository.ResolveAsync("main", default), _ => true, default);

        Assert.Contains("larger than 4 bytes", (await Assert.ThrowsExactlyAsync<BaselineException>(() => repository.ReadAsync(entries, _ => 4, default))).Message);
        Assert.HasCount(1, await repository.ReadAsync(entries, _ => 5, default));
    }

    [TestMethod]
    public async Task Names_of_files_are_taken_as_they_are()
    {
        using var sample = new GitSample();
        string[] names = ["-a", "b c", "d\te", "f\"g", "h\ni", "é", ":(glob)*", "j/k/l"];
        foreach (var name in names)
        {
            sample.Write(name, name);
        }

        sample.Commit();
        var repository = await GitRepository.OpenAsync(sample.Root, default);
        var entries = await repository.EntriesAsync(await repository.ResolveAsync("main", default), _ => true, default);
        CollectionAssert.AreEquivalent(names, entries.Select(e => e.Path).ToArray());
        foreach (var (name, content) in await repository.ReadAsync(entries, _ => 100, default))
        {
            Assert.AreEqual(name, Encoding.UTF8.GetString(content));
        }
    }

    [TestMethod]
    public async Task Cancelling_ends_it()
    {
        using var sample = new GitSample();
        sample.Write("a", "1").Commit();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => GitRepository.OpenAsync(sample.Root, cancelled.Token));
    }

    private static async Task<string?> ReadAsync(string root, string revision, string path)
    {
        var repository = await GitRepository.OpenAsync(root, default);
        var entries = await repository.EntriesAsync(await repository.ResolveAsync(revision, default), e => e.Path == path, default);
        var contents = await repository.ReadAsync(entries, _ => 1000, default);
        return contents.TryGetValue(path, out var content) ? Encoding.UTF8.GetString(content) : null;
    }

    private static async Task<Finding> RefusedAsync(string root, string revision)
    {
        var repository = await GitRepository.OpenAsync(root, default);
        return (await Assert.ThrowsExactlyAsync<BaselineException>(() => repository.ResolveAsync(revision, default))).Finding;
    }
}
