namespace Hardening.Transport.Git;

/// <summary>Asks for one object and what belongs to it (gitprotocol-v2, "fetch").</summary>
internal sealed class GitFetch(GitHttp http, Shared<GitRemote, GitCapabilities> capabilities)
{
    internal Task<GitCapabilities> CapabilitiesAsync(GitRemote remote, CancellationToken cancellation)
        => capabilities.GetAsync(remote, token => http.CapabilitiesAsync(remote, token), cancellation);

    /// <summary>Sends the request and reads the answer.</summary>
    /// <param name="remote">The repository.</param>
    /// <param name="id">The object that is wanted.</param>
    /// <param name="arguments">What is said besides.</param>
    /// <param name="largest">Bytes of the answer.</param>
    /// <param name="read">Reads the answer from its pack on.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="TransportException"><see cref="TransportFailure.Absent"/> if the repository has no such object, or ids of another kind.</exception>
    internal async Task<T> SendAsync<T>(GitRemote remote, string id, string[] arguments, long largest, Func<FetchAnswer, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var isSha256 = id.Length == 64;
        if (isSha256 && !(await CapabilitiesAsync(remote, cancellation).ConfigureAwait(false)).IsSha256)
        {
            throw OtherKind(remote);
        }

        var body = new PktRequest("fetch", isSha256).With("no-progress", "ofs-delta", "want " + id).With(arguments).With("done").End();
        try
        {
            return await http.CommandAsync(remote, body, largest, async (reader, token) => await read(await FetchAnswer.OpenAsync(reader).ConfigureAwait(false), token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        catch (TransportException e) when (e.Failure == TransportFailure.Malformed && !isSha256)
        {
            // Asked in the wrong kind of ids, a server just ends.
            if ((await CapabilitiesAsync(remote, cancellation).ConfigureAwait(false)).IsSha256)
            {
                throw OtherKind(remote);
            }

            throw;
        }
    }

    private static TransportException OtherKind(GitRemote remote)
        => new(TransportFailure.Absent, $"{remote}: there is no such commit in the repository, whose ids are of another kind.");
}
