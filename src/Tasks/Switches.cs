using System.Reflection;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Reads the switches that change what is verified. Only the command line may set them, so that no package, project or environment can.</summary>
internal sealed class Switches
{
    internal const string Verify = "HardeningVerify";
    internal const string Phase = "HardeningPhase";
    internal const string Update = "HardeningUpdate";
    internal const string Baseline = "HardeningBaseline";
    internal const string WorkTree = "HardeningWorkTree";

    private const string RestoreTargets = "NuGetRestoreTargets";

    private static readonly string[] Disarming =
    [
        RestoreTargets, Phase, Baseline, WorkTree, "HardeningPackageIntegrity", "MSBuildIsRestoring", "DesignTimeBuild", "RestoreLockedMode", "RestorePackagesWithLockFile", "RestoreForceEvaluate",
        "HardeningGitHubServer", "HardeningActions", "HardeningCheckUpstream", "HardeningWriteActionsLock", "HardeningRegistries", "HardeningImages", "NuGetLockFilePath", "NuGetPackageRoot", "ImportProjectExtension", "CustomAfterDirectoryBuildProps", "BeforeMicrosoftNETSdkTargets", "ImportDirectoryBuild", "DirectoryBuildPropsPath",
    ];

    private readonly IBuildEngine engine;
    private readonly IReadOnlyDictionary<string, string> globals;

    private Switches(IBuildEngine engine, IReadOnlyDictionary<string, string> globals)
    {
        this.engine = engine;
        this.globals = globals;
    }

    /// <summary>Whether the command line switched verification off.</summary>
    internal bool IsOff { get; private set; }

    /// <summary>Whether the command line asked for an update.</summary>
    internal bool IsUpdate { get; private set; }

    /// <summary>Whether an update observes right now.</summary>
    internal bool IsObserving { get; private set; }

    /// <summary>Whether this is a restore.</summary>
    internal bool IsRestoring => string.Equals(globals.GetValueOrDefault("MSBuildIsRestoring"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the command line sets a property.</summary>
    internal bool IsGlobal(string name) => globals.ContainsKey(name);

    /// <summary>Whether the command line names a revision to compare with, even an empty one.</summary>
    internal bool HasBaseline => IsGlobal(Baseline);

    /// <summary>Whether the command line names another work tree to be compared.</summary>
    internal bool HasWorkTree => globals.GetValueOrDefault(WorkTree) is { Length: > 0 };

    /// <summary>What was set elsewhere and ignored.</summary>
    internal List<Finding> Ignored { get; } = [];

    /// <summary>Reads the switches.</summary>
    /// <param name="engine">Tells the global properties.</param>
    /// <param name="directory">The project's folder.</param>
    /// <param name="project">The project, for findings.</param>
    /// <param name="seenVerify">The value of <c>HardeningVerify</c> before the SDK set its own; a global property or the environment.</param>
    /// <param name="seenUpdate">The same of <c>HardeningUpdate</c>.</param>
    /// <param name="nowVerify">The value of <c>HardeningVerify</c> after evaluation.</param>
    /// <param name="nowUpdate">The same of <c>HardeningUpdate</c>.</param>
    internal static Switches Read(IBuildEngine engine, string directory, string project, string? seenVerify, string? seenUpdate, string? nowVerify, string? nowUpdate)
    {
        var switches = new Switches(engine, (engine as IBuildEngine6)?.GetGlobalProperties() ?? new Dictionary<string, string>());
        switches.IsOff = switches.Allows(Verify, "false", directory, project, seenVerify, nowVerify);
        switches.IsObserving = switches.Allows(Phase, "Observe", directory, project, null, null) && switches.IsRestoring;
        switches.IsUpdate = switches.Allows(Update, "true", directory, project, seenUpdate, nowUpdate);
        switches.Refuse(directory);
        return switches;
    }

    private bool Allows(string name, string value, string directory, string project, string? seen, string? now)
    {
        var isGlobal = string.Equals(globals.GetValueOrDefault(name), value, StringComparison.OrdinalIgnoreCase);
        var isElsewhere = string.Equals(seen, value, StringComparison.OrdinalIgnoreCase) || string.Equals(now, value, StringComparison.OrdinalIgnoreCase);
        if (!isGlobal)
        {
            if (isElsewhere)
            {
                Ignored.Add(IgnoredSwitch(name, value, "It was set in a project, package or the environment", project));
            }

            return false;
        }

        // What a response file in the repository says looks like the command line, but whoever can open a pull request wrote it.
        // That of the project which was named to the build counts, and no project knows which that was. The phase is refused there and
        // not ignored: evaluation has followed it already.
        var responseFile = ResponseFile(directory, name)?.Path ?? (name == Phase ? null : ResponseFiles.NamingBelow(name, RepositoryRoot.Find(directory), engine));
        if (responseFile is not null && name != Phase)
        {
            Ignored.Add(IgnoredSwitch(name, value, $"{responseFile} sets it", responseFile));
        }

        return responseFile is null;
    }

    // A global property cannot be unset, and what a solution imports is not seen by its projects; so what disarms the gate there is not ignored but refused.
    private void Refuse(string directory)
    {
        foreach (var variable in new[] { Baseline, WorkTree })
        {
            if (!IsGlobal(variable) && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            {
                Ignored.Add(IgnoredSwitch(variable, value, "It was set in the environment", string.Empty));
            }
        }

        if (Environment.GetEnvironmentVariable(RestoreTargets) is { Length: > 0 })
        {
            Ignored.Add(new Finding(FindingCodes.SwitchIgnored, $"The environment sets {RestoreTargets}, with which a solution is not restored.", SourcePlace.None, $"remove {RestoreTargets} from the environment", Severity.Error));
        }

        if (ResponseFiles.NamingInSolution(Disarming, globals.GetValueOrDefault("SolutionPath")) is var (file, property))
        {
            Ignored.Add(new Finding(FindingCodes.SwitchIgnored, $"{file} names {property}, which would change what is verified.", new SourcePlace(file), "remove it there", Severity.Error));
        }

        if (ResponseFile(directory, Disarming) is var (path, name))
        {
            Ignored.Add(new Finding(FindingCodes.SwitchIgnored, $"{path} sets {name}, which would change what is verified.", new SourcePlace(path), "remove it there", Severity.Error));
        }
    }

    private static Finding IgnoredSwitch(string name, string value, string where, string place) =>
        new(FindingCodes.SwitchIgnored, $"{name}={value} was ignored. {where}, but only the command line may: -p:{name}={value}.", new SourcePlace(place), "remove it there");

    private (string Path, string Name)? ResponseFile(string directory, params ReadOnlySpan<string> names) =>
        ResponseFiles.Naming(names, directory, Path.GetDirectoryName(globals.GetValueOrDefault("SolutionPath")));

    /// <summary>
    /// The targets that were asked of this project, or null if this MSBuild does not tell. There is no public API; without an
    /// answer everything is verified.
    /// </summary>
    internal static IReadOnlyCollection<string>? RequestedTargets(IBuildEngine engine)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var entry = engine.GetType().GetField("_requestEntry", Any)?.GetValue(engine);
        var request = entry?.GetType().GetProperty("Request", Any)?.GetValue(entry);
        return request?.GetType().GetProperty("Targets", Any)?.GetValue(request) as IReadOnlyCollection<string>;
    }
}
