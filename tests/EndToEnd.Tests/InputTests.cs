namespace Hardening.EndToEnd.Tests;

/// <summary>What no project references: MSBuild SDKs, dotnet tools, file-based apps, the .NET SDK of global.json.</summary>
[TestClass]
public sealed class InputTests : EndToEndTest
{
    [TestMethod]
    public void An_MSBuild_sdk_is_locked_wherever_it_is_named()
    {
        var repository = NewRepository();
        Sdk("My.Sdk", "1.0.0").WriteTo(repository.Feed);
        Sdk("My.Sdk", "1.1.0").WriteTo(repository.Feed);
        Sdk("Other.Sdk", "2.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", properties: "</PropertyGroup><Sdk Name=\"My.Sdk\" Version=\"1.0.0\" /><PropertyGroup>");
        repository.Write("sub/global.json", """
            {
              // not what builds app
              "msbuild-sdks": { "Other.Sdk": "2.0" }
            }
            """);
        repository.Update("app").Succeeds().Says("My.Sdk 1.0.0").Says("runs in the build: Sdk/Sdk.props");
        Assert.Contains("\"my.sdk\": \"1.0.0\"", repository.Read("hardening.lock.json"));
        Assert.Contains("\"other.sdk\": \"2.0.0\"", repository.Read("hardening.lock.json"));
        repository.Build("app").Succeeds();

        var project = repository.Read("app/app.csproj");
        repository.Write("app/app.csproj", project.Replace("1.0.0", "1.1.0", StringComparison.Ordinal));
        repository.Build("app").FailsWith("HRD1021").Says("app.csproj(5,").Says("my.sdk/1.1.0 is not in the lockfile, which has 1.0.0").Says("dotnet msbuild -t:HardeningUpdate");
        repository.Write("app/app.csproj", project);

        repository.Write("sub/global.json", """{ "msbuild-sdks": { "Other.Sdk": "2.0.1" } }""");
        repository.Run("restore", "app").FailsWith("HRD1021").Says("sub/global.json(1,22)");
        repository.Write("sub/global.json", """{ "msbuild-sdks": { } }""");
        repository.Write("tools/x.targets", """<Project><Import Sdk="Other.Sdk" Version="2.0.2" Project="Sdk.props" Condition="'$(Never)' == 'true'" /></Project>""");
        repository.Run("restore", "app").FailsWith("HRD1021").Says("tools/x.targets(1,23)");
    }

    [TestMethod]
    public void An_MSBuild_sdk_that_was_published_again_or_changed_on_disk_is_refused()
    {
        var repository = NewRepository();
        Sdk("My.Sdk", "1.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", properties: "</PropertyGroup><Sdk Name=\"My.Sdk\" Version=\"1.0.0\" /><PropertyGroup>");
        repository.Update("app").Succeeds();

        File.WriteAllText(Path.Combine(repository.PackageFolder("My.Sdk"), "Sdk", "Sdk.targets"), TestPackage.Planted(repository.Mark));
        repository.Build("app").FailsWith("HRD1003").Says("Sdk/Sdk.targets was changed");
        Assert.IsFalse(repository.PlantedCodeRan);

        Directory.Delete(repository.PackageFolder("My.Sdk"), recursive: true);
        Sdk("My.Sdk", "1.0.0").With("Sdk/more.txt", "other bytes").WriteTo(repository.Feed);
        repository.Build("app").FailsWith("HRD1006").Says("My.Sdk 1.0.0");
    }

    [TestMethod]
    public void An_sdk_that_only_the_evaluation_knows_is_refused()
    {
        var repository = NewRepository();
        Sdk("My.Sdk", "1.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj");
        repository.Update("app").Succeeds();

        // The text names no version here, and the resolver takes it from a global.json outside of what is looked at.
        repository.Write("bin/global.json", $$"""{ "msbuild-sdks": { "Hardening.Sdk": "{{TestRepository.SdkVersion}}", "My.Sdk": "1.0.0" } }""");
        repository.Project("bin/app/app.csproj", properties: "</PropertyGroup><Sdk Name=\"My.Sdk\" /><PropertyGroup>");
        repository.Build("bin/app").Says("HRD1021").Says("my.sdk/1.0.0 is not in the lockfile, but the evaluation of the project imported");
    }

    [TestMethod]
    public void An_sdk_has_to_be_mapped_to_one_source_and_there_is_one_Hardening_Sdk()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Write("old/global.json", """{ "msbuild-sdks": { "Hardening.Sdk": "0.9.0" } }""");
        repository.Write("nuget.config", repository.NuGetConfig().Replace("<package pattern=\"Hardening.Sdk\" />", "<package pattern=\"*\" />", StringComparison.Ordinal));
        repository.Update("app").Says("error HRD1023").Says("Hardening.Sdk can come from feed, sdk").Says("error HRD1025").Says("old/global.json(1,22)");
        Assert.IsFalse(File.Exists(repository.Lockfile));
    }

    [TestMethod]
    public void A_tool_is_locked_with_the_packages_it_consists_of()
    {
        var repository = NewRepository();
        Tool("My.Tool", "1.0.0", "<RuntimeIdentifierPackages><RuntimeIdentifierPackage RuntimeIdentifier=\"linux-x64\" Id=\"My.Tool.linux-x64\" /><RuntimeIdentifierPackage RuntimeIdentifier=\"any\" Id=\"My.Tool.any\" /></RuntimeIdentifierPackages>").WriteTo(repository.Feed);
        Tool("My.Tool.linux-x64", "1.0.0").WriteTo(repository.Feed);
        Tool("My.Tool.any", "1.0.0").WriteTo(repository.Feed);
        Tool("Plain", "2.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj");
        repository.Write(".config/dotnet-tools.json", """{ "version": 1, "isRoot": true, "tools": { "plain": { "version": "2.0.0", "commands": ["plain"] } } }""");
        repository.Write("sub/dotnet-tools.json", """{ "version": 1, "isRoot": true, "tools": { "my.tool": { "version": "1.0.0", "commands": ["my"] } } }""");
        repository.Update("app").Succeeds();
        foreach (var id in (string[])["my.tool", "my.tool.any", "my.tool.linux-x64", "plain"])
        {
            Assert.Contains($"\"{id}\": \"", repository.Read("hardening.lock.json"));
        }

        var locked = repository.Read("hardening.lock.json");
        repository.Run("tool", "restore").Succeeds();
        repository.Build("app").Succeeds();
        repository.Update("app").Succeeds();
        Assert.AreEqual(locked, repository.Read("hardening.lock.json"));

        var settings = Path.Combine(repository.PackageFolder("Plain", "2.0.0"), "tools", "net10.0", "any", "DotnetToolSettings.xml");
        File.AppendAllText(settings, " ");
        repository.Build("app").FailsWith("HRD1003").Says("Plain 2.0.0");
        Directory.Delete(repository.PackageFolder("Plain", "2.0.0"), recursive: true);

        Tool("Plain", "2.1.0").WriteTo(repository.Feed);
        repository.Write(".config/dotnet-tools.json", """{ "version": 1, "isRoot": true, "tools": { "plain": { "version": "2.1.0", "commands": ["plain"] }, "new": { "version": "1.0.0", "commands": ["new"] } } }""");
        repository.Build("app").FailsWith("HRD1022").Says("dotnet-tools.json(1,56)").Says("The tool plain has the version 2.1.0, but the lockfile has 2.0.0").Says("The tool new 1.0.0 is not in the lockfile");
    }

    [TestMethod]
    public void A_file_based_app_is_locked_beside_the_projects()
    {
        var repository = NewRepository();
        new TestPackage("Good").With("lib/netstandard2.0/_._", string.Empty).WriteTo(repository.Feed);
        new TestPackage("Good", "2.0.0").With("build/Good.targets", TestPackage.Planted(repository.Mark)).WriteTo(repository.Feed);
        Sdk("My.Sdk", "1.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj");
        const string Script = "#!/usr/bin/env dotnet\n#:sdk Microsoft.NET.Sdk\n#:sdk My.Sdk@1.0.0\n#:package Good@1.0.0\n#:property PublishAot=false\nSystem.Console.WriteLine(\"ran\");\n";
        repository.Write("scripts/a b.cs", Script);
        repository.Update("app").Succeeds();
        Assert.Contains("\"scripts/a b.cs.csproj\"", repository.Read("hardening.lock.json"));
        Assert.Contains("\"my.sdk\": \"1.0.0\"", repository.Read("hardening.lock.json"));
        var locked = repository.Read("hardening.lock.json");
        repository.Run("run", "--file", "scripts/a b.cs").Succeeds().Says("ran");
        repository.Update("app").Succeeds();
        Assert.AreEqual(locked, repository.Read("hardening.lock.json"));

        repository.Write("scripts/a b.cs", Script.Replace("Good@1.0.0", "Good@2.0.0", StringComparison.Ordinal));
        var refused = repository.Run("run", "--file", "scripts/a b.cs");
        Assert.AreNotEqual(0, refused.ExitCode, refused.Output);
        refused.Says("HRD1002");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void The_dotnet_sdk_of_every_global_json_is_locked()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        var sdks = $$"""{ "msbuild-sdks": { "Hardening.Sdk": "{{TestRepository.SdkVersion}}" }, "sdk": { "version": "10.0.100", "rollForward": "latestFeature" } }""";
        repository.Write("global.json", sdks);
        repository.Update("app").Succeeds();
        repository.Build("app").Succeeds();

        repository.Write("global.json", sdks.Replace("latestFeature", "latestMajor", StringComparison.Ordinal));
        repository.Build("app").FailsWith("HRD1024").Says("sdk.rollForward is \"latestMajor\" in global.json, but \"latestFeature\" in the lockfile");
        repository.Write("global.json", sdks);
        repository.Write("sub/global.json", """{ "sdk": { "paths": [".evil"] } }""");
        repository.Build("app").FailsWith("HRD1024").Says("sdk.paths is \".evil\" in sub/global.json, but not there in the lockfile");
    }

    private static TestPackage Sdk(string id, string version) => new TestPackage(id, version).With("Sdk/Sdk.props", "<Project />").With("Sdk/Sdk.targets", "<Project />");

    private static TestPackage Tool(string id, string version, string more = "") => new TestPackage(id, version).OfType("DotnetTool")
        .With("tools/net10.0/any/DotnetToolSettings.xml", $"<DotNetCliTool Version=\"{(more.Length > 0 ? 2 : 1)}\"><Commands><Command Name=\"{id.ToLowerInvariant()}\" EntryPoint=\"x.dll\" Runner=\"dotnet\" /></Commands>{more}</DotNetCliTool>")
        .With("tools/net10.0/any/x.dll", "no code");
}
