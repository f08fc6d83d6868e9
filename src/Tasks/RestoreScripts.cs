using System.Diagnostics;
using Hardening.Findings;
using Hardening.Inputs;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>
/// In an update: has the .NET SDK restore file-based apps into quarantine. It makes a project of each only while it runs one of its own commands, so
/// there is none that the MSBuild task could be asked for. No shell: file names are not ours.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class RestoreScripts : HardeningTask
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>The scripts; full paths.</summary>
    public ITaskItem[] Scripts { get; set; } = [];

    /// <summary>Properties of the restore, as the MSBuild task takes them: <c>name=value</c>, separated by <c>;</c>.</summary>
    [Required]
    public string Properties { get; set; } = string.Empty;

    /// <summary>The dotnet host (DOTNET_HOST_PATH); empty: the one that is found.</summary>
    public string Dotnet { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Run()
    {
        foreach (var script in Scripts)
        {
            Restore(script.GetMetadata("FullPath"));
        }
    }

    private void Restore(string script)
    {
        var start = new ProcessStartInfo(Dotnet.Length > 0 ? Dotnet : "dotnet", ["restore", script])
        {
            WorkingDirectory = Path.GetDirectoryName(script),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var property in Properties.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            start.ArgumentList.Add("-p:" + property);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start) ?? throw new IOException($"{start.FileName} could not be started.");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Longest);
        try
        {
            process.WaitForExitAsync(patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Cancellation.ThrowIfCancellationRequested();
            Report(Incomplete(script, $"it took longer than {Longest.TotalMinutes} minutes"));
            return;
        }

        if (process.ExitCode != 0)
        {
            Report(Incomplete(script, $"dotnet restore said: {string.Join(" | ", (output.GetAwaiter().GetResult() + "\n" + error.GetAwaiter().GetResult()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(l => l.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct().Take(5))}"));
        }
    }

    private static Finding Incomplete(string script, string why) => new(
        FindingCodes.UpdateIncomplete, $"The file-based app could not be restored: {why}", new SourcePlace(script), $"dotnet restore {script}, or exclude it in {Policies.Policy.FileName}");
}
