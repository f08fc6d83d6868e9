using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Transport;

namespace Hardening.Ecosystems.Images;

/// <summary>What it means for images that a registry did not answer as it should. Each way has its own code, because each is mended elsewhere.</summary>
internal static class RegistryFindings
{
    internal static Finding Of(TransportException failure, string image, SourcePlace place)
    {
        var (code, command) = failure.Failure switch
        {
            TransportFailure.Unauthorized or TransportFailure.Forbidden => (FindingCodes.RegistryDenied, "check the spelling, since registries say so as well of what is not there; for a private repository log in with docker login"),
            TransportFailure.NotFound or TransportFailure.Absent => (FindingCodes.ImageRepositoryGone, "check the spelling; a private repository needs docker login"),
            TransportFailure.RateLimited => (FindingCodes.RegistryLimited, failure.RetryAfter is { } after ? $"try again in {Math.Ceiling(after.TotalSeconds)} s; after docker login the limit is higher" : "try again later; after docker login the limit is higher"),
            TransportFailure.Refused => (FindingCodes.RegistryAddressRefused, "use a public registry by https; one of your own is named by HardeningRegistries on the command line or in the environment"),
            TransportFailure.Malformed or TransportFailure.TooLarge or TransportFailure.Redirected => (FindingCodes.RegistryAnswerRefused, "see what answers at this address; a proxy may stand between"),
            _ => (FindingCodes.RegistryUnreachable, "try again; the build itself needs no registry"),
        };
        return new Finding(code, $"{image}: {failure.Message}", place, command) { Input = image };
    }
}
