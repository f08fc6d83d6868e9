namespace Hardening.Findings;

/// <summary>A row of the table of codes.</summary>
/// <param name="Id">The code, e.g. <c>HRD1001</c>; never reused.</param>
/// <param name="Severity">The severity unless a check says otherwise.</param>
/// <param name="Title">What the code means, in one line; the heading of its page.</param>
public sealed record FindingCode(string Id, Severity Severity, string Title)
{
    /// <summary>
    /// The minor version of version 1 in which the code came. While it is the current one, a lockfile of an older minor version makes an error of
    /// this code a warning (see <see cref="Lockfiles.NewCodes"/>).
    /// </summary>
    public int Since { get; init; }

    /// <summary>The page that explains the code.</summary>
    public string HelpLink => FindingCodes.HelpRoot + Id + ".md";
}
