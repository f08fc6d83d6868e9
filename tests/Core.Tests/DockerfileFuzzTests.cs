using System.Text;
using Hardening.Formats;
using Hardening.Formats.Dockerfiles;
using Hardening.Formats.Images;
using Hardening.Inputs;

namespace Hardening.Tests;

/// <summary>Mutants of the hard Dockerfiles: whatever they hold, there is an answer, and a pin changes nothing but the digest.</summary>
[TestClass]
public sealed class DockerfileFuzzTests
{
    private const int Mutants = 100_000;

    private static readonly string Digest = "@sha256:" + new string('d', 64);

    private static readonly string[] Pieces =
    [
        "FROM ", "\\\n", "`\n", "\n", "\r\n", " ", "\t", "<<EOF", "EOF\n", "--from=", "--mount=from=", "ARG A=", "$A", "${A:-", "}", "\"", "'", "# syntax=", "# escape=`\n", "ONBUILD ", "COPY ", "RUN ", " AS b", "@sha256:", ":", "/", ",",
        "\0", "\u00a0", "\ufeff", "é", "\ud83d\ude00", "\\", "alpine:3",
    ];

    [TestMethod]
    public void A_hundred_thousand_mutants_have_an_answer_and_their_pins_change_nothing_else()
    {
        var seeds = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Dockerfiles"), "*.Dockerfile").Order(StringComparer.Ordinal).Select(f => Encoding.UTF8.GetString(File.ReadAllBytes(f))).ToArray();
        var (pinned, refused) = (0, 0);
        Parallel.For(0, Mutants, i =>
        {
            var random = new Random(i);
            var text = Mutant(seeds[i % seeds.Length], random);
            var bytes = Encoding.UTF8.GetBytes(text);
            text = Encoding.UTF8.GetString(bytes);
            var file = DockerfileText.Read("f", bytes);
            var plain = text.StartsWith('\ufeff') ? text[1..] : text;
            foreach (var image in file.Images)
            {
                Assert.AreEqual(image.Raw, plain[image.Span.Start..image.Span.End], text);
                Assert.IsTrue((image.Pin is null) == (image.Obstacle.Length > 0), text);
            }

            Interlocked.Add(ref pinned, Pin(bytes, file, text) ? 1 : 0);
            Interlocked.Add(ref refused, file.Problems.Count > 0 ? 1 : 0);
        });

        // Else they would prove nothing.
        Assert.IsGreaterThan(Mutants / 20, pinned);
        Assert.IsGreaterThan(Mutants / 4, refused);
    }

    [TestMethod]
    public void The_hard_cases_are_pinned_once_and_for_all()
    {
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Dockerfiles"), "*.Dockerfile"))
        {
            var bytes = File.ReadAllBytes(path);
            Pin(bytes, DockerfileText.Read(path, bytes), path);
        }
    }

    private static bool Pin(byte[] bytes, ImageFile file, string shown)
    {
        var edits = Edits(file);
        if (edits.Count == 0 || file.Problems.Count > 0)
        {
            return false;
        }

        var once = TextSplice.Apply(bytes, edits);
        Assert.IsNotNull(once, shown);
        var after = DockerfileText.Read(file.Images[0].Span.File, once);
        Assert.AreEqual(Described(file, ofPins: true), Described(after, ofPins: false), shown);
        CollectionAssert.AreEqual(once, TextSplice.Apply(once, Edits(after)), shown);
        return true;
    }

    // Where there is a pin the digest is the new one, and everything else is as before.
    private static string Described(ImageFile file, bool ofPins) => string.Join('\n', file.Images.Select(i =>
    {
        var text = ImageText.Parse(i.Value);
        return $"{i.Place} {i.InstructionLine} {text.Name} {text.Tag} {(ofPins && i.Pin is not null ? Digest : text.Digest.Length > 0 ? "@" + text.Digest : string.Empty)} {i.Obstacle}";
    })) + $"\n{file.Problems.Count}";

    private static List<TextEdit> Edits(ImageFile file) => [.. file.Images.Select(i => i.Pin).OfType<TextEdit>().Select(e => e with { Replacement = e.Expected.Length > 0 && e.Expected[0] != '@' ? Digest[1..] : Digest })];

    private static string Mutant(string seed, Random random)
    {
        var text = new StringBuilder(seed);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(4))
            {
                case 0 when text.Length > 0:
                    at = Math.Min(at, text.Length - 1);
                    text.Remove(at, random.Next(1, Math.Min(12, text.Length - at) + 1));
                    break;
                case 1 when seed.Length > 0:
                    var start = random.Next(seed.Length);
                    text.Insert(at, seed.AsSpan(start, random.Next(1, Math.Min(40, seed.Length - start) + 1)));
                    break;
                default:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return text.ToString();
    }
}
