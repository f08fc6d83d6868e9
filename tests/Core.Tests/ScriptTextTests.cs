using CsCheck;
using Hardening.Formats;
using Hardening.Inputs;

namespace Hardening.Tests;

/// <summary>The texts were given to <c>dotnet project convert</c> of .NET SDK 10.0.401; what it takes is what is expected, and more where a comment says so.</summary>
[TestClass]
public sealed class ScriptTextTests
{
    [TestMethod]
    [DataRow("#:sdk A@1\n#:package P@2\n", "sdk A 1, package P 2")]
    [DataRow("#:   sdk   A@1\n#:package P @ 2\n", "sdk A 1, package P 2")]
    [DataRow("#:sdk\tA@1", "sdk A 1")]
    [DataRow("#:sdk\u00A0A@1", "sdk A 1")]
    [DataRow("#:sdk A", "sdk A ")]
    [DataRow("  #:sdk A@1\n", "sdk A 1")]
    [DataRow("/* x\n*/\n#:sdk A@1\n// #:sdk B@1\n#:package P@2\n", "sdk A 1, package P 2")]
    [DataRow("#!/usr/bin/env dotnet\n#:sdk A@1\n", "sdk A 1")]
    [DataRow("#region x\n#:sdk A@1\n#endregion\n", "sdk A 1")]
    [DataRow("#pragma warning disable\n#:sdk A@1\n", "sdk A 1")]
    [DataRow("#:sdk A@1\r#:package P@2\n", "sdk A 1, package P 2")]
    [DataRow("#:sdk A@1\u0085#:package P@2\n", "sdk A 1, package P 2")]
    [DataRow("// x\u2028#:sdk A@1\n", "sdk A 1")]
    [DataRow("\u0085#:sdk A@1\n", "sdk A 1")]
    [DataRow("\u000C#:sdk A@1\n", "sdk A 1")]
    [DataRow("\u001A#:sdk A@1\n", "sdk A 1")]
    [DataRow("// a\n\uFEFF#:sdk A@1\n", "sdk A 1")]
    [DataRow("#:include x\n#:sdk A@1\n", "sdk A 1")]
    [DataRow("#:sdk A@1@2\n", "sdk A 1@2")]
    [DataRow("#:sdk A@1 // c\n", "sdk A 1 // c")]
    [DataRow("#:property A=1\n#:project ../x\n", "")]
    [DataRow("#:SDK A@1\n", "")]
    [DataRow("# :sdk A@1\n", "")]
    [DataRow("using System;\n#:sdk A@1\n", "")]
    [DataRow(";\n#:sdk A@1\n", "")]
    [DataRow("/* x\n#:sdk A@1\n", "")]
    [DataRow("\u180E#:sdk A@1\n", "")]
    [DataRow("", "")]
    // dotnet refuses these, or passes them over.
    [DataRow("#if X\n#:sdk A@1\n#endif\n", "sdk A 1")]
    [DataRow("/* x */ #:sdk A@1\n", "sdk A 1")]
    public void The_directives_before_the_first_token_are_told(string text, string expected) =>
        Assert.AreEqual(expected, string.Join(", ", ScriptText.References(new SourceText("f", text)).Select(r => $"{(r.Kind == InputKind.MSBuildSdk ? "sdk" : "package")} {r.Name} {r.Version}")));

    [TestMethod]
    [DataRow("#!/usr/bin/env dotnet", true)]
    [DataRow("#:property A=1", true)]
    [DataRow("// x\n#:sdk A", true)]
    [DataRow("#nullable enable\nclass A;", false)]
    [DataRow("System.Console.WriteLine();\n#:sdk A", false)]
    [DataRow(" #!/usr/bin/env dotnet", false)]
    public void A_script_is_known_by_its_beginning(string text, bool expected) => Assert.AreEqual(expected, ScriptText.IsScript(text));

    [TestMethod]
    public void Of_any_text_every_name_stands_where_it_is_said_to()
    {
        string[] tokens = ["#:", "#", "sdk", "package", " ", "\t", "\n", "\r\n", "A", "sd", "@", "1", "//", "/*", "*/", "#!", "\uFEFF", "\u2028", "\uD83D", ";"];
        Gen.OneOfConst(tokens).Array[0, 16].Select(string.Concat).Sample(text =>
        {
            foreach (var reference in ScriptText.References(new SourceText("f", text)))
            {
                Assert.AreEqual(reference.Raw, text[reference.Span.Start..reference.Span.End]);
                Assert.AreEqual(reference.Name, reference.Raw);
            }
        }, iter: 20_000);
    }
}
