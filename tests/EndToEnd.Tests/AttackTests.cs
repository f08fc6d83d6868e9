namespace Hardening.EndToEnd.Tests;

/// <summary>The attacks of the threat model, carried out. Each fails if planted code ran.</summary>
[TestClass]
public sealed class AttackTests : EndToEndTest
{
    [TestMethod]
    public void Other_bytes_of_the_same_version_on_the_feed_are_refused_before_they_run()
    {
        var repository = Adopted(new TestPackage("Good").With("lib/netstandard2.0/_._", string.Empty));
        Directory.Delete(repository.Packages, recursive: true);
        Planting(repository, "Good").WriteTo(repository.Feed);

        repository.Build().FailsWith("NU1403");
        Assert.IsFalse(repository.PlantedCodeRan);

        // NuGet leaves the refused package on disk; the next build finds it there.
        repository.Build().FailsWith("HRD1006").Says("Good 1.0.0").Says("HardeningPackages=good");
        Assert.IsFalse(repository.PlantedCodeRan);
        repository.Build("--no-restore").FailsWith("HRD1006");
    }

    [TestMethod]
    public void A_changed_file_of_an_extracted_package_is_refused()
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "build/Good.targets"), TestPackage.Planted(repository.Mark));

        repository.Build().FailsWith("HRD1003").Says("build/Good.targets was changed");
        repository.Build("--no-restore").FailsWith("HRD1003");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_targets_file_added_to_an_extracted_package_is_refused()
    {
        var repository = Adopted(new TestPackage("Good"));
        Directory.CreateDirectory(Path.Combine(repository.PackageFolder("Good"), "build"));
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "build/Good.targets"), TestPackage.Planted(repository.Mark));

        repository.Build().FailsWith("HRD1004").Says("build/Good.targets, which is not in the locked package");
        repository.Build("--no-incremental").FailsWith("HRD1004");
        repository.Run("restore", "--force").FailsWith("HRD1004");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_missing_file_of_an_extracted_package_is_refused()
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        File.Delete(Path.Combine(repository.PackageFolder("Good"), "build/Good.targets"));

        repository.Build().FailsWith("HRD1005");
    }

    [TestMethod]
    public void An_archive_changed_together_with_its_files_under_kept_metadata_is_refused()
    {
        var repository = Adopted(new TestPackage("Good"));
        var folder = repository.PackageFolder("Good");
        var evil = Planting(repository, "Good").WriteTo(Path.Combine(repository.Base, "evil"));
        File.Copy(Path.Combine(repository.Base, "evil", $"{evil.Id}.{evil.Version}.nupkg"), Path.Combine(folder, "good.1.0.0.nupkg"), overwrite: true);
        Directory.CreateDirectory(Path.Combine(folder, "build"));
        File.WriteAllText(Path.Combine(folder, "build/Good.targets"), TestPackage.Planted(repository.Mark));

        repository.Build().FailsWith("HRD1006");
        repository.Build("--no-restore").FailsWith("HRD1006");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    [DataRow("app.csproj.evil.props")]
    [DataRow("app.csproj.evil.targets")]
    [DataRow("APP.csproj.Evil.Targets")]
    [DataRow("app.CSPROJ.nuget.g.targets")]
    public void A_foreign_import_in_obj_is_refused(string name)
    {
        var repository = Adopted(new TestPackage("Good"));
        File.WriteAllText(repository.PathOf($"app/obj/{name}"), TestPackage.Planted(repository.Mark));

        repository.Build("app").FailsWith("HRD1007").Says(name);
        repository.Build("app", "--no-restore").FailsWith("HRD1007");
        repository.Build("app", "--no-incremental").FailsWith("HRD1007");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    [DataRow("""<Import Project="{0}" />""")]
    [DataRow("""<ImportGroup><Import Project="{0}" /></ImportGroup>""")]
    [DataRow("""<ImportGroup><Import Project="$(NuGetPackageRoot)../evil.targets" /></ImportGroup>""")]
    [DataRow("""<Target Name="X" BeforeTargets="Build"><Exec Command="touch '{1}'" /></Target>""")]
    public void A_changed_generated_import_is_refused(string addition)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        var evil = Path.Combine(repository.Base, "evil.targets");
        File.WriteAllText(evil, TestPackage.Planted(repository.Mark));
        var generated = repository.PathOf("app/obj/app.csproj.nuget.g.targets");
        File.WriteAllText(generated, File.ReadAllText(generated).Replace("</Project>", string.Format(null, addition, evil, repository.Mark) + "</Project>", StringComparison.Ordinal));

        repository.Build("app").FailsWith("HRD1008").Says("app.csproj.nuget.g.targets");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void An_import_of_a_planted_package_does_not_survive_the_restore()
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        var planted = Path.Combine(repository.Packages, "evil/1.0.0/build");
        Directory.CreateDirectory(planted);
        File.WriteAllText(Path.Combine(planted, "Evil.targets"), TestPackage.Planted(repository.Mark));
        var generated = repository.PathOf("app/obj/app.csproj.nuget.g.targets");
        File.WriteAllText(generated, File.ReadAllText(generated).Replace("good/1.0.0/build/Good.targets", "evil/1.0.0/build/Evil.targets", StringComparison.Ordinal));

        repository.Build("app", "--no-restore").FailsWith("HRD1008");
        repository.Build("app").Succeeds();
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_new_reference_is_refused_before_a_download()
    {
        var repository = Adopted(new TestPackage("Good"));
        Planting(repository, "Evil").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + "\n" + TestRepository.Reference("Evil"));

        var result = repository.Build("app").FailsWith("HRD1001").Says("Evil").Says("dotnet msbuild -t:HardeningUpdate").Says("app.csproj(9,28)");
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Evil")), result.Output);
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_transitive_package_that_is_not_locked_is_refused_before_a_download()
    {
        var repository = Adopted(new TestPackage("Good"));
        Planting(repository, "Evil").WriteTo(repository.Feed);
        var lib = repository.Write("lib/lib.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>{TestRepository.Reference("Evil")}</ItemGroup>
            </Project>
            """);
        lib.Project("app/app.csproj", TestRepository.Reference("Good") + """<ProjectReference Include="../lib/lib.csproj" />""");

        var result = repository.Build("app");
        Assert.AreNotEqual(0, result.ExitCode);
        CollectionAssert.Contains(result.Errors.ToList(), "HRD1012");
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Evil")), result.Output);
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_changed_source_is_refused()
    {
        var repository = Adopted(new TestPackage("Good"));
        repository.Write("nuget.config", repository.NuGetConfig().Replace("../feed", "../other", StringComparison.Ordinal));

        repository.Build().FailsWith("HRD1009").Says("../other").Says("../feed");
        repository.Build("--no-restore").FailsWith("HRD1009");
    }

    [TestMethod]
    public void A_changed_source_mapping_is_refused()
    {
        var repository = Adopted(new TestPackage("Good"));
        repository.Write("nuget.config", repository.NuGetConfig().Replace("pattern=\"*\"", "pattern=\"Good*\"", StringComparison.Ordinal));

        repository.Build().FailsWith("HRD1009").Says("source mapping of feed");
    }

    [TestMethod]
    public void A_removed_nuget_config_is_refused()
    {
        var repository = Adopted(new TestPackage("Good"));
        repository.Write("NuGet.config.bak", repository.Read("nuget.config"));
        File.Delete(repository.PathOf("nuget.config"));

        repository.Build("app", "--no-restore").FailsWith("HRD1009").Says("nuget.config is in the lockfile, but is not there");
    }

    [TestMethod]
    public void A_new_nuget_config_in_a_subfolder_is_refused()
    {
        var repository = Adopted(new TestPackage("Good"));
        repository.Write("app/nuget.config", """<configuration><packageSources><add key="evil" value="../../evil" /></packageSources></configuration>""");

        repository.Build("app").FailsWith("HRD1009").Says("app/nuget.config is not in the lockfile");
    }

    [TestMethod]
    [DataRow("""<PropertyGroup><HardeningVerify>false</HardeningVerify></PropertyGroup>""")]
    [DataRow("""<PropertyGroup><ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets></PropertyGroup>""")]
    [DataRow("""<UsingTask TaskName="Hardening.Tasks.VerifyProject" TaskFactory="RoslynCodeTaskFactory" AssemblyFile="$(MSBuildToolsPath)/Microsoft.Build.Tasks.Core.dll" Override="true"><Task><Code Type="Fragment" Language="cs">Success = true;</Code></Task></UsingTask>""")]
    [DataRow("""<Target Name="HardeningVerifyProject" />""")]
    [DataRow("""<Target Name="HardeningPrepareRestore" /><Target Name="HardeningRestoreGate" /><Target Name="_HardeningHost" />""")]
    [DataRow("""<PropertyGroup><RestoreLockedMode>false</RestoreLockedMode><RestorePackagesWithLockFile>false</RestorePackagesWithLockFile></PropertyGroup>""")]
    public void A_planted_file_that_disarms_the_gate_is_refused_in_the_restore_phase(string disarm)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.props", "<Project />").With("build/Good.targets", "<Project />"));
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "build/Good.props"), $"<Project>{disarm}</Project>");
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "build/Good.targets"), TestPackage.Planted(repository.Mark, disarm));

        repository.Build().FailsWith("HRD1003");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void An_assets_file_that_leads_elsewhere_is_refused()
    {
        var repository = Adopted(new TestPackage("Good").With("lib/netstandard2.0/Good.dll", "not an assembly"));
        var assets = repository.PathOf("app/obj/project.assets.json");
        File.WriteAllText(assets, File.ReadAllText(assets).Replace("lib/netstandard2.0/Good.dll\": {}", "../../../evil.dll\": {}", StringComparison.Ordinal));

        repository.Build("app", "--no-restore").FailsWith("HRD1016").Says("leads outside");
    }

    [TestMethod]
    public void The_environment_cannot_lead_imports_elsewhere()
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        var evil = Path.Combine(repository.Base, "evil");
        Directory.CreateDirectory(Path.Combine(evil, "good/1.0.0/build"));
        File.WriteAllText(Path.Combine(evil, "good/1.0.0/build/Good.targets"), TestPackage.Planted(repository.Mark));
        repository.Environment["NuGetPackageRoot"] = evil + "/";

        repository.Build();
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    private static TestPackage Planting(TestRepository repository, string id) =>
        new TestPackage(id).With($"build/{id}.targets", TestPackage.Planted(repository.Mark)).With($"buildTransitive/{id}.targets", TestPackage.Planted(repository.Mark));

    /// <summary>A repository with one project and one package, adopted and built once.</summary>
    private TestRepository Adopted(TestPackage package)
    {
        var repository = NewRepository();
        package.WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference(package.Id, package.Version));
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /></Solution>""");
        repository.Update().Succeeds();
        repository.Build().Succeeds();
        return repository;
    }
}
