namespace Hardening.Files;

/// <summary>How a system writes paths and tells them apart.</summary>
/// <param name="IsWindows">Whether there are drives and shares, and a backslash separates names as a slash does.</param>
/// <param name="IgnoresCase">Whether two paths that differ by case only are one, as file systems there have it unless somebody chose otherwise.</param>
public sealed record PathRules(bool IsWindows, bool IgnoresCase)
{
    /// <summary>Linux and every other system not named here.</summary>
    public static PathRules Linux { get; } = new(IsWindows: false, IgnoresCase: false);

    /// <summary>macOS.</summary>
    public static PathRules MacOS { get; } = new(IsWindows: false, IgnoresCase: true);

    /// <summary>Windows.</summary>
    public static PathRules Windows { get; } = new(IsWindows: true, IgnoresCase: true);

    /// <summary>The system that this process runs on.</summary>
    public static PathRules Here { get; } = OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsMacOS() ? MacOS : Linux;

    /// <summary>What stands between two names.</summary>
    public char Separator => IsWindows ? '\\' : '/';

    /// <summary>Compares names and normal paths.</summary>
    public StringComparison Comparison => IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Compares names and normal paths.</summary>
    public StringComparer Comparer => IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>
    /// Compares what NuGet writes itself, in one case, where a wrong "equal" would let a foreign folder pass: a macOS volume may tell case apart,
    /// which no rule knows.
    /// </summary>
    public StringComparison Strict => IsWindows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
}
