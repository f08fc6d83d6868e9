namespace Hardening.Transport;

/// <summary>One thing that is asked, as often as it takes.</summary>
/// <param name="Address">Where.</param>
/// <param name="IsNamedByUser">False if only a file of the repository names the host: then it has to be in the public internet.</param>
/// <param name="Request">Makes the request for an address; a request can be sent only once.</param>
/// <param name="MayFollow">Whether a redirect to this address on the same server may be followed.</param>
/// <param name="LargestAnswer">In bytes.</param>
internal sealed record HttpExchange(Uri Address, bool IsNamedByUser, Func<Uri, HttpRequestMessage> Request, Func<Uri, bool> MayFollow, long LargestAnswer)
{
    /// <summary>Which statuses, beside 200, are answers that whoever asks reads themselves.</summary>
    internal Func<System.Net.HttpStatusCode, bool> Accepts { get; init; } = _ => false;

    /// <summary>The server, as messages name it.</summary>
    internal string Server => Address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
