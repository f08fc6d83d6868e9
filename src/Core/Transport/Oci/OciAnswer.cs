using System.Net;

namespace Hardening.Transport.Oci;

/// <summary>What a registry answered.</summary>
/// <param name="Status">200, 401 or 404.</param>
/// <param name="MediaType">The media type that it names; empty if none.</param>
/// <param name="Digest">The digest that it claims; null if none.</param>
/// <param name="Challenge">What it wants to see; null if nothing.</param>
/// <param name="Body">The bytes; none of an answer to HEAD.</param>
internal sealed record OciAnswer(HttpStatusCode Status, string MediaType, string? Digest, OciChallenge? Challenge, byte[] Body)
{
    internal static async Task<OciAnswer> ReadAsync(HttpResponseMessage response, AnswerStream stream, bool isHead)
    {
        var digest = response.Headers.TryGetValues("Docker-Content-Digest", out var values) ? values.FirstOrDefault() : null;
        var challenge = response.StatusCode == HttpStatusCode.Unauthorized ? OciChallenge.Read(response) : null;
        var body = isHead ? [] : await stream.ReadToEndAsync().ConfigureAwait(false);
        return new OciAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? string.Empty, digest, challenge, body);
    }
}
