using System.Text.RegularExpressions;

namespace Hardening.EndToEnd.Tests;

/// <summary>Wherever packages come from and lie: folders, fallback folders, a folder of the repository, and no network at all.</summary>
[TestClass]
public sealed class PackagePlacesTests : WorksWithTest
{
    [TestMethod]
    public void A_folder_feed_of_the_repository_laid_out_either_way()
    {
        foreach (var expanded in (bool[])[false, true])
        {
            var repository = NewRepository();
            var local = Directory.CreateDirectory(repository.PathOf("local")).FullName;
            if (expanded)
            {
                new TestPackage("Good").WriteTo(Path.Combine(local, "good", "1.0.0"));
                File.Move(Path.Combine(local, "good/1.0.0/Good.1.0.0.nupkg"), Path.Combine(local, "good/1.0.0/good.1.0.0.nupkg"));
                File.WriteAllText(Path.Combine(local, "good/1.0.0/good.nuspec"), """<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>Good</id><version>1.0.0</version><authors>t</authors><description>t</description></metadata></package>""");
                File.WriteAllText(Path.Combine(local, "good/1.0.0/good.1.0.0.nupkg.sha512"), Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData(File.ReadAllBytes(Path.Combine(local, "good/1.0.0/good.1.0.0.nupkg")))));
            }
            else
            {
                new TestPackage("Good").WriteTo(local);
            }

            repository.Write("nuget.config", repository.NuGetConfig().Replace("../feed", "local", StringComparison.Ordinal));
            Library(repository, "app/app.csproj", TestRepository.Reference("Good"));
            Quiet(repository.Update("app"));
            Quiet(repository.Build("app"));
            Assert.Contains("\"feed\": \"local\"", repository.Read("hardening.lock.json"));
            Directory.Delete(repository.PackageFolder("Good"), recursive: true);
            Quiet(repository.Run("restore", "app"));
            RefusesChangedPackage(repository, "Good", "build", "app");
        }
    }

    [TestMethod]
    public void A_global_packages_folder_relative_in_nuget_config()
    {
        var repository = NewRepository();
        Packages(repository, "Good");
        repository.Write("nuget.config", repository.NuGetConfig().Replace("<configuration>", """<configuration><config><add key="globalPackagesFolder" value="eng/packages" /></config>""", StringComparison.Ordinal));
        repository.Environment["NUGET_PACKAGES"] = null;
        Library(repository, "src/app/app.csproj", TestRepository.Reference("Good"));

        Quiet(repository.Update("src/app"));
        Quiet(repository.Build("src/app"));
        Quiet(repository.RunIn(repository.PathOf("src/app"), "build"));
        var file = repository.PathOf("eng/packages/good/1.0.0/build/Good.props");
        Assert.IsTrue(File.Exists(file));
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Good")));
        var before = repository.Read("hardening.lock.json");
        repository.Update("src/app").Succeeds().Says("unchanged");
        Assert.AreEqual(before, repository.Read("hardening.lock.json"));
        File.WriteAllText(file, "<Project><!-- --></Project>");
        repository.Build("src/app").FailsWith("HRD1003").Says("Good 1.0.0");
        repository.Build("src/app", "--no-restore").FailsWith("HRD1003");
    }

    [TestMethod]
    public void NUGET_PACKAGES_may_change_from_one_build_to_the_next()
    {
        var repository = NewRepository();
        Packages(repository, "Good");
        Library(repository, "app/app.csproj", TestRepository.Reference("Good"));
        Quiet(repository.Update("app"));
        Quiet(repository.Build("app"));
        var lockfile = repository.Read("hardening.lock.json");

        var other = Path.Combine(repository.Base, "other packages");
        repository.Environment["NUGET_PACKAGES"] = other + "/";
        Quiet(repository.Build("app"));
        Assert.IsTrue(File.Exists(Path.Combine(other, "good/1.0.0/good.nuspec")));
        repository.Update("app").Succeeds().Says("unchanged");
        Assert.AreEqual(lockfile, repository.Read("hardening.lock.json"));
        File.WriteAllText(Path.Combine(other, "good/1.0.0/added.txt"), string.Empty);
        repository.Build("app").FailsWith("HRD1004");
        File.Delete(Path.Combine(other, "good/1.0.0/added.txt"));
        repository.Environment.Remove("NUGET_PACKAGES");
        Quiet(repository.Build("app"));
    }

    [TestMethod]
    public void A_fallback_folder_is_used_and_verified_and_never_believed_by_an_update()
    {
        var repository = NewRepository();
        Packages(repository, "Good", "Other");
        var fallback = Path.Combine(repository.Base, "fallback");
        Library(repository, "app/app.csproj", TestRepository.Reference("Good"));
        repository.Environment["NUGET_PACKAGES"] = fallback;
        Quiet(repository.Update("app"));
        Quiet(repository.Build("app"));
        Directory.Delete(Path.Combine(fallback, "hardening.sdk"), recursive: true);
        File.Delete(repository.Lockfile);
        Directory.Delete(repository.PathOf("app/obj"), recursive: true);

        repository.Environment.Remove("NUGET_PACKAGES");
        repository.Write("nuget.config", repository.NuGetConfig().Replace("<configuration>", $"""<configuration><fallbackPackageFolders><add key="fallback" value="{fallback}" /></fallbackPackageFolders>""", StringComparison.Ordinal));
        var file = Path.Combine(fallback, "good/1.0.0/build/Good.props");
        File.WriteAllText(file, TestPackage.Planted(repository.Mark));
        repository.Update("app").FailsWith("HRD1003");
        Assert.IsTrue(File.Exists(repository.Lockfile), "made from the feed; the restore after it found the change");
        repository.Build("app").FailsWith("HRD1003").Says("Good 1.0.0");
        Assert.IsFalse(repository.PlantedCodeRan);

        File.WriteAllText(file, "<Project />");
        Quiet(repository.Build("app"));
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Good")), "taken from the fallback folder");
        RefusesNewReference(repository, "app/app.csproj", "build", "app");
    }

    [TestMethod]
    public void Without_any_network_everything_works_that_needs_no_new_package()
    {
        var repository = NewRepository();
        var httpCache = repository.Environment["NUGET_HTTP_CACHE_PATH"] = Path.Combine(repository.Base, "http-cache");
        Packages(repository, "Deep");
        new TestPackage("Good").DependsOn("Deep", "1.0.0").With("build/Good.props", "<Project />").WriteTo(repository.Feed);
        Library(repository, "app/app.csproj", TestRepository.Reference("Good") + """<PackageDownload Include="Deep" Version="[1.0.0]" />""");
        Solution(repository, "app/app.csproj");
        using (var feed = new PrivateFeed(repository.Feed, password: null))
        {
            repository.Write("nuget.config", repository.NuGetConfig().Replace("""value="../feed" """, $"""value="{feed.Address}" allowInsecureConnections="true" """, StringComparison.Ordinal));
            Quiet(repository.Update());
            Quiet(repository.Build());
        }

        foreach (var name in (string[])["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"])
        {
            repository.Environment[name] = "http://127.0.0.1:9";
        }

        // What must work: everything is locked and on disk.
        var lockfile = repository.Read("hardening.lock.json");
        Offline(repository.Run("restore"));
        Offline(repository.Run("restore", "--force"));
        Offline(repository.Build());
        Offline(repository.Run("publish", "app", "-c", "Release"));
        Offline(repository.Update()).Says("unchanged");
        Directory.Delete(repository.PathOf("app/obj"), recursive: true);
        Offline(repository.Build());
        Assert.AreEqual(lockfile, repository.Read("hardening.lock.json"));

        // What cannot: a package that is not on disk, to be restored, accepted or taken anew by its name. The lockfile stays.
        repository.Update("-p:HardeningPackages=Good").FailsWith("NU1301");
        AddReference(repository, "app/app.csproj", "Other");
        repository.Update().FailsWith("NU1301");
        repository.Write("app/app.csproj", repository.Read("app/app.csproj").Replace(TestRepository.Reference("Other"), string.Empty, StringComparison.Ordinal));
        Directory.Delete(repository.PackageFolder("Deep"), recursive: true);
        Directory.Delete(httpCache, recursive: true);
        repository.Run("restore").FailsWith("NU1301");
        Assert.AreEqual(lockfile, repository.Read("hardening.lock.json"));
    }

    // NuGet's audit asks the source for known vulnerabilities and warns that it cannot.
    private static CommandResult Offline(CommandResult result)
    {
        result.Succeeds();
        Assert.IsFalse(Regex.IsMatch(result.Output, @"\b(warning|error) (?!NU1900\b)[A-Z]+\d+"), $"{result.Command}:\n{result.Output}");
        return result;
    }
}
