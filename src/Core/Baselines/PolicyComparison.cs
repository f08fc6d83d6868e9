using System.Globalization;
using Hardening.Policies;

namespace Hardening.Baselines;

/// <summary>What a change of the policy weakens.</summary>
internal sealed class PolicyComparison
{
    private readonly string baseline;
    private readonly string path;
    private readonly Weakenings weakenings;

    private PolicyComparison(string baseline, string path, Weakenings weakenings)
    {
        this.baseline = baseline;
        this.path = path;
        this.weakenings = weakenings;
    }

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

        new PolicyComparison(before.Name, path, weakenings).Compare(before.Policy ?? Policy.Default, now);
    }

    private void Compare(Policy then, Policy now)
    {
        NuGet(then.NuGet, now.NuGet);
        Actions(then.Actions, now.Actions);
        Lowered("images.enforce", then.Images.Enforce, now.Images.Enforce);
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
    }

    private void NuGet(NuGetPolicy then, NuGetPolicy now)
    {
        Lowered("nuget.enforce", then.Enforce, now.Enforce);
        Lowered("nuget.implicitPackages", then.ImplicitPackages, now.ImplicitPackages);
        Shortened("nuget.minimumAge", then.MinimumAge, now.MinimumAge);
        foreach (var id in now.Own.Except(then.Own, StringComparer.OrdinalIgnoreCase))
        {
            weakenings.Add(path, $"nuget.own has {id}, for which no lock entry is needed then.", id);
        }
    }

    private void Actions(ActionsPolicy then, ActionsPolicy now)
    {
        Lowered("actions.enforce", then.Enforce, now.Enforce);
        Lowered("actions.unpinned", then.Unpinned, now.Unpinned);
        Shortened("actions.minimumAge", then.MinimumAge, now.MinimumAge);
        if (now.Update > then.Update)
        {
            weakenings.Add(path, $"actions.update is {Text(now.Update)}, which takes more versions than {Text(then.Update)}, which {baseline} has.");
        }

        Permissions(then, now);
        Replacements(then.Replace, now.Replace);
    }

    // An update writes what stands in for another into every workflow, so each change of it leads all of them elsewhere.
    private void Replacements(IReadOnlyList<ActionReplacement> then, IReadOnlyList<ActionReplacement> now)
    {
        foreach (var old in then)
        {
            var found = now.FirstOrDefault(r => IsSame(r.From, old.From));
            if (found is null || !IsSame(found.To, old.To))
            {
                weakenings.Add(path, $"actions.replace has {found?.To ?? "nothing"} in place of {old.From}, but {baseline} has {old.To}.", old.From);
            }
            else
            {
                Refs(old, found);
            }
        }

        foreach (var added in now.Where(r => !then.Any(o => IsSame(o.From, r.From))))
        {
            weakenings.Add(path, $"actions.replace has {added.To} in place of {added.From}, which {baseline} has not; an update writes it into the workflows.", added.From);
        }
    }

    // Also one that is added or removed counts: it says otherwise than `*`, or than that a ref keeps its name.
    private void Refs(ActionReplacement then, ActionReplacement now)
    {
        foreach (var name in then.Refs.Keys.Union(now.Refs.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (old, found) = (then.Refs.GetValueOrDefault(name), now.Refs.GetValueOrDefault(name));
            if (old != found)
            {
                weakenings.Add(path, $"actions.replace leads {name} of {now.From} to {found ?? "nothing of its own"} of {now.To}, but {baseline} has {old ?? "none"}; an update writes it into the workflows.", now.From);
            }
        }
    }

    private static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private void Permissions(ActionsPolicy then, ActionsPolicy now)
    {
        if (then.Allow.Count > 0 && now.Allow.Count == 0)
        {
            weakenings.Add(path, "actions.allow is empty, so every repository is permitted that is not forbidden.");
        }
        else if (then.Allow.Count > 0)
        {
            var allowed = new RepositoryPatterns(then.Allow);
            foreach (var pattern in now.Allow.Where(p => !allowed.Covers(p)))
            {
                weakenings.Add(path, $"actions.allow has {pattern}, which {baseline} does not permit.");
            }
        }

        var forbidden = new RepositoryPatterns(now.Forbid);
        foreach (var pattern in then.Forbid.Where(p => !forbidden.Covers(p)))
        {
            weakenings.Add(path, $"actions.forbid no longer covers {pattern}, which {baseline} forbids.");
        }
    }

    private void Lowered(string name, Enforcement then, Enforcement now)
    {
        if (now < then)
        {
            weakenings.Add(path, $"{name} is {Text(now)}, but {baseline} has {Text(then)}.");
        }
    }

    private void Shortened(string name, TimeSpan then, TimeSpan now)
    {
        if (now < then)
        {
            weakenings.Add(path, $"{name} is {Text(now)}, but {baseline} has {Text(then)}.");
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
            || (!outer.Input.Contains(outer.VersionSeparator, StringComparison.Ordinal) && inner.Input.StartsWith(outer.Input + outer.VersionSeparator, StringComparison.OrdinalIgnoreCase)));

    private static string Text<T>(T word)
        where T : struct, Enum => word.ToString().ToLowerInvariant();

    private static string Text(TimeSpan age) => age == TimeSpan.Zero ? "0" : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.##}h");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
