using Hardening.Tests;

namespace Hardening.Tool.Tests;

[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow("inventory --root nowhere", "The folder nowhere is not there.")]
    [DataRow("verify --root nowhere", "The folder nowhere is not there.")]
    [DataRow("inventory --root file", "The folder file is not there.")]
    [DataRow("inventory --format xml", "'xml'")]
    [DataRow("verify --ecosystem npm", "'npm'")]
    [DataRow("verify --baseline", "--baseline")]
    [DataRow("verify extra", "'extra'")]
    [DataRow("frobnicate", "'frobnicate'")]
    [DataRow("", "command")]
    public void A_wrong_command_line_is_said(string arguments, string says)
    {
        using var folder = new TemporaryFolder();
        folder.File("file");
        var result = ToolProcess.Run(folder.Path, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Ends(2);

        Assert.AreEqual(string.Empty, result.Output);
        Assert.Contains(says, result.Error);
    }

    [TestMethod]
    public void A_wrong_command_line_is_said_without_what_a_terminal_would_obey()
    {
        using var folder = new TemporaryFolder();

        ToolProcess.Run(folder.Path, "inventory", "--root", "\e[2J").Ends(2).IsHarmless();
        ToolProcess.Run(folder.Path, "\e[2J").Ends(2).IsHarmless();
    }

    [TestMethod]
    public void The_verbs_and_options_explain_themselves()
    {
        using var folder = new TemporaryFolder();
        var help = ToolProcess.Run(folder.Path, "--help").Ends(0).Output;

        Assert.Contains("inventory", help);
        Assert.Contains("verify", help);
        Assert.Contains("--format <json|table>", ToolProcess.Run(folder.Path, "inventory", "--help").Ends(0).Output);
        Assert.Contains("--baseline <REV>", ToolProcess.Run(folder.Path, "verify", "--help").Ends(0).Output);
    }

    [TestMethod]
    public void The_version_is_that_of_the_package()
    {
        using var folder = new TemporaryFolder();

        Assert.AreEqual(typeof(Lockfiles.Lockfile).Assembly.GetName().Version!.ToString(3) + "\n", ToolProcess.Run(folder.Path, "--version").Ends(0).Output);
    }
}
