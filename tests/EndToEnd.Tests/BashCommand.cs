using System.Diagnostics;

namespace Hardening.EndToEnd.Tests;

/// <summary>Runs bash: the one on the path, on Windows the one that comes with git.</summary>
internal static class BashCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Runs bash with these arguments; null in the environment removes.</summary>
    internal static CommandResult Run(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Bash(), arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var name in new[] { "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBuildLoadMicrosoftTargetsReadOnly", "NUGET_PACKAGES" })
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"bash {string.Join(' ', arguments)} did not end within {Limit.TotalMinutes} minutes.");
        }

        return new CommandResult("bash " + string.Join(' ', arguments), process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }

    // On Windows a bare "bash" may be that of the Linux subsystem, which has another file system.
    private static string Bash()
    {
        if (!OperatingSystem.IsWindows())
        {
            return "bash";
        }

        var git = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "git.exe"))
            .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("git.exe is not on the path: install Git for Windows.");
        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(git)!, "..", "bin", "bash.exe"));
    }
}
