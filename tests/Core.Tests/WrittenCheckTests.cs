using Hardening.Lockfiles;
using Hardening.Verification;

namespace Hardening.Tests;

[TestClass]
public sealed class WrittenCheckTests
{
    private const string Uses = "jobs:\n  a:\n    steps:\n      - uses: o/r@v1\n    container: node:20\n";

    [TestMethod]
    public void All_ecosystems_are_compared_in_one_run()
    {
        using var folder = Sample();

        CollectionAssert.AreEqual(new[] { "HRD2001", "HRD3001", "HRD1022" }, Codes(folder, EcosystemSet.All));
    }

    [TestMethod]
    [DataRow(EcosystemSet.NuGet, "HRD1022")]
    [DataRow(EcosystemSet.Actions, "HRD2001")]
    [DataRow(EcosystemSet.Actions | EcosystemSet.NuGet, "HRD2001 HRD1022")]
    [DataRow(EcosystemSet.None, "")]
    public void An_ecosystem_that_was_not_asked_for_is_not_looked_at(EcosystemSet ecosystems, string expected)
    {
        using var folder = Sample();

        Assert.AreEqual(expected, string.Join(' ', Codes(folder, ecosystems)));
    }

    [TestMethod]
    [DataRow(EcosystemSet.NuGet)]
    [DataRow(EcosystemSet.Images)]
    public void A_lockfile_or_policy_that_is_damaged_is_told_in_any_case(EcosystemSet ecosystems)
    {
        using var folder = Sample();
        folder.File("hardening.yml", "oops: 1\n");
        Assert.Contains("HRD0015", Codes(folder, ecosystems));

        folder.File(Lockfile.FileName, "{");
        Assert.AreEqual("HRD0002", Codes(folder, ecosystems).Single());
    }

    [TestMethod]
    public void A_nuget_config_that_cannot_be_read_hides_nothing_else()
    {
        using var folder = Sample();
        folder.File("nuget.config", "<configuration");
        var codes = Codes(folder, EcosystemSet.All);

        Assert.Contains("HRD0011", codes);
        Assert.Contains("HRD1022", codes);
        Assert.Contains("HRD2001", codes);
    }

    [TestMethod]
    public void It_can_be_cancelled()
    {
        using var folder = Sample();

        Assert.ThrowsExactly<OperationCanceledException>(() => new WrittenCheck(folder.Path, _ => false).Run(new CancellationToken(canceled: true)));
    }

    [TestMethod]
    [DataRow("", "X", false)]
    [DataRow("here", "X", true)]
    [DataRow("here", "Y", false)]
    [DataRow("here", "../Sdks/X", false)]
    [DataRow("here", @"..\Sdks\X", false)]
    public void An_sdk_is_built_in_where_the_dotnet_sdk_has_its_folder(string sdk, string name, bool expected)
    {
        using var folder = new TemporaryFolder();
        folder.Folder("here/Sdks/X");

        Assert.AreEqual(expected, BuiltInSdks.In(sdk.Length == 0 ? sdk : folder.At(sdk))(name));
    }

    private static string[] Codes(TemporaryFolder folder, EcosystemSet ecosystems) => [.. new WrittenCheck(folder.Path, _ => false, ecosystems).Run(CancellationToken.None).Select(f => f.Code.Id)];

    private static TemporaryFolder Sample()
    {
        var folder = new TemporaryFolder();
        folder.File(Lockfile.FileName, LockfileWriter.Write(Lockfile.Empty));
        folder.File(".github/workflows/ci.yml", Uses);
        folder.File("dotnet-tools.json", """{ "tools": { "x": { "version": "1.0.0" } } }""");
        return folder;
    }
}
