using System.Collections;
using System.Text;
using Hardening.Files;

namespace Hardening.Transport.Git;

/// <summary>
/// Asks the credential helpers of the user's git (gitcredentials). git is run outside of every repository, so that only the configuration of
/// the user and the system counts; nothing asks a person, and nothing waits for long. Whatever fails is no credential.
/// </summary>
internal sealed class CredentialHelpers(string root)
{
    private const int LongestAnswer = 64 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Whether the configuration has a section for exactly the server of a repository, as in <c>[credential "https://host"]</c>.</summary>
    internal async Task<bool> AreConfiguredForAsync(GitRemote remote, CancellationToken cancellation)
        => await RunAsync(["config", "--null", "--get-regexp", @"^credential\..+\..+$"], string.Empty, cancellation).ConfigureAwait(false) is { } text
            && text.Split('\0').Any(entry => IsFor(entry.Split('\n')[0], remote));

    /// <summary>What the helpers know; null if nothing.</summary>
    internal async Task<GitCredential?> FillAsync(GitRemote remote, CancellationToken cancellation)
    {
        // A remote is made of letters that cannot end a line.
        var server = remote.Server;
        var host = (server.HostNameType == UriHostNameType.IPv6 ? server.Host : server.IdnHost) + (server.IsDefaultPort ? string.Empty : $":{server.Port}");
        if (await RunAsync(["credential", "fill"], $"protocol={server.Scheme}\nhost={host}\npath={remote.Path}\n\n", cancellation).ConfigureAwait(false) is not { } text)
        {
            return null;
        }

        var lines = text.Split('\n');
        var (user, secret) = (Value(lines, "username="), Value(lines, "password="));

        // With HTTP Basic, a colon would move a part of the user's name into the secret.
        return user is null || string.IsNullOrEmpty(secret) || user.Contains(':', StringComparison.Ordinal) ? null : new GitCredential(user, secret);
    }

    private static string? Value(string[] lines, string key) => lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].TrimEnd('\r');

    // "credential.<url>.<variable>"; the url may have a path, and then counts for what lies below it.
    private static bool IsFor(string key, GitRemote remote)
    {
        var start = "credential.".Length;
        var end = key.LastIndexOf('.');
        return end > start
            && Uri.TryCreate(key[start..end], UriKind.Absolute, out var section)
            && GitServers.IsSame(section, remote.Server)
            && section.UserInfo.Length == 0
            && ("/" + remote.Path + "/").StartsWith(section.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal);
    }

    private async Task<string?> RunAsync(IReadOnlyList<string> arguments, string input, CancellationToken cancellation)
    {
        // Nothing else is in it, and git does not look above it.
        var folder = Directory.CreateTempSubdirectory("hardening-git-");
        try
        {
            var git = GitProcess.Find(root, folder.FullName, Longest, Variables());
            var (exit, _, text) = git is null ? (-1, string.Empty, string.Empty) : await git.RunAsync(arguments, input, TextAsync, cancellation).ConfigureAwait(false);
            return exit == 0 ? text : null;
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> TextAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[LongestAnswer];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return count < buffer.Length ? Encoding.UTF8.GetString(buffer, 0, count) : throw new IOException("The credential helpers wrote too much.");
    }

    // The user's environment may say where their configuration lies, or be a part of it.
    private static Dictionary<string, string?> Variables()
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(v => ((string)v.Key).StartsWith("GIT_CONFIG_", StringComparison.Ordinal))
            .ToDictionary(v => (string)v.Key, v => (string?)v.Value);
        variables["GCM_INTERACTIVE"] = "never";
        variables["SSH_ASKPASS"] = null;
        return variables;
    }
}
