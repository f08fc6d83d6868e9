using Hardening.Findings;
using Hardening.Inputs;

namespace Hardening.Baselines;

/// <summary>Collects what a change weakens; each is one finding (HRD0017) in the file that weakens.</summary>
internal sealed class Weakenings(BaselineSnapshot before, BaselineSnapshot after)
{
    private readonly List<Finding> findings = [];

    internal IReadOnlyList<Finding> Sorted => Finding.Sorted(findings);

    /// <summary>Adds one.</summary>
    /// <param name="path">The file, relative to the git root.</param>
    /// <param name="message">What was found and what the baseline has, a sentence.</param>
    /// <param name="input">See <see cref="Finding.Input"/>.</param>
    /// <param name="line">1-based; 0 if unknown.</param>
    internal void Add(string path, string message, string input = "", int line = 0)
    {
        var place = new SourcePlace(Path.Combine(after.Top, path), line);
        findings.Add(new Finding(FindingCodes.BaselineWeakened, message, place, Command(path)) { Input = input });
    }

    // What is printed to be typed holds nothing that a shell would read otherwise.
    private string Command(string path) => IsPlain(path) && IsPlain(before.Name)
        ? $"git diff {before.Name} -- {path} shows it; take it back, or have an owner of the protected branch accept it"
        : "take it back, or have an owner of the protected branch accept it";

    private static bool IsPlain(string text) => text.Length > 0 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/');
}
