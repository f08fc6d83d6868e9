using System.Globalization;
using System.Text.RegularExpressions;

namespace Hardening.EndToEnd.Tests;

/// <summary>Works with every way to call the build.</summary>
[TestClass]
public sealed class WorksWithBuildsTests : WorksWithTest
{
    private const string StaticGraph = "-p:RestoreUseStaticGraphEvaluation=true";

    [TestMethod]
    [DataRow("-graph")]
    [DataRow("-mt")]
    [DataRow("-m:1")]
    [DataRow("-m:2")]
    [DataRow(StaticGraph)]
    [DataRow("-c Release")]
    public void A_switch_of_the_build(string options)
    {
        var repository = Diamond();
        var build = (string[])["build", .. options.Split(' ')];
        Quiet(repository.Update());

        Quiet(repository.Run(build));
        RefusesNewReference(repository, "right/right.csproj", build);
        RefusesChangedPackage(repository, "Deep", [.. build, "--no-restore"]);
    }

    [TestMethod]
    public void An_isolated_graph()
    {
        // NuGet's own restore of a solution does not work isolated.
        var repository = Diamond();
        string[] build = ["build", "-graph", "-isolate", "--no-restore"];
        Quiet(repository.Update());

        Quiet(repository.Run(build));
        RefusesChangedPackage(repository, "Deep", build);
    }

    [TestMethod]
    public void Static_graph_restore_set_in_the_repository()
    {
        var repository = Diamond("<PropertyGroup><RestoreUseStaticGraphEvaluation>true</RestoreUseStaticGraphEvaluation></PropertyGroup>");
        Quiet(repository.Update());

        Quiet(repository.Build());
        Quiet(repository.Build("app"));
        RefusesNewReference(repository, "bottom/bottom.csproj", "build");
        RefusesNewReference(repository, "bottom/bottom.csproj", "build", "app");
    }

    [TestMethod]
    public void The_lockfile_is_the_same_however_it_was_made()
    {
        var repository = Diamond();
        var lockfiles = new List<string>();
        string[][] ways = [["-m:1"], ["-m:2"], ["-graph"], [StaticGraph], ["-mt"]];
        foreach (var way in ways)
        {
            File.Delete(repository.Lockfile);
            Quiet(repository.Update(way));
            lockfiles.Add(File.ReadAllText(repository.Lockfile));
            repository.Update(way).Says("unchanged");
            lockfiles.Add(File.ReadAllText(repository.Lockfile));
        }

        Solution(repository, "bottom/bottom.csproj", "right/right.csproj", "left/left.csproj", "app/app.csproj");
        File.Delete(repository.Lockfile);
        Quiet(repository.Update());
        lockfiles.Add(File.ReadAllText(repository.Lockfile));
        for (var i = 1; i < lockfiles.Count; i++)
        {
            Assert.AreEqual(lockfiles[0], lockfiles[i], $"run {i}");
        }
    }

    [TestMethod]
    public void Update_by_property_on_build_and_on_restore()
    {
        var repository = Diamond();

        Quiet(repository.Build("-p:HardeningUpdate=true"));
        var first = File.ReadAllText(repository.Lockfile);
        Quiet(repository.Build());
        File.Delete(repository.Lockfile);
        Quiet(repository.Run("restore", "-p:HardeningUpdate=true"));
        Assert.AreEqual(first, File.ReadAllText(repository.Lockfile));
        Quiet(repository.Build("--no-restore"));
    }

    [TestMethod]
    public void Publish_and_pack()
    {
        var repository = Diamond();
        Quiet(repository.Update());

        Quiet(repository.Run("publish", "app"));
        Quiet(repository.Run("publish", "app", "--no-restore", "-c", "Release"));
        Quiet(repository.Run("pack", "-c", "Release"));
        Quiet(repository.Run("pack", "--no-build", "-c", "Release"));
        RefusesNewReference(repository, "app/app.csproj", "publish", "app");
        RefusesNewReference(repository, "left/left.csproj", "pack");
        RefusesChangedPackage(repository, "Deep", "publish", "app", "--no-build", "-c", "Release");
        RefusesChangedPackage(repository, "Deep", "pack", "--no-build", "-c", "Release");
    }

    [TestMethod]
    public void An_incremental_build()
    {
        var repository = Diamond();
        Quiet(repository.Update());
        Quiet(repository.Build());

        var again = Quiet(repository.Build("-v:n"));
        Assert.HasCount(4, Regex.Matches(again.Output, "Skipping target \"CoreCompile\" because all output files are up-to-date"), again.Output);
        Quiet(repository.Build("-question"));
        File.SetLastWriteTimeUtc(repository.PathOf("bottom/Class1.cs"), DateTime.UtcNow);
        repository.Write("bottom/Class1.cs", "public class Class1 { public int X; }");
        Assert.AreNotEqual(0, repository.Build("-question").ExitCode);
    }

    [TestMethod]
    public void A_binary_log_holds_the_finding()
    {
        var repository = Diamond();
        Quiet(repository.Update());
        Quiet(repository.Build());
        AddReference(repository, "left/left.csproj", "Evil");
        repository.Build().FailsWith("HRD1001");

        var log = Directory.GetFiles(repository.Base, "*-build.binlog").OrderBy(f => int.Parse(Path.GetFileName(f).Split('-')[0], CultureInfo.InvariantCulture)).Last();
        File.Copy(log, repository.PathOf("last.binlog"));
        repository.Run("msbuild", "last.binlog").Says("left.csproj(9,").Says("error HRD1001").Says("Evil");
    }

    [TestMethod]
    public void Clean_of_a_drifted_repository()
    {
        var repository = Diamond();
        Quiet(repository.Update());
        Quiet(repository.Build());
        var lockfile = File.ReadAllText(repository.Lockfile);

        var project = AddReference(repository, "left/left.csproj", "Evil");
        Quiet(repository.Run("clean"));
        repository.Write("left/left.csproj", project);
        File.WriteAllText(repository.Lockfile, $"<<<<<<< HEAD\n{lockfile}\n=======\n{lockfile}\n>>>>>>> other\n");
        Quiet(repository.Run("clean"));
        File.Delete(repository.Lockfile);
        Quiet(repository.Run("clean", "app"));
        repository.Run("msbuild", "-t:Clean;Build", "app").FailsWith("HRD0001");
        repository.Run("msbuild", "-t:Clean;Build").FailsWith("HRD0001");

        // What would run in it is refused all the same.
        File.WriteAllText(repository.Lockfile, lockfile);
        File.WriteAllText(repository.PathOf("app/obj/app.csproj.evil.targets"), TestPackage.Planted(repository.Mark));
        repository.Run("clean").FailsWith("HRD1007");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_design_time_build()
    {
        var repository = Diamond();
        string[] designTime = ["msbuild", "-nologo", "-t:ResolveAssemblyReferences", "-p:DesignTimeBuild=true", "app"];
        Quiet(repository.Update());
        Quiet(repository.Build());

        Quiet(repository.Run(designTime));
        var file = Path.Combine(repository.PackageFolder("Deep"), "lib/netstandard2.0/_._");
        File.WriteAllText(file, "changed");
        repository.Run(designTime).FailsWith("HRD0012").Says("Deep 1.0.0");
        File.WriteAllText(file, string.Empty);
        repository.Run(designTime).FailsWith("HRD0012");
        Quiet(repository.Build());
        Quiet(repository.Run(designTime));
    }

    [TestMethod]
    public void Many_findings_are_said_once_each_and_sorted()
    {
        const int Count = 20;
        var repository = NewRepository();
        Packages(repository, "Good");
        var names = Enumerable.Range(1, Count).Select(i => $"p{i:00}/p{i:00}.csproj").ToArray();
        foreach (var name in names)
        {
            Library(repository, name, TestRepository.Reference("Good"), framework: "net10.0");
        }

        Solution(repository, names);
        Quiet(repository.Update());
        Quiet(repository.Build());
        foreach (var name in names)
        {
            AddReference(repository, name, "Evil");
        }

        var result = repository.Build().FailsWith("HRD1001");
        foreach (var name in names)
        {
            // Once where it happens and once in the summary.
            Assert.HasCount(2, Regex.Matches(result.Output, $@"{Regex.Escape(name)}\(\d+,\d+\): error HRD1001"), result.Output);
        }

        foreach (var name in names)
        {
            repository.Write(name, repository.Read(name).Replace("Evil", "Good", StringComparison.Ordinal).Replace($"<ItemGroup>{TestRepository.Reference("Good")}</ItemGroup>", string.Empty, StringComparison.Ordinal));
        }

        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "added.targets"), "<Project />");
        result = repository.Build().FailsWith("HRD1004");
        Assert.HasCount(2, Regex.Matches(result.Output, "error HRD1004"), result.Output);
        result = repository.Build("--no-restore").FailsWith("HRD1004");
        Assert.HasCount(2, Regex.Matches(result.Output, "error HRD1004"), result.Output);
    }
}
