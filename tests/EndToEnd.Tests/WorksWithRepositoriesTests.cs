namespace Hardening.EndToEnd.Tests;

/// <summary>Works wherever the repository lies and whatever it is published for.</summary>
[TestClass]
public sealed class WorksWithRepositoriesTests : WorksWithTest
{
    [TestMethod]
    [DataRow("my repo (ü)")]
    [DataRow("a'b & c[1]")]
    public void Any_path(string name)
    {
        var repository = NewRepository(name);
        Packages(repository, "Good");
        Library(repository, "lib/lib.csproj", TestRepository.Reference("Good"));
        repository.Project("app/app.csproj", ReferenceTo("../lib/lib.csproj"));
        Solution(repository, "app/app.csproj", "lib/lib.csproj");

        Quiet(repository.Update());
        Quiet(repository.Build());
        Quiet(repository.Build("app", "-p:RestoreUseStaticGraphEvaluation=true"));
        RefusesNewReference(repository, "lib/lib.csproj", "build");
        RefusesChangedPackage(repository, "Good", "build");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Two_projects_whose_paths_differ_only_by_case()
    {
        var repository = NewRepository();
        Packages(repository, "Good", "Other");
        Library(repository, "app/app.csproj", TestRepository.Reference("Good"));
        Library(repository, "App/app.csproj", TestRepository.Reference("Other"));

        // A solution cannot hold both.
        Quiet(repository.Update("app"));
        Quiet(repository.Update("App"));
        Quiet(repository.Build("app"));
        Quiet(repository.Build("App"));
        Assert.Contains("\"app/app.csproj\"", repository.Read("hardening.lock.json"));
        Assert.Contains("\"App/app.csproj\"", repository.Read("hardening.lock.json"));
        RefusesNewReference(repository, "App/app.csproj", "build", "App");
        repository.Write("App/app.csproj", repository.Read("app/app.csproj"));
        repository.Build("App").FailsWith("HRD1001", "HRD1002").Says("App/app.csproj references Good");
    }

    [TestMethod]
    public void A_git_work_tree()
    {
        var repository = NewRepository();
        Directory.Delete(repository.PathOf(".git"));
        repository.Write(".git", "gitdir: ../main/.git/worktrees/repo\n");
        Packages(repository, "Good");
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));

        Quiet(repository.Update("app"));
        Assert.IsTrue(File.Exists(repository.Lockfile));
        Quiet(repository.Build("app"));
        RefusesNewReference(repository, "app/app.csproj", "build", "app");
    }

    [TestMethod]
    public void A_submodule_with_a_lockfile_of_its_own()
    {
        var repository = NewRepository();
        Packages(repository, "Good", "Sub");
        Library(repository, "sub/lib/lib.csproj", TestRepository.Reference("Sub"));
        repository.Write("sub/.git", "gitdir: ../.git/modules/sub\n");
        repository.Write("sub/global.json", repository.Read("global.json"));
        repository.Write("sub/nuget.config", repository.NuGetConfig().Replace("../feed", "../../feed", StringComparison.Ordinal));
        repository.Write("sub/Directory.Build.props", repository.Read("Directory.Build.props"));
        repository.Project("app/app.csproj", ReferenceTo("../sub/lib/lib.csproj") + TestRepository.Reference("Good"));
        File.WriteAllText(repository.PathOf("sub/hardening.lock.json"), """{ "version": 1 }""");
        Quiet(repository.RunIn(repository.PathOf("sub"), "msbuild", "-t:HardeningUpdate", "-nologo", "lib"));
        Quiet(repository.RunIn(repository.PathOf("sub"), "build", "lib"));

        Quiet(repository.Update("app"));
        Quiet(repository.Build("app"));
        RefusesNewReference(repository, "sub/lib/lib.csproj", "build", "app");
        RefusesNewReference(repository, "app/app.csproj", "build", "app");
    }

    [TestMethod]
    public void A_publish_for_a_runtime_identifier()
    {
        var repository = NewRepository();
        Online(repository);
        Packages(repository, "Good");
        Library(repository, "lib/lib.csproj", TestRepository.Reference("Good"));
        repository.Project("app/app.csproj", ReferenceTo("../lib/lib.csproj"));
        string[] publish = ["publish", "app", "-r", "linux-x64", "--self-contained"];
        Quiet(repository.Update("app"));
        repository.Run(publish).FailsWith("HRD1002").Says("HardeningRuntimeIdentifiers=linux-x64");

        Quiet(repository.Update("app", "-p:HardeningRuntimeIdentifiers=linux-x64"));
        Quiet(repository.Run(publish));
        Quiet(repository.Build("app"));
        RefusesNewReference(repository, "lib/lib.csproj", publish);
        var before = File.ReadAllText(repository.Lockfile);
        Quiet(repository.Update("app"));
        Assert.AreEqual(before, File.ReadAllText(repository.Lockfile));
    }

    [TestMethod]
    public void A_trimmed_project()
    {
        var repository = NewRepository();
        Online(repository);
        repository.Project("app/app.csproj", properties: "<PublishTrimmed>true</PublishTrimmed>");
        Quiet(repository.Update("app", "-p:HardeningRuntimeIdentifiers=linux-x64"));

        Quiet(repository.Build("app"));
        Quiet(repository.Run("publish", "app", "-r", "linux-x64"));
        Assert.Contains("microsoft.net.illink.tasks/", File.ReadAllText(repository.Lockfile));
    }

    [TestMethod]
    public void A_project_that_is_compiled_ahead_of_time()
    {
        // Only as far as the restore: the rest needs a native linker.
        var repository = NewRepository();
        Online(repository);
        repository.Project("app/app.csproj", properties: "<PublishAot>true</PublishAot>");
        Quiet(repository.Update("app", "-p:HardeningRuntimeIdentifiers=linux-x64"));

        Quiet(repository.Run("restore", "app", "-r", "linux-x64"));
        Quiet(repository.Build("app"));
        Assert.Contains("runtime.linux-x64.microsoft.dotnet.ilcompiler/", File.ReadAllText(repository.Lockfile));
    }

    [TestMethod]
    public void A_test_project()
    {
        var repository = NewRepository();
        Online(repository);
        repository.Write("nuget.config", repository.Read("nuget.config").Replace("""<package pattern="runtime.*" />""", """<package pattern="runtime.*" /><package pattern="MSTest*" /><package pattern="Mono.*" /><package pattern="Newtonsoft.*" />""", StringComparison.Ordinal));
        repository.Write("tests/tests.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>{TestRepository.Reference("MSTest", "4.5.2")}</ItemGroup>
            </Project>
            """);
        repository.Write("tests/Tests.cs", """
            using Microsoft.VisualStudio.TestTools.UnitTesting;
            [assembly: DoNotParallelize]
            [TestClass] public class Tests { [TestMethod] public void Passes() { } }
            """);
        Quiet(repository.Update("tests"));

        Quiet(repository.Run("test", "tests"));
        RefusesNewReference(repository, "tests/tests.csproj", "test", "tests");
    }
}
