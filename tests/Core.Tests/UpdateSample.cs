using System.Security.Cryptography;
using System.Text;
using Hardening.Ecosystems.NuGet;
using Hardening.Files;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

/// <summary>A repository and the quarantine of an update of it, with real packages in it.</summary>
internal sealed class UpdateSample : IDisposable
{
    public const string Sdk = "10.0.401";
    public const string Rid = "linux-x64";

    private readonly TemporaryFolder folder = new();
    private readonly List<string> projects = [];

    public UpdateSample()
    {
        Root = folder.Folder("repo");
        Quarantine = new Quarantine(folder.Folder("quarantine"));
        Directory.CreateDirectory(Quarantine.Packages);
    }

    public string Root { get; }

    public Quarantine Quarantine { get; private set; }

    public void Dispose() => folder.Dispose();

    /// <summary>Another quarantine: the next update begins.</summary>
    public void Again()
    {
        Directory.Delete(Quarantine.Path, recursive: true);
        Directory.CreateDirectory(Quarantine.Packages);
        projects.Clear();
    }

    /// <summary>A package as a restore leaves it in quarantine.</summary>
    public void Package(string id, string version, params string[] files) => Package(id, id, version, "https://example.org/index.json", files);

    /// <summary>A package as a restore leaves it in quarantine: its id, the id that its archive has, its version, source and files.</summary>
    public void Package(string id, string name, string version, string source, string[] files)
    {
        var package = PackageFolder.Of(Quarantine.Packages, PackageEntry.KeyOf(id, version));
        Directory.CreateDirectory(package.Path);
        var nuspec = $"<package xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\"><metadata><id>{name}</id><version>{version}</version><authors>a</authors><description>d</description></metadata></package>";
        File.Delete(package.ArchivePath);
        PackageSamples.Archive(package.ArchivePath, [(name + ".nuspec", nuspec), .. files.Select(f => (f, f))]);
        File.WriteAllText(package.MetadataPath, $"{{\"version\":2,\"contentHash\":\"\",\"source\":\"{source}\"}}");
    }

    /// <summary>A project of the repository, restored into quarantine.</summary>
    public void Restored(RestoredSample project, string pass = "0", string? folderName = null)
    {
        Project(project.Path);
        projects.Add(project.Path);
        var name = folderName ?? $"{project.Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project.Path)))}";
        RestoreSamples.Write(Path.Combine(Quarantine.Path, "obj", pass, name), Root, Quarantine.Packages, project);
    }

    /// <summary>A project of the repository that is not restored.</summary>
    public string Project(string path) => folder.File("repo/" + path, "<Project />");

    /// <summary>Writes a file of the repository.</summary>
    public string Write(string path, string content) => folder.File("repo/" + path, content);

    public UpdateResult Update(Lockfile previous, params string[] only) =>
        new LockfileUpdate(new UpdateRequest(Root, Quarantine, Sdk, Rid) { Only = only }, previous).Run(CancellationToken.None);

    /// <summary>The lockfile after an update without findings.</summary>
    public Lockfile Updated(Lockfile previous, params string[] only)
    {
        var result = Update(previous, only);
        Assert.IsEmpty(result.Findings.Where(f => f.Code != FindingCodes.NewCode), string.Join('\n', result.Findings));
        return result.Lockfile!;
    }

    /// <summary>The one finding of an update.</summary>
    public Finding Finding(FindingCode code, Lockfile previous, params string[] only)
    {
        var result = Update(previous, only);
        Assert.AreEqual(code, result.Findings.Single().Code, string.Join('\n', result.Findings));
        Assert.AreEqual(code.Severity == Severity.Error, result.Lockfile is null);
        return result.Findings[0];
    }
}
