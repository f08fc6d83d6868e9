using Hardening.Reporting;
using Hardening.Tool;

try
{
    return await CommandLine.RunAsync(args).ConfigureAwait(false);
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Cancelled before there was a verdict.").ConfigureAwait(false);
    return ExitCode.Undecided;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
{
    await Console.Error.WriteLineAsync(SinkText.ForLog(e.Message)).ConfigureAwait(false);
    return ExitCode.Undecided;
}
