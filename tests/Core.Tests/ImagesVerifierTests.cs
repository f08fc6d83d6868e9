using Hardening.Ecosystems.Images;
using Hardening.Findings;
using Hardening.Formats.Images;
using Hardening.Inputs;
using Hardening.Lockfiles;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class ImagesVerifierTests
{
    private static readonly string A = "sha256:" + new string('a', 64);
    private static readonly string B = "sha256:" + new string('b', 64);
    private static readonly string C = "sha256:" + new string('c', 64);

    private static readonly ImagesSection Section = new()
    {
        Digests = new[]
        {
            new ImageEntry("docker.io/library/alpine", A) { Tags = ["3.19"] },
            new ImageEntry("docker.io/library/alpine", B) { Tags = ["3.20", "latest"] },
            new ImageEntry("ghcr.io/o/i", A) { Tags = ["1"] },
            new ImageEntry("ghcr.io/o/i", B) { Tags = ["1"] },
        }.ToDictionary(e => e.Key),
    };

    [TestMethod]
    [DataRow("alpine:3.19", "HRD3003")]
    [DataRow("docker.io/library/alpine:3.19", "HRD3003")]
    [DataRow("index.docker.io/alpine:3.19", "HRD3003")]
    [DataRow("Index.Docker.IO/alpine:3.19", "HRD3003")]
    [DataRow("registry-1.docker.io/library/alpine:3.19", "HRD3003")]
    [DataRow("alpine", "HRD3004")]
    [DataRow("alpine:latest", "HRD3004")]
    [DataRow("alpine:3.18", "HRD3001")]
    [DataRow("busybox", "HRD3001")]
    [DataRow("alpine:3.19@A", "")]
    [DataRow("library/alpine@A", "")]
    [DataRow("alpine:3.19@C", "HRD3002")]
    [DataRow("alpine@C", "HRD3002")]
    [DataRow("busybox@A", "HRD3001")]
    [DataRow("alpine:3.20@A", "HRD3007")]
    [DataRow("alpine:9@A", "HRD3007")]
    [DataRow("ghcr.io/o/i:1", "HRD3003")]
    [DataRow("ghcr.io/o/i:1@B", "")]
    [DataRow("${{ matrix.image }}", "HRD3010")]
    [DataRow("UPPER", "HRD3010")]
    public void An_image_is_compared_with_the_lockfile(string image, string codes) => Assert.AreEqual(codes, Codes(Dockerfile(image), new ImagesPolicy()));

    [TestMethod]
    public void Before_the_first_lock_everything_warns_and_what_is_missing_is_said_once()
    {
        var findings = ImagesCheck.Verify(Inputs($"FROM alpine:3.19\nFROM busybox@{A}\n"), new ImagesSection(), new ImagesPolicy { Forbid = ["docker.io/library/busybox"] });
        Assert.IsTrue(findings.All(f => f.Severity == Severity.Warning));
        CollectionAssert.AreEquivalent(new[] { "HRD3001", "HRD3005" }, findings.Select(f => f.Code.Id).ToArray());
    }

    [TestMethod]
    public void The_policy_permits_forbids_and_replaces()
    {
        var policy = new ImagesPolicy { Allow = ["docker.io/library/*"], Forbid = ["docker.io/library/busybox"], Replace = [new ImageReplacement("docker.io/library/alpine", "docker.io/library/wolfi")] };
        Assert.AreEqual("HRD3001 HRD3005", Codes($"FROM busybox@{A}\n", policy));
        Assert.AreEqual("HRD3001 HRD3005", Codes($"FROM evil.example/library/x@{A}\n", policy));
        Assert.AreEqual("HRD3006", Codes($"FROM alpine:3.19@{A}\n", policy));
    }

    [TestMethod]
    public void A_file_that_its_builder_refuses_is_never_one_without_images()
    {
        Assert.AreEqual("HRD3008", Codes("FROM scratch\nFOO\n", new ImagesPolicy()));
        Assert.AreEqual("HRD3009", Codes("ARG V\nFROM alpine:$V\n", new ImagesPolicy()));
        using var folder = new TemporaryFolder();
        folder.File("real", "FROM scratch\n");
        File.CreateSymbolicLink(folder.At("Dockerfile"), folder.At("real"));
        Assert.AreEqual("HRD3008", string.Join(' ', ImageInputs.Observe(folder.Path, ["Dockerfile"], []).Findings.Select(f => f.Code.Id)));
    }

    [TestMethod]
    public void What_cannot_be_edited_says_what_to_write_by_hand()
    {
        var finding = ImagesCheck.Verify(Inputs("ARG N=alpine V=3.19\nFROM $N:$V\n"), Section, new ImagesPolicy()).Single();
        Assert.AreEqual("HRD3003", finding.Code.Id);
        StringAssert.Contains(finding.Command, $"alpine:3.19@{A}");
        StringAssert.Contains(finding.Command, "N and V");
    }

    [TestMethod]
    public void The_base_of_a_container_is_the_locked_one_or_none()
    {
        const string Runtime = "mcr.microsoft.com/dotnet/runtime";
        var section = new ImagesSection
        {
            Digests = new[] { new ImageEntry(Runtime, A) { Tags = ["10.0"] }, new ImageEntry(Runtime, B) { Tags = ["10.0"] } }.ToDictionary(e => e.Key),
            Bases = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["app/app.csproj"] = new Dictionary<string, string> { [$"{Runtime}:10.0"] = $"{Runtime}@{B}" } },
        };
        var bases = new ContainerBases(section, new ImagesPolicy());
        var place = new SourcePlace("app.csproj");
        Assert.AreEqual($"{Runtime}:10.0@{B}", bases.Decide("app/app.csproj", place, $"{Runtime}:10.0", inject: true).Image);

        // Two entries have the tag, and nothing says which this project takes.
        Assert.AreEqual("HRD3012", bases.Decide("other.csproj", place, $"{Runtime}:10.0", inject: true).Findings.Single().Code.Id);
        Assert.AreEqual("HRD3012", bases.Decide("app/app.csproj", place, $"{Runtime}:9.0", inject: true).Findings.Single().Code.Id);
        Assert.AreEqual("HRD3012", bases.Decide("app/app.csproj", place, $"{Runtime}:10.0@{C}", inject: true).Findings.Single().Code.Id);
        Assert.AreEqual("HRD3012", bases.Decide("app/app.csproj", place, "$(Nothing)", inject: true).Findings.Single().Code.Id);
        Assert.AreEqual("HRD3013", bases.Decide("app/app.csproj", place, $"{Runtime}:10.0", inject: false).Findings.Single().Code.Id);
        Assert.IsEmpty(bases.Decide("app/app.csproj", place, $"{Runtime}:10.0@{A}", inject: false).Findings);
        Assert.AreEqual("HRD3005", new ContainerBases(section, new ImagesPolicy { Forbid = ["mcr.microsoft.com/*"] }).Decide("app/app.csproj", place, $"{Runtime}:10.0", inject: true).Findings.Single().Code.Id);
    }

    [TestMethod]
    public void A_build_in_which_nothing_changed_sees_the_same()
    {
        using var folder = new TemporaryFolder();
        folder.File("Dockerfile", $"ARG V=3.19\nFROM alpine:$V AS x\nCOPY --from=ghcr.io/o/i:1@{A} /x /y\n");
        folder.File("b.Dockerfile", "ARG N\nFROM $N\n");
        var expected = Shown(ImageInputs.Observe(folder.Path, ["Dockerfile", "b.Dockerfile"], []));
        var limit = DateTime.UtcNow.AddSeconds(30);
        ImageInputs again;
        do
        {
            Assert.AreEqual(expected, Shown(again = ImageInputs.Observe(folder.Path, ["Dockerfile", "b.Dockerfile"], [], ImageMemory.Open(folder.At("memory"), folder.Path))));
        }
        while (!Directory.Exists(folder.At("memory")) && DateTime.UtcNow < limit);

        Assert.AreEqual(expected, Shown(ImageInputs.Observe(folder.Path, ["Dockerfile", "b.Dockerfile"], [], ImageMemory.Open(folder.At("memory"), folder.Path))));
        folder.File("Dockerfile", "FROM other:1\n");
        Assert.AreEqual("other:1", ImageInputs.Observe(folder.Path, ["Dockerfile"], [], ImageMemory.Open(folder.At("memory"), folder.Path)).Uses.Single().Value.Value);
    }

    private static string Shown(ImageInputs inputs) => string.Join('\n', inputs.Uses.Select(u => u.ToString()).Concat(inputs.Findings.Select(f => f.ToString())));

    private static string Dockerfile(string image)
    {
        image = image.Replace("@A", "@" + A, StringComparison.Ordinal).Replace("@B", "@" + B, StringComparison.Ordinal).Replace("@C", "@" + C, StringComparison.Ordinal);
        return image.Contains("{{", StringComparison.Ordinal) || image == "UPPER" ? image : $"FROM {image}\n";
    }

    private static string Codes(string text, ImagesPolicy policy) => string.Join(' ', ImagesCheck.Verify(Inputs(text), Section, policy).Select(f => f.Code.Id).Order(StringComparer.Ordinal));

    // What is no Dockerfile stands for the container of a job.
    private static ImageInputs Inputs(string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal))
        {
            return ImageInputs.Observe("/r", [], [new ImageValue(ImagePlace.Workflow, text, new SourceSpan("/r/w.yml", 1, 1, 0, text.Length), text)]);
        }

        using var folder = new TemporaryFolder();
        folder.File("Dockerfile", text);
        return ImageInputs.Observe(folder.Path, ["Dockerfile"], []);
    }
}
