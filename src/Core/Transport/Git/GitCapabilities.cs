namespace Hardening.Transport.Git;

/// <summary>What a server says it can (gitprotocol-v2, "Capability Advertisement").</summary>
/// <param name="IsSha256">Whether the ids of the repository are SHA-256.</param>
/// <param name="CanFilter">Whether it can leave out trees and files.</param>
internal sealed record GitCapabilities(bool IsSha256, bool CanFilter)
{
    private const int MostLines = 1000;

    /// <summary>Reads the advertisement.</summary>
    /// <exception cref="TransportException">It is none of version 2.</exception>
    internal static async Task<GitCapabilities> ReadAsync(PktReader reader)
    {
        var line = await reader.NextAsync().ConfigureAwait(false);
        if (line.Text.StartsWith("# service="u8))
        {
            await reader.NextAsync().ConfigureAwait(false);
            line = await reader.NextAsync().ConfigureAwait(false);
        }

        if (!line.Text.SequenceEqual("version 2"u8))
        {
            throw new TransportException(TransportFailure.Malformed, $"{reader.Address}: the server does not speak version 2 of git's protocol, or what stands before it does not pass on the header Git-Protocol.");
        }

        var found = new GitCapabilities(false, false);
        for (var lines = 0; lines < MostLines; lines++)
        {
            line = await reader.NextAsync().ConfigureAwait(false);
            if (line.Kind == PktKind.Flush)
            {
                return found;
            }

            if (line.Kind != PktKind.Data)
            {
                break;
            }

            found = found.With(GitText.Decode(line.Text));
        }

        throw reader.Malformed("the list of what the server can has no end");
    }

    private GitCapabilities With(string capability) => capability switch
    {
        "object-format=sha256" => this with { IsSha256 = true },
        _ when capability.StartsWith("fetch=", StringComparison.Ordinal) => this with { CanFilter = capability[6..].Split(' ').Contains("filter") },
        _ => this,
    };
}
