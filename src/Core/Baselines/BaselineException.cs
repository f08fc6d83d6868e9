using Hardening.Findings;

namespace Hardening.Baselines;

/// <summary>The baseline could not be read, so nothing can be said about the change. Carries the finding (HRD0018) that says why and what to type.</summary>
public sealed class BaselineException : Exception
{
    internal BaselineException(string message, string place, string command, Exception? inner = null)
        : base(message, inner)
        => Finding = new Finding(FindingCodes.BaselineUnreadable, message, new Inputs.SourcePlace(place), command);

    /// <summary>What a person has to know.</summary>
    public Finding Finding { get; }
}
