using System.Text.RegularExpressions;

namespace Hardening.EndToEnd.Tests;

/// <summary>What the tests of the ways to build have in common: nothing is said about a clean repository, and a drift is refused all the same.</summary>
public abstract class WorksWithTest : EndToEndTest
{
    /// <summary>Passed, without any warning. An update may tell what it did; everything else says no word of ours.</summary>
    protected static CommandResult Quiet(CommandResult result)
    {
        result.Succeeds();
        var isUpdate = result.Command.Contains("HardeningUpdate", StringComparison.Ordinal);
        Assert.IsFalse(Regex.IsMatch(result.Output, isUpdate ? @"\b(warning|error) (?!HRD1020\b)[A-Z]+\d+" : @"\b(warning|error) [A-Z]+\d+") || (!isUpdate && Regex.IsMatch(result.Output, @"\bHRD\d{4}")), $"{result.Command}:\n{result.Output}");
        return result;
    }

    /// <summary>Writes a project with one more reference and expects that it is refused at its place, before a download.</summary>
    protected static void RefusesNewReference(TestRepository repository, string project, params string[] command)
    {
        new TestPackage("Evil").With("build/Evil.targets", TestPackage.Planted(repository.Mark)).WriteTo(repository.Feed);
        var before = AddReference(repository, project, "Evil");
        var result = repository.Run(command);
        result.FailsWith("HRD1001").Says("Evil").Says(Path.GetFileName(project));
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Evil")), result.Output);
        Assert.IsFalse(repository.PlantedCodeRan, result.Output);
        repository.Write(project, before);
    }

    /// <summary>Adds a reference to a project and tells what the project was.</summary>
    protected static string AddReference(TestRepository repository, string project, string id)
    {
        var before = repository.Read(project);
        repository.Write(project, before.Replace("</Project>", $"<ItemGroup>{TestRepository.Reference(id)}</ItemGroup></Project>", StringComparison.Ordinal));
        return before;
    }

    /// <summary>Changes a file of an extracted package and expects that it is refused.</summary>
    protected static void RefusesChangedPackage(TestRepository repository, string id, params string[] command)
    {
        var file = Path.Combine(repository.PackageFolder(id), $"{id.ToLowerInvariant()}.nuspec");
        var before = File.ReadAllText(file);
        File.WriteAllText(file, before + " ");
        repository.Run(command).FailsWith("HRD1003").Says(id);
        File.WriteAllText(file, before);
    }

    /// <summary>A class library.</summary>
    protected static TestRepository Library(TestRepository repository, string path, string items = "", string properties = "", string framework = "net10.0")
    {
        var frameworks = framework.Contains(';', StringComparison.Ordinal) ? $"<TargetFrameworks>{framework}</TargetFrameworks>" : $"<TargetFramework>{framework}</TargetFramework>";
        repository.Write(path, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                {frameworks}
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {items}
              </ItemGroup>
            </Project>
            """);
        return repository.Write(Path.Combine(Path.GetDirectoryName(path)!, "Class1.cs"), "public class Class1 { }");
    }

    /// <summary>A package of the test feed.</summary>
    protected static void Packages(TestRepository repository, params ReadOnlySpan<string> ids)
    {
        foreach (var id in ids)
        {
            new TestPackage(id).With($"build/{id}.props", "<Project />").With("lib/netstandard2.0/_._", string.Empty).WriteTo(repository.Feed);
        }
    }

    protected static string ReferenceTo(string project) => $"""<ProjectReference Include="{project}" />""";

    /// <summary>app → left, right → bottom; the packages Top, Side, Deep → Deeper; all in all.slnx.</summary>
    protected TestRepository Diamond(string directoryBuildProps = "")
    {
        var repository = NewRepository();
        Packages(repository, "Top", "Side", "Deeper");
        new TestPackage("Deep").DependsOn("Deeper", "1.0.0").With("lib/netstandard2.0/_._", string.Empty).WriteTo(repository.Feed);
        Library(repository, "bottom/bottom.csproj", TestRepository.Reference("Deep"));
        Library(repository, "left/left.csproj", ReferenceTo("../bottom/bottom.csproj") + TestRepository.Reference("Side"));
        Library(repository, "right/right.csproj", ReferenceTo("../bottom/bottom.csproj"));
        repository.Project("app/app.csproj", ReferenceTo("../left/left.csproj") + ReferenceTo("../right/right.csproj") + TestRepository.Reference("Top"));
        Solution(repository, "app/app.csproj", "left/left.csproj", "right/right.csproj", "bottom/bottom.csproj");
        if (directoryBuildProps.Length > 0)
        {
            repository.Write("Directory.Build.props", $"""<Project><Sdk Name="Hardening.Sdk" />{directoryBuildProps}</Project>""");
        }

        return repository;
    }

    protected static void Solution(TestRepository repository, params string[] projects) =>
        repository.Write("all.slnx", $"<Solution>{string.Concat(projects.Select(p => $"""<Project Path="{p}" />"""))}</Solution>");

    /// <summary>Takes what Microsoft publishes from nuget.org.</summary>
    protected static void Online(TestRepository repository) =>
        repository.Write("nuget.config", repository.NuGetConfig("""<add key="nuget.org" value="https://api.nuget.org/v3/index.json" />""").Replace(
            "</packageSourceMapping>",
            """
                <packageSource key="nuget.org"><package pattern="Microsoft.*" /><package pattern="NETStandard.*" /><package pattern="runtime.*" /><package pattern="System.*" /></packageSource>
              </packageSourceMapping>
            """,
            StringComparison.Ordinal));
}
