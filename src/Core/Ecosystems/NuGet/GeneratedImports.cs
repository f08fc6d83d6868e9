using System.Buffers;
using System.Text;
using System.Xml;
using Hardening.Files;

namespace Hardening.Ecosystems.NuGet;

/// <summary>
/// The files <c>obj/PROJECT.nuget.g.props</c> and <c>.targets</c> that NuGet generates and MSBuild imports. Read strictly: they may hold
/// what NuGet writes there and nothing else, since whatever they hold is part of the build.
/// </summary>
public sealed record GeneratedImports
{
    private const int LargestFile = 16 * 1024 * 1024;
    private const string RootVariable = "$(NuGetPackageRoot)";

    private static readonly SearchValues<char> NameLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    // Properties that NuGet writes; Pkg<Id> comes with GeneratePathProperty.
    private static readonly string[] Properties =
        ["RestoreSuccess", "RestoreTool", "ProjectAssetsFile", "NuGetPackageRoot", "NuGetPackageFolders", "NuGetProjectStyle", "NuGetToolVersion", "MSBuildAllProjects"];

    // Items that NuGet writes; the others are what it makes of contentFiles.
    private static readonly string[] Items = ["SourceRoot", "None", "Content", "Compile", "EmbeddedResource", "AdditionalFiles", "Page", "Resource"];

    /// <summary>Keys (<c>id/version</c>) of the packages whose files are imported, compiled or named, sorted.</summary>
    public required IReadOnlyList<string> Packages { get; init; }

    /// <summary>The packages folder that the file names, or empty.</summary>
    public required string PackageRoot { get; init; }

    /// <summary>Whether a path in it begins with that folder's property, which another file may set.</summary>
    public required bool UsesPackageRoot { get; init; }

    /// <summary>Whether such a path needs that folder to end with a separator; else it leads to a neighbour of the folder.</summary>
    public required bool NeedsSeparator { get; init; }

    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="packageFolders">The folders that packages may lie in, full paths.</param>
    /// <exception cref="InvalidDataException">It holds something that NuGet does not write, or an import outside the packages folders.</exception>
    /// <exception cref="IOException">Not readable, or larger than 16 MiB.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static GeneratedImports Read(string path, IReadOnlyList<string> packageFolders)
    {
        var packages = new SortedSet<string>(StringComparer.Ordinal);
        string? root = null;
        var uses = false;
        var needsSeparator = false;
        string? group = null;
        void Add(string? named, int segments)
        {
            var slashed = (named ?? string.Empty).Replace('\\', '/');
            packages.Add(KeyOf(slashed, packageFolders, segments));
            if (slashed.StartsWith(RootVariable, StringComparison.Ordinal))
            {
                uses = true;
                needsSeparator |= slashed.Length > RootVariable.Length && slashed[RootVariable.Length] != '/';
            }
        }

        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true, MaxCharactersInDocument = LargestFile };
        try
        {
            // As MSBuild reads it: what the XML declaration says of the encoding does not count.
            using var text = new StreamReader(new MemoryStream(AtomicFile.ReadAtMost(path, LargestFile), writable: false), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            using var reader = XmlReader.Create(text, settings);
            reader.MoveToContent();
            Require(reader.LocalName == "Project" && HasOnly(reader, "ToolsVersion", "xmlns"), "the root is not a plain Project");
            while (reader.Read())
            {
                if (reader.NodeType is XmlNodeType.EndElement or XmlNodeType.Whitespace)
                {
                    continue;
                }

                Require(reader.NodeType == XmlNodeType.Element, $"it holds a node of type {reader.NodeType}");
                switch (reader.Depth, reader.LocalName)
                {
                    case (1, "PropertyGroup" or "ItemGroup" or "ImportGroup"):
                        Require(HasOnly(reader, "Condition"), $"{reader.LocalName} has an attribute that NuGet does not write");
                        group = reader.GetAttribute("Condition")?.Trim();
                        break;
                    case (2, "Import"):
                        Require(HasOnly(reader, "Project", "Condition"), "an Import has an attribute that NuGet does not write");
                        Add(reader.GetAttribute("Project"), 3);
                        break;
                    case (2, var name) when Array.IndexOf(Properties, name) >= 0 || name.StartsWith("Pkg", StringComparison.Ordinal):
                        Require(HasOnly(reader, "Condition"), $"{name} has an attribute that NuGet does not write");
                        var condition = reader.GetAttribute("Condition")?.Trim();
                        var value = WithoutProfile(reader.IsEmptyElement ? string.Empty : ReadText(reader));
                        Require(name == "ProjectAssetsFile" ? value == "$(MSBuildThisFileDirectory)project.assets.json" : IsPlain(value), $"{name} is not a plain value");
                        if (name == "NuGetPackageRoot")
                        {
                            Require(root is null && Path.IsPathFullyQualified(value) && condition is null or "'$(NuGetPackageRoot)' == ''" && group is null or "'$(ExcludeRestorePackageImports)' != 'true'", "NuGetPackageRoot is not set as NuGet does");
                            root = value;
                        }
                        else if (name == "NuGetPackageFolders")
                        {
                            Require(packageFolders.Count == 0 || value.Split(';').All(v => packageFolders.Select(Path.TrimEndingDirectorySeparator).Contains(Path.TrimEndingDirectorySeparator(WithoutProfile(v)), FolderComparer)), $"{name} leads outside the packages folders");
                        }
                        else if (name.StartsWith("Pkg", StringComparison.Ordinal))
                        {
                            Add(value, 2);
                        }

                        break;
                    case (2, var name) when Array.IndexOf(Items, name) >= 0:
                        Require(HasOnly(reader, "Include", "Condition"), $"{name} has an attribute that NuGet does not write");
                        if (name == "SourceRoot")
                        {
                            Require(IsPlain(WithoutProfile(reader.GetAttribute("Include") ?? string.Empty)), $"{name} is not a plain value");
                        }
                        else
                        {
                            Add(reader.GetAttribute("Include"), 3);
                        }

                        break;
                    case (3, _):
                        Require(!reader.HasAttributes, $"{reader.LocalName} has an attribute that NuGet does not write");
                        var metadata = reader.LocalName;
                        Require(reader.IsEmptyElement || IsInItsFolder(ReadText(reader)), $"{metadata} is not a plain value");
                        break;
                    default:
                        throw new InvalidDataException($"it holds a {reader.LocalName} element");
                }
            }
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }

        return new GeneratedImports { Packages = [.. packages], PackageRoot = root ?? string.Empty, UsesPackageRoot = uses, NeedsSeparator = needsSeparator };
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidDataException(problem);
        }
    }

    private static bool HasOnly(XmlReader reader, params ReadOnlySpan<string> allowed)
    {
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            // A condition can call property functions, which read files and environment; NuGet's compare and ask Exists.
            if (!allowed.Contains(reader.Name) || (reader.Name == "Condition" && CallsFunction(reader.Value)))
            {
                return false;
            }
        }

        reader.MoveToElement();
        return true;
    }

    // Whatever follows "$(" and is not the bare name of a property: MSBuild permits spaces before the bracket of a function, and methods after a name.
    private static bool CallsFunction(string text)
    {
        for (var rest = text.AsSpan(); rest.IndexOf("$(") is >= 0 and var at; rest = rest[(at + 2)..])
        {
            var name = rest[(at + 2)..];
            var end = name.IndexOfAnyExcept(NameLetters);
            if (end <= 0 || name[end] != ')')
            {
                return true;
            }
        }

        return false;
    }

    private static string ReadText(XmlReader reader)
    {
        var name = reader.LocalName;
        reader.Read();
        if (reader.NodeType == XmlNodeType.EndElement)
        {
            return string.Empty;
        }

        Require(reader.NodeType == XmlNodeType.Text, $"{name} is not plain text");
        var text = reader.Value;
        reader.Read();
        Require(reader.NodeType == XmlNodeType.EndElement, $"{name} is not plain text");
        return text;
    }

    // On Windows NuGet abbreviates a folder below the user's profile.
    private static string WithoutProfile(string value) => OperatingSystem.IsWindows() && value.StartsWith("$(UserProfile)", StringComparison.Ordinal)
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + value["$(UserProfile)".Length..]
        : value;

    // Nothing that MSBuild expands. "@" alone is a letter of many users' folders.
    private static bool IsPlain(string value) => !value.Contains('$', StringComparison.Ordinal) && !value.Contains("@(", StringComparison.Ordinal) && !value.Contains('%', StringComparison.Ordinal);

    // Where a content file is copied to and how it is shown (TargetPath, Link).
    private static bool IsInItsFolder(string value) =>
        !value.Contains("$(", StringComparison.Ordinal) && !value.Contains("@(", StringComparison.Ordinal) && !Path.IsPathRooted(value) && !value.Split('/', '\\').Contains("..");

    private static StringComparer FolderComparer => StringComparer.FromComparison(PathRules.Here.Strict);

    // NuGet writes ids and versions in lower case; in another case they are another folder. What it notes beside a package is not of the package.
    private static string KeyOf(string path, IReadOnlyList<string> folders, int least)
    {
        var relative = Relative(path, folders) ?? throw new InvalidDataException($"it names {path}, which is not in a packages folder");
        var segments = relative.Split('/');
        if (segments.Length < least || segments[0].Length == 0 || segments[1].Length == 0)
        {
            throw new InvalidDataException($"it names {path}, which is not of a package");
        }

        var key = string.Concat(segments[0], "/", segments[1]);
        Require(key == key.ToLowerInvariant() && !PackageFolder.Of(string.Empty, key).IsWrittenByNuGet(string.Join('/', segments[2..]).ToLowerInvariant()), $"it names {path}, which is not a file of a package");
        return key;
    }

    // The path below one of the folders, with '/', or null. The text is compared before MSBuild expands it, so nothing but one leading variable may be in it.
    private static string? Relative(string path, IReadOnlyList<string> folders)
    {
        var slashed = path.Replace('\\', '/');
        string? relative = null;
        if (slashed.StartsWith(RootVariable, StringComparison.Ordinal))
        {
            relative = slashed[RootVariable.Length..].TrimStart('/');
        }
        else
        {
            foreach (var folder in folders)
            {
                var prefix = folder.Replace('\\', '/').TrimEnd('/') + "/";
                if (slashed.StartsWith(prefix, PathRules.Here.Strict))
                {
                    relative = slashed[prefix.Length..];
                    break;
                }
            }
        }

        return relative is not null && IsPlain(relative) && !relative.Contains('*', StringComparison.Ordinal) && !relative.Contains('?', StringComparison.Ordinal)
            && !relative.Contains(';', StringComparison.Ordinal) && !relative.Split('/').Contains("..") ? relative : null;
    }
}
