namespace Hardening.Findings;

/// <summary>How a finding is reported: <see cref="Error"/> fails the build, <see cref="Warning"/> and <see cref="Message"/> do not.</summary>
public enum Severity
{
    /// <summary>Shown at normal verbosity; changes no outcome.</summary>
    Message,

    /// <summary>Shown as a warning; changes no outcome unless the user makes warnings errors.</summary>
    Warning,

    /// <summary>Fails the build.</summary>
    Error,
}
