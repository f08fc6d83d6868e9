using System.Text;
using Hardening.Baselines;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Tests;

/// <summary>Pull requests that weaken, in real git repositories.</summary>
[TestClass]
public sealed class BaselineCheckTests
{
    private static readonly string Text = Encoding.UTF8.GetString(LockfileWriter.Write(BaselineSamples.Lockfile));
    private static readonly string Weaker = Encoding.UTF8.GetString(LockfileWriter.Write(BaselineSamples.Lockfile with { Minor = 0 }));

    [TestMethod]
    [DataRow("")]
    [DataRow("sub/dir")]
    public async Task The_same_passes_and_names_the_commit(string root)
    {
        using var sample = Protected(root);
        var result = await CheckAsync(sample, root);
        Assert.IsEmpty(result.Findings, string.Join('\n', result.Findings));
        Assert.MatchesRegex(@"^Compared with main \([0-9a-f]{12}\), which is what is checked out", result.Summary[0]);
        sample.Write("readme", "x").Commit();
        Assert.MatchesRegex(@"^Compared with main \([0-9a-f]{12}\):", (await CheckAsync(sample, root)).Summary[0]);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("sub/dir")]
    public async Task A_weaker_lockfile_is_found_committed_or_not(string root)
    {
        using var sample = Protected(root);
        sample.Write(Path.Combine(root, "hardening.lock.json"), Weaker);
        Assert.Contains("\"minor\" is 0", (await OneAsync(sample, root)).Message);
        sample.Commit();
        var finding = await OneAsync(sample, root);
        Assert.AreEqual(FindingCodes.BaselineWeakened, finding.Code);
        Assert.AreEqual(sample.At(Path.Combine(root, "hardening.lock.json")), finding.Place.File);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("sub/dir")]
    public async Task A_project_that_only_its_base_image_names_is_looked_for(string root)
    {
        const string Reference = "mcr.microsoft.com/dotnet/runtime:10.0";
        var entry = new ImageEntry("mcr.microsoft.com/dotnet/runtime", "sha256:" + new string('a', 64));
        var images = new ImagesSection
        {
            Bases = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["web/web.csproj"] = new Dictionary<string, string> { [Reference] = entry.Key } },
            Digests = new Dictionary<string, ImageEntry> { [entry.Key] = entry },
        };
        using var sample = Protected(root);
        sample.Write(Path.Combine(root, "web/web.csproj"), "<Project />").Write(Path.Combine(root, "hardening.lock.json"), Locked(images)).Commit();
        sample.Git("branch", "-f", "main");
        sample.Write(Path.Combine(root, "hardening.lock.json"), Locked(images with { Bases = new Dictionary<string, IReadOnlyDictionary<string, string>>() }));

        Assert.Contains("The base images of web/web.csproj were removed, but the project is still there.", (await OneAsync(sample, root)).Message);
        File.Delete(sample.At(Path.Combine(root, "web/web.csproj")));
        Assert.IsEmpty((await CheckAsync(sample, root)).Findings);

        static string Locked(ImagesSection images) => Encoding.UTF8.GetString(LockfileWriter.Write(BaselineSamples.Lockfile with { Images = images }));
    }

    [TestMethod]
    public async Task Line_ends_and_the_order_of_members_are_no_weakening()
    {
        using var sample = Protected();
        sample.Write("hardening.lock.json", Text.Replace("\n", "\r\n", StringComparison.Ordinal)).Write("Directory.Build.rsp", "-nologo\r\n").Write("hardening.yml", "version: 1\r\n")
            .Write("global.json", BaselineSamples.GlobalJson + "\r\n").Write("Directory.Build.props", "\uFEFF" + BaselineSamples.BuildProps + "\r\n").Commit();

        Assert.IsEmpty((await CheckAsync(sample)).Findings);
    }

    [TestMethod]
    public async Task Control_files_are_read_and_not_believed()
    {
        using var sample = Protected();
        sample.Write("Directory.Build.rsp", "-nologo\n-p:Evil=true\n").Commit();
        Assert.Contains("The control file Directory.Build.rsp was changed", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task A_lockfile_in_a_subfolder_takes_the_projects_below_it_away()
    {
        using var sample = Protected();
        sample.Write("app/hardening.lock.json", Text).Commit();

        Assert.Contains("app/hardening.lock.json was added", (await OneAsync(sample)).Message);

        // Where the build looks from is the new root then.
        Assert.IsTrue((await CheckAsync(sample, "app")).Findings.Any(f => f.Message.Contains("takes the projects below it away from hardening.lock.json", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_lockfile_that_is_ignored_but_there_is_seen_if_it_was_committed()
    {
        using var sample = Protected();
        sample.Write(".gitignore", "*.json\n").Write("app/hardening.lock.json", Text).Commit();
        Assert.Contains("app/hardening.lock.json was added", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task A_renamed_lockfile_is_a_removed_one()
    {
        using var sample = Protected();
        sample.Git("mv", "hardening.lock.json", "Hardening.Lock.json");
        Assert.IsTrue((await CheckAsync(sample)).Findings.Any(f => f.Message == "The lockfile hardening.lock.json was removed."));
        Assert.IsTrue((await CheckAsync(sample)).Findings.Any(f => f.Message.Contains("differs from hardening.lock.json only in case", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_renamed_project_is_none()
    {
        using var sample = Protected();
        sample.Git("mv", "app", "app2");
        sample.Write("hardening.lock.json", Text.Replace("app/app.csproj", "app2/app.csproj", StringComparison.Ordinal)).Commit();

        var result = await CheckAsync(sample);
        Assert.IsEmpty(result.Findings);
        Assert.Contains("  app2/app.csproj", result.Summary);
    }

    [TestMethod]
    public async Task An_entry_removed_from_under_a_project_is_found()
    {
        using var sample = Protected();
        sample.Write("hardening.lock.json", Text.Replace("app/app.csproj", "APP/app.csproj", StringComparison.Ordinal)).Commit();
        Assert.Contains("The entry of app/app.csproj was removed", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task A_symbolic_link_in_place_of_a_file_or_to_a_folder_is_found()
    {
        using var sample = Protected();
        sample.Write("other.props", BaselineSamples.BuildProps);
        File.Delete(sample.At("Directory.Build.props"));
        File.CreateSymbolicLink(sample.At("Directory.Build.props"), "other.props");
        File.CreateSymbolicLink(sample.At("file"), "other.props");
        Directory.CreateSymbolicLink(sample.At("ext"), sample.Base);
        sample.Commit();

        var messages = (await CheckAsync(sample)).Findings.Select(f => f.Message).ToList();
        Assert.Contains("Directory.Build.props is a symbolic link to other.props, and what a link leads to is not compared.", messages);
        Assert.Contains($"ext is a symbolic link to {sample.Base}, and what a link leads to is not compared.", messages);
        Assert.DoesNotContain("file is a symbolic link", string.Join('\n', messages));
        sample.Git("branch", "-f", "main");
        Assert.IsEmpty((await CheckAsync(sample)).Findings);
    }

    [TestMethod]
    public async Task A_lockfile_that_is_a_link_or_damaged_is_what_the_build_says_too()
    {
        using var sample = Protected();
        sample.Write("hardening.lock.json", "{");
        Assert.AreEqual(FindingCodes.LockfileDamaged, (await OneAsync(sample)).Code);
        sample.Write("other.json", Text);
        File.Delete(sample.At("hardening.lock.json"));
        File.CreateSymbolicLink(sample.At("hardening.lock.json"), "other.json");
        Assert.IsTrue((await CheckAsync(sample)).Findings.Any(f => f.Code == FindingCodes.LockfileDamaged));
        sample.Commit();
        sample.Git("branch", "-f", "main");
        Assert.AreEqual(FindingCodes.BaselineUnreadable, (await OneAsync(sample)).Code);
    }

    [TestMethod]
    public async Task A_damaged_baseline_is_unreadable()
    {
        using var sample = Protected();
        sample.Write("hardening.lock.json", "{").Commit();
        sample.Git("branch", "-f", "main");
        sample.Write("hardening.lock.json", Text).Commit();
        var finding = await OneAsync(sample);
        Assert.AreEqual(FindingCodes.BaselineUnreadable, finding.Code);
        Assert.Contains("hardening.lock.json at main cannot be compared with", finding.Message);
    }

    [TestMethod]
    public async Task A_submodule_with_a_lockfile_is_found_where_it_moved()
    {
        using var inner = new GitSample();
        inner.Write("a.txt", "1").Commit();
        using var sample = Protected();
        sample.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Root, "lib");
        sample.Commit();
        var result = await CheckAsync(sample);
        Assert.IsEmpty(result.Findings);
        Assert.IsTrue(result.Summary.Any(l => l.StartsWith("  lib: none -> ", StringComparison.Ordinal)));

        sample.Git("branch", "-f", "main");
        sample.Write("lib/deep/hardening.lock.json", Text);
        sample.GitIn(sample.At("lib"), "-c", "user.name=t", "-c", "user.email=t@example.invalid", "add", "-A");
        sample.GitIn(sample.At("lib"), "-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "-q", "-m", "x");
        sample.Commit();
        Assert.Contains("The submodule lib was added or moved, and a lockfile in it", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    [DataRow("Hardening.yml")]
    [DataRow("HARDENING.YML")]
    public async Task A_second_policy_that_other_systems_would_read_is_found(string name)
    {
        using var sample = Protected();
        sample.Write(name, "exclude: all").Commit();
        Assert.Contains($"{name} was added, whose name differs from hardening.yml only in case", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    [DataRow("MSBuild.rsp")]
    [DataRow("app/MSBuild.rsp")]
    [DataRow("app/Directory.Build.rsp")]
    [DataRow("app/app.csproj.user")]
    [DataRow("Directory.Solution.targets")]
    [DataRow("before.All.sln.targets")]
    public async Task A_control_file_that_no_lockfile_names_is_found(string path)
    {
        using var sample = Protected();
        sample.Write(path, "-p:Evil=true").Commit();
        Assert.Contains($"The control file {path} was added", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task What_an_editor_writes_for_its_user_is_not_found()
    {
        using var sample = Protected();
        sample.Write("app/app.csproj.user", "<Project><PropertyGroup><ShowAllFiles>true</ShowAllFiles></PropertyGroup></Project>").Commit();
        Assert.IsEmpty((await BaselineCheck.RunAsync(sample.Root, "main", null, CancellationToken.None)).Findings);
    }

    [TestMethod]
    public async Task A_policy_without_a_reader_may_not_change()
    {
        using var sample = Protected();
        sample.Write("hardening.yml", "version: 1\nexclude: [{ path: '**', reason: x }]\n").Commit();
        Assert.Contains("hardening.yml was changed", (await OneAsync(sample)).Message);
    }

    [TestMethod]
    public async Task A_policy_is_read_on_both_sides()
    {
        using var sample = Protected();
        sample.Write("hardening.yml", "off").Commit();
        var result = await BaselineCheck.RunAsync(sample.Root, "main", Parse, default);
        Assert.Contains("nuget.enforce is off, but main has build", result.Findings.Single().Message);

        static Policy? Parse(byte[] content, string file, out IReadOnlyList<Finding> findings)
        {
            findings = [];
            return Encoding.UTF8.GetString(content) == "off" ? new Policy { NuGet = new NuGetPolicy { Enforce = Enforcement.Off } } : Policy.Default;
        }
    }

    [TestMethod]
    public async Task A_branch_without_a_lockfile_cannot_be_weakened_and_that_is_said()
    {
        using var sample = new GitSample();
        sample.Write("readme", "x").Commit();
        sample.Git("checkout", "-q", "-b", "pr");
        sample.Write("hardening.lock.json", Text).Write("Directory.Build.props", BaselineSamples.BuildProps).Commit();

        var result = await CheckAsync(sample);
        Assert.IsEmpty(result.Findings);
        Assert.Contains("main has no hardening.lock.json", result.Summary[1]);
        Assert.IsTrue(result.Summary.Any(l => l.StartsWith("  Foo 1.0.0, new", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task An_unknown_revision_is_one_finding()
    {
        using var sample = Protected();
        var result = await BaselineCheck.RunAsync(sample.Root, "origin/main", null, default);
        Assert.AreEqual(FindingCodes.BaselineUnreadable, result.Findings.Single().Code);
        Assert.IsEmpty(result.Summary);
    }

    private static GitSample Protected(string root = "")
    {
        var sample = new GitSample();
        foreach (var (path, content) in new[] { ("hardening.lock.json", Text), ("hardening.yml", "version: 1\n"), ("global.json", BaselineSamples.GlobalJson + "\n"), ("Directory.Build.props", BaselineSamples.BuildProps + "\n"), ("Directory.Build.rsp", "-nologo\n"), ("app/app.csproj", "<Project />") })
        {
            sample.Write(Path.Combine(root, path), content);
        }

        sample.Commit();
        sample.Git("checkout", "-q", "-b", "pr");
        return sample;
    }

    private static Task<BaselineResult> CheckAsync(GitSample sample, string root = "") => BaselineCheck.RunAsync(sample.At(root), "main", null, default);

    private static async Task<Finding> OneAsync(GitSample sample, string root = "")
    {
        var findings = (await CheckAsync(sample, root)).Findings;
        Assert.HasCount(1, findings, string.Join('\n', findings));
        return findings[0];
    }
}
