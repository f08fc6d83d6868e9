namespace Hardening.Verification;

/// <summary>Knows which MSBuild SDKs a .NET SDK carries itself. They are not resolved as packages, whatever version is written.</summary>
public static class BuiltInSdks
{
    /// <summary>Whether the .NET SDK in a folder (MSBuildToolsPath) carries an MSBuild SDK of a name.</summary>
    /// <param name="folder">Full path; empty where there is no .NET SDK: then none is built in.</param>
    public static Func<string, bool> In(string folder) => name => folder.Length > 0 && !name.AsSpan().ContainsAny(@"/\") && Directory.Exists(Path.Combine(folder, "Sdks", name));
}
