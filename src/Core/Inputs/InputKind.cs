namespace Hardening.Inputs;

/// <summary>What a build can take from outside.</summary>
public enum InputKind
{
    /// <summary>A NuGet package.</summary>
    Package,

    /// <summary>An MSBuild SDK that comes as a NuGet package.</summary>
    MSBuildSdk,

    /// <summary>A dotnet tool of a tool manifest.</summary>
    Tool,

    /// <summary>The .NET SDK that a global.json asks for.</summary>
    DotNetSdk,
}
