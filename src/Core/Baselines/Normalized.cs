using System.Security.Cryptography;

namespace Hardening.Baselines;

/// <summary>Text as the lockfile hashes it: with LF line ends, so that how git checks a file out changes nothing.</summary>
internal static class Normalized
{
    /// <summary>The bytes, each CR before an LF left out.</summary>
    internal static byte[] Lf(byte[] text)
    {
        if (!text.AsSpan().Contains((byte)'\r'))
        {
            return text;
        }

        var kept = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\r' || i + 1 >= text.Length || text[i + 1] != '\n')
            {
                kept[length++] = text[i];
            }
        }

        return kept[..length];
    }

    /// <summary>SHA-512 over that, base64.</summary>
    internal static string Hash(byte[] text) => Convert.ToBase64String(SHA512.HashData(Lf(text)));
}
