namespace Hardening.Policies;

/// <summary>Whether this process runs on a build server, where nothing is remembered, and what only warns at a desk fails.</summary>
public static class BuildServer
{
    /// <summary>As the variables say that build servers set: <c>CI</c> of most, <c>TF_BUILD</c> of Azure Pipelines.</summary>
    public static bool IsHere { get; } = IsTrue(Environment.GetEnvironmentVariable("CI")) || IsTrue(Environment.GetEnvironmentVariable("TF_BUILD"));

    private static bool IsTrue(string? value) => value is not null && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));
}
