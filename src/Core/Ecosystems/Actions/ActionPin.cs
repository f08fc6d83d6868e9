using Hardening.Formats.Workflows;
using Hardening.Inputs;
using Hardening.Lockfiles;

namespace Hardening.Ecosystems.Actions;

/// <summary>The edits that write a commit into the place that uses an action, with its version as a comment.</summary>
public static class ActionPin
{
    /// <summary>The edits by which a place names a lock entry; none if it does already, or nothing can be written there.</summary>
    /// <param name="use">The place; a repository.</param>
    /// <param name="entry">What it is to name.</param>
    /// <param name="name">What to write before the <c>@</c> in place of what stands there; null: that stays as it is, byte for byte.</param>
    public static IReadOnlyList<TextEdit> Edits(WorkflowUse use, ActionEntry entry, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(use);
        ArgumentNullException.ThrowIfNull(entry);
        var value = use.Value;
        if (!value.IsEditable || use.Uses.Form != UsesForm.Repository)
        {
            return [];
        }

        var edits = new List<TextEdit>();
        var text = Text(use, entry, name);
        var isNamed = use.Uses.IsPinned && name is null && use.Uses.Ref.Equals(entry.Commit, StringComparison.OrdinalIgnoreCase);
        if (!isNamed)
        {
            edits.Add(new TextEdit(value.Span, value.Raw, text));
        }

        if (Comment(use, entry, isNamed) is { } comment)
        {
            edits.Add(comment);
        }

        return edits;
    }

    /// <summary>The value that names the entry; to be written by hand where no edit can be made.</summary>
    public static string Text(WorkflowUse use, ActionEntry entry, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(use);
        ArgumentNullException.ThrowIfNull(entry);
        return $"{name ?? use.Value.Value[..use.Value.Value.LastIndexOf('@')]}@{entry.Commit}";
    }

    /// <summary>The version to write beside the commit: what says most of the refs that are versions of the same thing as the written one; null if there is none.</summary>
    internal static string? VersionOf(UsesText uses, ActionEntry entry)
    {
        var written = uses.IsPinned ? null : VersionTag.Parse(ActionRefs.Short(uses.Ref));
        var kin = written is null ? [] : entry.Refs.Keys.Where(n => ActionRefs.Tag(n) is { } tag && VersionTag.Parse(tag) is { } version && version.Is(written)).ToList();
        return ActionRefs.Fullest(kin.Count > 0 ? kin : entry.Refs.Keys);
    }

    private static TextEdit? Comment(WorkflowUse use, ActionEntry entry, bool isNamed)
    {
        var value = use.Value;
        if (value.CommentStart < 0 || VersionOf(use.Uses, entry) is not { } version)
        {
            return null;
        }

        var names = entry.Refs.Keys.Select(ActionRefs.Short).ToList();
        var at = value.Span with { Start = value.CommentStart, End = value.CommentStart };
        if (VersionComment.Of(value.Comment, names.Contains) is { } claimed)
        {
            var start = value.CommentStart + claimed.Start;
            return VersionComment.Holds(claimed.Text, names) && (isNamed || claimed.Text == version)
                ? null
                : new TextEdit(at with { Start = start, End = start + claimed.Text.Length }, claimed.Text, version);
        }

        // What a person wrote beside a commit is not ours to complete.
        return isNamed ? null
            : value.Comment.Length == 0 ? new TextEdit(at, string.Empty, $" # {version}")
            : new TextEdit(at, string.Empty, $"# {version} ");
    }
}
