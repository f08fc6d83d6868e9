using Hardening.Ecosystems.NuGet;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class MinimumAgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    [DataRow("2026-11-22T12:00:00Z", null)]
    [DataRow("2026-11-22T13:00:00+01:00", null)]
    [DataRow("1901-01-01T00:00:00Z", null)]
    [DataRow("2026-11-22T12:00:01Z", "A 1.0.0 was published on 2026-11-22 12:00 UTC and is 2 days and 23 hours old; minimumAge in hardening.yml demands 3 days. It is taken from 2026-11-25 12:00 UTC on.")]
    [DataRow("2026-11-22T20:00:00+09:00", null)]
    [DataRow("2026-11-25T10:59:00Z", "A 1.0.0 was published on 2026-11-25 10:59 UTC and is 1 hour and 1 minute old; minimumAge in hardening.yml demands 3 days. It is taken from 2026-11-28 10:59 UTC on.")]
    [DataRow("2026-11-25T12:00:00Z", "A 1.0.0 was published on 2026-11-25 12:00 UTC and is 0 minutes old; minimumAge in hardening.yml demands 3 days. It is taken from 2026-11-28 12:00 UTC on.")]
    [DataRow("2026-11-25T12:00:01Z", "A 1.0.0 was published on 2026-11-25 12:00 UTC, which is in the future; minimumAge in hardening.yml demands 3 days.")]
    [DataRow("9999-12-31T23:59:59Z", "A 1.0.0 was published on 9999-12-31 23:59 UTC, which is in the future; minimumAge in hardening.yml demands 3 days.")]
    [DataRow("1900-01-01T00:00:00Z", "The age of A 1.0.0 could not be judged, because its source does not tell when it was published; minimumAge in hardening.yml demands 3 days.")]
    [DataRow("1900-01-01T00:00:00+09:00", "The age of A 1.0.0 could not be judged, because its source does not tell when it was published; minimumAge in hardening.yml demands 3 days.")]
    [DataRow("0001-01-01T00:00:00Z", "The age of A 1.0.0 could not be judged, because its source does not tell when it was published; minimumAge in hardening.yml demands 3 days.")]
    [DataRow(null, "The age of A 1.0.0 could not be judged, because its source does not tell when it was published; minimumAge in hardening.yml demands 3 days.")]
    public void A_version_is_judged_by_its_date(string? published, string? message)
    {
        var finding = new MinimumAge(TimeSpan.FromDays(3), Now, "/r").Judge(Package("A"), published is null ? null : DateTimeOffset.Parse(published, null));

        Assert.AreEqual(message, finding?.Message);
        Assert.IsTrue(finding is null || (finding.Code == FindingCodes.TooYoung && finding.Severity == Severity.Error && finding.Input == "A/1.0.0" && Path.GetFileName(finding.Place.File) == "hardening.yml"));
        Assert.IsTrue(finding is null || finding.Command == "wait, or name an older version, or add an exception for HRD1028 with the input A/1.0.0 and a reason to hardening.yml");
    }

    [TestMethod]
    [DataRow(1, "1 hour")]
    [DataRow(12, "12 hours")]
    [DataRow(24, "24 hours")]
    [DataRow(49, "2 days and 1 hour")]
    [DataRow(24 * 14, "14 days")]
    [DataRow(24 * 3650, "3650 days")]
    public void The_demand_is_told(int hours, string text) => Assert.EndsWith($"demands {text}.", new MinimumAge(TimeSpan.FromHours(hours), Now, "/r").Judge(Package("A"), null)!.Message);

    [TestMethod]
    public void Without_a_demand_nobody_is_asked()
    {
        using var sample = new UpdateSample();
        sample.Package("A", "1.0.0");
        var asked = 0;

        Assert.IsEmpty(New(sample, "A").JudgeAsync(new NuGetPolicy(), string.Empty, Now, (_, _, _) => Task.FromResult<DateTimeOffset?>(Now.AddDays(++asked)), CancellationToken.None).GetAwaiter().GetResult());
        Assert.AreEqual(0, asked);
    }

    [TestMethod]
    public void What_the_dotnet_sdk_brings_and_what_is_the_repositorys_own_is_not_asked_for()
    {
        using var sample = new UpdateSample();
        var packs = Path.Combine(sample.Root, "..", "dotnet", "library-packs");
        sample.Package("Pack", "Pack", "1.0.0", Path.GetFullPath(packs) + "/", []);
        sample.Package("Fake", "Fake", "1.0.0", Path.GetFullPath(Path.Combine(sample.Root, "library-packs")), []);
        sample.Package("Own", "1.0.0");
        sample.Package("Other", "1.0.0");
        var asked = new List<string>();
        var findings = Judge(sample, new NuGetPolicy { MinimumAge = TimeSpan.FromDays(3), Own = ["own"] }, (package, source) => asked.Add($"{package} {Path.GetFileName(source)}"), "Fake", "Other", "Own", "Pack");

        CollectionAssert.AreEquivalent(new[] { "Fake library-packs", "Other index.json" }, asked);
        CollectionAssert.AreEqual(new[] { "Fake/1.0.0", "Other/1.0.0" }, findings.Select(f => f.Input).ToArray());

        IReadOnlyList<Finding> Judge(UpdateSample s, NuGetPolicy policy, Action<string, string> ask, params string[] ids) =>
            New(s, ids).JudgeAsync(policy, packs, Now, (package, source, _) =>
            {
                lock (asked)
                {
                    ask(package.Name, source);
                }

                return Task.FromResult<DateTimeOffset?>(null);
            }, CancellationToken.None).GetAwaiter().GetResult();
    }

    [TestMethod]
    public void What_is_not_known_is_told_and_the_others_are_judged()
    {
        using var sample = new UpdateSample();
        foreach (var id in (string[])["Bad", "Old", "Young"])
        {
            sample.Package(id, "1.0.0");
        }

        var findings = New(sample, "Bad", "None", "Old", "Young").JudgeAsync(new NuGetPolicy { MinimumAge = TimeSpan.FromHours(12) }, string.Empty, Now, async (package, _, token) =>
        {
            await Task.Yield();
            return package.Name switch { "Bad" => throw new InvalidDataException("feed did not answer"), "Old" => Now.AddHours(-12), _ => Now };
        }, CancellationToken.None).GetAwaiter().GetResult();

        CollectionAssert.AreEqual(new[] { "Bad/1.0.0", "None/1.0.0", "Young/1.0.0" }, findings.Select(f => f.Input).ToArray());
        Assert.StartsWith("The age of Bad 1.0.0 could not be judged, because feed did not answer; ", findings[0].Message);
        Assert.StartsWith("The age of None 1.0.0 could not be judged, because NuGet did not note which source it came from; ", findings[1].Message);
    }

    [TestMethod]
    public async Task Not_all_are_asked_at_once_and_it_can_be_stopped()
    {
        using var sample = new UpdateSample();
        var ids = Enumerable.Range(0, 100).Select(i => $"P{i}").ToArray();
        foreach (var id in ids)
        {
            sample.Package(id, "1.0.0");
        }

        var (running, most, asked) = (0, 0, 0);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() => New(sample, ids).JudgeAsync(new NuGetPolicy { MinimumAge = TimeSpan.FromDays(3) }, string.Empty, Now, async (_, _, token) =>
        {
            lock (stop)
            {
                most = Math.Max(most, ++running);
                if (++asked == 20)
                {
                    stop.Cancel();
                }
            }

            await Task.Delay(5, token);
            lock (stop)
            {
                running--;
            }

            return null;
        }, stop.Token));

        Assert.IsLessThanOrEqualTo(8, most);
        Assert.IsGreaterThan(1, most);
        Assert.IsLessThan(100, asked);
    }

    [TestMethod]
    public void An_update_asks_for_new_versions_only_and_writes_nothing_that_is_too_young()
    {
        using var sample = new UpdateSample();
        sample.Restored(RestoredSample.Of("App/App.csproj", RestoreSamples.Direct("A", "1.0.0")));
        sample.Package("A", "1.0.0");
        var asked = new List<string>();

        Assert.IsNull(Update(Lockfile.Empty).Lockfile);
        CollectionAssert.AreEqual(new[] { "A/1.0.0" }, asked);
        var locked = sample.Updated(Lockfile.Empty);
        asked.Clear();
        Assert.IsNotNull(Update(locked).Lockfile);
        Assert.IsEmpty(asked);

        UpdateResult Update(Lockfile previous) => new LockfileUpdate(new UpdateRequest(sample.Root, sample.Quarantine, UpdateSample.Sdk, UpdateSample.Rid)
        {
            JudgeAges = (packages, _) =>
            {
                Assert.Contains(sample.Root, packages.ConfigFolders);
                asked.AddRange(packages.Packages.Select(p => $"{p.Name}/{p.Version}"));
                return [.. packages.Packages.Select(p => new MinimumAge(TimeSpan.FromDays(3), Now, sample.Root).Judge(p, Now)!)];
            },
        }, previous).Run(CancellationToken.None);
    }

    private static PackageEntry Package(string id) => new(id, "1.0.0", new PackageContent(string.Empty, string.Empty, string.Empty));

    private static NewPackages New(UpdateSample sample, params string[] ids) => new(sample.Root, sample.Quarantine, [.. ids.Select(Package)], [sample.Root]);
}
