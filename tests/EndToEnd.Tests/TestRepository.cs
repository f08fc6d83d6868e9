using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Hardening.EndToEnd.Tests;

/// <summary>
/// A repository in a temporary folder with a packages folder, a home and a folder feed of its own, built by a real <c>dotnet</c> with the packed SDK.
/// After a failed test it stays, binary logs included.
/// </summary>
public sealed class TestRepository : IDisposable
{
    public static readonly string SdkFeed = Metadata("SdkFeed");
    private readonly TestContext context;
    private int commands;

    public TestRepository(TestContext context, string name = "repo")
    {
        this.context = context;
        Base = Directory.CreateTempSubdirectory("hrd-e2e-").FullName;
        Root = Path.Combine(Base, name);
        Feed = Path.Combine(Base, "feed");
        Packages = Path.Combine(Base, "packages");
        Mark = Path.Combine(Base, "planted-code-ran");
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Feed);
        Directory.CreateDirectory(Path.Combine(Root, ".git"));
        Write("nuget.config", NuGetConfig());
        Write("global.json", $$"""{ "msbuild-sdks": { "Hardening.Sdk": "{{SdkVersion}}" } }""");
        Write("Directory.Build.props", """<Project><Sdk Name="Hardening.Sdk" /></Project>""");
    }

    public static string SdkVersion { get; } = Metadata("SdkVersion");

    /// <summary>A plugin of NuGet's kind that has credentials for any feed, see testassets/CredentialProvider.</summary>
    public static string CredentialProvider { get; } = Metadata("CredentialProvider");

    /// <summary>The folder around everything.</summary>
    public string Base { get; }

    public string Root { get; }

    /// <summary>A folder feed that only this repository uses.</summary>
    public string Feed { get; }

    public string Packages { get; }

    /// <summary>The file that planted code writes.</summary>
    public string Mark { get; }

    public bool PlantedCodeRan => File.Exists(Mark);

    public string Lockfile => Path.Combine(Root, "hardening.lock.json");

    /// <summary>Added to the environment of every command; null removes.</summary>
    public Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    public string NuGetConfig(string more = "") => $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="feed" value="../feed" />
            <add key="sdk" value="{SdkFeed}" />
            {more}
          </packageSources>
          <packageSourceMapping>
            <packageSource key="feed"><package pattern="*" /></packageSource>
            <packageSource key="sdk"><package pattern="Hardening.Sdk" /></packageSource>
          </packageSourceMapping>
        </configuration>
        """;

    public string PathOf(string path) => Path.Combine(Root, path);

    public TestRepository Write(string path, string content)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return this;
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>A console project, which publishes no container unless its properties say so: what that would be based on lies in the internet.</summary>
    public TestRepository Project(string path, string items = "", string properties = "", string framework = "net10.0")
    {
        var frameworks = framework.Contains(';', StringComparison.Ordinal) ? $"<TargetFrameworks>{framework}</TargetFrameworks>" : $"<TargetFramework>{framework}</TargetFramework>";
        Write(path, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                {frameworks}<EnableSdkContainerSupport>false</EnableSdkContainerSupport>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {items}
              </ItemGroup>
            </Project>
            """);
        return Write(Path.Combine(Path.GetDirectoryName(path)!, "Program.cs"), """System.Console.WriteLine("built");""");
    }

    public static string Reference(string id, string version = "1.0.0") => $"""<PackageReference Include="{id}" Version="{version}" />""";

    /// <summary>The folder of an extracted package.</summary>
    public string PackageFolder(string id, string version = "1.0.0") => Path.Combine(Packages, id.ToLowerInvariant(), version);

    public CommandResult Update(params string[] arguments) => Run(["msbuild", "-t:HardeningUpdate", "-nologo", .. arguments]);

    public CommandResult Build(params string[] arguments) => Run(["build", "-nologo", .. arguments]);

    public CommandResult Run(params string[] arguments) => RunIn(Root, arguments);

    public CommandResult RunIn(string folder, params string[] arguments)
    {
        var all = arguments.ToList();
        if (all[0] is "build" or "msbuild" or "restore" or "test" or "publish" or "pack" or "clean")
        {
            all.InsertRange(1, ["-nr:false", $"-bl:{Path.Combine(Base, $"{++commands}-{all[0]}.binlog")}"]);
        }

        var start = new ProcessStartInfo("dotnet", all) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || k is "CI" or "TF_BUILD" or "GITHUB_ACTIONS").ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = Packages;
        start.Environment["HOME"] = Path.Combine(Base, "home");
        start.Environment["XDG_DATA_HOME"] = Path.Combine(Base, "home", "data");
        start.Environment["DOTNET_CLI_HOME"] = Path.Combine(Base, "home");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        start.Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";

        // Without node reuse each compilation starts a compiler of its own, which is a fifth of the time of all tests.
        start.Environment["UseSharedCompilation"] = "true";
        Directory.CreateDirectory(Path.Combine(Base, "home", "data"));
        foreach (var (name, value) in Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(output, e.Data);
        process.ErrorDataReceived += (_, e) => Append(output, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', all)} did not end:\n{output}");
        }

        process.WaitForExit();
        return new CommandResult("dotnet " + string.Join(' ', all), process.ExitCode, output.ToString());
    }

    /// <summary>A real git command in the repository's folder, or one below it.</summary>
    public CommandResult Git(params string[] arguments) => GitIn(Root, arguments);

    public CommandResult GitIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NUGET_PACKAGES"] = Packages;
        start.Environment["HOME"] = Path.Combine(Base, "home");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandResult("git " + string.Join(' ', arguments), process.ExitCode, output + error.Result);
    }

    public void Dispose()
    {
        if (context.CurrentTestOutcome is UnitTestOutcome.Passed or UnitTestOutcome.InProgress)
        {
            Directory.Delete(Base, recursive: true);
        }
        else
        {
            context.WriteLine($"Kept: {Base}");
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }

    private static string Metadata(string key) => typeof(TestRepository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
