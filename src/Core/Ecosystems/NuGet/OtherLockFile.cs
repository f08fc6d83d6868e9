using System.Text;
using System.Text.Json;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.NuGet;

/// <summary>
/// NuGet's own lock file of one project (<c>packages.lock.json</c>), where a repository keeps one beside the lockfile. It is compared so that
/// two files which say the same thing do not drift apart unseen; it decides nothing and is never written.
/// </summary>
/// <param name="root">The repository root.</param>
/// <param name="projectFile">Full path of the project.</param>
/// <param name="configured">NuGetLockFilePath as the repository sets it; empty if it does not.</param>
public sealed class OtherLockFile(string root, string projectFile, string configured)
{
    private const int LargestFile = 64 * 1024 * 1024;
    private const string Mend = "delete it, or write it anew: dotnet restore --force-evaluate -p:HardeningVerify=false";

    private readonly string folder = Path.GetDirectoryName(projectFile)!;

    /// <summary>Compares the file that NuGet would use with what the lockfile makes NuGet restore.</summary>
    /// <param name="project">The project in the lockfile.</param>
    /// <param name="locked">What is made of it, see <see cref="RestoreLockBuilder"/>.</param>
    /// <returns>The first difference and the number of others; null if both agree or there is no such file.</returns>
    public Finding? Verify(ProjectEntry project, RestoreLock locked)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(locked);
        if (configured.Contains('\0', StringComparison.Ordinal))
        {
            return NotCompared(projectFile, 0, "NuGetLockFilePath is not a path", "remove NuGetLockFilePath from the project");
        }

        var path = string.Empty;
        try
        {
            foreach (var candidate in Candidates(project.Name))
            {
                path = candidate;
                if (FileStamp.Of(path) is { } stamp)
                {
                    return Compare(path, stamp, project, locked);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotCompared(path, 0, e.Message);
        }

        return null;
    }

    // In NuGet's order (PackagesLockFileUtilities.GetNuGetLockFilePath).
    private IEnumerable<string> Candidates(string name)
    {
        if (configured.Length > 0)
        {
            yield return Path.GetFullPath(configured, folder);
            yield break;
        }

        if (name.IndexOfAny(['/', '\\', '\0']) < 0)
        {
            yield return Path.Combine(folder, $"packages.{name.Replace(' ', '_')}.lock.json");
        }

        yield return Path.Combine(folder, "packages.lock.json");
    }

    private Finding? Compare(string path, FileStamp stamp, ProjectEntry project, RestoreLock locked)
    {
        if (stamp.IsDirectory)
        {
            return null;
        }

        if (stamp.IsLink || RepositoryRoot.Relative(root, path) is null)
        {
            return NotCompared(path, 0, stamp.IsLink ? "it is a link and not a file" : "it lies outside the repository");
        }

        RestoreLock other;
        try
        {
            other = RestoreLock.Read(path);
        }
        catch (InvalidDataException e)
        {
            return NotCompared(path, e.InnerException is JsonException { LineNumber: { } line } ? (int)line + 1 : 0, "it is no lock file that NuGet wrote");
        }

        var differences = Differences(other, project, locked).ToList();
        if (differences.Count == 0)
        {
            return null;
        }

        var (target, id, what) = differences[0];
        var more = differences.Count > 1 ? $" {differences.Count - 1} more of its lines differ." : string.Empty;
        return new Finding(FindingCodes.OtherLockFile, $"{Shown(path)} {what}.{more} The lockfile counts.", new SourcePlace(path, LineOf(path, target, id)), Mend);
    }

    private static IEnumerable<(string Target, string? Id, string What)> Differences(RestoreLock other, ProjectEntry project, RestoreLock locked)
    {
        foreach (var target in other.Targets.Keys.Union(locked.Targets.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var theirs = other.Targets.GetValueOrDefault(target);
            var ours = locked.Targets.GetValueOrDefault(target);
            if (theirs is not null && ours is not null)
            {
                foreach (var (id, what) in Differences(target, theirs, ours, project.Graphs.GetValueOrDefault(target)))
                {
                    yield return (target, id, what);
                }
            }
            else if (!target.Contains('/', StringComparison.Ordinal))
            {
                // Runtime identifiers are those of one restore; frameworks are the project's.
                yield return (target, null, ours is null ? $"holds {target}, which the lockfile does not have for this project" : $"does not hold {target}, which the lockfile has for this project");
            }
        }
    }

    private static IEnumerable<(string? Id, string What)> Differences(string target, IReadOnlyList<RestoreLockItem> theirs, IReadOnlyList<RestoreLockItem> ours, FrameworkGraph? graph)
    {
        var found = ByLowerId(theirs);
        var expected = ByLowerId(ours);
        foreach (var id in found.Keys.Union(expected.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            // Changes with each patch of the .NET SDK; NuGet's file can only know one of them.
            if (graph?.Resolved.GetValueOrDefault(id) == FrameworkGraph.SdkImplied)
            {
                continue;
            }

            if (!found.TryGetValue(id, out var other))
            {
                yield return (null, $"does not hold {expected[id].Id} {expected[id].Resolved}, which the lockfile has for {target}");
            }
            else if (!expected.TryGetValue(id, out var locked))
            {
                yield return (other.Id, $"holds {other.Id} {other.Resolved}, which the lockfile does not have for {target}");
            }
            else if (!string.Equals(other.Resolved, locked.Resolved, StringComparison.OrdinalIgnoreCase))
            {
                yield return (other.Id, $"has {other.Id} {other.Resolved} for {target}, but the lockfile has {locked.Resolved}");
            }
            else if (other.ContentHash != locked.ContentHash)
            {
                yield return (other.Id, $"has the content hash {other.ContentHash ?? "(none)"} for {other.Id} {other.Resolved}, but the lockfile has {locked.ContentHash}");
            }
        }
    }

    private static Dictionary<string, RestoreLockItem> ByLowerId(IReadOnlyList<RestoreLockItem> items)
    {
        var map = new Dictionary<string, RestoreLockItem>(StringComparer.Ordinal);
        foreach (var item in items.Where(i => i.Type != RestoreLockItem.Project))
        {
            map.TryAdd(item.Id.ToLowerInvariant(), item);
        }

        return map;
    }

    // As NuGet writes the file: the target, then the package, each opening an object on its line. Of any other layout no line is named.
    private static int LineOf(string path, string target, string? id)
    {
        var lines = Encoding.UTF8.GetString(AtomicFile.ReadAtMost(path, LargestFile)).Split('\n');
        var at = Array.FindIndex(lines, line => Opens(line, target));
        return id is null || at < 0 ? at + 1 : Array.FindIndex(lines, at, line => Opens(line, id)) + 1;
    }

    private static bool Opens(string line, string name)
    {
        var text = line.AsSpan().Trim();
        return text.StartsWith($"\"{name}\"", StringComparison.Ordinal) && text.TrimEnd(",}").EndsWith("{");
    }

    private string Shown(string path) => RepositoryRoot.Relative(root, path) ?? path;

    private Finding NotCompared(string path, int line, string why, string mend = Mend) =>
        new(FindingCodes.OtherLockFile, $"{Shown(path)} could not be compared with the lockfile: {why}. The lockfile counts.", new SourcePlace(path, line), mend);
}
