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
        if (utf8.StartsWith("<<<<<<< "u8) || utf8.StartsWith(">>>>>>> "u8))
        {
            return 1;
        }

        // The line end is part of what is looked for, so that each search passes over the text once, whatever it holds.
        var opening = utf8.IndexOf("\n<<<<<<< "u8);
        var closing = utf8.IndexOf("\n>>>>>>> "u8);
        var first = opening < 0 ? closing : closing < 0 ? opening : Math.Min(opening, closing);
        return first < 0 ? 0 : utf8[..first].Count((byte)'\n') + 2;
    }

    /// <summary>Both sides of a file with markers (also in diff3 and zdiff3 style; the base is dropped). Without markers both sides are the text.</summary>
    public static (string Ours, string Theirs) Split(string text)
    {
        var ours = new StringBuilder(text.Length);
        var theirs = new StringBuilder(text.Length);
        var side = Side.Both;
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            // Only LF ends a line for git. JSON allows the other line separators of Unicode inside a string.
            var end = rest.IndexOf('\n');
            var whole = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[whole.Length..];
            var line = whole.TrimEnd("\r\n");
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
                ours.Append(whole);
            }

            if (side is Side.Both or Side.Theirs)
            {
                theirs.Append(whole);
            }
        }

        return (ours.ToString(), theirs.ToString());
    }
}
