using System.Diagnostics;

namespace Hardening.EndToEnd.Tests;

/// <summary>Real builds of pull requests, compared with the protected branch.</summary>
[TestClass]
public sealed class BaselineTests : EndToEndTest
{
    private const string Baseline = "-p:HardeningBaseline=main";

    [TestMethod]
    public void A_pull_request_that_only_adds_passes_and_says_what_would_run()
    {
        var repository = Protected();
        new TestPackage("More").With("build/More.targets", "<Project />").DependsOn("Deep", "1.0.0").WriteTo(repository.Feed);
        new TestPackage("Deep").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good", "2.0.0") + TestRepository.Reference("More"));
        repository.Update().Succeeds();
        Git(repository, "commit", "-qam", "more");

        var result = repository.Build(Baseline).Succeeds().Says("More 1.0.0, new (build/More.targets)").Says("Good 1.0.0 -> 2.0.0").Says("Deep 1.0.0, new, transitive");
        Assert.AreEqual(1, Count(result.Output, "New code would run in the build:"), result.Output);
        repository.Run("msbuild", "-t:HardeningVerify", "-nologo", Baseline).Succeeds().Says("More 1.0.0, new (build/More.targets)");
        repository.Build("--no-restore", Baseline).Succeeds();
        Git(repository, "checkout", "-q", "main");
        repository.Build(Baseline).Succeeds().Says("Nothing that runs in a build changed");
    }

    [TestMethod]
    public void Other_bytes_of_a_locked_version_are_refused_before_they_are_restored()
    {
        var repository = Protected();
        new TestPackage("Good").With("build/Good.targets", TestPackage.Planted(repository.Mark)).WriteTo(repository.Feed);
        Directory.Delete(repository.Packages, recursive: true);
        Directory.Delete(repository.PathOf("app/obj"), recursive: true);
        File.Delete(repository.Lockfile);
        repository.Run("msbuild", "-t:HardeningUpdate", "-nologo");
        Directory.Delete(repository.Packages, recursive: true);

        repository.Build(Baseline).FailsWith("HRD0017").Says("Good 1.0.0 has other hashes under the same version");
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Good")));
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_weaker_source_is_refused()
    {
        var repository = Protected();
        repository.Write("nuget.config", repository.NuGetConfig("""<add key="more" value="../more" />"""));
        Directory.CreateDirectory(Path.Combine(repository.Base, "more"));
        repository.Update().Succeeds();
        repository.Build(Baseline).FailsWith("HRD0017").Says("The package source more (../more) was added");
        repository.Build("--no-restore", Baseline).FailsWith("HRD0017");
        repository.Build().Succeeds();
    }

    [TestMethod]
    public void A_removed_lockfile_and_a_second_one_are_refused_by_the_target_too()
    {
        var repository = Protected();
        File.Move(repository.Lockfile, repository.PathOf("app/hardening.lock.json"));
        repository.Run("msbuild", "-t:HardeningVerify", "-nologo", Baseline).FailsWith("HRD0001", "HRD0017", "HRD1009").Says("The lockfile hardening.lock.json was removed").Says("takes the projects below it away");
        repository.Build(Baseline).FailsWith("HRD0017");
    }

    [TestMethod]
    public void The_target_compares_a_repository_that_has_drifted_as_well()
    {
        var repository = Protected();
        repository.Project("app/app.csproj", TestRepository.Reference("Good", "2.0.0"));
        repository.Run("msbuild", "-t:HardeningVerify", "-nologo", Baseline).Succeeds().Says("Nothing that runs in a build changed");
        File.WriteAllText(repository.PathOf("global.json"), repository.Read("global.json").Replace(TestRepository.SdkVersion, TestRepository.SdkVersion + "\", \"other.sdk\": \"1.0.0", StringComparison.Ordinal));
        repository.Write("Directory.Build.rsp", "-nologo");
        repository.Run("msbuild", "-t:HardeningVerify", "-nologo", Baseline).FailsWith("HRD0014", "HRD0017", "HRD1021").Says("Directory.Build.rsp was added").Says("global.json");
    }

    [TestMethod]
    public void Another_work_tree_is_compared_without_evaluating_it()
    {
        var repository = Protected();
        var other = Path.Combine(repository.Base, "pull request;x");
        Git(repository, "worktree", "add", "-q", other, "main", "-b", "hostile");
        File.WriteAllText(Path.Combine(other, "Directory.Build.props"), TestPackage.Planted(repository.Mark));
        File.WriteAllText(Path.Combine(other, "Directory.Build.rsp"), "-p:Evil=true");

        // As in a fresh clone, where nothing was restored.
        Directory.Delete(repository.PathOf("app/obj"), recursive: true);
        Directory.Delete(repository.Packages, recursive: true);

        repository.Run("msbuild", "-t:HardeningVerify", "-nologo", Baseline, "-p:HardeningWorkTree=../pull request%3Bx").FailsWith("HRD0013", "HRD0014", "HRD0017")
            .Says("Directory.Build.props no longer brings Hardening.Sdk").Says("Directory.Build.rsp was added");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_baseline_that_is_not_there_is_an_error()
    {
        var repository = Protected();
        repository.Build("-p:HardeningBaseline=origin/main").FailsWith("HRD0018").Says("origin/main is not in this repository");
        repository.Build("-p:HardeningBaseline=").FailsWith("HRD0018");
        repository.Build("-p:hardeningbaseline=--help").FailsWith("HRD0018").Says("is not the name of a revision");
    }

    [TestMethod]
    public void The_environment_and_a_response_file_name_no_baseline()
    {
        var repository = Protected();
        repository.Environment["HardeningBaseline"] = "nothing";
        CollectionAssert.AreEqual(new[] { "HRD0008" }, repository.Build().Succeeds().Warnings.ToArray());
        repository.Environment.Clear();
        repository.Write("Directory.Build.rsp", "-p:HardeningBaseline=HEAD");
        repository.Build().FailsWith("HRD0008");
    }

    [TestMethod]
    public void A_project_cannot_name_another_baseline()
    {
        var repository = Protected();
        repository.Write("app/app.csproj", repository.Read("app/app.csproj").Replace("<Project ", "<Project TreatAsLocalProperty=\"HardeningBaseline\" ", StringComparison.Ordinal).Replace("<OutputType>", "<HardeningBaseline>HEAD</HardeningBaseline><OutputType>", StringComparison.Ordinal));
        repository.Write("nuget.config", repository.NuGetConfig("""<add key="more" value="../more" />"""));
        Directory.CreateDirectory(Path.Combine(repository.Base, "more"));
        repository.Update().Succeeds();
        Git(repository, "commit", "-qam", "weaker");
        repository.Build(Baseline).FailsWith("HRD0017");
    }

    [TestMethod]
    public void A_program_called_git_in_the_repository_does_not_run()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var repository = Protected();
        repository.Write("git", $"#!/bin/sh\ntouch {repository.Mark}\n");
        File.SetUnixFileMode(repository.PathOf("git"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        repository.Environment["PATH"] = $".:{repository.Root}:{Environment.GetEnvironmentVariable("PATH")}";
        repository.Build(Baseline).Succeeds().Says("Compared with main");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    // On a branch "pr" beside a branch "main" that has a lockfile.
    private TestRepository Protected()
    {
        var repository = NewRepository();
        Directory.Delete(repository.PathOf(".git"));
        new TestPackage("Good").WriteTo(repository.Feed);
        new TestPackage("Good", "2.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Project("lib/lib.csproj", properties: "<RootNamespace>Lib</RootNamespace>");
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /><Project Path="lib/lib.csproj" /></Solution>""");
        repository.Write(".gitignore", "obj/\nbin/\n");
        Git(repository, "init", "-q", "-b", "main");
        Git(repository, "config", "user.name", "t");
        Git(repository, "config", "user.email", "t@example.invalid");
        repository.Update().Succeeds();
        Git(repository, "add", "-A");
        Git(repository, "commit", "-q", "-m", "x");
        Git(repository, "checkout", "-q", "-b", "pr");
        return repository;
    }

    private static void Git(TestRepository repository, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = repository.Root, RedirectStandardError = true };
        start.Environment["HOME"] = Path.Combine(repository.Base, "home");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, error);
    }
}
