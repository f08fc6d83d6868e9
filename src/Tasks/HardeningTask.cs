using Hardening.Findings;
using Hardening.Reporting;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Hardening.Tasks;

/// <summary>A task that translates: MSBuild's parameters to the engine, findings to the log. Cancel works.</summary>
public abstract class HardeningTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource cancellation = new();

    /// <summary>Set when the build is cancelled.</summary>
    protected CancellationToken Cancellation => cancellation.Token;

    /// <inheritdoc/>
    public void Cancel() => cancellation.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        cancellation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            Run();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Log.LogError("Hardening was cancelled before it reached a verdict.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Report(new Finding(FindingCodes.Unreadable, e.Message, Inputs.SourcePlace.None));
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>Does the work; logs with <see cref="Report"/>.</summary>
    protected abstract void Run();

    /// <summary>Logs findings, sorted, each once.</summary>
    protected void Report(IEnumerable<Finding> findings)
    {
        foreach (var finding in Finding.Sorted(findings))
        {
            Report(finding);
        }
    }

    /// <summary>Logs one finding. Everything that is not ours in it is escaped.</summary>
    protected void Report(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var text = SinkText.ForLog(finding.Message) + (finding.Command.Length > 0 ? $" To mend it: {SinkText.ForLog(finding.Command)}" : string.Empty);
        var file = finding.Place.File.Length > 0 ? SinkText.ForLog(finding.Place.File) : null;
        switch (finding.Severity)
        {
            case Severity.Error:
                Log.LogError(null, finding.Code.Id, null, finding.Code.HelpLink, file, finding.Place.Line, finding.Place.Column, 0, 0, text);
                break;
            case Severity.Warning:
                Log.LogWarning(null, finding.Code.Id, null, finding.Code.HelpLink, file, finding.Place.Line, finding.Place.Column, 0, 0, text);
                break;
            default:
                Log.LogMessage(MessageImportance.High, "{0}: {1}", finding.Code.Id, text);
                break;
        }
    }
}
