namespace Hardening.Transport.Oci;

/// <summary>What an <see cref="OciClient"/> works with. No record, for those show what they hold.</summary>
public sealed class OciClientOptions
{
    /// <summary>Where registries are, and which the user names.</summary>
    public OciRegistries Registries { get; init; } = OciRegistries.From(null);

    /// <summary>Limits of the network.</summary>
    public TransportLimits Transport { get; init; } = new();

    /// <summary>Gives a variable of the environment: DOCKER_CONFIG, HOME.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    internal TransportSeams Seams { get; init; } = new();
}
