using System.IO.Compression;

namespace Hardening.EndToEnd.Tests;

/// <summary>One line is added to what a repository has already; one number is changed to upgrade.</summary>
[TestClass]
public sealed class OneLineTests : WorksWithTest
{
    private const string Line = """<Sdk Name="Hardening.Sdk" />""";

    [TestMethod]
    public void Where_the_line_stands_makes_no_difference()
    {
        var lockfiles = new List<string>();
        foreach (var (first, middle, last) in ((string, string, string)[])[(Line, "", ""), ("", Line, ""), ("", "", Line)])
        {
            var repository = Diamond();
            Packages(repository, "Everywhere");
            repository.Write("eng/common.props", """
                <Project>
                  <PropertyGroup><Company>Contoso</Company><LangVersion>latest</LangVersion></PropertyGroup>
                </Project>
                """);
            repository.Write("Directory.Build.props", $"""
                <Project>
                  {first}
                  <Import Project="eng/common.props" />
                  <PropertyGroup>
                    <UseArtifactsOutput>true</UseArtifactsOutput>
                    <Deterministic>true</Deterministic>
                  </PropertyGroup>
                  {middle}
                  <PropertyGroup Condition="'$(Company)' == 'Contoso'">
                    <GenerateDocumentationFile>false</GenerateDocumentationFile>
                  </PropertyGroup>
                  <ItemGroup><PackageReference Include="Everywhere" Version="1.0.0" /></ItemGroup>
                  {last}
                </Project>
                """);
            repository.Write("Directory.Build.targets", """
                <Project>
                  <Target Name="Stamp" AfterTargets="Build"><Message Importance="high" Text="stamped by $(Company)" /></Target>
                </Project>
                """);
            repository.Build().FailsWith("HRD0001");
            Quiet(repository.Update());
            Quiet(repository.Build()).Says("stamped by Contoso");
            lockfiles.Add(repository.Read("hardening.lock.json"));

            RefusesNewReference(repository, "left/left.csproj", "build");
            RefusesChangedPackage(repository, "Deep", "build", "--no-restore");
            repository.Write("Directory.Build.props", repository.Read("Directory.Build.props").Replace("Version=\"1.0.0\"", "Version=\"2.0.0\"", StringComparison.Ordinal));
            new TestPackage("Everywhere", "2.0.0").WriteTo(repository.Feed);
            repository.Build().FailsWith("HRD1002").Says("Directory.Build.props(");
            repository.Write("Directory.Build.props", repository.Read("Directory.Build.props").Replace("Version=\"2.0.0\"", "Version=\"1.0.0\"", StringComparison.Ordinal));
            File.WriteAllText(repository.PathOf("artifacts/obj/app/app.csproj.evil.targets"), TestPackage.Planted(repository.Mark));
            repository.Build("--no-restore").FailsWith("HRD1007");
            Assert.IsFalse(repository.PlantedCodeRan);
        }

        Assert.HasCount(1, lockfiles.Distinct());
    }

    [TestMethod]
    public void An_upgrade_is_one_number_and_an_update()
    {
        const string Newer = "99.0.0";
        var repository = Diamond();
        var sdks = Path.Combine(repository.Base, "sdks");
        Directory.CreateDirectory(sdks);
        File.Copy(Directory.GetFiles(TestRepository.SdkFeed, "*.nupkg").Single(), Path.Combine(sdks, $"Hardening.Sdk.{TestRepository.SdkVersion}.nupkg"));
        Repack(Path.Combine(sdks, $"Hardening.Sdk.{TestRepository.SdkVersion}.nupkg"), Path.Combine(sdks, $"Hardening.Sdk.{Newer}.nupkg"), Newer);
        repository.Write("nuget.config", repository.NuGetConfig().Replace(TestRepository.SdkFeed, sdks, StringComparison.Ordinal));
        Quiet(repository.Update());
        Quiet(repository.Build());
        var global = repository.Read("global.json");

        repository.Write("global.json", global.Replace(TestRepository.SdkVersion, Newer, StringComparison.Ordinal));
        var upgraded = repository.Build().Succeeds().Says($"hardening.sdk/{Newer} is not in the lockfile").Says("dotnet msbuild -t:HardeningUpdate");
        CollectionAssert.AreEqual(new[] { "HRD1021" }, upgraded.Warnings.ToList(), upgraded.Output);
        repository.Update().Succeeds().Says($"Hardening.Sdk {Newer} is new and runs in the build");
        Quiet(repository.Build());
        Assert.IsTrue(Directory.Exists(repository.PackageFolder("Hardening.Sdk", Newer)));
        RefusesNewReference(repository, "left/left.csproj", "build");
        repository.Write("global.json", global);
        CollectionAssert.AreEqual(new[] { "HRD1021" }, repository.Build().Succeeds().Warnings.ToList());
    }

    private static void Repack(string from, string to, string version)
    {
        File.Copy(from, to);
        using var archive = ZipFile.Open(to, ZipArchiveMode.Update);
        var entry = archive.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        string text;
        using (var reader = new StreamReader(entry.Open()))
        {
            text = reader.ReadToEnd();
        }

        var name = entry.FullName;
        entry.Delete();
        using var writer = new StreamWriter(archive.CreateEntry(name).Open());
        writer.Write(text.Replace($"<version>{TestRepository.SdkVersion}</version>", $"<version>{version}</version>", StringComparison.Ordinal));
    }
}
