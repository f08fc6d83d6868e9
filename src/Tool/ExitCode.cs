namespace Hardening.Tool;

/// <summary>What the process says to the one that started it.</summary>
internal static class ExitCode
{
    /// <summary>Nothing is wrong; there may be warnings.</summary>
    internal const int Clean = 0;

    /// <summary>There are findings.</summary>
    internal const int Findings = 1;

    /// <summary>The command line is wrong.</summary>
    internal const int Usage = 2;

    /// <summary>Something could not be read, so that nothing can be said.</summary>
    internal const int Undecided = 3;
}
