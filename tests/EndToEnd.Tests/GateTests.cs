using System.Text;

namespace Hardening.EndToEnd.Tests;

/// <summary>
/// Ways around the gate rather than through it: obj rewritten so that it still looks like NuGet's, packages led in from another folder, switches
/// written where the command line is imitated. What is planted disarms the second line, so that only the restore phase can refuse it.
/// </summary>
[TestClass]
public sealed class GateTests : EndToEndTest
{
    private const string Disarm = """<PropertyGroup><HardeningVerify>false</HardeningVerify></PropertyGroup><Target Name="HardeningVerifyProject" />""";

    [TestMethod]
    [DataRow("twice")]
    [DataRow("case")]
    [DataRow("neighbour")]
    [DataRow("elsewhere")]
    [DataRow("orphan")]
    public void Generated_imports_that_lead_to_other_files_of_a_locked_name_are_refused(string trick)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        var evil = Path.Combine(repository.Base, "evil") + "/";
        var planted = Path.Combine(evil, "good/1.0.0/build/Good.targets");
        switch (trick)
        {
            case "twice":
                Edit(repository, "app.csproj.nuget.g.targets", "<ImportGroup", $"""
                    <PropertyGroup><NuGetPackageRoot>{evil}</NuGetPackageRoot><NuGetPackageRoot Condition="'1' == '2'">{repository.Packages}/</NuGetPackageRoot></PropertyGroup><ImportGroup
                    """);
                break;
            case "case":
                planted = Path.Combine(repository.Packages, "GOOD/1.0.0/build/Good.targets");
                Edit(repository, "app.csproj.nuget.g.targets", "good/1.0.0", "GOOD/1.0.0");
                break;
            case "neighbour":
                planted = Path.Combine(repository.PackageFolder("Good"), "good.1.0.0.nupkg.sha512");
                Edit(repository, "app.csproj.nuget.g.targets", "build/Good.targets", "good.1.0.0.nupkg.sha512");
                break;
            case "elsewhere":
                Edit(repository, "app.csproj.nuget.g.props", repository.Packages, evil.TrimEnd('/'));
                Edit(repository, "project.assets.json", $"\"{repository.Packages}\": {{}}", $"\"{evil}\": {{}}, \"{repository.Packages}\": {{}}");
                break;
            default:
                Edit(repository, "app.csproj.nuget.g.props", repository.Packages, evil.TrimEnd('/'));
                File.Delete(repository.PathOf("app/obj/project.assets.json"));
                break;
        }

        // Where the restore phase does not stand before it, only what does not disarm the second line is refused by it.
        Plant(planted, repository, string.Empty);
        var second = repository.Build("app", "--no-restore");
        Assert.IsNotEmpty(second.Errors.Where(e => e.StartsWith("HRD", StringComparison.Ordinal)), second.Output);
        Assert.IsFalse(repository.PlantedCodeRan, second.Output);
        Plant(planted, repository, Disarm);
        var first = repository.Build("app");
        Assert.IsFalse(repository.PlantedCodeRan, first.Output);
    }

    [TestMethod]
    public void A_project_added_to_the_assets_file_is_not_built()
    {
        var repository = Adopted(new TestPackage("Good"));
        var evil = Path.Combine(repository.Base, "evil/evil.proj");
        Plant(evil, repository, """<Target Name="GetTargetFrameworks" /><Target Name="GetTargetPath" /><Target Name="GetNativeManifest" /><Target Name="GetCopyToOutputDirectoryItems" />""");
        Edit(repository, "project.assets.json", "\"libraries\": {", $$"""
            "libraries": { "evil/1.0.0": { "type": "project", "path": "{{evil}}", "msbuildProject": "{{evil}}" },
            """);
        Edit(repository, "project.assets.json", "\"net10.0\": {", """
            "net10.0": { "evil/1.0.0": { "type": "project", "framework": ".NETCoreApp,Version=v10.0", "compile": { "bin/placeholder/evil.dll": {} }, "runtime": { "bin/placeholder/evil.dll": {} } },
            """);

        repository.Build("app", "--no-restore").FailsWith("HRD1016").Says("evil");
        var result = repository.Build("app").Succeeds();
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
    }

    [TestMethod]
    public void An_analyzer_added_to_the_assets_file_is_not_loaded()
    {
        var repository = Adopted(new TestPackage("Good").With("analyzers/dotnet/cs/Good.txt", "x"), """<Target Name="Show" AfterTargets="ResolvePackageAssets"><Message Importance="high" Text="Analyzers: @(ResolvedAnalyzers)" /></Target>""");
        File.WriteAllText(Path.Combine(repository.Base, "evil.dll"), "planted");
        Edit(repository, "project.assets.json", "\"analyzers/dotnet/cs/Good.txt\",", "\"analyzers/dotnet/cs/Good.txt\", \"analyzers/dotnet/cs/../../../../../../../evil.dll\",");

        repository.Build("app", "--no-restore").FailsWith("HRD1016").Says("leads outside");
        repository.Build("app").Says("Analyzers: ").DoesNotSay("evil.dll");
    }

    [TestMethod]
    public void A_source_file_of_a_package_that_is_not_locked_is_not_compiled()
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        Plant(Path.Combine(repository.Packages, "evil/1.0.0/Evil.cs"), repository, string.Empty, "#error planted code was compiled");
        Edit(repository, "app.csproj.nuget.g.props", "</Project>", """<ItemGroup><Compile Include="$(NuGetPackageRoot)evil/1.0.0/Evil.cs" /></ItemGroup></Project>""");

        repository.Build("app", "--no-restore").FailsWith("HRD1008");
        repository.Build("app").DoesNotSay("planted code was compiled");
    }

    [TestMethod]
    [DataRow("PkgGood")]
    [DataRow("NuGetPackageFolders")]
    public void Generated_properties_cannot_lead_a_project_elsewhere(string name)
    {
        var repository = Adopted(
            new TestPackage("Good").With("tools/good.txt", "good"),
            $"""<Target Name="Show" AfterTargets="Build"><Message Importance="high" Text="Used: $({name})" /></Target>""",
            """<PackageReference Include="Good" Version="1.0.0" GeneratePathProperty="true" />""");
        var evil = Path.Combine(repository.Base, "evil");
        var file = repository.PathOf("app/obj/app.csproj.nuget.g.props");
        var text = File.ReadAllText(file);
        var start = text.IndexOf($"<{name} ", StringComparison.Ordinal);
        var value = text.IndexOf('>', start) + 1;
        File.WriteAllText(file, text[..value] + evil + text[text.IndexOf('<', value)..]);

        repository.Build("app", "--no-restore").FailsWith("HRD1008");
        repository.Build("app").DoesNotSay("Used: " + evil);
    }

    [TestMethod]
    [DataRow("nested")]
    [DataRow("quoted")]
    [DataRow("solution")]
    [DataRow("observe")]
    [DataRow("beside the project")]
    public void A_response_file_cannot_switch_the_gate_off_in_disguise(string disguise)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        Plant(Path.Combine(repository.PackageFolder("Good"), "build/Good.targets"), repository, Disarm);
        var entry = "app";
        switch (disguise)
        {
            case "nested":
                repository.Write("Directory.Build.rsp", "@more.rsp");
                repository.Write("more.rsp", "-p:HardeningVerify=false");
                break;
            case "beside the project":
                repository.Write("app/MSBuild.rsp", "-p:HardeningVerify=false");
                break;
            case "quoted":
                repository.Write("Directory.Build.rsp", "-p:Harden\"ing\"Verify=false");
                break;
            case "solution":
                repository.Write("sln/all.slnx", """<Solution><Project Path="../app/app.csproj" /></Solution>""");
                repository.Write("sln/Directory.Build.rsp", "-p:HardeningVerify=false");
                entry = "sln";
                break;
            default:
                repository.Write("Directory.Build.rsp", "-p:HardeningPhase=Observe -p:HardeningQuarantine=x");
                break;
        }

        var result = repository.Build(entry);
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
    }

    [TestMethod]
    [DataRow("environment")]
    [DataRow("config")]
    [DataRow("nested")]
    public void Packages_from_another_folder_are_verified_before_the_restore(string way)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        var evil = Path.Combine(repository.Base, "evil");
        CopyFolder(repository.PackageFolder("Good"), Path.Combine(evil, "good/1.0.0"));
        Plant(Path.Combine(evil, "good/1.0.0/build/Good.targets"), repository, Disarm);
        Directory.Delete(repository.PackageFolder("Good"), recursive: true);
        switch (way)
        {
            case "environment":
                repository.Environment["RestoreFallbackFolders"] = evil;
                break;
            case "config":
                repository.Write("other.config", repository.NuGetConfig().Replace("<configuration>", $"""<configuration><fallbackPackageFolders><add key="evil" value="{evil}" /></fallbackPackageFolders>""", StringComparison.Ordinal));
                Edit(repository, "../app.csproj", "<OutputType>", $"<RestoreConfigFile>{repository.PathOf("other.config")}</RestoreConfigFile><OutputType>");
                break;
            default:
                repository.Write("app/nuget.config", "<configuration />");
                repository.Update().Succeeds();
                Directory.Delete(repository.PackageFolder("Good"), recursive: true);
                repository.Write("app/nuget.config", $"""<configuration><fallbackPackageFolders><add key="evil" value="{evil}" /></fallbackPackageFolders></configuration>""");
                break;
        }

        var result = repository.Build("app");
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
    }

    [TestMethod]
    [DataRow("HardeningPackageIntegrity")]
    [DataRow("NuGetRestoreTargets")]
    public void The_environment_cannot_make_it_compare_less(string name)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        Plant(Path.Combine(repository.PackageFolder("Good"), "build/Good.targets"), repository, Disarm);
        repository.Write("none.targets", """<Project><Target Name="Restore" /></Project>""");
        repository.Environment[name] = name == "NuGetRestoreTargets" ? repository.PathOf("none.targets") : "Metadata";

        var result = repository.Build("app");
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
    }

    [TestMethod]
    [DataRow("RestoreForceEvaluate", "true")]
    [DataRow("rsp", "-p:RestoreLockedMode=false")]
    public void Nothing_but_an_update_unlocks_the_restore(string name, string value)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        Directory.Delete(repository.Packages, recursive: true);
        new TestPackage("Good").With("build/Good.targets", TestPackage.Planted(repository.Mark, Disarm)).WriteTo(repository.Feed);
        if (name == "rsp")
        {
            repository.Write("Directory.Build.rsp", value);
        }
        else
        {
            repository.Environment[name] = value;
        }

        var result = repository.Build();
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
    }

    [TestMethod]
    public void A_switch_in_a_project_does_not_let_obj_into_the_restore_phase()
    {
        var repository = Adopted(new TestPackage("Good"));
        repository.Write("Directory.Build.props", """<Project><Sdk Name="Hardening.Sdk" /><PropertyGroup><HardeningVerify>false</HardeningVerify></PropertyGroup></Project>""");
        Plant(repository.PathOf("app/obj/app.csproj.evil.targets"), repository, Disarm + """<Target Name="HardeningPrepareRestore" /><Target Name="HardeningRestoreGate" />""");

        var result = repository.Build("app");
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
    }

    [TestMethod]
    [DataRow("clean")]
    [DataRow("msbuild", "-t:HardeningUpdate")]
    public void Broken_restore_results_do_not_hide_imports_from_clean_and_update(params string[] command)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        File.WriteAllText(repository.PathOf("app/obj/project.assets.json"), "{}");
        Plant(repository.PathOf("app/obj/app.csproj.nuget.g.targets"), repository, string.Empty);

        var result = repository.RunIn(repository.PathOf("app"), command);
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
    }

    [TestMethod]
    [DataRow("app.csproj.a;b.targets")]
    [DataRow("app.csproj.%24(x).targets")]
    public void A_foreign_import_with_an_odd_name_is_not_imported(string name)
    {
        var repository = Adopted(new TestPackage("Good"));
        Plant(repository.PathOf($"app/obj/{name}"), repository, Disarm);

        var second = repository.Build("app", "--no-restore");
        Assert.IsFalse(repository.PlantedCodeRan, second.Output);
        var first = repository.Build("app");
        Assert.IsFalse(repository.PlantedCodeRan, first.Output);
        Assert.AreNotEqual(0, first.ExitCode, first.Output);
    }

    [TestMethod]
    public void Other_bytes_of_a_download_are_refused_before_they_are_used()
    {
        var repository = Adopted(
            new TestPackage("Good").With("tools/Good.targets", "<Project />"),
            """<Import Project="$(NuGetPackageRoot)good/1.0.0/tools/Good.targets" Condition="Exists('$(NuGetPackageRoot)good/1.0.0/tools/Good.targets')" />""",
            """<PackageDownload Include="Good" Version="[1.0.0]" />""");
        Directory.Delete(repository.PackageFolder("Good"), recursive: true);
        new TestPackage("Good").With("tools/Good.targets", TestPackage.Planted(repository.Mark)).WriteTo(repository.Feed);

        var result = repository.Build("app").FailsWith("HRD1006");
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
    }

    [TestMethod]
    [DataRow("id")]
    [DataRow("metadata")]
    public void A_poisoned_packages_folder_is_refused(string trick)
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        var folder = repository.PackageFolder("Good");
        var evil = Path.Combine(repository.Base, "evil");
        CopyFolder(folder, evil + "/1.0.0");
        Plant(evil + "/1.0.0/build/Good.targets", repository, Disarm);
        switch (trick)
        {
            case "id":
                Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
                Directory.CreateSymbolicLink(Path.GetDirectoryName(folder)!, evil);
                break;
            default:
                File.Delete(folder + "/.nupkg.metadata");
                File.Copy(evil + "/1.0.0/build/Good.targets", folder + "/build/Evil.targets");
                break;
        }

        var result = repository.Build("app");
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
    }

    [TestMethod]
    public void A_lock_file_of_NuGets_in_obj_that_is_poisoned_is_written_anew()
    {
        var repository = Adopted(new TestPackage("Good").With("build/Good.targets", "<Project />"));
        var generated = repository.PathOf("app/obj/hardening.packages.lock.json");
        var outside = Path.Combine(repository.Base, "outside.json");
        File.Move(generated, outside);
        File.CreateSymbolicLink(generated, outside);
        new TestPackage("Good").With("build/Good.targets", TestPackage.Planted(repository.Mark, Disarm)).WriteTo(repository.Feed);
        Directory.Delete(repository.PackageFolder("Good"), recursive: true);
        File.WriteAllText(outside, File.ReadAllText(outside).Replace("contentHash", "contentHash0", StringComparison.Ordinal));

        repository.Build("app").FailsWith("NU1403");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_new_dotnet_SDK_does_not_unlock_what_it_does_not_imply()
    {
        var repository = NewRepository();
        new TestPackage("Good").With("build/Good.targets", "<Project />").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"), "<IsTrimmable>true</IsTrimmable>");
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /></Solution>""");
        var version = repository.RunIn(repository.PathOf("app"), "msbuild", "-getProperty:BundledNETCoreAppPackageVersion").Output.Trim();
        new TestPackage("Microsoft.NET.ILLink.Tasks", version).With("build/Microsoft.NET.ILLink.Tasks.props", "<Project />").WriteTo(repository.Feed);
        repository.Update().Succeeds();
        repository.Build("app").Succeeds();
        var sdk = repository.Run("--version").Output.Trim();
        repository.Write("hardening.lock.json", repository.Read("hardening.lock.json").Replace($"\"{sdk}\"", "\"10.0.100\"", StringComparison.Ordinal));
        repository.Build("app").Succeeds().Says("HRD1011");

        Directory.Delete(repository.PackageFolder("Good"), recursive: true);
        new TestPackage("Good").With("build/Good.targets", TestPackage.Planted(repository.Mark, Disarm)).WriteTo(repository.Feed);
        var result = repository.Build("app");
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
    }

    [TestMethod]
    public void A_cache_of_resolved_assets_in_obj_is_not_believed()
    {
        const string Show = """<Target Name="Show" AfterTargets="ResolvePackageAssets"><Message Importance="high" Text="Analyzers: @(ResolvedAnalyzers)" /></Target>""";
        var repository = Adopted(new TestPackage("Good").With("analyzers/dotnet/cs/Good.dll", "x"), Show + "<Target Name=\"CoreCompile\" /><Target Name=\"CopyFilesToOutputDirectory\" /><Target Name=\"_CreateAppHost\" />");
        repository.Build("app").Says("Good.dll");
        var cache = Directory.GetFiles(Path.Combine(repository.Base, "home"), "*.cache", SearchOption.AllDirectories).Single(f => Encoding.Latin1.GetString(File.ReadAllBytes(f)).Contains("Good.dll", StringComparison.Ordinal));
        var forged = repository.PathOf("app/obj/Debug/net10.0/app.assets.cache");
        File.WriteAllBytes(forged, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(File.ReadAllBytes(cache)).Replace("Good.dll", "Evil.dll", StringComparison.Ordinal)));
        File.SetLastWriteTimeUtc(forged, DateTime.UtcNow.AddDays(1));

        repository.Build("app").DoesNotSay("Evil.dll");
    }

    private static void Plant(string path, TestRepository repository, string disarm, string? content = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content ?? TestPackage.Planted(repository.Mark, disarm));
    }

    private static void Edit(TestRepository repository, string objFile, string old, string with)
    {
        var path = Path.GetFullPath(repository.PathOf("app/obj/" + objFile));
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, $"{objFile} has nothing to poison.");
        File.WriteAllText(path, text.Replace(old, with, StringComparison.Ordinal));
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private TestRepository Adopted(TestPackage package, string more = "", string? reference = null)
    {
        var repository = NewRepository();
        package.WriteTo(repository.Feed);
        repository.Project("app/app.csproj", reference ?? TestRepository.Reference(package.Id, package.Version));
        repository.Write("app/app.csproj", repository.Read("app/app.csproj").Replace("</Project>", more + "</Project>", StringComparison.Ordinal));
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /></Solution>""");
        repository.Update().Succeeds();
        repository.Build().Succeeds();
        return repository;
    }
}
