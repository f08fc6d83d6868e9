using System.Text;
using System.Text.Json;
using Hardening.Lockfiles;
using Hardening.Tests;

namespace Hardening.Tool.Tests;

[TestClass]
public sealed class InventoryTests
{
    private const string Commit = "11bd71901bbe5b1630ceea73d27597364c9af683";
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Workflow = ".github/workflows/ci.yml";

    [TestMethod]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: o/r@v1\n", "action o/r v1 -", DisplayName = "block")]
    [DataRow("jobs:\r\n  a:\r\n    steps:\r\n      - uses: o/r@v1\r\n", "action o/r v1 -", DisplayName = "CRLF")]
    [DataRow("\uFEFFjobs: { a: { steps: [ { uses: o/r@v1 } ] } }", "action o/r v1 -", DisplayName = "byte order mark and flow")]
    [DataRow("# 🚀 é\njobs:\n  a:\n    name: 🚀\n    steps: [{ name: '🚀🚀', uses: 'o/r@v1' }]\n", "action o/r v1 -", DisplayName = "emoji on the line and quotes")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: \"o/\\x72@v1\"\n", "action o/r v1 -", DisplayName = "escapes")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: >-\n          o/r@v1\n", "action o/r v1 -", DisplayName = "folded")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: &x !!str o/r@v1\n      - uses: *x\n", "action o/r v1 -", DisplayName = "anchored")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: o/r/sub/path@" + Commit + " # v4.2.2\n", "action o/r/sub/path - " + Commit, DisplayName = "pinned")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: o/r@11BD71901BBE5B1630CEEA73D27597364C9AF683\n", "action o/r - 11BD71901BBE5B1630CEEA73D27597364C9AF683", DisplayName = "a commit in capitals, as written")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: o/r@11bd719\n", "action o/r 11bd719 -", DisplayName = "a shortened commit is none")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: o/r@${{ inputs.ref }}\n", "action o/r@${{ inputs.ref }} - -", DisplayName = "an expression")]
    [DataRow("jobs:\n  a:\n    container: ${{ matrix.image }}\n", "image ${{ matrix.image }} - -", DisplayName = "an expression for an image")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: ./local\n      - uses: $/local\n      - run: |\n          uses: not/this@v1\n      # - uses: nor/this@v1\n", "", DisplayName = "nothing from outside")]
    [DataRow("jobs:\n  a:\n    uses: o/r/.github/workflows/w.yml@main\n", "reusableWorkflow o/r/.github/workflows/w.yml main -", DisplayName = "a reusable workflow")]
    [DataRow("jobs:\n  a:\n    container: node:20\n    services:\n      db: { image: 'reg.example:5000/pg:16@" + Digest + "' }\n    steps:\n      - uses: docker://alpine\n",
        "image node 20 -|image reg.example:5000/pg 16 " + Digest + "|image alpine - -", DisplayName = "images")]
    [DataRow("jobs:\n  a:\n    steps:\n      - uses: o/r@v1\n---\njobs:\n  b:\n    steps:\n      - uses: o/s@v2\n", "action o/r v1 -|action o/s v2 -", DisplayName = "two documents")]
    public void Every_form_of_a_workflow_is_told_where_it_stands(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.File(Workflow, text);

        Assert.AreEqual(expected, string.Join('|', InventoryItem.Of(folder.Path).Select(i => i.Short)));
    }

    [TestMethod]
    public void Images_of_a_Dockerfile_are_told_as_its_builder_takes_them()
    {
        using var folder = new TemporaryFolder();
        folder.File("api/Dockerfile", "# syntax=docker/dockerfile:1\nARG V=3.19\nFROM alpine:$V AS b\nRUN <<EOF\nFROM fake\nEOF\nCOPY --from=nginx:1@" + Digest + " /x /y\nFROM b\n");
        folder.File("web.Dockerfile", "FROM \\\n  alpine\n");

        Assert.AreEqual("image docker/dockerfile 1 -|image alpine 3.19 -|image nginx 1 " + Digest + "|image alpine - -", string.Join('|', InventoryItem.Of(folder.Path, "--ecosystem", "images").Select(i => i.Short)));
    }

    [TestMethod]
    public void A_Dockerfile_that_its_builder_refuses_is_said()
    {
        using var folder = new TemporaryFolder();
        folder.File("Dockerfile", "FROM a\nFOO\n");
        var result = ToolProcess.Run(folder.Path, "inventory", "--format", "json", "--root", folder.Path).Ends(0);

        Assert.Contains("Dockerfile(2,1): warning HRD3008", result.Error);
        Assert.Contains("`FOO` is no instruction", result.Error);
    }

    [TestMethod]
    public void Every_kind_has_its_name_and_ecosystem()
    {
        using var folder = Sample();
        var items = InventoryItem.Of(folder.Path);

        CollectionAssert.AreEqual(
            new[]
            {
                ".config/dotnet-tools.json nuget tool my.tool 6.0.0 my.tool",
                ".github/workflows/ci.yml images image node 20 node:20",
                ".github/workflows/ci.yml actions action actions/checkout v4 actions/checkout@v4",
                ".github/workflows/ci.yml actions reusableWorkflow o/r/.github/workflows/w.yml main o/r/.github/workflows/w.yml@main",
                "Directory.Packages.props nuget package Central 2.0.0 Central",
                "Directory.Packages.props nuget package Everywhere 3.0.0 Everywhere",
                "app/app.csproj nuget msbuildSdk My.Sdk 1.0 My.Sdk",
                "app/app.csproj nuget package Direct 1.2.3 Direct",
                "app/app.csproj nuget package Central  Central",
                "app/app.csproj nuget package Loaded [4.0.0] Loaded",
                "global.json nuget dotnetSdk dotnet-sdk 10.0.100 10.0.100",
                "global.json nuget msbuildSdk From.Json 5.0.0 From.Json",
                "hello.cs nuget msbuildSdk Script.Sdk 7.0.0 Script.Sdk",
                "hello.cs nuget package Script.Package 8.0.0 Script.Package",
            },
            items.Select(i => $"{i.File} {i.Ecosystem} {i.Kind} {i.Name} {i.Ref} {i.Raw}").ToArray());
    }

    [TestMethod]
    [DataRow("nuget", 11)]
    [DataRow("actions", 2)]
    [DataRow("images", 1)]
    public void One_ecosystem_can_be_chosen(string ecosystem, int expected)
    {
        using var folder = Sample();
        var items = InventoryItem.Of(folder.Path, "--ecosystem", ecosystem);

        Assert.HasCount(expected, items);
        Assert.IsTrue(items.All(i => i.Ecosystem == ecosystem));
    }

    [TestMethod]
    public void What_the_lockfile_has_is_told()
    {
        using var folder = Sample();
        folder.File(Lockfile.FileName, LockfileWriter.Write(LockfileSample.Of(Commit)));
        var resolved = InventoryItem.Of(folder.Path).Where(i => i.Resolved is not null).Select(i => $"{i.File} {i.Name} {i.Resolved}").ToArray();

        CollectionAssert.AreEqual(
            new[]
            {
                ".config/dotnet-tools.json my.tool 6.0.0",
                $".github/workflows/ci.yml actions/checkout {Commit}",
                "Directory.Packages.props Central 2.0.0",
                "app/app.csproj My.Sdk 1.0.0",
                "app/app.csproj Direct 1.2.4",
                "app/app.csproj Central 2.0.0",
                "app/app.csproj Loaded 4.0.0",
                "global.json dotnet-sdk 10.0.100",
                "global.json From.Json 5.0.0",
            },
            resolved);
    }

    [TestMethod]
    public void A_damaged_lockfile_is_said_and_nothing_is_resolved()
    {
        using var folder = Sample();
        folder.File(Lockfile.FileName, "{");
        var result = ToolProcess.Run(folder.Path, "inventory", "--format", "json", "--root", folder.Path).Ends(0);

        Assert.Contains("hardening.lock.json(1,2): warning HRD0002", result.Error);
        Assert.IsTrue(InventoryItem.Read(result, folder.Path).All(i => i.Resolved is null));
    }

    [TestMethod]
    public void A_package_is_told_in_every_way_to_write_it()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.csproj", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("""
            <Project>
              <ItemGroup Condition="'$(X)' == '🚀'">
                <PackageReference Include="A; B ;$(C)"><VersionOverride> 2 </VersionOverride><Version>1</Version></PackageReference>
                <packagereference include='x' Include='D' version='$(V)' /><!-- <PackageReference Include="No" /> -->
                <PackageReference Update="E" Version="1" /><PackageReference Include="@(F);G*" />
                <GlobalPackageReference Include="H" Version="1"><PrivateAssets>all</PrivateAssets></GlobalPackageReference>
              </ItemGroup>
              <Target Name="T"><ItemGroup><PackageDownload Include="I" Version="[1];[2]" /></ItemGroup></Target>
              <PropertyGroup><X><ItemGroup><PackageReference Include="J" /></ItemGroup></X></PropertyGroup>
            </Project>
            """)).ToArray());

        Assert.AreEqual("package A 2 -|package B 2 -|package D $(V) -|package H 1 -|package I [1];[2] -", string.Join('|', InventoryItem.Of(folder.Path).Select(i => i.Short)));
    }

    [TestMethod]
    public void An_empty_folder_has_an_empty_inventory()
    {
        using var folder = new TemporaryFolder();

        Assert.IsEmpty(InventoryItem.Of(folder.Path));
        Assert.AreEqual("[]\n", ToolProcess.Run(folder.Path, "inventory", "--format", "json").Ends(0).Output);
    }

    [TestMethod]
    public void Without_a_root_it_is_the_repository_around()
    {
        using var repository = new GitSample();
        repository.Write(Workflow, "jobs: { a: { steps: [ { uses: o/r@v1 } ] } }").Write("sub/x", string.Empty);

        Assert.AreEqual(Workflow, InventoryItem.Read(ToolProcess.Run(repository.At("sub"), "inventory", "--format", "json").Ends(0), repository.Root).Single().File);
    }

    [TestMethod]
    public void What_cannot_be_read_is_said_and_the_rest_is_printed()
    {
        using var folder = new TemporaryFolder();
        folder.File(".github/workflows/good.yml", "jobs: { a: { steps: [ { uses: o/r@v1 } ] } }");
        folder.File(".github/workflows/broken.yml", "jobs: [");
        folder.File(".github/workflows/latin.yml", [.. "jobs: { a: { container: "u8, 0xE9, .. " } }"u8]);
        folder.File(".github/workflows/large.yml", "jobs:\n  a:\n    steps:\n      - uses: o/large@v1\n" + new string('#', 5 * 1024 * 1024));
        folder.File("a.csproj", "<Project");
        folder.File("dotnet-tools.json", "{");
        folder.File("Xcode/project.pbxproj", "// !$*UTF8*$!");
        var result = ToolProcess.Run(folder.Path, "inventory", "--format", "json", "--root", folder.Path).Ends(0).IsHarmless();

        Assert.AreEqual("o/r", InventoryItem.Read(result, folder.Path).Single().Name);
        CollectionAssert.AreEqual(
            new[] { ".github/workflows/broken.yml", ".github/workflows/large.yml", ".github/workflows/latin.yml", "a.csproj", "dotnet-tools.json" },
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(['(', ':'])[0]).ToArray(), result.Error);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_workflow_that_is_a_link_is_not_followed()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var target = other.File("secret.yml", "jobs: { a: { steps: [ { uses: secret/thing@v1 } ] } }");
        folder.Folder(".github/workflows");
        File.CreateSymbolicLink(folder.At(Workflow), target);
        Posix.MakePipe(folder.At(".github/workflows/pipe.yml"));
        File.CreateSymbolicLink(folder.At("a.csproj"), "/dev/zero");
        var result = ToolProcess.Run(folder.Path, "inventory", "--format", "json", "--root", folder.Path).Ends(0);

        Assert.AreEqual("[]\n", result.Output);
        Assert.Contains(Workflow + ": warning HRD2010: .github/workflows/ci.yml is a symbolic link", result.Error);
        Assert.Contains(".github/workflows/pipe.yml: warning HRD2010", result.Error);
        Assert.Contains("a.csproj: warning HRD0011", result.Error);
    }

    [TestMethod]
    [DataRow("json")]
    [DataRow("table")]
    public void Nothing_in_a_file_reaches_a_terminal_as_a_command(string format)
    {
        using var folder = new TemporaryFolder();
        folder.File(Workflow, "jobs:\n  a:\n    steps:\n      - uses: \"o/\\e]0;title\\a\\u202er@v1\"\n      - uses: 'o/r@\u202e\u009b1m'\n");
        folder.File("a.csproj", "<Project><ItemGroup><PackageReference Include=\"&#x1b;[2J&#xd800;\" Version=\"&#10;::error::x\" /></ItemGroup></Project>");
        if (!OperatingSystem.IsWindows())
        {
            folder.File(".github/workflows/\e[31m\n::add-mask::x.yml", "jobs: { a: { steps: [ { uses: o/r@v1 } ] } }");
            folder.File(".github/workflows/\e[32m.yml", "{");
        }

        var result = ToolProcess.Run(folder.Path, "inventory", "--format", format, "--root", folder.Path).Ends(0).IsHarmless();
        Assert.DoesNotContain("::add-mask::", result.Error);
        if (format == "json")
        {
            using var document = JsonDocument.Parse(result.Output);
            Assert.AreEqual(OperatingSystem.IsWindows() ? 3 : 4, document.RootElement.GetArrayLength());
        }
        else
        {
            Assert.DoesNotContain("::", result.Output);
        }
    }

    [TestMethod]
    public void A_folder_of_packages_below_the_root_is_not_the_repositorys()
    {
        using var folder = new TemporaryFolder();
        folder.File("nuget.config", """<configuration><config><add key="globalPackagesFolder" value="pkgs" /></config></configuration>""");
        folder.File("pkgs/x/1.0.0/build/x.props", """<Project><ItemGroup><PackageReference Include="Of.Another" Version="1" /></ItemGroup></Project>""");
        folder.File("a.csproj", """<Project><ItemGroup><PackageReference Include="A" Version="1" /></ItemGroup></Project>""");

        Assert.AreEqual("A", InventoryItem.Of(folder.Path).Single().Name);
    }

    [TestMethod]
    public void What_the_policy_excludes_is_listed_all_the_same()
    {
        using var folder = Sample();
        folder.File("hardening.yml", "version: 1\nexclude:\n  - path: '**'\n    reason: to hide it\n");

        Assert.HasCount(14, InventoryItem.Of(folder.Path));
    }

    [TestMethod]
    public void A_folder_that_cannot_be_walked_leaves_no_half_a_list()
    {
        using var folder = Sample();
        folder.Folder(string.Join('/', Enumerable.Repeat("d", 140)));
        var result = ToolProcess.Run(folder.Path, "inventory", "--format", "json", "--root", folder.Path).Ends(3);

        Assert.AreEqual(string.Empty, result.Output);
        Assert.Contains("is deeper than", result.Error);
    }

    [TestMethod]
    public void The_table_has_a_line_for_each_reference()
    {
        using var folder = Sample();
        var lines = ToolProcess.Run(folder.Path, "inventory").Ends(0).Lines;

        Assert.HasCount(15, lines);
        Assert.StartsWith("KIND", lines[0]);
        Assert.EndsWith(".config/dotnet-tools.json(1,14)", lines[1]);
    }

    [TestMethod]
    public void This_very_repository_has_an_inventory()
    {
        var items = InventoryItem.Of(ToolProcess.Repository);

        Assert.IsTrue(items.Any(i => i is { File: "Directory.Packages.props", Name: "YamlDotNet", Kind: "package" }));
        Assert.IsTrue(items.Any(i => i is { File: ".github/workflows/ci.yml", Name: "actions/checkout", Pin.Length: 40 }));
    }

    internal static TemporaryFolder Sample()
    {
        var folder = new TemporaryFolder();
        folder.File(".config/dotnet-tools.json", """{"tools": { "my.tool": { "version": "6.0.0", "commands": ["x"] } } }""");
        folder.File(Workflow, "jobs:\n  a:\n    container: node:20\n    steps:\n      - uses: actions/checkout@v4\n      - uses: ./local\n  b:\n    uses: o/r/.github/workflows/w.yml@main\n");
        folder.File("local/action.yml", "runs:\n  using: composite\n  steps: []\n");
        folder.File("Directory.Packages.props", """<Project><ItemGroup><PackageVersion Include="Central" Version="2.0.0" /><GlobalPackageReference Include="Everywhere" Version="3.0.0" /></ItemGroup></Project>""");
        folder.File("app/app.csproj", """<Project Sdk="Microsoft.NET.Sdk;My.Sdk/1.0"><ItemGroup><PackageReference Include="Direct" Version="1.2.3" /><PackageReference Include="Central" /><PackageDownload Include="Loaded" Version="[4.0.0]" /></ItemGroup></Project>""");
        folder.File("global.json", """{ "sdk": { "version": "10.0.100" }, "msbuild-sdks": { "From.Json": "5.0.0" } }""");
        folder.File("hello.cs", "#:sdk Script.Sdk@7.0.0\n#:package Script.Package@8.0.0\nConsole.WriteLine();\n");
        return folder;
    }
}
