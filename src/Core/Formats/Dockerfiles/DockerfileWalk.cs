using System.Globalization;
using System.Text.RegularExpressions;
using Hardening.Formats.Images;

namespace Hardening.Formats.Dockerfiles;

/// <summary>Walks the instructions of a Dockerfile and collects the images that it names, and why BuildKit would refuse it.</summary>
internal sealed partial class DockerfileWalk(SourceText source, DockerfileLines lines)
{
    private const string Scratch = "scratch";

    private static readonly Dictionary<string, string> Platform = new(StringComparer.Ordinal)
    {
        ["BUILDPLATFORM"] = "linux/amd64",
        ["BUILDOS"] = "linux",
        ["BUILDOSVERSION"] = string.Empty,
        ["BUILDARCH"] = "amd64",
        ["BUILDVARIANT"] = string.Empty,
        ["TARGETPLATFORM"] = "linux/amd64",
        ["TARGETOS"] = "linux",
        ["TARGETOSVERSION"] = string.Empty,
        ["TARGETARCH"] = "amd64",
        ["TARGETVARIANT"] = string.Empty,
        ["TARGETSTAGE"] = "default",
    };

    private static readonly HashSet<string> Instructions = new(StringComparer.OrdinalIgnoreCase)
    {
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    };

    // These may stand alone.
    private static readonly HashSet<string> WithoutArguments = new(StringComparer.OrdinalIgnoreCase) { "CMD", "ENTRYPOINT" };

    private readonly List<ImageValue> images = [];
    private readonly List<ImageProblem> problems = [];
    private readonly Dictionary<string, DockerfileArgument> arguments = new(StringComparer.Ordinal);
    private readonly HashSet<string> stages = new(StringComparer.Ordinal);
    private readonly DockerfilePins pins = new(source, lines.Escape);
    // Of all expansions of a file: an argument that is set anew again and again must not take minutes.
    private const int MostExpanded = 4 * 1024 * 1024;

    private int expandedLetters;
    private int stageCount;
    private bool isRefused;

    internal IEnumerable<ImageValue> Images => images.Select(pins.Complete);

    internal IReadOnlyList<ImageProblem> Problems => problems;

    /// <summary>Why what a file names is no image; nothing if it is one.</summary>
    internal static IEnumerable<ImageProblem> FaultOf(ImageValue value) => ImageName.Parse(value.Value) is null
        ? [new ImageProblem(ImageProblemKind.Refused, $"`{Shown(value.Value)}` is no name of an image.", value.Span.Line, value.Span.Column) { Remedy = "write it as registry/repository:tag, in lower case" }]
        : [];

    internal void Run()
    {
        // What its parser refuses, BuildKit reads nothing of; what an instruction says is read up to the one that is refused.
        foreach (var line in lines.Problem is null ? lines.Lines : [])
        {
            if (isRefused)
            {
                return;
            }

            var text = line.Text;
            var start = text.Length - text.AsSpan().TrimStart().Length;
            var word = DockerfileWords.First(text.AsSpan(start)).ToString();
            Instruction(line, word, start + word.Length, isTrigger: false);
        }

        if (lines.Problem is { } problem)
        {
            Refuse(problem.Line, $"BuildKit refuses the file: {problem.Message}.");
        }
        else if (lines.Lines.Count == 0)
        {
            Refuse(1, "BuildKit refuses the file: it has no instruction.");
        }
        else if (stageCount == 0 && !isRefused)
        {
            Refuse(lines.Lines[0].Line, "BuildKit refuses the file: it has no FROM.");
        }
    }

    private void Instruction(LogicalLine line, string word, int at, bool isTrigger)
    {
        if (!Instructions.Contains(word))
        {
            Refuse(line.Line, $"BuildKit refuses the file: `{Shown(word)}` is no instruction.");
            return;
        }

        var name = word.ToUpperInvariant();
        if (stageCount == 0 && name is not ("FROM" or "ARG"))
        {
            Refuse(line.Line, $"BuildKit refuses the file: {name} stands before the first FROM.");
            return;
        }

        var (flags, rest) = DockerfileWords.Flags(line.Text, at);
        if (line.Text.AsSpan(rest).Trim().IsEmpty && !WithoutArguments.Contains(name))
        {
            Refuse(line.Line, $"BuildKit refuses the file: {name} has no argument{(name == "FROM" ? ", and needs one or three" : string.Empty)}.");
            return;
        }

        // BuildKit reads flags byte by byte, and takes some bytes of other letters for spaces.
        if (flags.FirstOrDefault(f => !System.Text.Ascii.IsValid(f.Text)) is { } other)
        {
            Refuse(line.Line, $"The flag `{Shown(other.Text)}` has letters beyond ASCII, which builders read in different ways.");
            return;
        }

        switch (name)
        {
            case "FROM":
                From(line, flags, rest);
                break;
            case "ARG":
                Argument(line, rest);
                break;
            case "COPY" or "ADD":
                Copy(line, flags);
                break;
            case "RUN":
                Mounts(line, flags);
                break;
            case "ONBUILD":
                Trigger(line, rest, isTrigger);
                break;
        }
    }

    private void Trigger(LogicalLine line, int rest, bool isTrigger)
    {
        var word = DockerfileWords.First(line.Text.AsSpan(rest)).ToString();
        if (isTrigger || word.ToUpperInvariant() is "ONBUILD" or "FROM" or "MAINTAINER")
        {
            Refuse(line.Line, $"BuildKit refuses the file: {word.ToUpperInvariant()} may not stand behind ONBUILD.");
            return;
        }

        Instruction(line, word, rest + word.Length, isTrigger: true);
    }

    private void From(LogicalLine line, IReadOnlyList<DockerfileFlag> flags, int rest)
    {
        var words = DockerfileWords.Plain(line.Text, rest);
        string Word(int i) => line.Text[words[i].Start..words[i].End];
        if (words.Count != 1 && !(words.Count == 3 && Word(1).Equals("as", StringComparison.OrdinalIgnoreCase)))
        {
            Refuse(line.Line, "BuildKit refuses the file: FROM has neither one nor three arguments, as in FROM image AS name.");
            return;
        }

        foreach (var flag in flags)
        {
            pins.Mentions(flag.Value);
        }

        if (flags.FirstOrDefault(f => f.Name != "platform") is { } unknown)
        {
            Refuse(line.Line, $"BuildKit refuses the file: FROM has the flag `{Shown(unknown.Text)}`, which it does not know.");
            return;
        }

        var stage = words.Count == 3 ? Word(2).ToLowerInvariant() : null;
        if (stage is not null && !StageName().IsMatch(stage))
        {
            Refuse(line.Line, $"BuildKit refuses the file: `{Shown(Word(2))}` is no name of a stage.");
            return;
        }

        Base(line, words[0]);
        stageCount++;
        if (stage is not null)
        {
            stages.Add(stage);
        }
    }

    private void Base(LogicalLine line, (int Start, int End) word)
    {
        var raw = line.Text[word.Start..word.End];
        if (Expanded(line, word.Start, raw) is not { } expanded)
        {
            return;
        }

        var (value, missing) = expanded;
        if (missing.Count > 0)
        {
            var place = source.Span(line.SourceOf(word.Start), line.SourceOf(word.Start));
            problems.Add(new ImageProblem(ImageProblemKind.VariableWithoutValue, $"`{Shown(raw)}` depends on the argument {missing[0]}, which has no default.", place.Line, place.Column)
            {
                Name = missing[0],
                Remedy = $"write a default: ARG {missing[0]}=…, before the first FROM",
            });
            return;
        }

        if (value.Length == 0)
        {
            Refuse(line.Line, $"BuildKit refuses the file: `{Shown(raw)}` comes to no name.");
        }
        else if (value != Scratch && !stages.Contains(value))
        {
            Add(line, ImagePlace.From, value, word.Start, word.End, () => pins.OfBase(line, word.Start, word.End, value, arguments, Platform.ContainsKey));
        }
        else
        {
            pins.Mentions(raw);
        }
    }

    private (string Value, IReadOnlyList<string> Missing)? Expanded(LogicalLine line, int at, string raw)
    {
        try
        {
            // A default that depends on nothing that is known is set all the same, to whatever is left of it.
            var deeper = new List<string>();
            var value = ShellWord.Expand(raw, lines.Escape, name => ValueOf(name, deeper), out var missing);
            expandedLetters += value.Length;
            return expandedLetters <= MostExpanded ? (value, [.. missing, .. deeper]) : throw new FormatException($"comes, with what was expanded before, to more than {MostExpanded} letters");
        }
        catch (FormatException e)
        {
            var place = source.Span(line.SourceOf(at), line.SourceOf(at));
            Refuse(place.Line, $"BuildKit refuses the file: `{Shown(raw)}` {e.Message}.", place.Column);
            return null;
        }
    }

    private string? ValueOf(string name, List<string> missing)
    {
        if (arguments.GetValueOrDefault(name) is not { } argument)
        {
            return Platform.GetValueOrDefault(name);
        }

        missing.AddRange(argument.Missing);
        return argument.Value;
    }

    private void Argument(LogicalLine line, int rest)
    {
        foreach (var (start, end) in DockerfileWords.Quoted(line.Text, rest, lines.Escape))
        {
            var word = line.Text[start..end];
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            if (name.Length == 0)
            {
                Refuse(line.Line, "BuildKit refuses the file: ARG has a default without a name.");
                continue;
            }

            if (stageCount > 0)
            {
                pins.Redeclared(name);
                pins.Mentions(word);
            }
            else if (equals >= 0)
            {
                Default(line, name, word[(equals + 1)..], start + equals + 1, end);
            }
            else if (!arguments.ContainsKey(name) && !Platform.ContainsKey(name))
            {
                arguments[name] = new DockerfileArgument(name, null, string.Empty, 0, 0);
            }
        }
    }

    private void Default(LogicalLine line, string name, string raw, int start, int end)
    {
        if (Expanded(line, start, raw) is not { } expanded)
        {
            return;
        }

        pins.Mentions(raw);
        var (first, last) = line.SourceOf(start, end);
        arguments[name] = new DockerfileArgument(name, expanded.Value, raw, first, last) { Missing = expanded.Missing };
    }

    private void Copy(LogicalLine line, IReadOnlyList<DockerfileFlag> flags)
    {
        foreach (var flag in flags.Where(f => f.Name == "from"))
        {
            FlagValue(line, ImagePlace.CopyFrom, flag, flag.ValueStart, flag.Text.Length);
        }
    }

    private void Mounts(LogicalLine line, IReadOnlyList<DockerfileFlag> flags)
    {
        foreach (var flag in flags.Where(f => f.Name == "mount"))
        {
            if (DockerfileWords.Fields(flag.Value) is not { } fields)
            {
                Refuse(line.Line, "BuildKit refuses the file: the quotes of a --mount are wrong.");
                continue;
            }

            (int Start, int End)? from = null;
            var isTemporary = false;
            foreach (var (start, end) in fields)
            {
                var field = flag.Value[start..end];
                var equals = field.IndexOf('=', StringComparison.Ordinal);
                var key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
                if (key == "from" && equals >= 0)
                {
                    from = (flag.ValueStart + start + equals + 1, flag.ValueStart + end);
                }
                else if (key == "type" && equals >= 0)
                {
                    isTemporary = field[(equals + 1)..].Equals("tmpfs", StringComparison.OrdinalIgnoreCase);
                }
            }

            if (from is { } last && !isTemporary)
            {
                FlagValue(line, ImagePlace.MountFrom, flag, last.Start, last.End);
            }
        }
    }

    // Names of stages count in any case of letters here; numbers are stages; nothing is expanded.
    private void FlagValue(LogicalLine line, ImagePlace place, DockerfileFlag flag, int start, int end)
    {
        var value = flag.Text[start..end];
        if (value.Length == 0)
        {
            return;
        }

        if (VariableForm().IsMatch(value))
        {
            Refuse(line.Line, $"BuildKit refuses the file: `{Shown(value)}` has a variable, which {(place == ImagePlace.CopyFrom ? "--from" : "from= of a --mount")} may not have. Name the image by a FROM with AS, and write that name.");
            return;
        }

        if (value == Scratch || stages.Contains(value.ToLowerInvariant()) || (place == ImagePlace.CopyFrom && int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
        {
            return;
        }

        var (first, last) = (flag.Places[start], flag.Places[end - 1] + 1);
        Add(line, place, value, first, last, () => pins.OfLiteral(line, first, last, value));
    }

    private void Add(LogicalLine line, ImagePlace place, string value, int start, int end, Func<DockerfilePins.Site> site)
    {
        var (first, last) = line.SourceOf(start, end);
        var image = new ImageValue(place, value, source.Span(first, last), source.Text[first..last]) { InstructionLine = line.Line };
        images.Add(image);
        pins.Add(image, site());
        problems.AddRange(FaultOf(image));
    }

    private void Refuse(int line, string message, int column = 1)
    {
        isRefused = true;
        problems.Add(new ImageProblem(ImageProblemKind.Refused, message, line, column) { Remedy = "correct it, as the reference of Dockerfiles has it" });
    }

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "…";

    [GeneratedRegex(@"\A[a-z][a-z0-9_.-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex StageName();

    [GeneratedRegex(@"\$(?:[A-Za-z0-9_]|\{)", RegexOptions.NonBacktracking)]
    private static partial Regex VariableForm();
}
