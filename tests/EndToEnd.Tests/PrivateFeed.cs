using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hardening.EndToEnd.Tests;

/// <summary>The least that NuGet takes for a V3 feed: a service index and flat container over a folder of packages. With a password it demands Basic authentication.</summary>
public sealed class PrivateFeed : IDisposable
{
    public const string User = "user";

    private readonly HttpListener listener = new();
    private readonly string folder;
    private readonly string? password;
    private readonly Task serving;

    public PrivateFeed(string folder, string? password)
    {
        (this.folder, this.password) = (folder, password);
        Address = $"http://localhost:{FreePort()}/v3/index.json";
        listener.Prefixes.Add(new Uri(Address).GetLeftPart(UriPartial.Authority) + "/");
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>The address of its service index.</summary>
    public string Address { get; }

    /// <summary>The paths that were answered, in any order.</summary>
    public ConcurrentBag<string> Served { get; } = [];

    /// <summary>The <c>Authorization</c> headers that came, right or wrong.</summary>
    public ConcurrentBag<string> Presented { get; } = [];

    public void Dispose()
    {
        listener.Close();
        serving.Wait();
    }

    /// <summary>What of a password must stand nowhere: itself, and what Basic authentication makes of it.</summary>
    public static IReadOnlyList<string> Secrets(string password) => [password, Basic(password)];

    private static string Basic(string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password}"));

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
                return;
            }

            try
            {
                Answer(context);
            }
            catch (Exception e) when (e is HttpListenerException or IOException)
            {
                // The other side went away.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        using var response = context.Response;
        if (context.Request.Headers["Authorization"] is { } presented)
        {
            Presented.Add(presented);
        }

        if (password is not null && context.Request.Headers["Authorization"] != "Basic " + Basic(password))
        {
            response.StatusCode = (int)HttpStatusCode.Unauthorized;
            response.AddHeader("WWW-Authenticate", "Basic realm=\"feed\"");
            return;
        }

        var path = context.Request.Url!.AbsolutePath;
        if (Content(path) is not { } content)
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        Served.Add(path);
        response.ContentLength64 = content.Length;
        response.OutputStream.Write(content);
    }

    private byte[]? Content(string path)
    {
        switch (path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["v3", "index.json"]:
                var flat = new Uri(new Uri(Address), "/flat/");
                return Encoding.UTF8.GetBytes($$"""{"version":"3.0.0","resources":[{"@id":"{{flat}}","@type":"PackageBaseAddress/3.0.0"}]}""");
            case ["flat", var id, "index.json"]:
                var versions = Packages().Where(p => p.Id == id).Select(p => $"\"{p.Version}\"").ToList();
                return versions.Count == 0 ? null : Encoding.UTF8.GetBytes($$"""{"versions":[{{string.Join(',', versions)}}]}""");
            case ["flat", var id, var version, _]:
                return Packages().Where(p => p.Id == id && p.Version == version).Select(p => File.ReadAllBytes(p.Path)).FirstOrDefault();
            default:
                return null;
        }
    }

    // NAME.1.0.0.nupkg: the id has no digit after a dot in these tests.
    private IEnumerable<(string Id, string Version, string Path)> Packages() =>
        from path in Directory.GetFiles(folder, "*.nupkg")
        let name = Path.GetFileNameWithoutExtension(path)
        let dot = name.IndexOf('.', StringComparison.Ordinal)
        select (name[..dot].ToLowerInvariant(), name[(dot + 1)..], path);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
