using System.Text.Json.Nodes;

namespace Hardening.EndToEnd.Tests;

/// <summary>The lockfile, and the update that writes it.</summary>
[TestClass]
public sealed class UpdateTests : EndToEndTest
{
    [TestMethod]
    public void Without_a_lockfile_a_build_fails_with_the_command_and_the_command_mends_it()
    {
        var repository = Plain();
        repository.Build().FailsWith("HRD0001").Says("dotnet msbuild -t:HardeningUpdate");

        repository.Update().Succeeds().Says("+ Good 1.0.0 runs nothing in the build").Says("written, 2 packages, 1 project.");
        repository.Build().Succeeds();
        Assert.IsEmpty(repository.Build().Succeeds().Warnings);
    }

    [TestMethod]
    public void A_build_with_HardeningUpdate_updates_and_builds()
    {
        var repository = Plain();
        repository.Build("-p:HardeningUpdate=true").Succeeds().Says("+ Good 1.0.0");
        var first = repository.Read("hardening.lock.json");

        new TestPackage("More").With("build/More.targets", "<Project />").With("tools/x.sh", "echo").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + TestRepository.Reference("More"));
        var update = repository.Run("restore", "-p:HardeningUpdate=true").Succeeds().Says("+ More 1.0.0 runs in the build: build/More.targets, tools/");
        CollectionAssert.AreEqual(new[] { "HRD1020" }, update.Warnings.ToArray());
        update.Says("More 1.0.0 is new and runs in the build: build/More.targets, tools/.");
        Assert.AreNotEqual(first, repository.Read("hardening.lock.json"));
        repository.Build("--no-restore").Succeeds();
    }

    [TestMethod]
    public void New_code_is_shown_before_it_is_restored_and_never_runs_in_the_update()
    {
        var repository = Plain();
        new TestPackage("Evil").With("build/Evil.targets", TestPackage.Planted(repository.Mark)).With("build/Evil.props", TestPackage.Planted(repository.Mark)).WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Evil"));

        repository.Update().Succeeds().Says("+ Evil 1.0.0 runs in the build: build/Evil.props, build/Evil.targets");
        Assert.IsFalse(repository.PlantedCodeRan);
    }

    [TestMethod]
    public void A_lockfile_with_conflict_markers_is_refused_and_rebuilt_from_both_sides()
    {
        var repository = Plain();
        repository.Project("other/other.csproj", TestRepository.Reference("Good"));
        repository.Update().Succeeds();
        var right = repository.Read("hardening.lock.json");
        var name = right.IndexOf("      \"good/1.0.0\"", StringComparison.Ordinal);
        repository.Write("hardening.lock.json", right.Insert(name, "<<<<<<< ours\n").Insert(name + 13 + 18, "=======\n>>>>>>> theirs\n"));

        repository.Build().FailsWith("HRD0003").Says("hardening.lock.json(14,1)").Says("dotnet msbuild -t:HardeningUpdate");
        repository.Update().Succeeds();
        Assert.AreEqual(right, repository.Read("hardening.lock.json"));
        repository.Build().Succeeds();
    }

    [TestMethod]
    [DataRow("{ \"version\": 1, ")]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("{ \"version\": 1, \"nuget\": { \"packages\": { \"../x/1.0.0\": {} } } }")]
    public void A_damaged_lockfile_is_refused_and_mended(string content)
    {
        var repository = Plain();
        repository.Update().Succeeds();
        var right = repository.Read("hardening.lock.json");
        repository.Write("hardening.lock.json", content);

        repository.Build().FailsWith("HRD0002").Says("hardening.lock.json(1,");
        repository.Update().Succeeds();
        Assert.AreEqual(right, repository.Read("hardening.lock.json"));
    }

    [TestMethod]
    public void A_lockfile_of_a_newer_version_is_left_alone()
    {
        var repository = Plain();
        repository.Write("hardening.lock.json", "{ \"version\": 2 }");

        repository.Build().FailsWith("HRD0004");
        repository.Update().FailsWith("HRD0004");
        Assert.AreEqual("{ \"version\": 2 }", repository.Read("hardening.lock.json"));
    }

    [TestMethod]
    public void An_update_that_fails_removes_no_folder_but_its_own()
    {
        var repository = Plain();
        var precious = Path.Combine(repository.Base, "precious");
        Directory.CreateDirectory(precious);
        repository.Write("hardening.lock.json", "{ \"version\": 2 }");
        repository.Environment["_Quarantine"] = precious;
        repository.Update().FailsWith("HRD0004");
        repository.Environment.Clear();
        repository.Update($"-p:_Quarantine={precious}").FailsWith("HRD0004");
        Assert.IsTrue(Directory.Exists(precious));
    }

    [TestMethod]
    public void Without_a_repository_there_is_an_error()
    {
        var repository = Plain();
        Directory.Delete(repository.PathOf(".git"));

        repository.Build().FailsWith("HRD0005");
        repository.Update().FailsWith("HRD0005");
        repository.Write("hardening.lock.json", "{}");
        repository.Update().Succeeds();
        repository.Build().Succeeds();
    }

    [TestMethod]
    public void A_second_lockfile_below_the_root_is_a_finding()
    {
        var repository = Plain();
        repository.Update().Succeeds();
        repository.Write("app/hardening.lock.json", repository.Read("hardening.lock.json"));

        repository.Build().FailsWith("HRD0006", "HRD1009");
    }

    [TestMethod]
    public void Other_bytes_of_a_locked_version_are_accepted_only_by_name()
    {
        var repository = Plain();
        repository.Update().Succeeds();
        var locked = repository.Read("hardening.lock.json");
        Directory.Delete(repository.Packages, recursive: true);
        new TestPackage("Good").With("lib/netstandard2.0/_._", "changed").WriteTo(repository.Feed);

        repository.Update().FailsWith("HRD1015").Says("-p:HardeningPackages=Good");
        Assert.AreEqual(locked, repository.Read("hardening.lock.json"));

        repository.Update("-p:HardeningPackages=Good").Succeeds().Says("! Good 1.0.0");
        Assert.AreNotEqual(locked, repository.Read("hardening.lock.json"));
        repository.Build().Succeeds();
    }

    [TestMethod]
    public void An_update_is_limited_to_the_named_packages()
    {
        var repository = Plain();
        repository.Update().Succeeds();
        var locked = repository.Read("hardening.lock.json");
        new TestPackage("One").WriteTo(repository.Feed);
        new TestPackage("Two").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + TestRepository.Reference("One") + TestRepository.Reference("Two"));

        repository.Update("-p:HardeningPackages=One").FailsWith("HRD1017").Says("two/1.0.0 would change too");
        Assert.AreEqual(locked, repository.Read("hardening.lock.json"));
        repository.Update("-p:HardeningPackages=One%3BTwo").Succeeds();
        repository.Build().Succeeds();
    }

    [TestMethod]
    public void What_is_no_longer_used_goes_and_what_was_not_seen_stays()
    {
        var repository = Plain();
        new TestPackage("Extra").WriteTo(repository.Feed);
        repository.Project("other/other.csproj", TestRepository.Reference("Extra"));
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /><Project Path="other/other.csproj" /></Solution>""");
        repository.Update().Succeeds();
        var both = repository.Read("hardening.lock.json");

        repository.Update("app/app.csproj").Succeeds().Says("= other/other.csproj was not restored now; its entry is kept").Says("unchanged");
        Assert.AreEqual(both, repository.Read("hardening.lock.json"));

        repository.Project("other/other.csproj");
        repository.Update().Succeeds().Says("- Extra 1.0.0 is no longer used");
        Directory.Delete(repository.PathOf("other"), recursive: true);
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /></Solution>""");
        repository.Update().Succeeds();
        Assert.DoesNotContain("other/other.csproj", repository.Read("hardening.lock.json"));
    }

    [TestMethod]
    public void A_changed_version_is_refused_at_its_line()
    {
        var repository = Plain();
        repository.Update().Succeeds();
        new TestPackage("Good", "2.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good", "2.0.0"));

        repository.Build().FailsWith("HRD1002").Says("app.csproj(8,").Says("Good 2.0.0").Says("[1.0.0, )");
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Good", "2.0.0")));
        repository.Update().Succeeds().Says("+ Good 2.0.0").Says("- Good 1.0.0 is no longer used");
        repository.Build().Succeeds();
    }

    [TestMethod]
    public void Whatever_else_changes_in_a_project_is_refused_with_the_command()
    {
        var repository = Plain();
        new TestPackage("Below").WriteTo(repository.Feed);
        repository.Project("lib/lib.csproj", TestRepository.Reference("Below"), "<OutputType>Library</OutputType>");
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /><Project Path="lib/lib.csproj" /></Solution>""");
        repository.Update().Succeeds();
        const string Command = "To mend it: dotnet msbuild -t:HardeningUpdate";

        repository.Project("app/app.csproj");
        repository.Build().FailsWith("HRD1002").Says("app/app.csproj no longer references good").Says(Command);
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + """<ProjectReference Include="../lib/lib.csproj" />""");
        repository.Build().FailsWith("HRD1002").Says("references the project lib/lib.csproj").Says(Command);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"), framework: "net9.0");
        repository.Build().FailsWith("HRD1002").Says("targets net9.0").Says(Command);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"), "<RuntimeIdentifiers>linux-x64</RuntimeIdentifiers>");
        repository.Build().FailsWith("HRD1002").Says("linux-x64").Says(Command);
    }

    [TestMethod]
    public void A_floating_version_stays_where_it_was_locked()
    {
        var repository = Plain();
        repository.Project("app/app.csproj", TestRepository.Reference("Good", "1.*"));
        repository.Update().Succeeds();
        new TestPackage("Good", "1.5.0").WriteTo(repository.Feed);

        repository.Build().Succeeds();
        repository.Update().Succeeds().Says("unchanged");
        repository.Update("-p:HardeningPackages=Good").Succeeds().Says("+ Good 1.5.0");
        repository.Build().Succeeds();
    }

    [TestMethod]
    public void Look_alike_letters_are_refused_and_near_names_are_said()
    {
        var repository = Plain();
        new TestPackage("Newtonsoft.Jsom").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Newtonsoft.Jsom"));
        var result = repository.Update().Succeeds();
        CollectionAssert.Contains(result.Warnings.ToList(), "HRD1014");
        Assert.IsEmpty(repository.Update().Succeeds().Warnings);

        new TestPackage("G\u043Eod").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("G\u043Eod"));
        repository.Update().FailsWith("HRD1013").Says("U+043E");
    }

    [TestMethod]
    public void A_source_list_that_is_not_cleared_is_refused()
    {
        var repository = Plain();
        repository.Write("nuget.config", repository.NuGetConfig().Replace("<clear />", string.Empty, StringComparison.Ordinal));

        repository.Update().FailsWith("HRD1010");
    }

    [TestMethod]
    public void A_restore_that_would_evaluate_anew_is_refused()
    {
        var repository = Plain();
        repository.Update().Succeeds();

        repository.Run("restore", "--force-evaluate").FailsWith("HRD1019");
    }

    [TestMethod]
    public void An_existing_lock_file_of_nuget_is_left_alone()
    {
        var repository = Plain();
        repository.Write("app/packages.lock.json", "{ \"version\": 1, \"dependencies\": {} }");
        repository.Update().Succeeds();
        repository.Build().Succeeds();
        Assert.AreEqual("{ \"version\": 1, \"dependencies\": {} }", repository.Read("app/packages.lock.json"));
    }

    [TestMethod]
    public void Downloads_without_a_reference_are_locked()
    {
        var repository = Plain();
        new TestPackage("Down").WriteTo(repository.Feed);
        new TestPackage("Down", "2.0.0").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", """<PackageDownload Include="Down" Version="[1.0.0]" />""");
        repository.Update().Succeeds();
        repository.Build().Succeeds();

        repository.Project("app/app.csproj", """<PackageDownload Include="Down" Version="[2.0.0]" />""");
        repository.Build().FailsWith("HRD1001").Says("Down [2.0.0]");
        Assert.IsFalse(Directory.Exists(repository.PackageFolder("Down", "2.0.0")));
    }

    [TestMethod]
    public void Unknown_members_survive_and_the_bytes_do_not_depend_on_the_run()
    {
        var repository = Plain();
        repository.Update().Succeeds();
        var json = JsonNode.Parse(repository.Read("hardening.lock.json"))!;
        json["nuget"]!["packages"]!["good/1.0.0"]!["zz"] = "kept";
        json["actions"] = new JsonObject { ["x"] = 1 };
        repository.Write("hardening.lock.json", json.ToJsonString());

        repository.Update("-m:1").Succeeds();
        var first = repository.Read("hardening.lock.json");
        Assert.Contains("\"zz\": \"kept\"", first);
        Assert.Contains("\"actions\": {", first);
        repository.Update("-m:2").Succeeds();
        Assert.AreEqual(first, repository.Read("hardening.lock.json"));
    }

    [TestMethod]
    public void Two_updates_at_once_leave_a_whole_lockfile()
    {
        var repository = Plain();
        var runs = Enumerable.Range(0, 2).Select(_ => Task.Run(() => repository.Run("msbuild", "app/app.csproj", "-t:HardeningUpdate"))).ToArray();
        Task.WaitAll(runs, TestContext.CancellationToken);

        Assert.Contains(run => run.Result.ExitCode == 0, runs);
        repository.Update().Succeeds();
        repository.Build().Succeeds();
    }

    [TestMethod]
    public void The_sdk_that_a_lockfile_does_not_know_is_one_warning_at_a_desk_and_an_error_in_ci()
    {
        var repository = Plain();
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + """<PackageReference Include="Implied" Version="1.0.0" IsImplicitlyDefined="true" />""");
        new TestPackage("Implied").WriteTo(repository.Feed);
        repository.Update().Succeeds();
        repository.Build().Succeeds();
        var json = JsonNode.Parse(repository.Read("hardening.lock.json"))!;
        Assert.AreEqual("sdk", (string?)json["nuget"]!["projects"]!["app/app.csproj"]!["graphs"]!["net10.0"]!["resolved"]!["implied"]);
        var sdks = json["nuget"]!["sdks"]!.AsObject();
        var version = sdks.Single().Key;
        var table = sdks[version]!;
        sdks.Remove(version);
        sdks["10.0.100"] = table.DeepClone();
        repository.Write("hardening.lock.json", json.ToJsonString());

        var warned = repository.Build().Succeeds();
        CollectionAssert.AreEqual(new[] { "HRD1011" }, warned.Warnings.ToArray(), warned.Output);
        repository.Environment["CI"] = "true";
        repository.Build().FailsWith("HRD1011");
        repository.Environment["CI"] = null;
        repository.Update().Succeeds();
        Assert.IsEmpty(repository.Build().Succeeds().Warnings);
        Assert.Contains("\"10.0.100\"", repository.Read("hardening.lock.json"));
    }

    private TestRepository Plain()
    {
        var repository = NewRepository();
        new TestPackage("Good").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Write("all.slnx", """<Solution><Project Path="app/app.csproj" /></Solution>""");
        return repository;
    }
}
