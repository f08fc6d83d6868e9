using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Tasks.Tests;

[TestClass]
public sealed class ReportFindingTests
{
    [TestMethod]
    public void An_error_has_code_place_and_help_link_and_fails_the_task()
    {
        var finding = new Finding(FindingCodes.PackageNotLocked, "Found this.", new SourcePlace("/r/a.csproj", 3, 7), "type that");
        var (engine, succeeded) = Report(finding);

        Assert.IsFalse(succeeded);
        var error = engine.Errors.Single();
        Assert.AreEqual("HRD1001", error.Code);
        Assert.AreEqual("/r/a.csproj", error.File);
        Assert.AreEqual(3, error.LineNumber);
        Assert.AreEqual(7, error.ColumnNumber);
        Assert.AreEqual("Found this. To mend it: type that", error.Message);
        Assert.AreEqual(FindingCodes.PackageNotLocked.HelpLink, error.HelpLink);
    }

    [TestMethod]
    public void A_warning_and_a_message_do_not_fail_the_task()
    {
        var (engine, succeeded) = Report(new Finding(FindingCodes.SwitchIgnored, "w", SourcePlace.None));
        Assert.IsTrue(succeeded);
        Assert.AreEqual("HRD0008", engine.Warnings.Single().Code);

        (engine, succeeded) = Report(new Finding(FindingCodes.LockfileMissing, "m", SourcePlace.None, SeverityOverride: Severity.Message));
        Assert.IsTrue(succeeded);
        Assert.IsEmpty(engine.Errors);
        Assert.AreEqual("HRD0001: m", engine.Messages.Single().Message);
    }

    [TestMethod]
    [DataRow("##vso[task.setvariable variable=x]y")]
    [DataRow("::set-output name=x::y")]
    [DataRow("\u001b[2Jcleared")]
    [DataRow("a\nerror CS0001: forged")]
    [DataRow("a\r\n##[error]forged")]
    [DataRow("{0} {1}")]
    [DataRow("50%3Bx %25 $(Secret) @(Item)")]
    public void Hostile_text_arrives_harmless_wherever_it_stands(string hostile)
    {
        var (engine, _) = Report(new Finding(FindingCodes.FileAdded, hostile, new SourcePlace("/r/" + hostile), hostile));

        var error = engine.Errors.Single();
        foreach (var text in new[] { error.Message!, error.File })
        {
            Assert.DoesNotContain("\n", text);
            Assert.DoesNotContain("\r", text);
            Assert.DoesNotContain("\u001b", text);
            Assert.DoesNotContain("##", text);
            Assert.DoesNotContain("::", text);
        }
    }

    [TestMethod]
    public void Every_code_survives_the_way_through_an_item()
    {
        foreach (var code in FindingCodes.All)
        {
            var finding = new Finding(code, "m;%3B\"'", new SourcePlace("f", 1, 2), "c", Severity.Warning);
            Assert.AreEqual(finding, FindingItem.Parse(FindingItem.Of(finding).ItemSpec));
            Assert.AreEqual("HardeningFinding=" + FindingItem.Write(finding), FindingItem.Of(finding).GetMetadata("AdditionalProperties"));
        }
    }

    private static (RecordingEngine Engine, bool Succeeded) Report(Finding finding)
    {
        var engine = new RecordingEngine();
        using var task = new ReportFinding { BuildEngine = engine, Finding = FindingItem.Of(finding).ItemSpec };
        return (engine, task.Execute());
    }
}
