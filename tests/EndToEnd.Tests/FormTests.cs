using System.IO.Compression;

namespace Hardening.EndToEnd.Tests;

/// <summary>The forms in which a project can use the SDK, and what the package holds.</summary>
[TestClass]
public sealed class FormTests : EndToEndTest
{
    [TestMethod]
    public void In_a_project_file_it_refuses_before_a_download()
    {
        var repository = Without();
        repository.Write("app/app.csproj", repository.Read("app/app.csproj").Replace("<PropertyGroup>", $"""<Sdk Name="Hardening.Sdk" Version="{TestRepository.SdkVersion}" /><PropertyGroup>""", StringComparison.Ordinal));
        repository.Update("app/app.csproj").Succeeds();
        repository.Build("app").Succeeds();
        new TestPackage("More").WriteTo(repository.Feed);
        var locked = repository.Read("app/app.csproj");
        repository.Write("app/app.csproj", locked.Replace("<ItemGroup>", "<ItemGroup>" + TestRepository.Reference("More"), StringComparison.Ordinal));

        repository.Build("app").FailsWith("HRD1001");
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("More")));
        repository.Write("app/app.csproj", locked);
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "added.txt"), string.Empty);
        repository.Build("app").FailsWith("HRD1004");
    }

    [TestMethod]
    [DataRow("net10.0")]
    [DataRow("net10.0;")]
    public void As_a_package_reference_it_refuses_in_the_build(string frameworks)
    {
        var repository = Without();
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + TestRepository.Reference("Hardening.Sdk", TestRepository.SdkVersion), framework: frameworks);
        repository.Run("restore", "app").Succeeds();
        repository.Build("app", "--no-restore").FailsWith("HRD0001");
        repository.Update("app/app.csproj").Succeeds().Says("+ Good 1.0.0");
        repository.Build("app").Succeeds();
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "added.txt"), string.Empty);
        repository.Build("app").FailsWith("HRD1004");
    }

    [TestMethod]
    public void A_set_version_in_global_json_is_all_that_the_shortest_form_needs()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Update("app/app.csproj").Succeeds().Says("1 package, 1 project.");
        Assert.IsEmpty(repository.Build("app").Succeeds().Warnings);
    }

    [TestMethod]
    public void An_msbuild_that_is_too_old_is_said_once()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Project("other/other.csproj");
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /><Project Path="other/other.csproj" /></Solution>""");
        repository.Update().Succeeds();

        // There is no older one at hand, so this one is made too old.
        var targets = Path.Combine(repository.PackageFolder("Hardening.Sdk", TestRepository.SdkVersion), "Sdk/Sdk.targets");
        File.WriteAllText(targets, File.ReadAllText(targets).Replace("'18.0'", "'99.0'", StringComparison.Ordinal));
        var result = repository.Build().FailsWith("HRD0009").Says("Hardening.Sdk needs MSBuild 18");
        Assert.HasCount(2, result.Output.Split("Build FAILED.")[0].Split("error HRD0009"), result.Output);
    }

    [TestMethod]
    public void The_package_holds_these_files()
    {
        var path = Directory.GetFiles(TestRepository.SdkFeed, "Hardening.Sdk.*.nupkg").Single();
        using var archive = ZipFile.OpenRead(path);
        var files = archive.Entries.Select(e => e.FullName).Where(n => !n.StartsWith("_rels/", StringComparison.Ordinal) && !n.StartsWith("package/", StringComparison.Ordinal) && n != "[Content_Types].xml").Order(StringComparer.Ordinal);

        string[] expected =
        [
            "Hardening.Sdk.nuspec",
            "README.md",
            "Sdk/Hardening.Repository.proj",
            "Sdk/Hardening.Restore.props",
            "Sdk/Hardening.Restore.targets",
            "Sdk/Sdk.props",
            "Sdk/Sdk.targets",
            "build/Hardening.Sdk.props",
            "build/Hardening.Sdk.targets",
            "buildMultiTargeting/Hardening.Sdk.props",
            "buildMultiTargeting/Hardening.Sdk.targets",
            "tasks/net10.0/Hardening.Core.dll",
            "tasks/net10.0/Hardening.Tasks.deps.json",
            "tasks/net10.0/Hardening.Tasks.dll",
            "tasks/net10.0/Microsoft.Extensions.FileSystemGlobbing.dll",
            "tasks/net10.0/Newtonsoft.Json.dll",
            "tasks/net10.0/NuGet.Common.dll",
            "tasks/net10.0/NuGet.Configuration.dll",
            "tasks/net10.0/NuGet.Frameworks.dll",
            "tasks/net10.0/NuGet.Packaging.dll",
            "tasks/net10.0/NuGet.Protocol.dll",
            "tasks/net10.0/NuGet.Versioning.dll",
            "tasks/net10.0/Polly.Core.dll",
            "tasks/net10.0/System.Security.Cryptography.Pkcs.dll",
            "tasks/net10.0/System.Security.Cryptography.ProtectedData.dll",
            "tasks/net10.0/YamlDotNet.dll",
            "tasks/net10.0/runtimes/win/lib/net8.0/System.Security.Cryptography.Pkcs.dll",
        ];
        CollectionAssert.AreEqual(expected, files.ToList());
    }

    private TestRepository Without()
    {
        var repository = NewRepository();
        File.Delete(repository.PathOf("Directory.Build.props"));
        File.Delete(repository.PathOf("global.json"));
        new TestPackage("Good").With("build/Good.targets", "<Project />").With("buildMultiTargeting/Good.targets", "<Project />").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        return repository;
    }
}
