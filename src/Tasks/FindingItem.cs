using System.Text;
using System.Text.Json;
using Hardening.Findings;
using Hardening.Inputs;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Hardening.Tasks;

/// <summary>
/// A finding as an MSBuild item, so that a project can hand it to the inner repository project, which logs each one once in a build:
/// the engine runs it once for the same properties, whatever the number of projects and nodes.
/// </summary>
internal static class FindingItem
{
    internal static ITaskItem Of(Finding finding)
    {
        var text = Write(finding);
        var item = new TaskItem(text);

        // Read by the MSBuild task.
        item.SetMetadata("AdditionalProperties", "HardeningFinding=" + text);
        return item;
    }

    internal static string Write(Finding finding) => Convert.ToHexStringLower(JsonSerializer.SerializeToUtf8Bytes(new[]
    {
        finding.Code.Id, finding.Severity.ToString(), finding.Message, finding.Command, finding.Place.File,
        finding.Place.Line.ToString(System.Globalization.CultureInfo.InvariantCulture), finding.Place.Column.ToString(System.Globalization.CultureInfo.InvariantCulture),
    }));

    internal static Finding Parse(string text)
    {
        var parts = JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(Convert.FromHexString(text)))!;
        return new Finding(
            FindingCodes.All.First(c => c.Id == parts[0]), parts[2],
            new SourcePlace(parts[4], int.Parse(parts[5], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[6], System.Globalization.CultureInfo.InvariantCulture)),
            parts[3], Enum.Parse<Severity>(parts[1]));
    }
}
