using Hardening.Files;

namespace Hardening.Transport.Git;

/// <summary>
/// An empty bare repository in a folder of its own, into which git unpacks what a server sent; deleted afterwards. Neither a configuration of
/// the user nor of the system counts in it, nothing is checked out, and git opens no connection.
/// </summary>
internal sealed class TemporaryRepository : IDisposable
{
    // Beyond this, git goes through a file without holding it in memory, where it can.
    private const string Configuration = "[core]\n\tbigFileThreshold = 32m\n[pack]\n\tthreads = 2\n";

    private readonly DirectoryInfo folder;
    private readonly GitProcess git;

    private TemporaryRepository(DirectoryInfo folder, GitProcess git)
    {
        this.folder = folder;
        this.git = git;
    }

    /// <summary>Makes one.</summary>
    /// <param name="options">The repository that is worked on, in which no git is looked for, and limits.</param>
    /// <param name="isSha256">Its kind of ids.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="TransportException">There is no git, or no place.</exception>
    internal static async Task<TemporaryRepository> CreateAsync(GitClientOptions options, bool isSha256, CancellationToken cancellation)
    {
        DirectoryInfo? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("hardening-git-");
            var variables = Variables(options.Git);
            var git = GitProcess.Find(options.Root, folder.FullName, options.Git.Digestion, variables);
            var first = GitProcess.Find(options.Root, folder.FullName, variables: variables);
            if (git is null || first is null)
            {
                throw new TransportException(TransportFailure.Local, "git is not in PATH, so no tree can be read.");
            }

            await InitializeAsync(first, folder, isSha256, cancellation).ConfigureAwait(false);
            return new TemporaryRepository(folder, git);
        }
        catch (Exception e)
        {
            Delete(folder);
            throw e is IOException or UnauthorizedAccessException ? Local(e) : e;
        }
    }

    public void Dispose() => Delete(folder);

    /// <summary>Lets git check and unpack a pack.</summary>
    /// <param name="shallow">Commits whose parents are not in it.</param>
    /// <param name="pack">Writes the pack; what it throws goes through.</param>
    /// <param name="largest">Its bytes.</param>
    /// <param name="address">Where it comes from, for messages.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="TransportException">It is none, or not complete, or takes too long.</exception>
    internal async Task UnpackAsync(IReadOnlyList<string> shallow, Func<Stream, CancellationToken, Task> pack, long largest, GitRemote address, CancellationToken cancellation)
    {
        if (shallow.Count > 0)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "shallow"), string.Concat(shallow.Select(s => s + "\n")), cancellation).ConfigureAwait(false);
        }

        var isWhole = false;
        var (exit, error, output) = await RunAsync(["index-pack", "--stdin", "--strict", "--max-input-size=" + largest], async (stream, token) =>
        {
            await pack(stream, token).ConfigureAwait(false);
            isWhole = true;
        }, GitProcess.ShortTextAsync, address, cancellation).ConfigureAwait(false);
        if (exit != 0)
        {
            // What git says when an object needs more memory than GIT_ALLOC_LIMIT, and a pack is larger than --max-input-size.
            var isTooLarge = error.Contains("over limit", StringComparison.Ordinal) || error.Contains("exceeds maximum allowed size", StringComparison.Ordinal);
            throw new TransportException(isTooLarge ? TransportFailure.TooLarge : TransportFailure.Malformed, $"{address}: git does not take what the server sent: {GitText.Quoted(error)}.");
        }

        // What follows the pack is written out again, behind its name.
        if (!isWhole || output.Split('\t') is not ["pack", var name] || !GitText.IsObjectId(name))
        {
            throw new TransportException(TransportFailure.Malformed, $"{address}: something follows the pack.");
        }
    }

    /// <summary>Asks git about what is in it.</summary>
    /// <exception cref="TransportException">It could not be run, or took too long.</exception>
    internal async Task<(int ExitCode, string Error, T Output)> AskAsync<T>(IReadOnlyList<string> arguments, string input, Func<Stream, CancellationToken, Task<T>> read, GitRemote address, CancellationToken cancellation)
        => await RunAsync(arguments, (stream, token) => stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(input), token).AsTask(), read, address, cancellation).ConfigureAwait(false);

    private async Task<(int ExitCode, string Error, T Output)> RunAsync<T>(IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task> write, Func<Stream, CancellationToken, Task<T>> read, GitRemote address, CancellationToken cancellation)
    {
        try
        {
            return await git.RunAsync(["--git-dir=" + folder.FullName, .. arguments], write, read, cancellation).ConfigureAwait(false);
        }
        catch (GitTimeoutException e)
        {
            throw new TransportException(TransportFailure.TooLarge, $"{address}: the tree is too much work: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw Local(e);
        }
    }

    private static async Task InitializeAsync(GitProcess git, DirectoryInfo folder, bool isSha256, CancellationToken cancellation)
    {
        var (exit, error, _) = await git.RunAsync(["init", "--quiet", "--bare", "--template=", isSha256 ? "--object-format=sha256" : "--object-format=sha1", folder.FullName], cancellation).ConfigureAwait(false);
        if (exit != 0)
        {
            throw new TransportException(TransportFailure.Local, $"git could make no temporary repository: {GitText.Quoted(error)}.");
        }

        await File.AppendAllTextAsync(Path.Combine(folder.FullName, "config"), Configuration, cancellation).ConfigureAwait(false);
    }

    // A pack can say of an object that it has any size; git takes no more memory for one than this.
    private static Dictionary<string, string?> Variables(GitLimits limits) => new()
    {
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null",
        ["GIT_ALLOC_LIMIT"] = limits.FileBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static TransportException Local(Exception e) => new(TransportFailure.Local, $"git could not be used on this machine: {e.Message}", e);

    private static void Delete(DirectoryInfo? folder)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            // git writes packs read-only, which on Windows keeps them from being deleted.
            foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                file.Attributes = FileAttributes.Normal;
            }

            folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something else, as a virus scanner, still reads in it. It is in the way of nothing, and says nothing that counts.
        }
    }
}
