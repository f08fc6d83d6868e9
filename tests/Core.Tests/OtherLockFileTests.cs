using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class OtherLockFileTests
{
    private static readonly RestoreLockItem Good = new("Good", RestoreLockItem.Direct) { Requested = "[1.0.0, )", Resolved = "1.0.0", ContentHash = "AA==" };
    private static readonly RestoreLockItem Deep = new("Deep", RestoreLockItem.Transitive) { Resolved = "2.0.0-B", ContentHash = "BB==" };
    private static readonly RestoreLockItem Lib = new("lib", RestoreLockItem.Project);
    private static readonly RestoreLock Locked = Lock(("net10.0", [Deep, Good, Lib]), ("net10.0/linux-x64", []));

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void Remove() => folder.Dispose();

    [TestMethod]
    public void Where_there_is_none_nothing_is_found() => Assert.IsNull(Verify());

    [TestMethod]
    [DataRow("App/packages.lock.json", "")]
    [DataRow("App/packages.My_App.lock.json", "")]
    [DataRow("locks/app.json", "../locks/app.json")]
    public void The_file_that_NuGet_would_use_is_compared(string path, string configured)
    {
        folder.File(path, Locked.Write());
        Assert.IsNull(Verify(configured));

        folder.File(path, Lock(("net10.0", [Deep, Good with { Resolved = "3.0.0" }])).Write());
        var finding = Verify(configured)!;
        Assert.AreEqual(FindingCodes.OtherLockFile, finding.Code);
        Assert.AreEqual(Severity.Warning, finding.Severity);
        Assert.AreEqual($"{path} has Good 3.0.0 for net10.0, but the lockfile has 1.0.0. The lockfile counts.", finding.Message);
        Assert.AreEqual(folder.At(path), finding.Place.File);
        Assert.AreEqual(10, finding.Place.Line);
        Assert.Contains("--force-evaluate -p:HardeningVerify=false", finding.Command);
    }

    [TestMethod]
    public void Whatever_differs_is_said_and_the_rest_is_counted()
    {
        Differs("has the content hash CC== for Good 1.0.0, but the lockfile has AA==", ("net10.0", [Deep, Good with { ContentHash = "CC==" }]));
        Differs("has the content hash (none) for Good 1.0.0", ("net10.0", [Deep, Good with { ContentHash = null }]));
        Differs("holds Other 1.0.0, which the lockfile does not have for net10.0", ("net10.0", [Deep, Good, Good with { Id = "Other" }]));
        Differs("does not hold Deep 2.0.0-B, which the lockfile has for net10.0", ("net10.0", [Good]));
        Differs("does not hold net10.0, which the lockfile has for this project", ("net10.0/linux-x64", []));
        Differs("holds net9.0, which the lockfile does not have for this project", ("net10.0", [Deep, Good]), ("net9.0", []));
        Differs("2 more of its lines differ", ("net10.0", [Good with { Resolved = "3.0.0" }, Good with { Id = "Other" }]));
    }

    [TestMethod]
    public void What_says_nothing_of_another_package_is_no_difference()
    {
        var implied = Good with { Id = "Microsoft.NET.ILLink.Tasks", Resolved = "10.0.1" };
        Agrees(("net10.0", [Deep with { Resolved = "2.0.0-b" }, Good with { Id = "good", Requested = "[0.9.0, )" }]));
        Agrees(("net10.0", [Deep, Good, implied]));
        Agrees(("net10.0", [Deep, Good]), ("net10.0/win-x64", [Good with { Resolved = "3.0.0" }]));
    }

    [TestMethod]
    public void A_byte_order_mark_is_passed_over()
    {
        folder.File("App/packages.lock.json", [.. "\uFEFF"u8, .. Locked.Write()]);

        Assert.IsNull(Verify());
    }

    [TestMethod]
    [DataRow("", 1)]
    [DataRow("{\n\n  oops", 3)]
    [DataRow("[]", 0)]
    [DataRow("{ \"version\": 1 }", 0)]
    [DataRow("{ \"version\": 1, \"dependencies\": { \"net10.0\": [] } }", 0)]
    [DataRow("{ \"version\": \"x\", \"dependencies\": {} }", 0)]
    [DataRow("{ \"version\": 1, \"dependencies\": { \"net10.0\": { \"A\": { \"type\": \"\\ud800\" } } } }", 0)]
    public void A_malformed_one_is_a_finding(string content, int line)
    {
        folder.File("App/packages.lock.json", content);

        var finding = Verify()!;
        Assert.AreEqual(FindingCodes.OtherLockFile, finding.Code);
        Assert.StartsWith("App/packages.lock.json could not be compared", finding.Message);
        Assert.AreEqual(line, finding.Place.Line);
    }

    [TestMethod]
    public void What_is_not_a_file_of_the_repository_is_not_read()
    {
        using var outside = new TemporaryFolder();
        var path = outside.File("packages.lock.json", Locked.Write());
        Assert.Contains("outside the repository", Verify(path)!.Message);
        Assert.Contains("not a path", Verify("a\0b")!.Message);

        folder.Folder("App/packages.lock.json");
        Assert.IsNull(Verify());
        Directory.Delete(folder.At("App/packages.lock.json"));
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(folder.At("App/packages.lock.json"), path);
            Assert.Contains("it is a link", Verify()!.Message);
            File.Delete(folder.At("App/packages.lock.json"));
            Posix.MakePipe(folder.At("App/packages.lock.json"));
            Assert.AreEqual(FindingCodes.OtherLockFile, Verify()!.Code);
        }
    }

    private void Agrees(params (string, RestoreLockItem[])[] targets)
    {
        folder.File("App/packages.lock.json", Lock(targets).Write());
        Assert.IsNull(Verify());
    }

    private void Differs(string what, params (string, RestoreLockItem[])[] targets)
    {
        folder.File("App/packages.lock.json", Lock(targets).Write());
        Assert.Contains(what, Verify()!.Message);
    }

    private Finding? Verify(string configured = "")
    {
        var graph = new FrameworkGraph { Resolved = new Dictionary<string, string> { ["microsoft.net.illink.tasks"] = FrameworkGraph.SdkImplied } };
        var project = new ProjectEntry { Name = "My App", Graphs = new Dictionary<string, FrameworkGraph> { ["net10.0"] = graph } };
        folder.Folder("App");
        return new OtherLockFile(folder.Path, folder.At("App/App.csproj"), configured).Verify(project, Locked);
    }

    private static RestoreLock Lock(params (string Target, RestoreLockItem[] Items)[] targets) =>
        new(1, targets.ToDictionary(t => t.Target, t => (IReadOnlyList<RestoreLockItem>)t.Items));
}
