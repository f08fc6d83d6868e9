namespace Hardening.EndToEnd.Tests;

/// <summary>Files of this repository that tests run or read.</summary>
internal static class RepositoryFiles
{
    internal static string Root { get; } = FindRoot();

    internal static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Hardening.Sdk.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException($"Hardening.Sdk.sln is not above {AppContext.BaseDirectory}.");
    }
}
