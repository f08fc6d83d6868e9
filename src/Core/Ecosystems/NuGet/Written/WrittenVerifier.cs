using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;
using NuGet.Packaging;
using NuGet.Versioning;

namespace Hardening.Ecosystems.NuGet.Written;

/// <summary>Compares what the text of a repository names with the lockfile.</summary>
/// <param name="root">The repository root.</param>
/// <param name="lockfile">The baseline.</param>
/// <param name="policy">The policy.</param>
/// <param name="isBuiltIn">Whether the .NET SDK itself has an MSBuild SDK of this name, so that no package is resolved for it.</param>
public sealed class WrittenVerifier(string root, Lockfile lockfile, Policy policy, Func<string, bool> isBuiltIn)
{
    /// <summary>Verifies.</summary>
    public IReadOnlyList<Finding> Verify(WrittenInputs written)
    {
        ArgumentNullException.ThrowIfNull(written);
        var findings = new List<Finding>(written.Findings);
        foreach (var reference in Locked(written.References))
        {
            if (NotLocked(reference) is { } finding)
            {
                findings.Add(finding);
            }
        }

        findings.AddRange(Sources(written.References));
        findings.AddRange(OtherHardeningSdks(written.References));
        findings.AddRange(DotNet(written.DotNet));
        findings.AddRange(Control(written.Control));
        findings.AddRange(written.Unhardened.Select(NotHardened));
        findings.AddRange(written.BySdk.Where(p => !lockfile.NuGet.Projects.ContainsKey(p.Path) && !p.Sdks.Any(IsOfDotNet)).Select(p => NotHardened(new UnhardenedProject(
            p.Path, new SourcePlace(Path.Combine(root, p.Path)), $"uses {string.Join(", ", p.Sdks)}, of which the text does not tell whether it imports Directory.Build.props, and the lockfile does not have the project"))));
        findings.AddRange(written.PackagesConfigs.Select(p => new Finding(FindingCodes.PackagesConfig, $"The packages of {p} are restored by nuget.exe and not verified.", new SourcePlace(Path.Combine(root, p)),
            $"move the project to PackageReference, or exclude it in {Policy.FileName}")));
        findings.AddRange(written.NestedLockfiles.Select(p => new Finding(FindingCodes.NestedLockfile, $"{p} lies below {Path.Combine(root, Lockfile.FileName)}, so two lockfiles speak for the same projects.",
            new SourcePlace(Path.Combine(root, p)), $"delete it and run {Commands.Update}, or exclude its folder in {Policy.FileName}")));
        return Finding.Sorted(findings);
    }

    /// <summary>What an update cannot accept, and has to say before it downloads anything.</summary>
    public IReadOnlyList<Finding> VerifyBeforeUpdate(WrittenInputs written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return Finding.Sorted(
        [
            .. written.Findings,
            .. Locked(written.References).Where(r => !NuGetVersion.TryParse(r.Version, out _)).Select(r => new Finding(
                FindingCodes.UpdateIncomplete, $"{r.Name} has the version \"{r.Version}\", which is none that can be locked.", r.Span.Place, "write one exact version") { Input = r.Name }),
            .. Locked(written.References).Where(r => !PackageIdValidator.IsValidPackageId(r.Name)).Select(r => new Finding(
                FindingCodes.UpdateIncomplete, $"\"{r.Name}\" is named as {(r.Kind == InputKind.Tool ? "a tool" : "an MSBuild SDK")}, but is no id of a package.", r.Span.Place, "write the id out") { Input = r.Name }),
            .. Sources(written.References),
            .. OtherHardeningSdks(written.References),

            // No matter of the lockfile; but the next build fails, and who adopts wants to know now.
            .. written.Unhardened.Select(u => NotHardened(u) with { SeverityOverride = Severity.Warning }),
        ]);
    }

    /// <summary>The references that a lock entry has to stand for: MSBuild SDKs that come as packages, and tools.</summary>
    public IEnumerable<InputReference> Locked(IEnumerable<InputReference> references) => references.Where(r =>
        !policy.NuGet.Own.Contains(r.Name, StringComparer.OrdinalIgnoreCase)
        && (r.Kind == InputKind.Tool || (r.Kind == InputKind.MSBuildSdk && r.Version.Length > 0 && !isBuiltIn(r.Name))));

    /// <summary>The key of the package that a reference names, with the version normalized as NuGet does.</summary>
    public static string KeyOf(InputReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return PackageEntry.KeyOf(reference.Name, NuGetVersion.TryParse(reference.Version, out var version) ? version.ToNormalizedString() : reference.Version);
    }

    // What the .NET SDK carries imports it, but for those that HardenedProjects knows.
    private bool IsOfDotNet(string sdk) => sdk.Equals("Microsoft.NET.Sdk", StringComparison.OrdinalIgnoreCase) || sdk.StartsWith("Microsoft.NET.Sdk.", StringComparison.OrdinalIgnoreCase) || isBuiltIn(sdk);

    private static Finding NotHardened(UnhardenedProject project) => new(
        FindingCodes.NotHardened, $"{project.Path} {project.Reason}. So nothing that it takes from outside is verified.", project.Place, $"import Hardening.Sdk there, or exclude it in {Policy.FileName}");

    private Finding? NotLocked(InputReference reference)
    {
        var isTool = reference.Kind == InputKind.Tool;
        var locked = (isTool ? lockfile.NuGet.Tools : lockfile.NuGet.MSBuildSdks).GetValueOrDefault(reference.Name.ToLowerInvariant());
        if (locked is not null && (Has(locked, reference.Version) || Has(locked, KeyOf(reference).Split('/')[^1])))
        {
            return null;
        }

        var what = isTool ? "tool" : "MSBuild SDK";
        var message = reference.Version.Contains('$', StringComparison.Ordinal)
            ? $"The version of the {what} {reference.Name} is {reference.Version}, which only an evaluation can tell."
            : locked is null
                ? $"The {what} {reference.Name} {reference.Version} is not in the lockfile."
                : $"The {what} {reference.Name} has the version {reference.Version}, but the lockfile has {locked}.";
        return new Finding(isTool ? FindingCodes.ToolNotLocked : FindingCodes.MSBuildSdkNotLocked, message, reference.Span.Place,
            reference.Version.Contains('$', StringComparison.Ordinal) ? "write the version out" : Commands.Update, isTool ? null : SeverityOf(reference.Name, locked))
        {
            Input = $"{reference.Name}/{reference.Version}",
        };
    }

    // Another version of Hardening.Sdk is the one that speaks now, so an error of its own would stop nobody who means ill; and who upgrades is to see what
    // else is new before the update. The comparison with a baseline judges it from outside.
    internal static Severity? SeverityOf(string id, string? locked) => locked is not null && id.Equals(HardenedProjects.SdkName, StringComparison.OrdinalIgnoreCase) ? Severity.Warning : null;

    private static bool Has(string versions, string version) => versions.Split(';').Contains(version, StringComparer.OrdinalIgnoreCase);

    // NuGet's resolver of MSBuild SDKs goes on with the other sources where one does not answer. So who can stop a private source chooses what the next one serves.
    private List<Finding> Sources(IReadOnlyList<InputReference> references)
    {
        var findings = new List<Finding>();
        var read = new Dictionary<string, SourcesEntry?>(StringComparer.Ordinal);
        foreach (var reference in Locked(references).Where(r => r.Kind == InputKind.MSBuildSdk).DistinctBy(r => (r.Name.ToLowerInvariant(), Path.GetDirectoryName(r.Span.File))))
        {
            var sources = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var patterns = new List<(string Source, string Pattern)>();
            var files = SourcesFile.Find(root, Path.GetDirectoryName(reference.Span.File)!);
            foreach (var file in files)
            {
                if (!read.TryGetValue(file, out var entry))
                {
                    // What cannot be read is a finding of the sources.
                    read[file] = entry = SourcesVerifier.TryRead(file);
                }

                if (entry is { Clear: true })
                {
                    sources.Clear();
                }

                sources.UnionWith(entry?.Sources.Keys ?? []);
                patterns.AddRange(entry?.Mapping.SelectMany(m => m.Value.Select(p => (m.Key, p))) ?? []);
            }

            var mapped = SourceMapping.SourcesOf(patterns, reference.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var from = mapped.Count > 0 ? mapped : sources;
            if (from.Count > 1)
            {
                findings.Add(new Finding(FindingCodes.SdkSourceNotMapped, $"The MSBuild SDK {reference.Name} can come from {string.Join(", ", from.Order(StringComparer.Ordinal))}; it is to be mapped to one source.",
                    new SourcePlace(files[^1]), patterns.Count > 0
                        ? $"add <package pattern=\"{reference.Name}\" /> below one source of packageSourceMapping"
                        : $"add a packageSourceMapping with <package pattern=\"{reference.Name}\" /> below that source, and <package pattern=\"*\" /> below every source that serves other packages")
                {
                    Input = reference.Name,
                });
            }
        }

        return findings;
    }

    // Of two versions in one build the first that is resolved wins for both, so an old gate could stand for the new one.
    private List<Finding> OtherHardeningSdks(IReadOnlyList<InputReference> references)
    {
        var all = references.Where(r => r.Name.Equals(HardenedProjects.SdkName, StringComparison.OrdinalIgnoreCase) && r.Version.Length > 0).ToList();
        var atRoot = all.Where(r => Path.GetDirectoryName(r.Span.File) == Path.TrimEndingDirectorySeparator(root)).OrderBy(r => Path.GetFileName(r.Span.File) != "global.json").FirstOrDefault() ?? all.FirstOrDefault();
        return atRoot is null ? [] :
        [
            .. all.Where(r => KeyOf(r) != KeyOf(atRoot)).Select(r => new Finding(FindingCodes.OtherHardeningSdk,
                $"{r.Name} {r.Version} is named here, but {RepositoryRoot.Relative(root, atRoot.Span.File)} names {atRoot.Version}.", r.Span.Place, "name one version, in the global.json at the root") { Input = r.Name }),
        ];
    }

    private List<Finding> DotNet(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> found)
    {
        var findings = new List<Finding>();
        foreach (var (path, sdk) in found)
        {
            var locked = lockfile.NuGet.DotNet.GetValueOrDefault(path) ?? Map<string>.Empty;
            foreach (var name in locked.Keys.Union(sdk.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                var (before, now) = (locked.GetValueOrDefault(name), sdk.GetValueOrDefault(name));
                if (before != now)
                {
                    findings.Add(new Finding(FindingCodes.GlobalJsonChanged, $"sdk.{name} is {Shown(now)} in {path}, but {Shown(before)} in the lockfile.", new SourcePlace(Path.Combine(root, path)), Commands.Update));
                }
            }
        }

        findings.AddRange(Gone(lockfile.NuGet.DotNet.Where(d => d.Value.Count > 0).Select(d => d.Key), found.ContainsKey)
            .Select(path => new Finding(FindingCodes.GlobalJsonChanged, $"{path} is in the lockfile, but is not there, so the machine decides which .NET SDK builds.", new SourcePlace(Path.Combine(root, path)), $"git checkout -- {path}; if it was removed on purpose: {Commands.Update}")));
        return findings;
    }

    private List<Finding> Control(IReadOnlyDictionary<string, string> found)
    {
        var findings = new List<Finding>();
        foreach (var (path, hash) in found)
        {
            var place = new SourcePlace(Path.Combine(root, path));
            if (!lockfile.Control.TryGetValue(path, out var locked))
            {
                findings.Add(new Finding(FindingCodes.ControlFileChanged, $"{path} decides over builds, but is not in the lockfile.", place,
                    ControlFiles.IsUserFile(path) ? "read it; it belongs to one machine, so delete it, or move what you need of it to Properties/launchSettings.json" : $"read it; if it is meant: {Commands.Update}"));
            }
            else if (locked != hash)
            {
                findings.Add(new Finding(FindingCodes.ControlFileChanged, $"{path} decides over builds, and was changed. Found SHA-512 {hash[..16]}…, locked is {locked[..16]}….", place, $"read it; if the change is meant: {Commands.Update}"));
            }
        }

        findings.AddRange(Gone(lockfile.Control.Keys, found.ContainsKey)
            .Select(path => new Finding(FindingCodes.ControlFileChanged, $"{path} decides over builds and is in the lockfile, but is not there or decides nothing any more.", new SourcePlace(Path.Combine(root, path)), $"git checkout -- {path}; if it was removed on purpose: {Commands.Update}")));
        return findings;
    }

    // In a container layer that holds only some of the files, what is not there was not removed.
    private IEnumerable<string> Gone(IEnumerable<string> locked, Func<string, bool> isThere) =>
        locked.Where(path => !isThere(path)).Where(path => File.Exists(Path.Combine(root, path)) || RepositoryRoot.IsInGit(root)).Order(StringComparer.Ordinal);

    private static string Shown(string? value) => value is null ? "not there" : $"\"{value}\"";
}
