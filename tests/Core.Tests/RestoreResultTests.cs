using System.Text;
using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class RestoreResultTests
{
    private const int Mutations = 20_000;
    private const int Seed = 20_260_102;

    private static readonly string[] Tokens =
    [
        "null", "true", "0", "\"\"", "[]", "{}", "\"a\"", "\"/\"", "\"..\"", "\"a/1.0\"", "\"\\ud800\"", "\"\\u0000\"", "\"package\"", "\"project\"", "[null]", "{\"a\":{}}",
        "1e999", "\"[1.0.0\"", "\"/a\\u0000b\"",
    ];

    [TestMethod]
    public void What_NuGet_writes_is_read()
    {
        var result = Read(RestoreSamples.Assets);

        Assert.AreEqual(("App", "/repo/src/App/App.csproj"), (result.ProjectName, result.ProjectPath));
        CollectionAssert.AreEqual(new[] { new RestoredPackage("Some.Tool", "1.2.3"), new("Other.Content", "2.0.0-RC.1") }, result.Packages.ToArray());
        CollectionAssert.AreEqual(new[] { new RestoredProject("Lib", "/repo/src/Lib/Lib.csproj") }, result.Projects.ToArray());
        CollectionAssert.AreEqual(new[] { "/repo/packages/", "/repo/fallback" }, result.PackageFolders.ToArray());
        CollectionAssert.AreEqual(new[] { "/repo/nuget.config" }, result.ConfigFiles.ToArray());
        var framework = result.Frameworks.Single();
        Assert.AreEqual("netstandard2.1", framework.Framework);
        CollectionAssert.AreEqual(new[] { "netstandard.library" }, framework.Implied.ToArray());
        CollectionAssert.AreEqual(new[] { new RestoredPackage("Microsoft.NETCore.App.Ref", "10.0.0"), new("Some.Data", "1.0.0") }, framework.Downloads.ToArray());
        Assert.AreEqual("other.content/2.0.0-rc.1", result.Packages[1].Key);
    }

    [TestMethod]
    public void What_an_older_NuGet_leaves_out_is_not_missed()
    {
        var result = Read(RestoreSamples.Assets.Replace("\"configFilePaths\"", "\"x\"", StringComparison.Ordinal).Replace("\"downloadDependencies\"", "\"y\"", StringComparison.Ordinal).Replace("\"framework\": \"netstandard2.1\",", "", StringComparison.Ordinal));

        Assert.IsEmpty(result.ConfigFiles);
        Assert.IsEmpty(result.Frameworks.Single().Downloads);
        Assert.AreEqual("netstandard2.1", result.Frameworks.Single().Framework);
    }

    [TestMethod]
    // Files outside the package: what is compiled against, what is run, what is copied and where to, analyzers
    [DataRow("lib/netstandard2.0/Some.Tool.dll", "../../evil/1.0/evil.dll")]
    [DataRow("lib/netstandard2.0/Some.Tool.dll", "lib/../../../../evil.dll")]
    [DataRow("lib/netstandard2.0/Some.Tool.dll", @"lib\\..\\..\\..\\..\\evil.dll")]
    [DataRow("lib/netstandard2.0/Some.Tool.dll", "/tmp/evil.dll")]
    [DataRow("lib/netstandard2.0/Some.Tool.dll", @"\\\\host\\share\\evil.dll")]
    [DataRow("lib/netstandard2.0/Some.Tool.dll", "C:/evil.dll")]
    [DataRow("runtimes/linux-x64/native/libsome.so", "../evil.so")]
    [DataRow("contentFiles/any/any/a.txt", "../evil.cs")]
    [DataRow("build/Some.Tool.targets", "../evil.targets")]
    [DataRow("sub/a.txt", "../../../.bashrc")]
    [DataRow("sub/a.txt", "/root/.bashrc")]
    [DataRow("\"locale\": \"de\"", "\"locale\": \"../..\"")]
    [DataRow("analyzers/dotnet/cs/A.dll", "analyzers/../../../../evil.dll")]
    [DataRow("analyzers/dotnet/cs/A.dll", @"analyzers\\..\\..\\..\\..\\evil.dll")]
    // A package that is taken from another folder than its own, or hides from those that count
    [DataRow("\"path\": \"some.tool/1.2.3\"", "\"path\": \"evil/1.0\"")]
    [DataRow("\"path\": \"some.tool/1.2.3\"", "\"path\": \"../some.tool/1.2.3\"")]
    [DataRow("\"path\": \"some.tool/1.2.3\"", "\"path\": \"Some.Tool/1.2.3\"")]
    [DataRow("\"path\": \"some.tool/1.2.3\"", "\"path\": null")]
    [DataRow("\"Other.Content/2.0.0-RC.1\": { \"type\": \"package\" }", "\"Evil/1.0.0\": { \"type\": \"package\", \"compile\": { \"lib/evil.dll\": {} } }")]
    [DataRow("\"Other.Content/2.0.0-RC.1\": { \"type\": \"package\" }", "\"Lib/1.0.0\": { \"type\": \"package\" }")]
    [DataRow("\"Other.Content/2.0.0-RC.1\": { \"type\": \"package\" }", "\"Other.Content/2.0.0-RC.1\": { }")]
    [DataRow("\"sha512\": \"\", \"type\": \"package\"", "\"type\": \"project\"")]
    [DataRow("\"sha512\": \"\", \"type\": \"package\"", "\"type\": \"Package\"")]
    [DataRow("\"type\": \"project\", \"path\"", "\"type\": \"unresolved\", \"path\"")]
    // The same name twice: which one counts depends on who reads
    [DataRow("\"version\": 4", "\"libraries\": {}")]
    [DataRow("\"sha512\": \"\", \"type\": \"package\"", "\"type\": \"project\", \"type\": \"package\"")]
    [DataRow("\"libraries\": {", "\"libraries\": { \"some.tool/1.2.3\": { \"type\": \"package\", \"path\": \"some.tool/1.2.3\" },")]
    // Paths that are none
    [DataRow("\"projectPath\": \"@ROOT@/src/App/App.csproj\"", "\"projectPath\": \"\"")]
    [DataRow("\"projectPath\": \"@ROOT@/src/App/App.csproj\"", "\"projectPath\": \"App.csproj\"")]
    [DataRow("\"projectPath\": \"@ROOT@/src/App/App.csproj\"", "\"projectPath\": \"/a\\u0000\"")]
    [DataRow("\"msbuildProject\": \"../Lib/Lib.csproj\"", "\"msbuildProject\": \"\\u0000\"")]
    [DataRow("\"@ROOT@/packages/\": {}", "\"\\u0000\": {}")]
    [DataRow("[ \"@ROOT@/nuget.config\" ]", "[ \"\\u0000\" ]")]
    // Other types and names
    [DataRow("\"libraries\": {", "\"libs\": {")]
    [DataRow("\"targets\": {", "\"target\": {")]
    [DataRow("\"packageFolders\"", "\"folders\"")]
    [DataRow("\"projectName\": \"App\"", "\"projectName\": 1")]
    [DataRow("\"projectName\": \"App\"", "\"projectName\": \"\\ud800\"")]
    [DataRow("\"Some.Tool/1.2.3\": {\n      \"sha512\"", "\"Some.Tool\": {\n      \"sha512\"")]
    [DataRow("\"Some.Tool/1.2.3\": {\n      \"sha512\"", "\"/1.2.3\": {\n      \"sha512\"")]
    public void What_NuGet_does_not_write_is_refused(string text, string instead)
    {
        Assert.Contains(text, RestoreSamples.Assets);
        Assert.ThrowsExactly<InvalidDataException>(() => Read(RestoreSamples.Assets.Replace(text, instead, StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Wherever_the_file_is_cut_off_it_is_refused()
    {
        for (var length = 0; length < RestoreSamples.Assets.Length; length += 7)
        {
            Assert.ThrowsExactly<InvalidDataException>(() => Read(RestoreSamples.Assets[..length]));
        }
    }

    [TestMethod]
    public void Whatever_the_file_the_outcome_is_a_result_or_invalid_data()
    {
        using var folder = new TemporaryFolder();
        var original = Encoding.UTF8.GetBytes(RestoreSamples.Assets.Replace("@ROOT@", "/repo", StringComparison.Ordinal));
        var random = new Random(Seed);
        var path = folder.At("a");
        var read = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var text = Mutated(original, random);
            File.WriteAllBytes(path, text);
            try
            {
                RestoreResult.Read(path);
                read++;
            }
            catch (InvalidDataException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"Input {i} of seed {Seed}, in base64 {Convert.ToBase64String(text)}: {e}");
            }
        }

        // The inputs are neither all noise nor all harmless.
        Assert.IsInRange(Mutations / 50, Mutations / 2, read);
    }

    private static byte[] Mutated(byte[] original, Random random)
    {
        var text = new List<byte>(original);
        for (var steps = 1 + random.Next(2); steps > 0; steps--)
        {
            var at = random.Next(text.Count);
            switch (random.Next(6))
            {
                case 0:
                    text[at] = (byte)random.Next(256);
                    break;
                case 1:
                    text.RemoveRange(at, Math.Min(text.Count - at, random.Next(40)));
                    break;
                case 2:
                    text.InsertRange(random.Next(text.Count), text.GetRange(at, Math.Min(text.Count - at, random.Next(80))));
                    break;
                default:
                    // One whole string becomes another value, so that the text around it still makes sense.
                    var start = text.IndexOf((byte)'"', at);
                    var end = start < 0 ? -1 : text.IndexOf((byte)'"', start + 1);
                    if (end > 0)
                    {
                        text.RemoveRange(start, end - start + 1);
                        text.InsertRange(start, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    }

                    break;
            }
        }

        return [.. text];
    }

    private static RestoreResult Read(string text)
    {
        using var folder = new TemporaryFolder();
        return RestoreResult.Read(folder.File("a", text.Replace("@ROOT@", "/repo", StringComparison.Ordinal)));
    }
}
