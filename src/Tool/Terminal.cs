
namespace Hardening.Tool;

/// <summary>Knows whether a person looks at the output.</summary>
internal static class Terminal
{
    /// <summary>
    /// Whether the output is a terminal that takes colours, and nobody asked for none (https://no-color.org). Else all is plain text, a line each.
    /// </summary>
    internal static bool IsRich => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
}
