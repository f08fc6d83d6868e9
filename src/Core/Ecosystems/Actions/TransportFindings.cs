using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Transport;

namespace Hardening.Ecosystems.Actions;

/// <summary>What it means for actions that a host did not answer as it should. Each way has its own code, because each is mended elsewhere.</summary>
internal static class TransportFindings
{
    internal static Finding Of(TransportException failure, string name, SourcePlace place)
    {
        var (code, command) = failure.Failure switch
        {
            TransportFailure.Unauthorized or TransportFailure.Forbidden => (FindingCodes.GitHostDenied, "check the spelling, since hosts say so as well of what is not there; for a private repository set GITHUB_TOKEN, or let git's credential helper know the host"),
            TransportFailure.NotFound or TransportFailure.Absent => (FindingCodes.ActionNotFound, "check the spelling; a private repository needs GITHUB_TOKEN"),
            TransportFailure.RateLimited => (FindingCodes.GitHostLimited, failure.RetryAfter is { } after ? $"try again in {Math.Ceiling(after.TotalSeconds)} s; with GITHUB_TOKEN the limit is higher" : "try again later; with GITHUB_TOKEN the limit is higher"),
            TransportFailure.Redirected => (FindingCodes.ActionRepositoryMoved, "see who owns the new address, then write it in the workflow"),
            TransportFailure.Refused => (FindingCodes.GitAddressRefused, "write the address of a public host by https; one of your own is named by HardeningGitHubServer on the command line or in the environment"),
            TransportFailure.Malformed or TransportFailure.TooLarge => (FindingCodes.GitAnswerRefused, "see what answers at this address; a proxy may stand between"),
            _ => (FindingCodes.GitHostUnreachable, "try again; the build itself needs no host"),
        };
        var moved = failure is { Failure: TransportFailure.Redirected, RedirectedTo: { } address } ? $" It is at {address} now." : string.Empty;
        return new Finding(code, $"{name}: {failure.Message}{moved}", place, command) { Input = name };
    }
}
