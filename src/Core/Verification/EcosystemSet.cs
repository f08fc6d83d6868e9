using Hardening.Inputs;

namespace Hardening.Verification;

/// <summary>The ecosystems that something is about.</summary>
[Flags]
public enum EcosystemSet
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>NuGet packages, MSBuild SDKs, dotnet tools, the .NET SDK, and what decides over builds.</summary>
    NuGet = 1,

    /// <summary>Actions and reusable workflows.</summary>
    Actions = 2,

    /// <summary>Container images.</summary>
    Images = 4,

    /// <summary>All.</summary>
    All = NuGet | Actions | Images,
}

/// <summary>Tells the ecosystem of an input.</summary>
public static class EcosystemOf
{
    /// <summary>The one ecosystem of a kind of inputs.</summary>
    public static EcosystemSet Kind(InputKind kind) => kind switch
    {
        InputKind.Action or InputKind.ReusableWorkflow => EcosystemSet.Actions,
        InputKind.Image => EcosystemSet.Images,
        _ => EcosystemSet.NuGet,
    };
}
