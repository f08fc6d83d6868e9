using System.Runtime.CompilerServices;
using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.Images;
using Hardening.Ecosystems.NuGet;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats;
using Hardening.Formats.Images;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Verification;

namespace Hardening.Tool.Inventory;

/// <summary>
/// Every reference of a folder, read from the text, with what the lockfile has for it. The policy excludes nothing here, for what is not hardened is taken
/// from outside all the same.
/// </summary>
internal sealed class RepositoryInventory
{
    private readonly string root;
    private readonly Lockfile lockfile;
    private readonly List<InventoryEntry> entries = [];
    private readonly List<Finding> problems = [];

    private RepositoryInventory(string root)
    {
        this.root = root;
        var stored = LockfileStore.Load(root);
        lockfile = stored.Lockfile ?? Lockfile.Empty;
        if (stored.Finding is { } finding && finding.Code != FindingCodes.LockfileMissing)
        {
            problems.Add(finding);
        }
    }

    /// <summary>The references, sorted by file and place.</summary>
    internal IReadOnlyList<InventoryEntry> Entries => [.. entries.OrderBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Span.Start).ThenBy(e => e.Span.End)];

    /// <summary>What could not be read, so that there may be more than was found.</summary>
    internal IReadOnlyList<Finding> Problems => Finding.Sorted(problems);

    /// <summary>Observes a folder.</summary>
    /// <param name="root">Full path.</param>
    /// <param name="ecosystems">What is looked for.</param>
    /// <exception cref="IOException">The folder, or one in it, could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    internal static RepositoryInventory Observe(string root, EcosystemSet ecosystems)
    {
        var inventory = new RepositoryInventory(root);
        var (nuget, images) = ((ecosystems & EcosystemSet.NuGet) != 0, (ecosystems & EcosystemSet.Images) != 0);
        var workflows = images || (ecosystems & EcosystemSet.Actions) != 0;
        var paths = RepositoryFiles.Find(
            root, name => (nuget && WrittenInputs.IsWanted(name, withScripts: true)) || (workflows && WorkflowFile.IsWanted(name)) || (images && ImageInputs.IsWanted(name)), _ => false, inventory.PackageFolders());
        if (workflows)
        {
            inventory.Workflows(paths, ecosystems);
        }

        if (images)
        {
            inventory.Images(paths);
        }

        if (nuget)
        {
            inventory.NuGet(paths);
        }

        return inventory;
    }

    private void Workflows(IReadOnlyList<string> paths, EcosystemSet ecosystems)
    {
        var inputs = WorkflowInputs.Observe(root, paths);
        var (locked, images) = (new LockedActions(lockfile.Actions), new LockedImages(lockfile.Images));
        foreach (var file in inputs.Files)
        {
            foreach (var use in file.Uses)
            {
                if (use.Reference is { } reference && (ecosystems & EcosystemOf.Kind(reference.Kind)) != 0)
                {
                    entries.Add(Entry(file.Path, reference, use.Uses, locked, images));
                }
            }
        }

        problems.AddRange(inputs.Findings.Where(f => f.Code == FindingCodes.WorkflowUnreadable));
    }

    private void Images(IReadOnlyList<string> paths)
    {
        var inputs = ImageInputs.Observe(root, paths, []);
        var locked = new LockedImages(lockfile.Images);
        foreach (var file in inputs.Files)
        {
            foreach (var use in file.Uses)
            {
                var reference = use.Reference;
                entries.Add(new InventoryEntry(
                    reference.Kind, reference.Name, NullIfEmpty(reference.Version), NullIfEmpty(reference.Pin), use.Name is { } name ? locked.Find(name)?.Digest : null, file.Path, reference.Span, reference.Raw));
            }
        }

        problems.AddRange(inputs.Findings);
    }

    private static InventoryEntry Entry(string path, InputReference reference, UsesText uses, LockedActions locked, LockedImages images)
    {
        // A commit as it is written, where letters may be capitals.
        var pin = uses.IsPinned ? uses.Ref : reference.Pin;
        var resolved = uses.Form == UsesForm.Repository ? locked.Find(uses)?.Commit : uses.Form == UsesForm.Image && ImageName.Parse(uses.Text) is { } image ? images.Find(image)?.Digest : null;
        return new InventoryEntry(reference.Kind, reference.Name, NullIfEmpty(reference.Version), NullIfEmpty(pin), resolved, path, reference.Span, reference.Raw);
    }

    private void NuGet(IReadOnlyList<string> paths)
    {
        var written = WrittenInputs.Observe(root, paths, _ => false, withScripts: true);
        var locked = new LockedVersions(root, lockfile.NuGet);
        var sdks = written.Named.Where(r => r.Kind == InputKind.MSBuildSdk && r.Version.Length > 0).Select(r => r.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var reference in written.Named.Concat(written.Projects.SelectMany(PackageItems.Read)))
        {
            // An SDK whose version stands nowhere is a part of the .NET SDK.
            if (reference.Kind != InputKind.MSBuildSdk || sdks.Contains(reference.Name) || locked.Of(reference) is not null)
            {
                entries.Add(new InventoryEntry(
                    reference.Kind, reference.Name, NullIfEmpty(reference.Version), null, locked.Of(reference), RepositoryRoot.Relative(root, reference.Span.File) ?? reference.Span.File, reference.Span, reference.Raw));
            }
        }

        problems.AddRange(written.Findings);
        problems.AddRange(written.NotXml.Where(IsProject).Where(f => !written.Findings.Any(g => g.Place.File == f)).Select(f => new Finding(FindingCodes.Unreadable, "The file is not XML.", new SourcePlace(f))));
    }

    // What Xcode calls a project is none of ours.
    private static bool IsProject(string file) => !file.EndsWith(".pbxproj", StringComparison.OrdinalIgnoreCase);

    // Where packages lie below the root, what they hold is not the repository's. Only where something says so is NuGet's library loaded.
    private IReadOnlyList<string> PackageFolders()
    {
        try
        {
            return Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } || SourcesFile.Find(root, root).Any(NamesPackageFolders) ? NuGetFolders(root) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problems.Add(new Finding(FindingCodes.Unreadable, $"NuGet's configuration could not be read: {e.Message}", new SourcePlace(root)));
            return [];
        }
    }

    private static bool NamesPackageFolders(string config)
    {
        var text = SourceText.Read(config).Text;
        return text.Contains("globalPackagesFolder", StringComparison.OrdinalIgnoreCase) || text.Contains("fallbackPackageFolders", StringComparison.OrdinalIgnoreCase);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<string> NuGetFolders(string root) => NuGetSettings.PackageFolders(root);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
