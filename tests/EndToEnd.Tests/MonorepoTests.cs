using System.Text.Json.Nodes;

namespace Hardening.EndToEnd.Tests;

/// <summary>Several repositories in one, and several solutions over one lockfile.</summary>
[TestClass]
public sealed class MonorepoTests : WorksWithTest
{
    [TestMethod]
    public void Submodules_with_and_without_a_lockfile_in_one_solution()
    {
        var repository = NewRepository();
        Packages(repository, "Good", "Own", "Bare");
        Directory.Delete(repository.PathOf(".git"));
        var own = Upstream(repository, "own", "Own", hardened: true);
        var plain = Upstream(repository, "plain", "Bare", hardened: false);
        repository.Write(".gitignore", "obj/\nbin/\n");
        Git(repository, repository.Root, "init", "-q", "-b", "main");
        Git(repository, repository.Root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", own, "own");
        Git(repository, repository.Root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", plain, "plain");
        repository.Project("app/app.csproj", ReferenceTo("../own/lib/lib.csproj") + ReferenceTo("../plain/lib/plain.csproj") + TestRepository.Reference("Good"));
        Solution(repository, "app/app.csproj", "own/lib/lib.csproj", "plain/lib/plain.csproj");
        var before = repository.Read("own/hardening.lock.json");

        Quiet(repository.Update());
        Quiet(repository.Build());
        Quiet(repository.Build("app"));
        Quiet(repository.RunIn(repository.PathOf("own"), "build", "lib"));
        Assert.AreEqual(before, repository.Read("own/hardening.lock.json"), "the submodule's lockfile is its own");
        Assert.IsFalse(File.Exists(repository.PathOf("plain/hardening.lock.json")));
        CollectionAssert.AreEquivalent(new[] { "app/app.csproj", "own/lib/lib.csproj", "plain/lib/plain.csproj" }, Projects(repository, "hardening.lock.json"));
        CollectionAssert.AreEqual(new[] { "lib/lib.csproj" }, Projects(repository, "own/hardening.lock.json"));

        RefusesNewReference(repository, "own/lib/lib.csproj", "build");
        RefusesNewReference(repository, "plain/lib/plain.csproj", "build");
        RefusesNewReference(repository, "app/app.csproj", "build");
        RefusesChangedPackage(repository, "Own", "build");
        var lockfile = repository.Read("hardening.lock.json");
        repository.Update().Succeeds().Says("unchanged");
        Assert.AreEqual(lockfile, repository.Read("hardening.lock.json"));
    }

    [TestMethod]
    public void A_change_in_a_submodule_is_accepted_there_and_here()
    {
        var repository = NewRepository();
        Packages(repository, "Good", "Own", "More");
        Directory.Delete(repository.PathOf(".git"));
        var own = Upstream(repository, "own", "Own", hardened: true);
        Git(repository, repository.Root, "init", "-q", "-b", "main");
        Git(repository, repository.Root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", own, "own");
        repository.Project("app/app.csproj", ReferenceTo("../own/lib/lib.csproj") + TestRepository.Reference("Good"));
        Solution(repository, "app/app.csproj", "own/lib/lib.csproj");
        Quiet(repository.Update());
        Quiet(repository.Build());

        var before = repository.Read("hardening.lock.json");
        AddReference(repository, "own/lib/lib.csproj", "More");
        repository.Build().FailsWith("HRD1001");
        repository.Update().FailsWith("HRD1001").Says("own/lib/lib.csproj is verified against own/hardening.lock.json, which is not updated now: dotnet msbuild -t:HardeningUpdate own/lib/lib.csproj");
        Quiet(repository.Update("own/lib/lib.csproj"));
        Quiet(repository.Build());
        repository.Write("hardening.lock.json", before);
        Assert.AreNotEqual(0, repository.Build().ExitCode, "the other lockfile does not know it yet");
        Quiet(repository.Update());
        Quiet(repository.Build());
    }

    [TestMethod]
    public void Several_solutions_over_one_lockfile()
    {
        var repository = Diamond();
        Packages(repository, "Tool");
        repository.Project("tools/gen/gen.csproj", TestRepository.Reference("Tool") + ReferenceTo("../../bottom/bottom.csproj"));
        repository.Write("tools/tools.slnx", """<Solution><Project Path="gen/gen.csproj" /><Project Path="../bottom/bottom.csproj" /></Solution>""");
        Quiet(repository.Update("all.slnx"));
        repository.Build("tools/tools.slnx").FailsWith("HRD1012").Says("tools/gen/gen.csproj");

        Quiet(repository.Update("tools/tools.slnx"));
        Assert.HasCount(5, Projects(repository, "hardening.lock.json"));
        Assert.IsFalse(File.Exists(repository.PathOf("tools/hardening.lock.json")));
        var lockfile = repository.Read("hardening.lock.json");
        foreach (var solution in (string[])["all.slnx", "tools/tools.slnx"])
        {
            Quiet(repository.Build(solution));
            repository.Update(solution).Succeeds().Says("unchanged");
            Assert.AreEqual(lockfile, repository.Read("hardening.lock.json"));
        }

        Quiet(repository.RunIn(repository.PathOf("tools"), "build"));
        RefusesNewReference(repository, "bottom/bottom.csproj", "build", "tools/tools.slnx");
        RefusesNewReference(repository, "bottom/bottom.csproj", "build", "all.slnx");
    }

    [TestMethod]
    public void A_second_lockfile_in_a_folder_of_the_monorepo_is_refused_in_every_solution()
    {
        var repository = Diamond();
        Quiet(repository.Update());
        repository.Write("bottom/hardening.lock.json", repository.Read("hardening.lock.json"));
        repository.Write("one.slnx", """<Solution><Project Path="bottom/bottom.csproj" /></Solution>""");

        CollectionAssert.Contains(repository.Build("one.slnx").Errors.ToList(), "HRD0006");
        CollectionAssert.Contains(repository.Build("all.slnx").Errors.ToList(), "HRD0006");
    }

    // A repository of its own with one library, to be taken in as a submodule.
    private static string Upstream(TestRepository repository, string name, string package, bool hardened)
    {
        var folder = Path.Combine(repository.Base, "upstream", name);
        var project = hardened ? "lib/lib.csproj" : $"lib/{name}.csproj";
        Library(repository, Path.Combine(folder, project), TestRepository.Reference(package));
        Git(repository, folder, "init", "-q", "-b", "main");
        if (hardened)
        {
            repository.Write(Path.Combine(folder, "nuget.config"), repository.NuGetConfig().Replace("../feed", repository.Feed, StringComparison.Ordinal));
            repository.Write(Path.Combine(folder, "global.json"), repository.Read("global.json"));
            repository.Write(Path.Combine(folder, "Directory.Build.props"), repository.Read("Directory.Build.props"));
            Quiet(repository.RunIn(folder, "msbuild", "-t:HardeningUpdate", "-nologo", "lib"));
        }

        repository.Write(Path.Combine(folder, ".gitignore"), "obj/\nbin/\n");
        Git(repository, folder, "add", "-A");
        Git(repository, folder, "-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "-q", "-m", "x");
        return folder;
    }

    private static void Git(TestRepository repository, string folder, params string[] arguments) => repository.GitIn(folder, arguments).Succeeds();

    private static List<string> Projects(TestRepository repository, string lockfile) =>
        [.. JsonNode.Parse(repository.Read(lockfile))!["nuget"]!["projects"]!.AsObject().Select(p => p.Key)];
}
