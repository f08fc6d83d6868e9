namespace Hardening.Tasks.Tests;

[TestClass]
public sealed class SwitchesTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("hrd-switches-").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow("false", true)]
    [DataRow("False", true)]
    [DataRow("true", false)]
    [DataRow("0", false)]
    [DataRow("", false)]
    public void A_global_property_switches_off(string value, bool off)
    {
        var engine = new RecordingEngine { GlobalProperties = { [Switches.Verify] = value } };
        var switches = Switches.Read(engine, folder, "p", value, null, value, null);
        Assert.AreEqual(off, switches.IsOff);
        Assert.IsEmpty(switches.Ignored);
    }

    [TestMethod]
    [DataRow("false", "true", null)]
    [DataRow("true", "false", null)]
    [DataRow(null, "true", "true")]
    public void Any_other_value_is_ignored_and_reported(string? seenVerify, string nowVerify, string? seenUpdate)
    {
        var switches = Switches.Read(new RecordingEngine(), folder, "p", seenVerify, seenUpdate, nowVerify, null);
        Assert.IsFalse(switches.IsOff);
        Assert.IsFalse(switches.IsUpdate);
        Assert.AreEqual("HRD0008", switches.Ignored.Single().Code.Id);
    }

    [TestMethod]
    [DataRow("-p:HardeningVerify=false")]
    [DataRow("/property:hardeningverify=false")]
    public void A_response_file_above_the_project_does_not_switch_off(string line)
    {
        File.WriteAllText(Path.Combine(folder, "Directory.Build.rsp"), line);
        var below = Directory.CreateDirectory(Path.Combine(folder, "a", "b")).FullName;
        var engine = new RecordingEngine { GlobalProperties = { [Switches.Verify] = "false" } };

        var switches = Switches.Read(engine, below, "p", "false", null, "false", null);
        Assert.IsFalse(switches.IsOff);
        Assert.Contains("Directory.Build.rsp", switches.Ignored.Single().Message);
    }

    [TestMethod]
    public void An_engine_that_does_not_tell_its_targets_has_everything_verified()
        => Assert.IsNull(Switches.RequestedTargets(new RecordingEngine()));
}
