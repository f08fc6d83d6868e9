using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Transport.Oci;

namespace Hardening.Tasks;

/// <summary>What the tasks have in common that ask registries.</summary>
public abstract class ImagesTask : RepositoryTask
{
    /// <summary>Registries of the user's own, separated by <c>;</c>; of the command line or the environment. See <see cref="OciRegistries.From"/>.</summary>
    public string Registries { get; set; } = string.Empty;

    /// <summary>What asks the registries; null where one that the user names is none.</summary>
    private protected OciClient? Open()
    {
        try
        {
            return new OciClient(new OciClientOptions { Registries = OciRegistries.From(Registries) });
        }
        catch (ArgumentException e)
        {
            Report(new Finding(FindingCodes.RegistryAddressRefused, $"HardeningRegistries: {e.Message}", SourcePlace.None, "-p:HardeningRegistries=host"));
            return null;
        }
    }
}
