using Hardening.Formats.Yaml;
using Hardening.Inputs;

namespace Hardening.Formats.Workflows;

/// <summary>Walks the nodes of a workflow or action as the runner does. An alias leads to the node of its anchor again, so each node is taken once in each role.</summary>
internal sealed class WorkflowWalk(SourceText source)
{
    private const int MostProblems = 100;

    // Of mappings that lead to each other by aliases, which the depth of the text does not tell.
    private const int Deepest = 100;

    private readonly HashSet<(YamlNode Node, string Role)> taken = new(ByReference.Instance);
    private readonly List<WorkflowValue> values = [];
    private readonly List<YamlProblem> problems = [];
    private readonly List<SourcePlace> mergeKeys = [];
    private int depth;

    internal IReadOnlyList<WorkflowValue> Values => values;

    internal IReadOnlyList<YamlProblem> Problems => problems;

    internal IReadOnlyList<SourcePlace> MergeKeys => mergeKeys;

    internal void Workflow(YamlNode root) => Members(root, "a workflow", (key, value) =>
    {
        if (key == "jobs")
        {
            Members(value, "`jobs`", (_, job) => Job(job));
        }
    });

    internal void Action(YamlNode root) => Members(root, "an action", (key, value) =>
    {
        if (key == "runs")
        {
            Runs(value);
        }
    });

    private void Job(YamlNode node) => Members(node, "a job", (key, value) =>
    {
        switch (key)
        {
            case "uses":
                Value(value, WorkflowPlace.Job);
                break;
            case "steps":
                Steps(value);
                break;
            case "container":
                Image(value, WorkflowPlace.Container);
                break;
            case "services" when value is YamlScalar { Value: var text } && HasExpression(text):
                // The runner makes a mapping of it, with images that nobody can say.
                Value(value, WorkflowPlace.Service);
                break;
            case "services":
                Members(value, "`services`", (_, service) => Image(service, WorkflowPlace.Service));
                break;
        }
    });

    private void Runs(YamlNode node) => Members(node, "`runs`", (key, value) =>
    {
        if (key == "steps")
        {
            Steps(value);
        }
        else if (key == "image" && value is YamlScalar { Value: var image } && (image.StartsWith("docker://", StringComparison.OrdinalIgnoreCase) || HasExpression(image)))
        {
            // Anything else is a Dockerfile of the repository. Of an expression that is nothing but a text the runner takes the text.
            Value(value, WorkflowPlace.ActionImage);
        }
    });

    private void Steps(YamlNode node)
    {
        if (IsAbsent(node) || !taken.Add((node, "steps")))
        {
            return;
        }

        if (node is not YamlSequence steps)
        {
            WrongKind(node, "`steps`", "a list");
            return;
        }

        foreach (var step in steps.Items)
        {
            Members(step, "a step", (key, value) =>
            {
                if (key == "uses")
                {
                    Value(value, WorkflowPlace.Step);
                }
                else if (key == "parallel")
                {
                    Steps(value);
                }
            });
        }
    }

    private void Image(YamlNode node, WorkflowPlace place)
    {
        if (node is YamlMapping)
        {
            Members(node, place == WorkflowPlace.Service ? "a service" : "a container", (key, value) =>
            {
                if (key == "image")
                {
                    Image(value, place);
                }
            });
        }
        else if (node is not YamlScalar { Value: "" })
        {
            // An empty text is no container.
            Value(node, place);
        }
    }

    // The members of a mapping, those that it merges among them.
    private void Members(YamlNode node, string role, Action<string, YamlNode> take)
    {
        if (IsAbsent(node) || !taken.Add((node, role)))
        {
            return;
        }

        if (node is not YamlMapping mapping)
        {
            WrongKind(node, role, "a mapping");
            return;
        }

        if (depth >= Deepest)
        {
            Report($"Aliases lead deeper than {Deepest} mappings.", "write the values themselves", node);
            return;
        }

        depth++;
        foreach (var (key, value) in mapping.Entries)
        {
            if (HasExpression(key.Value))
            {
                // The runner takes ${{ 'uses' }} for the key `uses`.
                Report($"A key of {role} has an expression, so nobody can say what it is.", "write the key itself", key);
            }

            if (key is { IsPlain: true, Value: "<<" })
            {
                mergeKeys.Add(source.Span(key.Start, key.End).Place);
                foreach (var merged in value is YamlSequence list ? list.Items : [value])
                {
                    Members(merged, role, take);
                }
            }
            else
            {
                take(key.Value, value);
            }
        }

        depth--;
    }

    private void Value(YamlNode node, WorkflowPlace place)
    {
        if (IsAbsent(node) || !taken.Add((node, place.ToString())))
        {
            return;
        }

        if (node is YamlScalar scalar)
        {
            values.Add(Placed(scalar, place));
        }
        else
        {
            WrongKind(node, place is WorkflowPlace.Step or WorkflowPlace.Job ? "`uses`" : "an image", "a text");
        }
    }

    private WorkflowValue Placed(YamlScalar scalar, WorkflowPlace place)
    {
        var value = scalar.Style == YamlStyle.Block ? scalar.Value.TrimEnd('\n', ' ') : scalar.Value;
        var (start, end) = SpanOf(scalar, value);
        var raw = source.Text[start..end];
        var comment = scalar.IsInFlow || scalar.Style == YamlStyle.Block ? -1 : CommentAt(scalar.End);
        return new WorkflowValue(place, value, source.Span(start, end), raw)
        {
            IsEditable = raw == value,
            CommentStart = comment,
            Comment = comment < 0 ? string.Empty : source.Text[comment..LineEnd(comment)].TrimEnd(),
        };
    }

    // An anchor or a tag before a value belongs to its token, and so do quotes and the sign of a block.
    private (int Start, int End) SpanOf(YamlScalar scalar, string value)
    {
        var text = source.Text;
        var end = Math.Min(scalar.End, text.Length);
        var start = Math.Min(scalar.Start, end);
        switch (scalar.Style)
        {
            case YamlStyle.SingleQuoted or YamlStyle.DoubleQuoted:
                var quote = scalar.Style == YamlStyle.SingleQuoted ? '\'' : '"';
                var open = text.IndexOf(quote, AfterProperties(start, end), end - AfterProperties(start, end));
                return open >= 0 && end - 1 > open ? (open + 1, end - 1) : (start, end);
            case YamlStyle.Block:
                var content = Math.Min(LineEnd(AfterProperties(start, end)), end);
                var first = text.IndexOf(value, content, end - content, StringComparison.Ordinal);
                return value.Length > 0 && first >= 0 ? (first, first + value.Length) : (start, end);
            default:
                var begin = AfterProperties(start, end);
                return value.Length > 0 && end - begin >= value.Length && text.AsSpan(0, end).EndsWith(value) ? (end - value.Length, end) : (begin, end);
        }
    }

    private int AfterProperties(int at, int end)
    {
        var text = source.Text;
        while (at < end && text[at] is '&' or '!')
        {
            while (at < end && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            while (at < end && (char.IsWhiteSpace(text[at]) || text[at] == '#'))
            {
                at = text[at] == '#' ? LineEnd(at) : at + 1;
            }
        }

        return at;
    }

    // Where a comment after a value begins, or could begin; -1 if something else stands there.
    private int CommentAt(int end)
    {
        var text = source.Text;
        var at = Math.Min(end, text.Length);
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        return at == text.Length || text[at] is '\r' or '\n' ? Math.Min(end, text.Length) : text[at] == '#' && at > end ? at : -1;
    }

    private int LineEnd(int at)
    {
        var length = source.Text.AsSpan(at).IndexOfAny('\r', '\n');
        return length < 0 ? source.Text.Length : at + length;
    }

    private static bool HasExpression(string text) => text.Contains("${{", StringComparison.Ordinal);

    private static bool IsAbsent(YamlNode node) => node is YamlRefused or YamlScalar { IsPlain: true, Value: "" or "null" or "~" };

    private void WrongKind(YamlNode node, string what, string expected) =>
        Report($"{what} has to be {expected}, and is {(node is YamlScalar ? "a text" : node is YamlSequence ? "a list" : "a mapping")}.", "mend the line", node);

    private void Report(string message, string remedy, YamlNode at)
    {
        if (problems.Count <= MostProblems)
        {
            problems.Add(problems.Count < MostProblems
                ? new YamlProblem(message, remedy, at.Line, at.Column)
                : new YamlProblem($"The text has more than {MostProblems} faults.", "mend these first", at.Line, at.Column));
        }
    }

    // Nodes compare by their content, which an alias can make endless to walk.
    private sealed class ByReference : IEqualityComparer<(YamlNode Node, string Role)>
    {
        internal static readonly ByReference Instance = new();

        public bool Equals((YamlNode Node, string Role) x, (YamlNode Node, string Role) y) => ReferenceEquals(x.Node, y.Node) && x.Role == y.Role;

        public int GetHashCode((YamlNode Node, string Role) obj) => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Node), obj.Role);
    }
}
