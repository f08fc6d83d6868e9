using Hardening.Ecosystems.NuGet.Written;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Benchmarks;

/// <summary>What the text of a repository costs once in a build: walking it, reading its project files, comparing.</summary>
internal static class TextBenchmark
{
    internal static void Run(int projects)
    {
        var folder = Directory.CreateTempSubdirectory("hrd-text-").FullName;
        try
        {
            RepositoryGenerator.Generate(projects, Path.Combine(folder, "repo"));
            var root = Path.Combine(folder, "repo");

            // Sources and outputs as a built repository has them.
            foreach (var project in Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories).ToList())
            {
                for (var i = 0; i < 40; i++)
                {
                    File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(project)!, $"Part{i % 4}")).FullName, $"C{i}.cs"), "// code\n");
                }

                for (var i = 0; i < 60; i++)
                {
                    File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(project)!, "obj", "Debug")).FullName, $"{i}.cache"), string.Empty);
                }
            }

            var verifier = new WrittenVerifier(root, Lockfile.Empty, Policy.Default, _ => false);
            Measure.Table(
                $"text of {projects} projects, {Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Count()} files", 15,
                ("walk, read and compare", () => Measure.Time(() => verifier.Verify(WrittenInputs.Observe(root, _ => false, withScripts: false)))),
                ("the same, with file-based apps (update)", () => Measure.Time(() => WrittenInputs.Observe(root, _ => false, withScripts: true))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
