namespace Hardening.EndToEnd.Tests;

/// <summary>The gate's own surroundings: projects that do not import it, and files that decide over builds.</summary>
[TestClass]
public sealed class SurroundingsTests : EndToEndTest
{
    [TestMethod]
    public void A_project_that_does_not_import_the_sdk_is_a_finding_until_it_does_or_is_excluded()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Update("app").Succeeds();
        repository.Project("tools/tool.csproj");
        repository.Build("app").Succeeds();

        repository.Write("tools/Directory.Build.props", "<Project />");
        repository.Build("app").FailsWith("HRD0013").Says("tools/Directory.Build.props").Says("tools/tool.csproj takes tools/Directory.Build.props");
        repository.Write("tools/Directory.Build.props", """<Project><Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))" /></Project>""");
        repository.Build("app").Succeeds();

        repository.Project("off/off.csproj", properties: "<ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>");
        repository.Write("plain/plain.proj", """<Project><Target Name="Build" /></Project>""");
        repository.Build("app").FailsWith("HRD0013").Says("off/off.csproj(5,").Says("plain/plain.proj uses no SDK");
        repository.Write("hardening.yml", """
            exclude:
              - path: off
                reason: built by nobody
              - path: "**/*.proj"
                reason: scripts
            """);
        repository.Build("app").Succeeds();
    }

    [TestMethod]
    public void Files_that_decide_over_builds_are_locked()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Write("Directory.Build.rsp", "-nologo\n");
        repository.Write("eng/hooks.targets", "<Project />");
        repository.Write("Directory.Build.props", """<Project><Sdk Name="Hardening.Sdk" /><PropertyGroup><CustomAfterMicrosoftCommonTargets>$(MSBuildThisFileDirectory)eng\hooks.targets</CustomAfterMicrosoftCommonTargets></PropertyGroup></Project>""");
        repository.Update("app").Succeeds();
        repository.Write("app/app.csproj.user", """
            <Project ToolsVersion="Current" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
              <PropertyGroup Condition="'$(Configuration)|$(Platform)'=='Debug|AnyCPU'"><ActiveDebugProfile>https</ActiveDebugProfile></PropertyGroup>
            </Project>
            """);
        repository.Write("Directory.Build.rsp", "-nologo\r\n");
        repository.Build("app").Succeeds();

        repository.Write("eng/hooks.targets", TestPackage.Planted(repository.Mark));
        repository.Build("app").FailsWith("HRD0014").Says("eng/hooks.targets decides over builds, and was changed");
        repository.Write("eng/hooks.targets", "<Project />");

        repository.Write("app/app.csproj.user", """<Project><PropertyGroup><ActiveDebugProfile>$([System.String]::Copy('x'))</ActiveDebugProfile></PropertyGroup></Project>""");
        repository.Run("restore", "app").FailsWith("HRD0014").Says("app/app.csproj.user decides over builds, but is not in the lockfile");
        File.Delete(repository.PathOf("app/app.csproj.user"));

        repository.Write("Directory.Build.rsp", "-nologo -p:x=y");
        repository.Build("app").FailsWith("HRD0014").Says("Directory.Build.rsp decides");
        File.Delete(repository.PathOf("Directory.Build.rsp"));
        repository.Build("app").FailsWith("HRD0014").Says("is not there");
        repository.Update("app").Succeeds();
        repository.Build("app").Succeeds();
    }

    [TestMethod]
    public void A_project_on_the_sdk_of_a_package_has_to_be_in_the_lockfile()
    {
        var repository = NewRepository();
        new TestPackage("Bare.Sdk").With("Sdk/Sdk.props", "<Project />").With("Sdk/Sdk.targets", """<Project><Target Name="Build" /></Project>""").WriteTo(repository.Feed);
        repository.Project("app/app.csproj");
        repository.Write("bare/bare.proj", """<Project Sdk="Bare.Sdk/1.0.0" />""");
        repository.Update("app").FailsWith("HRD0013").Says("hardening.lock.json: written");
        repository.Build("app").FailsWith("HRD0013").Says("bare/bare.proj uses Bare.Sdk, of which the text does not tell");
    }

    [TestMethod]
    public void A_file_based_app_that_leaves_the_gate_is_a_finding()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Write("scripts/a.cs", "#!/usr/bin/env dotnet\n#:property PublishAot=false\nSystem.Console.WriteLine();\n");
        repository.Update("app").Succeeds();
        repository.Build("app").Succeeds();
        repository.Write("scripts/Directory.Build.props", "<Project />");
        repository.Build("app").FailsWith("HRD0013").Says("scripts/");
        File.Delete(repository.PathOf("scripts/Directory.Build.props"));
        repository.Write("scripts/a.cs", "#!/usr/bin/env dotnet\n#:property _HardeningRepositoryProject=other.proj\nSystem.Console.WriteLine();\n");
        repository.Build("app").FailsWith("HRD0013").Says("scripts/a.cs defines the property _HardeningRepositoryProject");
    }

    [TestMethod]
    public void The_text_of_a_work_tree_is_compared_with_its_lockfile_by_a_target()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Update("app").Succeeds();
        Verify().Succeeds().Says("Compared with the lockfile");
        repository.Write("tools/a.csproj.user", "<Project><Target Name=\"HardeningPrepareRestore\" /></Project>");
        repository.Write("sub/global.json", """{ "msbuild-sdks": { "Some.Sdk": "1.0.0" } }""");
        Verify().FailsWith("HRD0014", "HRD1021");

        CommandResult Verify() => repository.Run("msbuild", "app", "-t:HardeningVerify", "-nologo");
    }

    [TestMethod]
    public void What_is_not_covered_is_said()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Write("old/packages.config", """<packages><package id="Old" version="1.0.0" /></packages>""");
        repository.Update("app").Succeeds();
        var build = repository.Build("app").Succeeds();
        CollectionAssert.AreEqual(new[] { "HRD1026" }, build.Warnings.ToList());
        build.Says("The packages of old/packages.config are restored by nuget.exe and not verified");
    }
}
