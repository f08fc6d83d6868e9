using System.Globalization;

namespace Hardening.EndToEnd.Tests;

/// <summary>hardening.yml in real updates and builds.</summary>
[TestClass]
public sealed class PolicyTests : EndToEndTest
{
    [TestMethod]
    public void An_update_takes_no_version_that_is_too_young()
    {
        var repository = NewRepository();
        Publish(repository, "Dependency", "1.0.0", DateTime.UtcNow.AddDays(-30));
        Publish(repository, "Good", "1.0.0", DateTime.UtcNow.AddHours(-50), ("Dependency", "1.0.0"));
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Write("hardening.yml", Policy());

        repository.Update("app").FailsWith("HRD1028").Says("Good 1.0.0 was published on ").Says("and is 2 days and 2 hours old; minimumAge in hardening.yml demands 3 days. It is taken from ").Says("add an exception for HRD1028 with the input Good/1.0.0").DoesNotSay("Dependency 1.0.0 was");
        Assert.IsFalse(File.Exists(repository.Lockfile));

        repository.Write("hardening.yml", Policy("Good/1.0.0"));
        repository.Update("app").Succeeds();
        repository.Build("app").Succeeds();

        // What is locked is not asked for again, whatever its file says now.
        repository.Write("hardening.yml", Policy());
        File.SetLastWriteTimeUtc(Path.Combine(repository.Feed, "Good.1.0.0.nupkg"), DateTime.UtcNow);
        repository.Update("app").Succeeds();

        Publish(repository, "Good", "2.0.0", DateTime.UtcNow.AddDays(1));
        repository.Project("app/app.csproj", TestRepository.Reference("Good", "2.0.0"));
        repository.Update("app").FailsWith("HRD1028").Says("Good 2.0.0 was published on ").Says("which is in the future");
        File.SetLastWriteTimeUtc(Path.Combine(repository.Feed, "Good.2.0.0.nupkg"), DateTime.UtcNow.AddDays(-3).AddMinutes(-1));
        repository.Update("app").Succeeds();
        repository.Build("app").Succeeds();
        Assert.Contains("\"good/2.0.0\"", repository.Read("hardening.lock.json"));
    }

    // The package of Hardening.Sdk itself was packed a moment ago.
    private static string Policy(params string[] inputs) => $"""
        nuget:
          minimumAge: 3d
        exceptions:
        {string.Join('\n', inputs.Append("Hardening.Sdk").Select(i => $"  - code: HRD1028\n    input: {i}\n    reason: a test\n    until: {DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"))}
        """;

    private static void Publish(TestRepository repository, string id, string version, DateTime when, params (string Id, string Version)[] dependencies)
    {
        var package = new TestPackage(id, version).With("lib/netstandard2.0/_._", string.Empty);
        foreach (var dependency in dependencies)
        {
            package.DependsOn(dependency.Id, dependency.Version);
        }

        package.WriteTo(repository.Feed);
        File.SetLastWriteTimeUtc(Path.Combine(repository.Feed, $"{id}.{version}.nupkg"), when);
    }
}
