namespace Hardening.Baselines;

/// <summary>What a change of global.json and Directory.Build.props weakens: the .NET SDK, and how Hardening.Sdk itself is named.</summary>
internal static class BuildFilesComparison
{
    private const string Ours = "hardening.sdk";

    private static readonly string[] RollForward = ["disable", "patch", "latestPatch", "feature", "latestFeature", "minor", "latestMinor", "major", "latestMajor"];

    internal static void Compare(BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        // The nearest file upward counts, so a new one is compared with what counted in its folder before.
        foreach (var path in before.GlobalJson.Keys.Union(after.GlobalJson.Keys, StringComparer.Ordinal))
        {
            var then = BaselineSnapshot.Nearest(before.GlobalJson, path, WatchedFiles.GlobalJson);
            var now = BaselineSnapshot.Nearest(after.GlobalJson, path, WatchedFiles.GlobalJson);
            if (then is not null && then.Hash != now?.Hash)
            {
                DotNet(path, then, now ?? new GlobalJsonFacts(), weakenings, before.Name);
            }
            else if (then is null && now is { Problem: "" })
            {
                Added(path, now, weakenings);
            }
        }

        foreach (var path in before.BuildProps.Keys.Union(after.BuildProps.Keys, StringComparer.Ordinal))
        {
            Naming(path, before, after, weakenings);
            if (after.BuildProps.GetValueOrDefault(path) is { Replaces.Length: > 0 } replacing && before.BuildProps.GetValueOrDefault(path)?.Replaces != replacing.Replaces)
            {
                weakenings.Add(path, $"{path} {replacing.Replaces}.", "Hardening.Sdk");
            }
        }
    }

    private static void DotNet(string path, GlobalJsonFacts then, GlobalJsonFacts now, Weakenings weakenings, string baseline)
    {
        if (then.Problem.Length > 0 || now.Problem.Length > 0)
        {
            weakenings.Add(path, $"{path} was changed and cannot be compared: {(now.Problem.Length > 0 ? now.Problem : $"at {baseline}, {then.Problem}")}.");
            return;
        }

        if (then.Version.Length > 0 && now.Version.Length == 0)
        {
            weakenings.Add(path, $"{path} no longer says which .NET SDK builds; {baseline} has {then.Version}.");
        }
        else if (then.Version.Length > 0 && Versions.IsLower(then.Version, now.Version))
        {
            weakenings.Add(path, $"{path} asks for the .NET SDK {now.Version}, which is lower than {then.Version} at {baseline}.");
        }

        if (Rank(now) > Rank(then))
        {
            weakenings.Add(path, $"{path} rolls forward by {Policy(now)}, which takes more versions than {Policy(then)} at {baseline}.");
        }

        if (then.AllowPrerelease == false && now.AllowPrerelease != false)
        {
            weakenings.Add(path, $"{path} allows previews of the .NET SDK, which {baseline} does not.");
        }

        Added(path, now, weakenings, then.Paths);
        if (then.MSBuildSdks.TryGetValue(Ours, out var old) && now.MSBuildSdks.TryGetValue(Ours, out var version) && Versions.IsLower(old, version))
        {
            weakenings.Add(path, $"{path} names Hardening.Sdk {version}, but {baseline} has {old}.", $"Hardening.Sdk/{version}");
        }
        else if (old is not null && !now.MSBuildSdks.ContainsKey(Ours))
        {
            weakenings.Add(path, $"{path} no longer names Hardening.Sdk; {baseline} has {old}.", $"Hardening.Sdk/{old}");
        }
    }

    private static void Added(string path, GlobalJsonFacts now, Weakenings weakenings, string before = "")
    {
        if (now.Paths.Length > 0 && now.Paths != before)
        {
            weakenings.Add(path, $"{path} takes the .NET SDK from {now.Paths.Replace("\n", ", ", StringComparison.Ordinal)}.");
        }
    }

    private static string Policy(GlobalJsonFacts facts) => facts.RollForward.Length > 0 ? facts.RollForward : facts.Version.Length > 0 ? "patch" : "latestMajor";

    private static int Rank(GlobalJsonFacts facts)
    {
        var rank = Array.FindIndex(RollForward, r => r.Equals(Policy(facts), StringComparison.OrdinalIgnoreCase));
        return rank < 0 ? int.MaxValue : rank;
    }

    private static void Naming(string path, BaselineSnapshot before, BaselineSnapshot after, Weakenings weakenings)
    {
        var then = Counting(before, path);
        var now = Counting(after, path);
        if (then is null or { Naming: SdkNaming.None } || then == now)
        {
            return;
        }

        if (now is { Problem.Length: > 0 })
        {
            weakenings.Add(path, $"{path} cannot be compared: {now.Problem}", "Hardening.Sdk");
        }
        else if (now is null || now.Naming < then.Naming)
        {
            weakenings.Add(path, $"{path} no longer brings Hardening.Sdk to the projects below it{(now?.Naming == SdkNaming.Package ? " as an MSBuild SDK, only as a package" : string.Empty)}.", "Hardening.Sdk");
        }
        else if (then.Version.Length > 0 && now.Version != then.Version && Versions.IsLower(then.Version, now.Version.Length > 0 ? now.Version : InGlobalJson(after, path)))
        {
            weakenings.Add(path, $"{path} names Hardening.Sdk {now.Version}, but {before.Name} has {then.Version}.", "Hardening.Sdk");
        }
        else if (then.Version.Length == 0 && now.Version.Length > 0 && InGlobalJson(before, path) is { Length: > 0 } pinned && Versions.IsLower(pinned, now.Version))
        {
            weakenings.Add(path, $"{path} names Hardening.Sdk {now.Version}, but the global.json of {before.Name} has {pinned}.", "Hardening.Sdk");
        }
    }

    private static string InGlobalJson(BaselineSnapshot snapshot, string path) =>
        BaselineSnapshot.Nearest(snapshot.GlobalJson, path, WatchedFiles.GlobalJson)?.MSBuildSdks.GetValueOrDefault(Ours) ?? string.Empty;

    // The nearest file, and where that imports an outer one without naming the SDK itself, that one.
    private static BuildPropsFacts? Counting(BaselineSnapshot snapshot, string path)
    {
        for (var folder = BaselineSnapshot.FolderOf(path); ; folder = BaselineSnapshot.FolderOf(folder))
        {
            var file = folder.Length == 0 ? WatchedFiles.BuildProps : $"{folder}/{WatchedFiles.BuildProps}";
            if (snapshot.BuildProps.TryGetValue(file, out var facts) && (facts.Naming == SdkNaming.Sdk || !facts.ImportsOuter || folder.Length == 0))
            {
                return facts;
            }

            if (folder.Length == 0)
            {
                return null;
            }
        }
    }
}
