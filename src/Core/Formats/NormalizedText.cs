using System.Security.Cryptography;

namespace Hardening.Formats;

/// <summary>Text as the lockfile hashes it: with LF line ends, so that how git checks a file out changes nothing.</summary>
public static class NormalizedText
{
    /// <summary>SHA-512, base64, over the bytes of a text, each CR before an LF left out.</summary>
    public static string Hash(ReadOnlySpan<byte> text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        while (text.IndexOf("\r\n"u8) is >= 0 and var at)
        {
            hash.AppendData(text[..at]);
            text = text[(at + 1)..];
        }

        hash.AppendData(text);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }
}
