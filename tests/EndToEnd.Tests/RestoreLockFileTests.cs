namespace Hardening.EndToEnd.Tests;

/// <summary>Repositories that keep NuGet's own lock files: they stay as they are, and a disagreement is said.</summary>
[TestClass]
public sealed class RestoreLockFileTests : WorksWithTest
{
    private const string WithLockFile = "<PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>{0}</PropertyGroup>";

    private static readonly string[] Rewrite = ["restore", "--force-evaluate", "-p:HardeningVerify=false"];

    [TestMethod]
    [DataRow("app/app.csproj", "", "app/packages.lock.json")]
    [DataRow("Directory.Build.props", "", "app/packages.lock.json")]
    [DataRow("Directory.Build.props", "<RestoreLockedMode>true</RestoreLockedMode>", "app/packages.lock.json")]
    [DataRow("app/app.csproj", "<NuGetLockFilePath>../locks/app.json</NuGetLockFilePath>", "locks/app.json")]
    [DataRow("Directory.Build.targets", "<NuGetLockFilePath>$(MSBuildThisFileDirectory)locks/$(MSBuildProjectName).json</NuGetLockFilePath>", "locks/app.json")]
    public void A_lock_file_of_NuGets_own_stays_byte_for_byte(string where, string property, string lockFile)
    {
        var repository = Kept(where, string.Format(null, WithLockFile, property), lockFile);
        var before = repository.Read(lockFile);

        Quiet(repository.Update());
        Quiet(repository.Build());
        Quiet(repository.Run("restore", "--force"));
        Quiet(repository.Run("restore", "-p:Configuration=Release"));
        RefusesNewReference(repository, "app/app.csproj", "build");
        Assert.AreEqual(before, repository.Read(lockFile));
    }

    [TestMethod]
    public void A_static_graph_restore_that_would_write_it_is_refused()
    {
        const string File = "locks/app.json";
        var repository = Kept("Directory.Build.targets", string.Format(null, WithLockFile, "<NuGetLockFilePath>$(MSBuildThisFileDirectory)locks/$(MSBuildProjectName).json</NuGetLockFilePath>"), File);
        var before = repository.Read(File);
        Quiet(repository.Update());

        repository.Build("-p:RestoreUseStaticGraphEvaluation=true").FailsWith("HRD1019").Says("NuGetLockFilePath is");
        Assert.AreNotEqual(0, repository.Update("-p:RestoreUseStaticGraphEvaluation=true").ExitCode);
        Assert.AreEqual(before, repository.Read(File));
    }

    [TestMethod]
    public void A_disagreement_is_said_at_its_line_and_ours_wins()
    {
        const string File = "app/packages.lock.json";
        var repository = Kept("Directory.Build.props", string.Format(null, WithLockFile, string.Empty), File);
        var before = repository.Read(File);
        Library(repository, "app/app.csproj", TestRepository.Reference("Good", "2.0.0"));
        repository.Update().Succeeds();

        var result = repository.Build().Succeeds()
            .Says("app/packages.lock.json(14): warning HRD1027: app/packages.lock.json holds Deep 1.0.0, which the lockfile does not have for net10.0. 1 more of its lines differ.");
        CollectionAssert.AreEqual(new[] { "HRD1027" }, result.Warnings.ToList(), result.Output);
        Assert.IsTrue(Directory.Exists(repository.PackageFolder("Good", "2.0.0")));
        Assert.AreEqual(before, repository.Read(File));

        repository.Run(Rewrite).Succeeds();
        Assert.Contains("2.0.0", repository.Read(File));
        Quiet(repository.Build());
    }

    [TestMethod]
    public void A_malformed_one_is_said_and_nothing_more()
    {
        const string File = "app/packages.lock.json";
        var repository = Kept("Directory.Build.props", string.Format(null, WithLockFile, string.Empty), File);
        repository.Update().Succeeds();
        repository.Write(File, "{\n<<<<<<< HEAD\n");

        var result = repository.Build().Succeeds().Says("app/packages.lock.json(2): warning HRD1027");
        CollectionAssert.AreEqual(new[] { "HRD1027" }, result.Warnings.ToList(), result.Output);
        repository.Update().Succeeds();
        Assert.AreEqual("{\n<<<<<<< HEAD\n", repository.Read(File));
        System.IO.File.Delete(repository.PathOf(File));
        Quiet(repository.Build());
        Assert.IsFalse(System.IO.File.Exists(repository.PathOf(File)));
    }

    // A repository in which NuGet keeps its lock file, before and after it adopts the SDK.
    private TestRepository Kept(string where, string property, string lockFile)
    {
        var repository = NewRepository();
        Packages(repository, "Good", "Deep");
        new TestPackage("Good", "2.0.0").WriteTo(repository.Feed);
        new TestPackage("Good").DependsOn("Deep", "1.0.0").WriteTo(repository.Feed);
        Library(repository, "app/app.csproj", TestRepository.Reference("Good"));
        Solution(repository, "app/app.csproj");
        if (where == "Directory.Build.targets")
        {
            repository.Write(where, "<Project></Project>");
        }

        repository.Write(where, repository.Read(where).Replace("</Project>", property + "</Project>", StringComparison.Ordinal));
        var props = repository.Read("Directory.Build.props");
        repository.Write("Directory.Build.props", props.Replace("""<Sdk Name="Hardening.Sdk" />""", string.Empty, StringComparison.Ordinal));
        repository.Run("restore").Succeeds();
        Assert.Contains("contentHash", repository.Read(lockFile));
        repository.Write("Directory.Build.props", props);
        return repository;
    }
}
