using System.Text.RegularExpressions;

namespace Hardening.EndToEnd.Tests;

/// <summary>What a command did.</summary>
public sealed record CommandResult(string Command, int ExitCode, string Output)
{
    /// <summary>The HRD and NU codes of errors, each once, sorted.</summary>
    public IReadOnlyList<string> Errors => Codes("error");

    /// <summary>The HRD and NU codes of warnings, each once, sorted.</summary>
    public IReadOnlyList<string> Warnings => Codes("warning");

    public CommandResult Succeeds()
    {
        Assert.AreEqual(0, ExitCode, $"{Command} failed:\n{Output}");
        return this;
    }

    /// <summary>It failed, with exactly these codes.</summary>
    public CommandResult FailsWith(params string[] codes)
    {
        Assert.AreNotEqual(0, ExitCode, $"{Command} succeeded:\n{Output}");
        CollectionAssert.AreEqual(codes, Errors.ToList(), $"{Command}:\n{Output}");
        return this;
    }

    public CommandResult Says(string text)
    {
        Assert.Contains(text, Output, $"{Command}:\n{Output}");
        return this;
    }

    public CommandResult DoesNotSay(string text)
    {
        Assert.DoesNotContain(text, Output, $"{Command}:\n{Output}");
        return this;
    }

    private List<string> Codes(string severity) =>
        [.. Regex.Matches(Output, $@"\b{severity} ((?:HRD|NU|MSB|NETSDK)\d+)\b").Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];
}
