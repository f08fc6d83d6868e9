using System.Globalization;
using System.Text;

namespace Hardening.Transport.Git;

/// <summary>Writes a request of protocol version 2: a command, what both sides can, and its arguments.</summary>
internal sealed class PktRequest
{
    private readonly MemoryStream body = new();

    /// <param name="command">Its name.</param>
    /// <param name="isSha256">Whether the ids of the repository are SHA-256. Servers that know only SHA-1 may not know the capability, so it is said only where it matters.</param>
    internal PktRequest(string command, bool isSha256)
    {
        Line("command=" + command);
        if (isSha256)
        {
            Line("object-format=sha256");
        }

        body.Write("0001"u8);
    }

    internal PktRequest With(params ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
        {
            Line(argument);
        }

        return this;
    }

    internal byte[] End()
    {
        body.Write("0000"u8);
        return body.ToArray();
    }

    private void Line(string text)
    {
        var data = Encoding.UTF8.GetBytes(text + "\n");
        body.Write(Encoding.ASCII.GetBytes((data.Length + 4).ToString("x4", CultureInfo.InvariantCulture)));
        body.Write(data);
    }
}
