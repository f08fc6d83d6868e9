using System.Text;
using Hardening.Formats;
using Hardening.Formats.Dockerfiles;
using Hardening.Formats.Images;

namespace Hardening.Tests;

[TestClass]
public sealed class DockerfileTextTests
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    [TestMethod]
    [DataRow("Dockerfile", true)]
    [DataRow("dockerfile", true)]
    [DataRow("Containerfile", true)]
    [DataRow("api.Dockerfile", true)]
    [DataRow("Dockerfile.api", true)]
    [DataRow("Containerfile.dev", true)]
    [DataRow("Dockerfile.dockerignore", false)]
    [DataRow("Dockerfiles", false)]
    [DataRow("MyDockerfile", false)]
    [DataRow("Dockerfile-api", false)]
    public void A_Dockerfile_is_known_by_its_name(string name, bool expected) => Assert.AreEqual(expected, DockerfileText.IsDockerfile(name));

    // The rules by which BuildKit refuses a file, one by one; docs/dockerfile.md lists them.
    [TestMethod]
    [DataRow("", "no instruction")]
    [DataRow("# only\n\n# comments\n", "no instruction")]
    [DataRow("ARG A=1\n", "no FROM")]
    [DataRow("RUN true\nFROM a\n", "before the first FROM")]
    [DataRow("FROM a\nFOO b\n", "no instruction")]
    [DataRow("FROM\n", "no argument")]
    [DataRow("FROM a b\n", "one nor three")]
    [DataRow("FROM a is b\n", "one nor three")]
    [DataRow("FROM a AS b c\n", "one nor three")]
    [DataRow("FROM a AS 1x\n", "no name of a stage")]
    [DataRow("FROM a AS $X\n", "no name of a stage")]
    [DataRow("FROM --flat a\n", "does not know")]
    [DataRow("FROM \"\"\n", "comes to no name")]
    [DataRow("ARG A=\nFROM $A\n", "comes to no name")]
    [DataRow("FROM ${A\n", "end")]
    [DataRow("FROM ${}\n", "without a name")]
    [DataRow("FROM ${A:?needed}\n", "needs the variable A")]
    [DataRow("FROM ${A^}\n", "does not know")]
    [DataRow("FROM 'a\n", "quote without an end")]
    [DataRow("FROM \"a\n", "quote without an end")]
    [DataRow("ARG =1\nFROM a\n", "without a name")]
    [DataRow("FROM a\nCOPY --from=b:$T /x /y\n", "variable")]
    [DataRow("FROM a\nRUN --mount=from=b:${T},target=/x true\n", "variable")]
    [DataRow("FROM a\nRUN --mount=type=bind,\\\"from=b true\n", "quotes of a --mount")]
    [DataRow("FROM a\nRUN <<EOF\ntrue\n", "has no end")]
    [DataRow("FROM a\nCOPY <<A <<B /x/\n1\nA\n2\n", "has no end")]
    [DataRow("FROM a\nONBUILD FROM b\n", "behind ONBUILD")]
    [DataRow("FROM a\nONBUILD ONBUILD RUN true\n", "behind ONBUILD")]
    [DataRow("FROM a\nONBUILD MAINTAINER me\n", "behind ONBUILD")]
    [DataRow("FROM a\nONBUILD FOO b\n", "no instruction")]
    [DataRow("# escape=`\n# escape=\\\nFROM a\n", "stands twice")]
    [DataRow("# escape=x\nFROM a\n", "neither")]
    [DataRow("FROM a\nCOPY\n", "no argument")]
    [DataRow("ARG V=evil:1\nFROM ${V/evi\\?:1/a}\n", "in a pattern")]
    [DataRow("ARG V=evil:1\nFROM ${V#\"e\"}\n", "in a pattern")]
    [DataRow("FROM a\nRUN true # ${X <<CMD\nFROM evil:1\nCMD\n", "beside a")]
    [DataRow("FROM a\nRUN echo ${X:0:1} <<CMD\nFROM evil:1\nCMD\n", "beside a")]
    [DataRow("FROM a\nRUN echo ${X:- <<CMD }\nFROM evil:1\nCMD\n", "beside a")]
    [DataRow("FROM a\nRUN cat <<\ufeffCMD\nCMD\nFROM evil:1\nRUN cat <<CMD\n\ufeffCMD\nCMD\n", "beyond ASCII")]
    [DataRow("FROM a\nCOPY --chown=\u00e0--from=evil:1 /a /b\n", "beyond ASCII")]
    [DataRow("FROM UPPER\n", "no name of an image")]
    [DataRow("FROM a:\n", "no name of an image")]
    [DataRow("FROM a@sha256:abc\n", "no name of an image")]
    [DataRow("FROM a@\n", "no name of an image")]
    [DataRow("FROM http://a/b\n", "no name of an image")]
    public void What_BuildKit_refuses_is_a_problem(string text, string reason)
    {
        var problem = Read(text).Problems.First();
        Assert.AreEqual(ImageProblemKind.Refused, problem.Kind);
        StringAssert.Contains(problem.Message, reason);
        Assert.IsTrue(problem.Remedy.Length > 0 && problem.Line >= 1);
    }

    [TestMethod]
    [DataRow("FROM a:${V}\n", "V")]
    [DataRow("ARG V\nFROM a:$V\n", "V")]
    [DataRow("ARG V\nARG W=$V\nFROM $W\n", "V")]
    [DataRow("FROM a\nARG V=1\nFROM b:$V\n", "V")]
    [DataRow("ARG V\nFROM ${V%-*}\n", "V")]
    [DataRow("ARG D=${V}evil:1\nFROM ${D:-a:1}\n", "V")]
    public void An_image_that_depends_on_an_argument_without_default_names_it(string text, string name)
    {
        var problem = Read(text).Problems.Single();
        Assert.AreEqual(ImageProblemKind.VariableWithoutValue, problem.Kind);
        Assert.AreEqual(name, problem.Name);
    }

    [TestMethod]
    [DataRow("ARG R\nFROM ${R:-docker.io}/library/a:1\n", "docker.io/library/a:1")]
    [DataRow("ARG S=x\nFROM a:1${S:+-slim}\n", "a:1-slim")]
    [DataRow("ARG S=\nFROM a:1${S:+-slim}\n", "a:1")]
    [DataRow("ARG S=\nFROM a:1${S+-slim}\n", "a:1-slim")]
    [DataRow("ARG S=\nFROM a:1${S-x}\n", "a:1")]
    [DataRow("ARG V=1.2.3\nFROM a:${V%.*}\n", "a:1.2")]
    [DataRow("ARG V=1.2.3\nFROM a:${V%%.*}\n", "a:1")]
    [DataRow("ARG V=1.2.3\nFROM a:${V#*.}\n", "a:2.3")]
    [DataRow("ARG V=1.2.3\nFROM a:${V##*.}\n", "a:3")]
    [DataRow("ARG V=1.2.3\nFROM a:${V/./-}\n", "a:1-2.3")]
    [DataRow("ARG V=1.2.3\nFROM a:${V//./-}\n", "a:1-2-3")]
    [DataRow("ARG A=3\nFROM a:${X:-${A}.18}\n", "a:3.18")]
    [DataRow("ARG A=1 B=2\nFROM a:$A.$B\n", "a:1.2")]
    [DataRow("ARG A='x y'\nARG B=1\nFROM a:$B\n", "a:1")]
    [DataRow("ARG TARGETARCH\nFROM a:$TARGETARCH\n", "a:amd64")]
    [DataRow("ARG A=1\nARG A\nFROM a:$A\n", "a:1")]
    [DataRow("FROM \\\n  a:1 \\\n  AS x\n", "a:1")]
    [DataRow("FR\\\nOM a:1\n", "a:1")]
    public void Arguments_are_expanded_as_BuildKit_does(string text, string image) => CollectionAssert.AreEqual(new[] { image }, Values(text));

    [TestMethod]
    [DataRow("FROM a\nRUN cat <<EOF\nFROM fake\nEOF\nFROM b\n", "a b")]
    [DataRow("FROM a\nRUN cat <<-\"E F\"\nFROM fake\n\tE F\nFROM b\n", "a b")]
    [DataRow("FROM a\nRUN echo ${X:-y} $Z <<EOF\nFROM fake\nEOF\nFROM b\n", "a b")]
    [DataRow("FROM a\nRUN [\"cat\", \"<<EOF\"]\nFROM b\n", "a b")]
    [DataRow("FROM a\nLABEL x=<<EOF\nFROM b\n", "a b")]
    [DataRow("FROM a\nRUN echo '<<EOF\nFROM b\n", "a b")]
    [DataRow("FROM a\nONBUILD COPY <<EOF /x\nFROM fake\nEOF\nFROM b\n", "a b")]
    [DataRow("FROM a\nRUN echo \\\\\nFROM b\n", "a b")]
    [DataRow("# escape=`\nFROM a\nRUN echo \\\nFROM b\nRUN x `\nFROM fake\n", "a b")]
    [DataRow("\n# escape=`\nFROM a\nRUN x `\nFROM b\n", "a b")]
    [DataRow("FROM a\nCOPY --from=1 /x /y\nCOPY --from=A:1 /x /y\n", "a A:1")]
    [DataRow("FROM a AS Build\nCOPY --from=BUILD /x /y\nRUN --mount=from=bUild,target=/x true\nFROM build\n", "a")]
    [DataRow("FROM a\nRUN --mount=type=tmpfs,from=b,target=/x true\n", "a")]
    [DataRow("FROM a\nRUN --mount=from=b,target=/x,from=c true\n", "a c")]
    [DataRow("FROM a\nRUN --mount=FROM=b,target=/x true\n", "a b")]
    [DataRow("FROM a\nRUN echo --mount=from=b\n", "a")]
    [DataRow("FROM a\nCOPY x --from=b y\n", "a")]
    [DataRow("FROM scratch\nFROM a\n", "a")]
    [DataRow("# syntax=f:1 --x\nFROM a\n", "f:1 a")]
    [DataRow("# SYNTAX=f:1\nFROM a\n", "f:1 a")]
    [DataRow(" # syntax=f:1\nFROM a\n", "a")]
    [DataRow("# foo=bar\n# escape=`\nFROM a\nRUN echo `\nFROM b\n", "a b")]
    [DataRow("# escape\u00a0=`\nFROM a\nRUN echo `\nFROM b\n", "a b")]
    public void Nothing_else_is_an_image(string text, string images) => Assert.AreEqual(images, string.Join(' ', Values(text)));

    [TestMethod]
    [DataRow("FROM a:1\n", "FROM a:1@D\n")]
    [DataRow("FROM a\n", "FROM a@D\n")]
    [DataRow("FROM --platform=linux/amd64 \"a:1\" as B # x\n", null)]
    [DataRow("FROM  --platform=$BUILDPLATFORM  \"a:1\"   as B\r\nRUN x\r\n", "FROM  --platform=$BUILDPLATFORM  \"a:1@D\"   as B\r\nRUN x\r\n")]
    [DataRow("FROM a:1@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb AS x", "FROM a:1@D AS x")]
    [DataRow("ARG I=a:1\nFROM $I\n", "ARG I=a:1@D\nFROM $I\n")]
    [DataRow("ARG I=\"a:1\" J=2\nFROM ${I}\n", "ARG I=\"a:1@D\" J=2\nFROM ${I}\n")]
    [DataRow("ARG V=1\nFROM a:$V\n", "ARG V=1@D\nFROM a:$V\n")]
    [DataRow("ARG C=a:1\nARG I=$C\nFROM $I\n", "ARG C=a:1@D\nARG I=$C\nFROM $I\n")]
    [DataRow("ARG V=1\nFROM a:$V AS x\nFROM a:${V} AS y\n", "ARG V=1@D\nFROM a:$V AS x\nFROM a:${V} AS y\n")]
    [DataRow("ARG R=docker.io\nFROM $R/library/a:1\n", "ARG R=docker.io\nFROM $R/library/a:1@D\n")]
    [DataRow("FROM scratch\nCOPY --from=a:1 /x /y\nRUN --mount=type=bind,\"from=b:1\",target=/x true\n", "FROM scratch\nCOPY --from=a:1@D /x /y\nRUN --mount=type=bind,\"from=b:1@D\",target=/x true\n")]
    [DataRow("# syntax=f:1\nFROM scratch\n", "# syntax=f:1@D\nFROM scratch\n")]
    public void An_image_is_pinned_where_its_name_ends(string text, string? expected)
    {
        if (expected is null)
        {
            Assert.IsEmpty(Read(text).Images);
            return;
        }

        Assert.AreEqual(expected.Replace("D", Digest, StringComparison.Ordinal).Replace($"BUIL{Digest}PLATFORM", "BUILDPLATFORM", StringComparison.Ordinal), Pinned(text));
    }

    [TestMethod]
    [DataRow("ARG I=a V=1\nFROM $I:$V\n", "I and V")]
    [DataRow("ARG V=1\nFROM a:$V AS x\nFROM b:$V\n", "elsewhere")]
    [DataRow("ARG V=1\nFROM a:$V\nARG V\nRUN echo $V\n", "elsewhere")]
    [DataRow("ARG V=1\nARG W=x$V\nFROM a:$V\n", "elsewhere")]
    [DataRow("ARG V=1\nFROM --platform=$V a:$V\n", "elsewhere")]
    [DataRow("FROM a:${V:-1}\n", "modifier")]
    [DataRow("FROM a:$TARGETARCH\n", "platform")]
    [DataRow("ARG V=1\nFROM a:x-$V\n", "and more")]
    [DataRow("FROM a\\:1\n", "escapes")]
    [DataRow("FROM a\\\n:1\n", "several lines")]
    public void What_cannot_be_edited_safely_says_why(string text, string obstacle)
    {
        var image = Read(text).Images[0];
        Assert.IsNull(image.Pin);
        StringAssert.Contains(image.Obstacle, obstacle);
        Assert.AreEqual(text, Pinned(text));
    }

    [TestMethod]
    public void Arguments_that_grow_beyond_measure_are_refused()
    {
        var text = new StringBuilder("ARG A0=aaaaaaaa\n");
        for (var i = 1; i < 40; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"ARG A{i}=$A{i - 1}$A{i - 1}\n");
        }

        StringAssert.Contains(Read(text.Append("FROM $A39\n").ToString()).Problems[0].Message, "comes to more than");
        StringAssert.Contains(Read("FROM " + string.Concat(Enumerable.Repeat("${A:-", 5000)) + "x" + new string('}', 5000)).Problems[0].Message, "deep");
    }

    [TestMethod]
    public void All_expansions_of_a_file_have_one_limit()
    {
        var text = "ARG A=" + new string('x', 60_000) + "\n" + string.Concat(Enumerable.Repeat("ARG A=$A\n", 80_000)) + "FROM $A\n";
        StringAssert.Contains(Read(text).Problems[0].Message, "with what was expanded before");
        StringAssert.Contains(Read($"ARG A={new string('a', 3000)}\nFROM ${{A/a*b/x}}\n").Problems[0].Message, "against more than");
    }

    [TestMethod]
    public void Many_stages_and_long_lines_are_read_in_one_pass()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"FROM a AS s{i}\nCOPY --from=s{i} /x /y\n"));
        Assert.HasCount(20_000, Read(text).Images);
        Assert.HasCount(1, Read("FROM a\nRUN echo " + new string('x', 500_000) + " <<EOF\n" + new string('y', 400_000) + "\nEOF\n").Images);
        Assert.HasCount(1, Read("FROM a\nRUN x" + string.Concat(Enumerable.Repeat(" \\\n  y", 100_000))).Images);
    }

    [TestMethod]
    public void What_is_no_text_is_refused()
    {
        foreach (var bytes in new byte[][] { [0xFF, 0xFE, 0x41, 0x00], [0x46, 0xC3, 0x28], new byte[DockerfileText.LargestFile + 1] })
        {
            Assert.AreEqual(ImageProblemKind.Refused, DockerfileText.Read("f", bytes).Problems.Single().Kind);
        }
    }

    private static string Pinned(string text)
    {
        var edits = Read(text).Images.Select(i => i.Pin).OfType<Inputs.TextEdit>().Select(e => e with { Replacement = (e.Expected.StartsWith("sha", StringComparison.Ordinal) ? string.Empty : "@") + Digest });
        return Encoding.UTF8.GetString(TextSplice.Apply(Encoding.UTF8.GetBytes(text), edits)!);
    }

    private static string[] Values(string text) => [.. Read(text).Images.Select(i => i.Value)];

    private static ImageFile Read(string text) => DockerfileText.Read("Dockerfile", Encoding.UTF8.GetBytes(text));
}
