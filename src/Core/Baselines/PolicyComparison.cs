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
        Images(then.Images, now.Images);
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

        var (allowed, forbidden) = (new RepositoryPatterns(then.Allow), new RepositoryPatterns(now.Forbid));
        Permitted("actions.allow", "repository", then.Allow, now.Allow, allowed.Covers);
        Forbidden("actions.forbid", then.Forbid, forbidden.Covers);
        Replacements(then.Replace, now.Replace);
    }

    private void Images(ImagesPolicy then, ImagesPolicy now)
    {
        Lowered("images.enforce", then.Enforce, now.Enforce);
        Lowered("images.unpinned", then.Unpinned, now.Unpinned);
        var (allowed, forbidden) = (new ImagePatterns(then.Allow), new ImagePatterns(now.Forbid));
        Permitted("images.allow", "image", then.Allow, now.Allow, allowed.Covers);
        Forbidden("images.forbid", then.Forbid, forbidden.Covers);
        Replacements(then.Replace, now.Replace);
    }

    // One that was added forbids an image; but what it tells people to use in its place is chosen by who added it.
    private void Replacements(IReadOnlyList<ImageReplacement> then, IReadOnlyList<ImageReplacement> now)
    {
        foreach (var old in then)
        {
            var found = now.FirstOrDefault(r => r.From == old.From);
            if (found?.To != old.To)
            {
                weakenings.Add(path, $"images.replace has {found?.To ?? "nothing"} in place of {old.From}, but {baseline} has {old.To}.", old.From);
            }
        }

        foreach (var added in now.Where(r => !then.Any(o => o.From == r.From)))
        {
            weakenings.Add(path, $"images.replace has {added.To} in place of {added.From}, which {baseline} has not; it is what people are told to write.", added.From);
        }
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

    private void Permitted(string name, string what, IReadOnlyList<string> then, IReadOnlyList<string> now, Func<string, bool> wasAllowed)
    {
        if (then.Count > 0 && now.Count == 0)
        {
            weakenings.Add(path, $"{name} is empty, so every {what} is permitted that is not forbidden.");
        }
        else if (then.Count > 0)
        {
            foreach (var pattern in now.Where(p => !wasAllowed(p)))
            {
                weakenings.Add(path, $"{name} has {pattern}, which {baseline} does not permit.");
            }
        }
    }

    private void Forbidden(string name, IReadOnlyList<string> then, Func<string, bool> isForbidden)
    {
        foreach (var pattern in then.Where(p => !isForbidden(p)))
        {
            weakenings.Add(path, $"{name} no longer covers {pattern}, which {baseline} forbids.");
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
        && outer.CoversInputOf(inner);

    private static string Text<T>(T word)
        where T : struct, Enum => word.ToString().ToLowerInvariant();

    private static string Text(TimeSpan age) => age == TimeSpan.Zero ? "0" : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.##}h");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
