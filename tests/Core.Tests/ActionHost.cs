using Hardening.Ecosystems.Actions;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Lockfiles;
using Hardening.Policies;
using Hardening.Transport.Git;

namespace Hardening.Tests;

/// <summary>A git host on this machine with repositories of actions, and a repository with workflows that use them.</summary>
internal sealed class ActionHost : IAsyncDisposable
{
    private readonly List<GitSample> samples = [];
    private readonly TemporaryFolder hosted = new();
    private readonly TemporaryFolder folder = new();
    private readonly GitServer server;

    private ActionHost(GitServer server, TemporaryFolder hosted)
    {
        this.server = server;
        this.hosted = hosted;
    }

    public string Root => folder.Path;

    public GitServer Server => server;

    public GitServers Servers => GitServers.From(server.Address.AbsoluteUri);

    public ActionsSection Locked { get; set; } = new();

    public ActionsPolicy Policy { get; set; } = new();

    public IReadOnlyList<string> Accept { get; set; } = [];

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

    public Func<Finding, bool> IsExcused { get; set; } = _ => false;

    public AskIdentities? Identities { get; set; }

    public static async Task<ActionHost> StartAsync()
    {
        var hosted = new TemporaryFolder();
        return new ActionHost(await GitServer.StartAsync(hosted.Path), hosted);
    }

    /// <summary>A repository of the host, with a composite action that does nothing unless told otherwise.</summary>
    public GitSample Repository(string name, string action = "runs:\n  using: composite\n  steps: []\n")
    {
        var sample = new GitSample();
        samples.Add(sample);
        Directory.CreateDirectory(Path.GetDirectoryName(hosted.At(name))!);
        Directory.CreateSymbolicLink(hosted.At(name), sample.Root);
        sample.Write("action.yml", action).Commit();
        return sample;
    }

    /// <summary>Writes a workflow whose job has these steps.</summary>
    public void Workflow(params string[] uses) => folder.File(".github/workflows/ci.yml", "on: push\njobs:\n  a:\n    steps:\n" + string.Concat(uses.Select(u => $"      - uses: {u}\n")));

    public string File(string path, string text) => folder.File(path, text);

    public string Text(string path = ".github/workflows/ci.yml") => System.IO.File.ReadAllText(folder.At(path));

    public WorkflowInputs Observe() => WorkflowInputs.Observe(Root, RepositoryFiles.Find(Root, WorkflowFile.IsWanted, _ => false));

    /// <summary>Updates, and takes the section for the next time.</summary>
    public async Task<ActionsUpdateResult> UpdateAsync()
    {
        using var client = server.Client();
        var request = new ActionsUpdateRequest(Observe(), Policy, Servers) { Accept = Accept, Now = Now, IsExcused = IsExcused };
        var result = await new ActionsUpdate(request, Locked, client, Identities).RunAsync(default);
        var written = LockfileWriter.Write(new Lockfile { Actions = result.Section });
        Assert.IsNotNull(LockfileReader.Read(written, "x", out var problem), problem?.Message);
        Locked = LockfileReader.Read(written, "x", out _)!.Actions;
        return result;
    }

    public IReadOnlyList<Finding> Verify() => new ActionsVerifier(Locked, Policy).Verify(Observe());

    public async Task<IReadOnlyList<Finding>> CheckAsync()
    {
        using var client = server.Client();
        return await new ActionsUpstream(Locked, Observe(), Path.Combine(Root, Lockfile.FileName), Servers, client, Identities).CheckAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        foreach (var entry in Directory.EnumerateDirectories(hosted.Path).SelectMany(Directory.EnumerateDirectories).Where(d => new DirectoryInfo(d).LinkTarget is not null))
        {
            Directory.Delete(entry);
        }

        samples.ForEach(s => s.Dispose());
        hosted.Dispose();
        folder.Dispose();
    }
}
