using System.Reflection;
using Microsoft.Build.Framework;

namespace Hardening.Tasks;

/// <summary>Tells which files the evaluation of the project imported that a task runs in.</summary>
internal static class ProjectImports
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>
    /// Full paths (ProjectInstance.ImportPaths), or none if this MSBuild does not tell. A task has no public way to its project; without an answer the
    /// text of the repository is what is left.
    /// </summary>
    internal static IReadOnlyList<string> Of(IBuildEngine engine)
    {
        var entry = engine.GetType().GetField("_requestEntry", Any)?.GetValue(engine);
        var configuration = entry?.GetType().GetProperty("RequestConfiguration", Any)?.GetValue(entry);
        var project = configuration?.GetType().GetProperty("Project", Any)?.GetValue(configuration);
        return project?.GetType().GetProperty("ImportPaths", Any)?.GetValue(project) as IReadOnlyList<string> ?? [];
    }
}
