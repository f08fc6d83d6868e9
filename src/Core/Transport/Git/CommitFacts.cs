using System.Globalization;
using System.Text;

namespace Hardening.Transport.Git;

/// <summary>What a commit, and the tag it was asked for by, say of themselves.</summary>
internal sealed record CommitFacts(string Commit, DateTimeOffset? CommitterDate, DateTimeOffset? TaggerDate)
{
    /// <summary>The date in the header of a commit or tag: "committer Name &lt;address&gt; seconds zone".</summary>
    internal static DateTimeOffset? DateOf(ReadOnlySpan<byte> content, string key)
    {
        foreach (var range in content.Split((byte)'\n'))
        {
            var line = content[range];

            // The message begins; what stands in it says nothing.
            if (line.Length == 0)
            {
                return null;
            }

            if (line.StartsWith(Encoding.ASCII.GetBytes(key + " ")))
            {
                var end = line.LastIndexOf((byte)'>');
                return Date(Encoding.UTF8.GetString(line[(end + 1)..]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return null;
    }

    private static DateTimeOffset? Date(string[] parts)
        => parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
