using System.Xml;
using System.Xml.Linq;
using Hardening.Files;
using Hardening.Formats;

namespace Hardening.Ecosystems.NuGet.Written;

/// <summary>Knows which files are control files, which decide over builds without being a part of a project, and hashes them.</summary>
public static class ControlFiles
{
    // Each names files that MSBuild imports into every project, before or after everything else.
    private static readonly HashSet<string> Hooks = new(
        [
            "AfterMicrosoftNETSdkTargets", "AfterMicrosoftNetSdkProps", "AfterTargetFrameworkInferenceTargets", "AlternateCommonProps", "BeforeMicrosoftNETSdkTargets",
            "BeforeTargetFrameworkInferenceTargets", "CodeAnalysisTargets", "CommonTargetsPath", "CSharpCoreTargetsPath", "CSharpDesignTimeTargetsPath",
            "CSharpTargetsPath", "CustomAfterBlazorWebAssemblySdkTargets", "CustomAfterDirectoryBuildProps", "CustomAfterDirectoryBuildTargets",
            "CustomAfterMicrosoftCommonCrossTargetingTargets", "CustomAfterMicrosoftCommonProps", "CustomAfterMicrosoftCommonTargets",
            "CustomAfterMicrosoftCSharpTargets", "CustomAfterMicrosoftVisualBasicTargets", "CustomAfterRazorSdkTargets", "CustomAfterStaticWebAssetsSdkTargets",
            "CustomBeforeBlazorWebAssemblySdkTargets", "CustomBeforeDirectoryBuildProps", "CustomBeforeDirectoryBuildTargets",
            "CustomBeforeMicrosoftCommonCrossTargetingTargets", "CustomBeforeMicrosoftCommonProps", "CustomBeforeMicrosoftCommonTargets",
            "CustomBeforeMicrosoftCSharpTargets", "CustomBeforeMicrosoftVisualBasicTargets", "CustomBeforeRazorSdkTargets", "CustomBeforeStaticWebAssetsSdkTargets",
            "DirectoryBuildPropsPath", "DirectoryBuildTargetsPath", "DirectoryPackagesPropsPath", "ILCompilerTargetsPath", "ILLinkTargetsPath", "LanguageTargets",
            "MicrosoftNETBuildExtensionsTargets", "MSBuildExtensionsPath", "MSBuildExtensionsPath32", "MSBuildExtensionsPath64", "MSBuildUserExtensionsPath",
            "NetFrameworkPropsPath", "NetFrameworkTargetsPath", "NuGetBuildTasksPackTargets", "NuGetPropsFile", "NuGetRestoreTargets", "VisualBasicCoreTargetsPath",
            "VisualBasicTargetsPath", "VSTestTargets",
        ],
        StringComparer.OrdinalIgnoreCase);

    // Those to which Hardening.Sdk adds a file of its own.
    private static readonly HashSet<string> Added = new(["CustomAfterDirectoryBuildProps", "BeforeMicrosoftNETSdkTargets"], StringComparer.OrdinalIgnoreCase);

    // What Visual Studio and Rider write into a .user file.
    private static readonly HashSet<string> OfEditors = new(
        [
            "_LastSelectedProfileId", "ActiveDebugFramework", "ActiveDebugProfile", "Controller_SelectedScaffolderCategoryPath", "Controller_SelectedScaffolderID", "DebuggerFlavor", "DefaultDevice",
            "IsFirstTimeProjectOpen", "LastActiveSolutionConfig", "NameOfLastUsedPublishProfile", "Page_SelectedScaffolderCategoryPath", "Page_SelectedScaffolderID", "ProjectView", "SelectedPlatformGroup",
            "ShowAllFiles", "UseIISExpress", "View_SelectedScaffolderCategoryPath", "View_SelectedScaffolderID", "WebStackScaffolding_ControllerDialogWidth",
        ],
        StringComparer.OrdinalIgnoreCase);

    // Longer than any list of files that a person writes; of such a one the file counts in which it stands.
    private const int LongestList = 16 * 1024;

    /// <summary>Whether a file is a control file by its name alone.</summary>
    public static bool IsByName(string path)
    {
        var name = Path.GetFileName(path);
        return name.Equals("Directory.Build.rsp", StringComparison.OrdinalIgnoreCase)
            || name.Equals("MSBuild.rsp", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Directory.Solution.props", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Directory.Solution.targets", StringComparison.OrdinalIgnoreCase)
            || ((name.StartsWith("before.", StringComparison.OrdinalIgnoreCase) || name.StartsWith("after.", StringComparison.OrdinalIgnoreCase)) && name.EndsWith(".sln.targets", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a file is one that MSBuild imports for a user.</summary>
    public static bool IsUserFile(string path) => path.EndsWith("proj.user", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a <c>.user</c> file holds nothing but what editors write: literal values of properties that no build reads, and sub-types of items.</summary>
    public static bool IsOfEditor(SourceText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            // A document is loaded in a time that grows with the square of its depth; what editors write has five levels with the text.
            const int Deepest = 4;
            using (var levels = Reader(text))
            {
                while (levels.Read())
                {
                    if (levels.Depth > Deepest)
                    {
                        return false;
                    }
                }
            }

            using var reader = Reader(text);
            return XDocument.Load(reader).Root is { } root && root.Name.LocalName == "Project"
                && root.Attributes().All(a => a.IsNamespaceDeclaration || a.Name.LocalName == "ToolsVersion")
                && root.Elements().All(group => group.Name.LocalName switch
                {
                    // A condition may compare properties, and call nothing; MSBuild takes "$( [" for the beginning of a call as well.
                    "PropertyGroup" => group.Attributes().All(a => a.Name.LocalName == "Condition" && !a.Value.Contains('[', StringComparison.Ordinal))
                        && group.Elements().All(p => OfEditors.Contains(p.Name.LocalName) && !p.HasAttributes && !p.HasElements && !p.Value.Contains('$', StringComparison.Ordinal)),
                    "ItemGroup" => !group.HasAttributes && group.Elements().All(item => item.Attributes().All(a => a.Name.LocalName == "Update" && !a.Value.Contains('$', StringComparison.Ordinal))
                        && item.Elements().All(m => m.Name.LocalName == "SubType" && !m.HasAttributes && !m.HasElements && !m.Value.Contains('$', StringComparison.Ordinal))),
                    _ => false,
                });
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static XmlReader Reader(SourceText text) => XmlReader.Create(new StringReader(text.Text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });

    /// <summary>The control files that a project file names by properties. Where the text does not tell which one, the project file is one itself.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="text">The project file.</param>
    /// <returns>Paths relative to the root, with <c>/</c>.</returns>
    public static IEnumerable<string> NamedBy(string root, ProjectText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var property in text.Properties.Where(p => Hooks.Contains(p.Name)))
        {
            // $(Itself);another.targets
            if (!property.Value.Value.Contains($"$({property.Name})", StringComparison.OrdinalIgnoreCase) && Added.Contains(property.Name))
            {
                // Takes away what Hardening.Sdk put there.
                yield return RepositoryRoot.Relative(root, text.Text.File)!;
            }

            if (property.Value.Value.Length > LongestList)
            {
                yield return RepositoryRoot.Relative(root, text.Text.File)!;
                continue;
            }

            foreach (var part in property.Value.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!part.Equals($"$({property.Name})", StringComparison.OrdinalIgnoreCase))
                {
                    yield return RepositoryRoot.Relative(root, ProjectPath.Resolve(root, text.Text.File, part) ?? text.Text.File)!;
                }
            }
        }
    }

    /// <summary>Hashes a control file.</summary>
    /// <exception cref="IOException">Not readable, or larger than <see cref="SourceText.LargestFile"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static string Hash(string file) => NormalizedText.Hash(AtomicFile.ReadAtMost(file, SourceText.LargestFile));
}
