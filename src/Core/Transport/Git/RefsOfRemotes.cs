namespace Hardening.Transport.Git;

/// <summary>The listings of one run: what a wider listing already told is not asked again.</summary>
internal sealed class RefsOfRemotes(GitHttp http, Shared<GitRemote, GitCapabilities> capabilities, GitLimits limits, CancellationToken lifetime)
{
    private readonly Shared<(GitRemote, string), GitRefs> listings = new(lifetime);
    private readonly Dictionary<GitRemote, List<string[]>> asked = [];

    /// <summary>Refs under all of the prefixes; all refs if there is none.</summary>
    internal async Task<GitRefs> ListAsync(GitRemote remote, IReadOnlyList<string> prefixes, CancellationToken cancellation)
    {
        var wider = Wider(remote, [.. prefixes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        try
        {
            var refs = await listings.GetAsync((remote, string.Join('\n', wider)), token => AskAsync(remote, wider, token), cancellation).ConfigureAwait(false);
            return refs.Under(prefixes);
        }
        catch (TransportException e) when (e.Failure == TransportFailure.TooLarge)
        {
            // A narrower listing may be small enough.
            lock (asked)
            {
                asked[remote].RemoveAll(a => ReferenceEquals(a, wider));
            }

            throw;
        }
    }

    private string[] Wider(GitRemote remote, string[] prefixes)
    {
        lock (asked)
        {
            if (!asked.TryGetValue(remote, out var all))
            {
                asked[remote] = all = [];
            }

            if (all.FirstOrDefault(a => Covers(a, prefixes)) is { } wider)
            {
                return wider;
            }

            all.Add(prefixes);
            return prefixes;
        }
    }

    private static bool Covers(string[] wide, string[] narrow)
        => wide.Length == 0 || (narrow.Length > 0 && narrow.All(n => wide.Any(w => n.StartsWith(w, StringComparison.Ordinal))));

    private async Task<GitRefs> AskAsync(GitRemote remote, string[] prefixes, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(remote, prefixes, isSha256: false, cancellation).ConfigureAwait(false);
        }
        catch (TransportException e) when (e.Failure == TransportFailure.Malformed)
        {
            // It may have SHA-256, which a request has to say; or know only the first versions of the protocol, which is then said clearly.
            if (!(await capabilities.GetAsync(remote, token => http.CapabilitiesAsync(remote, token), cancellation).ConfigureAwait(false)).IsSha256)
            {
                throw;
            }
        }

        return await AskAsync(remote, prefixes, isSha256: true, cancellation).ConfigureAwait(false);
    }

    private async Task<GitRefs> AskAsync(GitRemote remote, string[] prefixes, bool isSha256, CancellationToken cancellation)
    {
        var refs = await http.CommandAsync(remote, RefListing.Request(prefixes, isSha256), limits.RefsBytes, (reader, _) => RefListing.ReadAsync(reader, prefixes, limits.Refs), cancellation).ConfigureAwait(false);
        return new GitRefs(remote, refs);
    }
}
