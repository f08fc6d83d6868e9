namespace Hardening.Policies;

/// <summary>The words of hardening.yml. A test holds them together with docs/schema/hardening.schema.json.</summary>
internal static class PolicyKeys
{
    internal const string Version = "version";
    internal const string Exclude = "exclude";
    internal const string NuGet = "nuget";
    internal const string Actions = "actions";
    internal const string Images = "images";
    internal const string Exceptions = "exceptions";
    internal const string Enforce = "enforce";
    internal const string ImplicitPackages = "implicitPackages";
    internal const string MinimumAge = "minimumAge";
    internal const string Own = "own";
    internal const string Path = "path";
    internal const string Reason = "reason";
    internal const string Code = "code";
    internal const string Input = "input";
    internal const string Until = "until";

    internal static readonly string[] OfRoot = [Version, Exclude, NuGet, Actions, Images, Exceptions];
    internal static readonly string[] OfNuGet = [Enforce, ImplicitPackages, MinimumAge, Own];
    internal static readonly string[] OfEcosystem = [Enforce];
    internal static readonly string[] OfExclusion = [Path, Reason];
    internal static readonly string[] OfException = [Code, Input, Path, Reason, Until];

    /// <summary>The values of <c>enforce</c> and <c>implicitPackages</c>.</summary>
    internal static readonly IReadOnlyDictionary<string, Enforcement> Enforcements = new Dictionary<string, Enforcement>(StringComparer.Ordinal)
    {
        ["off"] = Enforcement.Off,
        ["warn"] = Enforcement.Warn,
        ["ci"] = Enforcement.Ci,
        ["build"] = Enforcement.Build,
    };
}
