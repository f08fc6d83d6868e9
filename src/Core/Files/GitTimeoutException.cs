namespace Hardening.Files;

/// <summary>git worked on something for longer than it may, and was ended.</summary>
internal sealed class GitTimeoutException(string message) : IOException(message);
