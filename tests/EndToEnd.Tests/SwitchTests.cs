namespace Hardening.EndToEnd.Tests;

/// <summary>What switches verification off, and what does not.</summary>
[TestClass]
public sealed class SwitchTests : EndToEndTest
{
    [TestMethod]
    public void The_command_line_switches_verification_off_and_that_is_said_once()
    {
        var repository = Drifted();
        var result = repository.Build("-p:HardeningVerify=false").Succeeds();
        CollectionAssert.AreEqual(new[] { "HRD0007" }, result.Warnings.ToArray(), result.Output);
        Assert.AreEqual(1, Count(result.Output.Split("Build succeeded.")[0], "warning HRD0007"), result.Output);
    }

    [TestMethod]
    public void The_environment_does_not()
    {
        var repository = Drifted();
        repository.Environment["HardeningVerify"] = "false";
        var result = repository.Build().FailsWith("HRD1002");
        CollectionAssert.Contains(result.Warnings.ToList(), "HRD0008", result.Output);
    }

    [TestMethod]
    public void A_project_does_not()
    {
        var repository = Drifted();
        repository.Write("app/app.csproj", repository.Read("app/app.csproj").Replace("<OutputType>", "<HardeningVerify>false</HardeningVerify><OutputType>", StringComparison.Ordinal));
        CollectionAssert.Contains(repository.Build().FailsWith("HRD1002").Warnings.ToList(), "HRD0008");
    }

    [TestMethod]
    public void A_user_file_does_not()
    {
        var repository = Drifted();
        repository.Write("app/app.csproj.user", "<Project><PropertyGroup><HardeningVerify>false</HardeningVerify></PropertyGroup></Project>");
        CollectionAssert.Contains(repository.Build().FailsWith("HRD0014").Warnings.ToList(), "HRD0008");
    }

    [TestMethod]
    public void A_response_file_does_not()
    {
        var repository = Drifted();
        repository.Write("Directory.Build.rsp", "-p:HardeningVerify=false");
        repository.Build().FailsWith("HRD0014");
        CollectionAssert.Contains(repository.Run("msbuild", "-t:Restore").FailsWith("HRD0014").Warnings.ToList(), "HRD0008");
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "added.txt"), string.Empty);
        CollectionAssert.Contains(repository.Build("--no-restore").FailsWith("HRD0014", "HRD1004").Warnings.ToList(), "HRD0008");
    }

    [TestMethod]
    public void A_response_file_of_the_named_project_does_not_switch_off_those_that_it_references()
    {
        var repository = Drifted();
        repository.Project("main/main.csproj", """<ProjectReference Include="../app/app.csproj" />""");
        repository.Project("app/app.csproj", TestRepository.Reference("Good"), "<OutputType>Library</OutputType>");
        repository.Update("main/main.csproj").Succeeds();
        repository.Project("app/app.csproj", TestRepository.Reference("Good", "2.0.0"), "<OutputType>Library</OutputType>");
        repository.Write("main/Directory.Build.rsp", "-p:HardeningVerify=false");

        CollectionAssert.Contains(repository.Run("msbuild", "main/main.csproj", "-t:Restore").FailsWith("HRD0014").Warnings.ToList(), "HRD0008");
    }

    [TestMethod]
    public void A_package_does_not()
    {
        var repository = NewRepository();
        new TestPackage("Good").With("build/Good.props", "<Project><PropertyGroup><HardeningVerify>false</HardeningVerify></PropertyGroup></Project>").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Update("app/app.csproj").Succeeds();

        var result = repository.Build("app").Succeeds();
        CollectionAssert.AreEqual(new[] { "HRD0008" }, result.Warnings.ToArray(), result.Output);
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "added.txt"), string.Empty);
        repository.Build("app", "--no-restore").FailsWith("HRD1004");
    }

    [TestMethod]
    public void Only_the_command_line_updates()
    {
        var repository = Drifted();
        var before = repository.Read("hardening.lock.json");
        repository.Environment["HardeningUpdate"] = "true";
        CollectionAssert.Contains(repository.Build().FailsWith("HRD1002").Warnings.ToList(), "HRD0008");
        repository.Environment.Clear();
        repository.Write("Directory.Build.rsp", "-p:HardeningUpdate=true");
        CollectionAssert.Contains(repository.Run("msbuild", "-t:Restore").FailsWith("HRD0014").Warnings.ToList(), "HRD0008");
        Assert.AreEqual(before, repository.Read("hardening.lock.json"));
    }

    [TestMethod]
    public void Metadata_is_the_cheap_level_and_sees_no_later_change()
    {
        var repository = NewRepository();
        new TestPackage("Good").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Update("app/app.csproj").Succeeds();
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "added.txt"), string.Empty);

        repository.Build("app", "-p:HardeningPackageIntegrity=Metadata").Succeeds();
        repository.Build("app").FailsWith("HRD1004");
        repository.Build("app", "-p:HardeningPackageIntegrity=None").FailsWith("HRD1004").Says("may be Full or Metadata");
    }

    [TestMethod]
    [DataRow("HardeningPackageIntegrity", "Metadata")]
    [DataRow("HardeningPhase", "Observe")]
    [DataRow("MSBuildIsRestoring", "true")]
    [DataRow("RestoreLockedMode", "false")]
    [DataRow("DesignTimeBuild", "true")]
    public void The_environment_does_not_lower_the_level(string name, string value)
    {
        var repository = NewRepository();
        new TestPackage("Good").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Update("app/app.csproj").Succeeds();
        repository.Build("app").Succeeds();
        repository.Environment[name] = value;
        Directory.CreateDirectory(Path.Combine(repository.PackageFolder("Good"), "build"));
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "build", "Good.targets"), TestPackage.Planted(repository.Mark));

        Assert.AreNotEqual(0, repository.Build("app").ExitCode);
        Assert.AreNotEqual(0, repository.Build("app", "--no-restore").ExitCode);
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_value_in_a_project_cannot_bring_other_properties_of_the_gate_with_it()
    {
        var repository = NewRepository();
        new TestPackage("Good").WriteTo(repository.Feed);
        const string Smuggled = "<HardeningPackageIntegrity>Full;HardeningPackageFolders=/nowhere;HardeningRestoring=false;HardeningIsCleaning=true</HardeningPackageIntegrity>";
        repository.Project("app/app.csproj", TestRepository.Reference("Good"), Smuggled);
        repository.Update("app/app.csproj").Succeeds();
        Directory.CreateDirectory(Path.Combine(repository.PackageFolder("Good"), "build"));
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "build", "Good.targets"), TestPackage.Planted(repository.Mark));

        repository.Build("app").FailsWith("HRD1004");
        repository.Build("app", "--no-restore").FailsWith("HRD1004");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    [DataRow("HardeningPhase=Observe")]
    [DataRow("MSBuildIsRestoring=true")]
    [DataRow("HardeningPackageIntegrity=Metadata")]
    public void A_response_file_that_disarms_the_gate_is_refused(string property)
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Update("app/app.csproj").Succeeds();
        repository.Write("Directory.Build.rsp", "-p:" + property);
        repository.Build("app").FailsWith("HRD0008");
        repository.Build("app", "--no-restore").FailsWith("HRD0008");
    }

    [TestMethod]
    [DataRow("Directory.Solution.props")]
    [DataRow("before.all.sln.targets")]
    public void What_a_solution_imports_cannot_unlock_the_restore(string file)
    {
        var repository = Drifted();
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Write(file, "<Project><PropertyGroup><RestoreForceEvaluate>true</RestoreForceEvaluate></PropertyGroup></Project>");
        repository.Build().FailsWith("HRD0008").Says(file);
    }

    [TestMethod]
    public void A_solution_that_the_environment_keeps_from_restoring_is_refused()
    {
        var repository = Drifted();
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Environment["NuGetRestoreTargets"] = repository.PathOf("nothing.targets");
        repository.Write("nothing.targets", "<Project><Target Name=\"Restore\" /></Project>");
        repository.Build().FailsWith("HRD0008").Says("NuGetRestoreTargets");
    }

    [TestMethod]
    [DataRow("RestoreSources")]
    [DataRow("RestoreAdditionalProjectSources")]
    public void Sources_in_a_project_are_refused(string property)
    {
        var repository = Drifted();
        repository.Project("app/app.csproj", TestRepository.Reference("Good"), $"<{property}>$({property});{repository.Feed}</{property}>");
        repository.Build().FailsWith("HRD1009").Says(property);
    }

    [TestMethod]
    [DataRow("<NoWarn>$(NoWarn);HRD0008</NoWarn>", 0, 0)]
    [DataRow("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", 1, 0)]
    [DataRow("<WarningsAsErrors>HRD0008</WarningsAsErrors>", 1, 0)]
    [DataRow("", 0, 1)]
    public void Warnings_obey_the_properties_of_the_project(string property, int errors, int warnings)
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Update("app/app.csproj").Succeeds();
        repository.Project("app/app.csproj", properties: property + "<HardeningVerify>false</HardeningVerify>");

        var result = repository.Build("app");
        Assert.HasCount(errors, result.Errors, result.Output);
        Assert.HasCount(warnings, result.Warnings, result.Output);
    }

    [TestMethod]
    public void In_ci_nothing_is_remembered()
    {
        var repository = NewRepository();
        new TestPackage("Good").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Update("app/app.csproj").Succeeds();
        repository.Environment["CI"] = "true";
        var memory = Path.Combine(repository.Base, "home", "data", "Hardening.Sdk");
        if (Directory.Exists(memory))
        {
            Directory.Delete(memory, recursive: true);
        }

        repository.Build("app").Succeeds();
        Assert.IsFalse(Directory.Exists(memory));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private TestRepository Drifted()
    {
        var repository = NewRepository();
        new TestPackage("Good").WriteTo(repository.Feed);
        new TestPackage("Good", "2.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /></Solution>""");
        repository.Update().Succeeds();
        repository.Project("app/app.csproj", TestRepository.Reference("Good", "2.0.0"));
        return repository;
    }
}
