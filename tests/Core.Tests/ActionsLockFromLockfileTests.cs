using System.Text;
using CsCheck;
using Hardening.Ecosystems.Actions.GitHubLock;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class ActionsLockFromLockfileTests
{
    private static readonly string Script = "actions/script@" + ActionsLockSamples.Script;

    [TestMethod]
    public void It_is_made_in_the_canonical_form()
    {
        var made = ActionsLock.FromLockfile(ActionsLockSamples.Repository, ActionsLockSamples.Section, out var findings);

        Assert.IsEmpty(findings);
        Assert.AreEqual(ActionsLockSamples.Full, Encoding.UTF8.GetString(ActionsLockWriter.Write(made)));
    }

    [TestMethod]
    public void What_is_made_is_read_without_an_error_and_fits()
    {
        var (whole, deep) = (0, 0);
        Repositories.Sample((repository, section) =>
        {
            var made = ActionsLock.FromLockfile(repository, section, out var findings);
            var read = ActionsLockSamples.Read(Encoding.UTF8.GetString(ActionsLockWriter.Write(made)));
            var again = ActionsLock.FromLockfile(repository with { Workflows = [.. repository.Workflows.Reverse()] }, section, out _);

            Assert.AreEqual(ActionsLockSamples.Content(made), ActionsLockSamples.Content(read));
            Assert.AreEqual(ActionsLockSamples.Content(made), ActionsLockSamples.Content(again));
            Assert.IsTrue(findings.Count > 0 || made.Workflows.Count == repository.Workflows.Count);
            var onboarded = repository with { Workflows = [.. repository.Workflows.Where(w => made.Workflows.ContainsKey(w.Path))] };
            var said = ActionsLockVerifier.Verify(read, onboarded, section);
            Assert.IsEmpty(said, string.Join('\n', said.Select(ActionsLockSamples.SayWhere)));
            Interlocked.Add(ref whole, findings.Count == 0 && made.Dependencies.Count > 0 ? 1 : 0);
            Interlocked.Add(ref deep, made.Dependencies.Values.Any(d => d.Uses.Count > 0) ? 1 : 0);
        }, iter: 3_000);

        // The repositories are no noise: of many a whole file is made, of many one in which actions use others.
        Assert.IsGreaterThan(100, whole);
        Assert.IsGreaterThan(100, deep);
    }

    [TestMethod]
    [DataRow("refs/tags/v8.0.0 refs/tags/v8 refs/heads/main", "v8.0.0")]
    [DataRow("refs/tags/v1.9.0 refs/tags/v1.10.0 refs/tags/1.2.0", "v1.10.0")]
    [DataRow("refs/tags/v2.0.0-rc1 refs/tags/v1.9.0", "v1.9.0")]
    [DataRow("refs/tags/vv1.0.0 refs/tags/v1", "v1")]
    [DataRow("refs/heads/main refs/tags/predicate@1.1.4", "predicate@1.1.4")]
    [DataRow("refs/heads/release/v1 refs/heads/main", "main")]
    [DataRow("refs/tags/v99999999999.0.0 refs/tags/v1.0.0", "v1.0.0")]
    public void Beside_a_commit_stands_the_ref_that_tells_most(string refs, string expected)
    {
        var section = ActionsLockSamples.Section.With(ActionsLockSamples.Section.Of("actions/script") with { Refs = ActionsLockSamples.Refs(refs.Split(' ')) });

        Assert.AreEqual(expected, Made(ActionsLockSamples.Repository, section).Dependencies.Values.Single(d => d.Key.IsCommit).Ref);
    }

    [TestMethod]
    public void A_reusable_workflow_has_an_entry_and_what_it_uses_has_none()
    {
        var made = Made(ActionsLockSamples.Repository, ActionsLockSamples.Section);

        Assert.IsEmpty(made.Dependencies[new PinKey("octo/shared", "main")].Uses);
        Assert.IsFalse(made.Dependencies.Keys.Any(k => k.Repository == "octo/only-there"));
    }

    [TestMethod]
    public void An_action_that_uses_a_folder_of_its_own_repository_has_no_second_entry_and_does_not_name_itself()
    {
        var section = ActionsLockSamples.Section.With(ActionsLockSamples.Section.Of("Acme/Cover") with
        {
            Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, "Acme/Cover/sub@v7", $"acme/cover@{ActionsLockSamples.Cover}"), ("sub", Script, Script)),
        });
        var made = Made(ActionsLockSamples.Repository, section);

        Assert.AreEqual(Script, string.Join(',', made.Dependencies[new PinKey("acme/cover", "v7")].Uses.Select(u => u.Key)));
    }

    [TestMethod]
    public void What_is_not_locked_keeps_its_workflows_out()
    {
        var made = ActionsLock.FromLockfile(ActionsLockSamples.Repository.Where(ActionsLockSamples.Ci, "actions/checkout@v4", "octo/new@v1"), ActionsLockSamples.Section, out var findings);

        Assert.AreEqual("HRD2014 .github/workflows/ci.yml:2 `octo/new@v1` is not in the lockfile, so that it can have no entry in actions.lock.", ActionsLockSamples.SayWhere(findings.Single()));
        CollectionAssert.AreEquivalent(new[] { ".github/workflows/empty.yml", ActionsLockSamples.Release }, made.Workflows.Keys.ToList());
        CollectionAssert.AreEquivalent(new[] { "actions/checkout@v4", "octo/shared@main" }, made.Dependencies.Keys.Select(k => k.ToString()).ToList());
    }

    [TestMethod]
    public void What_is_used_indirectly_and_not_locked_keeps_all_its_workflows_out_and_is_said_once()
    {
        var section = ActionsLockSamples.Entries([.. ActionsLockSamples.Section.Commits.Values.Where(e => e.Name != "actions/script")]);
        var made = ActionsLock.FromLockfile(ActionsLockSamples.Repository.Where(ActionsLockSamples.Release, "acme/cover@v7"), section, out var findings);

        Assert.AreEqual($"HRD2014 .github/workflows/ci.yml:2 `{Script}` is not in the lockfile, so that it can have no entry in actions.lock.", ActionsLockSamples.SayWhere(findings.Single()));
        CollectionAssert.AreEqual(new[] { ".github/workflows/empty.yml" }, made.Workflows.Keys.ToList());
        Assert.IsEmpty(made.Dependencies);
    }

    [TestMethod]
    [DataRow(0, 440)]
    [DataRow(44, 0)]
    public void Without_the_numbers_of_the_host_there_is_no_entry(int owner, int repository)
    {
        var section = ActionsLockSamples.Section.With(ActionsLockSamples.Section.Of("actions/checkout") with { OwnerId = owner, RepositoryId = repository });
        ActionsLock.FromLockfile(ActionsLockSamples.Repository, section, out var findings);

        var finding = findings.Single();
        Assert.AreEqual("HRD2014 .github/workflows/ci.yml:1 The numbers of owner and repository of `actions/checkout@v4` are not in the lockfile, and actions.lock needs them. Only the host's API tells them.", ActionsLockSamples.SayWhere(finding));
        Assert.StartsWith("set GITHUB_TOKEN, then: dotnet msbuild ", finding.Command);
    }

    [TestMethod]
    public void A_commit_of_which_no_ref_is_known_has_no_entry()
    {
        var section = ActionsLockSamples.Section.With(ActionsLockSamples.Section.Of("actions/script") with { Refs = ActionsLockSamples.Refs("refs/pull/1/head") });
        ActionsLock.FromLockfile(ActionsLockSamples.Repository, section, out var findings);

        Assert.AreEqual($"HRD2014 .github/workflows/ci.yml:2 The lockfile has no tag or branch with the commit of `{Script}`, and actions.lock needs one.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void A_ref_with_two_commits_cannot_be_held()
    {
        var other = ActionsLockSamples.Commit('1');
        var direct = ActionsLockSamples.Section.With(new ActionEntry("Actions/Checkout", other) { Refs = ActionsLockSamples.Refs("refs/heads/v4"), OwnerId = 44, RepositoryId = 440 });
        ActionsLock.FromLockfile(ActionsLockSamples.Repository, direct, out var findings);
        Assert.AreEqual($"HRD2016 .github/workflows/ci.yml:1 The lockfile has several commits for `actions/checkout@v4`, and actions.lock can hold one: {other}, {ActionsLockSamples.Checkout}.", ActionsLockSamples.SayWhere(findings.Single()));

        var indirect = ActionsLockSamples.Section
            .With(new ActionEntry("octo/x", ActionsLockSamples.Commit('1')) { OwnerId = 1, RepositoryId = 1 })
            .With(new ActionEntry("octo/x", ActionsLockSamples.Commit('2')) { OwnerId = 1, RepositoryId = 1 })
            .With(ActionsLockSamples.Section.Of("Acme/Cover") with { Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, "octo/x@v1", $"octo/x@{ActionsLockSamples.Commit('1')}")) })
            .With(ActionsLockSamples.Section.Of("actions/checkout") with { Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, "octo/x@v1", $"octo/x@{ActionsLockSamples.Commit('2')}")) });
        ActionsLock.FromLockfile(ActionsLockSamples.Repository, indirect, out findings);
        Assert.AreEqual($"HRD2016 .github/workflows/ci.yml:2 Two actions use `octo/x@v1` with the commits {ActionsLockSamples.Commit('2')} and {ActionsLockSamples.Commit('1')}, and actions.lock can hold one.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void A_commit_that_was_locked_as_another_is_not_written()
    {
        var section = ActionsLockSamples.Section.With(ActionsLockSamples.Section.Of("Acme/Cover") with
        {
            Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, $"actions/script@{ActionsLockSamples.Commit('6')}", Script)),
        });
        ActionsLock.FromLockfile(ActionsLockSamples.Repository, section, out var findings);

        Assert.AreEqual($"HRD2016 .github/workflows/ci.yml:2 `actions/script@{ActionsLockSamples.Commit('6')}` names a commit, and the lockfile has another one for it: {ActionsLockSamples.Script}.", ActionsLockSamples.SayWhere(findings.Single()));
    }

    [TestMethod]
    public void Repositories_that_use_each_other_in_a_circle_are_kept_out()
    {
        // By folders there is no circle, and GitHub's runner would run it; but actions.lock has no folders, and a circle in it breaks the whole file.
        var section = ActionsLockSamples.Section
            .With(ActionsLockSamples.Section.Of("Acme/Cover") with { Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, "octo/x@v1", $"octo/x@{ActionsLockSamples.Commit('1')}")) })
            .With(new ActionEntry("octo/x", ActionsLockSamples.Commit('1')) { OwnerId = 1, RepositoryId = 1, Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, "acme/cover/leaf@v7", $"acme/cover@{ActionsLockSamples.Cover}")) });
        var made = ActionsLock.FromLockfile(ActionsLockSamples.Repository, section, out var findings);

        Assert.AreEqual("HRD2019 .github/workflows/ci.yml:2 `acme/cover@v7` and what it uses use each other in a circle, which GitHub does not take in actions.lock.", ActionsLockSamples.SayWhere(findings.Single()));
        Assert.IsFalse(made.Workflows.ContainsKey(ActionsLockSamples.Ci));
        ActionsLockSamples.Read(Encoding.UTF8.GetString(ActionsLockWriter.Write(made)));
    }

    [TestMethod]
    [DataRow("https://git.example/octo/x@v1", "https://git.example/octo/x", "v1")]
    public void What_the_format_cannot_hold_is_said_however_it_is_used(string uses, string name, string tag)
    {
        var entry = new ActionEntry(name, ActionsLockSamples.Commit('1')) { Refs = ActionsLockSamples.Refs("refs/tags/" + tag), OwnerId = 1, RepositoryId = 1 };
        var section = ActionsLockSamples.Section.With(entry);
        ActionsLock.FromLockfile(ActionsLockSamples.Repository.Where(ActionsLockSamples.Ci, uses), section, out var findings);
        Assert.StartsWith("`octo/x@v", findings.Single().Message);
        Assert.EndsWith("is on another server or has letters that actions.lock cannot hold.", findings[0].Message);

        var indirect = section.With(ActionsLockSamples.Section.Of("Acme/Cover") with { Uses = ActionsLockSamples.Uses((ActionEntry.RootPath, uses, entry.Key)) });
        var made = ActionsLock.FromLockfile(ActionsLockSamples.Repository, indirect, out findings);
        Assert.EndsWith("is on another server or has letters that actions.lock cannot hold.", findings.Single().Message);
        ActionsLockSamples.Read(Encoding.UTF8.GetString(ActionsLockWriter.Write(made)));
    }

    [TestMethod]
    public void A_workflow_that_the_format_cannot_hold_or_nobody_can_read_is_said()
    {
        var repository = ActionsLockSamples.Repository with { Workflows = [new WorkflowUses("a\u202Eb.yml", []), new WorkflowUses("b.yml", []) { IsUnreadable = true }] };
        var made = ActionsLock.FromLockfile(repository, ActionsLockSamples.Section, out var findings);

        Assert.IsEmpty(made.Workflows);
        CollectionAssert.AreEqual(
            new[] { "The path of a workflow has a character that is read otherwise than it is shown, so that actions.lock cannot have it.", "`b.yml` could not be read, so that actions.lock cannot have it." },
            findings.Select(f => f.Message).ToList());
    }

    // Repositories of a few actions whose folders use each other, now and then in a circle, by a ref with two commits, or with something that is not known.
    private static readonly Gen<(RepositoryUses, ActionsSection)> Repositories = Gen.Int[0, int.MaxValue].Select(seed =>
    {
        var random = new Random(seed);
        bool Rarely() => random.Next(25) == 0;
        var entries = Enumerable.Range(1, 1 + random.Next(6)).Select(i => new ActionEntry($"{(i % 2 == 0 ? "o" : "O")}/r{random.Next(4)}", ActionsLockSamples.Commit((char)('0' + i)))
        {
            Refs = ActionsLockSamples.Refs(Rarely() ? [] : [random.Next(4) == 0 ? $"refs/heads/v{(Rarely() ? 1 : i)}" : $"refs/tags/v{(Rarely() ? 1 : i)}", $"refs/tags/v{i}.0.0"]),
            OwnerId = Rarely() ? 0 : 1,
            RepositoryId = 2,
        }).ToArray();
        ActionEntry[] used = [.. entries.Select((e, i) => e with { Uses = ActionsLockSamples.Uses([.. Enumerable.Range(0, random.Next(3)).Select(_ => Use(i + 1)).Where(u => u.Written.Length > 0).DistinctBy(u => (u.Path, u.Written))]) })];
        var workflows = Enumerable.Range(0, 3).Select(i => ActionsLockSamples.Workflow($".github/workflows/{i}.yml", [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(5) == 0 ? "./local" : Written(random.Next(entries.Length)))]));
        return (new RepositoryUses([.. workflows], [new LocalActionUses("local", ActionsLockSamples.Placed("local/action.yml", Written(0)))]), ActionsLockSamples.Entries(used));

        // Later ones are used by earlier ones, so that circles are rare.
        (string Path, string Written, string Target) Use(int first)
        {
            var path = random.Next(3) == 0 ? "sub" : ActionEntry.RootPath;
            var target = Rarely() ? random.Next(entries.Length) : random.Next(first, entries.Length + 1);
            return random.Next(6) == 0 ? (path, "$/sub", entries[first - 1].Key) : target == entries.Length ? (path, string.Empty, string.Empty) : (path, Written(target), entries[target].Key);
        }

        string Written(int target)
        {
            var folder = random.Next(5) switch { 0 => "/sub", 1 => "/.github/workflows/w.yml", _ => string.Empty };
            var at = Rarely() ? "v9" : random.Next(3) == 0 ? entries[target].Commit : $"v{target + 1}{(random.Next(2) == 0 ? ".0.0" : string.Empty)}";
            return $"{entries[target].Name}{folder}@{at}";
        }
    });

    private static ActionsLock Made(RepositoryUses repository, ActionsSection section)
    {
        var made = ActionsLock.FromLockfile(repository, section, out var findings);
        Assert.IsEmpty(findings, string.Join('\n', findings.Select(ActionsLockSamples.SayWhere)));
        return made;
    }
}
