using Hardening.Findings;
using Hardening.Tool.Inventory;
using Hardening.Verification;

namespace Hardening.Tool;

/// <summary><c>dotnet hardening inventory</c>.</summary>
internal static class InventoryCommand
{
    /// <summary>Prints the references of a folder; what could not be read goes to the error stream.</summary>
    /// <returns>0, also where single files could not be read.</returns>
    /// <exception cref="IOException">The folder could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    internal static int Run(string root, EcosystemSet ecosystems, bool json)
    {
        var inventory = RepositoryInventory.Observe(root, ecosystems);
        foreach (var problem in inventory.Problems)
        {
            Console.Error.WriteLine(FindingLine.Of(problem with { SeverityOverride = Severity.Warning }, root));
        }

        if (json)
        {
            using var stream = new BufferedStream(Console.OpenStandardOutput());
            InventoryJson.Write(stream, inventory.Entries);
        }
        else
        {
            using var writer = new StreamWriter(Console.OpenStandardOutput());
            InventoryTable.Write(writer, inventory.Entries);
        }

        return ExitCode.Clean;
    }
}
