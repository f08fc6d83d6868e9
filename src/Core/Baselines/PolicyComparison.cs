using System.Globalization;
using Hardening.Policies;

namespace Hardening.Baselines;

/// <summary>What a change of the policy weakens.</summary>
internal static class PolicyComparison
{
    internal static void Compare(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        var path = after.AtRoot(Policy.FileName);
        if (before.PolicyHash == after.PolicyHash)
        {
            return;
        }

        if (after.PolicyHash.Length == 0)
        {
            weakenings.Add(path, $"The policy {path} was removed.");
            return;
        }

        if (after.Policy is not { } now || (before.Policy is null && before.PolicyHash.Length > 0))
        {
            weakenings.Add(path, $"{path} was changed and cannot be compared, because it is not a valid policy{(after.Policy is null ? string.Empty : $" at {before.Name}")}.");
            return;
        }

        var then = before.Policy ?? Policy.Default;
        Lowered("nuget.enforce", then.NuGet.Enforce, now.NuGet.Enforce);
        Lowered("nuget.implicitPackages", then.NuGet.ImplicitPackages, now.NuGet.ImplicitPackages);
        Lowered("actions.enforce", then.Actions.Enforce, now.Actions.Enforce);
        Lowered("images.enforce", then.Images.Enforce, now.Images.Enforce);
        if (now.NuGet.MinimumAge < then.NuGet.MinimumAge)
        {
            weakenings.Add(path, $"nuget.minimumAge is {Text(now.NuGet.MinimumAge)}, but {before.Name} has {Text(then.NuGet.MinimumAge)}.");
        }

        foreach (var id in now.NuGet.Own.Except(then.NuGet.Own, StringComparer.OrdinalIgnoreCase))
        {
            weakenings.Add(path, $"nuget.own has {id}, for which no lock entry is needed then.", id);
        }

        foreach (var exclusion in now.Exclude.Where(e => !then.Exclude.Any(o => o.Path.TrimEnd('/') == e.Path.TrimEnd('/'))))
        {
            weakenings.Add(path, $"exclude has {exclusion.Path}, so what matches it is not hardened ({exclusion.Reason}).");
        }

        foreach (var exception in now.Exceptions)
        {
            if (Difference(then.Exceptions, exception) is { } what)
            {
                weakenings.Add(path, what, exception.Input, exception.Line);
            }
        }

        void Lowered(string name, Enforcement old, Enforcement found)
        {
            if (found < old)
            {
                weakenings.Add(path, $"{name} is {Text(found)}, but {before.Name} has {Text(old)}.");
            }
        }
    }

    private static string? Difference(IReadOnlyList<PolicyException> then, PolicyException found)
    {
        if (then.Any(o => Covers(o, found) && o.Until >= found.Until))
        {
            return null;
        }

        var about = $"{found.Code.Id}{(found.Input.Length > 0 ? $" of {found.Input}" : string.Empty)}{(found.Path.Length > 0 ? $" in {found.Path}" : string.Empty)}";
        if (then.Where(o => Covers(o, found)).Select(o => o.Until).DefaultIfEmpty(DateOnly.MinValue).Max() is var until && until > DateOnly.MinValue)
        {
            return $"The exception for {about} counts until {Day(found.Until)}, but the baseline has {Day(until)}.";
        }

        return then.Any(o => o.Code.Id == found.Code.Id && Covers(found, o))
            ? $"The exception for {about} covers more than in the baseline ({found.Reason})."
            : $"An exception for {about} was added, until {Day(found.Until)} ({found.Reason}).";
    }

    // Whether one exception counts wherever another does.
    private static bool Covers(PolicyException outer, PolicyException inner) =>
        outer.Code.Id == inner.Code.Id
        && (outer.Path.Length == 0 || outer.Path == inner.Path)
        && (outer.Input.Length == 0 || outer.Input.Equals(inner.Input, StringComparison.OrdinalIgnoreCase)
            || (!outer.Input.Contains('/', StringComparison.Ordinal) && inner.Input.StartsWith(outer.Input + "/", StringComparison.OrdinalIgnoreCase)));

    private static string Text(Enforcement enforcement) => enforcement.ToString().ToLowerInvariant();

    private static string Text(TimeSpan age) => age == TimeSpan.Zero ? "0" : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.##}h");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
