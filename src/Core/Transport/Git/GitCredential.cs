using System.Net.Http.Headers;
using System.Text;

namespace Hardening.Transport.Git;

/// <summary>A user and a secret for one server. Shows neither.</summary>
internal sealed class GitCredential(string user, string secret)
{
    /// <summary>HTTP Basic, as git itself sends it.</summary>
    internal AuthenticationHeaderValue Header { get; } = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + secret)));
}
