namespace Hardening.EndToEnd.Tests;

/// <summary>Real merges by git with the driver that is offered.</summary>
[TestClass]
public sealed class MergeTests : EndToEndTest
{
    [TestMethod]
    public void Two_branches_that_each_add_a_package_merge_and_build()
    {
        var repository = Branched("One", "Two", out var merge);
        Assert.AreEqual(0, merge.ExitCode, merge.Output);
        repository.Build().Succeeds();
        var merged = repository.Read("hardening.lock.json");
        repository.Update().Succeeds();
        Assert.AreEqual(merged, repository.Read("hardening.lock.json"));
    }

    [TestMethod]
    public void Two_versions_of_one_package_are_a_conflict_that_an_update_solves()
    {
        var repository = Branched("One", "One", out var merge);
        Assert.AreNotEqual(0, merge.ExitCode, merge.Output);
        Assert.Contains("HRD0003", merge.Output);
        repository.Update().Succeeds();
        repository.Build().Succeeds();
    }

    private TestRepository Branched(string left, string right, out CommandResult merge)
    {
        var repository = NewRepository();
        Directory.Delete(repository.PathOf(".git"));
        new TestPackage("One").WriteTo(repository.Feed);
        new TestPackage("One", "2.0.0").WriteTo(repository.Feed);
        new TestPackage("Two", "2.0.0").WriteTo(repository.Feed);
        repository.Write("versions.props", "<Project />");
        repository.Write(".gitattributes", "hardening.lock.json merge=hardening\n");
        repository.Write(".gitignore", "obj/\nbin/\n");
        Project(repository, "a", "<!-- -->");
        Project(repository, "b", "<!-- -->");
        repository.Write("all.slnx", """<Solution><Project Path="a/a.csproj" /><Project Path="b/b.csproj" /></Solution>""");
        repository.Git("init", "-q", "-b", "main");
        repository.Git("config", "user.name", "t");
        repository.Git("config", "user.email", "t@example.invalid");
        repository.Git("config", "merge.hardening.driver", "dotnet msbuild all.slnx -nologo -nr:false -t:HardeningMerge -p:HardeningAncestor=%O -p:HardeningOurs=%A -p:HardeningTheirs=%B");
        repository.Update().Succeeds();
        Commit(repository);
        repository.Git("checkout", "-q", "-b", "other");
        Project(repository, left == right ? "a" : "b", TestRepository.Reference(right, "2.0.0"));
        repository.Update().Succeeds();
        Commit(repository);
        repository.Git("checkout", "-q", "main");
        Project(repository, "a", "\n\n" + TestRepository.Reference(left));
        repository.Update().Succeeds();
        Commit(repository);
        merge = repository.Git("merge", "-q", "--no-edit", left == right ? "-Xours" : "--no-ff", "other");
        return repository;
    }

    private static void Project(TestRepository repository, string name, string items) => repository.Project($"{name}/{name}.csproj", items);

    private static void Commit(TestRepository repository)
    {
        repository.Git("add", "-A");
        repository.Git("commit", "-q", "-m", "x");
    }
}
