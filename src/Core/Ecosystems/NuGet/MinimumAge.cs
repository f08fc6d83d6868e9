using System.Globalization;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Ecosystems.NuGet;

/// <summary>Judges whether a package version is old enough to be taken by an update (<c>nuget.minimumAge</c> of the policy). Reads no clock and asks nobody.</summary>
/// <param name="demanded">How old a version has to be.</param>
/// <param name="now">The moment of the update.</param>
/// <param name="root">The repository root.</param>
public sealed class MinimumAge(TimeSpan demanded, DateTimeOffset now, string root)
{
    // Sources give this year to what they hide from searches and to what they know no date of.
    private const int NoDate = 1900;

    /// <summary>The finding about a version that is too young or has no date; null if it may be taken.</summary>
    /// <param name="package">The version.</param>
    /// <param name="published">When its source says it was published; null if it says nothing.</param>
    public Finding? Judge(PackageEntry package, DateTimeOffset? published)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (published is not { } date || date.UtcDateTime.Year <= NoDate)
        {
            return NotJudged(package, "its source does not tell when it was published");
        }

        if (date > now)
        {
            return Finding(package, $"{package.Name} {package.Version} was published on {Moment(date)}, which is in the future; {Demand()}");
        }

        // The age that is missing, so that no date is beyond what a calendar holds.
        return now - date >= demanded ? null : Finding(package, $"{package.Name} {package.Version} was published on {Moment(date)} and is {Age(now - date)} old; {Demand()} It is taken from {Moment(date + demanded)} on.");
    }

    /// <summary>The finding about a version whose age nobody told.</summary>
    /// <param name="package">The version.</param>
    /// <param name="reason">Why, as the rest of a sentence after "because".</param>
    public Finding NotJudged(PackageEntry package, string reason)
    {
        ArgumentNullException.ThrowIfNull(package);
        return Finding(package, $"The age of {package.Name} {package.Version} could not be judged, because {reason}; {Demand()}");
    }

    private string Demand() => $"minimumAge in {Policy.FileName} demands {Age(demanded)}.";

    private Finding Finding(PackageEntry package, string message)
    {
        var input = $"{package.Name}/{package.Version}";
        return new Finding(FindingCodes.TooYoung, message, new SourcePlace(Path.Combine(root, Policy.FileName)), $"wait, or name an older version, or add an exception for {FindingCodes.TooYoung.Id} with the input {input} and a reason to {Policy.FileName}") { Input = input };
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    // Rounded down: what is said to be three days old is so.
    private static string Age(TimeSpan age) =>
        age >= TimeSpan.FromDays(2) ? Of((int)age.TotalDays, "day", age.Hours, "hour") : age >= TimeSpan.FromHours(1) ? Of((int)age.TotalHours, "hour", age.Minutes, "minute") : Of(age.Minutes, "minute", 0, string.Empty);

    private static string Of(int count, string unit, int rest, string restUnit) => Number(count, unit) + (rest > 0 ? " and " + Number(rest, restUnit) : string.Empty);

    private static string Number(int count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? string.Empty : "s")}");
}
