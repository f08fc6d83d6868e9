using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Hardening.Tool.Tests;

/// <summary>Runs the tool that was built, as a process.</summary>
internal static class ToolProcess
{
    /// <summary>The root of this very repository.</summary>
    internal static string Repository { get; } = Path.TrimEndingDirectorySeparator(Metadata("Repository"));

    private static string Assembly { get; } = Metadata("Tool");

    /// <summary>Runs it in a folder.</summary>
    internal static ToolResult Run(string folder, params string[] arguments) => Start("dotnet", folder, [Assembly, .. arguments]);

    /// <summary>The same on a terminal, which util-linux makes.</summary>
    internal static ToolResult RunOnTerminal(string folder, string environment, params string[] arguments) =>
        Start("script", folder, ["-qec", $"env {environment} dotnet '{Assembly}' {string.Join(' ', arguments.Select(a => $"'{a}'"))}", "/dev/null"]);

    private static ToolResult Start(string file, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in new[] { "CI", "TF_BUILD", "GITHUB_ACTIONS", "NO_COLOR", "NUGET_PACKAGES" })
        {
            start.Environment.Remove(name);
        }

        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(string.Join(' ', arguments), process.ExitCode, output, error.Result);
    }

    private static string Metadata(string name) => typeof(ToolProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;
}

/// <summary>What the tool did.</summary>
internal sealed record ToolResult(string Command, int ExitCode, string Output, string Error)
{
    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal ToolResult Ends(int exitCode)
    {
        Assert.AreEqual(exitCode, ExitCode, $"{Command}\n{Output}\n{Error}");
        return this;
    }

    /// <summary>Nothing that a terminal would take for a command came out.</summary>
    internal ToolResult IsHarmless()
    {
        Assert.IsFalse((Output + Error).Any(c => char.IsControl(c) && c != '\n'), Output + Error);
        Assert.DoesNotContain('\u202e', Output + Error);
        return this;
    }
}
