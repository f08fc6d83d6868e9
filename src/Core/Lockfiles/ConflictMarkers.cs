using System.Text;

namespace Hardening.Lockfiles;

/// <summary>The markers that git leaves in a file it could not merge.</summary>
public static class ConflictMarkers
{
    private enum Side
    {
        Both,
        Ours,
        Base,
        Theirs,
    }

    /// <summary>The 1-based line of the first marker, 0 if there is none.</summary>
    public static int FirstLine(ReadOnlySpan<byte> utf8)
    {
        for (var marker = 0; marker < utf8.Length;)
        {
            var found = IndexOfMarker(utf8[marker..]);
            if (found < 0)
            {
                return 0;
            }

            marker += found;
            if (marker == 0 || utf8[marker - 1] == (byte)'\n')
            {
                return utf8[..marker].Count((byte)'\n') + 1;
            }

            marker++;
        }

        return 0;
    }

    private static int IndexOfMarker(ReadOnlySpan<byte> utf8)
    {
        var opening = utf8.IndexOf("<<<<<<< "u8);
        var closing = utf8.IndexOf(">>>>>>> "u8);
        return opening < 0 ? closing : closing < 0 ? opening : Math.Min(opening, closing);
    }

    /// <summary>Both sides of a file with markers (also in diff3 and zdiff3 style; the base is dropped). Without markers both sides are the text.</summary>
    public static (string Ours, string Theirs) Split(string text)
    {
        var ours = new StringBuilder(text.Length);
        var theirs = new StringBuilder(text.Length);
        var side = Side.Both;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            switch (side)
            {
                case Side.Both when line.StartsWith("<<<<<<< "):
                    side = Side.Ours;
                    continue;
                case Side.Ours when line.StartsWith("||||||| "):
                    side = Side.Base;
                    continue;
                case Side.Ours or Side.Base when line.SequenceEqual("======="):
                    side = Side.Theirs;
                    continue;
                case Side.Theirs when line.StartsWith(">>>>>>> "):
                    side = Side.Both;
                    continue;
                default:
                    break;
            }

            if (side is Side.Both or Side.Ours)
            {
                ours.Append(line).Append('\n');
            }

            if (side is Side.Both or Side.Theirs)
            {
                theirs.Append(line).Append('\n');
            }
        }

        return (ours.ToString(), theirs.ToString());
    }
}
