using System.Buffers;
using System.Diagnostics;
using System.Text;
using Hardening.Findings;
using Hardening.Lockfiles;

namespace Hardening.Tests;

[TestClass]
public sealed class LockfileFuzzTests
{
    private const int Inputs = 100_000;
    private const int Seed = 20_260_101;

    // What 100,000 inputs may take on two shared cores. It is printed beside the time they took and decides nothing,
    // for a slow machine must not fail the test.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "null", "true", "false", "0", "-0", "1", "2", "1e999999", "99999999999999999999999999", "0.1e-7", "-",
        "\"version\"", "\"nuget\"", "\"packages\"", "\"projects\"", "\"name\"", "\"runs\"", "\"variants\"", "\"x\"", "\"\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"",
        "\"\\u0000\"", "\"\\u006eame\"", "\"..\"", "\"../..\"", "\"a/1.0\"", "\"/\"", "\"\\\\\"", "\\ud800", "\n", "\r\n", "\t", "\0", "\u2028", "\uFEFF", "é", "\U0001F600",
        "\n<<<<<<< HEAD\n", "\n=======\n", "\n>>>>>>> x\n", "//", "/**/", ",\"x\":{\"a\":1,\"a\":2}", ",\"x\":[{}]", $"\"{LockfileSamples.Hash}\"",
    ];

    private static readonly byte[][] NotUtf8 = [[0xFF], [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80]];

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void Whatever_the_text_the_outcome_is_a_lockfile_or_a_finding()
    {
        byte[][] seeds =
        [
            Encoding.UTF8.GetBytes(LockfileSamples.Full),
            Encoding.UTF8.GetBytes(LockfileSamples.WithNuGet($"\"packages\": {{\"a/1.0\": {{{LockfileSamples.Package_1_0}}}}}")),
            LockfileWriter.Write(Lockfile.Empty),
            "{\"version\": 1, \"x\": {\"y\": [1, \"z\", {\"w\": null}]}}"u8.ToArray(),
        ];
        var random = new Random(Seed);
        var outcomes = new Dictionary<string, int>();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Inputs; i++)
        {
            var input = Mutated(seeds, random);
            try
            {
                var outcome = Judge(input);
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            }
            catch (Exception e)
            {
                Assert.Fail($"Input {i} of seed {Seed}, in base64 {Convert.ToBase64String(input)}: {e}");
            }
        }

        TestContext.WriteLine($"{Inputs} inputs in {clock.Elapsed.TotalSeconds:F1} s (budget {Budget.TotalSeconds:F0} s): {string.Join(", ", outcomes.Select(o => $"{o.Key} {o.Value}"))}");
        // The inputs are no noise: many are read, and each kind of refusal is reached.
        Assert.IsGreaterThan(Inputs / 100, outcomes["read"]);
        Assert.IsGreaterThan(Inputs / 100, outcomes[FindingCodes.LockfileDamaged.Id]);
        Assert.IsGreaterThan(Inputs / 1000, outcomes[FindingCodes.LockfileConflict.Id]);
        Assert.IsGreaterThan(0, outcomes[FindingCodes.LockfileTooNew.Id]);
    }

    private static string Judge(byte[] input)
    {
        var lockfile = LockfileReader.Read(input, "hardening.lock.json", out var finding);
        Assert.AreNotEqual(lockfile is null, finding is null);
        _ = ConflictMarkers.Split(Encoding.UTF8.GetString(input));
        if (finding is not null)
        {
            Assert.IsInRange(1, input.Count((byte)'\n') + 1, finding.Place.Line);
            Assert.IsInRange(1, input.Length + 1, finding.Place.Column);
            return finding.Code.Id;
        }

        // What was read can be written, and what is written is read as the same and written as it stands.
        var written = LockfileWriter.Write(lockfile!);
        var again = LockfileReader.Read(written, "hardening.lock.json", out finding);
        Assert.IsNull(finding, finding?.Message);
        Assert.IsTrue(written.AsSpan().SequenceEqual(LockfileWriter.Write(again!)), "a rewrite differs");
        return "read";
    }

    private static byte[] Mutated(byte[][] seeds, Random random)
    {
        var text = new List<byte>(seeds[random.Next(seeds.Length)]);
        for (var steps = 1 + random.Next(3); steps > 0; steps--)
        {
            Mutate(text, seeds, random);
        }

        return [.. text];
    }

    private static void Mutate(List<byte> text, byte[][] seeds, Random random)
    {
        var at = random.Next(text.Count + 1);
        var length = Math.Min(text.Count - at, 1 << random.Next(10));
        switch (random.Next(20))
        {
            case 0 when at < text.Count:
                text[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < text.Count:
                text[at] = (byte)random.Next(256);
                break;
            case 2:
                text.RemoveRange(at, text.Count - at);
                break;
            case 3:
                text.InsertRange(at, Token(random));
                break;
            case 4:
                text.RemoveRange(at, length);
                break;
            case 5:
                text.InsertRange(random.Next(text.Count + 1), text.GetRange(at, length));
                break;
            case 6:
                var other = seeds[random.Next(seeds.Length)];
                text.RemoveRange(at, text.Count - at);
                text.AddRange(other[random.Next(other.Length)..]);
                break;
            case 7:
                text.InsertRange(at, NotUtf8[random.Next(NotUtf8.Length)]);
                break;
            case 8:
                var depth = random.Next(70);
                text.InsertRange(at, Encoding.UTF8.GetBytes($",\"x\":{new string('[', depth)}{new string(']', depth)}"));
                break;
            case 9:
                text.InsertRange(at, Enumerable.Repeat((byte)('0' + random.Next(10)), length));
                break;
            case 10:
                text.Clear();
                for (var tokens = random.Next(12); tokens > 0; tokens--)
                {
                    text.AddRange(Token(random));
                }

                break;
            case 11:
                var noise = new byte[random.Next(64)];
                random.NextBytes(noise);
                text.InsertRange(at, noise);
                break;
            default:
                ReplaceValue(text, Token(random), random);
                break;
        }
    }

    // Puts a token in the place of one string, so that the text around it still makes sense.
    private static void ReplaceValue(List<byte> text, byte[] token, Random random)
    {
        var quotes = Enumerable.Range(0, text.Count).Where(i => text[i] == '"').ToList();
        if (quotes.Count >= 2)
        {
            var first = random.Next(quotes.Count / 2) * 2;
            text.RemoveRange(quotes[first], quotes[first + 1] - quotes[first] + 1);
            text.InsertRange(quotes[first], token);
        }
    }

    private static byte[] Token(Random random) => Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]);
}
