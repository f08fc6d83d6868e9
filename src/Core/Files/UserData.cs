namespace Hardening.Files;

/// <summary>Where things lie that are kept between builds: a folder that belongs to the user, neither in a repository nor in a packages folder.</summary>
public static class UserData
{
    /// <summary>The folder for one kind of thing, which need not be there yet; null where the user has no folder of their own.</summary>
    public static string? Folder(string kind)
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

        // In its place a temporary folder would be shared: who else writes there could say what was verified.
        return folder.Length == 0 ? null : Path.Combine(folder, "Hardening.Sdk", kind);
    }
}
