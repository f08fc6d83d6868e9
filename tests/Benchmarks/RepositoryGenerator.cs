using System.Text;

namespace Hardening.Benchmarks;

/// <summary>
/// Writes repositories in the shapes that real ones have, with real packages: 1 project; about 10, one of each kind; or many in layers.
/// The same arguments write the same bytes.
/// </summary>
internal sealed class RepositoryGenerator(string root)
{
    private const int Layers = 8;

    private static readonly (string Id, string Version)[] Packages =
    [
        ("Newtonsoft.Json", "13.0.3"),
        ("Serilog", "4.3.0"),
        ("Serilog.Sinks.Console", "6.0.0"),
        ("Polly.Core", "8.5.2"),
        ("Microsoft.Extensions.DependencyInjection", "9.0.10"),
        ("Microsoft.Extensions.Logging", "9.0.10"),
        ("Microsoft.Extensions.Options", "9.0.10"),
        ("Microsoft.Extensions.Caching.Memory", "9.0.10"),
        ("Dapper", "2.1.66"),
        ("CsvHelper", "33.1.0"),
        ("Humanizer.Core", "2.14.1"),
        ("YamlDotNet", "16.3.0"),
        ("FluentValidation", "12.0.0"),
        ("NodaTime", "3.2.2"),
        ("StyleCop.Analyzers", "1.1.118"),
    ];

    private const string ImportOuter = """<Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))" />""";

    /// <summary>Writes a repository of about this many projects into a new or empty folder.</summary>
    /// <exception cref="IOException">The folder has something in it.</exception>
    internal static void Generate(int projects, string folder)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"{folder} is not empty: name a folder that is, or none that exists.");
        }

        var generator = new RepositoryGenerator(folder);
        switch (projects)
        {
            case 1:
                generator.Single();
                break;
            case <= 20:
                generator.OneOfEachKind(projects);
                break;
            default:
                generator.InLayers(projects);
                break;
        }
    }

    /// <summary>
    /// Small class libraries with two packages each, in one solution, where project N references project N / 2.
    /// Writes no nuget.config, global.json or Directory.Build.props.
    /// </summary>
    internal void Tree(int projects)
    {
        for (var i = 0; i < projects; i++)
        {
            var name = $"P{i:D3}";
            Library($"{name}/{name}.csproj", i < 2 ? [] : [$"../P{i / 2:D3}/P{i / 2:D3}.csproj"], [Packages[0], Packages[2]], central: false);
        }

        Solution("all.slnx", Enumerable.Range(0, projects).Select(i => $"P{i:D3}/P{i:D3}.csproj"));
    }

    internal void Write(string path, string content)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content.ReplaceLineEndings("\n"));
    }

    private void Single()
    {
        Write("App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Newtonsoft.Json" Version="13.0.3" />
              </ItemGroup>
            </Project>
            """);
        Write("Program.cs", """System.Console.WriteLine("built");""" + "\n");
        Write(".gitignore", "bin/\nobj/\n");
    }

    // src, test, tools and build, each as a repository in the wild may have it.
    private void OneOfEachKind(int projects)
    {
        Central();
        Write("Directory.Build.props", """
            <Project>
              <!-- <Project> in a comment is none -->
              <PropertyGroup>
                <LangVersion>latest</LangVersion>
                <Nullable>enable</Nullable>
                <IsOuterRead>true</IsOuterRead>
              </PropertyGroup>
            </Project>
            """);
        Write("Directory.Build.targets", """<Project><Target Name="SayNothing" AfterTargets="Build" /></Project>""");
        Write("global.json", """
            {
              // the .NET SDK that the team has
              "sdk": { "version": "10.0.100", "rollForward": "latestFeature" },
              "msbuild-sdks": { "Microsoft.Build.NoTargets": "3.7.0" }
            }
            """);
        Write("dotnet-tools.json", """{ "version": 1, "isRoot": true, "tools": { "csharpier": { "version": "1.1.2", "commands": [ "csharpier" ] } } }""");
        Write("test/Directory.Build.props", $"<Project>\n  {ImportOuter}\n  <PropertyGroup>\n    <IsPackable>false</IsPackable>\n  </PropertyGroup>\n</Project>\n");

        var source = new List<string>();
        for (var i = 0; i < Math.Max(1, projects - 4); i++)
        {
            var name = $"Lib{i}";
            Library(
                $"src/{name}/{name}.csproj",
                i == 0 ? [] : [$"../Lib{(i - 1) / 2}/Lib{(i - 1) / 2}.csproj"],
                [Packages[i % 4], Packages[4 + (i % 7)]],
                i is 0 or 2 ? "net10.0;netstandard2.0" : "net10.0",
                i % 4 == 1 ? "<RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>" : string.Empty);
            source.Add($"src/{name}/{name}.csproj");
        }

        var last = Path.GetFileNameWithoutExtension(source[^1]);
        Write("src/App/App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../{last}/{last}.csproj" />
                <PackageReference Include="Serilog.Sinks.Console" />
              </ItemGroup>
            </Project>
            """);
        Write("src/App/Program.cs", """System.Console.WriteLine("built");""" + "\n");
        Write("test/App.Tests/App.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../../src/App/App.csproj" />
                <PackageReference Include="Microsoft.NET.Test.Sdk" />
                <PackageReference Include="xunit" />
                <PackageReference Include="xunit.runner.visualstudio" />
              </ItemGroup>
            </Project>
            """);
        Write("test/App.Tests/Tests.cs", "public class Tests { [Xunit.Fact] public void Holds() => Xunit.Assert.True(true); }\n");
        Write("build/Assets/Assets.csproj", """
            <Project Sdk="Microsoft.Build.NoTargets">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
            </Project>
            """);
        Write("build/dirs.proj", """
            <Project Sdk="Microsoft.Build.NoTargets">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../src/**/*.csproj" ReferenceOutputAssembly="false" SkipGetTargetFrameworkProperties="true" />
              </ItemGroup>
            </Project>
            """);
        Solution("all.slnx", [.. source, "src/App/App.csproj", "test/App.Tests/App.Tests.csproj", "build/Assets/Assets.csproj", "build/dirs.proj"]);
    }

    // References lead to the layer below only, three of each project.
    private void InLayers(int projects)
    {
        Central();
        Write("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <GenerateDocumentationFile>false</GenerateDocumentationFile>
              </PropertyGroup>
            </Project>
            """);
        var all = new List<string>();
        var width = (projects + Layers - 1) / Layers;
        for (var i = 0; i < projects; i++)
        {
            var (layer, place) = (i / width, i % width);
            var name = $"L{layer}P{place:D3}";
            int[] below = layer == 0 ? [] : [.. Enumerable.Range(0, 3).Select(k => ((place * 7) + (k * 13)) % width).Distinct().Order()];
            Library(
                $"src/L{layer}/{name}/{name}.csproj",
                [.. below.Select(p => $"../../L{layer - 1}/L{layer - 1}P{p:D3}/L{layer - 1}P{p:D3}.csproj")],
                [.. Enumerable.Range(0, 1 + (i % 4)).Select(k => Packages[(i + (k * 4)) % Packages.Length])],
                frameworks: string.Empty);
            all.Add($"src/L{layer}/{name}/{name}.csproj");
        }

        Solution("all.slnx", all);
    }

    private void Central()
    {
        var text = new StringBuilder("<Project>\n  <PropertyGroup>\n    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>\n  </PropertyGroup>\n  <ItemGroup>\n");
        foreach (var (id, version) in Packages.Concat([("Microsoft.NET.Test.Sdk", "18.0.1"), ("xunit", "2.9.3"), ("xunit.runner.visualstudio", "3.1.5")]))
        {
            text.Append($"    <PackageVersion Include=\"{id}\" Version=\"{version}\" />\n");
        }

        Write("Directory.Packages.props", text.Append("  </ItemGroup>\n</Project>\n").ToString());
        Write("nuget.config", """
            <configuration>
              <packageSources>
                <clear />
                <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
              </packageSources>
              <packageSourceMapping>
                <packageSource key="nuget.org"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        Write(".gitignore", "bin/\nobj/\n");
    }

    private void Library(string path, IEnumerable<string> references, IEnumerable<(string Id, string Version)> packages, string frameworks = "net10.0", string properties = "", bool central = true)
    {
        var target = frameworks.Length == 0 ? string.Empty : frameworks.Contains(';', StringComparison.Ordinal) ? $"<TargetFrameworks>{frameworks}</TargetFrameworks>" : $"<TargetFramework>{frameworks}</TargetFramework>";
        Write(path, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>{target}{properties}</PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", packages.Select(p => central ? $"<PackageReference Include=\"{p.Id}\" />" : $"<PackageReference Include=\"{p.Id}\" Version=\"{p.Version}\" />").Concat(references.Select(r => $"<ProjectReference Include=\"{r}\" />")))}
              </ItemGroup>
            </Project>
            """);
        var name = Path.GetFileNameWithoutExtension(path);
        Write(Path.Combine(Path.GetDirectoryName(path)!, "C.cs"), $"namespace {name} {{ public static class C {{ public static string Name => \"{name}\"; }} }}\n");
    }

    private void Solution(string path, IEnumerable<string> projects) =>
        Write(path, $"<Solution>\n{string.Concat(projects.Select(p => $"  <Project Path=\"{p}\"{(p.EndsWith(".proj", StringComparison.Ordinal) ? " Type=\"C#\"" : string.Empty)} />\n"))}</Solution>\n");
}
