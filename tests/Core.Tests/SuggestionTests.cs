using Hardening.Findings;

namespace Hardening.Tests;

[TestClass]
public sealed class SuggestionTests
{
    private static readonly string[] Words = ["off", "warn", "ci", "build", "enforce", "implicitPackages"];

    [TestMethod]
    [DataRow("enforc", "enforce")]
    [DataRow("enforces", "enforce")]
    [DataRow("enfroce", "enforce")]
    [DataRow("ENFORCE", "enforce")]
    [DataRow("implicit-packages", "implicitPackages")]
    [DataRow("wran", "warn")]
    [DataRow("cii", "ci")]
    [DataRow("bild", "build")]
    public void A_word_that_is_near_is_meant(string written, string meant) => Assert.AreEqual(meant, Suggestion.For(written, Words));

    [TestMethod]
    [DataRow("")]
    [DataRow("x")]
    [DataRow("on")]
    [DataRow("warning")]
    [DataRow("packages")]
    [DataRow("fenocer")]
    public void A_word_that_is_not_near_is_not_guessed(string written) => Assert.IsNull(Suggestion.For(written, Words));

    [TestMethod]
    public void Of_two_words_equally_near_none_is_guessed()
    {
        Assert.IsNull(Suggestion.For("bat", ["cat", "hat"]));
        Assert.AreEqual("hat", Suggestion.For("hat", ["cat", "hat", "bat"]));
    }

    [TestMethod]
    public void A_very_long_word_costs_nothing() => Assert.IsNull(Suggestion.For(new string('e', 1_000_000), Words));
}
