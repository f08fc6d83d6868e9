using CsCheck;
using Hardening.Files;

namespace Hardening.Tests;

/// <summary>The rules of every system, tested on each.</summary>
[TestClass]
public sealed class RepositoryPathTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["abA.\\ é:"], 1, 4];

    private static PathRules Rules(string system) => system switch { "Windows" => PathRules.Windows, "macOS" => PathRules.MacOS, _ => PathRules.Linux };

    [TestMethod]
    [DataRow("Linux", "/", "/")]
    [DataRow("Linux", "/a//b/./c/../d/", "/a/b/d")]
    [DataRow("Linux", "/../../a", "/a")]
    [DataRow("Linux", @"/a\..\b", @"/a\..\b")]
    [DataRow("Linux", "/a. /b.", "/a. /b.")]
    [DataRow("macOS", "/Users/A/../b/", "/Users/b")]
    [DataRow("Windows", @"c:\", @"C:\")]
    [DataRow("Windows", @"c:/Src\\App/./x/..\App.csproj", @"C:\Src\App\App.csproj")]
    [DataRow("Windows", @"C:\..\..\a\", @"C:\a")]
    [DataRow("Windows", @"\\?\C:\very\long", @"C:\very\long")]
    [DataRow("Windows", @"\\server\share", @"\\server\share")]
    [DataRow("Windows", @"//server/share/..\..\a/", @"\\server\share\a")]
    [DataRow("Windows", @"\\?\unc\server\share\a", @"\\server\share\a")]
    [DataRow("Windows", @"\\?\Volume{1}\a\..\b", @"\\?\Volume{1}\b")]
    [DataRow("Windows", @"\\.\pipe\a", @"\\.\pipe\a")]
    [DataRow("Windows", @"C:\a. \App.csproj..", @"C:\a\App.csproj")]
    public void A_full_path_has_one_form(string system, string path, string expected)
    {
        Assert.AreEqual(expected, RepositoryPath.Normal(path, Rules(system)));
        Assert.AreEqual(expected, RepositoryPath.Normal(expected, Rules(system)));
    }

    [TestMethod]
    [DataRow("Linux", "")]
    [DataRow("Linux", "a/b")]
    [DataRow("Linux", @"C:\a")]
    [DataRow("Windows", "")]
    [DataRow("Windows", @"a\b")]
    [DataRow("Windows", @"\a")]
    [DataRow("Windows", "C:a")]
    [DataRow("Windows", "C:")]
    [DataRow("Windows", @"\\server")]
    [DataRow("Windows", @"\\?\UNC\server\")]
    public void What_depends_on_a_current_folder_is_refused(string system, string path) =>
        Assert.ThrowsExactly<ArgumentException>(() => RepositoryPath.Normal(path, Rules(system)));

    [TestMethod]
    public void The_normal_form_is_a_fixed_point_and_what_the_runtime_makes_here() =>
        Name.Array[0, 6].Sample(names =>
        {
            var path = "/" + string.Join('/', names);
            var normal = RepositoryPath.Normal(path, PathRules.Linux);
            return RepositoryPath.Normal(normal, PathRules.Linux) == normal && (OperatingSystem.IsWindows() || normal == Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        });

    [TestMethod]
    [DataRow("Linux", "/r/a", "/r/A", false)]
    [DataRow("macOS", "/r/a", "/r/A", true)]
    [DataRow("Windows", @"c:\R\a\", @"\\?\C:\r/A", true)]
    [DataRow("Windows", @"\\Server\Share\a", @"\\server\share\A", true)]
    [DataRow("Windows", @"C:\a", @"D:\a", false)]
    public void Case_counts_where_the_system_tells_it_apart(string system, string left, string right, bool equal) =>
        Assert.AreEqual(equal, RepositoryPath.AreEqual(left, right, Rules(system)));

    [TestMethod]
    [DataRow("Linux", "/r", "/r/src/App.csproj", "src/App.csproj")]
    [DataRow("Linux", "/r/", "/r/../r/src/App.csproj", "src/App.csproj")]
    [DataRow("Linux", "/", "/src/App.csproj", "src/App.csproj")]
    [DataRow("Linux", "/r", "/r", ".")]
    [DataRow("Linux", "/r", "/rr/App.csproj", null)]
    [DataRow("Linux", "/r", "/r/../App.csproj", null)]
    [DataRow("Linux", "/r", "/R/App.csproj", null)]
    [DataRow("Linux", "/r", @"/r/a\..\..\b", @"a\..\..\b")]
    [DataRow("macOS", "/r", "/R/Src/App.csproj", "Src/App.csproj")]
    [DataRow("Windows", @"C:\r", @"c:\R\Src\App.csproj", "Src/App.csproj")]
    [DataRow("Windows", @"\\?\C:\r", @"C:/r/src/App.csproj", "src/App.csproj")]
    [DataRow("Windows", @"C:\", @"C:\App.csproj", "App.csproj")]
    [DataRow("Windows", @"C:\r", @"D:\r\App.csproj", null)]
    [DataRow("Windows", @"C:\r", @"C:\r\..\App.csproj", null)]
    [DataRow("Windows", @"\\server\share", @"\\SERVER\share\src\App.csproj", "src/App.csproj")]
    [DataRow("Windows", @"\\server\share\r", @"\\server\other\r\App.csproj", null)]
    public void A_key_is_relative_with_slashes_or_there_is_none(string system, string root, string path, string? key) =>
        Assert.AreEqual(key, RepositoryPath.KeyOf(root, path, Rules(system)));

    [TestMethod]
    public void A_long_path_has_a_key_like_any_other()
    {
        var names = string.Join('\\', Enumerable.Repeat(new string('a', 200), 5));

        Assert.AreEqual(names.Replace('\\', '/') + "/App.csproj", RepositoryPath.KeyOf(@"C:\r", $@"\\?\C:\r\{names}\App.csproj", PathRules.Windows));
    }

    [TestMethod]
    public void A_project_named_in_another_case_is_found_where_case_does_not_count()
    {
        var known = new Dictionary<string, int> { ["src/App.csproj"] = 1, ["Lib.csproj"] = 2, ["lib.csproj"] = 3 };

        Assert.AreEqual("SRC/app.csproj", RepositoryPath.KnownKey("SRC/app.csproj", known, PathRules.Linux));
        foreach (var rules in (PathRules[])[PathRules.Windows, PathRules.MacOS])
        {
            Assert.AreEqual("src/App.csproj", RepositoryPath.KnownKey("SRC/app.csproj", known, rules));
            Assert.AreEqual("lib.csproj", RepositoryPath.KnownKey("lib.csproj", known, rules));
            Assert.AreEqual("Lib.csproj", RepositoryPath.KnownKey("Lib.csproj", known, rules));
            Assert.AreEqual("LIB.csproj", RepositoryPath.KnownKey("LIB.csproj", known, rules), "two differ by case only, and neither is this one");
            Assert.AreEqual("new.csproj", RepositoryPath.KnownKey("new.csproj", known, rules));
        }
    }

    [TestMethod]
    public void A_key_that_is_written_has_the_case_of_the_disk()
    {
        var disk = new Dictionary<string, string[]>
        {
            [@"C:\r"] = ["Src", "other"],
            [@"C:\r\Src"] = ["App.csproj", "Lib.csproj", "lib.csproj"],
        };

        Assert.AreEqual("Src/App.csproj", OnDisk("SRC/app.csproj"));
        Assert.AreEqual("Src/lib.csproj", OnDisk("src/lib.csproj"), "there twice");
        Assert.AreEqual("Src/new/x.csproj", OnDisk("src/new/x.csproj"), "not there");
        Assert.AreEqual(".", OnDisk("."));
        Assert.AreEqual("SRC/app.csproj", RepositoryPath.KeyOnDisk("/r", "SRC/app.csproj", PathRules.Linux, _ => throw new InvalidOperationException("nothing is read")));

        string OnDisk(string key) => RepositoryPath.KeyOnDisk(@"c:\r\", key, PathRules.Windows, folder => disk.GetValueOrDefault(folder, []));
    }

    [TestMethod]
    public void A_file_name_with_a_backslash_is_one_name_outside_Windows()
    {
        Assert.AreEqual(@"a\b", RepositoryPath.Slashed(@"a\b", PathRules.Linux));
        Assert.AreEqual("a/b", RepositoryPath.Slashed(@"a\b", PathRules.Windows));
    }

    [TestMethod]
    public void The_rules_here_are_those_of_this_system() =>
        Assert.AreEqual(OperatingSystem.IsWindows() ? PathRules.Windows : OperatingSystem.IsMacOS() ? PathRules.MacOS : PathRules.Linux, PathRules.Here);
}
