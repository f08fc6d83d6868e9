using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class SourcesVerifierTests
{
    private const string Locked = """
        <configuration>
          <packageSources><clear /><add key="a" value="https://a.example/" /></packageSources>
          <packageSourceMapping><packageSource key="a"><package pattern="*" /></packageSource></packageSourceMapping>
        </configuration>
        """;

    [TestMethod]
    public void What_is_locked_is_right() => Assert.IsEmpty(Verify(Locked));

    [TestMethod]
    [DataRow("value=\"https://a.example/\"", "value=\"https://evil.example/\"", "The package source a is https://evil.example/, but the lockfile has https://a.example/.")]
    [DataRow("</packageSources>", "<add key=\"b\" value=\"https://b.example/\" /></packageSources>", "The package source b (https://b.example/) was added.")]
    [DataRow("</packageSources>", "<ADD key=\"b\" value=\"https://b.example/\" /></packageSources>", "The package source b (https://b.example/) was added.")]
    [DataRow("<add key=\"a\" value=\"https://a.example/\" />", "", "The package source a (https://a.example/) was removed.")]
    [DataRow("pattern=\"*\"", "pattern=\"Contoso.*\"", "The source mapping of a is [Contoso.*], but the lockfile has [*].")]
    [DataRow("<packageSource key=\"a\"><package pattern=\"*\" /></packageSource>", "", "The source mapping of a is [], but the lockfile has [*].")]
    [DataRow("<packageSourceMapping>", "<packageSourceMapping><packageSource key=\"b\"><package pattern=\"Contoso.*\" /></packageSource>", "The source mapping of b is [Contoso.*], but the lockfile has [].")]
    public void Whatever_changes_is_told(string text, string instead, string message)
    {
        var finding = Verify(Locked.Replace(text, instead, StringComparison.Ordinal)).Single();

        Assert.AreEqual((FindingCodes.SourcesChanged, message), (finding.Code, finding.Message));
        Assert.AreEqual("nuget.config", Path.GetFileName(finding.Place.File));
    }

    [TestMethod]
    public void A_clear_that_is_removed_is_told_in_the_root_and_below()
    {
        var text = Locked.Replace("<clear />", "", StringComparison.Ordinal);

        CollectionAssert.AreEqual(new[] { FindingCodes.SourcesChanged, FindingCodes.SourcesNotCleared }, Verify(text).Select(f => f.Code).ToArray());
        CollectionAssert.AreEqual(new[] { FindingCodes.SourcesChanged }, Verify(text, "src/nuget.config").Select(f => f.Code).ToArray());
    }

    [TestMethod]
    public void A_file_that_is_not_locked_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.File("src/nuget.config", Locked);

        var finding = SourcesVerifier.Verify(folder.Path, folder.Folder("src/app"), Lockfile.Empty).Single();

        Assert.AreEqual(FindingCodes.SourcesChanged, finding.Code);
        Assert.Contains("src/nuget.config is not in the lockfile", finding.Message);
        Assert.IsEmpty(SourcesVerifier.Verify(folder.Path, folder.Folder("other"), Lockfile.Empty), "it does not count there");
    }

    [TestMethod]
    public void A_file_that_was_removed_is_told_where_it_would_count()
    {
        using var folder = new TemporaryFolder();
        var lockfile = Lock(folder, "src/nuget.config");
        folder.Folder("src/app");
        File.Delete(folder.At("src/nuget.config"));

        // In a container layer it was never there.
        Assert.IsEmpty(SourcesVerifier.Verify(folder.Path, folder.At("src/app"), lockfile));
        folder.Folder(".git");
        Assert.AreEqual(FindingCodes.SourcesChanged, SourcesVerifier.Verify(folder.Path, folder.At("src/app"), lockfile).Single().Code);
        Assert.AreEqual(FindingCodes.SourcesChanged, SourcesVerifier.Verify(folder.Path, folder.At("src"), lockfile).Single().Code);
        Assert.IsEmpty(SourcesVerifier.Verify(folder.Path, folder.Path, lockfile));
    }

    [TestMethod]
    public void A_file_in_another_spelling_is_another_file()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        var lockfile = Lock(folder, "NuGet.Config");
        Assert.IsEmpty(SourcesVerifier.Verify(folder.Path, folder.Path, lockfile));

        // NuGet prefers this one.
        folder.File("nuget.config", Locked.Replace("a.example", "evil.example", StringComparison.Ordinal));
        Assert.AreEqual(FindingCodes.SourcesChanged, SourcesVerifier.Verify(folder.Path, folder.Path, lockfile).Single().Code);
    }

    [TestMethod]
    [DataRow("<!DOCTYPE configuration [<!ENTITY e 'a'>]><configuration />")]
    [DataRow("<configuration>")]
    public void A_file_that_cannot_be_read_is_told(string text) => Assert.AreEqual(FindingCodes.Unreadable, Verify(text).Single().Code);

    private static IReadOnlyList<Finding> Verify(string text, string path = "nuget.config")
    {
        using var folder = new TemporaryFolder();
        var lockfile = Lock(folder, path);
        folder.File(path, text);
        return SourcesVerifier.Verify(folder.Path, folder.Folder("src/app"), lockfile);
    }

    private static Lockfile Lock(TemporaryFolder folder, string path) => new()
    {
        NuGet = new NuGetSection { Sources = new Dictionary<string, SourcesEntry> { [path] = SourcesFile.Read(folder.File(path, Locked)) } },
    };
}
