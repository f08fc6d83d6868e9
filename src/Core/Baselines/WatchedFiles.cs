using Hardening.Ecosystems.Actions;
using Hardening.Ecosystems.NuGet.Written;
using Hardening.Formats;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Baselines;

/// <summary>The files whose content a comparison looks at, by name.</summary>
internal static class WatchedFiles
{
    internal const string GlobalJson = "global.json";
    internal const string BuildProps = "Directory.Build.props";

    // Response files that MSBuild reads by itself.
    private static readonly string[] ResponseFiles = ["Directory.Build.rsp", "MSBuild.rsp"];

    /// <summary>Names that count in every folder.</summary>
    internal static readonly string[] Everywhere = [Lockfile.FileName, GlobalJson, BuildProps, .. ResponseFiles];

    private const int Largest = 4 * 1024 * 1024;

    /// <summary>Whether a file is compared. Case does not matter: what it means differs between systems, and so would the verdict.</summary>
    internal static bool IsWatched(string path, string prefix)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return IsWorkflow(path, prefix) || Everywhere.Contains(name, StringComparer.OrdinalIgnoreCase) || ControlFiles.IsByName(path) || ControlFiles.IsUserFile(path) || path.Equals(prefix + Policy.FileName, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a file is a workflow, that of an action, or GitHub's actions.lock.</summary>
    internal static bool IsWorkflow(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && path[prefix.Length..] is var relative && (WorkflowFile.IsWorkflow(relative) || WorkflowFile.IsAction(relative) || relative == WorkflowFile.ActionsLock);

    /// <summary>Whether a file is a control file that the lockfile need not name.</summary>
    internal static bool IsControl(string path, byte[] content) =>
        ControlFiles.IsByName(path) || (ControlFiles.IsUserFile(path) && !(TryDecode(path, content) is { } text && ControlFiles.IsOfEditor(text)));

    private static SourceText? TryDecode(string path, byte[] content)
    {
        try
        {
            return new SourceText(path, SourceText.Decode(content));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The largest size that is read, in bytes.</summary>
    internal static int LimitOf(string path) => path.EndsWith(Lockfile.FileName, StringComparison.OrdinalIgnoreCase) ? LockfileReader.LargestFile : Largest;
}
