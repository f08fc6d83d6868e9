using System.Text.RegularExpressions;
using CsCheck;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class RepositoryPatternsTests
{
    private static readonly Gen<string> Segments = Gen.Char["aAb-*"].Array[1, 6].Select(letters => Regex.Replace(new string(letters), @"\*+", "*"));
    private static readonly Gen<string> Hosts = Gen.OneOfConst("", "", "https://a/", "https://A.b/", "https://a:1/");
    private static readonly Gen<string> Patterns = Gen.Select(Hosts, Segments, Segments, (host, owner, repository) => $"{host}{owner}/{repository}");
    private static readonly Gen<string> Names = Patterns.Select(pattern => pattern.Replace("*", "ab", StringComparison.Ordinal));

    [TestMethod]
    [DataRow("actions/checkout", "actions/checkout")]
    [DataRow("actions/checkout", "Actions/CHECKOUT")]
    [DataRow("ACTIONS/*", "actions/checkout")]
    [DataRow("actions/*", "actions/-")]
    [DataRow("*/checkout", "evil/checkout")]
    [DataRow("azure/*-login", "Azure/docker-login")]
    [DataRow("azure/*-login", "azure/-login")]
    [DataRow("a*c/*x*y*", "abc/axby")]
    [DataRow("*/*", "a/b")]
    [DataRow("https://git.example/own/*", "https://git.example/own/a.b_c")]
    [DataRow("https://Git.Example/own/*", "https://git.example/OWN/x")]
    [DataRow("https://git.example:8443/*/*", "https://git.example:8443/a/b")]
    [DataRow("http-party/*", "http-party/x")]
    public void A_pattern_covers_a_name(string pattern, string name)
    {
        var patterns = new RepositoryPatterns(["other/one", pattern, "another/*"]);

        Assert.IsTrue(patterns.Matches(name));
        Assert.AreEqual(pattern, patterns.Find(name));
    }

    [TestMethod]
    [DataRow("actions/checkout", "actions/checkout2")]
    [DataRow("actions/checkout", "xactions/checkout")]
    [DataRow("actions/*", "actions-x/checkout")]
    [DataRow("actions/*", "x/actions/checkout")]
    [DataRow("actions/*", "actions/checkout/sub")]
    [DataRow("actions/*", "actions/")]
    [DataRow("actions/*", "actions")]
    [DataRow("a*/x", "a/b/x")]
    [DataRow("azure/*-login", "azure/login")]
    [DataRow("a/*b*b", "a/b")]
    // A host is no part of an owner, and no host is another.
    [DataRow("*/*", "https://git.example/a/b")]
    [DataRow("*/b", "https://git.example/a/b")]
    [DataRow("actions/*", "https://git.example/actions/checkout")]
    [DataRow("https://git.example/*/*", "a/b")]
    [DataRow("https://git.example/*/*", "https://git.example.evil/a/b")]
    [DataRow("https://git.example/*/*", "https://git.example:8443/a/b")]
    [DataRow("https://git.example/*/*", "http://git.example/a/b")]
    [DataRow("https://git.example/*/*", "https://git.example/a/b/c")]
    [DataRow("https://git.example/*/*", "https://evil.example/https://git.example/a/b")]
    // What is no name.
    [DataRow("*/*", "")]
    [DataRow("*/*", "/")]
    [DataRow("*/*", "a/")]
    [DataRow("*/*", "/b")]
    [DataRow("*/*", "a\\b")]
    [DataRow("*/*", "a/b@v1")]
    [DataRow("*/*", "a/b ")]
    [DataRow("*/*", "a/b\n")]
    [DataRow("*/*", "a/\0")]
    [DataRow("*/*", "a/*")]
    [DataRow("*/*", "https://a")]
    [DataRow("*/*", "https://a/b")]
    [DataRow("*/*", "https:///a/b")]
    // Letters of other alphabets that somewhere are equal to ours without regard to case.
    [DataRow("kit/*", "\u212Ait/x")]
    [DataRow("own/is", "own/\u0131s")]
    [DataRow("own/is", "own/i\u017F")]
    [DataRow("*/*", "a/\u00E9")]
    public void A_pattern_covers_nothing_else(string pattern, string name) => Assert.IsFalse(new RepositoryPatterns([pattern]).Matches(name));

    [TestMethod]
    public void Without_patterns_nothing_is_covered()
    {
        var none = new RepositoryPatterns([]);

        Assert.IsTrue(none.IsEmpty);
        Assert.IsFalse(none.Matches("actions/checkout"));
        Assert.IsFalse(none.Matches(string.Empty));
        foreach (var pattern in (string[])["a/b", "a/*", "*/b"])
        {
            Assert.IsFalse(new RepositoryPatterns([pattern]).IsEmpty);
        }
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("actions", "is not of the form")]
    [DataRow("*", "is not of the form")]
    [DataRow("/b", "is not of the form")]
    [DataRow("a/", "is not of the form")]
    [DataRow("a//b", "is not of the form")]
    [DataRow("a\\b", "is not of the form")]
    [DataRow("../b", "is not of the form")]
    [DataRow("./b", "is not of the form")]
    [DataRow("a/..", "is not of the form")]
    [DataRow("a/?", "is not of the form")]
    [DataRow("a/[b]", "is not of the form")]
    [DataRow("!a/b", "is not of the form")]
    [DataRow("a b/c", "is not of the form")]
    [DataRow("a/b\n", "is not of the form")]
    [DataRow("a/\u00E9", "is not of the form")]
    [DataRow("docker://a/b", "is not of the form")]
    [DataRow("git.example/a/b", "names a folder or file")]
    [DataRow("https://git.example/b", "is not of the form")]
    [DataRow("https://git.example", "is not of the form")]
    [DataRow("ssh://git.example/a/b", "is not of the form")]
    [DataRow("https://user:secret@git.example/a/b", "has `@`")]
    [DataRow("https://git.example:443/a/b", "is not of the form")]
    [DataRow("http://git.example/a/b", "begins with `http://`")]
    [DataRow("HTTP://git.example/a/b", "begins with `http://`")]
    [DataRow("https://*/a/b", "has `*` in a host")]
    [DataRow("https://*.example/a/*", "has `*` in a host")]
    [DataRow("a/b@v4", "has `@`")]
    [DataRow("a/*@*", "has `@`")]
    [DataRow("a/b/c", "names a folder or file")]
    [DataRow("a/*/*", "names a folder or file")]
    [DataRow("a/**", "has `**`")]
    [DataRow("**", "has `**`")]
    [DataRow("a/b.git", "ends with `.git`")]
    [DataRow("a/*.GIT", "ends with `.git`")]
    public void A_pattern_with_a_fault_is_refused(string pattern, string fault)
    {
        Assert.StartsWith(fault, RepositoryPatterns.FaultOf(pattern)!);
        Assert.ThrowsExactly<ArgumentException>(() => new RepositoryPatterns(["a/b", pattern]));
    }

    [TestMethod]
    public void A_pattern_that_is_too_long_is_refused()
    {
        var longest = "a/" + new string('b', RepositoryPatterns.LongestPattern - 2);

        Assert.IsNull(RepositoryPatterns.FaultOf(longest));
        Assert.AreEqual("is longer than 300 letters", RepositoryPatterns.FaultOf(longest + "b"));
        Assert.IsTrue(new RepositoryPatterns(["a/*"]).Matches(longest));
        Assert.IsFalse(new RepositoryPatterns(["a/*"]).Matches(longest + "b"));
    }

    [TestMethod]
    [DataRow("a/*", "a/b")]
    [DataRow("a/*", "A/b*")]
    [DataRow("*/b", "a*/b")]
    [DataRow("*/*", "*/*")]
    [DataRow("a/*b*", "a/*bb*")]
    [DataRow("https://h/*/*", "https://h/a/*")]
    public void A_narrower_pattern_is_covered(string pattern, string narrower) => Assert.IsTrue(new RepositoryPatterns([pattern]).Covers(narrower));

    [TestMethod]
    [DataRow("a/b", "a/*")]
    [DataRow("a/*", "a*/b")]
    [DataRow("a*/*", "*/*")]
    [DataRow("a/*b", "a/b*")]
    [DataRow("*/*", "https://h/*/*")]
    [DataRow("https://h/*/*", "*/*")]
    public void A_wider_pattern_is_not_covered(string pattern, string wider) => Assert.IsFalse(new RepositoryPatterns([pattern]).Covers(wider));

    [TestMethod]
    public void Whatever_the_patterns_a_name_is_covered_as_by_the_regular_expression()
        => Gen.Select(Patterns.Array[0, 4], Names).Sample(
            (patterns, name) =>
            {
                var found = new RepositoryPatterns(patterns).Find(name);

                Assert.AreEqual(Array.Exists(patterns, pattern => Oracle(pattern, name)), found is not null, $"{string.Join(' ', patterns)}: {name}");
                Assert.IsTrue(found is null || Oracle(found, name));
            },
            iter: 20_000);

    [TestMethod]
    public void What_is_covered_by_a_covered_pattern_is_covered()
        => Gen.Select(Patterns.Array[1, 3], Patterns, Names).Sample(
            (patterns, pattern, name) =>
            {
                var compiled = new RepositoryPatterns(patterns);
                Assert.IsTrue(patterns.All(compiled.Covers));
                if (compiled.Covers(pattern))
                {
                    Assert.IsTrue(compiled.Matches(pattern.Replace("*", "ab", StringComparison.Ordinal)));
                    Assert.IsTrue(!Oracle(pattern, name) || compiled.Matches(name));
                }
            },
            iter: 20_000);

    [TestMethod]
    public void Whatever_the_text_it_has_a_fault_or_can_be_asked()
        => Gen.Select(Gen.OneOfConst("", "https://", "https://h/", "a/"), Gen.Char["ab*/.:@?-_\\ \n%#\u00E9\0"].Array[0, 12]).Sample(
            (prefix, letters) =>
            {
                var text = prefix + new string(letters);
                if (RepositoryPatterns.FaultOf(text) is null)
                {
                    var patterns = new RepositoryPatterns([text]);
                    Assert.IsTrue(patterns.Matches(text.Replace('*', 'x')));
                    Assert.IsTrue(patterns.Covers(text));
                }
                else
                {
                    Assert.ThrowsExactly<ArgumentException>(() => new RepositoryPatterns([text]));
                }
            },
            iter: 20_000);

    private static bool Oracle(string pattern, string name) =>
        Regex.IsMatch(name, $"^{Regex.Escape(pattern).Replace("\\*", "[^/]*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
