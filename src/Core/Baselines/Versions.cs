using NuGet.Versioning;

namespace Hardening.Baselines;

/// <summary>Compares versions as they stand in files.</summary>
internal static class Versions
{
    /// <summary>Whether one that stood there was replaced by a lower one, or by something that is no exact version.</summary>
    internal static bool IsLower(string before, string after)
    {
        if (string.Equals(before, after, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return !NuGetVersion.TryParse(after, out var now) || (NuGetVersion.TryParse(before, out var then) && now < then);
    }

    /// <summary>Sorts as NuGet orders; what is no version comes first.</summary>
    internal static int Compare(string left, string right) =>
        NuGetVersion.TryParse(left, out var l) && NuGetVersion.TryParse(right, out var r) ? l.CompareTo(r) : string.CompareOrdinal(left, right);
}
