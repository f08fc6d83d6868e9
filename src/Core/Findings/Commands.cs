namespace Hardening.Findings;

/// <summary>The commands that findings tell a user to type; each stands once.</summary>
public static class Commands
{
    /// <summary>Accepts what is there now into the lockfile.</summary>
    public const string Update = "dotnet msbuild -t:HardeningUpdate";

    /// <summary>Accepts other bytes of one named package.</summary>
    public static string UpdateOnly(string id) => $"dotnet msbuild -t:HardeningUpdate -p:HardeningPackages={id}";

    /// <summary>Accepts what the refs of one named repository with actions point to now.</summary>
    public static string UpdateAction(string repository) => $"dotnet msbuild -t:HardeningUpdate -p:HardeningActions={repository}";

    /// <summary>Accepts what the tags of one named image lead to now.</summary>
    public static string UpdateImage(string name) => $"dotnet msbuild -t:HardeningUpdate -p:HardeningImages={name}";

    /// <summary>Writes the locked commits and digests into the files that name them.</summary>
    public const string Pin = "dotnet msbuild -t:HardeningPin";
}
