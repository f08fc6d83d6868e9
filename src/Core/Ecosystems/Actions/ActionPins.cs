using Hardening.Files;
using Hardening.Findings;
using Hardening.Formats;
using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions;

/// <summary>Writes locked commits into workflows and actions.</summary>
public sealed class ActionPins
{
    private readonly string root;
    private readonly List<Finding> findings = [];
    private readonly List<string> news = [];

    private ActionPins(string root) => this.root = root;

    /// <summary>What has to be written by hand, and why; files that changed meanwhile.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>What was written, a line each.</summary>
    public IReadOnlyList<string> News => news;

    /// <summary>Pins every place of which the lockfile has the commit, and corrects the versions beside pinned ones.</summary>
    /// <exception cref="IOException">A file could not be written; those before it are.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static ActionPins PinAll(string root, WorkflowInputs inputs, ActionsSection section)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var locked = new LockedActions(section);
        return Write(root, inputs.Files.SelectMany(f => f.Uses).Where(u => u.Uses.Form == UsesForm.Repository)
            .Select(u => (Use: u, Entry: locked.Find(u.Uses))).Where(p => p.Entry is not null).Select(p => new ActionMove(p.Use, p.Entry!, null, string.Empty)));
    }

    /// <summary>Lets each place name another entry.</summary>
    /// <exception cref="IOException">A file could not be written; those before it are.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static ActionPins Write(string root, IEnumerable<ActionMove> moves)
    {
        ArgumentNullException.ThrowIfNull(moves);
        var pins = new ActionPins(root);
        foreach (var file in moves.GroupBy(m => m.Use.Value.Span.File, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            pins.Write(file.Key, [.. file]);
        }

        return pins;
    }

    private void Write(string file, List<ActionMove> moves)
    {
        var edits = new List<TextEdit>();
        foreach (var move in moves)
        {
            var own = ActionPin.Edits(move.Use, move.Entry, move.Name);
            edits.AddRange(own);
            if (own.Count == 0 && (!move.Use.Uses.IsPinned || move.Name is not null))
            {
                findings.Add(new Finding(FindingCodes.ActionUnpinnable, $"`{move.Use.Value.Value}` is written in a way that is not edited.", move.Use.Value.Span.Place, $"write by hand: {ActionPin.Text(move.Use, move.Entry, move.Name)}") { Input = move.Use.Uses.Name });
            }
        }

        if (edits.Count == 0)
        {
            return;
        }

        if (FileEdits.Apply(root, file, edits, WorkflowText.LargestFile) is not { } lines)
        {
            findings.Add(new Finding(FindingCodes.WorkflowUnreadable, "The file changed while it was to be edited; it was left as it is.", new SourcePlace(file), "run the command again"));
            return;
        }

        news.AddRange(lines);
    }
}
