namespace Hardening.Formats.Dockerfiles;

/// <summary>An ARG before the first FROM: the only ones that reach the name of a base image.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">Its default, expanded; null if it has none.</param>
/// <param name="Raw">The default as it is written.</param>
/// <param name="Start">Where that begins in the file.</param>
/// <param name="End">Where it ends; less than <paramref name="Start"/> plus its length cannot be, more if it is continued on another line.</param>
internal sealed record DockerfileArgument(string Name, string? Value, string Raw, int Start, int End)
{
    /// <summary>The variables that the default depends on and that have no value.</summary>
    internal IReadOnlyList<string> Missing { get; init; } = [];
}
