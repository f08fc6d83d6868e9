using System.Buffers;
using System.Globalization;
using System.Text;

namespace Hardening.Ecosystems.NuGet;

/// <summary>Judges the name of a package alone: is it what it looks like, and does it imitate a well-known one?</summary>
/// <remarks>Pure and offline. Both checks take any text, however long or broken, and throw only for null.</remarks>
public static class PackageNames
{
    // The limit of nuget.org; it also bounds what a hostile id can cost.
    private const int LongestId = 100;

    // Below this nearly every id is one edit from another honest one (NLog, Moq, NEST).
    private const int ShortestCompared = 5;

    private const string ListResource = "Hardening.well-known-packages.txt";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>
    /// Families whose members lie close together and are not imitations of each other. All but the last are reserved on nuget.org:
    /// only their owner can push there. Sinks are named by many authors after what they write to, so a near name there is most often
    /// another target.
    /// </summary>
    private static readonly string[] Families =
        ["awssdk.", "azure.", "google.apis.", "google.cloud.", "microsoft.", "nuget.", "system.", "xunit.", "serilog.sinks."];

    /// <summary>
    /// Letters by the ASCII character that they can be taken for; written as escapes, because they are meant to be mistaken.
    /// Needs no completeness: it only makes the message clearer, every other character is reported as well.
    /// Blocks that follow ASCII in order (full-width, mathematical) are computed in <see cref="Resembled"/>.
    /// </summary>
    private static readonly (char Ascii, string LookAlikes)[] Confusables =
    [
        ('a', "\u0430\u03B1\u0251\u00E0\u00E1\u00E2\u00E3\u00E4\u00E5\u0101\u0103\u0105\u1EA1"),
        ('A', "\u0410\u0391\u00C0\u00C1\u00C2\u00C3\u00C4\u00C5\u0100\u0102\u0104"),
        ('b', "\u044C\u0184\u0253"),
        ('B', "\u0412\u0392"),
        ('c', "\u0441\u03F2\u1D04\u00E7\u0107\u010B\u010D"),
        ('C', "\u0421\u03F9\u00C7\u0106\u010A\u010C\u216D"),
        ('d', "\u0501\u0257\u010F\u0111\u217E"),
        ('D', "\u010E\u0110\u216E"),
        ('e', "\u0435\u04BD\u00E8\u00E9\u00EA\u00EB\u0113\u0117\u0119\u011B\u0451"),
        ('E', "\u0415\u0395\u00C8\u00C9\u00CA\u00CB\u0112\u0116\u0118\u011A\u0401"),
        ('F', "\u03DC"),
        ('g', "\u0261\u0581\u011F\u0121"),
        ('G', "\u050C\u011E\u0120"),
        ('h', "\u04BB\u0570"),
        ('H', "\u041D\u0397"),
        ('i', "\u0456\u0457\u03B9\u0131\u0269\u00EC\u00ED\u00EE\u00EF\u012B\u012F"),
        ('I', "\u0406\u0407\u0399\u04C0\u00CC\u00CD\u00CE\u00CF\u012A\u0130\u2160"),
        ('j', "\u0458\u03F3\u0237"),
        ('J', "\u0408\u037F"),
        ('k', "\u043A\u03BA"),
        ('K', "\u041A\u039A\u212A"),
        ('l', "\u04CF\u01C0\u0142\u2113\u217C"),
        ('L', "\u0141\u216C"),
        ('m', "\u217F"),
        ('M', "\u041C\u039C\u216F"),
        ('n', "\u0578\u00F1\u0144\u0146\u0148"),
        ('N', "\u039D\u00D1\u0143\u0147"),
        ('o', "\u043E\u03BF\u0585\u00F2\u00F3\u00F4\u00F5\u00F6\u00F8\u014D\u0151\u1ECD"),
        ('O', "\u041E\u039F\u0555\u00D2\u00D3\u00D4\u00D5\u00D6\u00D8\u014C\u0150"),
        ('p', "\u0440\u03C1"),
        ('P', "\u0420\u03A1"),
        ('q', "\u051B"),
        ('Q', "\u051A"),
        ('r', "\u0433\u0155\u0159"),
        ('s', "\u0455\u015B\u015F\u0161\u0219\u017F"),
        ('S', "\u0405\u015A\u015E\u0160\u0218"),
        ('t', "\u03C4\u0163\u0165\u021B"),
        ('T', "\u0422\u03A4\u0162\u0164\u021A"),
        ('u', "\u03C5\u057D\u00F9\u00FA\u00FB\u00FC\u016B\u016F\u0171"),
        ('U', "\u054D\u00D9\u00DA\u00DB\u00DC\u016A\u016E\u0170"),
        ('v', "\u03BD\u0475\u2174"),
        ('V', "\u0474\u2164"),
        ('w', "\u051D\u0461"),
        ('W', "\u051C"),
        ('x', "\u0445\u03C7\u2179"),
        ('X', "\u0425\u03A7\u2169"),
        ('y', "\u0443\u04AF\u03B3\u00FD\u00FF"),
        ('Y', "\u04AE\u03A5\u0423\u00DD\u0178"),
        ('z', "\u1D22\u017A\u017C\u017E"),
        ('Z', "\u0396\u0179\u017B\u017D"),
        ('3', "\u0417\u04E0\u0292"),
        ('.', "\u00B7\u2024\u2027\u3002"),
        ('-', "\u2010\u2011\u2012\u2013\u2014\u2212\uFE63"),
    ];

    private static readonly Lazy<WellKnownList> List = new(WellKnownList.Load);

    /// <summary>The well-known ids in the order of their file.</summary>
    internal static IReadOnlyList<string> WellKnown => List.Value.Ids;

    /// <summary>
    /// Finds the first character that no package id needs: anything but ASCII letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.
    /// </summary>
    /// <returns>
    /// Null when there is none (also for an empty id); else a description that holds only ASCII and never the character itself, like
    /// <c>U+0430 at position 3, looks like 'a'</c> or <c>U+200B at position 1, an invisible character</c>.
    /// Positions count UTF-16 code units from 1.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    public static string? FindLookAlike(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var index = id.AsSpan().IndexOfAnyExcept(Allowed);
        if (index < 0)
        {
            return null;
        }

        var whole = Rune.DecodeFromUtf16(id.AsSpan(index), out var rune, out _) == OperationStatus.Done;
        var codePoint = whole ? rune.Value : id[index];
        return string.Create(CultureInfo.InvariantCulture, $"U+{codePoint:X4} at position {index + 1}{Nature(codePoint)}");
    }

    /// <summary>
    /// Finds the well-known id that <paramref name="id"/> imitates: the one it is a single insertion, deletion, substitution or
    /// swap of neighbours away from, or equal to once separators and the usual confusions (0/o, 1/l/i, rn/m, vv/w) are disregarded.
    /// Casing does not count.
    /// </summary>
    /// <remarks>
    /// Not reported, since honest ids look the same: well-known ids, siblings that differ from a well-known id only in a number
    /// (Unity.Mvc4, Unity.Mvc5), members of a family of which nuget.org lets only the owner push (Microsoft., System.), and ids
    /// that meet one shorter than 5 characters by more than a swap.
    /// </remarks>
    /// <param name="id">An id that is new to the repository. Over 100 characters it cannot be of nuget.org and is not compared.</param>
    /// <returns>The well-known id as nuget.org displays it, the best match first and the same one on every machine; else null.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="InvalidOperationException">This assembly was built without the list.</exception>
    public static string? FindWellKnownNeighbour(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length is 0 or > LongestId)
        {
            return null;
        }

        var name = new Name(id);
        var list = List.Value;
        if (list.Contains(name) || IsInFamily(name) || list.Names.Exists(known => IsNumericSibling(name, known)))
        {
            return null;
        }

        // An exact confusion says more than an edit: Polly-Core is Polly.Core, whatever else is one edit away.
        var neighbour = list.Names.Find(known => IsConfusable(name, known)) ?? list.Names.Find(known => IsOneEdit(name, known));
        return neighbour?.Id;
    }

    private static string Nature(int codePoint)
    {
        if (Resembled(codePoint) is { } ascii)
        {
            return $", looks like '{ascii}'";
        }

        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.Control => ", a control character",
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => ", a combining mark",
            UnicodeCategory.Surrogate => ", half of a surrogate pair",
            UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => ", an invisible character",
            UnicodeCategory.SpaceSeparator => ", a space",
            // Hangul and Braille fillers: letters and symbols by category, blank on the screen.
            _ when codePoint is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 => ", an invisible character",
            _ => "",
        };
    }

    private static char? Resembled(int codePoint)
    {
        var computed = codePoint switch
        {
            >= 0xFF01 and <= 0xFF5E => (char)(codePoint - 0xFF01 + '!'),
            >= 0x1D400 and <= 0x1D6A3 when (codePoint - 0x1D400) % 52 is < 26 and var upper => (char)('A' + upper),
            >= 0x1D400 and <= 0x1D6A3 => (char)('a' + ((codePoint - 0x1D400) % 52) - 26),
            >= 0x1D7CE and <= 0x1D7FF => (char)('0' + ((codePoint - 0x1D7CE) % 10)),
            _ => '\0',
        };
        if (computed != '\0')
        {
            return computed;
        }

        foreach (var (ascii, lookAlikes) in Confusables)
        {
            if (codePoint <= char.MaxValue && lookAlikes.Contains((char)codePoint, StringComparison.Ordinal))
            {
                return ascii;
            }
        }

        return null;
    }

    private static bool IsInFamily(Name name) => Array.Exists(Families, prefix => name.Folded.StartsWith(prefix, StringComparison.Ordinal));

    private static bool IsConfusable(Name name, Name known) => !IsShort(name, known) && name.Skeleton == known.Skeleton;

    private static bool IsOneEdit(Name name, Name known)
    {
        if (Math.Abs(name.Folded.Length - known.Folded.Length) > 1)
        {
            return false;
        }

        var (start, nameEnd, knownEnd) = Difference(name.Folded, known.Folded);
        var mine = name.Folded.AsSpan(start..nameEnd);
        var theirs = known.Folded.AsSpan(start..knownEnd);
        return (mine.Length, theirs.Length) switch
        {
            (2, 2) => mine[0] == theirs[1] && mine[1] == theirs[0],
            ( <= 1, <= 1) => !IsShort(name, known),
            _ => false,
        };
    }

    private static bool IsShort(Name name, Name known) => Math.Min(name.Folded.Length, known.Folded.Length) < ShortestCompared;

    /// <summary>Whether the two differ in one number only, or one of them has a number where a word ends and the other has none.</summary>
    private static bool IsNumericSibling(Name name, Name known)
    {
        var (start, nameEnd, knownEnd) = Difference(name.Folded, known.Folded);

        // The whole number, not only its digits that differ: v2 and v12 differ in 2 and 12.
        while (start > 0 && char.IsAsciiDigit(name.Folded[start - 1]))
        {
            start--;
        }

        while (nameEnd < name.Folded.Length && char.IsAsciiDigit(name.Folded[nameEnd]))
        {
            nameEnd++;
            knownEnd++;
        }

        var mine = name.Id.AsSpan(start..nameEnd);
        var theirs = known.Id.AsSpan(start..knownEnd);
        if (mine.ContainsAnyExceptInRange('0', '9') || theirs.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        // A digit inside a word is no version: Dapp3er.
        return (mine.IsEmpty, theirs.IsEmpty) switch
        {
            (false, false) => true,
            (false, true) => IsWordEnd(name.Id, nameEnd),
            _ => IsWordEnd(known.Id, knownEnd),
        };
    }

    private static bool IsWordEnd(string id, int index) => index == id.Length || !char.IsAsciiLetterLower(id[index]);

    /// <summary>What is left of both texts without their common start and their common end.</summary>
    private static (int Start, int LeftEnd, int RightEnd) Difference(string left, string right)
    {
        var start = left.AsSpan().CommonPrefixLength(right);
        var (leftEnd, rightEnd) = (left.Length, right.Length);
        while (leftEnd > start && rightEnd > start && left[leftEnd - 1] == right[rightEnd - 1])
        {
            leftEnd--;
            rightEnd--;
        }

        return (start, leftEnd, rightEnd);
    }

    /// <summary>An id and the two forms in which it is compared.</summary>
    private sealed class Name(string id)
    {
        public string Id { get; } = id;

        /// <summary>ASCII letters in lower case. No other letter is folded, or the Kelvin sign would pass for a k.</summary>
        public string Folded { get; } = string.Create(id.Length, id, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
            }
        });

        /// <summary>What the eye keeps: no separators, one letter for each group of letters that look the same.</summary>
        public string Skeleton => field ??= SkeletonOf(Folded);

        private static string SkeletonOf(string folded)
        {
            var builder = new StringBuilder(folded.Length);
            for (var i = 0; i < folded.Length; i++)
            {
                var next = i + 1 < folded.Length ? folded[i + 1] : '\0';
                switch (folded[i], next)
                {
                    case ('.' or '-' or '_', _):
                        break;
                    case ('r', 'n'):
                        builder.Append('m');
                        i++;
                        break;
                    case ('v', 'v'):
                        builder.Append('w');
                        i++;
                        break;
                    case ('0', _):
                        builder.Append('o');
                        break;
                    case ('1' or 'i', _):
                        builder.Append('l');
                        break;
                    default:
                        builder.Append(folded[i]);
                        break;
                }
            }

            return builder.ToString();
        }
    }

    private sealed class WellKnownList
    {
        private readonly HashSet<string> folded;

        private WellKnownList(IReadOnlyList<string> ids)
        {
            Ids = ids;
            Names = [.. ids.Select(id => new Name(id))];
            folded = new HashSet<string>(Names.Select(name => name.Folded), StringComparer.Ordinal);
        }

        public IReadOnlyList<string> Ids { get; }

        public List<Name> Names { get; }

        public bool Contains(Name name) => folded.Contains(name.Folded);

        public static WellKnownList Load()
        {
            using var stream = typeof(PackageNames).Assembly.GetManifestResourceStream(ListResource)
                ?? throw new InvalidOperationException($"The resource {ListResource} is missing: this assembly was built without it.");
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var ids = new List<string>();
            while (reader.ReadLine() is { } line)
            {
                if (line.Length > 0 && line[0] != '#')
                {
                    ids.Add(line);
                }
            }

            return new WellKnownList(ids);
        }
    }
}
