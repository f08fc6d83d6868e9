namespace Hardening.EndToEnd.Tests;

/// <summary>
/// A container build in layers: first the files that a restore needs, then the rest. What a Dockerfile does with COPY and RUN is done with an
/// empty folder; it has no .git, a packages folder and a home of its own.
/// </summary>
[TestClass]
public sealed class ContainerTests : WorksWithTest
{
    private static readonly string[] Settings = ["global.json", "nuget.config", "Directory.Build.props", "hardening.lock.json"];
    private static readonly string[] ProjectFiles = ["app/app.csproj", "left/left.csproj", "right/right.csproj", "bottom/bottom.csproj"];

    [TestMethod]
    [DataRow("app")]
    [DataRow("all.slnx")]
    public void A_restore_over_project_files_and_a_publish_over_the_rest(string restored)
    {
        var repository = Locked();
        var image = Image(repository, [.. Settings, .. ProjectFiles, "all.slnx"]);
        Quiet(repository.RunIn(image, "restore", restored));

        CopyAll(repository.Root, image);
        var lockfile = File.ReadAllBytes(Path.Combine(image, "hardening.lock.json"));
        Quiet(repository.RunIn(image, "publish", "app", "--no-restore", "-c", "Release", "-o", Path.Combine(repository.Base, "out")));
        Assert.IsTrue(File.Exists(Path.Combine(repository.Base, "out", "app.dll")));
        CollectionAssert.AreEqual(lockfile, File.ReadAllBytes(Path.Combine(image, "hardening.lock.json")));
    }

    [TestMethod]
    public void One_of_several_projects()
    {
        var repository = Locked();
        var image = Image(repository, [.. Settings, "bottom/bottom.csproj"]);

        Quiet(repository.RunIn(image, "restore", "bottom"));
        File.Copy(repository.PathOf("bottom/Class1.cs"), Path.Combine(image, "bottom/Class1.cs"));
        Quiet(repository.RunIn(image, "publish", "bottom", "--no-restore"));
    }

    [TestMethod]
    public void A_layer_of_the_restore_that_was_poisoned_is_refused_in_the_next()
    {
        var repository = Locked();
        var image = Image(repository, [.. Settings, .. ProjectFiles]);
        Quiet(repository.RunIn(image, "restore", "app"));
        CopyAll(repository.Root, image);
        File.WriteAllText(Path.Combine(repository.Environment["NUGET_PACKAGES"]!, "deep/1.0.0/added.txt"), string.Empty);

        repository.RunIn(image, "publish", "app", "--no-restore").FailsWith("HRD1004").Says("Deep 1.0.0");
    }

    [TestMethod]
    public void A_new_reference_is_refused_in_the_first_layer()
    {
        var repository = Locked();
        new TestPackage("Evil").WriteTo(repository.Feed);
        AddReference(repository, "left/left.csproj", "Evil");
        var image = Image(repository, [.. Settings, .. ProjectFiles]);

        repository.RunIn(image, "restore", "app").FailsWith("HRD1001").Says("left.csproj(9,");
    }

    [TestMethod]
    public void A_lockfile_that_was_not_copied_is_named_with_the_line_that_copies_it()
    {
        var repository = Locked();
        var image = Image(repository, [.. Settings.Where(f => f != "hardening.lock.json"), .. ProjectFiles, "all.slnx"]);

        foreach (var entry in (string[])["app", "all.slnx"])
        {
            repository.RunIn(image, "restore", entry).FailsWith("HRD0005")
                .Says("Neither hardening.lock.json nor .git is in")
                .Says("in a container build: COPY hardening.lock.json along with Directory.Build.props, before the restore");
        }

        Assert.IsEmpty(Directory.GetFiles(image, "project.assets.json", SearchOption.AllDirectories));
        Assert.IsFalse(Directory.Exists(Path.Combine(repository.Environment["NUGET_PACKAGES"]!, "deep")));
        File.Copy(repository.Lockfile, Path.Combine(image, "hardening.lock.json"));
        Quiet(repository.RunIn(image, "restore", "app"));
    }

    private TestRepository Locked()
    {
        var repository = Diamond();
        Quiet(repository.Update());
        Quiet(repository.Build());
        return repository;
    }

    // FROM: nothing of this machine but the feed is there.
    private static string Image(TestRepository repository, string[] files)
    {
        var image = Directory.CreateDirectory(Path.Combine(repository.Base, "image")).FullName;
        repository.Environment["NUGET_PACKAGES"] = Path.Combine(repository.Base, "image-packages");
        repository.Environment["HOME"] = repository.Environment["DOTNET_CLI_HOME"] = Path.Combine(repository.Base, "image-home");
        repository.Environment["XDG_DATA_HOME"] = null;
        Directory.CreateDirectory(repository.Environment["HOME"]!);
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(image, file))!);
            File.Copy(repository.PathOf(file), Path.Combine(image, file));
        }

        return image;
    }

    // COPY . . with the usual .dockerignore.
    private static void CopyAll(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(from, file);
            if (!relative.Split('/', '\\').Any(part => part is "bin" or "obj" or ".git"))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, relative))!);
                File.Copy(file, Path.Combine(to, relative), overwrite: true);
            }
        }
    }
}
