using System.Text.RegularExpressions;

namespace Hardening.Transport.Oci;

/// <summary>What a registry wants before it answers (RFC 7235; the distribution project's token authentication).</summary>
/// <param name="IsBearer">A token; else a user and a password.</param>
/// <param name="Realm">Where tokens are given; null for a user and a password.</param>
/// <param name="Service">The name by which the registry is known there.</param>
internal sealed partial record OciChallenge(bool IsBearer, Uri? Realm, string Service)
{
    /// <summary>Reads the headers; null if they hold none that is known.</summary>
    internal static OciChallenge? Read(HttpResponseMessage response)
    {
        foreach (var header in response.Headers.WwwAuthenticate)
        {
            if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                var values = Pair().Matches(header.Parameter ?? string.Empty).ToLookup(m => m.Groups[1].Value.ToLowerInvariant(), m => m.Groups[2].Value);
                return Uri.TryCreate(values["realm"].FirstOrDefault(), UriKind.Absolute, out var realm) ? new OciChallenge(true, realm, values["service"].FirstOrDefault() ?? string.Empty) : null;
            }

            if (header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            {
                return new OciChallenge(false, null, string.Empty);
            }
        }

        return null;
    }

    [GeneratedRegex("([A-Za-z]+)=\"([^\"]*)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Pair();
}
