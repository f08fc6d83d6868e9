using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hardening.Formats.Yaml;

/// <summary>
/// One YAML document as nodes with places. The text is hostile input: whatever it holds, the outcome is nodes and problems, never an
/// exception. What makes a text mean something else than it seems, or grow when it is read, is refused in a text of ours: anchors, aliases,
/// merge keys, tags, directives, a second document, keys that are no text or there twice. Of others' texts see <see cref="YamlLimits.TakesAll"/>.
/// </summary>
/// <param name="Root">The nodes; null where the text holds no document or could not be read to its end.</param>
/// <param name="Problems">What is wrong, in the order of the text. Nodes of a strict text count only if there is none.</param>
public sealed record YamlDocument(YamlNode? Root, IReadOnlyList<YamlProblem> Problems)
{
    /// <summary>The documents after the first.</summary>
    public IReadOnlyList<YamlNode> Further { get; init; } = [];

    /// <summary>Reads a text, with or without a byte order mark, with LF or CRLF.</summary>
    public static YamlDocument Read(ReadOnlySpan<byte> utf8, YamlLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var text = YamlText.Decode(utf8, limits.Bytes, out var problem);
        return text is null || (problem is not null && !limits.TakesAll) ? new YamlDocument(null, [problem!]) : Read(text, limits, problem);
    }

    /// <summary>Reads a text that is decoded already.</summary>
    /// <param name="text">The text, without a byte order mark.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="problem">What was wrong with its characters; null if nothing.</param>
    internal static YamlDocument Read(string text, YamlLimits limits, YamlProblem? problem) => new Builder(text, limits, problem).Document();

    // Ends the reading of one document; never leaves this file.
    private sealed class UnreadableException(YamlProblem problem) : Exception(problem.Message)
    {
        internal YamlProblem Problem => problem;
    }

    // What an anchor names; nothing before it ends.
    private sealed class Anchored
    {
        internal YamlNode? Node { get; set; }
    }

    private sealed class Builder
    {
        private const int MostProblems = 100;

        private readonly string text;
        private readonly YamlLimits limits;
        private readonly Scanner scanner;
        private readonly Parser parser;
        private readonly int lines;
        private readonly int lastLine;
        private readonly List<YamlProblem> problems = [];
        private readonly Dictionary<string, Anchored> anchors = new(StringComparer.Ordinal);
        private int nodes;
        private int flow;

        internal Builder(string text, YamlLimits limits, YamlProblem? problem)
        {
            if (problem is not null)
            {
                problems.Add(problem);
            }

            this.text = text;
            this.limits = limits;
            scanner = new Scanner(new StringReader(text));
            parser = new Parser(scanner);
            lines = text.AsSpan().Count('\n') + 1;
            lastLine = text.LastIndexOf('\n');
        }

        internal YamlDocument Document()
        {
            try
            {
                Next<StreamStart>();
                var root = Root();
                if (limits.TakesAll)
                {
                    return new YamlDocument(root, problems) { Further = Further() };
                }

                if (!At<StreamEnd>())
                {
                    Report("There is a second document.", "remove it and the line `---` before it", parser.Current!.Start);
                    return new YamlDocument(null, problems);
                }

                return new YamlDocument(root, problems);
            }
            catch (UnreadableException e)
            {
                problems.Add(e.Problem);
            }
            catch (YamlException e)
            {
                // Of a tab the library tells where the mapping around it begins.
                Add($"The text is no YAML: {YamlText.Shown(e.Message.TrimEnd('.'))}.", "mend the line", e.Message.Contains("tab as indentation", StringComparison.Ordinal) ? scanner.CurrentPosition : e.Start);
            }

            return new YamlDocument(null, problems);
        }

        private List<YamlNode> Further()
        {
            var further = new List<YamlNode>();
            while (!At<StreamEnd>())
            {
                if (Root() is { } root)
                {
                    further.Add(root);
                }
            }

            return further;
        }

        private YamlNode? Root()
        {
            if (At<StreamEnd>())
            {
                return null;
            }

            anchors.Clear();
            var start = Next<DocumentStart>();
            if (!limits.TakesAll && (start.Version is not null || text.StartsWith('%')))
            {
                Report("The text has a directive, and none is permitted here.", "remove the line that begins with `%`", start.Start);
            }

            var root = Node(1);
            Next<DocumentEnd>();
            return root is YamlScalar { IsPlain: true, Value: "" } ? null : root;
        }

        private YamlNode Node(int depth)
        {
            if (++nodes > limits.Nodes)
            {
                throw Beyond($"The text has more than {limits.Nodes} values.", "make it smaller");
            }

            if (depth > limits.Depth && !At<Scalar>())
            {
                throw Beyond($"The text is nested deeper than {limits.Depth}.", "nest it less deeply");
            }

            if (At<AnchorAlias>())
            {
                return Alias(Next<AnchorAlias>());
            }

            Anchored? anchor = null;
            if (parser.Current is NodeEvent { Anchor.IsEmpty: false } named && limits.TakesAll)
            {
                // Of two of one name the one counts that begins later, also where it ends earlier.
                anchors[named.Anchor.Value] = anchor = new Anchored();
                Named(named.Anchor.Value, named.Start);
            }
            else if (parser.Current is NodeEvent node && !limits.TakesAll)
            {
                Plain(node);
            }

            YamlNode found = At<SequenceStart>() ? Sequence(depth) : At<MappingStart>() ? Mapping(depth) : Text();
            if (anchor is not null)
            {
                anchor.Node = found;
            }

            return found;
        }

        private YamlNode Alias(AnchorAlias alias)
        {
            if (limits.TakesAll)
            {
                Named(alias.Value.Value, alias.Start);
            }

            if (limits.TakesAll && anchors.GetValueOrDefault(alias.Value.Value)?.Node is { } node)
            {
                return node;
            }

            var name = YamlText.Shown(alias.Value.Value);
            Report(limits.TakesAll ? $"`*{name}` names no value before it." : $"`*{name}` is an alias, and none is permitted here.", "write the value itself", alias.Start);
            var (line, column) = PlaceOf(alias.Start);
            return new YamlRefused(line, column);
        }

        private YamlSequence Sequence(int depth)
        {
            var start = Next<SequenceStart>();
            var (line, column) = PlaceOf(start.Start);
            var items = new List<YamlNode>();
            flow += start.Style == SequenceStyle.Flow ? 1 : 0;
            while (!At<SequenceEnd>())
            {
                items.Add(Node(depth + 1));
            }

            flow -= start.Style == SequenceStyle.Flow ? 1 : 0;
            Next<SequenceEnd>();
            return new YamlSequence(items, line, column);
        }

        private YamlMapping Mapping(int depth)
        {
            var start = Next<MappingStart>();
            var (line, column) = PlaceOf(start.Start);
            flow += start.Style == MappingStyle.Flow ? 1 : 0;
            var entries = new List<YamlEntry>();
            var lines = new Dictionary<string, int>(StringComparer.Ordinal);
            while (!At<MappingEnd>())
            {
                var at = parser.Current!.Start;
                var key = Node(depth + 1);
                var value = Node(depth + 1);
                if (key is not YamlScalar name)
                {
                    if (key is not YamlRefused)
                    {
                        Report("A key has to be a text.", "write the key as a text", at);
                    }
                }
                else if (limits.TakesAll && name.Value.Length == 0)
                {
                    Report("A key is empty, which readers of YAML take in different ways.", "write the key", at);
                }
                else if (name is { IsPlain: true, Value: "<<" } && limits.TakesAll)
                {
                    entries.Add(new YamlEntry(name, value));
                }
                else if (name is { IsPlain: true, Value: "<<" })
                {
                    Report("`<<` is a merge key, and none is permitted here.", "write the values themselves", at);
                }
                else if (lines.TryAdd(name.Value, name.Line))
                {
                    entries.Add(new YamlEntry(name, value));
                }
                else
                {
                    Report($"`{YamlText.Shown(name.Value)}` is there twice; the first one is in line {lines[name.Value]}.", "remove one of them", at);
                    if (limits.TakesAll)
                    {
                        entries.Add(new YamlEntry(name, value));
                    }
                }
            }

            flow -= start.Style == MappingStyle.Flow ? 1 : 0;
            Next<MappingEnd>();
            return new YamlMapping(entries, line, column);
        }

        private YamlScalar Text()
        {
            var scalar = Next<Scalar>();
            var (line, column) = PlaceOf(scalar.Start);
            var refused = limits.TakesAll ? -1 : YamlText.FirstRefused(scalar.Value);
            if (refused >= 0)
            {
                Report($"The value holds {YamlText.Name(scalar.Value[refused])} by an escape.", "remove the escape", scalar.Start);
            }

            var text = new YamlScalar(scalar.Value, StyleOf(scalar.Style), (int)scalar.Start.Index, (int)scalar.End.Index, line, column) { IsInFlow = flow > 0 };
            if (limits.TakesAll && YamlReaders.IsDisputed(text, this.text))
            {
                Report($"`{YamlText.Shown(scalar.Value)}` is written so that readers of YAML take it in different ways.", "put it in quotes", scalar.Start);
            }

            return text;
        }

        private void Named(string name, Mark at)
        {
            if (!YamlReaders.IsName(name))
            {
                Report($"`{YamlText.Shown(name)}` is the name of an anchor, and readers of YAML end it in different places.", "use letters, digits, `-` and `_` only", at);
            }
        }

        private static YamlStyle StyleOf(ScalarStyle style) => style switch
        {
            ScalarStyle.SingleQuoted => YamlStyle.SingleQuoted,
            ScalarStyle.DoubleQuoted => YamlStyle.DoubleQuoted,
            ScalarStyle.Literal or ScalarStyle.Folded => YamlStyle.Block,
            _ => YamlStyle.Plain,
        };

        private void Plain(NodeEvent node)
        {
            if (!node.Anchor.IsEmpty)
            {
                Report($"`&{YamlText.Shown(node.Anchor.Value)}` is an anchor, and none is permitted here.", "remove it", node.Start);
            }

            if (!node.Tag.IsEmpty)
            {
                Report("The value has a tag, and none is permitted here.", "remove the word that begins with `!`", node.Start);
            }
        }

        private bool At<T>()
            where T : ParsingEvent
        {
            if (parser.Current is null)
            {
                Advance();
            }

            return parser.Current is T;
        }

        private T Next<T>()
            where T : ParsingEvent
        {
            if (!At<T>())
            {
                throw Beyond("The text ends too early.", "complete it");
            }

            var current = (T)parser.Current!;
            if (current is not StreamEnd)
            {
                Advance();
            }

            return current;
        }

        // Of some texts the library says by an exception of any kind that it did not expect them. That is said like any other error in
        // the text, and nothing is read.
        private void Advance()
        {
            try
            {
                parser.MoveNext();
            }
            catch (Exception e) when (e is not (YamlException or OutOfMemoryException))
            {
                var (line, column) = PlaceOf(scanner.CurrentPosition);
                throw new UnreadableException(new YamlProblem("The text is no YAML.", "mend the line", line, column));
            }
        }

        private UnreadableException Beyond(string message, string remedy)
        {
            var (line, column) = PlaceOf(parser.Current?.Start ?? Mark.Empty);
            return new UnreadableException(new YamlProblem(message, remedy, line, column));
        }

        private void Report(string message, string remedy, Mark at)
        {
            if (limits.TakesAll && problems.Count == MostProblems)
            {
                var (line, column) = PlaceOf(at);
                throw new UnreadableException(new YamlProblem($"The text has more than {MostProblems} faults.", "mend these first", line, column));
            }

            Add(message, remedy, at);
        }

        private void Add(string message, string remedy, Mark at)
        {
            var (line, column) = PlaceOf(at);
            problems.Add(new YamlProblem(message, remedy, line, column));
        }

        // Of an exception without a place the numbers are zero, and the library takes steps beyond the end of the text.
        private (int Line, int Column) PlaceOf(Mark mark)
        {
            var line = (int)Math.Clamp(mark.Line, 1, lines);
            var column = mark.Line > lines ? long.MaxValue : Math.Max(mark.Column, 1);
            return (line, (int)(line == lines ? Math.Min(column, text.Length - lastLine) : column));
        }
    }
}
