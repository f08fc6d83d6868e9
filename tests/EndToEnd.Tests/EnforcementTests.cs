namespace Hardening.EndToEnd.Tests;

/// <summary>What hardening.yml changes in a build.</summary>
[TestClass]
public sealed class EnforcementTests : EndToEndTest
{
    [TestMethod]
    public void Where_an_ecosystem_fails_is_for_the_policy_to_say()
    {
        var repository = NewRepository();
        new TestPackage("Good").WriteTo(repository.Feed);
        new TestPackage("New").WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Update("app").Succeeds();
        repository.Project("app/app.csproj", TestRepository.Reference("Good") + TestRepository.Reference("New"));
        repository.Build("app").FailsWith("HRD1001");

        repository.Write("hardening.yml", "nuget:\n  enforce: warn\n");
        var warned = repository.Build("app").Succeeds();
        Assert.Contains("HRD1001", warned.Warnings, warned.Output);

        repository.Write("hardening.yml", "nuget:\n  enforce: ci\n");
        repository.Build("app").Succeeds();
        repository.Environment["CI"] = "true";
        repository.Build("app").FailsWith("HRD1001");

        repository.Write("hardening.yml", "nuget:\n  enforce: off\n");
        var off = repository.Build("app").Succeeds();
        Assert.IsEmpty(off.Warnings, off.Output);
        repository.Run("restore", "app", "-p:RestoreUseStaticGraphEvaluation=true", "--force").Succeeds();

        // What the gate says of itself is no matter of an ecosystem.
        File.Delete(repository.Lockfile);
        repository.Build("app").FailsWith("HRD0001");
    }

    [TestMethod]
    public void An_exception_ends_with_a_warning_in_a_build_and_an_error_on_a_build_server()
    {
        var repository = NewRepository();
        new TestPackage("Good").With("lib/netstandard2.0/_._", string.Empty).WriteTo(repository.Feed);
        repository.Project("app/app.csproj", TestRepository.Reference("Good"));
        repository.Update("app").Succeeds();
        repository.Build("app").Succeeds();
        File.WriteAllText(Path.Combine(repository.PackageFolder("Good"), "added.txt"), "x");
        repository.Build("app").FailsWith("HRD1004");

        repository.Write("hardening.yml", Exception("2999-12-31"));
        repository.Build("app").Succeeds().DoesNotSay("HRD");
        repository.Write("hardening.yml", Exception("2026-01-31"));
        var expired = repository.Build("app").Succeeds();
        CollectionAssert.AreEqual(new[] { "HRD0016", "HRD1004" }, expired.Warnings.ToList(), expired.Output);
        expired.Says("hardening.yml(2)").Says("seen and harmless");
        repository.Environment["CI"] = "true";
        repository.Build("app").FailsWith("HRD0016", "HRD1004");

        static string Exception(string until) => $"exceptions:\n  - code: HRD1004\n    input: good\n    reason: seen and harmless\n    until: {until}\n";
    }

    [TestMethod]
    public void A_policy_that_is_not_valid_fails_with_its_place_and_a_guess()
    {
        var repository = NewRepository();
        repository.Project("app/app.csproj");
        repository.Update("app").Succeeds();
        repository.Write("hardening.yml", "nuget:\n  enforced: build\n  minimumAge: three days\n");
        repository.Build("app").FailsWith("HRD0015").Says("hardening.yml(2,3)").Says("did you mean `enforce`?").Says("hardening.yml(3,15)");
        repository.Update("app").FailsWith("HRD0015");
    }
}
