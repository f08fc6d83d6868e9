using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hardening.Tests;

/// <summary>Accepts connections and says what a test wants, HTTP or not.</summary>
internal sealed class GitServerRaw : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<NetworkStream, Task> talk;

    public GitServerRaw(Func<NetworkStream, Task> talk)
    {
        this.talk = talk;
        listener.Start();
        _ = AcceptAsync();
    }

    public GitServerRaw(string answer)
        : this(async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(answer)))
    {
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>The beginning of what each connection said.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                _ = TalkAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var buffer = new byte[4096];
                var count = await client.GetStream().ReadAsync(buffer);
                Heard.Enqueue(Encoding.ASCII.GetString(buffer, 0, count));
                await talk(client.GetStream());
                client.Client.Shutdown(SocketShutdown.Send);
                while (await client.GetStream().ReadAsync(buffer) > 0)
                {
                }
            }
        }
        catch (IOException)
        {
            // The client hung up.
        }
    }
}
