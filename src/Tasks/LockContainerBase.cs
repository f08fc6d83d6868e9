using Hardening.Ecosystems.Images;
using Hardening.Files;
using Hardening.Inputs;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>In each project that publishes a container, before anything is pulled: puts the locked digest into the image that it is published on.</summary>
[MSBuildMultiThreadableTask]
public sealed class LockContainerBase : ProjectTask
{
    /// <summary>The image as the .NET SDK computed it, or as the project says; then the one to publish on.</summary>
    [Required]
    [Output]
    public string Image { get; set; } = string.Empty;

    /// <summary>Whether the digest is put in; else it has to be there already.</summary>
    public bool Inject { get; set; } = true;

    private protected override void Run(Switches switches)
    {
        if (switches.IsOff || switches.IsObserving || OpenLockfile() is not { Lockfile: { } lockfile })
        {
            return;
        }

        var project = RepositoryRoot.Relative(Root, ProjectFile) ?? ProjectFile;
        var (image, found) = new ContainerBases(lockfile.Images, PolicyOf(Root).Policy.Images).Decide(project, new SourcePlace(ProjectFile), Image, Inject);
        Add(found);
        Image = image ?? Image;
    }
}
