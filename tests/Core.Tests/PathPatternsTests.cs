using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class PathPatternsTests
{
    [TestMethod]
    [DataRow("samples", "samples")]
    [DataRow("samples", "samples/a.csproj")]
    [DataRow("samples", "samples/a/b/c.csproj")]
    [DataRow("samples/", "samples/a/b/c.csproj")]
    [DataRow("samples/**", "samples/a/b/c.csproj")]
    [DataRow("**/obj", "obj/a")]
    [DataRow("**/obj", "src/a/obj/b/c")]
    [DataRow("src/*/tests", "src/a/tests/b/c.csproj")]
    [DataRow("*.md", "README.md")]
    [DataRow("**/*.md", "docs/README.md")]
    [DataRow("src/**/a.csproj", "src/a.csproj")]
    [DataRow("src/**/a.csproj", "src/b/c/a.csproj")]
    [DataRow("a b/\u00E9.txt", "a b/\u00E9.txt")]
    [DataRow("s*", "s[1]/a")]
    public void A_pattern_covers_what_it_names_and_everything_below(string pattern, string path) => Assert.IsTrue(Ordinal(pattern).Matches(path));

    [TestMethod]
    [DataRow("samples", "sample")]
    [DataRow("samples", "samples2/a")]
    [DataRow("samples", "src/samples/a")]
    [DataRow("samples/*.cs", "samples/a/b.cs")]
    [DataRow("*.md", "docs/README.md")]
    [DataRow("src/*/tests", "src/tests/a")]
    [DataRow("samples", "Samples/a")]
    public void A_pattern_covers_nothing_else(string pattern, string path) => Assert.IsFalse(Ordinal(pattern).Matches(path));

    [TestMethod]
    public void Case_counts_where_the_file_system_has_it_count()
    {
        Assert.IsFalse(Ordinal("samples/A*").Matches("Samples/abc/x"));
        Assert.IsTrue(new PathPatterns(["samples/A*"], StringComparison.OrdinalIgnoreCase).Matches("Samples/abc/x"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("/samples/a")]
    [DataRow("../samples/a")]
    [DataRow("x/../samples/a")]
    [DataRow("samples/../a")]
    [DataRow("./samples/a")]
    [DataRow("samples//a")]
    [DataRow("samples/a\0")]
    public void A_path_that_is_not_plainly_below_the_root_is_covered_by_none(string path)
    {
        Assert.IsFalse(Ordinal("samples").Matches(path));
        Assert.IsFalse(Ordinal("**").Matches(path));
    }

    [TestMethod]
    public void Any_of_several_patterns_is_enough_and_without_patterns_nothing_is_covered()
    {
        Assert.IsTrue(Ordinal("a", "b/*.txt").Matches("b/x.txt"));
        Assert.IsFalse(Ordinal().Matches("a"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("/a")]
    [DataRow("a/..")]
    [DataRow("a\\b")]
    [DataRow("c:/a")]
    [DataRow("{a,b}")]
    [DataRow("a**")]
    [DataRow("a\nb")]
    public void A_pattern_with_a_fault_is_refused(string pattern)
    {
        Assert.IsNotNull(PathPatterns.FaultOf(pattern));
        Assert.ThrowsExactly<ArgumentException>(() => Ordinal(pattern));
    }

    [TestMethod]
    public void A_pattern_too_long_or_too_deep_is_refused()
    {
        Assert.IsNotNull(PathPatterns.FaultOf(new string('a', 501)));
        Assert.IsNotNull(PathPatterns.FaultOf(string.Concat(Enumerable.Repeat("*/", 60)) + "a"));
    }

    // The rules once more, as a regular expression.
    [TestMethod]
    public void Patterns_cover_what_their_description_says()
    {
        var name = Gen.OneOfConst("a", "b", "ab", "aa", "aba");
        var segment = Gen.OneOfConst("a", "b", "*", "a*", "*a", "a*b", "*b*", "**");
        Gen.Select(segment.Array[1, 5], Gen.OneOfConst("", "/"), name.Array[1, 5]).Sample((segments, end, names) =>
        {
            var pattern = string.Join('/', segments) + end;
            var path = string.Join('/', names);
            var covers = Regex.IsMatch(path, ExpressionOf(segments));
            Assert.AreEqual(covers, Ordinal(pattern).Matches(path), $"{pattern} over {path}");
            Assert.AreEqual(covers, new PathPatterns([pattern], StringComparison.OrdinalIgnoreCase).Matches(path.ToUpperInvariant()), $"{pattern} over {path}, ignoring case");
        }, iter: 20_000);
    }

    private static string ExpressionOf(string[] segments)
    {
        var expression = new StringBuilder("^");
        for (var i = 0; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            expression.Append(segments[i] == "**"
                ? last ? ".+" : "([^/]+/)*"
                : segments[i].Replace("*", "[^/]*", StringComparison.Ordinal) + (last ? "(/.*)?" : "/"));
        }

        return expression.Append('$').ToString();
    }

    private static PathPatterns Ordinal(params string[] patterns) => new(patterns, StringComparison.Ordinal);
}
