using System.Globalization;

namespace Hardening.Policies;

/// <summary>How <c>minimumAge</c> is written: <c>0</c>, or a whole number of hours, days or weeks as in <c>12h</c>, <c>3d</c>, <c>2w</c>.</summary>
internal static class PolicyAge
{
    // Ten years: more is a mistake, and this also bounds the arithmetic.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    internal static bool TryParse(string text, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        var unit = text.Length is < 2 or > 6 ? TimeSpan.Zero : text[^1] switch
        {
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => TimeSpan.Zero,
        };
        if (unit == TimeSpan.Zero || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        age = count * unit;
        return age <= Longest;
    }
}
