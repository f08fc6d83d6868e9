using System.Text;
using System.Text.Json.Nodes;
using Hardening.Ecosystems.NuGet;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>One project as a restore found it, from which the files of the restore are written as NuGet would.</summary>
/// <param name="Path">Relative to the root, with <c>/</c>.</param>
internal sealed record RestoredSample(string Path)
{
    /// <summary>NuGet's lock file: items by <c>framework</c> or <c>framework/runtime identifier</c>.</summary>
    public Dictionary<string, RestoreLockItem[]> Targets { get; init; } = [];

    /// <summary>Ids that the .NET SDK references by itself.</summary>
    public string[] Implied { get; init; } = [];

    /// <summary>Packages that are downloaded without being referenced.</summary>
    public RestoredPackage[] Downloads { get; init; } = [];

    /// <summary>Paths of referenced projects, relative to the root, by NuGet's name for them.</summary>
    public Dictionary<string, string> Projects { get; init; } = [];

    public int LockVersion { get; init; } = 1;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The same with a referenced project.</summary>
    public RestoredSample With(string name, string project) => this with { Projects = new(Projects) { [name] = project } };

    /// <summary>A project of one framework.</summary>
    public static RestoredSample Of(string path, params RestoreLockItem[] items) => new(path) { Targets = { ["net10.0"] = items } };
}

/// <summary>What NuGet leaves in obj.</summary>
internal static class RestoreSamples
{
    /// <summary>Of a project with two frameworks, content files and GeneratePathProperty, as NuGet 7 wrote it; packages lie in @PACKAGES@, which ends without a separator.</summary>
    public const string Props = """
        <?xml version="1.0" encoding="utf-8" standalone="no"?>
        <Project ToolsVersion="14.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
          <PropertyGroup Condition=" '$(ExcludeRestorePackageImports)' != 'true' ">
            <RestoreSuccess Condition=" '$(RestoreSuccess)' == '' ">True</RestoreSuccess>
            <RestoreTool Condition=" '$(RestoreTool)' == '' ">NuGet</RestoreTool>
            <ProjectAssetsFile Condition=" '$(ProjectAssetsFile)' == '' ">$(MSBuildThisFileDirectory)project.assets.json</ProjectAssetsFile>
            <NuGetPackageRoot Condition=" '$(NuGetPackageRoot)' == '' ">@PACKAGES@</NuGetPackageRoot>
            <NuGetPackageFolders Condition=" '$(NuGetPackageFolders)' == '' ">@PACKAGES@</NuGetPackageFolders>
            <NuGetProjectStyle Condition=" '$(NuGetProjectStyle)' == '' ">PackageReference</NuGetProjectStyle>
            <NuGetToolVersion Condition=" '$(NuGetToolVersion)' == '' ">7.0.0</NuGetToolVersion>
          </PropertyGroup>
          <ItemGroup Condition=" '$(ExcludeRestorePackageImports)' != 'true' ">
            <SourceRoot Include="@PACKAGES@/" />
          </ItemGroup>
          <ItemGroup Condition=" '$(Language)' != 'C#' AND '$(TargetFramework)' == 'net10.0' AND '$(ExcludeRestorePackageImports)' != 'true' ">
            <None Include="$(NuGetPackageRoot)/some.tool/1.2.3/contentFiles/any/any/a.txt" Condition="Exists('$(NuGetPackageRoot)/some.tool/1.2.3/contentFiles/any/any/a.txt')">
              <NuGetPackageId>Some.Tool</NuGetPackageId>
              <NuGetPackageVersion>1.2.3</NuGetPackageVersion>
              <NuGetItemType>None</NuGetItemType>
              <Pack>false</Pack>
              <CopyToOutputDirectory>PreserveNewest</CopyToOutputDirectory>
              <TargetPath>a.txt</TargetPath>
              <Private>True</Private>
              <Link>sub/a.txt</Link>
            </None>
          </ItemGroup>
          <ItemGroup Condition=" '$(Language)' == 'C#' AND '$(TargetFramework)' == 'netstandard2.1' AND '$(ExcludeRestorePackageImports)' != 'true' ">
            <Compile Include="$(NuGetPackageRoot)/other.content/2.0.0-rc.1/contentFiles/cs/any/b.cs" Condition="Exists('$(NuGetPackageRoot)/other.content/2.0.0-rc.1/contentFiles/cs/any/b.cs')">
              <NuGetPackageId>Other.Content</NuGetPackageId>
              <NuGetPackageVersion>2.0.0-rc.1</NuGetPackageVersion>
              <NuGetItemType>Compile</NuGetItemType>
              <Pack>false</Pack>
              <Private>False</Private>
              <Link>b.cs</Link>
            </Compile>
          </ItemGroup>
          <ImportGroup Condition=" '$(TargetFramework)' == 'net10.0' AND '$(ExcludeRestorePackageImports)' != 'true' ">
            <Import Project="$(NuGetPackageRoot)/some.tool/1.2.3/build/Some.Tool.props" Condition="Exists('$(NuGetPackageRoot)/some.tool/1.2.3/build/Some.Tool.props')" />
          </ImportGroup>
          <PropertyGroup Condition=" '$(TargetFramework)' == 'net10.0' AND '$(ExcludeRestorePackageImports)' != 'true' ">
            <PkgSome_Tool Condition=" '$(PkgSome_Tool)' == '' ">@PACKAGES@/some.tool/1.2.3</PkgSome_Tool>
          </PropertyGroup>
          <PropertyGroup Condition=" '$(TargetFramework)' == 'netstandard2.1' AND '$(ExcludeRestorePackageImports)' != 'true' ">
            <PkgSome_Tool Condition=" '$(PkgSome_Tool)' == '' ">@PACKAGES@/some.tool/1.2.3</PkgSome_Tool>
          </PropertyGroup>
        </Project>
        """;

    /// <summary>The file beside <see cref="Props"/>.</summary>
    public const string Targets = """
        <?xml version="1.0" encoding="utf-8" standalone="no"?>
        <Project ToolsVersion="14.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
          <ImportGroup Condition=" '$(TargetFramework)' == '' AND '$(ExcludeRestorePackageImports)' != 'true' ">
            <Import Project="$(NuGetPackageRoot)/some.tool/1.2.3/buildMultiTargeting/Some.Tool.targets" Condition="Exists('$(NuGetPackageRoot)/some.tool/1.2.3/buildMultiTargeting/Some.Tool.targets')" />
          </ImportGroup>
          <ImportGroup Condition=" '$(TargetFramework)' == 'net10.0' AND '$(ExcludeRestorePackageImports)' != 'true' ">
            <Import Project="$(NuGetPackageRoot)/some.tool/1.2.3/build/Some.Tool.targets" Condition="Exists('$(NuGetPackageRoot)/some.tool/1.2.3/build/Some.Tool.targets')" />
          </ImportGroup>
        </Project>
        """;

    /// <summary>Of a project with a package, a project reference, an implied package and a download, as NuGet 7 writes it; the repository lies in @ROOT@.</summary>
    public const string Assets = """
        {
          "version": 4,
          "targets": {
            "netstandard2.1": {
              "Some.Tool/1.2.3": {
                "type": "package",
                "dependencies": { "Other.Content": "2.0.0-rc.1" },
                "compile": { "lib/netstandard2.0/Some.Tool.dll": { "related": ".pdb;.xml" } },
                "resource": { "lib/netstandard2.0/de/Some.Tool.resources.dll": { "locale": "de" } },
                "runtimeTargets": { "runtimes/linux-x64/native/libsome.so": { "assetType": "native", "rid": "linux-x64" } },
                "contentFiles": {
                  "contentFiles/any/any/a.txt": { "buildAction": "None", "codeLanguage": "any", "copyToOutput": true, "outputPath": "sub/a.txt" }
                },
                "build": { "build/Some.Tool.props": {}, "build/Some.Tool.targets": {} }
              },
              "Other.Content/2.0.0-RC.1": { "type": "package" },
              "Lib/1.0.0": {
                "type": "project",
                "framework": ".NETStandard,Version=v2.1",
                "compile": { "bin/placeholder/Lib.dll": {} }
              }
            }
          },
          "libraries": {
            "Some.Tool/1.2.3": {
              "sha512": "",
              "type": "package",
              "path": "some.tool/1.2.3",
              "files": [ ".nupkg.metadata", "analyzers/dotnet/cs/A.dll", "some.tool.nuspec" ]
            },
            "Other.Content/2.0.0-RC.1": { "sha512": "", "type": "package", "path": "other.content/2.0.0-rc.1", "files": [] },
            "Lib/1.0.0": { "type": "project", "path": "../Lib/Lib.csproj", "msbuildProject": "../Lib/Lib.csproj" }
          },
          "projectFileDependencyGroups": { "netstandard2.1": [ "Lib >= 1.0.0", "Some.Tool >= 1.2.3" ] },
          "packageFolders": { "@ROOT@/packages/": {}, "@ROOT@/fallback": {} },
          "project": {
            "version": "1.0.0",
            "restore": {
              "projectUniqueName": "@ROOT@/src/App/App.csproj",
              "projectName": "App",
              "projectPath": "@ROOT@/src/App/App.csproj",
              "packagesPath": "@ROOT@/packages/",
              "outputPath": "@ROOT@/src/App/obj/",
              "configFilePaths": [ "@ROOT@/nuget.config" ]
            },
            "frameworks": {
              "netstandard2.1": {
                "framework": "netstandard2.1",
                "targetAlias": "netstandard2.1",
                "dependencies": {
                  "NETStandard.Library": { "target": "Package", "version": "[2.1.0, )", "autoReferenced": true },
                  "Some.Tool": { "target": "Package", "version": "[1.2.3, )" }
                },
                "downloadDependencies": [
                  { "name": "Microsoft.NETCore.App.Ref", "version": "[10.0.0, 10.0.0]" },
                  { "name": "Some.Data", "version": "[1.0.0]" }
                ]
              }
            }
          }
        }
        """;

    /// <summary>A direct reference.</summary>
    public static RestoreLockItem Direct(string id, string version, string? range = null, params string[] dependencies) =>
        Item(id, RestoreLockItem.Direct, version, range ?? $"[{version}, )", dependencies);

    /// <summary>A package that another one brings.</summary>
    public static RestoreLockItem Transitive(string id, string version, params string[] dependencies) => Item(id, RestoreLockItem.Transitive, version, null, dependencies);

    /// <summary>A transitive package whose version is managed centrally.</summary>
    public static RestoreLockItem Central(string id, string version, string range) => Item(id, RestoreLockItem.CentralTransitive, version, range, []);

    /// <summary>A referenced project with the ranges that flow from it.</summary>
    public static RestoreLockItem Project(string name, params (string Id, string Range)[] flows) =>
        new(name, RestoreLockItem.Project) { Dependencies = flows.ToDictionary(f => f.Id, f => f.Range) };

    /// <summary>Writes the assets file and NuGet's lock file of a project into a folder.</summary>
    public static void Write(string folder, string root, string packagesFolder, RestoredSample project)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, RestoreResult.FileName), AssetsOf(root, packagesFolder, project));
        File.WriteAllBytes(Path.Combine(folder, Quarantine.LockFileName), LockOf(project).Write());
    }

    /// <summary>NuGet's lock file of a project.</summary>
    public static RestoreLock LockOf(RestoredSample project) =>
        new(project.LockVersion, project.Targets.ToDictionary(t => t.Key, t => (IReadOnlyList<RestoreLockItem>)t.Value));

    /// <summary>The assets file of a project.</summary>
    public static string AssetsOf(string root, string packagesFolder, RestoredSample project)
    {
        var path = Path.Combine(root, project.Path);
        JsonObject targets = [], libraries = [], frameworks = [];
        foreach (var (key, items) in project.Targets)
        {
            var target = new JsonObject();
            foreach (var item in items)
            {
                var isProject = item.Type == RestoreLockItem.Project;
                var name = $"{item.Id}/{(isProject ? "1.0.0" : item.Resolved)}";
                target[name] = new JsonObject { ["type"] = isProject ? "project" : "package" };
                libraries[name] = isProject
                    ? new JsonObject { ["type"] = "project", ["path"] = Path.Combine(root, project.Projects[item.Id]) }
                    : new JsonObject { ["type"] = "package", ["path"] = PackageEntry.KeyOf(item.Id, item.Resolved!) };
            }

            targets[key] = target;
            if (!key.Contains('/', StringComparison.Ordinal))
            {
                frameworks[key] = new JsonObject
                {
                    ["framework"] = key,
                    ["dependencies"] = new JsonObject(items.Where(i => i.Type == RestoreLockItem.Direct)
                        .Select(i => KeyValuePair.Create(i.Id, (JsonNode?)new JsonObject { ["autoReferenced"] = project.Implied.Contains(i.Id) }))),
                    ["downloadDependencies"] = new JsonArray([.. project.Downloads.Select(d => new JsonObject { ["name"] = d.Id, ["version"] = $"[{d.Version}, {d.Version}]" })]),
                };
            }
        }

        return new JsonObject
        {
            ["version"] = 4,
            ["targets"] = targets,
            ["libraries"] = libraries,
            ["packageFolders"] = new JsonObject { [packagesFolder] = new JsonObject() },
            ["project"] = new JsonObject
            {
                ["restore"] = new JsonObject { ["projectPath"] = path, ["projectName"] = project.Name },
                ["frameworks"] = frameworks,
            },
        }.ToJsonString();
    }

    /// <summary>A lock file in lines, one a fact, without what this engine does not keep: what packages depend on.</summary>
    public static string Lines(RestoreLock restoreLock)
    {
        var text = new StringBuilder().Append(restoreLock.Version).Append('\n');
        foreach (var (target, items) in restoreLock.Targets.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            foreach (var item in items.OrderBy(i => i.Type == RestoreLockItem.Project).ThenBy(i => i.Id.ToLowerInvariant(), StringComparer.Ordinal))
            {
                var flows = item.Type == RestoreLockItem.Project ? string.Join(", ", item.Dependencies.OrderBy(d => d.Key, StringComparer.Ordinal)) : string.Empty;
                text.Append($"{target}: {item.Type} {item.Id} {item.Requested} → {item.Resolved} {item.ContentHash} {flows}\n");
            }
        }

        return text.ToString();
    }

    private static RestoreLockItem Item(string id, string type, string version, string? range, string[] dependencies) => new(id, type)
    {
        Requested = range,
        Resolved = version,
        ContentHash = LockfileSamples.Hash,
        Dependencies = dependencies.ToDictionary(d => d, _ => "1.0.0"),
    };
}
