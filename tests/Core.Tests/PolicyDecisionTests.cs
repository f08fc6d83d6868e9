using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class PolicyDecisionTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static readonly string Root = Path.GetFullPath("/repository");
    private static readonly DateOnly Today = new(2027, 1, 15);
    private static readonly FindingCode Action = new("HRD2001", Severity.Error, "An action");
    private static readonly FindingCode Image = new("HRD3001", Severity.Error, "An image");
    private static readonly FindingCode Signature = new("HRD4001", Severity.Error, "A signature");

    [TestMethod]
    public void The_default_policy_changes_nothing()
    {
        Finding[] findings = [Of(FindingCodes.FileChanged), Of(FindingCodes.NeighbourId), Of(FindingCodes.LockfileMissing), Of(Action), Of(Image) with { SeverityOverride = Severity.Message }];

        CollectionAssert.AreEqual(findings, Apply(Policy.Default, ci: false, findings).ToArray());
        CollectionAssert.AreEqual(findings, Apply(Policy.Default, ci: true, findings).ToArray());
    }

    [TestMethod]
    [DataRow(Enforcement.Off, false, null)]
    [DataRow(Enforcement.Off, true, null)]
    [DataRow(Enforcement.Warn, false, Severity.Warning)]
    [DataRow(Enforcement.Warn, true, Severity.Warning)]
    [DataRow(Enforcement.Ci, false, Severity.Warning)]
    [DataRow(Enforcement.Ci, true, Severity.Error)]
    [DataRow(Enforcement.Build, false, Severity.Error)]
    [DataRow(Enforcement.Build, true, Severity.Error)]
    public void An_ecosystem_is_enforced_where_its_policy_says(Enforcement enforcement, bool ci, Severity? expected)
    {
        (Policy Policy, FindingCode Code)[] cases =
        [
            (new Policy { NuGet = new NuGetPolicy { Enforce = enforcement } }, FindingCodes.FileChanged),
            (new Policy { Actions = new ActionsPolicy { Enforce = enforcement } }, Action),
            (new Policy { Images = new ImagesPolicy { Enforce = enforcement } }, Image),
        ];
        foreach (var (policy, code) in cases)
        {
            Assert.AreEqual(expected, Apply(policy, ci, Of(code)).SingleOrDefault()?.Severity, code.Id);

            // What is no error stays what it is, and so does what belongs to others.
            if (enforcement != Enforcement.Off)
            {
                Assert.AreEqual(Severity.Message, Apply(policy, ci, Of(code) with { SeverityOverride = Severity.Message }).Single().Severity);
                Assert.AreEqual(Severity.Warning, Apply(policy, ci, Of(code) with { SeverityOverride = Severity.Warning }).Single().Severity);
            }

            foreach (var other in cases.Select(c => c.Code).Append(FindingCodes.LockfileMissing).Append(FindingCodes.NotHardened).Append(Signature).Where(c => c != code))
            {
                Assert.AreEqual(Severity.Error, Apply(policy, ci, Of(other)).Single().Severity, other.Id);
            }
        }
    }

    [TestMethod]
    [DataRow(Enforcement.Off, Enforcement.Build, false, null)]
    [DataRow(Enforcement.Warn, Enforcement.Build, true, Severity.Warning)]
    [DataRow(Enforcement.Ci, Enforcement.Build, false, Severity.Warning)]
    [DataRow(Enforcement.Ci, Enforcement.Build, true, Severity.Error)]
    [DataRow(Enforcement.Build, Enforcement.Build, false, Severity.Error)]
    [DataRow(Enforcement.Build, Enforcement.Off, true, null)]
    [DataRow(Enforcement.Build, Enforcement.Warn, true, Severity.Warning)]
    [DataRow(Enforcement.Build, Enforcement.Ci, false, Severity.Warning)]
    [DataRow(Enforcement.Build, Enforcement.Ci, true, Severity.Error)]
    [DataRow(Enforcement.Warn, Enforcement.Ci, true, Severity.Warning)]
    public void Implicit_packages_have_a_switch_of_their_own_and_enforce_only_lowers_it(Enforcement implicitPackages, Enforcement enforce, bool ci, Severity? expected)
    {
        var policy = new Policy { NuGet = new NuGetPolicy { Enforce = enforce, ImplicitPackages = implicitPackages } };

        foreach (Severity? before in (Severity?[])[null, Severity.Warning, Severity.Error])
        {
            Assert.AreEqual(expected, Apply(policy, ci, Of(FindingCodes.SdkNotLocked) with { SeverityOverride = before }).SingleOrDefault()?.Severity);
        }
    }

    [TestMethod]
    [DataRow(Enforcement.Off, Enforcement.Build, true, null)]
    [DataRow(Enforcement.Warn, Enforcement.Build, true, Severity.Warning)]
    [DataRow(Enforcement.Ci, Enforcement.Build, false, Severity.Warning)]
    [DataRow(Enforcement.Ci, Enforcement.Build, true, Severity.Error)]
    [DataRow(Enforcement.Build, Enforcement.Build, false, Severity.Error)]
    [DataRow(Enforcement.Build, Enforcement.Off, true, null)]
    [DataRow(Enforcement.Build, Enforcement.Warn, true, Severity.Warning)]
    [DataRow(Enforcement.Build, Enforcement.Ci, false, Severity.Warning)]
    [DataRow(Enforcement.Build, Enforcement.Ci, true, Severity.Error)]
    public void What_is_only_not_pinned_has_a_switch_of_its_own_and_enforce_only_lowers_it(Enforcement unpinned, Enforcement enforce, bool ci, Severity? expected)
    {
        var policy = new Policy
        {
            Actions = new ActionsPolicy { Enforce = enforce, Unpinned = unpinned },
            Images = new ImagesPolicy { Enforce = enforce, Unpinned = unpinned },
        };

        foreach (var code in (FindingCode[])[FindingCodes.ActionNotPinned, FindingCodes.ImageNotPinned, FindingCodes.ImageLatest])
        {
            foreach (Severity? before in (Severity?[])[null, Severity.Warning, Severity.Error])
            {
                Assert.AreEqual(expected, Apply(policy, ci, Of(code) with { SeverityOverride = before }).SingleOrDefault()?.Severity);
            }
        }
    }

    [TestMethod]
    public void Nothing_else_goes_by_that_switch()
    {
        var actions = new Policy { Actions = new ActionsPolicy { Unpinned = Enforcement.Off } };
        var images = new Policy { Images = new ImagesPolicy { Unpinned = Enforcement.Off } };

        foreach (var code in FindingCodes.All.Where(c => c.Id[..4] is "HRD2" or "HRD3"))
        {
            var (policy, own) = code.Id[3] == '2' ? (actions, code == FindingCodes.ActionNotPinned) : (images, code == FindingCodes.ImageNotPinned || code == FindingCodes.ImageLatest);
            var expected = own ? (Severity?)null : code.Severity;
            Assert.AreEqual(expected, Apply(policy, ci: true, Of(code)).SingleOrDefault()?.Severity, code.Id);
        }
    }

    [TestMethod]
    public void Without_a_policy_what_is_only_not_pinned_is_a_warning()
    {
        foreach (var ci in (bool[])[false, true])
        {
            Assert.AreEqual(Severity.Warning, Apply(Policy.Default, ci, Of(FindingCodes.ActionNotPinned)).Single().Severity);
            Assert.AreEqual(Severity.Warning, Apply(Policy.Default, ci, Of(FindingCodes.ImageNotPinned)).Single().Severity);
            Assert.AreEqual(Severity.Error, Apply(Policy.Default, ci, Of(FindingCodes.ActionShortCommit)).Single().Severity);
        }
    }

    [TestMethod]
    [DataRow("owner/repo", "owner/repo", true)]
    [DataRow("Owner/Repo", "owner/repo@v4", true)]
    [DataRow("owner/repo@v4", "owner/repo@v4", true)]
    [DataRow("owner/repo@v4", "owner/repo@v4.1", false)]
    [DataRow("owner/repo@v4", "owner/repo", false)]
    [DataRow("owner/repo@releases", "owner/repo@releases/v1", false)]
    [DataRow("https://git.example/owner/repo", "https://git.example/owner/repo@v4", true)]
    [DataRow("owner", "owner/repo", false)]
    [DataRow("owner", "owner/repo@v4", false)]
    [DataRow("owner/repo", "owner/repo2@v4", false)]
    [DataRow("https://git.example/owner", "https://git.example/owner/repo", false)]
    public void An_exception_for_an_action_covers_its_refs_and_no_other_repository(string exception, string input, bool covered)
    {
        var policy = With(new PolicyException(FindingCodes.ActionShortCommit, "reviewed", Today) { Input = exception });

        Assert.AreEqual(covered ? 0 : 1, Apply(policy, ci: true, Of(FindingCodes.ActionShortCommit) with { Input = input }).Count);
    }

    [TestMethod]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine:3.22", true)]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine@" + Digest, true)]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine:3.22@" + Digest, true)]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine", true)]
    [DataRow("docker.io/library/alpine:3.22", "docker.io/library/alpine:3.22", true)]
    [DataRow("docker.io/library/alpine@" + Digest, "docker.io/library/alpine@" + Digest, true)]
    [DataRow("localhost:5000/x", "localhost:5000/x:1", true)]
    [DataRow("localhost:5000/x:1", "localhost:5000/x:1", true)]
    [DataRow("localhost:5000", "localhost:5000/x", false, DisplayName = "a port is no tag")]
    [DataRow("localhost:5000", "localhost:5000/x:1", false)]
    [DataRow("localhost", "localhost:5000/x", false)]
    [DataRow("docker.io", "docker.io/library/alpine:3", false, DisplayName = "a registry is no image")]
    [DataRow("docker.io/library", "docker.io/library/alpine:3", false)]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine/git:3", false)]
    [DataRow("docker.io/library/alpine", "docker.io/library/alpine2:3", false)]
    [DataRow("docker.io/library/alpine:3", "docker.io/library/alpine:3.22", false)]
    [DataRow("docker.io/library/alpine:3.22", "docker.io/library/alpine:3.22@" + Digest, false)]
    [DataRow("docker.io/library/alpine:rc", "docker.io/library/alpine:RC", false, DisplayName = "tags differ by case")]
    [DataRow("docker.io/library/alpine:3", "docker.io/library/alpine", false)]
    [DataRow("docker.io/library/alpine", "", false)]
    public void An_exception_for_an_image_covers_its_tags_and_digests_and_no_other_image(string exception, string input, bool covered)
    {
        var policy = With(new PolicyException(FindingCodes.ImageNotPinned, "reviewed", Today) { Input = exception });

        Assert.AreEqual(covered ? 0 : 1, Apply(policy, ci: true, Of(FindingCodes.ImageNotPinned) with { Input = input }).Count);
    }

    [TestMethod]
    [DataRow("", "a", true)]
    [DataRow("", "", true)]
    [DataRow("some.package", "Some.Package", true)]
    [DataRow("some.package", "Some.Package/1.0", true)]
    [DataRow("Some.Package/1.0", "some.package/1.0", true)]
    [DataRow("Some.Package/1.0", "some.package/1.0.1", false)]
    [DataRow("Some.Package/1.0", "some.package", false)]
    [DataRow("Some.Package", "Some.Package.More/1.0", false)]
    [DataRow("Some.Package", "", false)]
    [DataRow("owner/action", "owner/action/v4", true)]
    [DataRow("owner", "owner/action/v4", false)]
    public void An_exception_covers_its_input(string exception, string input, bool covered)
    {
        var policy = With(Exception() with { Input = exception });

        Assert.AreEqual(covered ? 0 : 1, Apply(policy, ci: true, Of(FindingCodes.NeighbourId) with { Input = input }).Count);
    }

    [TestMethod]
    [DataRow("src/**", "/repository/src/a/a.csproj", true)]
    [DataRow("src", "/repository/src/a/a.csproj", true)]
    [DataRow("src", "src/a/a.csproj", true)]
    [DataRow("src", "/repository/tests/a.csproj", false)]
    [DataRow("src", "/elsewhere/src/a.csproj", false)]
    [DataRow("src", "/repository/src/../tests/a.csproj", false)]
    [DataRow("**", "/repository2/src/a.csproj", false)]
    [DataRow("**", "../a.csproj", false)]
    [DataRow("**", "", false)]
    [DataRow("**", "/repository/a\0", false)]
    [DataRow("", "/elsewhere/src/a.csproj", true)]
    [DataRow("", "", true)]
    public void An_exception_covers_its_path_below_the_root(string pattern, string file, bool covered)
    {
        var policy = With(Exception() with { Path = pattern });
        var full = file.StartsWith('/') ? Path.GetPathRoot(Root)!.TrimEnd('/') + file : file;

        Assert.AreEqual(covered ? 0 : 1, Apply(policy, ci: true, Of(FindingCodes.NeighbourId) with { Place = new SourcePlace(full) }).Count);
    }

    [TestMethod]
    public void An_exception_covers_its_code_only()
        => Assert.AreEqual(FindingCodes.NewCode, Apply(With(Exception()), ci: false, Of(FindingCodes.NewCode), Of(FindingCodes.NeighbourId)).Single().Code);

    [TestMethod]
    public void Case_of_a_path_counts_as_the_file_system_has_it()
    {
        var policy = With(Exception() with { Path = "SRC" });
        Finding[] findings = [Of(FindingCodes.NeighbourId)];

        Assert.HasCount(1, PolicyDecision.Apply(findings, policy, Root, false, Today, StringComparison.Ordinal));
        Assert.HasCount(0, PolicyDecision.Apply(findings, policy, Root, false, Today, StringComparison.OrdinalIgnoreCase));
    }

    [TestMethod]
    public void An_exception_counts_on_its_last_day()
    {
        Assert.IsEmpty(Apply(With(Exception() with { Until = Today }), ci: true, Of(FindingCodes.FileChanged) with { Code = FindingCodes.NeighbourId }));
        Assert.HasCount(2, Apply(With(Exception() with { Until = Today.AddDays(-1) }), ci: true, Of(FindingCodes.NeighbourId)));
    }

    [TestMethod]
    public void An_expired_exception_warns_in_a_build_and_fails_on_a_build_server()
    {
        var policy = With(Exception() with { Code = FindingCodes.FileChanged, Input = "A", Reason = "seen", Until = Today.AddDays(-1), Line = 7 });
        Finding[] findings = [Of(FindingCodes.FileChanged) with { Input = "a/1.0" }, Of(FindingCodes.FileChanged) with { Input = "a/2.0" }, Of(FindingCodes.FileChanged) with { Input = "b/1.0" }];

        var build = Apply(policy, ci: false, findings);
        var server = Apply(policy, ci: true, findings);

        CollectionAssert.AreEqual(
            new[] { ("a/1.0", Severity.Warning), ("a/2.0", Severity.Warning), ("b/1.0", Severity.Error), ("A", Severity.Warning) },
            build.Select(f => (f.Input, f.Severity)).ToArray());
        CollectionAssert.AreEqual(
            new[] { ("a/1.0", Severity.Error), ("a/2.0", Severity.Error), ("b/1.0", Severity.Error), ("A", Severity.Error) },
            server.Select(f => (f.Input, f.Severity)).ToArray());
        var expired = build[^1];
        Assert.AreEqual((FindingCodes.ExceptionExpired, new SourcePlace(Path.Combine(Root, "hardening.yml"), 7)), (expired.Code, expired.Place));
        Assert.AreEqual("The exception for HRD1003 of A ended on 2027-01-14, and what it covered is still found. Its reason was: seen", expired.Message);
    }

    [TestMethod]
    public void An_expired_exception_raises_nothing()
    {
        var policy = With(Exception() with { Until = Today.AddDays(-1) });

        Assert.AreEqual(Severity.Warning, Apply(policy, ci: true, Of(FindingCodes.NeighbourId))[0].Severity);
        Assert.AreEqual(Severity.Message, Apply(policy, ci: false, Of(FindingCodes.NeighbourId) with { SeverityOverride = Severity.Message })[0].Severity);
    }

    [TestMethod]
    public void An_expired_exception_beside_one_that_counts_is_not_said()
        => Assert.IsEmpty(Apply(With(Exception() with { Until = Today.AddDays(-1) }, Exception()), ci: true, Of(FindingCodes.NeighbourId)));

    [TestMethod]
    public void An_expired_exception_that_covers_nothing_is_not_said()
    {
        var policy = With(Exception() with { Until = Today.AddDays(-1) });

        Assert.AreEqual(FindingCodes.FileChanged, Apply(policy, ci: true, Of(FindingCodes.FileChanged)).Single().Code);
        Assert.IsEmpty(Apply(policy with { NuGet = new NuGetPolicy { Enforce = Enforcement.Off } }, ci: true, Of(FindingCodes.NeighbourId)));
    }

    private static IReadOnlyList<Finding> Apply(Policy policy, bool ci, params Finding[] findings) =>
        PolicyDecision.Apply(findings, policy, Root, ci, Today, StringComparison.Ordinal);

    private static Policy With(params PolicyException[] exceptions) => new() { Exceptions = exceptions };

    private static PolicyException Exception() => new(FindingCodes.NeighbourId, "reviewed", Today.AddDays(1));

    private static Finding Of(FindingCode code) => new(code, "Something was found.", new SourcePlace(Path.Combine(Root, "src", "a.csproj"), 3, 4));
}
