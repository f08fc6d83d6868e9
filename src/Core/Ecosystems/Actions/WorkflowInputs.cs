using System.Runtime.CompilerServices;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats.Workflows;
using Hardening.Inputs;

namespace Hardening.Ecosystems.Actions;

/// <summary>
/// What the workflows and actions of a repository take from outside: each workflow that GitHub runs, every action.yml, and the actions that they name
/// by path wherever these lie. Grade "written": nothing is run and no host is asked.
/// </summary>
public sealed class WorkflowInputs
{
    // In the order in which the runner looks.
    private static readonly string[] Names = ["action.yml", "action.yaml", "Dockerfile", "dockerfile"];

    private readonly string root;
    private readonly WorkflowMemory? memory;
    private readonly SortedDictionary<string, WorkflowFile> files = new(StringComparer.Ordinal);
    private readonly List<Finding> findings = [];

    private WorkflowInputs(string root, WorkflowMemory? memory)
    {
        this.root = root;
        this.memory = memory;
    }

    /// <summary>The files, sorted by path.</summary>
    public IReadOnlyCollection<WorkflowFile> Files => files.Values;

    /// <summary>What was found while reading: files that cannot be read, merge keys, local actions that are not there.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Whether the repository has GitHub's actions.lock.</summary>
    public bool HasActionsLock { get; private set; }

    /// <summary>The references of all files.</summary>
    public IEnumerable<InputReference> References => files.Values.SelectMany(f => f.Uses).Select(u => u.Reference).OfType<InputReference>();

    /// <summary>Observes a repository.</summary>
    /// <param name="root">The repository root.</param>
    /// <param name="paths">The files of the repository, relative to the root, at least those whose name <see cref="WorkflowFile.IsWanted"/>; see <see cref="RepositoryFiles.Find"/>.</param>
    /// <param name="memory">What files were read as before; null: each is read.</param>
    /// <exception cref="IOException">The file system did not answer.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static WorkflowInputs Observe(string root, IEnumerable<string> paths, WorkflowMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var inputs = new WorkflowInputs(root, memory);
        var wanted = new List<string>();
        foreach (var path in paths)
        {
            inputs.HasActionsLock |= path == WorkflowFile.ActionsLock;
            if (WorkflowFile.IsWorkflow(path) || WorkflowFile.IsAction(path))
            {
                wanted.Add(path);
            }
        }

        inputs.Read(wanted);
        inputs.FollowLocal();
        inputs.findings.AddRange(inputs.files.Values.SelectMany(f => f.Findings));
        memory?.Save(inputs.files.Keys);
        return inputs;
    }

    private void Read(List<string> paths)
    {
        var read = new WorkflowFile[paths.Count];
        Parallel.For(0, paths.Count, i => read[i] = Read(paths[i]));
        foreach (var file in read)
        {
            files[file.Path] = file;
        }
    }

    private WorkflowFile Read(string path)
    {
        try
        {
            var full = Path.Combine(root, path);
            if (FileStamp.Of(full) is not { IsDirectory: false } stamp)
            {
                return Refused(path, "is no file");
            }

            if (stamp.IsLink)
            {
                return Refused(path, "is a symbolic link or another thing that is no plain file, so what runs is not what is reviewed at this path");
            }

            if (stamp.Size > WorkflowText.LargestFile)
            {
                return Refused(path, $"has {stamp.Size} bytes, and may have {WorkflowText.LargestFile}");
            }

            return memory?.Find(path, stamp) ?? Parse(path, full, stamp);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused(path, $"could not be read: {e.Message}");
        }
    }

    // Only this loads the YAML library.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WorkflowFile Parse(string path, string full, FileStamp stamp)
    {
        var bytes = AtomicFile.ReadAtMost(full, WorkflowText.LargestFile);

        // A workflow may lie where a step takes it for an action. What is neither by its name is named by a job.
        var text = !WorkflowFile.IsAction(path) ? WorkflowText.OfWorkflow(full, bytes)
            : WorkflowFile.IsWorkflow(path) ? WorkflowText.OfBoth(full, bytes)
            : WorkflowText.OfAction(full, bytes);
        var file = new WorkflowFile(path, [.. text.Values.Select(WorkflowUse.Of)],
        [
            .. text.Problems.Select(p => new Finding(FindingCodes.WorkflowUnreadable, p.Message, new SourcePlace(full, p.Line, p.Column), p.Remedy)),
            .. text.MergeKeys.Select(p => new Finding(FindingCodes.WorkflowMergeKey, "`<<` is a merge key, which GitHub does not take; what it merges was looked at all the same.", p, "write the values themselves")),
        ]);
        memory?.Remember(path, stamp, file);
        return file;
    }

    // An action that is named by path runs wherever it lies, also where no walk goes and what nothing runs is excluded.
    private void FollowLocal()
    {
        var left = new Queue<WorkflowFile>(files.Values);
        while (left.TryDequeue(out var file))
        {
            foreach (var use in file.Uses.Where(u => u.Uses.Form == UsesForm.Local))
            {
                if (TargetOf(use) is { } path && !files.ContainsKey(path))
                {
                    var found = Read(path);
                    files[path] = found;
                    left.Enqueue(found);
                }
            }
        }
    }

    // The file that a local action or workflow has; null where it has none but a Dockerfile, or there is a finding.
    private string? TargetOf(WorkflowUse use)
    {
        var path = use.Uses.Path;
        try
        {
            if (SymbolicLinks.On(root, path) is { } link)
            {
                Report(FindingCodes.WorkflowUnreadable, use, $"leads through the symbolic link {link}, so what runs is not what is reviewed at this path", "write the path of the folder itself");
                return null;
            }

            string[] candidates = use.Uses.IsWorkflow && use.Value.Place == WorkflowPlace.Job ? [path] : [.. Names.Select(name => Below(path, name))];
            var found = Array.Find(candidates, c => FileStamp.Of(Path.Combine(root, c)) is { IsDirectory: false });
            if (found is null)
            {
                Report(FindingCodes.LocalActionMissing, use, "is not in this repository, so it is whatever a step before has put there", "name the action by its repository and commit, as in owner/repo@<commit>");
            }

            return found is null || found.EndsWith("ockerfile", StringComparison.Ordinal) ? null : found;
        }
        catch (IOException e)
        {
            Report(FindingCodes.WorkflowUnreadable, use, $"could not be looked for: {e.Message}", "mend the path");
            return null;
        }
    }

    private void Report(FindingCode code, WorkflowUse use, string what, string command) =>
        findings.Add(new Finding(code, $"`{use.Value.Value}` {what}.", use.Value.Span.Place, command));

    private static string Below(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private WorkflowFile Refused(string path, string what) =>
        new(path, [], [new Finding(FindingCodes.WorkflowUnreadable, $"{path} {what}.", new SourcePlace(Path.Combine(root, path)), "write it as a plain file")]);
}
