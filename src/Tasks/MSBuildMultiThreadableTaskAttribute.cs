namespace Microsoft.Build.Framework;

/// <summary>
/// Tells MSBuild, which knows it by its full name, that a task may run in a process with other tasks (<c>-mt</c>): it touches neither the
/// current directory nor the environment. The Microsoft.Build.Framework that this is compiled against does not define it yet.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
