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
    internal const string Unpinned = "unpinned";
    internal const string Allow = "allow";
    internal const string Forbid = "forbid";
    internal const string Replace = "replace";
    internal const string Update = "update";
    internal const string From = "from";
    internal const string To = "to";
    internal const string Refs = "refs";
    internal const string Path = "path";
    internal const string Reason = "reason";
    internal const string Code = "code";
    internal const string Input = "input";
    internal const string Until = "until";

    /// <summary>The key of <c>refs</c> that stands for every ref that is not there.</summary>
    internal const string AnyRef = "*";

    internal static readonly string[] OfRoot = [Version, Exclude, NuGet, Actions, Images, Exceptions];
    internal static readonly string[] OfNuGet = [Enforce, ImplicitPackages, MinimumAge, Own];
    internal static readonly string[] OfActions = [Enforce, Unpinned, Allow, Forbid, Replace, MinimumAge, Update];
    internal static readonly string[] OfReplacement = [From, To, Refs];
    internal static readonly string[] OfImages = [Enforce, Unpinned, Allow, Forbid, Replace];
    internal static readonly string[] OfImageReplacement = [From, To];
    internal static readonly string[] OfExclusion = [Path, Reason];
    internal static readonly string[] OfException = [Code, Input, Path, Reason, Until];

    /// <summary>The values of <c>enforce</c>, <c>implicitPackages</c> and <c>unpinned</c>.</summary>
    internal static readonly IReadOnlyDictionary<string, Enforcement> Enforcements = new Dictionary<string, Enforcement>(StringComparer.Ordinal)
    {
        ["off"] = Enforcement.Off,
        ["warn"] = Enforcement.Warn,
        ["ci"] = Enforcement.Ci,
        ["build"] = Enforcement.Build,
    };

    /// <summary>The values of <c>update</c>.</summary>
    internal static readonly IReadOnlyDictionary<string, UpdateRange> UpdateRanges = new Dictionary<string, UpdateRange>(StringComparer.Ordinal)
    {
        ["none"] = UpdateRange.None,
        ["patch"] = UpdateRange.Patch,
        ["minor"] = UpdateRange.Minor,
        ["major"] = UpdateRange.Major,
    };
}
