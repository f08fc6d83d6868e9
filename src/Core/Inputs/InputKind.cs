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

    /// <summary>An action of GitHub Actions, in a git repository.</summary>
    Action,

    /// <summary>A reusable workflow of GitHub Actions, in a git repository.</summary>
    ReusableWorkflow,

    /// <summary>A container image.</summary>
    Image,
}
