using System.Text.Json;
using System.Text.Json.Nodes;
using Hardening.Files;

namespace Hardening.Lockfiles;

/// <summary>
/// Merges three versions of a lockfile as git's merge driver asks (gitattributes, "Defining a custom merge driver"): what one side changed is
/// taken, what both changed alike too, and what they changed differently is a conflict. A lock entry is one piece: no hash of one
/// side stands beside one of the other.
/// </summary>
public static class LockfileMergeDriver
{
    private static readonly string[] Entries = ["actions.commits", "images.digests", "nuget.packages"];

    /// <summary>Merges into the file of our side.</summary>
    /// <param name="ancestor">The common ancestor's file (<c>%O</c>); it may be empty.</param>
    /// <param name="ours">Our file (<c>%A</c>), which is overwritten if there is no conflict.</param>
    /// <param name="theirs">Their file (<c>%B</c>).</param>
    /// <returns>Null if merged, else why a person has to run an update.</returns>
    /// <exception cref="IOException">A file could not be read or written.</exception>
    public static string? Merge(string ancestor, string ours, string theirs)
    {
        var sides = new JsonObject?[3];
        foreach (var (i, path) in new[] { ancestor, ours, theirs }.Index())
        {
            var bytes = AtomicFile.ReadAtMost(path, LockfileReader.LargestFile);
            if (i == 0 && bytes.Length == 0)
            {
                sides[i] = [];
                continue;
            }

            if (LockfileReader.Read(bytes, path, out var finding) is not { } lockfile)
            {
                return finding!.Message;
            }

            sides[i] = JsonNode.Parse(LockfileWriter.Write(lockfile))!.AsObject();
        }

        var conflicts = new List<string>();
        var merged = Merge(sides[0]!, sides[1]!, sides[2]!, string.Empty, conflicts);
        if (conflicts.Count > 0)
        {
            return "Both sides changed " + string.Join(", ", conflicts);
        }

        if (LockfileReader.Read(JsonSerializer.SerializeToUtf8Bytes(merged), ours, out var problem) is not { } result)
        {
            return problem!.Message;
        }

        AtomicFile.Write(ours, LockfileWriter.Write(result));
        return null;
    }

    private static JsonObject Merge(JsonObject ancestor, JsonObject ours, JsonObject theirs, string path, List<string> conflicts)
    {
        var merged = new JsonObject();
        foreach (var name in ours.Select(m => m.Key).Union(theirs.Select(m => m.Key), StringComparer.Ordinal))
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (Same(ours, theirs, name) || Same(theirs, ancestor, name))
            {
                Take(ours, name, merged);
            }
            else if (Same(ours, ancestor, name))
            {
                Take(theirs, name, merged);
            }
            else if (ours[name] is JsonObject left && theirs[name] is JsonObject right && !Entries.Contains(path))
            {
                merged[name] = Merge(ancestor[name] as JsonObject ?? [], left, right, at, conflicts);
            }
            else
            {
                conflicts.Add(at);
            }
        }

        return merged;
    }

    // A member that is null is there, one that is absent is not.
    private static bool Same(JsonObject left, JsonObject right, string name) => left.ContainsKey(name) == right.ContainsKey(name) && JsonNode.DeepEquals(left[name], right[name]);

    private static void Take(JsonObject side, string name, JsonObject merged)
    {
        if (side.TryGetPropertyValue(name, out var value))
        {
            merged[name] = value?.DeepClone();
        }
    }
}
