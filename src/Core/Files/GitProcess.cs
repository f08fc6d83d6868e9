using System.Diagnostics;
using System.Text;

namespace Hardening.Files;

/// <summary>
/// Runs git so that it only reads: no network, no hook, no program that a configuration names, no value of the environment that leads
/// elsewhere. Configuration of the user and of the system counts, because that is where a build server says which folders are safe.
/// </summary>
internal sealed class GitProcess
{
    private const int LongestError = 4096;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // Each turns off something that a .git/config, which may come with a folder from anywhere, could make git run or believe.
    private static readonly string[] Settings =
    [
        "core.fsmonitor=false", "core.untrackedCache=false", "core.hooksPath=/dev/null", "core.attributesFile=/dev/null", "core.pager=cat", "core.askPass=", "core.alternateRefsCommand=",
        "core.sshCommand=false", "core.commitGraph=false", "core.useReplaceRefs=false", "core.warnAmbiguousRefs=true", "core.quotePath=false", "diff.external=", "protocol.allow=never",
        "safe.bareRepository=explicit", "submodule.recurse=false", "gc.auto=0", "maintenance.auto=false",
    ];

    private static readonly (string Name, string Value)[] Variables =
    [
        // The list of protocols goes before what a configuration allows one by one; it holds none that exists.
        ("GIT_ALLOW_PROTOCOL", "none"), ("GIT_NO_LAZY_FETCH", "1"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_NO_REPLACE_OBJECTS", "1"), ("GIT_GRAFT_FILE", "/dev/null"),
        ("GIT_OPTIONAL_LOCKS", "0"), ("GIT_ATTR_NOSYSTEM", "1"), ("LC_ALL", "C"),
    ];

    private readonly string executable;
    private readonly string folder;
    private readonly string path;
    private readonly TimeSpan longest;
    private readonly IReadOnlyDictionary<string, string?> variables;

    private GitProcess(string executable, string folder, string path, TimeSpan longest, IReadOnlyDictionary<string, string?> variables)
    {
        this.executable = executable;
        this.folder = folder;
        this.path = path;
        this.longest = longest;
        this.variables = variables;
    }

    /// <summary>
    /// Finds git in PATH. .NET and Windows look in the current folder first, and there a pull request may have put a file of that name; so
    /// only absolute folders outside of the repository count, for git and for what it starts. Null if there is none.
    /// </summary>
    /// <param name="root">The git root.</param>
    /// <param name="folder">Where it is run; in the git root unless told.</param>
    /// <param name="longest">How long one command may take; two minutes unless told.</param>
    /// <param name="variables">What its environment has besides, or instead.</param>
    internal static GitProcess? Find(string root, string? folder = null, TimeSpan? longest = null, IReadOnlyDictionary<string, string?>? variables = null)
    {
        var name = OperatingSystem.IsWindows() ? "git.exe" : "git";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(p => Path.IsPathFullyQualified(p) && RepositoryRoot.Relative(root, p) is null)
            .ToList();
        var executable = folders.Select(p => Path.Combine(p, name)).FirstOrDefault(File.Exists);
        return executable is null ? null : new GitProcess(executable, folder ?? root, string.Join(Path.PathSeparator, folders), longest ?? Longest, variables ?? new Dictionary<string, string?>());
    }

    /// <summary>Runs one command and reads what it writes.</summary>
    /// <param name="arguments">The command and its arguments; none of them is seen by a shell.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="read">Reads its output to the end.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <returns>Its exit code, the beginning of what it wrote as errors, and what <paramref name="read"/> made of its output.</returns>
    /// <exception cref="IOException">It could not be run, or took longer than it may (<see cref="GitTimeoutException"/>); or whatever <paramref name="read"/> throws.</exception>
    internal Task<(int ExitCode, string Error, T Output)> RunAsync<T>(IReadOnlyList<string> arguments, string input, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
        => RunAsync(arguments, (stream, token) => stream.WriteAsync(Encoding.ASCII.GetBytes(input), token).AsTask(), read, cancellation);

    /// <summary>As the other, for an input that comes piece by piece.</summary>
    /// <param name="arguments">As there.</param>
    /// <param name="write">Writes the input. An <see cref="IOException"/> of it counts as one of the pipe: git ended before it read everything.</param>
    /// <param name="read">As there.</param>
    /// <param name="cancellation">As there.</param>
    /// <exception cref="IOException">As there; or whatever else <paramref name="write"/> throws.</exception>
    internal async Task<(int ExitCode, string Error, T Output)> RunAsync<T>(IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task> write, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(longest);
        using var process = Start(arguments);

        // A read of a pipe does not look at the token; the end of the process ends it.
        await using var kill = timeout.Token.Register(() => End(process)).ConfigureAwait(false);
        try
        {
            var error = ErrorAsync(process.StandardError, timeout.Token);
            var written = WriteAsync(process.StandardInput.BaseStream, write, timeout.Token);
            var output = await read(process.StandardOutput.BaseStream, timeout.Token).ConfigureAwait(false);
            await written.ConfigureAwait(false);
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            timeout.Token.ThrowIfCancellationRequested();
            return (process.ExitCode, await error.ConfigureAwait(false), output);
        }
        catch when (timeout.IsCancellationRequested)
        {
            // Whatever was thrown comes of its end.
            cancellation.ThrowIfCancellationRequested();
            throw new GitTimeoutException($"git {arguments.First(a => a[0] != '-')} did not end within {longest.TotalMinutes} minutes.");
        }
        finally
        {
            End(process);
        }
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>As the other, for a short text.</summary>
    /// <exception cref="IOException">As the other; or more than 64 KiB came.</exception>
    internal Task<(int ExitCode, string Error, string Output)> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
        => RunAsync(arguments, string.Empty, ShortTextAsync, cancellation);

    private Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(executable)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in (IEnumerable<string>)["--no-pager", "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs", .. Settings.SelectMany(s => new[] { "-c", s }), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in Variables.Select(v => (v.Name, (string?)v.Value)).Concat(variables.Select(v => (v.Key, v.Value))))
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = path;

        // A folder that only looks like a repository must not be taken for one further up.
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(folder) ?? folder;
        try
        {
            return Process.Start(start) ?? throw new IOException($"{executable} could not be started.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{executable} could not be started: {e.Message}", e);
        }
    }

    private static async Task WriteAsync(Stream stream, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation)
    {
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                await write(stream, cancellation).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code and its output, which is too short then, say so.
        }
    }

    private static async Task<string> ErrorAsync(StreamReader reader, CancellationToken cancellation)
    {
        var kept = new StringBuilder();
        var buffer = new char[1024];
        int count;
        while ((count = await reader.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            kept.Append(buffer, 0, Math.Min(count, LongestError - kept.Length));
        }

        return kept.ToString().Trim();
    }

    /// <summary>Reads an output that is short.</summary>
    /// <exception cref="IOException">More than 64 KiB came.</exception>
    internal static async Task<string> ShortTextAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return count < buffer.Length ? Encoding.UTF8.GetString(buffer, 0, count).Trim() : throw new IOException("git wrote more than 64 KiB where a line was expected.");
    }
}
