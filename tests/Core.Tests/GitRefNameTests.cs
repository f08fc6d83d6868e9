using System.Diagnostics;
using CsCheck;
using Hardening.Transport.Git;

namespace Hardening.Tests;

[TestClass]
public sealed class GitRefNameTests
{
    [TestMethod]
    public void Names_are_those_that_git_takes()
    {
        using var sample = new GitSample();
        var names = Gen.OneOf(Gen.OneOfConst("/", ".", "@", "{", "a", "refs/", "tags/", ".lock", "-", "..", "\\", " ", "~", "\t", "\u00E9", "\u202E", "*", "[", ":"))
            .Array[1, 6].Select(string.Concat).Array[300];

        // What begins with a dash is an option to this command.
        var tried = names.Single().Where(n => n[0] != '-').Distinct(StringComparer.Ordinal).ToList();
        tried.AddRange(["refs/heads/main", "refs/tags/v1.2", "@", "HEAD", "a", "a/b.", "refs/heads/a.lock/b", "refs/heads/-a"]);

        foreach (var name in tried)
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["check-ref-format", name]) { WorkingDirectory = sample.Root })!;
            git.WaitForExit();
            Assert.AreEqual(git.ExitCode == 0 || name == "HEAD", GitRefName.IsValid(name), name);
        }
    }
}
