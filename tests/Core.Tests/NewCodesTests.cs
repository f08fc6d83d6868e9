using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class NewCodesTests
{
    private const int Current = 3;

    private static readonly Finding New = Invented(Current);

    [TestMethod]
    public void A_code_of_this_minor_version_warns_while_the_lockfile_is_older()
    {
        foreach (var minor in (int[])[-1, 0, Current - 1])
        {
            var counted = NewCodes.Counted(New, minor, Current);

            Assert.AreEqual(Severity.Warning, counted.Severity);
            Assert.StartsWith(New.Message, counted.Message);
            Assert.Contains("until the next update of the lockfile", counted.Message);
            Assert.AreEqual(New.Command, counted.Command);
        }
    }

    [TestMethod]
    public void It_is_an_error_for_a_lockfile_that_is_up_to_date_or_newer()
    {
        Assert.AreSame(New, NewCodes.Counted(New, Current, Current));
        Assert.AreSame(New, NewCodes.Counted(New, Current + 1, Current));
    }

    [TestMethod]
    public void A_code_that_came_earlier_had_its_time()
    {
        foreach (var since in (int[])[0, Current - 1])
        {
            var finding = Invented(since);

            Assert.AreSame(finding, NewCodes.Counted(finding, 0, Current));
        }
    }

    [TestMethod]
    public void What_is_no_error_stays_as_it_is()
    {
        var message = New with { SeverityOverride = Severity.Message };

        Assert.AreSame(message, NewCodes.Counted(message, 0, Current));
        Assert.AreEqual(Severity.Warning, NewCodes.Counted(New with { SeverityOverride = Severity.Error }, 0, Current).Severity);
    }

    [TestMethod]
    public void No_code_comes_from_a_minor_version_that_is_not_written_yet() =>
        Assert.IsEmpty(FindingCodes.All.Where(code => code.Since is < 0 or > Lockfile.CurrentMinor));

    [TestMethod]
    public void The_minor_version_of_the_format_is_that_of_the_package()
    {
        var version = typeof(Lockfile).Assembly.GetName().Version!;

        Assert.AreEqual((Lockfile.Version, Lockfile.CurrentMinor), (version.Major, version.Minor));
    }

    private static Finding Invented(int since) =>
        new(new FindingCode("HRD1999", Severity.Error, "An invented code") { Since = since }, "Something was found.", SourcePlace.None, "mend it");
}
