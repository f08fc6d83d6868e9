
namespace Hardening.EndToEnd.Tests;

/// <summary>Works with every shape of project and solution.</summary>
[TestClass]
public sealed class WorksWithProjectsTests : WorksWithTest
{
    [TestMethod]
    public void A_single_project()
    {
        var repository = NewRepository();
        Packages(repository, "Good");
        repository.Project("app.csproj", TestRepository.Reference("Good"));

        Quiet(repository.Update());
        Quiet(repository.Build());
        RefusesNewReference(repository, "app.csproj", "build");
    }

    [TestMethod]
    public void A_sln()
    {
        var repository = NewRepository();
        Packages(repository, "Good");
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        Library(repository, "lib/lib.csproj");
        repository.Write("all.sln", """
            Microsoft Visual Studio Solution File, Format Version 12.00
            Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "app", "app\app.csproj", "{11111111-1111-1111-1111-111111111111}"
            EndProject
            Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "lib", "lib\lib.csproj", "{22222222-2222-2222-2222-222222222222}"
            EndProject
            Global
            	GlobalSection(SolutionConfigurationPlatforms) = preSolution
            		Debug|Any CPU = Debug|Any CPU
            	EndGlobalSection
            	GlobalSection(ProjectConfigurationPlatforms) = postSolution
            		{11111111-1111-1111-1111-111111111111}.Debug|Any CPU.ActiveCfg = Debug|Any CPU
            		{11111111-1111-1111-1111-111111111111}.Debug|Any CPU.Build.0 = Debug|Any CPU
            		{22222222-2222-2222-2222-222222222222}.Debug|Any CPU.ActiveCfg = Debug|Any CPU
            		{22222222-2222-2222-2222-222222222222}.Debug|Any CPU.Build.0 = Debug|Any CPU
            	EndGlobalSection
            EndGlobal
            """);

        Quiet(repository.Update());
        Quiet(repository.Build());
        RefusesNewReference(repository, "lib/lib.csproj", "build");
    }

    [TestMethod]
    public void A_slnx_and_project_references_in_a_diamond()
    {
        var repository = Diamond();

        Quiet(repository.Update());
        Quiet(repository.Build());
        RefusesNewReference(repository, "bottom/bottom.csproj", "build");
        Quiet(repository.Build("app"));
        RefusesChangedPackage(repository, "Deeper", "build", "app");
    }

    [TestMethod]
    public void A_new_project_reference_is_a_drift_where_it_brings_packages()
    {
        var repository = Diamond();
        repository.Project("other/other.csproj");
        Solution(repository, "app/app.csproj", "left/left.csproj", "right/right.csproj", "bottom/bottom.csproj", "other/other.csproj");
        Quiet(repository.Update());
        repository.Project("other/other.csproj", ReferenceTo("../bottom/bottom.csproj"));

        Assert.AreNotEqual(0, repository.Build("other").ExitCode);
        Quiet(repository.Update("other"));
        Quiet(repository.Build());
    }

    [TestMethod]
    public void Several_target_frameworks()
    {
        var repository = NewRepository();
        Online(repository);
        Packages(repository, "Good", "Old");
        Library(repository, "lib/lib.csproj", TestRepository.Reference("Good") + """<PackageReference Include="Old" Version="1.0.0" Condition="'$(TargetFramework)' == 'netstandard2.0'" />""", framework: "net10.0;netstandard2.0");
        repository.Project("app/app.csproj", ReferenceTo("../lib/lib.csproj"));
        Solution(repository, "lib/lib.csproj", "app/app.csproj");

        Quiet(repository.Update());
        Quiet(repository.Build());
        Quiet(repository.Build("lib", "--no-restore", "-f", "netstandard2.0"));
        Quiet(repository.Build("lib", "-f", "net10.0"));
        repository.Write("lib/lib.csproj", repository.Read("lib/lib.csproj").Replace("== 'netstandard2.0'", "!= ''", StringComparison.Ordinal));
        repository.Build().FailsWith("HRD1001").Says("Old");
    }

    [TestMethod]
    public void A_netstandard_library()
    {
        var repository = NewRepository();
        Online(repository);
        Library(repository, "lib/lib.csproj", framework: "netstandard2.0");

        Quiet(repository.Update("lib"));
        Quiet(repository.Build("lib"));
        RefusesNewReference(repository, "lib/lib.csproj", "build", "lib");
    }

    [TestMethod]
    public void Central_package_management()
    {
        var repository = Central("");
        repository.Write("Directory.Packages.props", repository.Read("Directory.Packages.props").Replace("""Include="Top" Version="1.0.0""", """Include="Top" Version="2.0.0""", StringComparison.Ordinal));
        new TestPackage("Top", "2.0.0").WriteTo(repository.Feed);

        repository.Build().FailsWith("HRD1002").Says("Top 2.0.0").Says("Directory.Packages.props(");
    }

    [TestMethod]
    public void Central_package_management_with_transitive_pinning()
    {
        var repository = Central("<CentralPackageTransitivePinningEnabled>true</CentralPackageTransitivePinningEnabled>");
        repository.Write("Directory.Packages.props", repository.Read("Directory.Packages.props").Replace("""Include="Deeper" Version="1.5.0""", """Include="Deeper" Version="2.0.0""", StringComparison.Ordinal));
        new TestPackage("Deeper", "2.0.0").WriteTo(repository.Feed);

        Assert.AreNotEqual(0, repository.Build().ExitCode);
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Deeper", "2.0.0")));
    }

    private TestRepository Central(string properties)
    {
        var repository = NewRepository();
        Packages(repository, "Top", "Everywhere");
        new TestPackage("Deeper").WriteTo(repository.Feed);
        new TestPackage("Deeper", "1.5.0").WriteTo(repository.Feed);
        new TestPackage("Deep").DependsOn("Deeper", "1.0.0").WriteTo(repository.Feed);
        new TestPackage("Other", "3.0.0").WriteTo(repository.Feed);
        repository.Write("Directory.Packages.props", $"""
            <Project>
              <PropertyGroup>
                <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageVersion Include="Top" Version="1.0.0" />
                <PackageVersion Include="Deep" Version="1.0.0" />
                <PackageVersion Include="Deeper" Version="1.5.0" />
                <PackageVersion Include="Other" Version="1.0.0" />
                <PackageVersion Include="NotUsed" Version="1.0.0" />
                <GlobalPackageReference Include="Everywhere" Version="1.0.0" />
              </ItemGroup>
            </Project>
            """);
        Library(repository, "lib/lib.csproj", """<PackageReference Include="Deep" />""");
        repository.Project("app/app.csproj", ReferenceTo("../lib/lib.csproj") + """<PackageReference Include="Top" /><PackageReference Include="Other" VersionOverride="3.0.0" />""");
        Solution(repository, "app/app.csproj", "lib/lib.csproj");
        Quiet(repository.Update());
        Quiet(repository.Build());
        RefusesNewReference(repository, "lib/lib.csproj", "build");
        return repository;
    }

    [TestMethod]
    [DataRow("My App")]
    [DataRow("My.App.Core")]
    [DataRow("App[1]")]
    [DataRow("Größe (ü)")]
    [DataRow("a&b's+c")]
    public void Any_project_name(string name)
    {
        var repository = NewRepository();
        Packages(repository, "Good");
        repository.Project($"{name}/{name}.csproj", TestRepository.Reference("Good"));
        Library(repository, "lib/lib.csproj", ReferenceTo($"../{name.Replace("&", "&amp;", StringComparison.Ordinal)}/{name.Replace("&", "&amp;", StringComparison.Ordinal)}.csproj"));

        Quiet(repository.Update("lib"));
        Quiet(repository.Build("lib"));
        RefusesNewReference(repository, $"{name}/{name}.csproj", "build", "lib");
        File.WriteAllText(repository.PathOf($"{name}/obj/{name}.csproj.evil.targets"), TestPackage.Planted(repository.Mark));
        repository.Build("lib", "--no-restore").FailsWith("HRD1007");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_project_without_any_package()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");

        Quiet(repository.Update("app"));
        Quiet(repository.Build("app"));
        RefusesNewReference(repository, "app/app.csproj", "build", "app");
    }

    [TestMethod]
    public void A_web_project()
    {
        var repository = NewRepository();
        Online(repository);
        Packages(repository, "Good");
        repository.Write("web/web.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>{TestRepository.Reference("Good")}</ItemGroup>
            </Project>
            """);
        repository.Write("web/Program.cs", "Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder(args).Build().Run();");

        Quiet(repository.Update("web"));
        Quiet(repository.Build("web"));
        RefusesNewReference(repository, "web/web.csproj", "build", "web");
    }

    [TestMethod]
    public void An_fsharp_project()
    {
        // FSharp.Core comes from a folder of the .NET SDK, which no source mapping can name without a path of the machine. With one source none is needed.
        var repository = NewRepository();
        repository.Write("nuget.config", """<configuration><packageSources><clear /><add key="feed" value="../feed" /></packageSources></configuration>""");
        foreach (var package in Directory.GetFiles(TestRepository.SdkFeed, "*.nupkg"))
        {
            File.Copy(package, Path.Combine(repository.Feed, Path.GetFileName(package)));
        }

        repository.Write("app/app.fsproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><Compile Include="Program.fs" /></ItemGroup>
            </Project>
            """);
        repository.Write("app/Program.fs", "printfn \"built\"\n");

        Quiet(repository.Update("app"));
        Quiet(repository.Build("app"));
        RefusesNewReference(repository, "app/app.fsproj", "build", "app");
    }

    [TestMethod]
    public void A_package_that_is_only_downloaded()
    {
        var repository = NewRepository();
        Packages(repository, "Good", "Tool", "Other");
        new TestPackage("Tool", "2.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + """<PackageDownload Include="Tool" Version="[1.0]; [2.0.0, 2.0.0]" />""");

        Quiet(repository.Update("app"));
        Quiet(repository.Build("app"));
        Assert.IsTrue(Directory.Exists(repository.PackageFolder("Tool", "2.0.0")));
        RefusesChangedPackage(repository, "Tool", "build", "app");
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + """<PackageDownload Include="Tool" Version="[1.0]; [2.0.0, 2.0.0]" /><PackageDownload Include="Other" Version="[1.0.0]" />""");
        repository.Build("app").FailsWith("HRD1001").Says("Other");
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Other")));
    }

    [TestMethod]
    [DataRow("<UseArtifactsOutput>true</UseArtifactsOutput>", "artifacts/obj/app")]
    [DataRow("<BaseIntermediateOutputPath>$(MSBuildThisFileDirectory)out/$(MSBuildProjectName)/</BaseIntermediateOutputPath>", "out/app")]
    [DataRow("<BaseIntermediateOutputPath>gen/</BaseIntermediateOutputPath>", "app/gen")]
    [DataRow("<MSBuildProjectExtensionsPath>ext/</MSBuildProjectExtensionsPath>", "app/ext")]
    public void Output_elsewhere(string property, string obj)
    {
        var repository = Diamond($"<PropertyGroup>{property}</PropertyGroup>");

        Quiet(repository.Update());
        Quiet(repository.Build());
        Assert.IsTrue(File.Exists(repository.PathOf($"{obj}/project.assets.json")));
        Assert.IsTrue(File.Exists(repository.PathOf($"{obj}/hardening.packages.lock.json")));
        RefusesNewReference(repository, "left/left.csproj", "build");
        File.WriteAllText(repository.PathOf($"{obj}/app.csproj.evil.props"), TestPackage.Planted(repository.Mark));
        repository.Build("--no-restore").FailsWith("HRD1007");
        Assert.IsFalse(repository.PlantedCodeRan);
    }
}
