using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class ProjectMemoryTests
{
    private const string Project = "/repo/src/App/App.csproj";

    [TestMethod]
    public void A_project_is_recalled_with_its_package_folders_while_the_fingerprint_is_the_same()
    {
        using var folder = new TemporaryFolder();
        new ProjectMemory(folder.At("m/memory"), Project).Remember("print", ["/packages/", "/fall back"]);

        var memory = new ProjectMemory(folder.At("m/memory"), Project);

        CollectionAssert.AreEqual(new[] { "/packages/", "/fall back" }, memory.Recall("print")!.ToArray());
        Assert.IsNull(memory.Recall("print2"));
        Assert.IsNull(memory.Recall("prin"));
        Assert.IsNull(memory.Recall(""));
        Assert.IsNull(memory.Recall("/packages/"));
        Assert.IsNull(new ProjectMemory(folder.At("m/memory"), Project + "2").Recall("print"));
        Assert.IsNull(new ProjectMemory(folder.At("m/other"), Project).Recall("print"));
    }

    [TestMethod]
    public void The_last_verdict_counts()
    {
        using var folder = new TemporaryFolder();
        var memory = new ProjectMemory(folder.At("memory"), Project);
        memory.Remember("1", ["/a"]);
        memory.Remember("2", []);

        Assert.IsNull(memory.Recall("1"));
        Assert.IsEmpty(memory.Recall("2")!);
    }

    [TestMethod]
    public void Without_a_path_nothing_is_remembered()
    {
        var memory = new ProjectMemory(null, Project);
        memory.Remember("print", []);

        Assert.IsNull(memory.Recall("print"));
    }

    [TestMethod]
    public void A_folder_that_would_write_a_line_of_its_own_is_not_remembered()
    {
        using var folder = new TemporaryFolder();
        var memory = new ProjectMemory(folder.At("memory"), Project);
        memory.Remember("print", ["/packages\n/verified"]);

        Assert.IsNull(memory.Recall("print"));
    }

    [TestMethod]
    public void A_memory_that_cannot_be_read_or_written_remembers_nothing()
    {
        using var folder = new TemporaryFolder();
        folder.File("memory.projects", "a file where a folder has to be");
        var memory = new ProjectMemory(folder.At("memory"), Project);

        memory.Remember("print", []);

        Assert.IsNull(memory.Recall("print"));
    }

    [TestMethod]
    public void A_memory_that_is_too_large_remembers_nothing()
    {
        using var folder = new TemporaryFolder();
        var memory = new ProjectMemory(folder.At("memory"), Project);
        memory.Remember("print", [new string('a', 70_000)]);

        Assert.IsNull(memory.Recall("print"));
    }

    [TestMethod]
    [DataRow(RestoreResult.FileName)]
    [DataRow("App.csproj.nuget.g.props")]
    [DataRow("App.csproj.nuget.g.targets")]
    public void A_file_that_is_written_added_or_removed_gives_another_fingerprint(string name)
    {
        using var folder = new TemporaryFolder();
        folder.File("obj/" + name, "a");
        folder.File("obj/other", "a");
        var memory = new ProjectMemory(null, Project);
        var before = memory.Fingerprint(folder.At("obj"));
        Assert.AreEqual(before, memory.Fingerprint(folder.At("obj")));

        folder.WaitForAnotherTick();
        folder.File("obj/other", "b");
        Assert.AreEqual(before, memory.Fingerprint(folder.At("obj")), "no verdict rests on it");
        folder.File("obj/" + name, "b");
        File.SetLastWriteTimeUtc(folder.At("obj/" + name), DateTime.UnixEpoch);
        var after = memory.Fingerprint(folder.At("obj"));
        File.Delete(folder.At("obj/" + name));
        var none = memory.Fingerprint(folder.At("obj"));
        File.CreateSymbolicLink(folder.At("obj/" + name), folder.At("obj/other"));

        Assert.HasCount(4, new HashSet<string> { before, after, none, memory.Fingerprint(folder.At("obj")) });
    }

    [TestMethod]
    public void Other_conditions_give_another_fingerprint()
    {
        using var folder = new TemporaryFolder();
        var memory = new ProjectMemory(null, Project);

        Assert.HasCount(5, new HashSet<string>
        {
            memory.Fingerprint(folder.Path), memory.Fingerprint(folder.Path, "a"), memory.Fingerprint(folder.Path, "a", "b"), memory.Fingerprint(folder.Path, "b", "a"), memory.Fingerprint(folder.Path, "ab"),
        });
    }
}
