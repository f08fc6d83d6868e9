namespace Hardening.EndToEnd.Tests;

/// <summary>The one line is deleted: everything works as if it had never been there, over the obj and bin of the builds before.</summary>
[TestClass]
public sealed class RemovalTests : WorksWithTest
{
    private const string Line = """<Sdk Name="Hardening.Sdk" />""";

    [TestMethod]
    [DataRow("")]
    [DataRow("-p:RestoreUseStaticGraphEvaluation=true")]
    public void Nothing_is_left_that_acts(string option)
    {
        var repository = Diamond();
        string[] options = option.Length > 0 ? [option] : [];
        Quiet(repository.Update(options));
        Quiet(repository.Build(options));

        repository.Write("Directory.Build.props", repository.Read("Directory.Build.props").Replace(Line, string.Empty, StringComparison.Ordinal));
        Quiet(repository.Run(["build", "--no-restore", .. options]));
        Quiet(repository.Build(options));
        Packages(repository, "Other");
        AddReference(repository, "left/left.csproj", "Other");
        Quiet(repository.Run(["restore", .. options]));
        Quiet(repository.Build(options));
        Quiet(repository.Run(["publish", "app", .. options]));
        foreach (var project in (string[])["app", "left", "right", "bottom"])
        {
            Assert.DoesNotContain("ardening", repository.Read($"{project}/obj/project.assets.json"));
            Assert.IsFalse(File.Exists(repository.PathOf($"{project}/packages.lock.json")));
        }

        Quiet(repository.Run("clean"));
        Quiet(repository.Build(options));
    }

    [TestMethod]
    public void NuGets_own_lock_file_counts_again()
    {
        var repository = NewRepository();
        Packages(repository, "Good", "Other");
        Library(repository, "app/app.csproj", TestRepository.Reference("Good"));
        repository.Write("Directory.Build.props", $"<Project>{Line}<PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile></PropertyGroup></Project>");
        Quiet(repository.Update("app"));
        Quiet(repository.Build("app"));
        Assert.IsFalse(File.Exists(repository.PathOf("app/packages.lock.json")));

        repository.Write("Directory.Build.props", repository.Read("Directory.Build.props").Replace(Line, string.Empty, StringComparison.Ordinal));
        Quiet(repository.Build("app"));
        Assert.Contains("\"Good\"", repository.Read("app/packages.lock.json"));
        AddReference(repository, "app/app.csproj", "Other");
        repository.Run("restore", "app", "--locked-mode").FailsWith("NU1004");
        Quiet(repository.Build("app"));
    }

    [TestMethod]
    public void And_the_line_can_come_back()
    {
        var repository = Diamond();
        Quiet(repository.Update());
        var with = repository.Read("Directory.Build.props");
        repository.Write("Directory.Build.props", with.Replace(Line, string.Empty, StringComparison.Ordinal));
        Packages(repository, "Other");
        var project = AddReference(repository, "left/left.csproj", "Other");
        Quiet(repository.Build());

        repository.Write("Directory.Build.props", with);
        repository.Build().FailsWith("HRD1001").Says("Other");
        repository.Write("left/left.csproj", project);
        Quiet(repository.Build());
    }

    [TestMethod]
    public void Tests_run()
    {
        var repository = NewRepository();
        Online(repository);
        repository.Write("nuget.config", repository.Read("nuget.config").Replace("""<package pattern="runtime.*" />""", """<package pattern="runtime.*" /><package pattern="MSTest*" /><package pattern="Mono.*" /><package pattern="Newtonsoft.*" />""", StringComparison.Ordinal));
        repository.Write("tests/tests.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>{TestRepository.Reference("MSTest", "4.5.2")}</ItemGroup>
            </Project>
            """);
        repository.Write("tests/Tests.cs", """
            using Microsoft.VisualStudio.TestTools.UnitTesting;
            [assembly: DoNotParallelize]
            [TestClass] public class Tests { [TestMethod] public void Passes() { } }
            """);
        Quiet(repository.Update("tests"));
        Quiet(repository.Run("test", "tests"));

        repository.Write("Directory.Build.props", "<Project />");
        Quiet(repository.Run("test", "tests"));
    }
}
