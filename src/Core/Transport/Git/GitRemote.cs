using System.Net;

namespace Hardening.Transport.Git;

/// <summary>
/// Where a repository is: a server and <c>owner/repo</c>. What is made here can be asked: names and addresses that lead elsewhere than they
/// seem to are not made.
/// </summary>
public sealed record GitRemote
{
    private const int LongestSegment = 100;
    private const int LongestHost = 253;

    private GitRemote(Uri server, string path, bool isNamedByUser)
    {
        Server = server;
        Path = path;
        IsNamedByUser = isNamedByUser;
        Url = new Uri(server, path);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Server { get; }

    /// <summary><c>owner/repo</c>, as it was written.</summary>
    public string Path { get; }

    /// <summary>The address of the repository.</summary>
    public Uri Url { get; }

    /// <summary>True if the user's own environment or command line names the server; false if only a file of the repository does.</summary>
    public bool IsNamedByUser { get; }

    /// <summary>Makes one.</summary>
    /// <param name="server">https; for a server that the user names plain http too, if it is this machine. No path, query or user.</param>
    /// <param name="path"><c>owner/repo</c>; <c>.git</c> at its end is left out.</param>
    /// <param name="isNamedByUser">See <see cref="IsNamedByUser"/>. Where false, the host has to be a name of the public internet, at the usual port.</param>
    /// <exception cref="ArgumentException">It cannot be one; the message says why.</exception>
    public static GitRemote Create(Uri server, string path, bool isNamedByUser)
        => TryCreate(server, path, isNamedByUser, out var remote, out var problem) ? remote! : throw new ArgumentException(problem);

    /// <summary>As <see cref="Create"/>, with what is wrong as a sentence instead of an exception.</summary>
    public static bool TryCreate(Uri server, string path, bool isNamedByUser, out GitRemote? remote, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(path);
        problem = ProblemOf(server, isNamedByUser) ?? ProblemOf(path);
        remote = problem is null ? new GitRemote(new Uri(server.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)), WithoutSuffix(path), isNamedByUser) : null;
        return remote is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Url.AbsoluteUri;

    /// <summary>Whether an address is one of this repository: only <c>.git</c> may have come or gone, and letters changed their case.</summary>
    internal bool IsAddressOf(Uri address, string service)
    {
        var asked = new Uri(Url.AbsoluteUri + service);
        return string.Equals(Normal(address.PathAndQuery, service), Normal(asked.PathAndQuery, service), StringComparison.OrdinalIgnoreCase);
    }

    private static string Normal(string pathAndQuery, string service)
        => pathAndQuery.EndsWith(service, StringComparison.OrdinalIgnoreCase) ? WithoutSuffix(pathAndQuery[..^service.Length]) + service : pathAndQuery;

    private static string? ProblemOf(Uri server, bool isNamedByUser)
    {
        if (!server.IsAbsoluteUri || server.Scheme is not ("https" or "http") || server.IdnHost.Length is 0 or > LongestHost)
        {
            return "The server is no https address.";
        }

        if (server.UserInfo.Length > 0 || server.PathAndQuery != "/" || server.Fragment.Length > 0)
        {
            return "The address of the server holds more than scheme, host and port.";
        }

        if (isNamedByUser)
        {
            return server.Scheme == "https" || IsLoopback(server) ? null : $"{server.IdnHost} is to be asked by plain http, and everyone in between could answer.";
        }

        return server.Scheme != "https" ? $"{server.IdnHost} is to be asked by plain http."
            : server.HostNameType != UriHostNameType.Dns || !server.IdnHost.Trim('.').Contains('.', StringComparison.Ordinal) || server.IdnHost.EndsWith('.') ? $"{server.IdnHost} is no full name of a host in the public internet."
            : !server.IsDefaultPort ? $"{server.IdnHost} is to be asked at another port than that of https."
            : null;
    }

    // By its name only as it is written: what another name resolves to is not known here.
    private static bool IsLoopback(Uri server) => server.IdnHost == "localhost" || (IPAddress.TryParse(server.IdnHost, out var address) && IPAddress.IsLoopback(address));

    private static string? ProblemOf(string path)
    {
        var segments = WithoutSuffix(path).Split('/');
        return segments.Length == 2 && segments.All(IsName) ? null : "The repository is not written as owner/repo.";
    }

    private static bool IsName(string segment)
        => segment.Length is > 0 and <= LongestSegment
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && segment[0] != '-' && segment is not ("." or "..") && !segment.EndsWith(".git", StringComparison.OrdinalIgnoreCase);

    private static string WithoutSuffix(string path) => path.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
}
