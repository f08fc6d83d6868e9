using System.Diagnostics;

namespace Hardening.Tests;

/// <summary>A real git repository in a temporary folder, made with a configuration of its own.</summary>
internal sealed class GitSample : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public GitSample(string objectFormat = "sha1", string root = "repo")
    {
        Root = folder.Folder(root);
        Git("init", "-q", "-b", "main", "--object-format=" + objectFormat);
        Git("config", "user.name", "t");
        Git("config", "user.email", "t@example.invalid");
        Git("config", "core.autocrlf", "false");
    }

    public string Root { get; }

    /// <summary>The folder around it.</summary>
    public string Base => folder.Path;

    /// <summary>A file that a hostile configuration would write.</summary>
    public string Mark => folder.At("mark");

    public void Dispose()
    {
        // git writes objects read-only.
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            if (new FileInfo(file).LinkTarget is null)
            {
                File.SetAttributes(file, FileAttributes.Normal);
            }
        }

        folder.Dispose();
    }

    public string At(string path) => Path.Combine(Root, path);

    public GitSample Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
        return this;
    }

    /// <summary>Commits everything and returns the commit.</summary>
    public string Commit()
    {
        Git("add", "-A", "-f");
        Git("commit", "-q", "--allow-empty", "-m", "x");
        return Git("rev-parse", "HEAD");
    }

    public string Git(params string[] arguments) => GitIn(Root, arguments);

    public string GitIn(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"git {string.Join(' ', arguments)}: {output}{error.Result}");
        return output.Trim();
    }
}
